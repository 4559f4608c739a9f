/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_ask.c - what a check of type negotiate asks for, and wants to hear.
 */
#include <string.h>

#include "ldirectord/conf/conf_parts.h"
#include "util/banned.h"

#define HEADER_MAX  4096        /* octets of one */
#define HEADERS_MAX 32
#define BODY_MAX    65536       /* octets */

/* What a name of a header is made of (RFC 9110) */
#define TOKEN "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

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

/* ---- requests of http ---- */

static gboolean
has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if (g_ascii_iscntrl(*text))
			return TRUE;
	return FALSE;
}

/* Why nobody else may say @name (static), or NULL */
static const char *
advice_of_ours(const char *name)
{
	static const struct {
		const char *name, *advice;
	} rows[] = {
		{ "Host", "write virtualhost=NAME" },
		{ "Content-Length", "leave the line out: it is that of httpbody=" },
		{ "Transfer-Encoding", "leave the line out: the body is sent as httpbody= has it" },
		{ "Connection", "leave the line out: a check has a connection of its own, and ends it" },
		{ "Upgrade", "leave the line out: a check speaks one protocol to the end; HTTP/2 is httpversion=2" },
		{ "Expect", "leave the line out: the body is sent at once" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_ascii_strcasecmp(rows[i].name, name) == 0)
			return rows[i].advice;
	return NULL;
}

/* Why the header @text is refused (static), or NULL. @name NULL: it has none */
static const char *
header_advice(const char *text, const char *name, guint n_before)
{
	if (name == NULL)
		return "write httpheader=\"Name: value\"; a name has no blanks";
	if (has_control(text))
		return "a control character, such as the end of a line, is in no header; write a line httpheader= for each";
	if (strlen(text) > HEADER_MAX)
		return "a header has up to 4096 characters";
	if (n_before >= HEADERS_MAX)
		return "there may be 32 of them";
	return advice_of_ours(name);
}

void
ldir_header_read(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	g_autofree char *text = ldir_value_quoted(reader, directive, value);
	gsize len = text != NULL ? strspn(text, TOKEN) : 0;
	g_autofree char *name = len > 0 && text[len] == ':' ? g_strndup(text, len) : NULL;
	const char *advice;

	if (text == NULL)
		return;
	advice = header_advice(text, name, out->httpheaders->len);
	if (advice != NULL)
		ldir_value_bad(reader, directive, advice);
	else
		g_ptr_array_add(out->httpheaders, g_strconcat(name, ": ", g_strstrip(text + len + 1), NULL));
}

void
ldir_body_read(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	g_autofree char *text = ldir_value_quoted(reader, directive, value);

	if (text == NULL)
		return;
	if (strlen(text) > BODY_MAX) {
		ldir_value_bad(reader, directive, "a body has up to 65536 octets");
		return;
	}
	g_free(out->httpbody);
	out->httpbody = g_steal_pointer(&text);
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

/* What speaks of the connection is not for HTTP/2, whose servers refuse it (RFC 9113 8.2.2). */
static void
judge_headers(LdirReader *reader)
{
	static const char *const names[] = { "Keep-Alive:", "Proxy-Connection:", "TE:" };
	const GPtrArray *headers = reader->section->own.httpheaders;

	for (guint i = 0; i < headers->len; i++)
		for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
			const char *header = headers->pdata[i];

			if (g_ascii_strncasecmp(header, names[k], strlen(names[k])) == 0 && g_ascii_strcasecmp(header, "TE: trailers") != 0)
				ldir_problem_add(reader->problems, LDIR_ERROR, reader->section->line, "leave the line out",
				                 "httpheader: \"%s\" is not for httpversion=2", header);
		}
}

void
ldir_ask_judge(LdirReader *reader)
{
	const LdirVirtual *vs = reader->section;
	const LdirSettings *own = &vs->own;
	LdirService service = ldir_virtual_service(vs);
	gboolean has_body = own->httpmethod != LDIR_UNSET && ldir_method_has_body((LdirMethod)own->httpmethod);
	const struct {
		const char *name;
		gboolean is_given, is_known;
		const char *advice;
	} rows[] = {
		{ "httpstatus", own->httpstatus != NULL, is_http(service), "it is for http, https and http_proxy" },
		{ "httpredirect", own->httpredirect == 0, is_http(service), "it is for http, https and http_proxy" },
		{ "httpheader", own->httpheaders->len > 0, is_http(service), "it is for http, https and http_proxy" },
		{ "httpbody", own->httpbody != NULL, is_http(service), "it is for http, https and http_proxy" },
		{ has_body ? ldir_method_name((LdirMethod)own->httpmethod) : "", has_body, is_http(service),
		  "it is for http, https and http_proxy" },
		{ "httpversion", own->httpversion == LDIR_HTTP_2, service == LDIR_SERVICE_HTTP || service == LDIR_SERVICE_HTTPS,
		  "2 is for http and https" },
		{ "receivenot", own->receivenot != NULL, has_text(service),
		  "it is for http, https, http_proxy, ftp, simpletcp, dns, ldap and ldaps" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		if (rows[i].is_given && !rows[i].is_known)
			ldir_problem_add(reader->problems, LDIR_ERROR, vs->line, rows[i].advice, "%s: service %s has none", rows[i].name,
			                 ldir_service_name(service));
	if (own->httpversion == LDIR_HTTP_2)
		judge_headers(reader);
	if (own->httpbody != NULL && !has_body)
		ldir_problem_add(reader->problems, LDIR_ERROR, vs->line, "add httpmethod=POST or httpmethod=PUT",
		                 "httpbody: GET and HEAD send none");
}
