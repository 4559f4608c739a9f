/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stream.h - a connection to a server, with or without TLS, that never waits.
 *
 * Watched edge-triggered: after each call of .ready all that can be read or written has to be done, until
 * the functions say LDIR_STREAM_AGAIN.
 */
#ifndef LDIR_STREAM_H
#define LDIR_STREAM_H

#include "ldirectord/check/checker_parts.h"
#include "ldirectord/check/tls.h"

#define LDIR_STREAM_AGAIN  (-1)
#define LDIR_STREAM_FAILED (-2) /* .why tells */

typedef enum { LDIR_STREAM_CLOSED, LDIR_STREAM_CONNECTING, LDIR_STREAM_HANDSHAKE, LDIR_STREAM_OPEN } LdirStreamStage;

typedef struct {
	LdirWatch watch;        /* first; .ready is set by the owner */
	LdirChecker *checker;   /* unless it is closed */
	LdirStreamStage stage;
	int fd;
	LdirTlsSession *tls;    /* NULL: none */
	char *why;              /* what went wrong; of the last failure */
	gboolean is_polite;     /* closed as the protocol wants it, not by RST */
} LdirStream;

/* Begins to connect @stream, which is closed. @tls: taken (transfer full), or NULL. 0, or an errno: it is closed. */
int ldir_stream_open(LdirStream *stream, LdirChecker *checker, const LdirAddress *addr, guint16 port, LdirTlsSession *tls);
/* By RST unless it is polite, see check_connect.c. */
void ldir_stream_close(LdirStream *stream);

/* After an event: 1 it is open, LDIR_STREAM_AGAIN it will be, LDIR_STREAM_FAILED it will not. */
int ldir_stream_settle(LdirStream *stream);

/* An open connection becomes one of TLS (transfer full of @tls): to be settled, as at the beginning. */
void ldir_stream_secure(LdirStream *stream, LdirTlsSession *tls);

/* > 0 octets, 0 the end, or a negative word from above. */
gssize ldir_stream_read(LdirStream *stream, void *data, gsize len);
gssize ldir_stream_write(LdirStream *stream, const void *data, gsize len);
/* We send no more. */
void ldir_stream_half_close(LdirStream *stream);

#endif
