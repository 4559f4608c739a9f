/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_connect.c - checktype=connect: the port takes a connection, which is then thrown away.
 *
 * By a reset: thousands of checks a second would leave as many ports waiting for a minute. connect() to nowhere does that, and
 * leaves a socket as good as new; with what it takes to make one, watch it and close it a check would cost half as much again.
 * The server's answer is the verdict, so our acknowledgement of it is put off and the reset comes in its place: the program at
 * the other end has no connection to accept, close and complain of, and a check costs a third less.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ldirectord/check/check_connect.h"
#include "util/banned.h"

typedef struct {
	LdirWatch watch;        /* first */
	LdirTask *task;         /* NULL: it is spare */
	int fd;
	gboolean is_open;       /* and not ended by the server either */
} Connect;

struct LdirSpareSockets {
	GPtrArray *of_four, *of_six;    /* Connect */
};

static void
connect_free(gpointer data)
{
	Connect *state = data;

	(void)close(state->fd);
	g_free(state);
}

static GPtrArray *
spare_of(LdirChecker *checker, int family)
{
	LdirSpareSockets *spare = checker->spare_sockets;

	if (spare == NULL) {
		spare = checker->spare_sockets = g_new(LdirSpareSockets, 1);
		spare->of_four = g_ptr_array_new_with_free_func(connect_free);
		spare->of_six = g_ptr_array_new_with_free_func(connect_free);
	}
	return family == AF_INET6 ? spare->of_six : spare->of_four;
}

void
ldir_spare_sockets_free(LdirSpareSockets *spare)
{
	if (spare == NULL)
		return;
	g_ptr_array_unref(spare->of_four);
	g_ptr_array_unref(spare->of_six);
	g_free(spare);
}

static gboolean
disconnect(const Connect *state)
{
	const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };

	return connect(state->fd, &nowhere, sizeof nowhere) == 0;
}

/* Only what was open for sure is used again. */
static void
connect_finish(LdirTask *task)
{
	Connect *state = task->state;
	GPtrArray *spare = spare_of(task->checker, task->real->addr.family);

	task->state = NULL;
	state->task = NULL;
	if (state->is_open && disconnect(state) && state->watch.place != 0 && spare->len < LDIR_SPARE_SOCKETS_MAX) {
		g_ptr_array_add(spare, state);
		return;
	}
	ldir_watch_drop(task->checker, &state->watch);
	(void)close(state->fd);
	ldir_checker_bury(task->checker, state, g_free);
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

/* (tcp(7), TCP_QUICKACK) For this connection only; where it cannot be had the check is as good without. */
static void
put_off_acknowledgement(const Connect *state)
{
	const int quick = 0;

	(void)setsockopt(state->fd, IPPROTO_TCP, TCP_QUICKACK, &quick, sizeof quick);
}

static Connect *
take_socket(LdirChecker *checker, int family)
{
	GPtrArray *spare = spare_of(checker, family);
	Connect *state;
	int fd;

	if (spare->len > 0)
		return g_ptr_array_steal_index_fast(spare, spare->len - 1);
	fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return NULL;
	state = g_new(Connect, 1);
	*state = (Connect){ .watch.ready = ready, .fd = fd };
	return state;
}

static gboolean
connect_begin(LdirTask *task, gint64 now_ms)
{
	LdirSockaddr addr;
	socklen_t len = ldir_sockaddr_make(&task->real->addr, task->real->check_port, &addr);
	Connect *state = take_socket(task->checker, task->real->addr.family);
	int error;

	(void)now_ms;
	if (state == NULL)
		return FALSE;
	state->task = task;
	state->is_open = FALSE;
	task->state = state;
	put_off_acknowledgement(state);
	error = connect(state->fd, &addr.base, len) == 0 ? 0 : errno;
	if (error == EINPROGRESS && ldir_watch_once(task->checker, &state->watch, state->fd, EPOLLOUT))
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
