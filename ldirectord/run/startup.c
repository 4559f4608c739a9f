/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ldirectord/ipvs/sync.h"
#include "ldirectord/run/daemon.h"
#include "ldirectord/run/logfile.h"
#include "ldirectord/run/startup.h"
#include "util/banned.h"
#include "util/fd.h"
#include "util/time.h"

#define LEAVING_LIMIT_MS 20000  /* for one that is about to end */
#define DYING_LIMIT_MS   2000   /* for one that was killed: it is gone a moment before its lock is */
#define READY_LIMIT_MS   10000  /* for the first look at the table */
#define LOOK_US          10000
#define ANSWER_MAX       1024
#define READY            "ready"

/* ---- the right to run ---- */

typedef enum { RIGHT_OURS, RIGHT_NOT_NEEDED, RIGHT_NONE } Right;

static Right
get_right(const LdirStartup *startup)
{
	gint64 begun_ms = hb_time_now_ms();

	for (;;) {
		g_autoptr(GError) error = NULL;
		gint64 waited_ms = hb_time_now_ms() - begun_ms;
		pid_t pid;
		LdirLockResult lock = ldir_instance_lock(startup->instance, &error);
		gboolean is_running = ldir_instance_state(startup->instance, &pid) == LDIR_INSTANCE_RUNNING;

		if (lock == LDIR_LOCK_ERROR) {
			fprintf(stderr, "ldirectord: %s\n", error != NULL ? error->message : "cannot lock");
			return RIGHT_NONE;
		}
		if (lock == LDIR_LOCK_HELD)     /* one that runs and has no lock is not of this program */
			return is_running ? RIGHT_NOT_NEEDED : RIGHT_OURS;
		if (lock != LDIR_LOCK_LEAVING && is_running)
			return RIGHT_NOT_NEEDED;
		if (lock != LDIR_LOCK_LEAVING && waited_ms > DYING_LIMIT_MS) {
			fprintf(stderr, "ldirectord: %s is served by another ldirectord already\n", startup->shown);
			return RIGHT_NOT_NEEDED;
		}
		if (waited_ms > LEAVING_LIMIT_MS) {
			fprintf(stderr, "ldirectord: the one for %s does not end\n", startup->shown);
			return RIGHT_NONE;
		}
		g_usleep(LOOK_US);
	}
}

/* ---- two processes ---- */

/* Says how it went to whoever waits at the other end. */
static void
tell(const char *why, gpointer user)
{
	int *fd = user;

	if (why != NULL)
		ldir_log("cannot start: %s", why);
	if (*fd < 0)
		return;
	(void)!write(*fd, why != NULL ? why : READY, strlen(why != NULL ? why : READY));
	(void)close(*fd);
	*fd = -1;
}

/* The first process: until the daemon has its table, or is gone. */
static int
await(int fd, pid_t child)
{
	char answer[ANSWER_MAX] = "";
	gsize len = 0;
	gint64 end_ms = hb_time_now_ms() + READY_LIMIT_MS;

	for (;;) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		gint64 left_ms = end_ms - hb_time_now_ms();
		gssize got;

		if (left_ms <= 0 || (poll(&ready, 1, (int)left_ms) == 0)) {
			fprintf(stderr, "ldirectord: process %d is still busy with its table\n", (int)child);
			return 0;
		}
		got = read(fd, answer + len, sizeof answer - 1 - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		len += (gsize)got;
	}
	if (strcmp(answer, READY) == 0)
		return 0;
	fprintf(stderr, "ldirectord: %s\n", len > 0 ? answer : "the daemon has ended");
	return 1;
}

static void
detach(void)
{
	g_auto(HbFd) null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setsid();
	(void)!chdir("/");
	(void)umask(022);
	for (int fd = 0; fd <= 2 && null >= 0; fd++)
		(void)dup2(null, fd);
}

static int
be_daemon(const LdirStartup *startup, LdirIpvs *ipvs, LdirConfig *config, gboolean is_foreground, int *fd)
{
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	const LdirDaemonInput input = {
		.instance = startup->instance, .ipvs = ipvs, .digest = startup->digest,
		.program = program != NULL ? program : "ldirectord", .is_foreground = is_foreground,
		.is_standing_by = startup->is_standing_by,
	};
	int error = ldir_instance_write_pid(startup->instance, getpid());
	int code;

	if (error != 0)
		ldir_log("cannot write %s: %s", startup->instance->pid_file, g_strerror(error));
	code = ldir_daemon_run(&input, config, tell, fd);
	ldir_instance_drop_pid(startup->instance, getpid());
	if (code != 0)
		ldir_log("Exiting with exit_status %d: cannot start", code);
	return code;
}

