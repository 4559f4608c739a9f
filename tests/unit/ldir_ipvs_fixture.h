/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ldir_ipvs_fixture.h - tables and steps of IPVS as text.
 */
#ifndef HB_LDIR_IPVS_FIXTURE_H
#define HB_LDIR_IPVS_FIXTURE_H

#include <stdio.h>
#include <unistd.h>

#include "ldirectord/ipvs/ipvs_diff.h"
#include "ldirectord/ipvs/ipvs_text.h"

static inline LdirIpvsTable *
ipvs_table(const char *text)
{
	g_autoptr(GError) error = NULL;
	LdirIpvsTable *table = ldir_ipvs_table_parse(text, &error);

	g_assert_no_error(error);
	return table;
}

/* Steps from lines (transfer full) */
static inline GArray *
ipvs_ops(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	GArray *ops = ldir_ipvs_ops_new();

	for (guint i = 0; lines[i] != NULL; i++) {
		LdirIpvsOp op;

		if (lines[i][0] == '\0')
			continue;
		g_assert_true(ldir_ipvs_op_parse(lines[i], &op, NULL));
		g_array_append_val(ops, op);
	}
	return ops;
}

/* Lines from steps (transfer full) */
static inline char *
ipvs_ops_text(const GArray *ops)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < ops->len; i++) {
		g_autofree char *line = ldir_ipvs_op_print(&g_array_index(ops, LdirIpvsOp, i));

		g_string_append_printf(out, "%s\n", line);
	}
	return g_string_free(out, FALSE);
}

/* Its first service has a server with weight. */
static inline gboolean
ipvs_is_served(const LdirIpvsTable *table)
{
	const LdirIpvsService *service = table->services->pdata[0];

	for (guint i = 0; i < service->dests->len; i++)
		if (((const LdirIpvsDest *)service->dests->pdata[i])->weight > 0)
			return TRUE;
	return FALSE;
}

/* File @name of a table in files (transfer full); "" where there is none */
static inline char *
ipvs_dry_read(const char *dir, const char *name)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	char *text = NULL;

	return g_file_get_contents(path, &text, NULL, NULL) ? text : g_strdup("");
}

static inline void
ipvs_dry_write(const char *dir, const char *text)
{
	g_autofree char *path = g_build_filename(dir, "table", NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static inline void
ipvs_dry_remove(const char *dir)
{
	static const char *const names[] = { "table", "calls", "lock", "" };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(dir, names[i], NULL);

		(void)remove(path);
	}
}

#endif
