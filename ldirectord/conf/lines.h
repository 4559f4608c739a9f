/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lines.h - the bytes of ldirectord.cf as lines, and what of a line counts (doc/ldirectord.md 2.1).
 *
 * Pure.
 */
#ifndef LDIR_LINES_H
#define LDIR_LINES_H

#include <glib.h>

#define LDIR_BLANKS   " \t"
#define LDIR_TEXT_LINE_MAX (1 << 20)    /* octets; longer ones are refused */

typedef struct {
	const char *p;
	const char *end;
	guint number;           /* of the line returned last, from 1 */
} LdirLines;

/* A byte order mark at the beginning is skipped. */
void ldir_lines_init(LdirLines *lines, GBytes *bytes);

/* The next line without its end, "\n" or "\r\n" (transfer full), or NULL. @ret_bad: NULL, or why
 * this is not a line of text (static); the rest of it is left out. */
char *ldir_lines_next(LdirLines *lines, const char **ret_bad);

gboolean ldir_line_is_blank(const char *line);
gboolean ldir_line_is_comment(const char *line);

/* Cuts off the comment that a blank and '#' begin outside of double quotes. */
void ldir_line_cut_comment(char *line);

typedef enum {
	LDIR_BODY_END,          /* the section ends here */
	LDIR_BODY_COMMENT,
	LDIR_BODY_TEXT
} LdirBody;

/* Judges a line of a section. TEXT: @ret_text is what follows the indentation, without comment,
 * tabs made four blanks (transfer full); @ret_hash: there is a '#' within its quotes. */
LdirBody ldir_line_body(const char *line, char **ret_text, gboolean *ret_hash);

/* Cuts blanks off the end, in place; returns @text. */
char *ldir_trim_end(char *text);

#endif
