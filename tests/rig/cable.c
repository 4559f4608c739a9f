/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cable.c - a null modem cable between two pseudo terminals, as slow and as bad as one likes.
 *
 * CONTROL is a FIFO that is read line by line; END is 0 or 1, the end whose octets are meant, without it both:
 *   cut [END]              what is sent there gets lost
 *   stall [END]            the other side takes nothing (no CTS): writing there would block
 *   noise PERMILLE [END]   so many octets of a thousand arrive as something else
 *   garbage N [END]        N octets that nobody sent come before the next ones
 *   heal                   none of these any more
 *   unplug                 both terminals are gone
 *   replug END PTMX LINK   a new terminal there, for a machine that started anew; the other end notices nothing
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "rig.h"

#define BITS_PER_OCTET 10
#define BUDGET_MS      500      /* what may pass at once: on a busy machine we are late, and must not be a slower line */
#define MS_PER_S       1000

struct end {
	int fd;                 /* of the pty */
	int keep;               /* its terminal, kept open so that a close there is no hang-up */
	char link[256];         /* where the terminal is found */
	double budget;          /* octets sent at this end that may pass now */
	int is_cut;
	int permille;           /* of noise */
	int garbage;            /* octets to be made up */
};

static struct end ends[2];
static double per_s;            /* octets */

static void
make_raw(int fd)
{
	struct termios tio;

	if (tcgetattr(fd, &tio) < 0)
		return;
	cfmakeraw(&tio);
	tcsetattr(fd, TCSANOW, &tio);
}

static void
open_end(struct end *end, const char *ptmx, const char *link)
{
	int zero = 0, n = -1;
	const char *slash = strrchr(ptmx, '/');
	char path[512];

	end->fd = open(ptmx, O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (!slash || end->fd < 0 || ioctl(end->fd, TIOCSPTLCK, &zero) < 0 || ioctl(end->fd, TIOCGPTN, &n) < 0)
		die("%s", ptmx);
	make_raw(end->fd);
	snprintf(path, sizeof path, "%.*s/%d", (int)(slash - ptmx), ptmx, n);
	end->keep = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
	if (end->keep < 0)
		die("%s", path);
	make_raw(end->keep);
	snprintf(end->link, sizeof end->link, "%s", link);
	snprintf(path, sizeof path, "pts/%d", n);
	unlink(link);
	if (symlink(path, link) < 0)
		die("%s", link);
}

static void
set(struct end *end, const char *what, int n)
{
	int heal = !strcmp(what, "heal");

	if (heal || !strcmp(what, "cut"))
		end->is_cut = !heal;
	if (heal || !strcmp(what, "stall"))
		tcflow(end->keep, heal ? TCOON : TCOOFF);
	if (heal || !strcmp(what, "noise"))
		end->permille = n;
	if (!strcmp(what, "garbage"))
		end->garbage += n;
	if (!strcmp(what, "unplug"))
		stop_flag = 1;
}

static void
replug(struct end *end, const char *ptmx, const char *link)
{
	close(end->keep);
	close(end->fd);
	open_end(end, ptmx, link);
}

static void
obey(char *line)
{
	char what[16] = "", ptmx[256], link[256];
	int n = 0, which = -1;

	if (sscanf(line, "replug %d %255s %255s", &which, ptmx, link) == 3) {
		replug(&ends[which == 1], ptmx, link);
		return;
	}
	if (sscanf(line, "noise %d %d", &n, &which) >= 1 || sscanf(line, "garbage %d %d", &n, &which) >= 1)
		sscanf(line, "%15s", what);
	else
		sscanf(line, "%15s %d", what, &which);
	for (int i = 0; i < 2; i++)
		if (which < 0 || which == i)
			set(&ends[i], what, n);
}

static void
read_control(int fd)
{
	char text[512], *rest, *line;
	ssize_t len = read(fd, text, sizeof text - 1);

	if (len <= 0)
		return;
	text[len] = 0;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		obey(line);
}

static void
make_up(struct end *from, int to)
{
	char octets[256];
	int n = from->garbage < (int)sizeof octets ? from->garbage : (int)sizeof octets;

	for (int i = 0; i < n; i++)
		octets[i] = (char)random();
	if (n > 0 && write(to, octets, (size_t)n) < 0)
		errno = 0;
	from->garbage -= n;
}

static void
pass_on(struct end *from, int to)
{
	char octets[4096];
	size_t want = from->budget < sizeof octets ? (size_t)from->budget : sizeof octets;
	ssize_t n = want ? read(from->fd, octets, want) : 0;

	if (n <= 0)
		return;
	from->budget -= (double)n;
	for (ssize_t i = 0; i < n; i++)
		if (from->permille > random() % 1000)
			octets[i] = (char)random();
	make_up(from, to);
	/* a real line drops what nobody takes */
	if (!from->is_cut && write(to, octets, (size_t)n) < 0)
		errno = 0;
}

static void
refill(int64_t passed_ns)
{
	double most = per_s * BUDGET_MS / MS_PER_S + 16;

	for (int i = 0; i < 2; i++) {
		ends[i].budget += per_s * (double)passed_ns / NSEC;
		if (ends[i].budget > most)
			ends[i].budget = most;
	}
}

int
do_pump(int argc, char **argv)
{
	int control = open(argv[0], O_RDWR | O_NONBLOCK);
	int baud = argc > 5 ? atoi(argv[5]) : 0;
	int64_t last;

	if (control < 0)
		die("%s", argv[0]);
	catch_stop();
	go_realtime(40);
	per_s = baud > 0 ? (double)baud / BITS_PER_OCTET : 1e9;
	for (int i = 0; i < 2; i++)
		open_end(&ends[i], argv[1 + 2 * i], argv[2 + 2 * i]);
	last = now_ns(CLOCK_MONOTONIC);
	while (!stop_flag) {
		struct pollfd p[3] = { { control, POLLIN, 0 } };
		int is_slow = 0;
		int64_t t;

		for (int i = 0; i < 2; i++) {
			int may = ends[i].budget >= 1;

			p[1 + i] = (struct pollfd){ may ? ends[i].fd : -1, POLLIN, 0 };
			is_slow |= !may;
		}
		if (poll(p, 3, is_slow ? 5 : 1000) < 0)
			continue;
		t = now_ns(CLOCK_MONOTONIC);
		refill(t - last);
		last = t;
		if (p[0].revents & POLLIN)
			read_control(control);
		for (int i = 0; i < 2; i++)
			if (p[1 + i].revents & POLLIN)
				pass_on(&ends[i], ends[!i].fd);
	}
	for (int i = 0; i < 2; i++)
		unlink(ends[i].link);
	return 0;
}
