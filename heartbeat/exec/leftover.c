/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib.h>

#include "exec/environment.h"
#include "exec/exec.h"
#include "exec/leftover.h"
#include "log/log.h"

#include "util/banned.h"

typedef struct {
	GMainLoop *loop;
	HbChildResult result;
} Wait;

static void
on_done(guint32 op, HbChildResult result, guint took_ms, gpointer data)
{
	Wait *wait = data;

	(void)op, (void)took_ms;
	wait->result = result;
	g_main_loop_quit(wait->loop);
}

static const HbGroupConf *
find_group(const HbConfig *config, guint32 id)
{
	for (guint i = 0; config != NULL && i < config->n_groups; i++)
		if (config->groups[i].id == id)
			return &config->groups[i];
	return NULL;
}

static gboolean
stop_resource(const HbGroupConf *group, guint at, guint limit_ms, HbRunner *runner, Wait *wait, char **env)
{
	hb_runner_note_started(runner, group->id, &group->resources[at]);
	hb_runner_resource(runner, 1, group->id, &group->resources[at], HB_VERB_STOP, limit_ms, env);
	g_main_loop_run(wait->loop);
	if (wait->result == HB_CHILD_OK)
		return TRUE;
	hb_runner_resource(runner, 1, group->id, &group->resources[at], HB_VERB_STATUS, limit_ms, env);
	g_main_loop_run(wait->loop);
	return wait->result == HB_CHILD_NOT_RUNNING;
}

static gboolean
stop_group(const HbGroupConf *group, const HbConfig *saved, const HbRunnerSettings *settings)
{
	Wait wait = { .loop = g_main_loop_new(NULL, FALSE) };
	HbRunner *runner = hb_runner_new(settings, on_done, &wait);
	g_auto(GStrv) base = hb_environment_new(saved);
	g_auto(GStrv) env = hb_environment_for_run(base, 0, FALSE);
	gboolean ok = TRUE;

	hb_log(HB_LOG_WARN, "stopping group %s: it was up when heartbeat ended, and is no longer in haresources",
	       group->key);
	for (guint i = group->n_resources; ok && i-- > 0;)
		ok = stop_resource(group, i, saved->resource_timeout_ms, runner, &wait, env);
	hb_runner_free(runner);
	g_main_loop_unref(wait.loop);
	return ok;
}

gboolean
hb_leftover_stop(const HbMemory *memory, const HbConfig *config, const HbConfig *saved,
                 const HbRunnerSettings *settings, GError **error)
{
	for (guint i = 0; i < memory->n_groups; i++) {
		guint32 id = memory->group[i].group_id;
		const HbGroupConf *group = find_group(saved, id);
		g_autofree char *name = group != NULL ? g_strdup(group->key) : g_strdup_printf("(id %08x)", id);

		if ((memory->group[i].state != HB_HELD_UP && memory->group[i].state != HB_HELD_PARTIAL) ||
		    find_group(config, id) != NULL || (group != NULL && stop_group(group, saved, settings)))
			continue;
		g_set_error(error, HB_EXEC_ERROR, HB_EXIT_CONFIG,
		            "group %s was up here when heartbeat ended, may still be, and is no longer in haresources: "
		            "put its line back, or stop it by hand and remove %s", name, HB_MEMORY_FILE);
		return FALSE;
	}
	return TRUE;
}
