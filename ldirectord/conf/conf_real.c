/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_real.c - the shape of real= (doc/ldirectord.md 2.2).
 *
 * 4.12 searches the parts of the line one after the other, each behind the last one found; which
 * lines it takes follows from that order. Names are resolved when the section is complete.
 */
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/conf/conf_parts.h"
#include "ldirectord/conf/lines.h"
#include "util/banned.h"

#define DIGITS     "0123456789"
#define WORD       DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
#define WEIGHT_MAX G_MAXINT32

#define REAL_FORM  "write real=ADDRESS:PORT gate|masq|ipip [WEIGHT] [\"REQUEST\",\"RECEIVE\"] [l:N] [u:N]"

void
ldir_real_line_free(gpointer data)
{
	LdirRealLine *line = data;

	if (line == NULL)
		return;
	g_free(line->text);
	g_free(line->host);
	g_free(line->end_host);
	g_free(line->port_text);
	g_free(line->tail);
	g_free(line->request);
	g_free(line->receive);
	ldir_pattern_free(line->pattern);
	g_free(line);
}
gboolean
ldir_word_forward(const char **p, LdirForward *ret_forward)
{
	const char *from = *p + strcspn(*p, WORD);
	gsize len = strspn(from, WORD);

	for (int i = LDIR_FORWARD_GATE; i <= LDIR_FORWARD_IPIP; i++) {
		const char *name = ldir_forward_name((LdirForward)i);

		if (strlen(name) == len && strncmp(name, from, len) == 0) {
			*p = from + len;
			*ret_forward = (LdirForward)i;
			return TRUE;
		}
	}
	return FALSE;
}

/* @tag and digits behind a blank; @ret_digits points at these. NULL: there is none */
static const char *
find_tagged(const char *text, const char *tag, const char **ret_digits)
{
	gsize len = strlen(tag);

	for (const char *p = text; *p != '\0'; p++) {
		if (strchr(LDIR_BLANKS, *p) == NULL || strncmp(p + 1, tag, len) != 0 || !g_ascii_isdigit(p[1 + len]))
			continue;
		*ret_digits = p + 1 + len;
		return p;
	}
	return NULL;
}

/* Takes "TAG N" behind *@p, which moves behind it. FALSE: it is there and too large. */
static gboolean
take_number(LdirReader *reader, const char **p, const char *tag, const char *what, guint32 *ret_number)
{
	g_autofree char *text = NULL;
	const char *digits = NULL;
	guint64 number;

	if (find_tagged(*p, tag, &digits) == NULL)
		return TRUE;
	*p = digits + strspn(digits, DIGITS);
	text = g_strndup(digits, (gsize)(*p - digits));
	if (!g_ascii_string_to_unsigned(text, 10, 0, WEIGHT_MAX, &number, NULL)) {
		ldir_error(reader, "the kernel takes up to 2147483647", "invalid %s for real server: %s", what, text);
		return FALSE;
	}
	*ret_number = (guint32)number;
	return TRUE;
}

static gboolean
take_pair(LdirReader *reader, const char **p, LdirRealLine *line)
{
	g_autoptr(GMatchInfo) match = NULL;
	gint end;

	if (!g_regex_match(reader->real_pair, *p, 0, &match))
		return TRUE;
	g_match_info_fetch_pos(match, 0, NULL, &end);
	line->request = g_match_info_fetch(match, 1);
	line->receive = g_match_info_fetch(match, 2);
	*p += end;
	if (line->request[0] == '/')
		ldir_warn(reader, NULL, "request \"%s\" and receive \"%s\" of this server count; ldirectord 4.12 ignored them for the slash",
		          line->request, line->receive);
	line->pattern = ldir_value_pattern(reader, "receive", line->receive);
	return line->pattern != NULL;
}

static gboolean
take_thresholds(LdirReader *reader, const char **p, LdirRealLine *line)
{
	const char *digits;
	const char *lower = find_tagged(*p, "l:", &digits);
	const char *upper = find_tagged(*p, "u:", &digits);
	gboolean is_swapped = lower != NULL && upper != NULL && upper < lower;

	if (is_swapped) {
		ldir_warn(reader, "write l:N u:N", "ldirectord 4.12 loses u: in front of l:");
		return take_number(reader, p, "u:", "upper threshold", &line->upper) &&
			take_number(reader, p, "l:", "lower threshold", &line->lower);
	}
	return take_number(reader, p, "l:", "lower threshold", &line->lower) &&
		take_number(reader, p, "u:", "upper threshold", &line->upper);
}

