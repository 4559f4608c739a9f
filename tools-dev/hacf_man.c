/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hacf_man.c - keeps the list of directives in ha.cf(5) equal to the table in hacf.def.
 *
 *   hacf-man --write FILE      writes the list into the manual page, between its two marks
 *   hacf-man                   (a test) is the list in $HB_SRCDIR/doc/ha.cf.5 the one of the table?
 */
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "conf/hacf.h"
#include "util/banned.h"

#define BEGIN_MARK ".\\\" begin of the list made from hacf.def\n"
#define END_MARK   ".\\\" end of the list made from hacf.def\n"

/* Text as troff takes it: no line begins with a dot, a backslash or hyphen is itself. */
static void
append_escaped(GString *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			g_string_append(out, "\\e");
		else if (*text == '-')
			g_string_append(out, "\\-");
		else
			g_string_append_c(out, *text);
	}
}

static void
append_row(GString *out, const HbDirective *row)
{
	g_auto(GStrv) legal = g_strsplit(row->legal, "|", -1);
	g_autofree char *values = g_strjoinv(" | ", legal);

	g_string_append(out, ".TP\n.B ");
	append_escaped(out, row->name);
	g_string_append(out, " ");
	append_escaped(out, values);
	g_string_append(out, "\n");
	append_escaped(out, row->sentence);
	g_string_append(out, "\n");
	if (row->fallback != NULL) {
		g_string_append(out, "Default: ");
		append_escaped(out, row->fallback + (row->fallback[0] == '=' ? 1 : 0));
		g_string_append(out, ".\n");
	}
	if ((row->flags & HB_DIRECTIVE_RESTART) != 0)
		g_string_append(out, "A change needs a restart.\n");
}

/* The page with the table's list between its marks (transfer full), or NULL: no marks. */
static char *
renew(const char *page)
{
	const char *begin = strstr(page, BEGIN_MARK);
	const char *end = strstr(page, END_MARK);
	GString *out;

	if (begin == NULL || end == NULL)
		return NULL;
	begin += strlen(BEGIN_MARK);
	out = g_string_new_len(page, begin - page);
	for (int i = 0; i < HB_HACF_N; i++)
		append_row(out, &hb_directives[i]);
	g_string_append(out, end);
	return g_string_free(out, FALSE);
}

int
main(int argc, char **argv)
{
	gboolean writes = argc == 3 && strcmp(argv[1], "--write") == 0;
	const char *top = g_getenv("HB_SRCDIR");
	g_autofree char *path = writes ? g_strdup(argv[2])
	                               : g_build_filename(top != NULL ? top : ".", "doc", "ha.cf.5", NULL);
	g_autofree char *page = NULL;
	g_autofree char *wanted = NULL;

	if (!g_file_get_contents(path, &page, NULL, NULL) || (wanted = renew(page)) == NULL) {
		fprintf(stderr, "%s cannot be read, or has no marks\n", path);
		return 1;
	}
	if (strcmp(page, wanted) == 0)
		return 0;
	if (writes && g_file_set_contents(path, wanted, -1, NULL))
		return 0;
	fprintf(stderr, "%s: the list of directives is not that of hacf.def; run tools-dev/hacf-man --write %s\n",
	        path, path);
	return 1;
}
