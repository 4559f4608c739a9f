/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_fallback.c - fallback= and nextfallback=: their shape, and which of them a service has (doc/ldirectord.md 2.2).
 */
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/conf/conf_parts.h"
#include "ldirectord/conf/lines.h"
#include "util/banned.h"

#define WORD "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"

/* Of fallback= the last line counts, of nextfallback= each. */
static LdirFallback *
place_in(LdirSettings *out, const LdirDirective *directive)
{
	GPtrArray *nexts = directive->min == 6 ? out->nexts6 : out->nexts;

	if (directive->kind == LDIR_KIND_FALLBACK)
		return directive->min == 6 ? &out->fallback6 : &out->fallback;
	g_ptr_array_add(nexts, g_new0(LdirFallback, 1));
	return nexts->pdata[nexts->len - 1];
}

static void
set_fallback(LdirFallback *out, char *host, char *port_text, LdirForward forward, guint line)
{
	g_free(out->host);
	g_free(out->port_text);
	*out = (LdirFallback){ .host = host, .port_text = port_text, .forward = forward, .line = line };
}

/* The words of @value that are not empty (transfer full) */
static GPtrArray *
words_of(const char *value)
{
	g_auto(GStrv) parts = g_strsplit_set(value, LDIR_BLANKS, -1);
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; parts[i] != NULL; i++)
		if (parts[i][0] != '\0')
			g_ptr_array_add(words, g_strdup(parts[i]));
	return words;
}

/* The last of several words is how packets go there, the one before is where; what is in front of them counts for nothing. */
static gboolean
take_forward(LdirReader *reader, const LdirDirective *directive, const char *value, const GPtrArray *words, LdirForward *ret_forward)
{
	const char *last = words->len > 1 ? words->pdata[words->len - 1] : "gate";
	const char *p = last;
	g_autofree char *advice = NULL;
	g_autofree char *used = NULL;

	if (!ldir_word_forward(&p, ret_forward) || *p != '\0') {
		advice = g_strdup_printf("write %s=ADDRESS[:PORT] [gate|masq|ipip]", directive->name);
		ldir_error(reader, advice, "forward method must be gate, masq or ipip");
		return FALSE;
	}
	if (words->len > 2) {
		used = g_strdup_printf("%s %s", (char *)words->pdata[words->len - 2], last);
		ldir_value_trailing(reader, directive, value, used);
	}
	return TRUE;
}

/* Where none is written, fallback= has this machine, as in 4.12. (transfer full); NULL: said */
static char *
host_of(LdirReader *reader, const LdirDirective *directive, const char *text, gsize len)
{
	const char *own = directive->min == 6 ? "[::1]" : "127.0.0.1";
	g_autofree char *advice = g_strdup_printf("write %s=ADDRESS[:PORT]", directive->name);

	if (len > 0 && (len != 2 || strncmp(text, "[]", 2) != 0))
		return g_strndup(text, len);
	if (directive->kind == LDIR_KIND_FALLBACK) {
		ldir_warn(reader, advice, "%s without an address is %s", directive->name, own);
		return g_strdup(own);
	}
	ldir_error(reader, advice, "invalid %s address or could not resolve for fallback server: %s",
	           directive->min == 6 ? "IPv6" : "IPv4", text);
	return NULL;
}

void
ldir_fallback_read(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	g_autoptr(GPtrArray) words = words_of(value);
	const char *place = words->len == 0 ? "" : words->pdata[words->len > 1 ? words->len - 2 : 0];
	const char *bracket = strrchr(place, ']');
	const char *colon = strrchr(bracket != NULL ? bracket : place, ':');
	gboolean has_port = colon != NULL && colon[1] != '\0' && colon[1 + strspn(colon + 1, WORD)] == '\0';
	LdirForward forward = LDIR_FORWARD_GATE;
	LdirFallback *fallback;
	char *host;

	if (!ldir_family_fits(reader, directive) || !take_forward(reader, directive, value, words, &forward))
		return;
	host = host_of(reader, directive, place, has_port ? (gsize)(colon - place) : strlen(place));
	if (host == NULL)
		return;
	fallback = place_in(out, directive);
	set_fallback(fallback, host, has_port ? g_strdup(colon + 1) : NULL, forward, reader->line);
	if (!reader->is_open)
		ldir_resolve_fallback(reader, fallback, directive->min == 6 ? AF_INET6 : AF_INET, NULL);
}

