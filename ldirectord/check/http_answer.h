/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * http_answer.h - what makes an answer of http a good one, whichever version of HTTP has carried it (doc/ldirectord.md 3.3, 3.4).
 *
 * Pure.
 */
#ifndef LDIR_HTTP_ANSWER_H
#define LDIR_HTTP_ANSWER_H

#include "ldirectord/check/talk.h"
#include "ldirectord/conf/url.h"

#define LDIR_HEAD_MAX 32768     /* octets of status and headers, and of trailers */

typedef struct {
	LdirUrl url;            /* what is asked for */
	char *status;           /* "200 OK", for the log; NULL: it has not come */
	guint code;
	char *location;
} LdirHttpAnswer;

/* Before the first octet: request= is a path, or after a move a whole URL, of which the host says where to go, not what to ask.
 * The host that is asked for (transfer full); .url.path is what it is asked for. */
char *ldir_http_answer_begin(LdirHttpAnswer *answer, const LdirAsk *ask);
void ldir_http_answer_clear(LdirHttpAnswer *answer);

/* A status has come, with @digits three of them; what another, 1xx, has said before is forgotten. FALSE: that is none. */
gboolean ldir_http_answer_status(LdirHttpAnswer *answer, const char *digits, const char *text);

/* A header that is the same in each version. */
void ldir_http_answer_header(LdirHttpAnswer *answer, const char *name, const char *value);

/* The headers are there, and no body comes or is of interest. */
gboolean ldir_http_answer_is_head(const LdirHttpAnswer *answer, const LdirTalk *talk);

/* All of the answer is there, or as much of it as is looked at: gives the verdict of @talk. @body NULL: it is empty */
void ldir_http_answer_judge(const LdirHttpAnswer *answer, LdirTalk *talk, const void *body, gsize len);

#endif
