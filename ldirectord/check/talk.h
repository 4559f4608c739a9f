/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk.h - one conversation with a server, whatever carries its octets: what is said, and is the answer good?
 *
 * Pure: octets in, octets out, a verdict at the end. Nothing in an answer can make it fail in another way
 * than by its verdict: what is kept of it is bounded (LDIR_ANSWER_MAX), lines, headers and lists have
 * limits, and receive= is searched under limits (pattern.h). How the octets are cut into pieces does not
 * matter. tests/fuzz/fuzz_ldir_talk.c
 *
 * With .is_starttls the conversation begins in the clear and goes on over TLS: .wants_tls tells who carries it that both sides
 * have agreed; until ldir_talk_secured() nothing more is understood.
 */
#ifndef LDIR_TALK_H
#define LDIR_TALK_H

#include "ldirectord/conf/config.h"

#define LDIR_ANSWER_MAX 262144  /* octets of an answer that are looked at */
#define LDIR_LINE_MAX   4096    /* octets of a line of a dialogue */

typedef struct LdirTalk LdirTalk;

typedef enum {
	LDIR_TALK_GOING,
	LDIR_TALK_SEARCHING,    /* all is said; whether the answer is good is looked for by ldir_talk_search() */
	LDIR_TALK_GOOD,
	LDIR_TALK_BAD,
	LDIR_TALK_MOVED         /* http: to be asked again at .moved_to */
} LdirTalkVerdict;

/* What is asked. Texts are borrowed; NULL: not given. */
typedef struct {
	const char *server;             /* address of the server, "10.0.0.2", "[fe80::1]" */
	const char *virtualhost, *request, *login, *passwd, *database, *secret;
	const char *httpstatus;         /* ldir_httpstatus_has() */
	const LdirPattern *pattern;     /* receive=; NULL: any answer is good */
	const LdirPattern *forbidden;   /* receivenot=; NULL: nothing is */
	const GPtrArray *headers;       /* of http: char *, "Name: value"; NULL: none */
	const char *body;
	LdirMethod method;
	gboolean takes_redirect;        /* a redirection is an answer as others are */
	gboolean is_tls;                /* from the beginning; so are the pages that its pages lead to */
	gboolean is_stream;             /* TCP; else datagrams */
	gboolean is_starttls;
	guint32 random[4];              /* for ids of requests */
} LdirAsk;

typedef struct {
	/* Fills .out with what we say first; may be empty. Called again when TLS has begun (.is_secured). */
	void (*begin)(LdirTalk *talk);
	/* More has come: .in from .pos on. @is_end: and no more will. A datagram is all of .in. */
	void (*input)(LdirTalk *talk, gboolean is_end);
	/* What this kind keeps in .own; NULL: nothing */
	void (*forget)(gpointer own);
} LdirTalkKind;

struct LdirTalk {
	const LdirTalkKind *kind;
	const LdirAsk *ask;
	GByteArray *in;
	guint pos;                      /* what has been understood of it */
	gboolean is_full;               /* more than LDIR_ANSWER_MAX has come */
	GByteArray *out;                /* to be sent, taken by who sends it */
	gboolean is_half_closed;        /* and then no more */
	gboolean wants_tls, is_secured;
	guint16 data_port;              /* ftp: to be connected to; what comes from there goes to .data */
	GByteArray *data;               /* NULL until the first octet */
	gboolean is_data_over;
	guint step;                     /* of the dialogue */
	guint code;                     /* of a reply of several lines, while it comes; of a move: its status */
	gpointer own;
	LdirTalkVerdict verdict;
	char *why;                      /* set with the verdict */
	LdirSaid said;                  /* the same, of the weight */
	char *moved_to;                 /* an absolute URL */
	/* talk_judge.c */
	LdirSearch search;
	gboolean is_forbidden;          /* receivenot= is searched for, receive= was found */
	char *good;                     /* the reason if it is good; NULL: the name that was found */
	const char *mismatch;           /* if it is not; NULL: what was missing */
	GString *names;
};

extern const LdirTalkKind ldir_talk_http, ldir_talk_http2, ldir_talk_http_proxy, ldir_talk_smtp, ldir_talk_pop, ldir_talk_imap,
	ldir_talk_nntp, ldir_talk_ftp, ldir_talk_simpletcp, ldir_talk_sip, ldir_talk_dns, ldir_talk_radius, ldir_talk_ldap, ldir_talk_agent;

/* @ask must live as long. (transfer full) */
LdirTalk *ldir_talk_new(const LdirTalkKind *kind, const LdirAsk *ask);
void ldir_talk_free(LdirTalk *talk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LdirTalk, ldir_talk_free)

/* Octets have come. After the verdict they are ignored. */
void ldir_talk_feed(LdirTalk *talk, const void *data, gsize len);
/* The server will send no more. */
void ldir_talk_end(LdirTalk *talk);
/* The connection is one of TLS now, as .wants_tls. */
void ldir_talk_secured(LdirTalk *talk);
/* The same of the data connection of ftp. */
void ldir_talk_feed_data(LdirTalk *talk, const void *data, gsize len);
void ldir_talk_end_data(LdirTalk *talk);
/* One datagram has come, or with @data NULL: nobody listens there. */
void ldir_talk_datagram(LdirTalk *talk, const void *data, gsize len);
/* Another slice of the search, a few milliseconds of processor time at most. */
void ldir_talk_search(LdirTalk *talk);

/* ---- for kinds ---- */

void ldir_talk_good(LdirTalk *talk, const char *format, ...) G_GNUC_PRINTF(2, 3);
void ldir_talk_bad(LdirTalk *talk, const char *format, ...) G_GNUC_PRINTF(2, 3);
void ldir_talk_say(LdirTalk *talk, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The next line, without its end, in @ret_line (transfer full). FALSE: it is not there yet. With @is_end
 * what is left counts as one. A line that is too long is the end of the talk. */
gboolean ldir_talk_line(LdirTalk *talk, gboolean is_end, char **ret_line);

/* The next reply of smtp, nntp or ftp: a code of three digits; of several lines the last is @ret_line
 * (transfer full). FALSE: it is not there yet, or is none, which is the end of the talk. */
gboolean ldir_talk_reply(LdirTalk *talk, gboolean is_end, guint *ret_code, char **ret_line);

/* Good or bad by receive= and receivenot=, at once or after ldir_talk_search(); @good: the reason then. @data stays as it is
 * until the end of the talk. */
void ldir_talk_judge(LdirTalk *talk, const void *data, gsize len, const char *good);

/* The same line by line. */
void ldir_talk_judge_lines(LdirTalk *talk, const void *data, gsize len, const char *good);

/* The same of names, one a line: one must be wanted, none forbidden. @good NULL: the one that was found. (transfer full of @names) */
void ldir_talk_judge_names(LdirTalk *talk, GString *names, const char *good);

/* The server has agreed to STARTTLS. What it says before TLS could be anybody's: more than that answer is the end of the talk. */
void ldir_talk_want_tls(LdirTalk *talk);
/* STARTTLS is asked for, and has not begun. */
gboolean ldir_talk_is_to_secure(const LdirTalk *talk);

/* request= as it is meant: without the slash that 4.12 puts in front. "" if there is none. */
const char *ldir_talk_request(const LdirAsk *ask);

#endif
