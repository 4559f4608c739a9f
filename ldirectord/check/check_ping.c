/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_ping.c - an answer counts if it comes from the server, carries our secret, and the id and the nonce of
 * a check that waits. Up to checkcount= requests, each with checktimeout= for itself.
 */
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ldirectord/check/check_ping.h"
#include "ldirectord/check/icmp_echo.h"
#include "util/banned.h"

#define READS_MAX    512        /* of one event */
#define BUFFER_LEN   8388608    /* octets the kernel keeps for us: at the start all answer at once */
#define ICMP4_FILTER 1          /* ICMP_FILTER of linux/icmp.h */

typedef struct {
	LdirWatch watch;        /* first */
	LdirChecker *checker;
	int family;
	int fd;                 /* -1: not open */
	gboolean is_raw;
} Socket;

struct LdirPinger {
	Socket v4, v6;
	guint64 secret;
	guint16 ident, seq;
};

typedef struct {
	guint64 nonce;
	gint64 tries_left;
} Ping;

static guint64
random64(void)
{
	return (guint64)g_random_int() << 32 | g_random_int();
}

/* Only answers reach us. */
static void
filter(const Socket *sock)
{
	const guint32 but_replies = ~(1u << ICMP_ECHOREPLY);
	const int size = BUFFER_LEN;
	struct icmp6_filter filter6;

	if (setsockopt(sock->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
		(void)setsockopt(sock->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	if (!sock->is_raw)
		return;
	if (sock->family == AF_INET) {
		(void)setsockopt(sock->fd, SOL_RAW, ICMP4_FILTER, &but_replies, sizeof but_replies);
		return;
	}
	ICMP6_FILTER_SETBLOCKALL(&filter6);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter6);
	(void)setsockopt(sock->fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter6, sizeof filter6);
}

static gboolean
is_from(const LdirSockaddr *from, const LdirAddress *addr)
{
	if (from->base.sa_family != addr->family)
		return FALSE;
	return addr->family == AF_INET6 ? memcmp(&from->in6.sin6_addr, addr->bytes, 16) == 0
	                                : memcmp(&from->in.sin_addr, addr->bytes, 4) == 0;
}

static void
answer(Socket *sock, const guint8 *data, gsize len, const LdirSockaddr *from)
{
	LdirPinger *pinger = sock->checker->pinger;
	gboolean has_ip_header = sock->is_raw && sock->family == AF_INET;
	LdirEcho echo;
	LdirTask *task;
	const Ping *ping;

	if (!ldir_echo_read(data, len, sock->family, has_ip_header, sock->is_raw ? pinger->ident : -1, pinger->secret, &echo))
		return;
	task = g_hash_table_lookup(sock->checker->tasks, &echo.id);
	if (task == NULL || task->ops != &ldir_check_ping || task->state == NULL)
		return;
	ping = task->state;
	if (ping->nonce == echo.nonce && is_from(from, &task->real->addr))
		ldir_task_end(task, TRUE, "answered");
}

static void
ready(LdirWatch *watch, guint32 events, gint64 now_ms)
{
	Socket *sock = (Socket *)watch;

	(void)events, (void)now_ms;
	for (guint i = 0; i < READS_MAX; i++) {
		guint8 data[256];
		LdirSockaddr from;
		socklen_t from_len = sizeof from;
		ssize_t len = recvfrom(sock->fd, data, sizeof data, 0, &from.base, &from_len);

		if (len < 0 && errno == EAGAIN)
			return;
		if (len > 0)
			answer(sock, data, (gsize)len, &from);
	}
}

/* 0, or an errno. Raw, or where that is not allowed the kind that everybody may have. */
static int
socket_open(Socket *sock)
{
	int protocol = sock->family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;

	if (sock->fd >= 0)
		return 0;
	sock->fd = socket(sock->family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	sock->is_raw = sock->fd >= 0;
	if (sock->fd < 0 && (errno == EPERM || errno == EACCES))
		sock->fd = socket(sock->family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	if (sock->fd < 0)
		return errno;
	filter(sock);
	if (ldir_watch_add(sock->checker, &sock->watch, sock->fd, EPOLLIN))
		return 0;
	(void)close(sock->fd);
	sock->fd = -1;
	return errno;
}

static LdirPinger *
pinger_of(LdirChecker *checker)
{
	LdirPinger *pinger = checker->pinger;

	if (pinger != NULL)
		return pinger;
	checker->pinger = pinger = g_new0(LdirPinger, 1);
	pinger->v4 = (Socket){ { ready, 0 }, checker, AF_INET, -1, FALSE };
	pinger->v6 = (Socket){ { ready, 0 }, checker, AF_INET6, -1, FALSE };
	pinger->secret = random64();
	pinger->ident = (guint16)g_random_int();
	return pinger;
}

void
ldir_pinger_free(LdirPinger *pinger)
{
	if (pinger == NULL)
		return;
	if (pinger->v4.fd >= 0)
		(void)close(pinger->v4.fd);
	if (pinger->v6.fd >= 0)
		(void)close(pinger->v6.fd);
	g_free(pinger);
}

/* 0, or an errno. */
static int
send_echo(LdirTask *task)
{
	LdirPinger *pinger = pinger_of(task->checker);
	const Ping *ping = task->state;
	int family = task->real->addr.family;
	Socket *sock = family == AF_INET6 ? &pinger->v6 : &pinger->v4;
	const LdirEcho echo = { pinger->secret, task->id, ping->nonce };
	guint8 data[LDIR_ECHO_LEN];
	LdirSockaddr to;
	socklen_t to_len = ldir_sockaddr_make(&task->real->addr, 0, &to);
	int error = socket_open(sock);

	if (error != 0)
		return error;
	ldir_echo_write(data, family, pinger->ident, pinger->seq++, &echo);
	return sendto(sock->fd, data, sizeof data, 0, &to.base, to_len) < 0 ? errno : 0;
}

static void
ping_finish(LdirTask *task)
{
	g_clear_pointer(&task->state, g_free);
}

static gboolean
ping_begin(LdirTask *task, gint64 now_ms)
{
	Ping *ping = g_new(Ping, 1);
	int error;

	(void)now_ms;
	*ping = (Ping){ random64(), ldir_virtual_checkcount(task->config, task->vs) - 1 };
	task->state = ping;
	error = send_echo(task);
	if (error == 0)
		return TRUE;
	if (ldir_errno_is_ours(error)) {
		ping_finish(task);
		return FALSE;
	}
	ldir_task_end(task, FALSE, "cannot ping: %s", g_strerror(error));
	return TRUE;
}

static void
ping_late(LdirTask *task, gint64 now_ms)
{
	Ping *ping = task->state;
	int error;

	if (ping->tries_left <= 0) {
		ldir_task_end(task, FALSE, "no answer to ping");
		return;
	}
	ping->tries_left--;
	error = send_echo(task);        /* what fails just now may not in the next try */
	if (error != 0 && !ldir_errno_is_ours(error)) {
		ldir_task_end(task, FALSE, "cannot ping: %s", g_strerror(error));
		return;
	}
	task->deadline_ms = now_ms + task->limit_ms;
	ldir_timer_set(&task->checker->timers, &task->timer, task->deadline_ms);
}

const LdirTaskOps ldir_check_ping = { ping_begin, ping_late, ping_finish, FALSE };
