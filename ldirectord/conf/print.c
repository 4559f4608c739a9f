/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.c - the normal form: one way to write each value, ranges and names spelled out.
 */
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/conf/conf_parts.h"
#include "ldirectord/conf/lines.h"
#include "util/banned.h"
#include "util/time.h"

typedef void Printer(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from);

static gint64
number_of(const LdirSettings *from, const LdirDirective *directive)
{
	return *(const gint64 *)(const void *)((const char *)from + directive->target);
}

static const char *
text_of(const LdirSettings *from, const LdirDirective *directive)
{
	return *(char *const *)(const void *)((const char *)from + directive->target);
}

static void
print_number(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	gint64 number = number_of(from, directive);

	if (number != LDIR_UNSET)
		g_string_append_printf(out, "%s%s=%" G_GINT64_FORMAT "\n", indent, directive->name, number);
}

static void
print_seconds(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	gint64 ms = number_of(from, directive);

	if (ms == LDIR_UNSET)
		return;
	if (ms % HB_MS_PER_S != 0)
		g_string_append_printf(out, "%s%s=%" G_GINT64_FORMAT "ms\n", indent, directive->name, ms);
	else
		g_string_append_printf(out, "%s%s=%" G_GINT64_FORMAT "\n", indent, directive->name, ms / HB_MS_PER_S);
}

static void
print_switch(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	gint64 value = number_of(from, directive);

	if (value != LDIR_UNSET)
		g_string_append_printf(out, "%s%s=%s\n", indent, directive->name, value == 1 ? "yes" : value == 0 ? "no" : "service");
}

static void
print_quoted(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	const char *text = text_of(from, directive);

	if (text != NULL)
		g_string_append_printf(out, "%s%s=\"%s\"\n", indent, directive->name, text);
}

static void
print_text(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	const char *text = text_of(from, directive);

	if (text != NULL)
		g_string_append_printf(out, "%s%s=%s\n", indent, directive->name, text);
}

/* Does a comment begin within @text, in the quotes of a section's value? */
static gboolean
is_cut_in_quotes(const char *text)
{
	g_autofree char *line = g_strdup_printf("\tx=\"%s\"", text);
	g_autofree char *read = NULL;
	gboolean has_hash;

	return ldir_line_body(line, &read, &has_hash) != LDIR_BODY_TEXT || strlen(read) + 1 < strlen(line);
}

/* One with quotes in it as it stands, where those around it would be taken for more of them (read_command() in conf_value.c). */
static void
print_command(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	const char *text = text_of(from, directive);
	gboolean keeps_quotes = indent[0] == '\0' || strcmp(directive->name, "emailalert") == 0;

	if (text != NULL && strchr(text, '"') != NULL && (keeps_quotes || is_cut_in_quotes(text)))
		print_text(out, indent, directive, from);
	else
		print_quoted(out, indent, directive, from);
}

static void
print_list(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	for (guint i = 0; i < from->execute->len; i++)
		g_string_append_printf(out, "%s%s=%s\n", indent, directive->name, (const char *)from->execute->pdata[i]);
}

static void
print_status(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	static const char *const names[] = { "starting", "running", "stopping", "reloading" };
	gint64 bits = number_of(from, directive);
	const char *comma = "";

	if (bits == LDIR_UNSET)
		return;
	g_string_append_printf(out, "%s%s=%s", indent, directive->name, bits == 0 ? "none" : bits == LDIR_STATUS_ALL ? "all" : "");
	for (guint i = 0; i < G_N_ELEMENTS(names) && bits != LDIR_STATUS_ALL; i++)
		if ((bits & (gint64)1 << i) != 0) {
			g_string_append_printf(out, "%s%s", comma, names[i]);
			comma = ",";
		}
	g_string_append_c(out, '\n');
}

