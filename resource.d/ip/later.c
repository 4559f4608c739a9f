/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * later.c - hb_lan_announce_later() of lan.h: the process that repeats an announcement.
 *
 * A single announcement may cross another one on the wire, or meet a switch that is still
 * learning; four more cost nothing.
 */
#define _GNU_SOURCE /* dup3, close_range */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>
#include <sys/prctl.h>

#include "resource.d/ip/lan.h"
#include "util/banned.h"

#define MS_PER_S 1000
#define NS_PER_MS 1000000L
#define LATE_MS 250             /* busy machines stall for a tenth of this, frozen ones for more */

static const int schedule_ms[] = { 10, 50, 200, 1000 };

/* Counts while the machine sleeps, too. */
static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / NS_PER_MS;
}

static bool
is_held(HbRtnl *rtnl, const HbLan *lan, int holder)
{
	HbRtnlEntry entries[HB_RTNL_ENTRIES_MAX];

	return hb_rtnl_find(rtnl, &lan->addr, holder, entries) > 0;
}

static void
drain(int fd)
{
	char event[4096];

	while (recv(fd, event, sizeof event, 0) >= 0 || errno == ENOBUFS)
		;
}

/* Waits until @due_ms; false when the address is gone, then or before. */
static bool
wait_held(HbRtnl *rtnl, const HbLan *lan, int holder, int watch, int64_t due_ms)
{
	struct pollfd poll_fd = { .fd = watch, .events = POLLIN };
	int64_t left_ms;

	while ((left_ms = due_ms - now_ms()) > 0) {
		if (poll(&poll_fd, 1, (int)left_ms) <= 0)
			continue;
		drain(watch);
		if (!is_held(rtnl, lan, holder))
			return false;
	}
	return is_held(rtnl, lan, holder);
}

static void
repeat(const HbLan *lan, int holder, int64_t start_ms)
{
	int watch = hb_rtnl_watch(lan->addr.family);
	HbRtnl rtnl;

	if (watch < 0 || hb_rtnl_init(&rtnl) < 0)
		return;
	for (size_t i = 0; i < sizeof schedule_ms / sizeof schedule_ms[0]; i++) {
		int64_t due_ms = start_ms + schedule_ms[i];

		if (!wait_held(&rtnl, lan, holder, watch, due_ms) || now_ms() > due_ms + LATE_MS)
			break;
		(void)hb_lan_announce(lan);
	}
	hb_rtnl_done(&rtnl);
	(void)close(watch);
}

/* Nobody may wait for us: not who reads our output, not who kills our process group. */
static void
detach(HbLan *lan)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setsid();
	if (null >= 0) {
		for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
			(void)dup2(null, fd);
	}
	if (lan->fd != STDERR_FILENO + 1)
		(void)dup3(lan->fd, STDERR_FILENO + 1, O_CLOEXEC);
	lan->fd = STDERR_FILENO + 1;
	(void)close_range((unsigned)lan->fd + 1, ~0U, 0);
	(void)prctl(PR_SET_NAME, "hb-ip-announce");
}

int
hb_lan_announce_later(const HbLan *lan, int holder)
{
	int64_t start_ms = now_ms();
	HbLan mine = *lan;
	pid_t pid;

	if (lan->fd < 0)
		return 0;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		detach(&mine);
		repeat(&mine, holder, start_ms);
		_exit(0);
	}
	return 0;
}
