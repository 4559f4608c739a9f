/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/maintenance.h"
#include "util/banned.h"

struct LdirMaintenance {
	char *dir;
	GHashTable *on;         /* "SERVICE/SERVER" of those that are in maintenance */
};

LdirMaintenance *
ldir_maintenance_new(const char *dir)
{
	LdirMaintenance *maintenance = g_new0(LdirMaintenance, 1);

	maintenance->dir = g_strdup(dir);
	maintenance->on = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return maintenance;
}

void
ldir_maintenance_free(LdirMaintenance *maintenance)
{
	if (maintenance == NULL)
		return;
	g_free(maintenance->dir);
	g_hash_table_unref(maintenance->on);
	g_free(maintenance);
}

/* The names there, one each (transfer full) */
static GHashTable *
read_names(const char *dir)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GDir *open_dir = g_dir_open(dir, 0, NULL);
	const char *name;

	while (open_dir != NULL && (name = g_dir_read_name(open_dir)) != NULL)
		g_hash_table_add(names, g_strdup(name));
	if (open_dir != NULL)
		g_dir_close(open_dir);
	return names;
}

static gboolean
is_named(GHashTable *names, const LdirReal *real)
{
	g_autofree char *addr = ldir_address_text(&real->addr);
	g_autofree char *place = g_strdup_printf("%s:%u", addr, real->port);

	return g_hash_table_contains(names, addr) || g_hash_table_contains(names, place);
}

void
ldir_maintenance_look(LdirMaintenance *maintenance, const LdirConfig *config, LdirMaintenanceChange *change, gpointer user)
{
	g_autoptr(GHashTable) names = read_names(maintenance->dir);

	for (guint i = 0; i < config->virtuals->len; i++) {
		const LdirVirtual *vs = config->virtuals->pdata[i];

		for (guint j = 0; j < vs->reals->len; j++) {
			gboolean is_on = is_named(names, vs->reals->pdata[j]);
			g_autofree char *id = g_strdup_printf("%u/%u", i, j);

			if (is_on == g_hash_table_contains(maintenance->on, id))
				continue;
			if (is_on)
				g_hash_table_add(maintenance->on, g_strdup(id));
			else
				g_hash_table_remove(maintenance->on, id);
			change(i, j, is_on, user);
		}
	}
}
