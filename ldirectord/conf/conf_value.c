/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_value.c - values of directives by their kind: numbers, yes and no, texts.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ldirectord/conf/conf_parts.h"
#include "ldirectord/conf/lines.h"
#include "util/banned.h"
#include "util/time.h"

#define SHORTEST_MS 10

typedef void ValueReader(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out);

static gint64 *
number_in(LdirSettings *out, const LdirDirective *directive)
{
	return (gint64 *)(void *)((char *)out + directive->target);
}

static char **
text_in(LdirSettings *out, const LdirDirective *directive)
{
	return (char **)(void *)((char *)out + directive->target);
}

static void
set_text(LdirSettings *out, const LdirDirective *directive, char *text)
{
	char **target = text_in(out, directive);

	g_free(*target);
	*target = text;
}

void
ldir_value_bad(LdirReader *reader, const LdirDirective *directive, const char *advice)
{
	const char *text = reader->is_open ? directive->bad_section : directive->bad_global;

	g_assert(text != NULL);
	ldir_error(reader, advice, "%s", text);
}

void
ldir_value_trailing(LdirReader *reader, const LdirDirective *directive, const char *value, const char *used)
{
	ldir_warn(reader, "one directive a line, and nothing but its value", "%s: of \"%s\" only \"%s\" counts, the rest is ignored",
	          directive->name, value, used);
}

/* The first run of digits, as 4.12 takes it; FALSE: there is none. @ret_used: (transfer full) */
static gboolean
first_number(const char *value, gint64 *ret_number, char **ret_used)
{
	const char *from = value + strcspn(value, "0123456789");
	gsize len = strspn(from, "0123456789");
	guint64 number;

	if (len == 0)
		return FALSE;
	*ret_used = g_strndup(from, len);
	if (!g_ascii_string_to_unsigned(*ret_used, 10, 0, G_MAXUINT32, &number, NULL))
		number = G_MAXUINT32;
	*ret_number = (gint64)number;
	return TRUE;
}

/* "00" is true to 4.12, and then 0: no limit of time, or a program that dies at the first ping. TRUE: said. */
static gboolean
is_zeros(LdirReader *reader, const LdirDirective *directive, const char *used)
{
	guint flag = reader->is_open ? LDIR_FLAG_ZEROS_V : LDIR_FLAG_ZEROS_G;

	if ((directive->flags & flag) == 0 || strlen(used) < 2 || used[strspn(used, "0")] != '\0')
		return FALSE;
	ldir_warn(reader, "leave the line out", "%s: %s is no number of its own, the line is ignored", directive->name, used);
	return TRUE;
}

static gboolean
read_number(LdirReader *reader, const LdirDirective *directive, const char *value, gint64 *ret_number)
{
	g_autofree char *used = NULL;
	g_autofree char *advice = NULL;
	gint64 number;

	if (!first_number(value, &number, &used)) {
		advice = g_strdup_printf("write %s=N with a whole number from %" G_GINT64_FORMAT, directive->name, directive->min);
		ldir_value_bad(reader, directive, advice);
		return FALSE;
	}
	if (is_zeros(reader, directive, used))
		return FALSE;
	if (number < directive->min || number > directive->max) {
		advice = g_strdup_printf("%s is a number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
		                         directive->name, directive->min, directive->max);
		ldir_value_bad(reader, directive, advice);
		return FALSE;
	}
	if (strcmp(used, value) != 0)
		ldir_value_trailing(reader, directive, value, used);
	*ret_number = number;
	return TRUE;
}

static void
read_plain_number(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	if (!read_number(reader, directive, value, number_in(out, directive)))
		return;
	if (strcmp(directive->name, "checkcount") == 0)
		ldir_warn(reader, NULL, "checkcount option is deprecated and slated for removal.  please see 'failurecount'");
}

/* "500ms"; FALSE: it is no such text, or too short a time to be meant */
static gboolean
read_milliseconds(const char *value, gint64 *ret_ms)
{
	gsize len = strspn(value, "0123456789");
	g_autofree char *digits = g_strndup(value, len);
	guint64 number;

	if (strcmp(value + len, "ms") != 0 || !g_ascii_string_to_unsigned(digits, 10, SHORTEST_MS, G_MAXUINT32, &number, NULL))
		return FALSE;
	*ret_ms = (gint64)number;
	return TRUE;
}

static void
read_seconds(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	gint64 seconds;

	if ((directive->flags & LDIR_FLAG_DIGIT) != 0 && !g_ascii_isdigit(value[0])) {
		ldir_value_bad(reader, directive, "begin with the number");
		return;
	}
	if ((directive->flags & LDIR_FLAG_MS) != 0 && read_milliseconds(value, number_in(out, directive)))
		return;
	if (read_number(reader, directive, value, &seconds))
		*number_in(out, directive) = seconds * HB_MS_PER_S;
}

