/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * last_stop.c - hb-node cannot be kept alive: root stops what may be up, right to left, and ends.
 *
 * Nobody speaks for this node any more, so the other nodes will take the groups when the deadtime is over.
 * All groups are stopped at the same time.
 */
#include <glib.h>

#include "exec/memory.h"
#include "exec/supervisor.h"
#include "exec/environment.h"
#include "log/log.h"

#include "util/banned.h"

#define TRIES_MAX 3

static void
stop_one(HbSupervisor *sup, guint group)
{
	const HbConfig *config = sup->ex->config;
	const HbGroupConf *conf = &config->groups[group];
	g_auto(GStrv) env = hb_environment_for_run(sup->env, 0, FALSE);

	hb_runner_resource(sup->runner, HB_OP_OURS + group, conf->id, &conf->resources[sup->last[group].resource],
	                   HB_VERB_STOP, config->resource_timeout_ms, env);
}

static void
end_if_done(HbSupervisor *sup)
{
	if (sup->n_stopping > 0)
		return;
	hb_supervisor_end(sup, HB_EXIT_FAILED, sup->last_failed
	                          ? "hb-node cannot be kept alive; NOT all resources could be stopped here: check by hand"
	                          : "hb-node cannot be kept alive; all resource groups are stopped here");
}

void
hb_last_stop_begin(HbSupervisor *sup)
{
	const HbConfig *config = sup->ex->config;
	HbMemory old, now;
	gboolean known = hb_memory_read(sup->ex->memory_fd, &old);

	sup->phase = HB_PHASE_LAST_STOP;
	sup->did_last_stop = TRUE;
	(void)hb_proc_kill(&sup->ex->old_node, FALSE);
	hb_runner_kill_all(sup->runner);
	hb_memory_settle(known ? &old : NULL, config, HB_MEMORY_RESUMED, NULL, NULL, &now);
	for (guint i = 0; i < config->n_groups; i++) {
		/* A stop of what is not running does no harm; what is not known to be idle is stopped. */
		if (now.group[i].state == HB_HELD_IDLE || config->groups[i].n_resources == 0)
			continue;
		hb_log(HB_LOG_CRIT, "stopping group %s", config->groups[i].key);
		sup->last[i].active = TRUE;
		sup->last[i].resource = config->groups[i].n_resources - 1;
		sup->n_stopping++;
		stop_one(sup, i);
	}
	end_if_done(sup);
}

void
hb_last_stop_done(HbSupervisor *sup, guint32 op, HbChildResult result)
{
	guint group = op - HB_OP_OURS;
	const HbGroupConf *conf;

	if (group >= sup->ex->config->n_groups || !sup->last[group].active)
		return;
	conf = &sup->ex->config->groups[group];
	if (result != HB_CHILD_OK && ++sup->last[group].tries < TRIES_MAX) {
		stop_one(sup, group);
		return;
	}
	if (result != HB_CHILD_OK) {
		hb_log(HB_LOG_CRIT, "%s of group %s cannot be stopped", conf->resources[sup->last[group].resource].token,
		       conf->key);
		sup->last_failed = TRUE;
	}
	sup->last[group].tries = 0;
	if (sup->last[group].resource-- > 0) {
		stop_one(sup, group);
		return;
	}
	sup->last[group].active = FALSE;
	sup->n_stopping--;
	end_if_done(sup);
}
