/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <glib.h>

#include "exec/control.h"
#include "exec/exec.h"
#include "exec/options.h"
#include "exec/state.h"
#include "exec/store.h"
#include "util/fd.h"
#include "util/textfile.h"
#include "util/time.h"

#include "util/banned.h"

#define PID_TEXT_MAX 64
#define STOP_SAY_MS 10000
#define REVIVAL_WAIT_MS 5000
#define REVIVAL_LOOK_MS 20
#define ENDING_MS 20            /* more than it takes from a last look for signals to the end */
#define STARTER_WAIT_MS 120000          /* names are looked up, leftovers are stopped */
#define STARTING "starting"
#define STARTED "started"

/* A number that another program has got since is not heartbeat, nor is a zombie. */
static gboolean
is_heartbeat(pid_t pid)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/comm", (int)pid);
	g_autofree char *comm = NULL;
	HbProc proc = { .pid = pid };

	hb_proc_note(&proc);
	return proc.start != 0 && g_file_get_contents(path, &comm, NULL, NULL) &&
	       strcmp(g_strchomp(comm), "heartbeat") == 0;
}

HbDaemon
hb_control_find(pid_t *ret_pid)
{
	g_autofree char *text = NULL;
	guint64 pid;

	/* A pid file may be lost, or be anything; what root itself noted is exact, but only root may read it. */
	*ret_pid = hb_state_root(HB_STATE_FILE);
	if (*ret_pid != 0)
		return HB_DAEMON_RUNS;
	text = hb_text_file_read(HB_PID_FILE, PID_TEXT_MAX, NULL);
	if (text == NULL ||
	    !g_ascii_string_to_unsigned(g_strstrip(text), 10, 2, G_MAXINT, &pid, NULL))
		return HB_DAEMON_STOPPED;
	*ret_pid = (pid_t)pid;
	return is_heartbeat((pid_t)pid) ? HB_DAEMON_RUNS : HB_DAEMON_DIED;
}

gboolean
hb_control_write_pid(GError **error)
{
	g_autofree char *dir = g_path_get_dirname(HB_PID_FILE);
	g_autofree char *name = g_path_get_basename(HB_PID_FILE);
	char line[16];

	g_snprintf(line, sizeof line, "%10d\n", (int)getpid());
	return hb_store_write(dir, name, line, strlen(line), 0644, error);
}

void
hb_control_remove_pid(void)
{
	(void)unlink(HB_PID_FILE);
}

static void
say(int lock_fd, const char *word)
{
	char line[32];
	int len = g_snprintf(line, sizeof line, "%d %s\n", (int)getpid(), word);

	/* Who cannot read it waits less. */
	if (pwrite(lock_fd, line, (gsize)len, 0) == len)
		(void)!ftruncate(lock_fd, len);
}

void
hb_control_say_starting(int lock_fd)
{
	say(lock_fd, STARTING);
}

void
hb_control_say_started(int lock_fd)
{
	say(lock_fd, STARTED);
}

