/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

#include "exec/boot_parts.h"
#include "exec/control.h"
#include "exec/dirs.h"
#include "exec/leftover.h"
#include "exec/memory.h"
#include "exec/nodes.h"
#include "exec/shots.h"
#include "exec/store.h"
#include "exec/watchdog.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define LOCK_TRIES 100
#define LOCK_PAUSE_MS 20

typedef gboolean Step(HbExec *ex, GError **error);

static gboolean
fail(GError **error, const char *what, const char *path)
{
	int err = errno;

	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(err), "cannot %s %s: %s", what, path, g_strerror(err));
	return FALSE;
}

static gboolean
find_user(HbExec *ex, GError **error)
{
	const struct group *group = getgrnam(HB_GROUP);
	const struct passwd *user = getpwnam(HB_USER);

	ex->node_gid = group != NULL ? group->gr_gid : 0;
	if (user != NULL && group != NULL && user->pw_uid != 0) {
		ex->node_uid = user->pw_uid;
		ex->node_drops = TRUE;
		return TRUE;
	}
	if (ex->options.insecure_root_node)
		return TRUE;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	            "the user %s and the group %s that hb-node runs as must exist; make them "
	            "(groupadd -r %s; useradd -r -g %s -s /usr/sbin/nologin %s) or, not advised, give --insecure-root-node",
	            HB_USER, HB_GROUP, HB_GROUP, HB_GROUP, HB_USER);
	return FALSE;
}

static gboolean
make_dirs(HbExec *ex, GError **error)
{
	return hb_dirs_make(ex->node_gid, error) && hb_dirs_for_clients(ex->node_gid, error);
}

static gboolean
take_lock(HbExec *ex, GError **error)
{
	pid_t other;

	ex->lock_fd = open(HB_LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (ex->lock_fd < 0)
		return fail(error, "make", HB_LOCK_FILE);
	/* A child of the root before us holds it too, until its program begins. */
	for (guint i = 0; i < LOCK_TRIES; i++) {
		if (flock(ex->lock_fd, LOCK_EX | LOCK_NB) == 0) {
			hb_control_say_starting(ex->lock_fd);
			return TRUE;
		}
		(void)poll(NULL, 0, LOCK_PAUSE_MS);
		if (!ex->options.revive)
			hb_control_wait_for_starter();
	}
	if (hb_control_find(&other) == HB_DAEMON_RUNS)
		g_set_error(error, HB_EXEC_ERROR, HB_EXIT_RUNNING, "heartbeat already running [pid %d]", (int)other);
	else
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
		            "another heartbeat is just starting or stopping here, or ResourceManager is at work on a group");
	return FALSE;
}

/* Was there a root before us, on this boot, that ended without farewell? And does its hb-node still speak for us? */
static gboolean
open_state(HbExec *ex, GError **error)
{
	gboolean valid;

	ex->state = hb_state_open(HB_STATE_FILE, &valid, error);
	if (ex->state == NULL)
		return FALSE;
	if (!valid || ex->state->farewell) {
		/* A memory from before the machine booted says nothing; one that a root left with its farewell says
		 * what it could not stop. */
		if (!valid)
			(void)unlink(HB_MEMORY_FILE);
		hb_state_clear(ex->state, 0);
		return TRUE;
	}
	if (!ex->options.revive)
		ex->state->stopping = 0;
	ex->old_node = ex->state->node;
	ex->resumed = ex->state->generation != 0 && (ex->options.revive || hb_proc_lives(&ex->old_node));
	if (ex->resumed)
		ex->too_often = hb_state_revived_too_often(ex->state, hb_time_now_ms());
	return TRUE;
}

static gboolean
start_guard(HbExec *ex, GError **error)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return fail(error, "make", "a pipe");
	ex->guard = (HbGuard){
		.program = ex->program, .argv = ex->argv, .state = ex->state, .pipe_read = ends[0], .pipe_write = ends[1],
		.others_restart = ex->options.others_restart,
		/* Before anybody knows what ha.cf says: it only waits, and is to be quick when it is needed. */
		.rt_priority = ex->options.no_realtime ? 0 : 1,
	};
	ex->guard_pid = hb_guard_start(&ex->guard, &ex->guard_pidfd, error);
	return ex->guard_pid > 0;
}

