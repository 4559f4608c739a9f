/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib-unix.h>

#include "exec/boot.h"
#include "exec/environment.h"
#include "exec/fencing.h"
#include "exec/fifo_watch.h"
#include "exec/memory.h"
#include "exec/notify.h"
#include "exec/store.h"
#include "exec/supervise.h"
#include "exec/supervisor.h"
#include "exec/watchdog.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define DEATH_WINDOW_MS (60 * (gint64)HB_MS_PER_S)
#define GUARD_PAUSE_MS HB_MS_PER_S
#define END_WAIT_MS 2000
#define DEBUG_MAX 255

static void start_node(HbSupervisor *sup);

void
hb_supervisor_end(HbSupervisor *sup, int code, const char *text)
{
	if (sup->phase == HB_PHASE_ENDING)
		return;
	sup->phase = HB_PHASE_ENDING;
	sup->code = code;
	if (text != NULL && *text != '\0')
		hb_log(code == 0 ? HB_LOG_INFO : HB_LOG_CRIT, "%s", text);
	if (!sup->was_ready)
		hb_notify_failed(code, text != NULL && *text != '\0' ? text : "stopped before it was up");
	g_main_loop_quit(sup->loop);
}

/* Groups may have other indices in @config. */
static void
keep_group_ops(HbSupervisor *sup, const HbConfig *config)
{
	const HbConfig *old = sup->ex->config;
	guint32 ops[HB_GROUPS_MAX] = { 0 };

	for (guint i = 0; i < config->n_groups; i++)
		for (guint j = 0; j < old->n_groups; j++)
			if (config->groups[i].id == old->groups[j].id)
				ops[i] = sup->group_op[j];
	memcpy(sup->group_op, ops, sizeof ops);
}

/* The same for fencing, which goes by node. */
static void
keep_fence_ops(HbSupervisor *sup, const HbConfig *config)
{
	const HbConfig *old = sup->ex->config;
	guint32 ops[HB_NODES_MAX] = { 0 };

	for (guint i = 0; i < config->n_nodes; i++)
		for (guint j = 0; j < old->n_nodes; j++)
			if (config->nodes[i].id == old->nodes[j].id)
				ops[i] = sup->fence_op[j];
	memcpy(sup->fence_op, ops, sizeof ops);
}

void
hb_supervisor_set_config(HbSupervisor *sup, HbBundle *bundle, HbConfig *config)
{
	HbExec *ex = sup->ex;

	if (ex->bundle != bundle) {
		keep_group_ops(sup, config);
		keep_fence_ops(sup, config);
		hb_bundle_free(ex->bundle);
		hb_config_free(ex->config);
		ex->bundle = bundle;
		ex->config = config;
	}
	g_strfreev(sup->env);
	sup->env = hb_environment_new(config);
	hb_respawn_reload(sup->respawn, config, sup->env);
}

/* --- supervision ---------------------------------------------------------------------------- */

static gboolean
died_too_often(HbSupervisor *sup, gint64 now_ms)
{
	guint oldest = 0, recent = 0;

	for (guint i = 0; i < HB_DEATHS_MAX; i++) {
		if (sup->death_ms[i] < sup->death_ms[oldest])
			oldest = i;
		recent += sup->death_ms[i] != 0 && now_ms - sup->death_ms[i] < DEATH_WINDOW_MS;
	}
	sup->death_ms[oldest] = now_ms;
	return recent == HB_DEATHS_MAX;
}

static void
node_died(HbSupervisor *sup, const char *why)
{
	sup->greeted = FALSE;
	if (sup->phase == HB_PHASE_ENDING)
		return;
	if (!sup->was_ready && !sup->ex->resumed) {
		g_autofree char *text = g_strdup_printf("hb-node ended while it started: %s", why);

		hb_supervisor_end(sup, HB_EXIT_FAILED, text);
		return;
	}
	hb_log(HB_LOG_CRIT, "hb-node has ended: %s", why);
	hb_reload_node_gone(sup);
	if (died_too_often(sup, hb_time_now_ms())) {
		hb_log(HB_LOG_CRIT, "hb-node ended %d times within a minute: stopping all resource groups here",
		       HB_DEATHS_MAX + 1);
		hb_last_stop_begin(sup);
		return;
	}
	start_node(sup);
}

static void
on_node_message(const HbChannelMsg *msg, const int *fds, guint n_fds, gpointer data)
{
	hb_requests_take(msg, fds, n_fds, data);
}

static void
on_node_gone(const char *why, gpointer data)
{
	HbSupervisor *sup = data;

	hb_node_link_free(sup->link);
	sup->link = NULL;
	node_died(sup, why);
}

