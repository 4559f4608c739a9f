/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tls.h - TLS for checks: a client by OpenSSL, on a connected socket that never waits.
 *
 * The chain of the server's certificate is verified against the machine's authorities, its name is not:
 * servers are called by address, and many share one certificate (doc/ldirectord.md 3.4, sslverify).
 */
#ifndef LDIR_TLS_H
#define LDIR_TLS_H

#include "ldirectord/conf/config.h"

typedef struct LdirTls LdirTls;
typedef struct LdirTlsSession LdirTlsSession;

/* (transfer full) */
LdirTls *ldir_tls_new(void);
void ldir_tls_free(LdirTls *tls);

/* One connection. @name: for SNI, and for the certificate with LDIR_VERIFY_FULL; NULL or an address: no SNI.
 * (transfer full) */
LdirTlsSession *ldir_tls_session_new(LdirTls *tls, LdirVerify verify, const char *name);
void ldir_tls_session_free(LdirTlsSession *session);

/* Who we are, if the server asks: a file in PEM with our certificate and those above it, and one with its key, NULL: in the same.
 * They are read now; what is wrong with them is what the handshake fails by. */
void ldir_tls_session_identify(LdirTlsSession *session, const char *certificate, const char *key);

/* Only chains that end at a certificate of @file, in PEM, are good, instead of those of the system. It is read once, and again when it
 * is another one; what is wrong with it is what the handshake fails by. */
void ldir_tls_session_trust(LdirTls *tls, LdirTlsSession *session, const char *file);

/* HTTP/2 is what is to be spoken, by ALPN (RFC 9113 3.2): a server that does not choose it is what the handshake fails by. */
void ldir_tls_session_want_http2(LdirTlsSession *session);

/* Whole days until the server's certificate ends, below 0: it has ended. FALSE: there is none yet. */
gboolean ldir_tls_session_days_left(const LdirTlsSession *session, gint64 *ret_days);

/* @fd stays with the caller. */
void ldir_tls_session_attach(LdirTlsSession *session, int fd);

/* Answers are those of stream.h; @why is replaced with a failure. */
int ldir_tls_session_handshake(LdirTlsSession *session, char **why);
gssize ldir_tls_session_read(LdirTlsSession *session, void *data, gsize len, char **why);
gssize ldir_tls_session_write(LdirTlsSession *session, const void *data, gsize len, char **why);

#endif
