/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE     /* memfd_create(), pipe2() */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ldirectord/check/child.h"
#include "util/banned.h"
#include "util/fd.h"
#include "util/time.h"

#define KILL_AFTER_MS 1000

extern char **environ;

struct LdirChild {
	LdirWatch watch;        /* first: the end of the process */
	LdirTimer kill_timer;
	LdirChecker *checker;
	pid_t pid;
	int pid_fd, output_fd;  /* output_fd -1: not wanted */
	LdirPool pool;
	LdirChildDone done;     /* NULL: abandoned */
	gpointer user;
};

static void
child_free(gpointer data)
{
	g_free(data);
}

gboolean
ldir_pool_is_full(const LdirChecker *checker, LdirPool pool)
{
	static const guint max[] = {
		[LDIR_POOL_CHECKS] = LDIR_CHILDREN_MAX, [LDIR_POOL_DOWN] = LDIR_DOWN_MAX, [LDIR_POOL_NAMES] = LDIR_NAMES_MAX,
	};

	return checker->n_children[pool] >= max[pool];
}

LdirPool
ldir_pool_of(const LdirTask *task)
{
	const LdirChecker *checker = task->checker;
	gboolean is_down = g_strcmp0(task->known_state, "down") == 0;

	if (!is_down || (ldir_pool_is_full(checker, LDIR_POOL_DOWN) && checker->n_children[LDIR_POOL_CHECKS] < LDIR_CHILDREN_MAX / 2))
		return LDIR_POOL_CHECKS;
	return LDIR_POOL_DOWN;
}

static void
let_go(LdirChild *child)
{
	LdirChecker *checker = child->checker;

	ldir_timer_stop(&checker->timers, &child->kill_timer);
	ldir_watch_drop(checker, &child->watch);
	(void)close(child->pid_fd);
	if (child->output_fd >= 0)
		(void)close(child->output_fd);
	checker->children = g_list_remove(checker->children, child);
	checker->n_children[child->pool]--;
	ldir_checker_bury(checker, child, child_free);
}

/* What is in the pipe now: who still holds its other end is not waited for. */
static gsize
read_output(const LdirChild *child, char *output)
{
	gsize len = 0;
	ssize_t n;

	while (child->output_fd >= 0 && len < LDIR_CHILD_OUTPUT_MAX) {
		n = read(child->output_fd, output + len, LDIR_CHILD_OUTPUT_MAX - len);
		if (n <= 0)
			break;
		len += (gsize)n;
	}
	return len;
}

static void
ended(LdirWatch *watch, guint32 events, gint64 now_ms)
{
	LdirChild *child = (LdirChild *)watch;
	char output[LDIR_CHILD_OUTPUT_MAX];
	LdirChildDone done = child->done;
	gpointer user = child->user;
	gsize len;
	int status;

	(void)events, (void)now_ms;
	if (waitpid(child->pid, &status, WNOHANG) == 0)
		return;
	len = read_output(child, output);
	let_go(child);
	if (done != NULL)
		done(user, status, output, len);
}

static void
kill_now(LdirTimer *timer, gint64 now_ms)
{
	LdirChild *child = (LdirChild *)(void *)((char *)timer - G_STRUCT_OFFSET(LdirChild, kill_timer));

	(void)now_ms;
	(void)kill(-child->pid, SIGKILL);
}

/* A descriptor to read @text from, -1: errno tells. */
static int
open_input(const char *text)
{
	g_auto(HbFd) fd = -1;
	gsize len = text != NULL ? strlen(text) : 0;

	if (text == NULL)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	fd = memfd_create("input", MFD_CLOEXEC);
	if (fd < 0 || write(fd, text, len) != (ssize_t)len || lseek(fd, 0, SEEK_SET) < 0)
		return -1;
	return hb_fd_steal(&fd);
}

/* Its own group, no signal blocked or ignored, three descriptors. 0, or an errno. */
static int
spawn(const LdirChildSpec *spec, int input_fd, int output_fd, pid_t *ret_pid)
{
	posix_spawnattr_t attr;
	posix_spawn_file_actions_t actions;
	sigset_t signals;
	int error;

	(void)posix_spawnattr_init(&attr);
	(void)posix_spawn_file_actions_init(&actions);
	(void)posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	(void)posix_spawnattr_setpgroup(&attr, 0);
	(void)sigemptyset(&signals);
	(void)posix_spawnattr_setsigmask(&attr, &signals);
	(void)sigfillset(&signals);
	(void)posix_spawnattr_setsigdefault(&attr, &signals);
	(void)posix_spawn_file_actions_adddup2(&actions, input_fd, STDIN_FILENO);
	if (output_fd >= 0)
		(void)posix_spawn_file_actions_adddup2(&actions, output_fd, STDOUT_FILENO);
	else
		(void)posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	(void)posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	error = posix_spawnp(ret_pid, spec->argv[0], &actions, &attr, (char *const *)spec->argv,
	                     spec->envp != NULL ? (char *const *)spec->envp : environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&attr);
	return error;
}

/* It runs, but we could not hear of its end. */
static void
take_back(pid_t pid)
{
	(void)kill(-pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

LdirChild *
ldir_child_start(LdirChecker *checker, const LdirChildSpec *spec, LdirChildDone done, gpointer user)
{
	g_auto(HbFd) input_fd = -1;
	g_auto(HbFd) near_fd = -1;
	g_auto(HbFd) far_fd = -1;
	g_auto(HbFd) pid_fd = -1;
	int ends[2] = { -1, -1 };
	LdirChild *child;
	pid_t pid;

	if (ldir_pool_is_full(checker, spec->pool)) {
		errno = EAGAIN;
		return NULL;
	}
	input_fd = open_input(spec->input);
	if (input_fd < 0 || (spec->wants_output && pipe2(ends, O_CLOEXEC) < 0))
		return NULL;
	near_fd = ends[0];
	far_fd = ends[1];
	if (near_fd >= 0)
		(void)fcntl(near_fd, F_SETFL, O_NONBLOCK);
	errno = spawn(spec, input_fd, far_fd, &pid);
	if (errno != 0)
		return NULL;
	pid_fd = (int)syscall(SYS_pidfd_open, pid, 0);
	child = g_new0(LdirChild, 1);
	child->watch.ready = ended;
	if (pid_fd < 0 || !ldir_watch_add(checker, &child->watch, pid_fd, EPOLLIN)) {
		int error = errno;

		take_back(pid);
		g_free(child);
		errno = error;
		return NULL;
	}
	child->kill_timer.fire = kill_now;
	child->checker = checker;
	child->pid = pid;
	child->pid_fd = hb_fd_steal(&pid_fd);
	child->output_fd = hb_fd_steal(&near_fd);
	child->done = done;
	child->user = user;
	checker->children = g_list_prepend(checker->children, child);
	child->pool = spec->pool;
	checker->n_children[spec->pool]++;
	return child;
}

void
ldir_child_abandon(LdirChild *child)
{
	child->done = NULL;
	(void)kill(-child->pid, SIGTERM);
	ldir_timer_set(&child->checker->timers, &child->kill_timer, hb_time_now_ms() + KILL_AFTER_MS);
}

void
ldir_children_end(LdirChecker *checker)
{
	while (checker->children != NULL) {
		LdirChild *child = checker->children->data;

		take_back(child->pid);
		let_go(child);
	}
}
