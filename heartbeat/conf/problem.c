/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * problem.c - what is wrong with a configuration, as data and as a line of text.
 */
#include <stdarg.h>
#include <string.h>

#include <glib.h>

#include "conf/report.h"
#include "util/banned.h"

#define PATH_SHOWN_MAX  400
#define VALUE_SHOWN_MAX 120
#define TEXT_SHOWN_MAX  800

/* Can @p, which begins a character, be seen? Blanks of other alphabets and marks without width cannot. */
static gboolean
is_hidden(const char *p)
{
	return ((guchar)*p & 0xc0) == 0xc0 && !g_unichar_isgraph(g_utf8_get_char(p));
}

/* A file may hold anything, a terminal must not be told all of it. (transfer full) */
static char *
printable(const char *text, gsize max)
{
	gboolean is_utf8 = g_utf8_validate(text, -1, NULL);
	GString *out = g_string_new(NULL);
	gboolean hidden = FALSE;

	for (const char *p = text; *p != '\0'; p++) {
		guchar c = (guchar)*p;

		if ((c & 0xc0) != 0x80)
			hidden = is_utf8 && is_hidden(p);
		if (out->len >= max && (c & 0xc0) != 0x80) {
			g_string_append(out, "...");
			break;
		}
		if (c < 0x20 || c == 0x7f || (c >= 0x80 && (hidden || !is_utf8)))
			g_string_append_printf(out, "\\x%02x", c);
		else
			g_string_append_c(out, (char)c);
	}
	return g_string_free(out, FALSE);
}

HbProblem *
hb_report(const HbReport *at, HbProblemKind kind, const char *value, const char *format, ...)
{
	g_autofree char *text = NULL;
	HbProblem *problem;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	problem = g_new0(HbProblem, 1);
	problem->kind = kind;
	problem->file = printable(at->file, PATH_SHOWN_MAX);
	problem->line = at->line;
	problem->directive = at->directive != NULL ? printable(at->directive, VALUE_SHOWN_MAX) : NULL;
	problem->value = value != NULL ? printable(value, VALUE_SHOWN_MAX) : NULL;
	problem->text = printable(text, TEXT_SHOWN_MAX);
	g_ptr_array_add(at->problems, problem);
	return problem;
}

void
hb_problem_free(gpointer data)
{
	HbProblem *problem = data;

	if (problem == NULL)
		return;
	g_free(problem->file);
	g_free(problem->directive);
	g_free(problem->value);
	g_free(problem->text);
	g_free(problem);
}

GPtrArray *
hb_problems_new(void)
{
	return g_ptr_array_new_with_free_func(hb_problem_free);
}

gboolean
hb_problems_have_error(const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++)
		if (((const HbProblem *)problems->pdata[i])->kind == HB_PROBLEM_ERROR)
			return TRUE;
	return FALSE;
}

char *
hb_problem_text(const HbProblem *problem)
{
	static const char *const kinds[] = {
		[HB_PROBLEM_ERROR] = "error",
		[HB_PROBLEM_WARNING] = "warning",
	};
	GString *out = g_string_new(problem->file);

	if (problem->line > 0)
		g_string_append_printf(out, ":%u", problem->line);
	g_string_append_printf(out, ": %s: ", kinds[problem->kind]);
	if (problem->directive != NULL)
		g_string_append(out, problem->directive);
	if (problem->value != NULL)
		g_string_append_printf(out, "%s%s", problem->directive != NULL ? " " : "", problem->value);
	if (problem->directive != NULL || problem->value != NULL)
		g_string_append(out, ": ");
	g_string_append(out, problem->text);
	return g_string_free(out, FALSE);
}
