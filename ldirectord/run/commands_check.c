/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands_check.c - --check and --dump-config: what is said of a file without doing anything with it.
 */
#include "ldirectord/conf/conf.h"
#include "ldirectord/conf/load.h"
#include "ldirectord/run/commands_parts.h"
#include "util/banned.h"

static void
count(guint n, const char *one, const char *many)
{
	fprintf(stderr, "%u %s", n, n == 1 ? one : many);
}

int
ldir_command_check(const char *operand, gboolean is_dump)
{
	g_autoptr(LdirInstance) instance = ldir_instance_new(operand, "/run");
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(LdirConfig) config = NULL;
	guint n_errors = 0, n_warnings = 0;

	if (instance->shown == NULL) {
		fprintf(stderr, "Config file %s not found\n", operand);
		return LDIR_EXIT_FAILED;
	}
	config = ldir_load(instance->shown, &ldir_lookup_system, 0, lines, &n_errors, &n_warnings, NULL);
	for (guint i = 0; i < lines->len; i++)
		fprintf(stderr, "%s\n", (const char *)lines->pdata[i]);
	count(n_errors, "error, ", "errors, ");
	count(n_warnings, "warning: ", "warnings: ");
	fprintf(stderr, "%s %s be used\n", instance->shown, config != NULL ? "can" : "cannot");
	if (config == NULL)
		return LDIR_EXIT_BROKEN;
	if (is_dump) {
		g_autofree char *normal = ldir_conf_print(config);

		fputs(normal, stdout);
	}
	return n_errors + n_warnings > 0 ? LDIR_EXIT_WARNED : LDIR_EXIT_FINE;
}
