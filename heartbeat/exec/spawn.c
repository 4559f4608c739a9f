/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "exec/spawn.h"
#include "util/fd.h"

#include "util/banned.h"

/*
 * All below runs in the child, on the parent's memory, while the parent stands still: async-signal-safe
 * calls only, nothing of the parent changed but *err. The system calls that glibc spreads over
 * all threads (set*id) are made directly.
 */
static void
reset_signals(void)
{
	const struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		(void)sigaction(sig, &dfl, NULL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static int
place_fds(const HbSpawn *spawn)
{
	int high[HB_SPAWN_FDS_MAX];

	for (guint i = 0; i < spawn->n_fds; i++)
		if ((high[i] = fcntl(spawn->fds[i], F_DUPFD, HB_SPAWN_FDS_MAX)) < 0)
			return -1;
	for (guint i = 0; i < spawn->n_fds; i++)
		if (dup2(high[i], (int)i) < 0)
			return -1;
	return (int)syscall(SYS_close_range, spawn->n_fds, ~0U, 0);
}

static void
set_oom_score(const char *score)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	gsize len = 0;

	while (score[len] != '\0')
		len++;
	if (fd < 0)
		return;
	if (write(fd, score, len) < 0) {
		/* not allowed in a container: no reason not to run */
	}
	close(fd);
}

static void
set_scheduling(const HbSpawn *spawn, int inherited)
{
	const struct sched_param rt = { .sched_priority = spawn->rt_priority > 0 ? spawn->rt_priority : inherited };
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };

	/* Where either is not permitted, the child finds out by itself and says so. */
	if (rt.sched_priority > 0)
		(void)sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &rt);
	if (spawn->lock_memory)
		(void)setrlimit(RLIMIT_MEMLOCK, &all);
}

static int
drop_rights(const HbSpawn *spawn)
{
	gboolean has_groups = spawn->n_groups > 0;

	if (!spawn->may_gain_rights && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	if (syscall(SYS_setgroups, has_groups ? spawn->n_groups : 1, has_groups ? spawn->groups : &spawn->gid) < 0)
		return -1;
	if (syscall(SYS_setresgid, spawn->gid, spawn->gid, spawn->gid) < 0)
		return -1;
	return (int)syscall(SYS_setresuid, spawn->uid, spawn->uid, spawn->uid);
}

/* After the change of user, which would undo it. */
static int
set_death_signal(const HbSpawn *spawn)
{
	return spawn->die_with_parent ? prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) : 0;
}

static void G_GNUC_NORETURN
become(const HbSpawn *spawn, int inherited, volatile int *err)
{
	if (spawn->ret_pid != NULL)
		*spawn->ret_pid = (pid_t)syscall(SYS_getpid);
	set_scheduling(spawn, inherited);
	(void)setsid();
	reset_signals();
	if (spawn->oom_score_adj != NULL)
		set_oom_score(spawn->oom_score_adj);
	if (spawn->cwd == NULL || chdir(spawn->cwd) < 0)
		(void)!chdir("/");
	if (place_fds(spawn) == 0 && (!spawn->drop || drop_rights(spawn) == 0) && set_death_signal(spawn) == 0)
		(void)execve(spawn->path, spawn->argv, spawn->envp);
	*err = errno;
	_exit(127);
}

/* Apart, so that no local of the caller can be clobbered by the child's turn on this stack. */
static pid_t __attribute__((noinline))
vfork_and_become(const HbSpawn *spawn, int inherited, volatile int *err)
{
	pid_t pid = vfork();

	if (pid == 0)
		become(spawn, inherited, err);
	return pid;
}

/*
 * While the child is on its way to its program this process stands still. So on a busy machine the child
 * must not queue with everybody else: it keeps our real-time priority until its program has begun, and
 * is made ordinary then, unless it is ours and quick. 0: we have none.
 */
static int
lend_priority(void)
{
	struct sched_param rt;

	if ((sched_getscheduler(0) & ~SCHED_RESET_ON_FORK) != SCHED_RR || sched_getparam(0, &rt) < 0 ||
	    sched_setscheduler(0, SCHED_RR, &rt) < 0)
		return 0;
	return rt.sched_priority;
}

static void
take_priority_back(const HbSpawn *spawn, int lent, pid_t pid)
{
	const struct sched_param rt = { .sched_priority = lent }, ordinary = { 0 };

	if (lent == 0)
		return;
	if (pid > 0 && spawn->rt_priority == 0 && !spawn->keeps_priority)
		(void)sched_setscheduler(pid, SCHED_OTHER, &ordinary);
	(void)sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &rt);
}

/* The child's pid, or -1: nothing was started, and *@ret_err says why. */
static pid_t
spawn_once(const HbSpawn *spawn, int *ret_err)
{
	volatile int err = 0;
	sigset_t all, before;
	int lent;
	pid_t pid;

	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &before);
	lent = lend_priority();
	pid = vfork_and_become(spawn, lent, &err);
	if (pid < 0)
		err = errno;
	take_priority_back(spawn, lent, pid);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);

	if (pid > 0 && err != 0) {
		(void)waitpid(pid, NULL, 0);
		if (spawn->ret_pid != NULL)
			*spawn->ret_pid = 0;
	}
	if (err != 0)
		*ret_err = err;
	return err == 0 ? pid : -1;
}

static pid_t
spawn_by_shell(const HbSpawn *spawn, int *ret_err)
{
	static const char shell[] = "/bin/sh";
	guint n = g_strv_length((char **)spawn->argv);
	g_autofree const char **argv = g_new0(const char *, n + 2);
	HbSpawn by_shell = *spawn;

	argv[0] = shell;
	argv[1] = spawn->path;
	for (guint i = 1; i < n; i++)
		argv[i + 1] = spawn->argv[i];
	by_shell.path = shell;
	by_shell.argv = (char *const *)argv;
	return spawn_once(&by_shell, ret_err);
}

pid_t
hb_spawn(const HbSpawn *spawn, int *ret_pidfd, GError **error)
{
	int pidfd, err = 0;
	pid_t pid;

	g_assert(spawn->n_fds <= HB_SPAWN_FDS_MAX);
	pid = spawn_once(spawn, &err);
	if (pid < 0 && err == ENOEXEC && spawn->is_script)
		pid = spawn_by_shell(spawn, &err);
	if (pid < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(err), "cannot run %s: %s", spawn->path,
		            g_strerror(err));
		return -1;
	}
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0) {
		err = errno;
		(void)kill(pid, SIGKILL);
		(void)waitpid(pid, NULL, 0);
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(err), "cannot watch %s: %s", spawn->path,
		            g_strerror(err));
		return -1;
	}
	(void)fcntl(pidfd, F_SETFD, FD_CLOEXEC);
	*ret_pidfd = pidfd;
	return pid;
}
