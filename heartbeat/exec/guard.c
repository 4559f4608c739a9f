/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "exec/guard.h"
#include "util/fd.h"

#include "util/banned.h"

#define ARGS_MAX 64
#define EXEC_TRIES 50
#define EXEC_PAUSE_MS 100

static int
pidfd_open_of(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd >= 0)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

/* argv + "--revive", without asking for memory: this process may be the last hope. */
static void
revive_argv(char **argv, const char *ret_argv[ARGS_MAX + 2])
{
	guint n = 0;
	gboolean has = FALSE;

	for (; argv[n] != NULL && n < ARGS_MAX; n++) {
		ret_argv[n] = argv[n];
		has = has || strcmp(argv[n], "--revive") == 0;
	}
	if (!has)
		ret_argv[n++] = "--revive";
	ret_argv[n] = NULL;
}

static void G_GNUC_NORETURN
become_root_process(const HbGuard *guard)
{
	const char *argv[ARGS_MAX + 2];
	sigset_t none;

	revive_argv(guard->argv, argv);
	/* What somebody sent to the guard, long ago perhaps, was not meant for the root process: ignored, it is gone. */
	for (int number = 1; number < NSIG; number++) {
		(void)signal(number, SIG_IGN);
		(void)signal(number, SIG_DFL);
	}
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* The program may be missing for a moment, while a package is being upgraded. */
	for (guint i = 0; i < EXEC_TRIES; i++) {
		(void)execv(guard->program, (char *const *)argv);
		(void)poll(NULL, 0, EXEC_PAUSE_MS);
	}
	(void)execv("/proc/self/exe", (char *const *)argv);
	_exit(1);
}

static void G_GNUC_NORETURN
watch(const HbGuard *guard, int root_fd, int pipe_fd)
{
	struct pollfd fds[2] = { { .fd = root_fd, .events = POLLIN }, { .fd = pipe_fd, .events = POLLIN } };

	for (;;) {
		char byte;

		if (poll(fds, G_N_ELEMENTS(fds), -1) < 0)
			continue;
		if (fds[0].revents != 0) {
			if (guard->state->farewell || (guard->others_restart && !guard->state->stopping))
				_exit(0);
			become_root_process(guard);
		}
		if (fds[1].revents == 0)
			continue;
		if (read(pipe_fd, &byte, 1) == 1)
			(void)syscall(SYS_pidfd_send_signal, root_fd, SIGKILL, NULL, 0);
		else if (errno != EAGAIN)
			fds[1].fd = -1;         /* every writer is gone; so will root be */
	}
}

static void G_GNUC_NORETURN
guard_main(const HbGuard *guard, int root_fd)
{
	const struct sched_param rt = { .sched_priority = guard->rt_priority };
	enum { ROOT = 3, PIPE = 4 };
	int high_root = fcntl(root_fd, F_DUPFD_CLOEXEC, 10);
	int high_pipe = fcntl(guard->pipe_read, F_DUPFD_CLOEXEC, 10);

	(void)prctl(PR_SET_NAME, "hb-guard");
	(void)setsid();
	(void)dup3(high_root, ROOT, O_CLOEXEC);
	(void)dup3(high_pipe, PIPE, O_CLOEXEC);
	(void)syscall(SYS_close_range, PIPE + 1, ~0U, 0);
	if (guard->rt_priority > 0)
		(void)sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &rt);
	watch(guard, ROOT, PIPE);
}

pid_t
hb_guard_start(const HbGuard *guard, int *ret_pidfd, GError **error)
{
	g_auto(HbFd) root_fd = pidfd_open_of(getpid());
	sigset_t all, before;
	pid_t pid = -1;
	int pidfd;

	/* The guard keeps all signals blocked: nothing but SIGKILL is meant for it. */
	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &before);
	if (root_fd >= 0)
		pid = fork();
	if (pid == 0)
		guard_main(guard, root_fd);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);

	pidfd = pid > 0 ? pidfd_open_of(pid) : -1;
	if (pidfd < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot start the guard: %s",
		            g_strerror(errno));
		return -1;
	}
	*ret_pidfd = pidfd;
	return pid;
}