static void
read_port(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	if (strcspn(value, "0123456789") == strlen(value))
		ldir_error(reader, "write checkport=N, a number from 1 to 65535", "invalid port");
	else
		(void)read_number(reader, directive, value, number_in(out, directive));
}

static void
read_switch(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	if (strcmp(value, "yes") == 0)
		*number_in(out, directive) = 1;
	else if (strcmp(value, "no") == 0)
		*number_in(out, directive) = 0;
	else if (strcmp(value, "service") == 0 && directive->max == LDIR_FALLBACKS_AS_SERVERS)
		*number_in(out, directive) = LDIR_FALLBACKS_AS_SERVERS;
	else
		ldir_error(reader, directive->max == LDIR_FALLBACKS_AS_SERVERS ? "or 'service'; in small letters, without quotes"
		                                                               : "in small letters, without quotes",
		           "%s must be 'yes' or 'no'", directive->name);
}

/* Could @path be opened for appending? It is not made. 0, or why not, as errno has it. */
static int
why_not_written(const char *path)
{
	g_autofree char *dir = g_path_get_dirname(path);
	gboolean is_there = access(path, F_OK) == 0;

	if (path[0] == '\0')
		return ENOENT;
	if (is_there && g_file_test(path, G_FILE_TEST_IS_DIR))
		return EISDIR;
	return access(is_there ? path : dir, W_OK) == 0 ? 0 : errno;
}

/* "text" at the beginning of @value, up to its last quote (transfer full), or NULL. */
static char *
quoted_text(const char *value, const char **ret_rest)
{
	const char *last = strrchr(value, '"');

	if (value[0] != '"' || last == value)
		return NULL;
	*ret_rest = last + 1;
	return g_strndup(value + 1, (gsize)(last - value - 1));
}

char *
ldir_value_quoted(LdirReader *reader, const LdirDirective *directive, const char *value)
{
	g_autofree char *advice = g_strdup_printf("write %s=\"...\" with double quotes around the value", directive->name);
	const char *rest = "";
	g_autofree char *text = quoted_text(value, &rest);

	if (text == NULL) {
		ldir_error(reader, advice, reader->is_open ? "Unknown command \"%s\"" : "Unknown command %s", reader->raw);
		return NULL;
	}
	if ((text[0] == '\0' && directive->min > 0) || (directive->min > 1 && ldir_line_is_blank(text))) {
		ldir_value_bad(reader, directive, advice);
		return NULL;
	}
	if (!ldir_line_is_blank(rest))
		ldir_warn(reader, NULL, "%s: text behind the closing quote is ignored: %s", directive->name, rest);
	return g_steal_pointer(&text);
}

static void
read_quoted(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	char *text = ldir_value_quoted(reader, directive, value);

	if (text == NULL)
		return;
	set_text(out, directive, text);
	/* a name without a slash is a facility of syslog */
	if (reader->input->with_system && strcmp(directive->name, "logfile") == 0 && text[0] == '/' && why_not_written(text) != 0)
		ldir_error(reader, "name a file in a directory that is there", "unable to open logfile: %s", text);
}

/* What is in quotes at its beginning, up to the last one; any other value as it stands, whatever quotes are in it (transfer full) */
static char *
unquoted(LdirReader *reader, const LdirDirective *directive, const char *value)
{
	const char *rest = "";
	char *text = quoted_text(value, &rest);

	if (text != NULL && !ldir_line_is_blank(rest))
		ldir_value_trailing(reader, directive, value, text);
	return text != NULL ? text : g_strdup(value);
}

/* Without the quote it begins with, and up to the next one, whatever follows (transfer full) */
static char *
quoted_once(LdirReader *reader, const LdirDirective *directive, const char *value)
{
	const char *from = value[0] == '"' ? value + 1 : value;
	gsize len = strcspn(from, "\"");
	char *text = g_strndup(from, len);

	if (from[len] == '"' && !ldir_line_is_blank(from + len + 1))
		ldir_value_trailing(reader, directive, value, text);
	return text;
}

static void
read_unquoted(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	gboolean is_file = strcmp(directive->name, "monitorfile") == 0;
	char *text = (is_file ? unquoted : quoted_once)(reader, directive, value);
	g_autofree char *as_read = g_strdup(text);
	int why = 0;

	set_text(out, directive, is_file ? g_strstrip(text) : text);
	if (reader->input->with_system && is_file)
		why = why_not_written(text);
	if (why != 0)
		ldir_error(reader, "name a file in a directory that is there", "unable to open monitorfile %s: %s", as_read, g_strerror(why));
}

