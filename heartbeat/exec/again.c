/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * again.c - another ha.cf is put in force: what 3.0.6 calls its restart exec.
 *
 * The clients are stopped, and the root process ends as if it had been killed; the next one goes on with hb-node's memory
 * and the new file. So nothing is here that a death of the root process does not need in any case: the groups run on, and
 * the other nodes hear the same life of this one, later by some milliseconds.
 */
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "exec/store.h"
#include "exec/supervisor.h"
#include "log/log.h"
#include "util/time.h"

#include "util/banned.h"

#define LOOK_MS 100                             /* how often it looks whether an operation has ended */
#define CLIENT_LIMIT_MS (10 * HB_MS_PER_S)      /* for a client to end when it is told to */

static gboolean
is_any(const guint32 *ops, guint n)
{
	for (guint i = 0; i < n; i++)
		if (ops[i] != 0)
			return TRUE;
	return FALSE;
}

/* An operation that runs would be ended, and a reload in the channel be lost. */
static gboolean
is_quiet(const HbSupervisor *sup)
{
	return sup->phase == HB_PHASE_RUNNING && !sup->checking && !sup->reload_again && sup->new_config == NULL &&
	       sup->writer == 0 && sup->shot_writer == 0 && !is_any(sup->group_op, G_N_ELEMENTS(sup->group_op)) &&
	       !is_any(sup->fence_op, G_N_ELEMENTS(sup->fence_op));
}

/* Past the clients' end there is no way back: only the next root process starts them. */
static gboolean
end_when_quiet(gpointer data)
{
	HbSupervisor *sup = data;
	g_autoptr(GError) error = NULL;
	gsize len;
	const void *bytes;

	if (sup->shutdown || sup->phase == HB_PHASE_ENDING || sup->phase == HB_PHASE_LAST_STOP)
		return G_SOURCE_REMOVE;
	if (!is_quiet(sup))
		return G_SOURCE_CONTINUE;
	if (sup->again != NULL) {
		bytes = g_bytes_get_data(sup->again, &len);
		if (!hb_store_write(HB_RUN_DIR, HB_BUNDLE_NAME, bytes, len, 0600, &error))
			hb_log(HB_LOG_ERR, "reload: ha.cf stays as it was: %s", error->message);
	}
	/* It was asked for: no sign of a root process that cannot live. */
	memset(sup->ex->state->revived_ms, 0, sizeof sup->ex->state->revived_ms);
	hb_log(HB_LOG_INFO, "Performing heartbeat restart exec.");
	_exit(HB_EXIT_AGAIN);
}

static void
on_clients_stopped(gpointer data)
{
	HbSupervisor *sup = data;

	sup->clients_stopped = TRUE;
	if (sup->farewell)
		hb_requests_let_go(sup);
	if (end_when_quiet(sup) == G_SOURCE_CONTINUE)
		g_timeout_add(LOOK_MS, end_when_quiet, sup);
}

static gboolean
begin_when_quiet(gpointer data)
{
	HbSupervisor *sup = data;

	if (sup->shutdown || sup->again == NULL) {
		sup->again_begun = FALSE;
		return G_SOURCE_REMOVE;
	}
	if (!is_quiet(sup))
		return G_SOURCE_CONTINUE;
	hb_respawn_stop(sup->respawn, CLIENT_LIMIT_MS, on_clients_stopped, sup);
	return G_SOURCE_REMOVE;
}

gboolean
hb_again_is_possible(const HbSupervisor *sup)
{
	/* In the foreground somebody holds this very process for the service, and may end it all with it. */
	return !sup->ex->options.foreground || sup->ex->options.others_restart;
}

void
hb_again_begin(HbSupervisor *sup)
{
	if (sup->again == NULL || sup->again_begun)
		return;
	sup->again_begun = TRUE;
	hb_log(HB_LOG_INFO, "Heartbeat restart triggered.");
	if (begin_when_quiet(sup) == G_SOURCE_CONTINUE)
		g_timeout_add(LOOK_MS, begin_when_quiet, sup);
}
