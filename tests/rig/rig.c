/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rig.c - what the helpers of netrig have in common */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "rig.h"

volatile sig_atomic_t stop_flag;

_Noreturn void die(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	fputs("rigtool: ", stderr);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	if (errno)
		fprintf(stderr, ": %s", strerror(errno));
	fputc('\n', stderr);
	exit(1);
}

static void on_stop(int sig) { (void)sig; stop_flag = 1; }

void catch_stop(void)
{
	struct sigaction sa;
	memset(&sa, 0, sizeof sa);
	sa.sa_handler = on_stop;
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

int64_t now_ns(clockid_t c)
{
	struct timespec ts;
	clock_gettime(c, &ts);
	return (int64_t)ts.tv_sec * NSEC + ts.tv_nsec;
}

void go_realtime(int prio)
{
	struct sched_param sp;
	memset(&sp, 0, sizeof sp);
	sp.sched_priority = prio;
	if (sched_setscheduler(0, SCHED_FIFO, &sp) < 0)
		setpriority(PRIO_PROCESS, 0, -20);
	mlockall(MCL_CURRENT | MCL_FUTURE);
}


double ms(int64_t ns) { return (double)ns / 1e6; }

static char nodes[MAXNODE][48];
static int nnode;

int node_index(const char *name)
{
	int i;
	for (i = 0; i < nnode; i++)
		if (strcmp(nodes[i], name) == 0)
			return i;
	if (nnode == MAXNODE)
		return MAXNODE - 1;
	snprintf(nodes[nnode], sizeof nodes[0], "%s", name);
	return nnode++;
}

const char *node_name(int node) { return nodes[node]; }

void enter_net(const char *pid)
{
	char p[64];
	int fd;
	snprintf(p, sizeof p, "/proc/%s/ns/net", pid);
	fd = open(p, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		die("enter %s", p);
	close(fd);
}
