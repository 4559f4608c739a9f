/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "ldirectord/check/http_answer.h"
#include "util/banned.h"

char *
ldir_http_answer_begin(LdirHttpAnswer *answer, const LdirAsk *ask)
{
	const char *request = ldir_talk_request(ask);

	if (ldir_url_parse(request, &answer->url))
		return ask->virtualhost != NULL ? g_strdup(ask->virtualhost) : ldir_url_authority(&answer->url);
	answer->url.is_tls = ask->is_tls;
	answer->url.host = g_strdup(ask->virtualhost != NULL ? ask->virtualhost : ask->server);
	answer->url.path = g_strconcat("/", request, NULL);
	return g_strdup(answer->url.host);
}

void
ldir_http_answer_clear(LdirHttpAnswer *answer)
{
	ldir_url_clear(&answer->url);
	g_free(answer->status);
	g_free(answer->location);
}

gboolean
ldir_http_answer_status(LdirHttpAnswer *answer, const char *digits, const char *text)
{
	if (strspn(digits, "0123456789") != 3 || digits[0] == '0')
		return FALSE;
	g_free(answer->status);
	g_clear_pointer(&answer->location, g_free);
	answer->status = g_strdup(text);
	answer->code = (guint)strtoul(digits, NULL, 10);
	return TRUE;
}

void
ldir_http_answer_header(LdirHttpAnswer *answer, const char *name, const char *value)
{
	if (g_ascii_strcasecmp(name, "Location") == 0 && answer->location == NULL)
		answer->location = g_strdup(value);
}

static gboolean
is_move(guint code)
{
	return code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
}

/* It tells where to ask instead, and that is not the answer that is wanted. */
static gboolean
is_moved(const LdirHttpAnswer *answer, const LdirAsk *ask)
{
	return answer->location != NULL && is_move(answer->code) && !ask->takes_redirect &&
	       !ldir_httpstatus_has(ask->httpstatus, answer->code);
}

gboolean
ldir_http_answer_is_head(const LdirHttpAnswer *answer, const LdirTalk *talk)
{
	return talk->ask->method == LDIR_METHOD_HEAD || answer->code == 204 || answer->code == 304 || is_moved(answer, talk->ask);
}

void
ldir_http_answer_judge(const LdirHttpAnswer *answer, LdirTalk *talk, const void *body, gsize len)
{
	char *target = is_moved(answer, talk->ask) ? ldir_url_resolve(&answer->url, answer->location) : NULL;

	if (target != NULL) {
		talk->moved_to = target;
		talk->verdict = LDIR_TALK_MOVED;
		talk->code = answer->code;
		talk->why = g_strdup(answer->status);
	} else if (!ldir_httpstatus_has(talk->ask->httpstatus, answer->code)) {
		ldir_talk_bad(talk, "%s", answer->status);
	} else {
		ldir_talk_judge(talk, body != NULL ? body : "", len, answer->status);
	}
}
