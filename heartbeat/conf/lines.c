/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "conf/lines.h"
#include "util/banned.h"

static guint
count_lines(const char *from, const char *to)
{
	guint n = 1;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

/* What editors of other systems put before the first line. It cannot be seen, and would be a part of the first word. */
static const struct {
	const char *bytes;
	const char *fault;
} marks[] = {
	{ "\xef\xbb\xbf", "starts with a byte order mark: save as plain UTF-8 without it" },
	{ "\xff\xfe", "is UTF-16: save as plain UTF-8 without a byte order mark" },
	{ "\xfe\xff", "is UTF-16: save as plain UTF-8 without a byte order mark" },
};

const char *
hb_lines_init(HbLines *lines, GBytes *bytes, gsize max)
{
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);
	const char *zero = len > 0 ? memchr(data, '\0', len) : NULL;

	*lines = (HbLines){ .p = data, .end = data + len, .max = max };
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
		gsize mark_len = strlen(marks[i].bytes);

		if (len < mark_len || memcmp(data, marks[i].bytes, mark_len) != 0)
			continue;
		lines->number = 1;
		return marks[i].fault;
	}
	if (zero == NULL)
		return NULL;
	lines->number = count_lines(data, zero);
	return "a zero byte: this is not a text file";
}

char *
hb_lines_next(HbLines *lines)
{
	gsize left = (gsize)(lines->end - lines->p);
	const char *newline = left > 0 ? memchr(lines->p, '\n', left) : NULL;
	gsize len = newline != NULL ? (gsize)(newline - lines->p) : left;
	char *line;

	if (left == 0)
		return NULL;
	if (!lines->in_tail)
		lines->number++;
	lines->was_cut = lines->max > 0 && len > lines->max;
	lines->in_tail = lines->was_cut;
	if (lines->was_cut)
		len = lines->max;
	line = g_strndup(lines->p, len);
	lines->p += len + (lines->was_cut || newline == NULL ? 0 : 1);
	return line;
}

gboolean
hb_line_strip_comment(char *line)
{
	char *comment = strchr(line, '#');
	gsize len;

	if (comment != NULL)
		*comment = '\0';
	for (len = strlen(line); len > 0 && strchr(HB_BLANKS, line[len - 1]) != NULL; len--)
		line[len - 1] = '\0';
	return comment != NULL;
}

char **
hb_line_words(const char *text, const char *separators)
{
	GPtrArray *words = g_ptr_array_new();

	for (const char *p = text; *(p += strspn(p, separators)) != '\0';) {
		gsize len = strcspn(p, separators);

		g_ptr_array_add(words, g_strndup(p, len));
		p += len;
	}
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_free(words, FALSE);
}

char *
hb_line_first_word(const char *text, const char **ret_rest)
{
	const char *word = text + strspn(text, HB_BLANKS);
	gsize len = strcspn(word, HB_BLANKS);

	*ret_rest = word + len + strspn(word + len, HB_BLANKS);
	return g_strndup(word, len);
}
