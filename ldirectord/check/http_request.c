/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <string.h>

#include "ldirectord/check/http_request.h"
#include "util/banned.h"

/* Is there a header @name, "Host:"? */
static gboolean
has_header(const LdirAsk *ask, const char *name)
{
	for (guint i = 0; ask->headers != NULL && i < ask->headers->len; i++)
		if (g_ascii_strncasecmp(ask->headers->pdata[i], name, strlen(name)) == 0)
			return TRUE;
	return FALSE;
}

static void
say_body(LdirTalk *talk)
{
	const char *body = talk->ask->body != NULL ? talk->ask->body : "";

	if (body[0] != '\0' && !has_header(talk->ask, "Content-Type:"))
		ldir_talk_say(talk, "Content-Type: application/x-www-form-urlencoded\r\n");
	ldir_talk_say(talk, "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
}

void
ldir_http_say(LdirTalk *talk, const char *target, const char *host)
{
	const LdirAsk *ask = talk->ask;

	ldir_talk_say(talk, "%s %s HTTP/1.1\r\nHost: %s\r\n", ldir_method_name(ask->method), target, host);
	if (!has_header(ask, "User-Agent:"))
		ldir_talk_say(talk, "User-Agent: ldirectord/" PACKAGE_VERSION "\r\n");
	ldir_talk_say(talk, "Connection: close\r\n");
	for (guint i = 0; ask->headers != NULL && i < ask->headers->len; i++)
		ldir_talk_say(talk, "%s\r\n", (const char *)ask->headers->pdata[i]);
	if (ldir_method_has_body(ask->method))
		say_body(talk);
	else
		ldir_talk_say(talk, "\r\n");
}

gboolean
ldir_ask_is_host(const LdirAsk *ask, const LdirUrl *url)
{
	const char *host = ask->virtualhost != NULL ? ask->virtualhost : ask->server;
	gsize len = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");

	return strlen(url->host) == len && g_ascii_strncasecmp(url->host, host, len) == 0;
}

/* May @url hear what the place that has sent us there has heard? */
static gboolean
is_trusted(const LdirAsk *ask, const LdirUrl *url)
{
	g_auto(LdirUrl) old = { 0 };
	gboolean is_url = ldir_url_parse(ldir_talk_request(ask), &old);

	if ((is_url ? old.is_tls : ask->is_tls) && !url->is_tls)
		return FALSE;
	return ldir_ask_is_host(ask, url) || (is_url && g_ascii_strcasecmp(old.host, url->host) == 0);
}

gboolean
ldir_ask_move(LdirAsk *ask, const LdirUrl *url, guint code)
{
	if ((code == 303 && ask->method != LDIR_METHOD_HEAD) || (code <= 302 && ask->method == LDIR_METHOD_POST))
		ask->method = LDIR_METHOD_GET;
	if (is_trusted(ask, url))
		return TRUE;
	ask->headers = NULL;
	return !ldir_method_has_body(ask->method);
}
