/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "conf/check.h"
#include "util/banned.h"

#define EXIT_FINE            0
#define EXIT_NO_PERMISSION   4
#define EXIT_NOT_CONFIGURED  6

/* ha.cf, then what is read as if appended to it, then haresources, authkeys. */
static int
rank(const char *path)
{
	g_autofree char *base = g_path_get_basename(path);
	static const char *const order[] = { "ha.cf", "", "haresources", "authkeys" };

	for (int i = 0; i < (int)G_N_ELEMENTS(order); i++)
		if (strcmp(order[i], base) == 0)
			return i;
	return 1;
}

static gint
by_place(gconstpointer a, gconstpointer b)
{
	const HbProblem *left = *(HbProblem *const *)a;
	const HbProblem *right = *(HbProblem *const *)b;
	int files = rank(left->file) - rank(right->file);

	if (files == 0)
		files = strcmp(left->file, right->file);
	if (files != 0)
		return files;
	return left->line < right->line ? -1 : left->line > right->line;
}

static void
append_problems(const GPtrArray *problems, gboolean only_blocking, GString *out)
{
	for (guint i = 0; i < problems->len; i++) {
		const HbProblem *problem = problems->pdata[i];
		g_autofree char *text = hb_problem_text(problem);

		if (!only_blocking || problem->blocks_306)
			g_string_append_printf(out, "%s%s\n", only_blocking ? "  " : "", text);
	}
}

static void
append_count(GString *out, guint n, const char *one, const char *many)
{
	g_string_append_printf(out, "%u %s", n, n == 1 ? one : many);
}

static int
append_summary(const GPtrArray *problems, gboolean usable, GString *out)
{
	guint count[2] = { 0 };
	guint blocking = 0;
	gboolean is_permission = FALSE;

	for (guint i = 0; i < problems->len; i++) {
		const HbProblem *problem = problems->pdata[i];

		count[problem->kind]++;
		blocking += problem->blocks_306 ? 1 : 0;
		is_permission |= problem->kind == HB_PROBLEM_ERROR && problem->is_permission;
	}
	append_count(out, count[HB_PROBLEM_ERROR], "error, ", "errors, ");
	append_count(out, count[HB_PROBLEM_WARNING], "warning, ", "warnings, ");
	/* Every directive is in force; there are tools that look for these words. */
	g_string_append_printf(out, "0 not in force: the configuration %s\n", usable ? "can be used" : "cannot be used");
	if (blocking > 0) {
		g_string_append(out, "The way back to heartbeat 3.0.6 is barred by:\n");
		append_problems(problems, TRUE, out);
	} else if (usable) {
		g_string_append(out, "No line bars the way back to heartbeat 3.0.6.\n");
	}
	if (usable)
		return EXIT_FINE;
	return is_permission ? EXIT_NO_PERMISSION : EXIT_NOT_CONFIGURED;
}

int
hb_conf_check(const char *dir, const HbPluginJudge *judge, const char *node_name, GString *out)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = hb_bundle_read(dir, problems);
	g_autofree char *resource_dir = g_build_filename(dir, "resource.d", NULL);
	const char *const resource_dirs[] = { resource_dir, HB_INIT_DIR, NULL };
	const HbConfInput input = {
		.files = bundle,
		.node_name = node_name,
		.resource_dirs = resource_dirs,
		.with_system = TRUE,
		.strict_media = TRUE,
		.judge = judge,
	};
	g_autoptr(HbConfig) config = hb_config_parse(&input, problems);

	g_ptr_array_sort(problems, by_place);
	append_problems(problems, FALSE, out);
	return append_summary(problems, config != NULL && !hb_problems_have_error(problems), out);
}
