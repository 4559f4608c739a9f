/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lines.h - the bytes of a file as lines and words (doc/config.md 1).
 *
 * Pure. A file with a zero byte or a byte order mark is not the text that it seems to be: hb_lines_init() says so.
 */
#ifndef HB_CONF_LINES_H
#define HB_CONF_LINES_H

#include <glib.h>

#define HB_LINE_MAX 5119                /* characters 3.0.6 takes of one line; the rest is the next line */
#define HB_BLANKS   " \t\f\r"

typedef struct {
	const char *p;
	const char *end;
	gsize max;
	guint number;           /* of the line returned last, from 1 */
	gboolean was_cut;       /* the line returned last was longer than max */
	gboolean in_tail;
} HbLines;

/* @max: characters after which a line is cut, 0: none. NULL, or why these bytes are no lines (static text): see the
 * line .number. */
const char *hb_lines_init(HbLines *lines, GBytes *bytes, gsize max);

/* The next line without its end, blanks included (transfer full), or NULL. */
char *hb_lines_next(HbLines *lines);

/* Cuts the comment off @line in place and the blanks at its end. TRUE: there was a comment. */
gboolean hb_line_strip_comment(char *line);

/* The words of @text between any of @separators (transfer full) */
char **hb_line_words(const char *text, const char *separators);

/* The first word of @text; @ret_rest: what follows it, blanks skipped (points into @text). (transfer full) */
char *hb_line_first_word(const char *text, const char **ret_rest);

#endif
