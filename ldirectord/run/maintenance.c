/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "ldirectord/run/maintenance.h"
#include "util/banned.h"

#define SMALL "abcdefghijklmnopqrstuvwxyz"

struct LdirMaintenance {
	char *dir;
	LdirReverse *reverse;
	GHashTable *on;         /* "SERVICE/SERVER" of those that are in maintenance */
};

LdirMaintenance *
ldir_maintenance_new(const char *dir, LdirReverse *reverse)
{
	LdirMaintenance *maintenance = g_new0(LdirMaintenance, 1);

	maintenance->dir = g_strdup(dir);
	maintenance->reverse = reverse;
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

/* Is one of them no address? */
static gboolean
has_words(GHashTable *names)
{
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, names);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		if (strchr("[.", ((char *)name)[0]) == NULL && ((char *)name)[strspn(name, "0123456789.:")] != '\0')
			return TRUE;
	return FALSE;
}

/* "NAME" or "NAME:PORT" */
static gboolean
is_there(GHashTable *names, const char *name, guint16 port)
{
	g_autofree char *place = g_strdup_printf("%s:%u", name, port);

	return g_hash_table_contains(names, name) || g_hash_table_contains(names, place);
}

/* The first part of a name, where that is a name: a small letter, then more of them, digits and hyphens (transfer full) */
static char *
short_of(const char *fqdn)
{
	gsize len = strcspn(fqdn, ".");

	if (len < 2 || strchr(SMALL, fqdn[0]) == NULL || strspn(fqdn, SMALL "0123456789-") < len)
		return NULL;
	return g_strndup(fqdn, len);
}

static gboolean
is_named(GHashTable *names, const LdirReal *real, const char *fqdn)
{
	g_autofree char *addr = ldir_address_text(&real->addr);
	g_autofree char *label = fqdn != NULL ? short_of(fqdn) : NULL;

	return is_there(names, addr, real->port) || (fqdn != NULL && is_there(names, fqdn, real->port)) ||
		(label != NULL && is_there(names, label, real->port));
}

static void
set(LdirMaintenance *maintenance, guint service, guint server, gboolean is_on, LdirMaintenanceChange *change, gpointer user)
{
	g_autofree char *id = g_strdup_printf("%u/%u", service, server);

	if (is_on == g_hash_table_contains(maintenance->on, id))
		return;
	if (is_on)
		g_hash_table_add(maintenance->on, g_steal_pointer(&id));
	else
		g_hash_table_remove(maintenance->on, id);
	change(service, server, is_on, user);
}

void
ldir_maintenance_look(LdirMaintenance *maintenance, const LdirConfig *config, gint64 now_ms, LdirMaintenanceChange *change,
                      gpointer user)
{
	g_autoptr(GHashTable) names = read_names(maintenance->dir);
	gboolean by_name = has_words(names);

	for (guint i = 0; i < config->virtuals->len; i++) {
		const LdirVirtual *vs = config->virtuals->pdata[i];

		for (guint j = 0; j < vs->reals->len; j++) {
			const LdirReal *real = vs->reals->pdata[j];
			const char *fqdn = by_name ? ldir_reverse_name(maintenance->reverse, &real->addr, now_ms) : NULL;

			set(maintenance, i, j, is_named(names, real, fqdn), change, user);
		}
	}
}