/* Operations of the root before us: nobody hears of their end any more. */
static gboolean
kill_old_jobs(HbExec *ex, GError **error)
{
	(void)error;
	for (guint i = 0; i < HB_STATE_JOBS_MAX; i++)
		if (ex->state->jobs[i].proc.pid != 0)
			(void)hb_proc_kill(&ex->state->jobs[i].proc, TRUE);
	for (guint i = 0; i < HB_STATE_CLIENTS_MAX; i++) {
		if (ex->state->clients[i].pid != 0)
			(void)hb_proc_kill(&ex->state->clients[i], TRUE);
		ex->state->clients[i].pid = 0;
	}
	return TRUE;
}

static gboolean
load_nodes(HbExec *ex, GError **error)
{
	(void)error;
	hb_nodes_load(ex);
	return TRUE;
}

void
hb_boot_log_setup(const HbExec *ex)
{
	const HbLogSettings settings = {
		.entity = "heartbeat", .node = ex->node_name, .record_fd = MAX(ex->log.root_write, 0), .logfile_fd = -1,
		.debugfile_fd = -1, .facility = ex->config->use_logd ? NULL : ex->config->logfacility,
		.to_stderr = ex->options.foreground && !ex->options.revive && !ex->options.others_restart,
		.syslogmsgfmt = ex->config->syslogmsgfmt,
		.debug = ex->debug,
	};

	hb_log_setup(&settings);
}

/* A log file that cannot be opened is no reason to be without service. */
static gboolean
open_logs(HbExec *ex, GError **error)
{
	g_autoptr(GError) log_error = NULL, debug_error = NULL;

	ex->debug = ex->config->debug;
	ex->logfile_fd = hb_dirs_log(ex->config->logfile, ex->node_gid, &log_error);
	ex->debugfile_fd = hb_dirs_log(ex->config->debugfile, ex->node_gid, &debug_error);
	if (!hb_log_link_open(ex, error))
		return FALSE;
	if (log_error != NULL)
		hb_log(HB_LOG_ERR, "%s", log_error->message);
	if (debug_error != NULL)
		hb_log(HB_LOG_ERR, "%s", debug_error->message);
	hb_log(HB_LOG_INFO, "Configuration validated. Starting heartbeat %s", PACKAGE_VERSION);
	return TRUE;
}

static gboolean
open_memory(HbExec *ex, GError **error)
{
	HbMemory memory;

	ex->memory_fd = hb_memory_open(HB_MEMORY_FILE, error);
	if (ex->memory_fd < 0)
		return FALSE;
	/* Without a sound memory nobody knows the next sequence number: a new generation it must be. */
	if (ex->resumed && (!hb_memory_read(ex->memory_fd, &memory) || memory.generation != ex->state->generation)) {
		hb_log(HB_LOG_WARN, "the memory of the heartbeat before this one is damaged: starting anew");
		ex->resumed = FALSE;
	}
	return TRUE;
}

static gboolean
stop_leftovers(HbExec *ex, GError **error)
{
	const HbRunnerSettings settings = hb_runner_settings(ex->state);
	g_autoptr(HbConfig) saved = NULL;
	HbMemory memory;

	if (ex->resumed || ex->options.no_resources || !hb_memory_read(ex->memory_fd, &memory))
		return TRUE;
	saved = hb_boot_saved_config(ex, NULL);
	return hb_leftover_stop(&memory, ex->config, saved, &settings, error);
}

static gboolean
settle_identity(HbExec *ex, GError **error)
{
	g_autofree char *broken_uuid = NULL;
	g_autofree char *warning = NULL;

	ex->n_shots = hb_shots_read();
	if (ex->config->uuid_from_name)
		hb_store_uuid_of_name(ex->config->nodes[ex->config->self].name, ex->uuid);
	else if (!hb_store_uuid(HB_STATE_DIR, ex->uuid, &broken_uuid, error))
		return FALSE;
	if (broken_uuid != NULL)
		hb_log(HB_LOG_WARN, "%s", broken_uuid);
	if (ex->resumed) {
		ex->generation = ex->state->generation;
		return TRUE;
	}
	if (!hb_store_next_generation(HB_STATE_DIR, ex->state->last_generation, ex->config->hbgenmethod_time,
	                              (guint64)time(NULL), &ex->generation, &warning, error))
		return FALSE;
	if (warning != NULL)
		hb_log(HB_LOG_WARN, "%s", warning);
	ex->state->generation = ex->state->last_generation = ex->generation;
	return TRUE;
}

