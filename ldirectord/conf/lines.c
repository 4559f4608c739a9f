/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "ldirectord/conf/lines.h"
#include "util/banned.h"

#define INDENT 4                /* blanks that make a line part of a section; a tab is as many */

void
ldir_lines_init(LdirLines *lines, GBytes *bytes)
{
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);

	*lines = (LdirLines){ .p = data, .end = data + len };
	if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		lines->p += 3;
}

char *
ldir_lines_next(LdirLines *lines, const char **ret_bad)
{
	gsize left = (gsize)(lines->end - lines->p);
	const char *newline = left > 0 ? memchr(lines->p, '\n', left) : NULL;
	gsize len = newline != NULL ? (gsize)(newline - lines->p) : left;
	const char *from = lines->p;

	*ret_bad = NULL;
	if (left == 0)
		return NULL;
	lines->number++;
	lines->p += len + (newline != NULL);
	if (len > 0 && from[len - 1] == '\r')
		len--;
	if (memchr(from, '\0', len) != NULL)
		*ret_bad = "a zero byte: this is not a file of text";
	else if (len > LDIR_TEXT_LINE_MAX)
		*ret_bad = "line is longer than 1048576 characters";
	return g_strndup(from, MIN(len, LDIR_TEXT_LINE_MAX));
}

gboolean
ldir_line_is_blank(const char *line)
{
	return line[strspn(line, " \t\r\f\v")] == '\0';
}

gboolean
ldir_line_is_comment(const char *line)
{
	return line[strspn(line, " \t\r\f\v")] == '#';
}

char *
ldir_trim_end(char *text)
{
	for (gsize len = strlen(text); len > 0 && strchr(" \t\r\f\v", text[len - 1]) != NULL; len--)
		text[len - 1] = '\0';
	return text;
}

/* Where a comment begins, or NULL. A quote that is never closed does not shelter a '#'. */
static char *
find_comment(char *line, gboolean needs_blank, gboolean *ret_hash)
{
	*ret_hash = FALSE;
	for (char *p = line; *p != '\0'; p++) {
		char *close = *p == '"' ? strchr(p + 1, '"') : NULL;

		if (*p == '#' && (!needs_blank || p == line || strchr(LDIR_BLANKS, p[-1]) != NULL))
			return p;
		if (close == NULL)
			continue;
		*ret_hash |= memchr(p, '#', (gsize)(close - p)) != NULL;
		p = close;
	}
	return NULL;
}

void
ldir_line_cut_comment(char *line)
{
	gboolean hash;
	char *comment = find_comment(line, TRUE, &hash);

	if (comment != NULL)
		*comment = '\0';
}

static char *
expand_tabs(const char *line)
{
	GString *out = g_string_sized_new(strlen(line) + 16);

	for (; *line != '\0'; line++)
		if (*line == '\t')
			g_string_append(out, "    ");
		else
			g_string_append_c(out, *line);
	return g_string_free(out, FALSE);
}

LdirBody
ldir_line_body(const char *line, char **ret_text, gboolean *ret_hash)
{
	g_autofree char *text = NULL;
	char *comment;
	gsize indent;

	if (ldir_line_is_comment(line))
		return LDIR_BODY_COMMENT;
	text = expand_tabs(line);
	comment = find_comment(text, FALSE, ret_hash);
	if (comment != NULL)
		*comment = '\0';
	indent = strspn(text, " ");
	if (indent < INDENT || strlen(text) <= INDENT)
		return LDIR_BODY_END;
	*ret_text = g_strdup(text + indent);
	return LDIR_BODY_TEXT;
}
