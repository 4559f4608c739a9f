/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_datagram.c - carries a conversation over UDP: the request is sent again each second until it is answered. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ldirectord/check/check_talk.h"
#include "util/banned.h"

#define AGAIN_MS  1000
#define READS_MAX 64

typedef struct {
	LdirWatch watch;        /* first */
	LdirTimer again;
	LdirTask *task;
	LdirAsk ask;
	LdirTalk *talk;
	char *server;
	int fd;
} Datagrams;

static void
datagrams_free(gpointer data)
{
	Datagrams *d = data;

	g_free(d->server);
	g_free(d);
}

static void
datagram_finish(LdirTask *task)
{
	Datagrams *d = task->state;

	ldir_timer_stop(&task->checker->timers, &d->again);
	g_clear_pointer(&d->talk, ldir_talk_free);
	ldir_watch_drop(task->checker, &d->watch);
	(void)close(d->fd);
	ldir_checker_bury(task->checker, d, datagrams_free);
	task->state = NULL;
}

static void datagram_think(LdirTask *task);

/* TRUE: the task has ended, or waits for no datagram any more. */
static gboolean
is_settled(Datagrams *d)
{
	if (d->talk->verdict == LDIR_TALK_GOING)
		return FALSE;
	if (d->talk->verdict == LDIR_TALK_SEARCHING) {
		ldir_timer_stop(&d->task->checker->timers, &d->again);
		ldir_watch_drop(d->task->checker, &d->watch);
		ldir_task_think(d->task, datagram_think);
		return TRUE;
	}
	ldir_task_end(d->task, d->talk->verdict == LDIR_TALK_GOOD, "%s", d->talk->why);
	return TRUE;
}

static void
datagram_think(LdirTask *task)
{
	Datagrams *d = task->state;

	ldir_talk_search(d->talk);
	(void)is_settled(d);
}

/* Refusals of what was sent before come back here, and with the next read. */
static void
send_request(Datagrams *d)
{
	if (send(d->fd, d->talk->out->data, d->talk->out->len, MSG_NOSIGNAL) < 0 && errno == ECONNREFUSED)
		ldir_talk_datagram(d->talk, NULL, 0);
}

static void
send_again(LdirTimer *timer, gint64 now_ms)
{
	Datagrams *d = (Datagrams *)(void *)((char *)timer - G_STRUCT_OFFSET(Datagrams, again));

	send_request(d);
	if (!is_settled(d))
		ldir_timer_set(&d->task->checker->timers, &d->again, now_ms + AGAIN_MS);
}

static void
ready(LdirWatch *watch, guint32 events, gint64 now_ms)
{
	Datagrams *d = (Datagrams *)watch;
	guint8 octets[65536];

	(void)events, (void)now_ms;
	for (guint i = 0; i < READS_MAX; i++) {
		ssize_t n = recv(d->fd, octets, sizeof octets, 0);

		if (n < 0 && errno == ECONNREFUSED)
			ldir_talk_datagram(d->talk, NULL, 0);
		else if (n < 0)
			return;
		else
			ldir_talk_datagram(d->talk, octets, (gsize)n);
		if (is_settled(d))
			return;
	}
}

static gboolean
datagram_begin(LdirTask *task, gint64 now_ms)
{
	LdirSockaddr addr;
	socklen_t len = ldir_sockaddr_make(&task->real->addr, task->real->check_port, &addr);
	int fd = socket(task->real->addr.family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	Datagrams *d;
	int error;

	if (fd < 0)
		return FALSE;
	d = g_new0(Datagrams, 1);
	d->watch.ready = ready;
	d->again.fire = send_again;
	d->task = task;
	d->fd = fd;
	d->server = ldir_address_text(&task->real->addr);
	ldir_ask_fill(&d->ask, task, d->server);
	d->talk = ldir_talk_new(ldir_talk_service(task->vs)->kind, &d->ask);
	task->state = d;
	/* connected: only who was asked can answer, and a closed port is heard of */
	error = connect(fd, &addr.base, len) == 0 && ldir_watch_add(task->checker, &d->watch, fd, EPOLLIN) ? 0 : errno;
	if (error != 0 && ldir_errno_is_ours(error)) {
		datagram_finish(task);
		return FALSE;
	}
	if (error != 0) {
		ldir_task_end(task, FALSE, "cannot ask: %s", g_strerror(error));
		return TRUE;
	}
	send_request(d);
	if (!is_settled(d))
		ldir_timer_set(&task->checker->timers, &d->again, now_ms + AGAIN_MS);
	return TRUE;
}

const LdirTaskOps ldir_check_datagram = { datagram_begin, NULL, datagram_finish, FALSE };