static gboolean
is_busy(guint32 group_id, gpointer data)
{
	return hb_state_is_busy(data, group_id);
}

/* What the root process before this one had started. */
static void
note_started(const HbSupervisor *sup, const HbMemory *memory)
{
	const HbConfig *config = sup->ex->config;

	for (guint i = 0; i < config->n_groups; i++)
		for (guint j = 0; memory->group[i].state == HB_HELD_UP && j < config->groups[i].n_resources; j++)
			hb_runner_note_started(sup->runner, config->groups[i].id, &config->groups[i].resources[j]);
}

/* The memory that the next hb-node starts from. What was running when the last one went is ended first. */
static gboolean
settle_memory(HbSupervisor *sup, GError **error)
{
	HbExec *ex = sup->ex;
	HbMemory old, next;
	gboolean known = hb_memory_read(ex->memory_fd, &old);
	g_autofree char *warning = NULL;

	/* hb-node wrote it; what belongs to another generation is no word of ours. */
	if (ex->resumed && known && old.generation != ex->generation)
		known = FALSE;
	hb_memory_settle(known ? &old : NULL, ex->config, ex->resumed ? HB_MEMORY_RESUMED : HB_MEMORY_NEW_START, is_busy,
	                 ex->state, &next);
	note_started(sup, &next);
	hb_runner_kill_all(sup->runner);
	hb_fencing_forget(sup);
	for (guint i = 0; i < HB_STATE_JOBS_MAX; i++)
		hb_state_job_free(&ex->state->jobs[i]);
	memset(sup->group_op, 0, sizeof sup->group_op);
	if (ex->resumed && !known) {
		hb_log(HB_LOG_CRIT, "the memory of hb-node is damaged: all groups are asked anew");
		next.next_seq = 1;
		if (!hb_store_next_generation(HB_STATE_DIR, ex->generation, FALSE,
		                              (guint64)(g_get_real_time() / G_USEC_PER_SEC), &ex->generation, &warning,
		                              error))
			return FALSE;
		ex->state->generation = ex->state->last_generation = ex->generation;
		ex->resumed = FALSE;
	} else {
		next.next_seq = ex->resumed ? old.next_seq : 1;
	}
	next.generation = ex->generation;
	return hb_memory_write(ex->memory_fd, &next, error);
}

static void
start_node(HbSupervisor *sup)
{
	static const HbNodeHooks hooks = { on_node_message, on_node_gone };
	HbExec *ex = sup->ex;
	g_autoptr(GError) error = NULL;
	gint64 begin_ms = hb_time_now_ms();

	sup->phase = HB_PHASE_STARTING;
	sup->asked_ms = 0;
	sup->op_max = 0;
	/* As late as this: until here it has kept the other nodes content. */
	if (!hb_proc_kill(&ex->old_node, FALSE))
		hb_log(HB_LOG_CRIT, "the hb-node of the root process before this one cannot be killed");
	ex->old_node.pid = 0;
	/* The hb-node of a root before us had it, too. */
	if (ex->config->watchdog != NULL && ex->watchdog_fd < 0)
		ex->watchdog_fd = hb_watchdog_open(ex->config->watchdog, !ex->resumed);
	ex->watchdog_counts |= ex->resumed;
	if (settle_memory(sup, &error))
		sup->link = hb_node_link_start(ex, &hooks, sup, &error);
	sup->spawned_ms = begin_ms;
	if (sup->link == NULL)
		node_died(sup, error->message);
}

/* --- the guard ------------------------------------------------------------------------------ */

static gboolean on_guard_gone(int fd, GIOCondition condition, gpointer data);

static gboolean
restart_guard(gpointer data)
{
	HbSupervisor *sup = data;
	HbExec *ex = sup->ex;
	g_autoptr(GError) error = NULL;

	ex->guard_pid = hb_guard_start(&ex->guard, &ex->guard_pidfd, &error);
	if (ex->guard_pid > 0) {
		g_unix_fd_add(ex->guard_pidfd, G_IO_IN, on_guard_gone, sup);
		return G_SOURCE_REMOVE;
	}
	hb_log(HB_LOG_ERR, "%s", error->message);
	return G_SOURCE_CONTINUE;
}

static gboolean
on_guard_gone(int fd, GIOCondition condition, gpointer data)
{
	HbSupervisor *sup = data;

	(void)condition;
	(void)waitpid(sup->ex->guard_pid, NULL, WNOHANG);
	hb_fd_close(fd);
	hb_log(HB_LOG_WARN, "the guard has ended: starting another");
	if (restart_guard(sup))
		g_timeout_add(GUARD_PAUSE_MS, restart_guard, sup);
	return G_SOURCE_REMOVE;
}

