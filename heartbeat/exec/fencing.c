/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "exec/bytes_fd.h"
#include "exec/fencing.h"
#include "exec/shots.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define FENCE_PROGRAM HB_BIN_DIR "/hb-fence"
#define WATCH_INTERVAL_S 3600           /* as 3.0.6 */
#define BACKSTOP_MS (5 * HB_MS_PER_S)   /* hb-fence keeps its time limit itself; this long after it, it hangs */

static const char *const action_names[HB_FENCE_N] = { [HB_FENCE_RESET] = "reset", [HB_FENCE_OFF] = "off" };

/* "stonith TYPE FILE" or "stonith_host * TYPE SETTINGS", as hb-fence reads it (transfer full); -1 with errno. */
static int
device_fd(const HbFenceConf *fence)
{
	g_autofree char *line = fence->file != NULL ? g_strdup_printf("stonith %s %s\n", fence->type, fence->file)
	                                            : g_strdup_printf("stonith_host * %s %s\n", fence->type, fence->words);
	g_autoptr(GBytes) bytes = g_bytes_new(line, strlen(line));

	return hb_bytes_fd_new("heartbeat-fence", bytes);
}

/* @node NULL: none. */
static void
run(HbSupervisor *sup, guint32 op, const char *action, const char *node)
{
	const HbConfig *config = sup->ex->config;
	g_autofree char *limit = g_strdup_printf("%u", config->resource_timeout_ms);
	const char *const argv[] = { FENCE_PROGRAM, "--limit-ms", limit, action, node, NULL };
	g_auto(HbFd) in = device_fd(&config->fence);

	hb_runner_fence(sup->runner, op, (char *const *)argv, in, config->resource_timeout_ms + BACKSTOP_MS, sup->env);
}

void
hb_fencing_start(HbSupervisor *sup, const HbChannelMsg *msg)
{
	const HbConfig *config = sup->ex->config;
	const char *node = config->nodes[msg->u.fence.node].name;
	const char *action = action_names[msg->u.fence.action];

	/* Tools look for the words that 3.0.6 has for a reset. */
	if (msg->u.fence.action == HB_FENCE_RESET)
		hb_log(HB_LOG_WARN, "Resetting node %s with [%s]", node, config->fence.type);
	else
		hb_log(HB_LOG_WARN, "fencing %s: %s by %s", node, action, config->fence.type);
	sup->op_max = MAX(sup->op_max, msg->u.fence.op);
	sup->fence_op[msg->u.fence.node] = msg->u.fence.op;
	run(sup, msg->u.fence.op, action, node);
}

gboolean
hb_fencing_done(HbSupervisor *sup, guint32 op, HbChildResult result, guint took_ms, HbChannelMsg *ret_msg)
{
	for (guint i = 0; i < G_N_ELEMENTS(sup->fence_op); i++) {
		if (sup->fence_op[i] != op)
			continue;
		sup->fence_op[i] = 0;
		*ret_msg = (HbChannelMsg){ .type = HB_CH_FENCED, .u.fenced = { op, HB_FENCED_FAILED, took_ms } };
		if (result == HB_CHILD_OK) {
			ret_msg->u.fenced.verdict = HB_FENCED_OK;
			hb_shots_note(sup);
		}
		if (result == HB_CHILD_NOT_RUNNING)
			ret_msg->u.fenced.verdict = HB_FENCED_BAD_HOST;
		return TRUE;
	}
	return FALSE;
}

void
hb_fencing_forget(HbSupervisor *sup)
{
	memset(sup->fence_op, 0, sizeof sup->fence_op);
}

static gboolean
on_watch(gpointer data)
{
	HbSupervisor *sup = data;

	sup->fence_watch = 0;
	hb_fencing_watch(sup);
	return G_SOURCE_REMOVE;
}

void
hb_fencing_watch(HbSupervisor *sup)
{
	if (sup->ex->config->fence.type == NULL || hb_runner_has(sup->runner, HB_OP_FENCE_STATUS))
		return;
	if (sup->fence_watch != 0)
		g_source_remove(sup->fence_watch);
	sup->fence_watch = g_timeout_add_seconds(WATCH_INTERVAL_S, on_watch, sup);
	run(sup, HB_OP_FENCE_STATUS, "status", NULL);
}

void
hb_fencing_watched(HbSupervisor *sup, HbChildResult result)
{
	const HbFenceConf *fence = &sup->ex->config->fence;

	if (result == HB_CHILD_OK)
		hb_log(HB_LOG_INFO, "fencing device %s is operational", fence->type);
	else
		hb_log(HB_LOG_ERR, "fencing device %s is not operational: a node that fails cannot be fenced; see hb_stonith -S",
		       fence->type != NULL ? fence->type : "(none)");
}