static void
print_checktype(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	if (from->checktype == LDIR_CHECK_COMBINED)
		g_string_append_printf(out, "%s%s=%" G_GINT64_FORMAT "\n", indent, directive->name, from->connects);
	else if (from->checktype != LDIR_UNSET)
		g_string_append_printf(out, "%s%s=%s\n", indent, directive->name, ldir_check_name((LdirCheck)from->checktype));
}

static void
print_service(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	if (from->service != LDIR_UNSET)
		g_string_append_printf(out, "%s%s=%s\n", indent, directive->name, ldir_service_name((LdirService)from->service));
}

static void
print_method(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	if (from->httpmethod != LDIR_UNSET)
		g_string_append_printf(out, "%s%s=%s\n", indent, directive->name, ldir_method_name((LdirMethod)from->httpmethod));
}

static void
print_headers(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	for (guint i = 0; i < from->httpheaders->len; i++)
		g_string_append_printf(out, "%s%s=\"%s\"\n", indent, directive->name, (const char *)from->httpheaders->pdata[i]);
}

static void
print_version(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	if (from->httpversion != LDIR_UNSET)
		g_string_append_printf(out, "%s%s=%s\n", indent, directive->name, ldir_http_version_name((LdirHttpVersion)from->httpversion));
}

static void
print_verify(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	if (from->sslverify != LDIR_UNSET)
		g_string_append_printf(out, "%s%s=%s\n", indent, directive->name, ldir_verify_name((LdirVerify)from->sslverify));
}

static void print_check(GString *out, const char *indent, const LdirDirective *directive, const LdirCheckLine *line);

static void
print_checks(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	for (guint i = 0; i < from->checks->len; i++)
		print_check(out, indent, directive, from->checks->pdata[i]);
}

static void
print_one_fallback(GString *out, const char *indent, const LdirDirective *directive, const LdirFallback *fallback)
{
	g_autofree char *addr = ldir_address_text(&fallback->addr);

	g_string_append_printf(out, "%s%s=%s%s%s %s\n", indent, directive->name, addr, fallback->port_text != NULL ? ":" : "",
	                       fallback->port_text != NULL ? fallback->port_text : "", ldir_forward_name(fallback->forward));
}

static void
print_fallback(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	const LdirFallback *fallback = directive->min == 6 ? &from->fallback6 : &from->fallback;

	if (fallback->host != NULL)
		print_one_fallback(out, indent, directive, fallback);
}

static void
print_nexts(GString *out, const char *indent, const LdirDirective *directive, const LdirSettings *from)
{
	const GPtrArray *nexts = directive->min == 6 ? from->nexts6 : from->nexts;

	for (guint i = 0; i < nexts->len; i++)
		print_one_fallback(out, indent, directive, nexts->pdata[i]);
}

/* NULL: printed elsewhere */
static Printer *const printers[LDIR_N_KINDS] = {
	[LDIR_KIND_SECONDS] = print_seconds,
	[LDIR_KIND_NUMBER] = print_number,
	[LDIR_KIND_PORT] = print_number,
	[LDIR_KIND_SWITCH] = print_switch,
	[LDIR_KIND_SUPERVISED] = print_switch,
	[LDIR_KIND_QUOTED] = print_quoted,
	[LDIR_KIND_PATTERN] = print_quoted,
	[LDIR_KIND_UNQUOTED] = print_quoted,
	[LDIR_KIND_COMMAND] = print_command,
	[LDIR_KIND_TEXT] = print_text,
	[LDIR_KIND_LIST] = print_list,
	[LDIR_KIND_HOST] = print_text,
	[LDIR_KIND_STATUS] = print_status,
	[LDIR_KIND_CHECKTYPE] = print_checktype,
	[LDIR_KIND_SERVICE] = print_service,
	[LDIR_KIND_METHOD] = print_method,
	[LDIR_KIND_VERIFY] = print_verify,
	[LDIR_KIND_VERSION] = print_version,
	[LDIR_KIND_SCHEDULER] = print_text,
	[LDIR_KIND_NETMASK] = print_text,
	[LDIR_KIND_FLAGS] = print_text,
	[LDIR_KIND_SYNC] = print_text,
	[LDIR_KIND_FLAPMAX] = print_text,
	[LDIR_KIND_CODES] = print_text,
	[LDIR_KIND_HEADER] = print_headers,
	[LDIR_KIND_BODY] = print_quoted,
	[LDIR_KIND_FALLBACK] = print_fallback,
	[LDIR_KIND_NEXTFALLBACK] = print_nexts,
	[LDIR_KIND_CHECK] = print_checks,
};