/* --- signals -------------------------------------------------------------------------------- */

static void
begin_shutdown(HbSupervisor *sup)
{
	const HbChannelMsg msg = { .type = HB_CH_SHUTDOWN };

	if (sup->shutdown || sup->phase >= HB_PHASE_LAST_STOP)
		return;
	sup->shutdown = TRUE;
	sup->ex->state->stopping = 1;
	hb_notify_systemd("STOPPING=1");
	if (sup->link != NULL && sup->greeted)
		hb_node_link_send(sup->link, &msg, NULL, 0);
}

static void
change_debug(HbSupervisor *sup, int by)
{
	sup->ex->debug = (guint)CLAMP((int)sup->ex->debug + by, 0, DEBUG_MAX);
	hb_reload_debug(sup);
	hb_log(HB_LOG_INFO, "debug now set to %u", sup->ex->debug);
}

static gboolean
on_signal(int fd, GIOCondition condition, gpointer data)
{
	HbSupervisor *sup = data;
	struct signalfd_siginfo info;

	(void)condition;
	if (read(fd, &info, sizeof info) != (gssize)sizeof info)
		return G_SOURCE_CONTINUE;
	switch (info.ssi_signo) {
	case SIGTERM:
		begin_shutdown(sup);
		break;
	case SIGINT:            /* ignored in the background, as ever */
		if (sup->ex->options.foreground)
			begin_shutdown(sup);
		break;
	case SIGHUP:
		hb_reload_begin(sup);
		break;
	case SIGUSR1:
		change_debug(sup, 1);
		break;
	case SIGUSR2:
		change_debug(sup, -1);
		break;
	default:
		break;
	}
	return G_SOURCE_CONTINUE;
}

static void
listen_to_signals(HbSupervisor *sup)
{
	sigset_t set;

	hb_boot_hold_signals(&set);
	/* A SIGPIPE of ours would be a bug; blocked, it is only an error number. */
	sigdelset(&set, SIGPIPE);
	g_unix_fd_add(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), G_IO_IN, on_signal, sup);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
on_job_done(guint32 op, HbChildResult result, guint took_ms, gpointer data)
{
	HbSupervisor *sup = data;

	if (op == HB_OP_CHECK)
		hb_reload_checked(sup, result);
	else if (op == HB_OP_FENCE_STATUS)
		hb_fencing_watched(sup, result);
	else if (op >= HB_OP_OURS)
		hb_last_stop_done(sup, op, result);
	else
		hb_requests_done(sup, op, result, took_ms);
}

/* hb-node has said its last word; it gets a moment to close what it has. */
static void
wait_for_node(const HbExec *ex)
{
	struct pollfd wait = { .events = POLLIN };
	HbProc proc = ex->state->node;
	g_auto(HbFd) pidfd = -1;

	if (proc.pid == 0)
		return;
	pidfd = hb_proc_open(&proc);
	wait.fd = pidfd;
	if (pidfd >= 0)
		(void)poll(&wait, 1, END_WAIT_MS);
}

int
hb_supervise(HbExec *ex)
{
	HbSupervisor sup = { .ex = ex, .loop = g_main_loop_new(NULL, FALSE) };
	const HbRunnerSettings settings = hb_runner_settings(ex->state);

	sup.runner = hb_runner_new(&settings, on_job_done, &sup);
	sup.door = hb_api_door_new();
	sup.respawn = hb_respawn_new(HB_STATE_DIR "/cores/root", ex->state);
	hb_supervisor_set_config(&sup, ex->bundle, ex->config);
	(void)hb_reload_is_touched(&sup);
	listen_to_signals(&sup);
	hb_alive_begin(&sup);
	hb_log_link_watch(ex);
	hb_fifo_watch_begin(&sup);
	g_unix_fd_add(ex->guard_pidfd, G_IO_IN, on_guard_gone, &sup);
	if (ex->too_often) {
		hb_log(HB_LOG_CRIT, "the root process died again and again: stopping all resource groups here");
		hb_last_stop_begin(&sup);
	} else {
		start_node(&sup);
	}
	if (sup.phase != HB_PHASE_ENDING)
		g_main_loop_run(sup.loop);

	wait_for_node(ex);
	hb_node_link_free(sup.link);
	hb_respawn_free(sup.respawn);
	hb_api_door_free(sup.door);
	hb_runner_free(sup.runner);
	hb_boot_undo(ex, sup.code == HB_EXIT_OK || (sup.did_last_stop && !sup.last_failed));
	g_strfreev(sup.env);
	g_main_loop_unref(sup.loop);
	return sup.code;
}