/* Another one, and it is neither up nor has it failed: both would let go of the lock or say another word. */
static gboolean
somebody_is_starting(void)
{
	g_auto(HbFd) fd = open(HB_LOCK_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char line[32] = "";
	char *word;
	pid_t pid;

	if (fd < 0 || flock(fd, LOCK_SH | LOCK_NB) == 0 || pread(fd, line, sizeof line - 1, 0) <= 0)
		return FALSE;
	pid = (pid_t)g_ascii_strtoll(line, &word, 10);
	return pid > 1 && pid != getpid() && strcmp(word, " " STARTING "\n") == 0 && is_heartbeat(pid);
}

void
hb_control_wait_for_starter(void)
{
	gint64 until_ms = hb_time_now_ms() + STARTER_WAIT_MS;

	while (somebody_is_starting() && hb_time_now_ms() < until_ms)
		(void)poll(NULL, 0, REVIVAL_LOOK_MS);
}

int
hb_control_status(const char *node_name)
{
	pid_t pid;

	switch (hb_control_find(&pid)) {
	case HB_DAEMON_RUNS:
		printf("heartbeat OK [pid %d et al] is running on %s [%s]...\n", (int)pid, node_name, node_name);
		return HB_EXIT_OK;
	case HB_DAEMON_DIED:
		printf("heartbeat is stopped. No process\n");
		return HB_EXIT_FAILED;
	case HB_DAEMON_STOPPED:
		break;
	}
	printf("heartbeat is stopped. No process\n");
	return HB_EXIT_STOPPED;
}

static int
failed(const char *what)
{
	int err = errno;

	fprintf(stderr, "heartbeat: cannot %s: %s\n", what, g_strerror(err));
	return err == EPERM || err == EACCES ? HB_EXIT_PERMISSION : HB_EXIT_FAILED;
}

/* No limit: each script has one, and a group that cannot be stopped must not be left. */
static void
wait_for_end(int pidfd)
{
	struct pollfd wait = { .fd = pidfd, .events = POLLIN };

	for (;;) {
		int n = poll(&wait, 1, STOP_SAY_MS);

		if (n > 0 || (n < 0 && errno != EINTR))
			return;
		if (n == 0)
			fprintf(stderr, "INFO: still stopping: hb_status says what is waited for.\n");
	}
}

/* Waits for the end of @pid, if it is heartbeat still. FALSE: it is none. */
static gboolean
stop_and_wait(pid_t pid, int *ret_code)
{
	g_auto(HbFd) pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	/* Asked again: from here on the descriptor is that process, or none. */
	if (pidfd < 0 || !is_heartbeat(pid))
		return FALSE;
	if (syscall(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0) < 0 && errno != ESRCH) {
		*ret_code = failed("stop heartbeat");
		return TRUE;
	}
	wait_for_end(pidfd);
	return TRUE;
}

/* It ended without removing its pid file: the guard may be starting the next one. @old: not this one; 0: any. */
static HbDaemon
find_next(pid_t old, pid_t *ret_pid)
{
	gint64 until_ms = hb_time_now_ms() + REVIVAL_WAIT_MS;

	for (;;) {
		HbDaemon daemon = hb_control_find(ret_pid);

		if (daemon == HB_DAEMON_STOPPED || (daemon == HB_DAEMON_RUNS && *ret_pid != old) ||
		    hb_time_now_ms() >= until_ms)
			return daemon;
		(void)poll(NULL, 0, REVIVAL_LOOK_MS);
	}
}

void
hb_control_wait_for_stopper(void)
{
	pid_t pid;

	while (hb_state_is_stopping(HB_STATE_FILE) && hb_control_find(&pid) == HB_DAEMON_RUNS) {
		g_auto(HbFd) pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

		fprintf(stderr, "INFO: heartbeat is stopping [pid %d]: it is started when it has ended.\n", (int)pid);
		if (pidfd >= 0 && is_heartbeat(pid))
			wait_for_end(pidfd);
		(void)find_next(pid, &pid);
	}
}

/* Somebody who waited for our stop was quick. What the guard has revived was told to stop, or goes on as the same. */
static gboolean
was_started_since(guint64 generation)
{
	guint64 now = hb_state_generation(HB_STATE_FILE);

	return generation != 0 && now != 0 && now != generation && !hb_state_is_stopping(HB_STATE_FILE);
}

int
hb_control_kill(void)
{
	guint64 generation = hb_state_generation(HB_STATE_FILE);
	gboolean did_stop = FALSE;
	int code = HB_EXIT_OK;
	pid_t pid;

	while (hb_control_find(&pid) == HB_DAEMON_RUNS && code == HB_EXIT_OK) {
		pid_t old = pid;

		if (!stop_and_wait(pid, &code) || code != HB_EXIT_OK)
			break;
		did_stop = TRUE;
		if (was_started_since(generation))
			break;
		if (find_next(old, &pid) == HB_DAEMON_DIED) {
			fprintf(stderr, "heartbeat: it died while it was to stop: see its log\n");
			return HB_EXIT_FAILED;
		}
	}
	if (!did_stop && code == HB_EXIT_OK)
		fprintf(stderr, "INFO: Heartbeat already stopped.\n");
	return code;
}

/* FALSE: it is none any more, or its end was so near that it cannot have heard it. */
static gboolean
tell_to_reload(pid_t pid, int *ret_code)
{
	g_auto(HbFd) pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd wait = { .fd = pidfd, .events = POLLIN };

	*ret_code = HB_EXIT_OK;
	if (pidfd < 0 || syscall(SYS_pidfd_send_signal, pidfd, SIGHUP, NULL, 0) < 0) {
		if (errno == ESRCH)
			return FALSE;
		*ret_code = failed("reach heartbeat");
		return TRUE;
	}
	return poll(&wait, 1, ENDING_MS) <= 0;
}

HbDaemon
hb_control_find_soon(pid_t *ret_pid)
{
	return find_next(0, ret_pid);
}

int
hb_control_reload(void)
{
	int code;
	pid_t pid;

	while (hb_control_find_soon(&pid) == HB_DAEMON_RUNS)
		if (tell_to_reload(pid, &code))
			return code;
	errno = ESRCH;
	return failed("reach heartbeat");
}