/* Not one pair of quotes around all of it: the shell, or who reads the addresses, has a use for them. A section's commands are cut. */
static gboolean
keeps_quotes(const LdirReader *reader, const LdirDirective *directive, const char *value)
{
	const char *second = value[0] == '"' ? strchr(value + 1, '"') : NULL;

	return second != NULL && second[1] != '\0' && (!reader->is_open || strcmp(directive->name, "emailalert") == 0);
}

static void
read_command(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	g_autofree char *text = keeps_quotes(reader, directive, value) ? g_strdup(value) : unquoted(reader, directive, value);
	g_autofree char *advice = NULL;

	/* 4.12 takes an empty pair of quotes outside of sections for a command, and a lone quote for what it was meant to begin */
	if (strcmp(value, "\"") == 0) {
		text[0] = '\0';
		ldir_warn(reader, "leave the line out", "%s without a value is ignored", directive->name);
	} else if (text[0] == '\0' && (value[0] == '\0' || reader->is_open || strcmp(directive->name, "fallbackcommand") != 0)) {
		advice = g_strdup_printf("write a value behind %s=, or leave the line out", directive->name);
		ldir_value_bad(reader, directive, advice);
		return;
	}
	set_text(out, directive, text[0] != '\0' ? g_steal_pointer(&text) : NULL);
}

static void
read_text(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	if (value[0] == '\0' && directive->min > 0) {
		ldir_value_bad(reader, directive, "write a value, or leave the line out");
		return;
	}
	set_text(out, directive, g_strdup(value));
	if (reader->input->with_system && strcmp(directive->name, "maintenancedir") == 0 &&
	    !g_file_test(value, G_FILE_TEST_IS_DIR))
		ldir_warn(reader, "make it, or leave the line out", "maintenance directory does not exist");
}

static void
read_list(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	if (value[0] == '\0')
		ldir_warn(reader, "name another configuration", "%s without a value is ignored", directive->name);
	else
		g_ptr_array_add(out->execute, g_strdup(value));
}

static void
read_host(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	gsize len = strspn(value, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._+-");
	g_autofree char *host = g_strndup(value, len);

	if (len == 0) {
		ldir_value_bad(reader, directive, "write a name or an IPv4 address, without quotes");
		return;
	}
	if (value[len] != '\0')
		ldir_value_trailing(reader, directive, value, host);
	set_text(out, directive, g_steal_pointer(&host));
}

static void
read_refused(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	(void)value, (void)out;
	ldir_value_bad(reader, directive, "write the directive named here");
}

static ValueReader *const readers[LDIR_N_KINDS] = {
	[LDIR_KIND_SECONDS] = read_seconds,
	[LDIR_KIND_NUMBER] = read_plain_number,
	[LDIR_KIND_PORT] = read_port,
	[LDIR_KIND_SWITCH] = read_switch,
	[LDIR_KIND_SUPERVISED] = read_switch,
	[LDIR_KIND_QUOTED] = read_quoted,
	[LDIR_KIND_PATTERN] = ldir_pattern_read,
	[LDIR_KIND_UNQUOTED] = read_unquoted,
	[LDIR_KIND_COMMAND] = read_command,
	[LDIR_KIND_TEXT] = read_text,
	[LDIR_KIND_LIST] = read_list,
	[LDIR_KIND_HOST] = read_host,
	[LDIR_KIND_STATUS] = ldir_word_status,
	[LDIR_KIND_CHECKTYPE] = ldir_word_checktype,
	[LDIR_KIND_SERVICE] = ldir_word_service,
	[LDIR_KIND_PROTOCOL] = ldir_word_protocol,
	[LDIR_KIND_METHOD] = ldir_word_method,
	[LDIR_KIND_VERIFY] = ldir_word_verify,
	[LDIR_KIND_VERSION] = ldir_word_version,
	[LDIR_KIND_SCHEDULER] = ldir_word_scheduler,
	[LDIR_KIND_NETMASK] = ldir_word_netmask,
	[LDIR_KIND_FLAGS] = ldir_word_flags,
	[LDIR_KIND_SYNC] = ldir_word_sync,
	[LDIR_KIND_FLAPMAX] = ldir_word_flapmax,
	[LDIR_KIND_CODES] = ldir_word_codes,
	[LDIR_KIND_HEADER] = ldir_header_read,
	[LDIR_KIND_BODY] = ldir_body_read,
	[LDIR_KIND_FALLBACK] = ldir_fallback_read,
	[LDIR_KIND_NEXTFALLBACK] = ldir_fallback_read,
	[LDIR_KIND_REAL] = ldir_real_read,
	[LDIR_KIND_CHECK] = ldir_check_read,
	[LDIR_KIND_REFUSED] = read_refused,
};

void
ldir_value_read(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	readers[directive->kind](reader, directive, value, out);
}
