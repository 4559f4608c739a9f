/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib-unix.h>

#include "exec/boot.h"
#include "exec/exec.h"
#include "exec/log_link.h"
#include "exec/spawn.h"
#include "log/log.h"
#include "logger/logger.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define ROOM 1048576                    /* for lines that wait: some thousands */
#define RESTART_PAUSE_MS HB_MS_PER_S    /* for one that ends as soon as it begins */
#define RENEW_LIMIT_MS 5000
#define END_WAIT_MS 5000
#define KILL_WAIT_MS 1000

/* Neither root's user nor hb-node's, which could stop it. It is on every Debian, and owns nothing. */
#define LOG_USER "daemon"

static gboolean
make_socket(int *ret_write, int *ret_read, GError **error)
{
	const int room = ROOM;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0 ||
	    fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot make a socket to hb-log: %s",
		            g_strerror(errno));
		return FALSE;
	}
	(void)setsockopt(ends[0], SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
	*ret_write = ends[0];
	*ret_read = ends[1];
	return TRUE;
}

static void
write_flags(const HbExec *ex, char flags[5])
{
	gsize n = 0;

	if (ex->logfile_fd >= 0)
		flags[n++] = 'l';
	if (ex->debugfile_fd >= 0)
		flags[n++] = 'd';
	flags[n++] = ex->config->syslogmsgfmt ? 's' : '.';
	flags[n] = '\0';
}

