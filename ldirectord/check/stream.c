/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ldirectord/check/stream.h"
#include "util/banned.h"

int
ldir_stream_open(LdirStream *stream, LdirChecker *checker, const LdirAddress *addr, guint16 port, LdirTlsSession *tls)
{
	LdirSockaddr where;
	socklen_t len = ldir_sockaddr_make(addr, port, &where);
	int error;

	g_assert(stream->stage == LDIR_STREAM_CLOSED);
	stream->tls = tls;
	stream->is_polite = FALSE;
	stream->fd = socket(addr->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (stream->fd < 0) {
		error = errno;
		g_clear_pointer(&stream->tls, ldir_tls_session_free);
		return error;
	}
	stream->stage = LDIR_STREAM_CONNECTING;
	stream->checker = checker;
	error = connect(stream->fd, &where.base, len) == 0 ? EINPROGRESS : errno;
	if (error == EINPROGRESS &&
	    ldir_watch_add(checker, &stream->watch, stream->fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET))
		return 0;
	if (error == EINPROGRESS)
		error = errno;
	ldir_stream_close(stream);
	return error;
}

void
ldir_stream_close(LdirStream *stream)
{
	const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	g_clear_pointer(&stream->tls, ldir_tls_session_free);
	g_clear_pointer(&stream->why, g_free);
	if (stream->stage == LDIR_STREAM_CLOSED)
		return;
	if (!stream->is_polite)
		(void)setsockopt(stream->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	ldir_watch_drop(stream->checker, &stream->watch);
	(void)close(stream->fd);
	stream->stage = LDIR_STREAM_CLOSED;
}

static int
failed(LdirStream *stream, const char *text)
{
	g_free(stream->why);
	stream->why = g_strdup(text);
	return LDIR_STREAM_FAILED;
}

static int
settle_connect(LdirStream *stream)
{
	int error = 0;
	socklen_t len = sizeof error;

	if (getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (error != 0)
		return failed(stream, g_strerror(error));
	stream->stage = stream->tls != NULL ? LDIR_STREAM_HANDSHAKE : LDIR_STREAM_OPEN;
	if (stream->tls != NULL)
		ldir_tls_session_attach(stream->tls, stream->fd);
	return 1;
}

int
ldir_stream_settle(LdirStream *stream)
{
	int result = 1;

	if (stream->stage == LDIR_STREAM_CONNECTING)
		result = settle_connect(stream);
	if (stream->stage == LDIR_STREAM_HANDSHAKE) {
		result = ldir_tls_session_handshake(stream->tls, &stream->why);
		if (result == 1)
			stream->stage = LDIR_STREAM_OPEN;
	}
	return result;
}

void
ldir_stream_secure(LdirStream *stream, LdirTlsSession *tls)
{
	g_assert(stream->stage == LDIR_STREAM_OPEN && stream->tls == NULL);
	stream->tls = tls;
	ldir_tls_session_attach(tls, stream->fd);
	stream->stage = LDIR_STREAM_HANDSHAKE;
}

gssize
ldir_stream_read(LdirStream *stream, void *data, gsize len)
{
	gssize n;

	if (stream->tls != NULL)
		return ldir_tls_session_read(stream->tls, data, len, &stream->why);
	do
		n = recv(stream->fd, data, len, 0);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return n;
	return errno == EAGAIN ? LDIR_STREAM_AGAIN : failed(stream, g_strerror(errno));
}

gssize
ldir_stream_write(LdirStream *stream, const void *data, gsize len)
{
	gssize n;

	if (stream->tls != NULL)
		return ldir_tls_session_write(stream->tls, data, len, &stream->why);
	do
		n = send(stream->fd, data, len, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return n;
	return errno == EAGAIN ? LDIR_STREAM_AGAIN : failed(stream, g_strerror(errno));
}

void
ldir_stream_half_close(LdirStream *stream)
{
	if (stream->tls == NULL)
		(void)shutdown(stream->fd, SHUT_WR);
}
