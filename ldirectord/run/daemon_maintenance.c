/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon_maintenance.c - maintenancedir=: what its files want of servers, whenever they change or a name becomes known.
 */
#include "ldirectord/run/daemon_parts.h"
#include "util/banned.h"
#include "util/time.h"

#define MAINTENANCE_QUIET_MS 30         /* a file is there before its word is in it */
#define HURRY_MS             1
#define NAMELESS_MS          60000      /* so long it is believed that a server has no name */

static void
on_maintained(guint service, guint server, LdirMaintenanceState was, LdirMaintenanceState is, gpointer user)
{
	LdirDaemon *d = user;

	if (is == LDIR_MAINTENANCE_DOWN)        /* first, or it would have its weight for a moment */
		ldir_director_maintain(d->director, service, server, TRUE, hb_time_now_ms());
	ldir_director_drain(d->director, service, server, is == LDIR_MAINTENANCE_DRAIN);
	if (was != LDIR_MAINTENANCE_DOWN)
		return;
	ldir_director_maintain(d->director, service, server, FALSE, hb_time_now_ms());
	ldir_probes_hurry(d->probes, service, server, hb_time_now_ms() + HURRY_MS);
}

/* Who was in maintenance before stays so until it is known whether he is. */
static void
look_at_maintenance(LdirDaemon *d)
{
	if (ldir_maintenance_look(d->maintenance, d->config, hb_time_now_ms(), on_maintained, d))
		ldir_director_maintenance_known(d->director);
}

static void
on_maintenance_dir(gpointer user)
{
	LdirDaemon *d = user;

	if (d->maintenance == NULL || d->is_leaving)
		return;
	look_at_maintenance(d);
	ldir_daemon_recount(d);
	ldir_daemon_arm(d);
}

void
ldir_daemon_watch_maintenance(LdirDaemon *d)
{
	const char *dir = d->config->global.maintenancedir;

	g_clear_pointer(&d->maintenance_watch, ldir_dirwatch_free);
	g_clear_pointer(&d->maintenance, ldir_maintenance_free);
	if (dir == NULL) {
		ldir_director_maintenance_known(d->director);
		return;
	}
	if (d->reverse == NULL)
		d->reverse = ldir_reverse_new(ldir_reverse_system, NAMELESS_MS, on_maintenance_dir, d);
	d->maintenance = ldir_maintenance_new(dir, d->reverse);
	d->maintenance_watch = ldir_dirwatch_new(dir, MAINTENANCE_QUIET_MS, on_maintenance_dir, d);
	look_at_maintenance(d);
}
