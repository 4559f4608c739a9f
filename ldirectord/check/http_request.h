/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * http_request.h - what a check of http says, and what of it is said again where a redirection leads to.
 *
 * Pure.
 */
#ifndef LDIR_HTTP_REQUEST_H
#define LDIR_HTTP_REQUEST_H

#include "ldirectord/check/talk.h"
#include "ldirectord/conf/url.h"

/* What is sent behind the headers, "": nothing */
const char *ldir_http_body(const LdirAsk *ask);

/* All headers of the request but the host, char * "Name: value"; @more: one that this version of HTTP needs, or NULL. (transfer full) */
GPtrArray *ldir_http_headers(const LdirAsk *ask, const char *more);

/* Is @url on the host that is asked? */
gboolean ldir_ask_is_host(const LdirAsk *ask, const LdirUrl *url);

/*
 * The answer with status @code has sent us to @url: @ask becomes what is asked there, but for its request. As browsers do it, 303
 * makes a GET of all but HEAD, and 301 and 302 of POST. Headers may hold passwords: another host, or the same one without TLS
 * where there was TLS, gets none of them. FALSE: it would get the body, so nobody is asked.
 */
gboolean ldir_ask_move(LdirAsk *ask, const LdirUrl *url, guint code);

#endif
