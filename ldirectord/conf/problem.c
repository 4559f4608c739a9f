/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>

#include <glib.h>

#include "ldirectord/conf/problem.h"
#include "util/banned.h"

#define TEXT_MAX 600

static void
problem_free(gpointer data)
{
	LdirProblem *problem = data;

	g_free(problem->text);
	g_free(problem->advice);
	g_free(problem);
}

GPtrArray *
ldir_problems_new(void)
{
	return g_ptr_array_new_with_free_func(problem_free);
}

/* A file may hold anything, a terminal must not be told all of it. (transfer full) */
static char *
printable(const char *text)
{
	gboolean is_utf8 = g_utf8_validate(text, -1, NULL);
	GString *out = g_string_new(NULL);

	for (const char *p = text; *p != '\0'; p++) {
		guchar c = (guchar)*p;

		if (out->len >= TEXT_MAX && (c & 0xc0) != 0x80) {
			g_string_append(out, "...");
			break;
		}
		if ((c < 0x20 && c != '\t') || c == 0x7f || (c >= 0x80 && !is_utf8))
			g_string_append_printf(out, "\\x%02x", c);
		else
			g_string_append_c(out, (char)c);
	}
	return g_string_free(out, FALSE);
}

void
ldir_problem_add(GPtrArray *problems, LdirProblemKind kind, guint line, const char *advice, const char *format, ...)
{
	g_autofree char *text = NULL;
	LdirProblem *problem = g_new0(LdirProblem, 1);
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	problem->kind = kind;
	problem->line = line;
	problem->text = printable(text);
	problem->advice = advice != NULL ? printable(advice) : NULL;
	g_ptr_array_add(problems, problem);
}

guint
ldir_problems_count(const GPtrArray *problems, LdirProblemKind kind)
{
	guint n = 0;

	for (guint i = 0; i < problems->len; i++)
		n += ((const LdirProblem *)problems->pdata[i])->kind == kind;
	return n;
}

void
ldir_problems_harden(GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++)
		((LdirProblem *)problems->pdata[i])->kind = LDIR_ERROR;
}

char *
ldir_problem_line(const LdirProblem *problem, const char *file, guint pid)
{
	g_autofree char *shown = printable(file);
	GString *out = g_string_new(problem->kind == LDIR_ERROR ? "Error" : "Warning");

	if (pid != 0)
		g_string_append_printf(out, " [%u]", pid);
	g_string_append_printf(out, " reading file %s", shown);
	if (problem->line > 0)
		g_string_append_printf(out, " at line %u", problem->line);
	g_string_append_printf(out, ": %s", problem->text);
	if (problem->advice != NULL)
		g_string_append_printf(out, "; %s", problem->advice);
	return g_string_free(out, FALSE);
}