/* Its words as they would stand in lines of their own, in one. */
static void
print_check(GString *out, const char *indent, const LdirDirective *directive, const LdirCheckLine *line)
{
	const LdirVirtual *as = line->as;
	g_autoptr(GString) words = g_string_new(NULL);

	for (guint i = 0; i < ldir_n_directives; i++)
		if (!g_ptr_array_find(line->words, &ldir_directives[i], NULL))
			continue;
		else if (ldir_directives[i].kind == LDIR_KIND_PROTOCOL)
			g_string_append_printf(words, " protocol=%s\n", ldir_protocol_name(ldir_virtual_protocol(as)));
		else
			printers[ldir_directives[i].kind](words, " ", &ldir_directives[i], &as->own);
	g_string_append_printf(out, "%s%s=%s", indent, directive->name, ldir_check_name(ldir_virtual_check(as)));
	for (const char *p = words->str; *p != '\0'; p++)
		if (*p != '\n')
			g_string_append_c(out, *p);
	g_string_append_c(out, '\n');
}

static void
print_settings(GString *out, const char *indent, guint where, const LdirSettings *from)
{
	for (guint i = 0; i < ldir_n_directives; i++) {
		const LdirDirective *directive = &ldir_directives[i];

		if ((directive->where & where) != 0 && printers[directive->kind] != NULL)
			printers[directive->kind](out, indent, directive, from);
	}
}

static void
print_real(GString *out, const LdirReal *real)
{
	g_autofree char *addr = ldir_address_text(&real->addr);

	g_string_append_printf(out, "\treal%s=%s", real->addr.family == AF_INET6 ? "6" : "", addr);
	if (real->port > 0)
		g_string_append_printf(out, ":%u", real->port);
	g_string_append_printf(out, " %s %u", ldir_forward_name(real->forward), real->weight);
	if (real->request != NULL)
		g_string_append_printf(out, " \"%s\",\"%s\"", real->request, real->receive);
	if (real->lower > 0)
		g_string_append_printf(out, " l:%u", real->lower);
	if (real->upper > 0)
		g_string_append_printf(out, " u:%u", real->upper);
	g_string_append_c(out, '\n');
}

static void
print_virtual(GString *out, const LdirVirtual *vs)
{
	const char *six = vs->family == AF_INET6 ? "6" : "";

	if (vs->is_mark) {
		g_string_append_printf(out, "virtual%s=%u\n", six, vs->mark);
	} else {
		g_autofree char *addr = ldir_address_text(&vs->addr);

		g_string_append_printf(out, "virtual%s=%s:%u\n", six, addr, vs->port);
	}
	for (guint i = 0; i < vs->reals->len; i++)
		print_real(out, vs->reals->pdata[i]);
	g_string_append_printf(out, "\tprotocol=%s\n", ldir_protocol_name(ldir_virtual_protocol(vs)));
	print_settings(out, "\t", LDIR_IN_SECTION, &vs->own);
}

char *
ldir_conf_print(const LdirConfig *config)
{
	GString *out = g_string_new(NULL);

	print_settings(out, "", LDIR_IN_GLOBAL, &config->global);
	for (guint i = 0; i < config->virtuals->len; i++)
		print_virtual(out, config->virtuals->pdata[i]);
	return g_string_free(out, FALSE);
}
