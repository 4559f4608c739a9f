/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/conf/load.h"
#include "util/banned.h"

LdirConfig *
ldir_load(const char *path, const LdirLookup *lookup, guint pid, GPtrArray *lines, guint *ret_n_errors, guint *ret_n_warnings,
          char **ret_digest)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *text = NULL;
	LdirConfig *config;
	gsize len;

	if (!g_file_get_contents(path, &text, &len, &error)) {
		g_ptr_array_add(lines, g_strdup_printf("Error [%u]: can not open file %s: %s", pid, path, error->message));
		return NULL;
	}
	bytes = g_bytes_new_take(g_steal_pointer(&text), len);
	if (ret_digest != NULL)
		*ret_digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
	config = ldir_conf_parse(&(LdirConfInput){ .bytes = bytes, .lookup = lookup, .with_system = TRUE }, problems);
	for (guint i = 0; i < problems->len; i++)
		g_ptr_array_add(lines, ldir_problem_line(problems->pdata[i], path, pid));
	if (ret_n_errors != NULL)
		*ret_n_errors = ldir_problems_count(problems, LDIR_ERROR);
	if (ret_n_warnings != NULL)
		*ret_n_warnings = ldir_problems_count(problems, LDIR_WARNING);
	return config;
}
