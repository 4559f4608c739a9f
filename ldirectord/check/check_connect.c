/* SPDX-License-Identifier: GPL-2.0-or-later */
/* checktype=connect: the port takes a connection, which is then thrown away. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ldirectord/check/checker_parts.h"
#include "util/banned.h"

typedef struct {
	LdirWatch watch;        /* first */
	LdirTask *task;
	int fd;
	gboolean is_open;       /* and not ended by the server either */
} Connect;

/* An open connection by a reset: thousands of checks a second would leave as many ports waiting for a minute. */
static void
connect_finish(LdirTask *task)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
	Connect *state = task->state;

	if (state->is_open)
		(void)setsockopt(state->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	ldir_watch_drop(task->checker, &state->watch);
	(void)close(state->fd);
	ldir_checker_bury(task->checker, state, g_free);
	task->state = NULL;
}

/* A port that nobody listens on, among those given out to connections, can be our own: TCP lets two
 * calls meet, and one call meets itself. */
static gboolean
is_itself(const LdirTask *task)
{
	const Connect *state = task->state;
	LdirSockaddr own;
	socklen_t len = sizeof own;

	if (task->real->check_port < IPPORT_RESERVED || getsockname(state->fd, &own.base, &len) < 0)
		return FALSE;
	return task->real->check_port == ntohs(own.base.sa_family == AF_INET6 ? own.in6.sin6_port : own.in.sin_port);
}

static void
judge(LdirTask *task, int error)
{
	g_autofree char *place = NULL;

	/* it was taken, and the server has ended it since; a refusal is another error */
	if (error == ECONNRESET || error == EPIPE)
		error = 0;
	if (error == 0 && is_itself(task))
		error = ECONNREFUSED;
	if (error == 0) {
		ldir_task_end(task, TRUE, "connected");
		return;
	}
	place = ldir_place_text(&task->real->addr, task->real->check_port);
	ldir_task_end(task, FALSE, "cannot connect to %s: %s", place, g_strerror(error));
}

static void
ready(LdirWatch *watch, guint32 events, gint64 now_ms)
{
	Connect *state = (Connect *)watch;
	int error = 0;
	socklen_t len = sizeof error;

	(void)now_ms;
	/* only an error makes these; else the answer is in the event itself */
	if ((events & (EPOLLERR | EPOLLHUP)) != 0 && getsockopt(state->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	state->is_open = (events & (EPOLLERR | EPOLLHUP)) == 0;
	judge(state->task, error);
}

static gboolean
connect_begin(LdirTask *task, gint64 now_ms)
{
	LdirSockaddr addr;
	socklen_t len = ldir_sockaddr_make(&task->real->addr, task->real->check_port, &addr);
	int fd = socket(task->real->addr.family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	Connect *state;
	int error;

	(void)now_ms;
	if (fd < 0)
		return FALSE;
	state = g_new(Connect, 1);
	*state = (Connect){ .watch.ready = ready, .task = task, .fd = fd };
	task->state = state;
	error = connect(fd, &addr.base, len) == 0 ? 0 : errno;
	if (error == EINPROGRESS && ldir_watch_add(task->checker, &state->watch, fd, EPOLLOUT))
		return TRUE;
	if (error == EINPROGRESS || ldir_errno_is_ours(error)) {
		connect_finish(task);
		return FALSE;
	}
	state->is_open = error == 0;
	judge(task, error);
	return TRUE;
}

const LdirTaskOps ldir_check_connect = { connect_begin, NULL, connect_finish, FALSE };
