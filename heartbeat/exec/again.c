/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * again.c - another ha.cf is put in force: what 3.0.6 calls its restart exec.
 *
 * The clients are stopped, and the root process ends as if it had been killed; the next one goes on with hb-node's memory
 * and the new file. So nothing is here that a death of the root process does not need in any case: the groups run on, and
 * the other nodes hear the same life of this one, later by some milliseconds.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "exec/store.h"
#include "exec/supervisor.h"
#include "log/log.h"
#include "util/time.h"

#include "util/banned.h"

#define CLIENT_LIMIT_MS (10 * HB_MS_PER_S)      /* for a client to end when it is told to */
#define SAY_S 30                                /* how often it is said what is waited for */
#define LIFE_MS_MIN (10 * HB_MS_PER_S)          /* systemd counts each end: at most 10 starts within a minute (StartLimitBurst) */

/* What has to end first, and of whom; NULL: nothing. An operation that runs would be ended, and a reload in the channel be
 * lost. */
static const char *
obstacle(const HbSupervisor *sup, const char **ret_of)
{
	const HbConfig *config = sup->ex->config;

	*ret_of = "";
	if (sup->phase != HB_PHASE_RUNNING)
		return "the start of hb-node";
	if (sup->checking || sup->reload_again || sup->new_config != NULL)
		return "another reload";
	for (guint i = 0; i < config->n_groups; i++)
		if (sup->group_op[i] != 0) {
			*ret_of = config->groups[i].key;
			return "an operation of group ";
		}
	for (guint i = 0; i < config->n_nodes; i++)
		if (sup->fence_op[i] != 0) {
			*ret_of = config->nodes[i].name;
			return "the fencing of node ";
		}
	return sup->writer != 0 || sup->shot_writer != 0 ? "a file that is being written" : NULL;
}

static gint64
not_before_ms(const HbSupervisor *sup)
{
	return sup->ex->options.others_restart ? sup->spawned_ms + LIFE_MS_MIN : 0;
}

static gboolean
is_time(const HbSupervisor *sup)
{
	const char *of;

	return hb_time_now_ms() >= not_before_ms(sup) && obstacle(sup, &of) == NULL;
}

static gboolean
is_leaving(const HbSupervisor *sup)
{
	return sup->shutdown || sup->phase == HB_PHASE_ENDING || sup->phase == HB_PHASE_LAST_STOP;
}

/* What was sent to this process the next one would never hear of. */
static gboolean
is_called(void)
{
	sigset_t pending;

	return sigpending(&pending) == 0 && (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGHUP) == 1);
}

/* Comes back only where somebody calls. */
static void
end(HbSupervisor *sup)
{
	g_autoptr(GError) error = NULL;
	gsize len;
	const void *bytes = g_bytes_get_data(sup->again, &len);

	if (!hb_store_write(HB_RUN_DIR, HB_BUNDLE_NAME, bytes, len, 0600, &error))
		hb_log(HB_LOG_ERR, "reload: ha.cf stays as it was: %s", error->message);
	/* It was asked for: no sign of a root process that cannot live. */
	memset(sup->ex->state->revived_ms, 0, sizeof sup->ex->state->revived_ms);
	if (is_called())
		return;
	hb_log(HB_LOG_INFO, "Performing heartbeat restart exec.");
	_exit(HB_EXIT_AGAIN);
}

static void wait_for_quiet(HbSupervisor *sup);

static void
on_clients_stopped(gpointer data)
{
	HbSupervisor *sup = data;

	sup->clients_stopped = TRUE;
	if (sup->farewell)
		hb_requests_let_go(sup);
	if (is_leaving(sup))
		return;
	if (sup->again != NULL && is_time(sup))
		end(sup);
	/* What has begun meanwhile may need them, and for long: a start of DRBD asks dopd. */
	sup->clients_stopped = FALSE;
	hb_respawn_go_on(sup->respawn, sup->ex->config, sup->env);
	wait_for_quiet(sup);
}

/* ---- a quiet moment ---- */

typedef struct {
	GSource source;
	HbSupervisor *sup;
} Wait;

static gboolean
is_wait_over(const HbSupervisor *sup)
{
	return is_leaving(sup) || sup->again == NULL || is_time(sup);
}

/* Whatever ends is an event of the loop, which asks here after each. */
static gboolean
on_turn(GSource *source, gint *ret_timeout_ms)
{
	const HbSupervisor *sup = ((Wait *)source)->sup;
	gint64 left_ms = not_before_ms(sup) - hb_time_now_ms();

	*ret_timeout_ms = left_ms > 0 ? (gint)left_ms : -1;
	return is_wait_over(sup);
}

static gboolean
on_wait_over(GSource *source, GSourceFunc callback, gpointer data)
{
	HbSupervisor *sup = ((Wait *)source)->sup;

	(void)callback, (void)data;
	if (!is_wait_over(sup))         /* not any more: this turn has brought more than this */
		return G_SOURCE_CONTINUE;
	g_clear_handle_id(&sup->again_say, g_source_remove);
	sup->again_begun = !is_leaving(sup) && sup->again != NULL;
	if (sup->again_begun)
		hb_respawn_stop(sup->respawn, CLIENT_LIMIT_MS, on_clients_stopped, sup);
	return G_SOURCE_REMOVE;
}

static gboolean
say_obstacle(gpointer data)
{
	const HbSupervisor *sup = data;
	const char *of;
	const char *what = obstacle(sup, &of);

	if (what != NULL)
		hb_log(HB_LOG_WARN, "reload: the changed ha.cf is not in force yet: it waits for the end of %s%s", what, of);
	return G_SOURCE_CONTINUE;
}

static void
wait_for_quiet(HbSupervisor *sup)
{
	static GSourceFuncs funcs = { .prepare = on_turn, .dispatch = on_wait_over };
	g_autoptr(GSource) source = g_source_new(&funcs, sizeof(Wait));

	((Wait *)source)->sup = sup;
	g_source_set_name(source, "reload");
	(void)g_source_attach(source, NULL);
	sup->again_say = g_timeout_add_seconds(SAY_S, say_obstacle, sup);
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
	wait_for_quiet(sup);
}
