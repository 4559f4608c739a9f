/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <glib.h>

#include "exec/state.h"
#include "util/fd.h"
#include "util/id.h"
#include "util/time.h"

#include "util/banned.h"

#define STATE_MAGIC 0x48425304u
#define KILL_WAIT_MS 5000
#define REVIVAL_WINDOW_MS (60 * (gint64)HB_MS_PER_S)

/* The run directory is gone at boot, unless somebody put it on a disk. */
static guint32
this_boot(void)
{
	g_autofree char *id = NULL;

	return g_file_get_contents("/proc/sys/kernel/random/boot_id", &id, NULL, NULL) ? hb_id_of(id) : HB_ID_NONE;
}

HbState *
hb_state_open(const char *path, gboolean *ret_valid, GError **error)
{
	g_auto(HbFd) fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	HbState *state = MAP_FAILED;

	/* Really there: a page that cannot be had later would be our death. */
	if (fd >= 0 && (errno = posix_fallocate(fd, 0, sizeof *state)) == 0 && fchmod(fd, 0600) == 0)
		state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (state == MAP_FAILED) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot make %s: %s", path,
		            g_strerror(errno));
		return NULL;
	}
	*ret_valid = state->magic == STATE_MAGIC && state->boot == this_boot();
	return state;
}

/* FALSE: there is none, of this boot, of a root that has not said farewell. */
static gboolean
read_state(const char *path, HbState *ret_state)
{
	g_auto(HbFd) fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	return fd >= 0 && pread(fd, ret_state, sizeof *ret_state, 0) == (gssize)sizeof *ret_state &&
	       ret_state->magic == STATE_MAGIC && ret_state->boot == this_boot() && !ret_state->farewell;
}

gboolean
hb_state_is_orphaned(const char *path)
{
	HbState state;

	return read_state(path, &state) && state.generation != 0 && hb_proc_lives(&state.node);
}

pid_t
hb_state_root(const char *path)
{
	HbState state;

	return read_state(path, &state) && state.root.start != 0 && hb_proc_lives(&state.root) ? state.root.pid : 0;
}

gboolean
hb_state_is_stopping(const char *path)
{
	HbState state;

	return read_state(path, &state) && state.stopping != 0;
}

guint64
hb_state_generation(const char *path)
{
	HbState state;

	return read_state(path, &state) ? state.generation : 0;
}

void
hb_state_clear(HbState *state, guint64 generation)
{
	guint32 boot = this_boot();
	guint64 last = state->magic == STATE_MAGIC && state->boot == boot ? state->last_generation : 0;

	memset(state, 0, sizeof *state);
	state->generation = generation;
	state->last_generation = MAX(last, generation);
	state->boot = boot;
	state->magic = STATE_MAGIC;
}

/* Start time of @pid, 0: there is none such, or it is a zombie. */
static guint64
start_time(pid_t pid)
{
	char path[32], buf[1024], state = '\0';
	g_auto(HbFd) fd = -1;
	unsigned long long start = 0;
	const char *behind;
	gssize n;

	g_snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || (n = read(fd, buf, sizeof buf - 1)) <= 0)
		return 0;
	buf[n] = '\0';
	/* The name may hold blanks and parentheses: count from the last one. Field 3 is the state, 22 the start. */
	behind = strrchr(buf, ')');
	if (behind == NULL ||
	    sscanf(behind + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
	           &state, &start) != 2 || state == 'Z' || state == 'X')
		return 0;
	return start;
}

void
hb_proc_note(HbProc *proc)
{
	proc->start = start_time(proc->pid);
}

gboolean
hb_proc_lives(const HbProc *proc)
{
	guint64 start = proc->pid > 1 ? start_time(proc->pid) : 0;

	if (start == 0)
		return FALSE;
	/* Not noted: root was killed right after the child had begun, an instant ago. */
	return proc->start == start || (proc->start == 0 && getpgid(proc->pid) == proc->pid);
}

int
hb_proc_open(const HbProc *proc)
{
	g_auto(HbFd) pidfd = -1;

	if (!hb_proc_lives(proc))
		return -1;
	pidfd = (int)syscall(SYS_pidfd_open, proc->pid, 0);
	/* Asked once more: now the descriptor holds the process, whatever becomes of the number. */
	if (pidfd < 0 || !hb_proc_lives(proc))
		return -1;
	(void)fcntl(pidfd, F_SETFD, FD_CLOEXEC);
	return hb_fd_steal(&pidfd);
}

gboolean
hb_proc_kill(const HbProc *proc, gboolean whole_group)
{
	gint64 until_ms = hb_time_now_ms() + KILL_WAIT_MS;
	g_auto(HbFd) pidfd = hb_proc_open(proc);
	struct pollfd wait = { .fd = pidfd, .events = POLLIN };

	if (pidfd < 0)
		return TRUE;
	if (whole_group)
		(void)kill(-proc->pid, SIGKILL);
	(void)syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
	for (;;) {
		gint64 left_ms = until_ms - hb_time_now_ms();
		int n = poll(&wait, 1, (int)MAX(left_ms, 0));

		if (n > 0)
			return TRUE;
		if (n == 0 || errno != EINTR)
			return FALSE;
	}
}

gboolean
hb_state_is_busy(const HbState *state, guint32 group_id)
{
	for (guint i = 0; i < HB_STATE_JOBS_MAX; i++)
		if (state->jobs[i].proc.pid != 0 && state->jobs[i].group_id == group_id)
			return TRUE;
	return FALSE;
}

HbJobSlot *
hb_state_job_new(HbState *state, guint32 group_id)
{
	for (guint i = 0; i < HB_STATE_JOBS_MAX; i++) {
		HbJobSlot *slot = &state->jobs[i];

		if (slot->proc.pid != 0)
			continue;
		slot->proc.start = 0;
		slot->group_id = group_id;
		return slot;
	}
	return NULL;
}

void
hb_state_job_free(HbJobSlot *slot)
{
	if (slot != NULL)
		slot->proc.pid = 0;
}

gboolean
hb_state_revived_too_often(HbState *state, gint64 now_ms)
{
	guint oldest = 0, recent = 0;

	for (guint i = 0; i < HB_STATE_REVIVALS; i++) {
		if (state->revived_ms[i] < state->revived_ms[oldest])
			oldest = i;
		recent += state->revived_ms[i] != 0 && now_ms - state->revived_ms[i] < REVIVAL_WINDOW_MS;
	}
	state->revived_ms[oldest] = now_ms;
	return recent == HB_STATE_REVIVALS;
}

HbProc *
hb_state_client_new(HbState *state)
{
	for (guint i = 0; i < HB_STATE_CLIENTS_MAX; i++) {
		if (state->clients[i].pid != 0)
			continue;
		state->clients[i].start = 0;
		return &state->clients[i];
	}
	return NULL;
}
