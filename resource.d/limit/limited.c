/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "resource.d/limit/limited.h"
#include "util/banned.h"

#define MS_PER_S 1000
#define NS_PER_MS 1000000L
#define TERM_GRACE_MS 1000      /* from SIGTERM to SIGKILL */
#define KILL_WAIT_MS 500        /* SIGKILL works at once, but for a process in the kernel's hands */
#define RESCAN_MS 10
#define POLL_MS_MAX 86400000

static int64_t
now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / NS_PER_MS;
}

/* TRUE when the process of @pidfd has ended by @until_ms. */
static bool
wait_end(int pidfd, int64_t until_ms)
{
	struct pollfd wait = { .fd = pidfd, .events = POLLIN };

	for (;;) {
		int64_t left_ms = until_ms - now_ms();
		int n;

		if (left_ms < 0)
			left_ms = 0;
		n = poll(&wait, 1, left_ms > POLL_MS_MAX ? POLL_MS_MAX : (int)left_ms);
		if (n > 0)
			return true;
		if (n == 0 && now_ms() >= until_ms)
			return false;
	}
}

/* The parent of the process @pid, 0 when there is no such process. */
static pid_t
parent_of(const char *pid)
{
	char path[64], text[512];
	const char *p;
	long parent = 0;
	ssize_t len;
	int fd;

	(void)snprintf(path, sizeof path, "/proc/%s/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, text, sizeof text - 1);
	(void)close(fd);
	text[len > 0 ? len : 0] = '\0';
	p = strrchr(text, ')');         /* the name before it may hold anything */
	if (p != NULL && p[1] == ' ' && p[2] != '\0' && p[3] == ' ')
		parent = strtol(p + 4, NULL, 10);
	return (pid_t)parent;
}

/* Kills our children: those of killed ones become ours. How many there are still. */
static int
kill_children(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	int n = 0;

	while (proc != NULL && (entry = readdir(proc)) != NULL) {
		if (!isdigit((unsigned char)entry->d_name[0]) || parent_of(entry->d_name) != getpid())
			continue;
		(void)kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL);
		n++;
	}
	if (proc != NULL)
		(void)closedir(proc);
	return n;
}

static void
kill_tree(int64_t until_ms)
{
	do {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (kill_children() == 0)
			return;
		(void)poll(NULL, 0, RESCAN_MS);
	} while (now_ms() < until_ms);
}

static _Noreturn void
be_command(char *const argv[], int out, pid_t parent)
{
	int null = open("/dev/null", O_RDWR);

	/* Nobody would look after it any more. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || null < 0)
		_exit(HB_LIMITED_FAILED);
	if (dup2(null, STDIN_FILENO) < 0 || (out >= 0 && dup2(out, STDOUT_FILENO) < 0))
		_exit(HB_LIMITED_FAILED);
	if (null > STDERR_FILENO)
		(void)close(null);
	(void)execvp(argv[0], argv);
	(void)dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? HB_LIMITED_NOT_FOUND : HB_LIMITED_NOT_PROGRAM);
}

/*
 * A copy of our memory that lives until the command's begins is a good part of what a takeover costs: without one the child
 * is on our stack meanwhile, and changes nothing that is read afterwards. Apart, so that it clobbers no local of ours.
 */
static pid_t __attribute__((noinline))
start(char *const argv[], int out, pid_t self)
{
	pid_t pid = vfork();

	if (pid == 0)
		be_command(argv, out, self);
	return pid;
}

static int
as_shell(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : HB_LIMITED_SIGNAL + WTERMSIG(status);
}

static int
end_late(const char *name, pid_t pid, int pidfd, int64_t limit_ms)
{
	(void)dprintf(STDERR_FILENO, "%s has not ended within %lld ms\n", name, (long long)limit_ms);
	(void)kill(pid, SIGTERM);
	(void)wait_end(pidfd, now_ms() + TERM_GRACE_MS);
	kill_tree(now_ms() + KILL_WAIT_MS);
	if (kill(pid, 0) == 0)
		(void)dprintf(STDERR_FILENO, "%s[%d] does not end on SIGKILL: the kernel has it\n", name, (int)pid);
	return HB_LIMITED_LATE;
}

int
hb_limited_run(char *const argv[], int64_t limit_ms, int out)
{
	pid_t self = getpid();
	int code = HB_LIMITED_FAILED;
	int status = 0;
	int pidfd;
	pid_t pid;

	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = start(argv, out, self);
	if (pid < 0)
		return HB_LIMITED_FAILED;
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pidfd < 0) {
		(void)kill(pid, SIGKILL);
		return HB_LIMITED_FAILED;
	}
	if (!wait_end(pidfd, now_ms() + limit_ms))
		code = end_late(argv[0], pid, pidfd, limit_ms);
	else if (waitpid(pid, &status, 0) == pid)
		code = as_shell(status);
	(void)close(pidfd);
	return code;
}
