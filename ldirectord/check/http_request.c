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

const char *
ldir_http_body(const LdirAsk *ask)
{
	return ask->body != NULL && ldir_method_has_body(ask->method) ? ask->body : "";
}

GPtrArray *
ldir_http_headers(const LdirAsk *ask, const char *more)
{
	GPtrArray *headers = g_ptr_array_new_with_free_func(g_free);
	gsize len = strlen(ldir_http_body(ask));

	if (!has_header(ask, "User-Agent:"))
		g_ptr_array_add(headers, g_strdup("User-Agent: ldirectord/" PACKAGE_VERSION));
	if (more != NULL)
		g_ptr_array_add(headers, g_strdup(more));
	for (guint i = 0; ask->headers != NULL && i < ask->headers->len; i++)
		g_ptr_array_add(headers, g_strdup(ask->headers->pdata[i]));
	if (len > 0 && !has_header(ask, "Content-Type:"))
		g_ptr_array_add(headers, g_strdup("Content-Type: application/x-www-form-urlencoded"));
	if (ldir_method_has_body(ask->method))
		g_ptr_array_add(headers, g_strdup_printf("Content-Length: %zu", len));
	return headers;
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
