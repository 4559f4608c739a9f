/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "ldirectord/conf/url.h"
#include "util/banned.h"

#define HOST_MAX 255
#define PATH_MAX_OCTETS 2048

void
ldir_url_clear(LdirUrl *url)
{
	g_free(url->host);
	g_free(url->path);
	*url = (LdirUrl){ 0 };
}

/* The length of the host that @text begins with; 0: none. */
static gsize
host_len(const char *text)
{
	gsize len;

	if (text[0] == '[') {
		len = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
		return text[len] == ']' ? len + 1 : 0;
	}
	for (len = 0; g_ascii_isalnum(text[len]) || (text[len] != '\0' && strchr(".-_", text[len]) != NULL); len++)
		;
	return len;
}

/* @ret_after: behind it. */
static gboolean
read_port(const char *text, guint16 *ret_port, const char **ret_after)
{
	gsize len = strspn(text, "0123456789");
	g_autofree char *digits = g_strndup(text, len);
	guint64 port;

	if (!g_ascii_string_to_unsigned(digits, 10, 1, G_MAXUINT16, &port, NULL))
		return FALSE;
	*ret_port = (guint16)port;
	*ret_after = text + len;
	return TRUE;
}

static gboolean
is_path(const char *text)
{
	if (strlen(text) > PATH_MAX_OCTETS)
		return FALSE;
	for (; *text != '\0'; text++)
		if ((guchar)*text <= ' ' || *text == 0x7f)
			return FALSE;
	return TRUE;
}

/* A part of a page is not asked for. */
static char *
path_of(const char *text)
{
	g_autofree char *whole = g_strndup(text, strcspn(text, "#"));

	return whole[0] == '/' ? g_steal_pointer(&whole) : g_strconcat("/", whole, NULL);
}

gboolean
ldir_url_parse(const char *text, LdirUrl *ret_url)
{
	LdirUrl url = { 0 };
	const char *rest;
	gsize len;

	if (g_ascii_strncasecmp(text, "http://", 7) == 0)
		rest = text + 7;
	else if (g_ascii_strncasecmp(text, "https://", 8) == 0)
		rest = text + 8;
	else
		return FALSE;
	url.is_tls = rest == text + 8;
	url.port = url.is_tls ? 443 : 80;
	len = host_len(rest);
	if (len == 0 || len > HOST_MAX)
		return FALSE;
	url.host = g_strndup(rest, len);
	rest += len;
	if (rest[0] == ':') {
		url.has_port = TRUE;
		if (!read_port(rest + 1, &url.port, &rest))
			rest = "bad";
	}
	if ((rest[0] != '\0' && strchr("/?#", rest[0]) == NULL) || !is_path(rest)) {
		g_free(url.host);
		return FALSE;
	}
	url.path = path_of(rest);
	*ret_url = url;
	return TRUE;
}

char *
ldir_url_authority(const LdirUrl *url)
{
	return url->has_port ? g_strdup_printf("%s:%u", url->host, url->port) : g_strdup(url->host);
}

char *
ldir_url_resolve(const LdirUrl *base, const char *text)
{
	const char *scheme = base->is_tls ? "https" : "http";
	g_autofree char *authority = ldir_url_authority(base);
	g_autofree char *folder = g_strndup(base->path, strcspn(base->path, "?"));
	g_auto(LdirUrl) url = { 0 };

	if (!is_path(text) || text[0] == '\0')
		return NULL;
	if (strncmp(text, "//", 2) == 0) {
		g_autofree char *whole = g_strdup_printf("%s:%s", scheme, text);

		return ldir_url_parse(whole, &url) ? g_steal_pointer(&whole) : NULL;
	}
	if (ldir_url_parse(text, &url))
		return g_strdup(text);
	if (strcspn(text, ":") < strcspn(text, "/?#"))  /* another scheme */
		return NULL;
	if (text[0] == '/')
		return g_strdup_printf("%s://%s%s", scheme, authority, text);
	if (text[0] == '?' || text[0] == '#')
		return g_strdup_printf("%s://%s%s%s", scheme, authority, folder, text);
	*(strrchr(folder, '/') + 1) = '\0';
	return g_strdup_printf("%s://%s%s%s", scheme, authority, folder, text);
}