void
ldir_resolve_fallbacks(LdirReader *reader)
{
	LdirVirtual *vs = reader->section;

	ldir_resolve_fallback(reader, &vs->own.fallback, AF_INET, vs);
	ldir_resolve_fallback(reader, &vs->own.fallback6, AF_INET6, vs);
	for (guint i = 0; i < vs->own.nexts->len; i++)
		ldir_resolve_fallback(reader, vs->own.nexts->pdata[i], AF_INET, vs);
	for (guint i = 0; i < vs->own.nexts6->len; i++)
		ldir_resolve_fallback(reader, vs->own.nexts6->pdata[i], AF_INET6, vs);
}

/* Those of @settings, the first one first */
static void
collect(LdirVirtual *vs, const LdirSettings *settings)
{
	gboolean is_six = vs->family == AF_INET6;
	const LdirFallback *first = is_six ? &settings->fallback6 : &settings->fallback;
	const GPtrArray *nexts = is_six ? settings->nexts6 : settings->nexts;

	if (first->host != NULL)
		g_ptr_array_add(vs->fallbacks, (gpointer)first);
	for (guint i = 0; i < nexts->len; i++)
		g_ptr_array_add(vs->fallbacks, nexts->pdata[i]);
}

/* Does the check of the section say something about who has @real's port? */
static gboolean
has_check(const LdirVirtual *vs, const LdirReal *real)
{
	LdirCheck check = ldir_virtual_check(vs);

	switch (check) {
	case LDIR_CHECK_OFF:
	case LDIR_CHECK_ON:
		return FALSE;
	case LDIR_CHECK_PING:
	case LDIR_CHECK_EXTERNAL:
	case LDIR_CHECK_EXTERNAL_PERL:
		return TRUE;
	default:
		return real->check_port > 0 && (check != LDIR_CHECK_NEGOTIATE || ldir_virtual_service(vs) != LDIR_SERVICE_NONE);
	}
}

/* What of @fallback is checked: the port that was written, else that of the service. */
static LdirReal *
spare_new(const LdirVirtual *vs, const LdirFallback *fallback, gboolean is_asked_as_server)
{
	LdirReal *real = g_new0(LdirReal, 1);

	real->line = fallback->line;
	real->addr = fallback->addr;
	real->port = fallback->port_text != NULL ? fallback->port : vs->is_mark ? 0 : vs->port;
	real->check_port = real->port;
	real->ipvs_port = real->port;
	real->forward = fallback->forward;
	real->is_fallback = TRUE;
	real->is_asked_as_server = is_asked_as_server && has_check(vs, real);
	return real;
}

void
ldir_conf_fallbacks(LdirConfig *config)
{
	for (guint i = 0; i < config->virtuals->len; i++) {
		LdirVirtual *vs = config->virtuals->pdata[i];
		gint64 checks = vs->own.fallbackcheck != LDIR_UNSET ? vs->own.fallbackcheck : config->global.fallbackcheck;

		collect(vs, &vs->own);
		if (vs->fallbacks->len == 0)
			collect(vs, &config->global);
		/* of one alone nothing depends on a check */
		for (guint j = 0; checks >= 1 && vs->fallbacks->len > 1 && j < vs->fallbacks->len; j++)
			g_ptr_array_add(vs->spares, spare_new(vs, vs->fallbacks->pdata[j], checks == LDIR_FALLBACKS_AS_SERVERS));
	}
}