gboolean
ldir_real_parse_tail(LdirReader *reader, LdirRealLine *line)
{
	const char *p = line->tail;

	if (!ldir_word_forward(&p, &line->forward)) {
		ldir_error(reader, REAL_FORM, "forward method must be gate, masq or ipip");
		return FALSE;
	}
	if (!take_number(reader, &p, "", "weight", &line->weight) || !take_pair(reader, &p, line) ||
	    !take_thresholds(reader, &p, line))
		return FALSE;
	if (!ldir_line_is_blank(p)) {
		ldir_error(reader, REAL_FORM, "Invalid real server line, around \"%s\"", p);
		return FALSE;
	}
	if (line->lower > line->upper) {
		ldir_error(reader, "write l:N u:M with M at least N",
		           "lower threshold %u above the upper threshold %u, which the kernel refuses", line->lower, line->upper);
		return FALSE;
	}
	return TRUE;
}

gboolean
ldir_family_fits(LdirReader *reader, const LdirDirective *directive)
{
	const char *base = directive->kind == LDIR_KIND_REAL ? "real" : directive->kind == LDIR_KIND_FALLBACK ? "fallback" : "nextfallback";

	if (!reader->is_open || (directive->min == 6) == reader->is_six)
		return TRUE;
	ldir_error(reader, NULL, "cannot specify \"%s\" here.  please use \"%s%s\" instead", directive->name, base,
	           directive->min == 6 ? "" : "6");
	return FALSE;
}

/* As @line stands in the file: is there a blank behind its text, or in front of its comment? */
static gboolean
has_blank_behind(const char *line)
{
	const char *end = line + strcspn(line, "#");

	return end > line && strchr(LDIR_BLANKS, end[-1]) != NULL;
}

/* 4.12 looks at these lines when it has read the whole section. */
void
ldir_real_read(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	LdirRealLine *line;

	(void)out;
	if (!ldir_family_fits(reader, directive))
		return;
	line = g_new0(LdirRealLine, 1);
	line->line = reader->line;
	line->text = g_strdup(value);
	line->has_blank = has_blank_behind(reader->raw);
	line->weight = 1;
	g_ptr_array_add(reader->real_lines, line);
}

/* An address alone; with a blank behind it 4.12 misses what comes next. */
static void
say_wrong_shape(LdirReader *reader, const LdirRealLine *line)
{
	g_autofree char *text = g_strconcat(line->text, " ", NULL);

	if (line->has_blank && g_regex_match(reader->real_shape, text, 0, NULL))
		ldir_error(reader, REAL_FORM, "forward method must be gate, masq or ipip");
	else
		ldir_error(reader, REAL_FORM, "invalid address for real server (wrong format)");
}

gboolean
ldir_real_parse_place(LdirReader *reader, LdirRealLine *line)
{
	g_autoptr(GMatchInfo) match = NULL;
	const char *text = line->text;
	gint start;

	if (!g_regex_match(reader->real_shape, text, 0, &match)) {
		say_wrong_shape(reader, line);
		return FALSE;
	}
	g_match_info_fetch_pos(match, 0, &start, NULL);
	if (start >= 2 && text[start - 1] == ':' && text[start - 2] == ':' && !reader->is_six) {
		ldir_error(reader, "write one colon in front of the port", "invalid address for real server (two colons)");
		return FALSE;
	}
	if (start > 0)
		ldir_warn(reader, "begin with the address", "text in front of \"%s\" is ignored: %.*s", text + start, start, text);
	line->host = g_match_info_fetch(match, 1);
	line->end_host = g_match_info_fetch(match, 2);
	line->port_text = g_match_info_fetch(match, 3);
	if (line->end_host[0] == '\0')
		g_clear_pointer(&line->end_host, g_free);
	if (line->port_text[0] == '\0')
		g_clear_pointer(&line->port_text, g_free);
	line->tail = g_match_info_fetch(match, 4);
	return TRUE;
}
