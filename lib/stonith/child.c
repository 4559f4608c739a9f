/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "stonith/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stonith/stonith.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define OUT_MAX 65536

static volatile pid_t running;          /* for hb_child_abort() */

void
hb_child_abort(void)
{
	if (running > 0)
		(void)kill(-running, SIGKILL);
}

static void G_GNUC_NORETURN
become(char *const *argv, char *const *env, int out, pid_t parent)
{
	const struct sigaction dfl = { .sa_handler = SIG_DFL };
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	(void)setpgid(0, 0);
	for (int sig = 1; sig < NSIG; sig++)
		(void)sigaction(sig, &dfl, NULL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* Nobody would end it when we are killed. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == parent && null >= 0 && dup2(null, 0) == 0 && dup2(out, 1) == 1) {
		(void)syscall(SYS_close_range, 3U, ~0U, 0U);
		(void)execve(argv[0], argv, env);
	}
	_exit(127);
}

/* FALSE: end of file. */
static gboolean
take(int fd, GString *out)
{
	char part[4096];
	gssize n = read(fd, part, sizeof part);

	if (n > 0 && out->len < OUT_MAX)
		g_string_append_len(out, part, MIN(n, (gssize)(OUT_MAX - out->len)));
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* TRUE: it has ended. Its output may be held open by what it left behind, so the end is its own. */
static gboolean
wait_for(int pidfd, int out_fd, gint64 until_ms, GString *out)
{
	struct pollfd wait[] = { { .fd = pidfd, .events = POLLIN }, { .fd = out_fd, .events = POLLIN } };

	for (;;) {
		gint64 left_ms = until_ms - hb_time_now_ms();

		if (left_ms <= 0)
			return FALSE;
		if (poll(wait, G_N_ELEMENTS(wait), (int)MIN(left_ms, G_MAXINT)) < 0)
			continue;
		if (wait[1].revents != 0 && !take(out_fd, out))
			wait[1].fd = -1;
		if (wait[0].revents != 0)
			break;
	}
	for (guint i = 0; wait[1].fd >= 0 && i < OUT_MAX / 4096; i++) {
		if (poll(&wait[1], 1, 0) <= 0 || !take(out_fd, out))
			break;
	}
	return TRUE;
}

static gboolean
fail(GError **error, const char *what, const char *path, int err)
{
	g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_RUN, "cannot %s %s: %s", what, path, g_strerror(err));
	return FALSE;
}

static gboolean
judge(int status, const char *path, int *ret_code, GError **error)
{
	if (WIFSIGNALED(status)) {
		g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_RUN, "%s was ended by signal %d", path, WTERMSIG(status));
		return FALSE;
	}
	*ret_code = WEXITSTATUS(status);
	if (*ret_code == 127) {
		g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_RUN, "%s cannot be run", path);
		return FALSE;
	}
	return TRUE;
}

gboolean
hb_child_run(char *const *argv, char *const *env, gint64 until_ms, GString *out, int *ret_code, GError **error)
{
	g_auto(HbFd) read_end = -1;
	g_auto(HbFd) write_end = -1;
	g_auto(HbFd) pidfd = -1;
	pid_t parent = getpid(), pid;
	int ends[2], status = 0;
	gboolean in_time;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail(error, "make a pipe for", argv[0], errno);
	read_end = ends[0];
	write_end = ends[1];
	(void)fcntl(read_end, F_SETFL, O_NONBLOCK);
	pid = fork();
	if (pid == 0)
		become(argv, env, write_end, parent);
	if (pid < 0)
		return fail(error, "start", argv[0], errno);
	(void)setpgid(pid, pid);
	running = pid;
	hb_fd_close(hb_fd_steal(&write_end));
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	in_time = pidfd >= 0 && wait_for(pidfd, read_end, until_ms, out);
	(void)kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	running = 0;
	if (!in_time) {
		g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_RUN, "%s did not end within its time limit", argv[0]);
		return FALSE;
	}
	return judge(status, argv[0], ret_code, error);
}
