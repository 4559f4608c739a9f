/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_talk.h - checks of type negotiate: a conversation (talk.h) over TCP, TLS or UDP.
 */
#ifndef LDIR_CHECK_TALK_H
#define LDIR_CHECK_TALK_H

#include "ldirectord/check/checker_parts.h"
#include "ldirectord/check/talk.h"

typedef struct {
	LdirService service;
	const LdirTalkKind *kind;       /* NULL: asked by a program, check_sql.c */
	gboolean is_tls;
	gboolean is_udp;                /* unless protocol=tcp, and .is_tcp_too */
	gboolean is_tcp_too;
} LdirTalkService;

/* How the service of @vs is asked. */
const LdirTalkService *ldir_talk_service(const LdirVirtual *vs);

/* The conversation that begins there, in the version of the configuration. */
const LdirTalkKind *ldir_talk_kind(const LdirVirtual *vs);

/* What a server is asked. @server: its address as text, lives as long as @out. */
void ldir_ask_fill(LdirAsk *out, const LdirTask *task, const char *server);

/* TLS with the server that is asked, as the directives of its service want it, for @kind to be spoken over it (transfer full). */
LdirTlsSession *ldir_ask_session(const LdirAsk *ask, const LdirTask *task, const LdirTalkKind *kind);

extern const LdirTaskOps ldir_check_talk;       /* over TCP and TLS */
extern const LdirTaskOps ldir_check_datagram;   /* over UDP */

#endif
