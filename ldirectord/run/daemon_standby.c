/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon_standby.c - from standing by into service and back, in the same process.
 */
#include <unistd.h>

#include "ldirectord/run/daemon_parts.h"
#include "util/banned.h"
#include "util/time.h"

/* Who starts wants the file as it is; one that cannot be used changes nothing. */
static void
read_file(LdirDaemon *d)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	LdirConfig *config = ldir_load(d->input->instance->config, &ldir_lookup_system, (guint)getpid(), lines, NULL, NULL, NULL);

	for (guint i = 0; i < lines->len; i++)
		ldir_log_line(lines->pdata[i]);
	if (config == NULL)
		ldir_log_line("the configuration until now stays in use");
	else
		(void)ldir_daemon_configure(d, config, LDIR_STATUS_RELOADING, NULL);    /* without a table that cannot fail */
}

char *
ldir_daemon_take(LdirDaemon *d)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(LdirIpvsTable) there = NULL;

	if (d->is_leaving)
		return g_strdup("it ends");
	if (!ldir_director_is_standing_by(d->director))
		return NULL;
	if (d->is_outdated)
		read_file(d);
	there = ldir_ipvs_dump(d->input->ipvs, &error);
	if (there == NULL)
		return g_strdup(error->message);
	ldir_log_line("Linux Director Daemon goes into service");
	d->status = LDIR_STATUS_STARTING;
	ldir_director_take(d->director, there, hb_time_now_ms());
	ldir_instance_say_mode(d->input->instance, LDIR_MODE_SERVING);
	ldir_daemon_recount(d);
	ldir_daemon_sync(d, LDIR_ROLE_MASTER);
	ldir_daemon_execute_all(d, "start");
	ldir_daemon_arm(d);
	return NULL;
}

char *
ldir_daemon_stand_by(LdirDaemon *d)
{
	if (d->is_leaving)
		return g_strdup("it ends");
	if (ldir_director_is_standing_by(d->director))
		return NULL;
	d->status = LDIR_STATUS_STOPPING;
	ldir_daemon_execute_all(d, "stop");
	ldir_daemon_execute_all(d, "standby");  /* whether they stand by on their own or not */
	ldir_daemon_hold(d);
	ldir_director_stand_by(d->director);
	ldir_instance_say_mode(d->input->instance, LDIR_MODE_STANDBY);
	ldir_daemon_sync(d, LDIR_ROLE_BACKUP);
	ldir_log_line("Linux Director Daemon stands by");
	d->status = LDIR_STATUS_RUNNING;
	ldir_daemon_arm(d);
	return NULL;
}
