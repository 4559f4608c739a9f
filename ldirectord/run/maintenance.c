/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ldirectord/run/maintenance.h"
#include "util/banned.h"
#include "util/fd.h"

#define DRAIN "drain"
#define SMALL "abcdefghijklmnopqrstuvwxyz"

struct LdirMaintenance {
	char *dir;
	LdirReverse *reverse;
	GHashTable *on;         /* "SERVICE/SERVER" of those that are in maintenance -> LdirMaintenanceState */
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

/* Does the file begin with that word? Others than files say nothing, and are not waited for. */
static gboolean
says_drain(const char *dir, const char *name)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_auto(HbFd) fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char text[sizeof DRAIN + 1] = "";       /* the word, and what is behind it */
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || read(fd, text, sizeof DRAIN) < (ssize_t)strlen(DRAIN))
		return FALSE;
	return g_str_has_prefix(text, DRAIN) && !g_ascii_isalnum(text[strlen(DRAIN)]);
}

/* The names there, one each, with what is wanted of who is called so: LdirMaintenanceState (transfer full) */
static GHashTable *
read_names(const char *dir)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GDir *open_dir = g_dir_open(dir, 0, NULL);
	const char *name;

	while (open_dir != NULL && (name = g_dir_read_name(open_dir)) != NULL)
		g_hash_table_insert(names, g_strdup(name),
		                    GUINT_TO_POINTER(says_drain(dir, name) ? LDIR_MAINTENANCE_DRAIN : LDIR_MAINTENANCE_DOWN));
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

/* "NAME" or "NAME:PORT"; of two the one that wants more */
static LdirMaintenanceState
state_of(GHashTable *names, const char *name, guint16 port)
{
	g_autofree char *place = g_strdup_printf("%s:%u", name, port);
	guint with_port = GPOINTER_TO_UINT(g_hash_table_lookup(names, place));

	return (LdirMaintenanceState)MAX(with_port, GPOINTER_TO_UINT(g_hash_table_lookup(names, name)));
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

static LdirMaintenanceState
state_of_real(GHashTable *names, const LdirReal *real, const char *fqdn)
{
	g_autofree char *addr = ldir_address_text(&real->addr);
	g_autofree char *label = fqdn != NULL ? short_of(fqdn) : NULL;
	LdirMaintenanceState state = state_of(names, addr, real->port);

	if (fqdn != NULL)
		state = MAX(state, state_of(names, fqdn, real->port));
	return label != NULL ? MAX(state, state_of(names, label, real->port)) : state;
}

static void
set(LdirMaintenance *maintenance, guint service, guint server, LdirMaintenanceState state, LdirMaintenanceChange *change, gpointer user)
{
	g_autofree char *id = g_strdup_printf("%u/%u", service, server);
	LdirMaintenanceState was = (LdirMaintenanceState)GPOINTER_TO_UINT(g_hash_table_lookup(maintenance->on, id));

	if (state == was)
		return;
	if (state != LDIR_MAINTENANCE_NONE)
		g_hash_table_insert(maintenance->on, g_steal_pointer(&id), GUINT_TO_POINTER(state));
	else
		g_hash_table_remove(maintenance->on, id);
	change(service, server, was, state, user);
}

gboolean
ldir_maintenance_look(LdirMaintenance *maintenance, const LdirConfig *config, gint64 now_ms, LdirMaintenanceChange *change,
                      gpointer user)
{
	g_autoptr(GHashTable) names = read_names(maintenance->dir);
	gboolean by_name = has_words(names);
	gboolean is_known = TRUE;

	for (guint i = 0; i < config->virtuals->len; i++) {
		const LdirVirtual *vs = config->virtuals->pdata[i];

		for (guint j = 0; j < vs->reals->len; j++) {
			const LdirReal *real = vs->reals->pdata[j];
			const char *fqdn = by_name ? ldir_reverse_name(maintenance->reverse, &real->addr, now_ms) : NULL;

			set(maintenance, i, j, state_of_real(names, real, fqdn), change, user);
			if (by_name && fqdn == NULL && ldir_reverse_is_asking(maintenance->reverse, &real->addr))
				is_known = FALSE;
		}
	}
	return is_known;
}
