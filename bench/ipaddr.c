/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipaddr.c - what a start, status and stop of a service address cost, beside the same done by ip(8): from fork to
 * the end of the child, and its processor time. As root, in a network of its own.
 *
 *   ipaddr HB-IP [ROUNDS]
 */
#define _GNU_SOURCE     /* unshare(), wait4() */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "util/banned.h"

#define ROUNDS_USUAL 200
#define WORDS_MAX    10
#define US_PER_MS    1000.0
#define US_PER_S     1000000.0
#define ADDRESS      "192.0.2.10/24"

typedef struct {
	const char *text;
	const char *words[WORDS_MAX];   /* the first NULL stands for hb-ip */
	gboolean probed;                /* as the daemon calls it, which has asked the network while it decided */
	int beside;                     /* the row of ip(8) to compare with, -1: none */
} Row;

enum { IP_ADD, IP_SHOW, IP_DEL };

/* In the order of a round: each adds what is not there, and takes away what is. */
static const Row rows[] = {
	[IP_ADD] = { "ip addr add", { "ip", "addr", "add", ADDRESS, "brd", "+", "dev", "eth0" }, FALSE, -1 },
	[IP_SHOW] = { "ip addr show", { "ip", "addr", "show", "dev", "eth0" }, FALSE, -1 },
	[IP_DEL] = { "ip addr del", { "ip", "addr", "del", ADDRESS, "dev", "eth0" }, FALSE, -1 },
	{ "start by the daemon", { NULL, ADDRESS "/eth0", "start" }, TRUE, IP_ADD },
	{ "status", { NULL, ADDRESS "/eth0", "status" }, TRUE, IP_SHOW },
	{ "stop", { NULL, ADDRESS "/eth0", "stop" }, TRUE, IP_DEL },
	{ "start by hand (asks the network)", { NULL, ADDRESS "/eth0", "start" }, FALSE, IP_ADD },
	{ "stop by hand", { NULL, ADDRESS "/eth0", "stop" }, FALSE, IP_DEL },
};

typedef struct {
	double *wall_ms;
	double *cpu_ms;
} Times;

static double
cpu_ms_of(const struct rusage *used)
{
	return (double)(used->ru_utime.tv_sec + used->ru_stime.tv_sec) * US_PER_S / US_PER_MS +
	       (double)(used->ru_utime.tv_usec + used->ru_stime.tv_usec) / US_PER_MS;
}

static void G_GNUC_NORETURN
child(const char *const *words, gboolean probed)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd <= 2; fd++)
		(void)dup2(null, fd);
	if (probed)
		(void)setenv("HA_hb4_probed", "1", 1);
	(void)execvp(words[0], (char *const *)words);
	_exit(127);
}

static void
measure(const char *const *words, gboolean probed, double *ret_wall_ms, double *ret_cpu_ms)
{
	gint64 start_us = g_get_monotonic_time();
	pid_t pid = fork();
	struct rusage used;
	int status = 0;

	if (pid == 0)
		child(words, probed);
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid || status != 0)
		g_error("%s %s: status %#x", words[0], words[1], (unsigned)status);
	*ret_wall_ms = (double)(g_get_monotonic_time() - start_us) / US_PER_MS;
	*ret_cpu_ms = cpu_ms_of(&used);
}

static void
make_network(void)
{
	static const char *const steps[][WORDS_MAX] = {
		{ "ip", "link", "set", "lo", "up" },
		{ "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "far0" },
		{ "ip", "link", "set", "far0", "up" },
		{ "ip", "link", "set", "eth0", "up" },
		{ "ip", "addr", "add", "192.0.2.1/24", "brd", "+", "dev", "eth0" },
	};
	double ignored;

	if (unshare(CLONE_NEWNET) < 0)
		g_error("a network of its own needs root");
	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
		measure(steps[i], FALSE, &ignored, &ignored);
}

static int
by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

int
main(int argc, char **argv)
{
	int rounds = argc > 2 ? (int)g_ascii_strtoll(argv[2], NULL, 10) : ROUNDS_USUAL;
	Times times[G_N_ELEMENTS(rows)];

	if (argc < 2 || rounds < 1) {
		fprintf(stderr, "usage: ipaddr HB-IP [ROUNDS]\n");
		return 2;
	}
	make_network();
	for (gsize row = 0; row < G_N_ELEMENTS(rows); row++)
		times[row] = (Times){ g_new0(double, rounds), g_new0(double, rounds) };
	for (int round = 0; round < rounds; round++)
		for (gsize row = 0; row < G_N_ELEMENTS(rows); row++) {
			const char *words[WORDS_MAX + 1] = { NULL };

			memcpy(words, rows[row].words, sizeof rows[row].words);
			if (words[0] == NULL)
				words[0] = argv[1];
			measure(words, rows[row].probed, &times[row].wall_ms[round], &times[row].cpu_ms[round]);
		}
	printf("%d rounds, milliseconds from fork to end\n%-34s %7s %7s %7s  %s\n", rounds, "", "median", "max", "cpu",
	       "median and cpu beside ip(8)");
	for (gsize row = 0; row < G_N_ELEMENTS(rows); row++) {
		const Times *t = &times[row];

		qsort(t->wall_ms, (size_t)rounds, sizeof *t->wall_ms, by_size);
		qsort(t->cpu_ms, (size_t)rounds, sizeof *t->cpu_ms, by_size);
		printf("%-34s %7.2f %7.2f %7.2f", rows[row].text, t->wall_ms[rounds / 2], t->wall_ms[rounds - 1],
		       t->cpu_ms[rounds / 2]);
		if (rows[row].beside >= 0) {
			const Times *ip = &times[rows[row].beside];

			printf("  %5.2f x %5.2f x", t->wall_ms[rounds / 2] / ip->wall_ms[rounds / 2],
			       t->cpu_ms[rounds / 2] / ip->cpu_ms[rounds / 2]);
		}
		printf("\n");
	}
	return 0;
}