static gboolean
open_fifo(HbExec *ex, GError **error)
{
	ex->fifo_fd = hb_dirs_fifo(error);
	return ex->fifo_fd >= 0;
}

static gboolean
open_status_socket(HbExec *ex, GError **error)
{
	ex->status_fd = hb_dirs_status_socket(ex->node_gid, error);
	return ex->status_fd >= 0;
}

void
hb_boot_hold_signals(sigset_t *ret_held)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE };

	sigemptyset(ret_held);
	for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaddset(ret_held, signals[i]);
	(void)sigprocmask(SIG_BLOCK, ret_held, NULL);
}

static gboolean
write_pid(HbExec *ex, GError **error)
{
	sigset_t held;

	/* From here on others know where to send them. */
	hb_boot_hold_signals(&held);
	if (!hb_control_write_pid(error))
		return FALSE;
	ex->state->root.pid = getpid();
	hb_proc_note(&ex->state->root);
	return TRUE;
}

static const struct {
	Step *step;
	gboolean to_stop_only;          /* also needed where all that is left is to stop the groups */
} steps[] = {
	{ find_user,               TRUE },
	{ make_dirs,               TRUE },
	{ take_lock,               TRUE },
	{ open_state,              TRUE },
	{ start_guard,             TRUE },
	{ kill_old_jobs,           TRUE },
	{ hb_boot_settle_config,   TRUE },
	{ open_logs,               TRUE },
	{ hb_boot_set_scheduling,  TRUE },
	{ hb_boot_set_core_dumps,  TRUE },
	{ open_memory,             TRUE },
	{ stop_leftovers,          FALSE },
	{ load_nodes,              FALSE },
	{ settle_identity,         FALSE },
	{ hb_boot_save_config,     FALSE },
	{ open_fifo,               FALSE },
	{ open_status_socket,      FALSE },
	{ write_pid,               TRUE },
};

static int
code_of(const GError *error)
{
	static const int permission[] = { G_FILE_ERROR_ACCES, G_FILE_ERROR_PERM, G_FILE_ERROR_ROFS };

	if (error->domain == HB_EXEC_ERROR)
		return error->code;
	for (guint i = 0; i < G_N_ELEMENTS(permission); i++)
		if (g_error_matches(error, G_FILE_ERROR, permission[i]))
			return HB_EXIT_PERMISSION;
	return HB_EXIT_FAILED;
}

int
hb_boot(HbExec *ex, GError **error)
{
	GError *first = NULL;
	int code;

	ex->lock_fd = ex->fifo_fd = ex->status_fd = ex->memory_fd = ex->guard_pidfd = -1;
	ex->logfile_fd = ex->debugfile_fd = ex->watchdog_fd = -1;
	for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
		if ((ex->too_often && !steps[i].to_stop_only) || steps[i].step(ex, &first))
			continue;
		code = code_of(first);
		g_propagate_error(error, first);
		/* Where groups may be up this must be tried again, and in the end they are stopped; if even that
		 * cannot be tried, trying for ever helps nobody. */
		if (ex->resumed && !ex->too_often)
			return HB_EXIT_AGAIN;
		hb_boot_undo(ex, FALSE);
		return code;
	}
	return HB_EXIT_OK;
}

void
hb_boot_undo(HbExec *ex, gboolean clean)
{
	if (ex->status_fd >= 0)
		(void)unlink(HB_STATUS_SOCK);
	if (clean) {
		(void)unlink(HB_MEMORY_FILE);
		(void)unlink(HB_RUN_DIR "/" HB_BUNDLE_NAME);
	}
	if (ex->watchdog_fd >= 0 && (clean || !ex->watchdog_counts))
		hb_watchdog_stop(ex->watchdog_fd);
	else if (ex->watchdog_fd >= 0)
		hb_log(HB_LOG_CRIT, "something may still be up here: the watchdog is left to reboot this machine");
	/* The pid file last: until it is gone this node is still stopping. */
	if (ex->lock_fd >= 0 && ex->state != NULL) {
		hb_control_remove_pid();
		ex->state->farewell = 1;
	}
}