/* (transfer full of @config) */
static int
in_background(const LdirStartup *startup, LdirIpvs *ipvs, LdirConfig *config)
{
	int pipe_fds[2] = { -1, -1 };
	pid_t child;
	int code;

	if (pipe2(pipe_fds, O_CLOEXEC) < 0 || (child = fork()) < 0) {
		fprintf(stderr, "ldirectord: cannot become a daemon: %s\n", g_strerror(errno));
		ldir_config_free(config);
		return 1;
	}
	if (child == 0) {
		(void)close(pipe_fds[0]);
		detach();
		return be_daemon(startup, ipvs, config, FALSE, &pipe_fds[1]);
	}
	(void)close(pipe_fds[1]);
	code = await(pipe_fds[0], child);
	(void)close(pipe_fds[0]);
	ldir_config_free(config);
	return code;
}

static int
failed(const char *text)
{
	fprintf(stderr, "ldirectord: %s\n", text);
	ldir_log("cannot start: %s", text);
	ldir_log("Exiting with exit_status 1: Initialisation Error");
	return 1;
}

int
ldir_startup(const LdirStartup *startup, LdirConfig *config)
{
	g_autoptr(LdirConfig) held = config;
	g_autoptr(GError) error = NULL;
	g_autoptr(LdirIpvs) ipvs = NULL;
	gboolean is_foreground = startup->is_debug || config->global.supervised == 1;
	int result, none = -1;

	switch (get_right(startup)) {
	case RIGHT_NOT_NEEDED:
		return 0;
	case RIGHT_NONE:
		return 1;
	case RIGHT_OURS:
		break;
	}
	result = ldir_instance_write_pid(startup->instance, 0);
	if (result != 0) {
		fprintf(stderr, "Can not open %s\n", startup->instance->pid_file);
		return failed(g_strerror(result));
	}
	ipvs = ldir_ipvs_open(&error);
	if (ipvs == NULL) {
		ldir_instance_drop_pid(startup->instance, 0);
		return failed(error->message);
	}
	if (is_foreground) {
		if (!startup->is_debug)
			ldir_log_setup(LDIR_LOG_STDOUT, NULL, startup->instance->name);
		ldir_log("Starting Linux Director %s with pid: %d", PACKAGE_VERSION, (int)getpid());
		return be_daemon(startup, ipvs, g_steal_pointer(&held), TRUE, &none);
	}
	ldir_log("Starting Linux Director %s as daemon", PACKAGE_VERSION);
	return in_background(startup, ipvs, g_steal_pointer(&held));
}

/* What a process that ends does with syncdaemon=: daemon.c */
static void
purge_sync(LdirIpvs *ipvs, const LdirSettings *global, GArray *ops)
{
	static const int families[] = { AF_INET, AF_INET6 };
	g_autofree char *text = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(families); i++) {
		LdirIpvsVirtual holder = ldir_director_holder(families[i]);

		ldir_ipvs_op_service(ops, LDIR_IPVS_SERVICE_DELETE, &holder);
	}
	(void)ldir_sync_apply(ipvs, global->syncdaemon, global->standby == 1 ? LDIR_ROLE_NONE : LDIR_ROLE_BACKUP, &text);
	if (text != NULL)
		ldir_log_line(text);
}

void
ldir_startup_purge(LdirConfig *config)
{
	g_autoptr(LdirIpvs) ipvs = ldir_ipvs_open(NULL);
	g_autoptr(GArray) ops = ldir_ipvs_ops_new();

	for (guint i = 0; i < config->virtuals->len; i++) {
		const LdirVirtual *vs = config->virtuals->pdata[i];
		LdirIpvsVirtual want = ldir_ipvs_want_virtual(vs);
		gint64 cleanstop = vs->own.cleanstop != LDIR_UNSET ? vs->own.cleanstop : config->global.cleanstop;

		if (cleanstop != 0)
			ldir_ipvs_op_service(ops, LDIR_IPVS_SERVICE_DELETE, &want);
	}
	if (ipvs == NULL)
		return;
	if (config->global.syncdaemon != NULL)
		purge_sync(ipvs, &config->global, ops);
	(void)ldir_ipvs_make(ipvs, ops);
}
