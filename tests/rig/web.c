/* SPDX-License-Identifier: GPL-2.0-or-later */
/* web.c - fetches a page again and again, tells who answers and each gap */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rig.h"

#define MAXFETCH 256

struct fetch {
	int fd;                 /* -1: free */
	int64_t started;
	size_t len;
	char text[4096];
};

/* The node that a page names: "node" and a number, after the header. -1: none. */
static int page_node(char *text)
{
	char *p = strstr(text, "\r\n\r\n"), name[16];

	for (p = p ? p : text; (p = strstr(p, "node")) != NULL; p += 4)
		if (p[4] >= '1' && p[4] <= '9') {
			snprintf(name, sizeof name, "node%d", atoi(p + 4));
			return node_index(name);
		}
	return -1;
}

static void fetch_start(struct fetch *f, const struct sockaddr_in *to)
{
	struct linger off = { 1, 0 };

	f->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (f->fd < 0)
		return;
	setsockopt(f->fd, SOL_SOCKET, SO_LINGER, &off, sizeof off);
	f->started = now_ns(CLOCK_MONOTONIC);
	f->len = 0;
	if (connect(f->fd, (const struct sockaddr *)to, sizeof *to) < 0 && errno != EINPROGRESS) {
		close(f->fd);
		f->fd = -1;
	}
}

/* One turn of a fetch: 1 the page is complete, 0 not yet, -1 it failed. */
static int fetch_turn(struct fetch *f, short events)
{
	static const char ask[] = "GET / HTTP/1.0\r\n\r\n";
	ssize_t n;

	if (f->len == 0 && events & POLLOUT) {
		if (send(f->fd, ask, sizeof ask - 1, MSG_NOSIGNAL) < 0)
			return -1;
		f->len = 1;
		f->text[0] = ' ';
	}
	if (!(events & (POLLIN | POLLHUP | POLLERR)))
		return 0;
	n = recv(f->fd, f->text + f->len, sizeof f->text - 1 - f->len, 0);
	if (n < 0)
		return errno == EAGAIN ? 0 : -1;
	f->len += (size_t)n;
	f->text[f->len] = 0;
	return n == 0 ? 1 : 0;
}

/*
 * Fetches a page again and again, many at a time, each given up after a limit. Says at once, a line
 * each: "TIME NODE GAP_MS BEFORE" for the first page, each change of node and each gap.
 */
int do_web(int argc, char **argv)
{
	int64_t every = 2000000, limit = 300000000, min_gap = 50000000, next, last = 0, end = INT64_MAX;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(80) };
	static struct fetch fetch[MAXFETCH];
	static struct pollfd pfd[MAXFETCH];
	int i, before = -1;

	for (i = 4; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--interval-ms")) every = (int64_t)(atof(argv[i + 1]) * 1e6);
		else if (!strcmp(argv[i], "--min-gap-ms")) min_gap = (int64_t)(atof(argv[i + 1]) * 1e6);
		else if (!strcmp(argv[i], "--time")) end = now_ns(CLOCK_MONOTONIC) + (int64_t)(atof(argv[i + 1]) * 1e9);
		else die("unknown option %s", argv[i]);
	}
	if (inet_pton(AF_INET, argv[2], &to.sin_addr) != 1)
		die("bad address %s", argv[2]);
	to.sin_port = htons((uint16_t)atoi(argv[3]));
	for (i = 0; i < MAXFETCH; i++)
		fetch[i].fd = -1;
	catch_stop();
	enter_net(argv[1]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	next = now_ns(CLOCK_MONOTONIC);
	while (!stop_flag) {
		int64_t t = now_ns(CLOCK_MONOTONIC), wait;

		if (t >= end)
			break;
		if (t >= next) {
			for (i = 0; i < MAXFETCH && fetch[i].fd >= 0; i++)
				;
			if (i < MAXFETCH)
				fetch_start(&fetch[i], &to);
			next = t + every;
		}
		for (i = 0; i < MAXFETCH; i++) {
			pfd[i].fd = fetch[i].fd;
			pfd[i].events = fetch[i].len ? POLLIN : POLLOUT;
		}
		wait = (next - now_ns(CLOCK_MONOTONIC)) / 1000000;
		if (poll(pfd, MAXFETCH, wait < 0 ? 0 : wait > 100 ? 100 : (int)wait) < 0 && errno != EINTR)
			die("poll");
		t = now_ns(CLOCK_MONOTONIC);
		for (i = 0; i < MAXFETCH; i++) {
			int done, node;

			if (fetch[i].fd < 0)
				continue;
			done = fetch_turn(&fetch[i], pfd[i].revents);
			if (done == 0 && t - fetch[i].started < limit)
				continue;
			close(fetch[i].fd);
			fetch[i].fd = -1;
			if (done != 1 || (node = page_node(fetch[i].text)) < 0)
				continue;
			if (node != before || (last && t - last >= min_gap)) {
				int64_t real = now_ns(CLOCK_REALTIME);

				printf("%lld.%06lld %s %.1f %s\n", (long long)(real / NSEC), (long long)(real % NSEC / 1000),
				       node_name(node), last ? ms(t - last) : 0.0, before < 0 ? "-" : node_name(before));
			}
			before = node;
			last = t;
		}
	}
	return 0;
}
