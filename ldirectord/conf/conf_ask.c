/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_ask.c - what a check of type negotiate asks for, and wants to hear.
 */
#include <string.h>

#include "ldirectord/conf/conf_parts.h"
#include "util/banned.h"

LdirPattern *
ldir_value_pattern(LdirReader *reader, const char *name, const char *text)
{
	LdirPattern *pattern = g_hash_table_lookup(reader->patterns, text);
	g_autofree char *why = NULL;

	if (pattern != NULL)
		return ldir_pattern_ref(pattern);
	pattern = ldir_pattern_new(text, &why);
	if (pattern == NULL)
		ldir_error(reader, strcmp(name, "receive") == 0 ? "ldirectord 4.12 dies of it at the first check" : NULL,
		           "%s is not a regular expression: %s", name, why);
	else
		g_hash_table_insert(reader->patterns, g_strdup(text), ldir_pattern_ref(pattern));
	return pattern;
}

void
ldir_pattern_read(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	gboolean is_not = strcmp(directive->name, "receivenot") == 0;
	LdirPattern **pattern = is_not ? &reader->section->forbidden : &reader->section->pattern;
	char **target = is_not ? &out->receivenot : &out->receive;
	char *text = ldir_value_quoted(reader, directive, value);

	if (text == NULL)
		return;
	g_free(*target);
	*target = text;
	ldir_pattern_free(*pattern);
	*pattern = ldir_value_pattern(reader, directive->name, text);
}

/* ---- the section as a whole ---- */

static gboolean
is_http(LdirService service)
{
	return service == LDIR_SERVICE_HTTP || service == LDIR_SERVICE_HTTPS || service == LDIR_SERVICE_HTTP_PROXY;
}

/* Where receive= has a meaning, too */
static gboolean
has_text(LdirService service)
{
	return is_http(service) || service == LDIR_SERVICE_FTP || service == LDIR_SERVICE_SIMPLETCP || service == LDIR_SERVICE_DNS ||
	       service == LDIR_SERVICE_LDAP || service == LDIR_SERVICE_LDAPS;
}

void
ldir_ask_judge(LdirReader *reader)
{
	const LdirVirtual *vs = reader->section;
	const LdirSettings *own = &vs->own;
	LdirService service = ldir_virtual_service(vs);
	const struct {
		const char *name;
		gboolean is_given, is_known;
		const char *advice;
	} rows[] = {
		{ "httpstatus", own->httpstatus != NULL, is_http(service), "it is for http, https and http_proxy" },
		{ "httpredirect", own->httpredirect == 0, is_http(service), "it is for http, https and http_proxy" },
		{ "receivenot", own->receivenot != NULL, has_text(service),
		  "it is for http, https, http_proxy, ftp, simpletcp, dns, ldap and ldaps" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		if (rows[i].is_given && !rows[i].is_known)
			ldir_problem_add(reader->problems, LDIR_ERROR, vs->line, rows[i].advice, "%s: service %s has none", rows[i].name,
			                 ldir_service_name(service));
}