static gboolean
start(HbExec *ex, GError **error)
{
	static char *const env[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", (char *)"LC_ALL=C", NULL };
	const HbConfig *config = ex->config;
	HbLogLink *log = &ex->log;
	g_auto(HbFd) devnull = open("/dev/null", O_RDWR | O_CLOEXEC);
	g_autofree char *retry_ms = g_strdup_printf("%u", config->conn_logd_time_ms);
	char flags[5];
	char *const argv[] = {
		(char *)"hb-log", ex->node_name, flags,
		config->use_logd ? (char *)(config->logfacility != NULL ? config->logfacility : "none") : NULL, retry_ms, NULL,
	};
	HbSpawn spawn = {
		.path = HB_BIN_DIR "/hb-log", .argv = argv, .envp = env, .cwd = "/",
		.fds = { devnull, devnull, devnull, [HB_LOGGER_FD_ROOT] = log->root_read, [HB_LOGGER_FD_NODE] = log->node_read,
		         [HB_LOGGER_FD_LOG] = ex->logfile_fd >= 0 ? ex->logfile_fd : devnull,
		         [HB_LOGGER_FD_DEBUG] = ex->debugfile_fd >= 0 ? ex->debugfile_fd : devnull },
		.n_fds = HB_LOGGER_FD_N, .drop = log->drops, .uid = log->uid, .gid = log->gid,
		.oom_score_adj = "0", .ret_pid = &ex->state->logger.pid,
	};

	write_flags(ex, flags);
	ex->state->logger = (HbProc){ 0 };
	log->started_ms = hb_time_now_ms();
	if (hb_spawn(&spawn, &log->pidfd, error) < 0) {
		log->pidfd = -1;
		return FALSE;
	}
	hb_proc_note(&ex->state->logger);
	return TRUE;
}

/* ---- replaced when it ends ---- */

static gboolean
on_restart(gpointer data)
{
	HbExec *ex = data;
	g_autoptr(GError) error = NULL;

	if (!start(ex, &error)) {
		hb_log(HB_LOG_ERR, "%s", error->message);
		return G_SOURCE_CONTINUE;
	}
	hb_log_link_watch(ex);
	return G_SOURCE_REMOVE;
}

static void
reap(HbExec *ex, int *ret_status)
{
	HbLogLink *log = &ex->log;

	if (log->end_source != 0)
		g_source_remove(log->end_source);
	log->end_source = 0;
	(void)waitpid(ex->state->logger.pid, ret_status, WNOHANG);
	ex->state->logger.pid = 0;
	hb_fd_close(log->pidfd);
	log->pidfd = -1;
}

static gboolean
on_end(int fd, GIOCondition condition, gpointer data)
{
	HbExec *ex = data;
	HbLogLink *log = &ex->log;
	gint64 lived_ms = hb_time_now_ms() - log->started_ms;
	gboolean is_quick = lived_ms < RESTART_PAUSE_MS && !log->renewing;
	int status = 0;

	(void)fd, (void)condition;
	log->end_source = 0;
	reap(ex, &status);
	if (!log->renewing)
		hb_log(HB_LOG_WARN, "hb-log has ended: %s %d; starting another",
		       WIFSIGNALED(status) ? "signal" : "exit status",
		       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	log->renewing = FALSE;
	if (is_quick || on_restart(ex))
		g_timeout_add(RESTART_PAUSE_MS, on_restart, ex);
	return G_SOURCE_REMOVE;
}

void
hb_log_link_watch(HbExec *ex)
{
	if (ex->log.pidfd >= 0)
		ex->log.end_source = g_unix_fd_add(ex->log.pidfd, G_IO_IN, on_end, ex);
	else
		g_timeout_add(RESTART_PAUSE_MS, on_restart, ex);
}

static gboolean
on_renew_limit(gpointer data)
{
	HbExec *ex = data;

	if (ex->log.renewing && ex->state->logger.pid != 0)
		(void)kill(ex->state->logger.pid, SIGKILL);
	return G_SOURCE_REMOVE;
}

void
hb_log_link_renew(HbExec *ex)
{
	if (ex->log.pidfd < 0 || ex->log.renewing)
		return;         /* another one is on its way already */
	ex->log.renewing = TRUE;
	(void)kill(ex->state->logger.pid, SIGUSR1);
	g_timeout_add(RENEW_LIMIT_MS, on_renew_limit, ex);
}

/* ---- life ---- */

/* The hb-log of a root process that died ends when it has written all. One that cannot is ended with the next. */
static void
note_old(HbState *state)
{
	if (!hb_proc_lives(&state->logger))
		return;
	(void)hb_proc_kill(&state->old_logger, FALSE);
	state->old_logger = state->logger;
}

/* Asked once: the answer may have to come from afar. */
static void
find_user(HbExec *ex)
{
	const struct passwd *user = getpwnam(LOG_USER);
	HbLogLink *log = &ex->log;

	log->drops = user != NULL || ex->node_drops;
	log->uid = user != NULL ? user->pw_uid : ex->node_uid;
	log->gid = user != NULL ? user->pw_gid : ex->node_gid;
}

gboolean
hb_log_link_open(HbExec *ex, GError **error)
{
	HbLogLink *log = &ex->log;
	g_autoptr(GError) start_error = NULL;

	*log = (HbLogLink){ .root_write = -1, .root_read = -1, .node_write = -1, .node_read = -1, .pidfd = -1 };
	note_old(ex->state);
	find_user(ex);
	if (!make_socket(&log->root_write, &log->root_read, error) ||
	    !make_socket(&log->node_write, &log->node_read, error))
		return FALSE;
	hb_boot_log_setup(ex);
	/* No reason to be without service: it is tried again, and what is said waits. */
	if (!start(ex, &start_error))
		hb_log(HB_LOG_ERR, "%s", start_error->message);
	return TRUE;
}

static void
shut(int *fd)
{
	if (*fd >= 0)
		hb_fd_close(*fd);
	*fd = -1;
}

void
hb_log_link_close(HbExec *ex)
{
	HbLogLink *log = &ex->log;
	struct pollfd wait = { .events = POLLIN };

	if (log->root_write <= 0)
		return;
	if (log->pidfd < 0)
		(void)start(ex, NULL);
	hb_log_flush();
	shut(&log->root_write);
	shut(&log->node_write);
	hb_boot_log_setup(ex);
	shut(&log->root_read);
	shut(&log->node_read);
	wait.fd = log->pidfd;
	if (log->pidfd >= 0 && poll(&wait, 1, END_WAIT_MS) == 0) {
		(void)kill(ex->state->logger.pid, SIGKILL);
		(void)poll(&wait, 1, KILL_WAIT_MS);
	}
	if (log->pidfd >= 0)
		reap(ex, NULL);
	(void)hb_proc_kill(&ex->state->old_logger, FALSE);
}
