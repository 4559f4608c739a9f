/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cl_respawn - runs a program and starts it again whenever it ends, until it ends with the magic exit
 * code or cl_respawn is told to end (doc/client-api.md 6.5).
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib-unix.h>

#include <apphb.h>
#include <clplumbing/cl_log.h>

#include "util/banned.h"

enum { EXIT_OK = 0, EXIT_FAULT = 1, EXIT_USAGE = 2 };

#define MAGIC_EXIT   100
#define INTERVAL_MS  2000       /* of our own beats for apphbd */
#define WARN_MS      6000
#define SHORT_MS     1000       /* a run that is shorter */
#define SHORT_MAX    10         /* so many of them in a row: then SHORT_MS between two */

static const char usage[] =
	"usage: cl_respawn [-m code] [-p file] [-i ms] [-w ms] [-r] program [argument...]\n"
	"  -m code  exit code of the program after which it is not started again (default: 100)\n"
	"  -p file  holds the process id while cl_respawn runs\n"
	"  -i ms    interval of beats for apphbd, if that runs (default: 2000)\n"
	"  -w ms    after which apphbd logs a late beat (default: 6000)\n"
	"  -r       go on with the process RSP_PID and the command RSP_CMD of the environment\n"
	"  program  a path; it is not searched for\n";

typedef struct {
	GMainLoop *loop;
	char **argv;
	int magic;
	pid_t pid;              /* 0: none runs */
	gint64 started_us;
	guint n_short;
	gboolean is_ending;
} Respawn;

static gboolean start(gpointer data);

static void
on_end(GPid pid, gint wait_status, gpointer data)
{
	Respawn *respawn = data;
	gboolean was_short = g_get_monotonic_time() - respawn->started_us < SHORT_MS * G_TIME_SPAN_MILLISECOND;

	(void)pid;
	respawn->pid = 0;
	respawn->n_short = was_short ? respawn->n_short + 1 : 0;
	if (respawn->is_ending || (WIFEXITED(wait_status) && WEXITSTATUS(wait_status) == respawn->magic)) {
		g_main_loop_quit(respawn->loop);
		return;
	}
	cl_log(LOG_WARNING, "%s ended (%s %d): starting it again", respawn->argv[0],
	       WIFEXITED(wait_status) ? "exit code" : "signal",
	       WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : WTERMSIG(wait_status));
	if (respawn->n_short > SHORT_MAX)
		(void)g_timeout_add(SHORT_MS, start, respawn);
	else
		(void)start(respawn);
}

static gboolean
start(gpointer data)
{
	Respawn *respawn = data;
	g_autoptr(GError) error = NULL;

	if (respawn->is_ending)
		return G_SOURCE_REMOVE;
	respawn->started_us = g_get_monotonic_time();
	if (!g_spawn_async(NULL, respawn->argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &respawn->pid, &error)) {
		cl_log(LOG_ERR, "cannot start %s: %s", respawn->argv[0], error->message);
		respawn->pid = 0;
		(void)g_timeout_add(SHORT_MS, start, respawn);
		return G_SOURCE_REMOVE;
	}
	(void)g_child_watch_add(respawn->pid, on_end, respawn);
	return G_SOURCE_REMOVE;
}

/* A process that an earlier cl_respawn left is no child of ours: it is looked at. */
static gboolean
look_at_inherited(gpointer data)
{
	Respawn *respawn = data;

	if (kill(respawn->pid, 0) == 0 || errno == EPERM)
		return G_SOURCE_CONTINUE;
	respawn->pid = 0;
	if (respawn->is_ending)
		g_main_loop_quit(respawn->loop);
	else
		(void)start(respawn);
	return G_SOURCE_REMOVE;
}

static gboolean
on_term(gpointer data)
{
	Respawn *respawn = data;

	respawn->is_ending = TRUE;
	if (respawn->pid > 0)
		(void)kill(respawn->pid, SIGTERM);
	else
		g_main_loop_quit(respawn->loop);
	return G_SOURCE_CONTINUE;
}

static gboolean
on_beat(gpointer data)
{
	(void)data;
	return apphb_hb() == 0;
}

/* Without an apphbd there is nobody to tell. */
static void
register_with_apphbd(guint interval_ms, guint warn_ms)
{
	if (apphb_register("cl_respawn", "cl_respawn") < 0)
		return;
	(void)apphb_setinterval(interval_ms + warn_ms);
	(void)apphb_setwarn(warn_ms);
	(void)g_timeout_add(interval_ms, on_beat, NULL);
}

/* ---- options ---- */

typedef struct {
	const char *pid_file;
	guint64 magic, interval_ms, warn_ms;
	gboolean recover, help;
} Options;

static gboolean
read_number(const char *text, guint64 max, guint64 *ret)
{
	return g_ascii_string_to_unsigned(text, 10, 0, max, ret, NULL);
}

static gboolean
read_options(int argc, char **argv, Options *opt)
{
	gboolean ok = TRUE;
	int c;

	while (ok && (c = getopt(argc, argv, "+m:p:i:w:rh")) != -1) {
		switch (c) {
		case 'm': ok = read_number(optarg, 255, &opt->magic); break;
		case 'i': ok = read_number(optarg, G_MAXINT, &opt->interval_ms) && opt->interval_ms > 0; break;
		case 'w': ok = read_number(optarg, G_MAXINT, &opt->warn_ms); break;
		case 'p': opt->pid_file = optarg; break;
		case 'r': opt->recover = TRUE; break;
		case 'h': opt->help = TRUE; break;
		default: ok = FALSE; break;
		}
	}
	return ok;
}

static gboolean
is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* (transfer full) What to run, or NULL; the first word that is a program begins it. */
static char **
find_command(int argc, char **argv, const Options *opt)
{
	const char *command = getenv("RSP_CMD");
	char **words;

	if (opt->recover && command != NULL && g_shell_parse_argv(command, NULL, &words, NULL))
		return words;
	for (int i = optind; i < argc; i++)
		if (is_program(argv[i]))
			return g_strdupv(argv + i);
	return NULL;
}

static void
detach_from_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setsid();
	if (chdir("/") < 0 || null < 0)
		return;
	for (int fd = 0; fd <= 2; fd++)
		(void)dup2(null, fd);
}

static gboolean
write_pid_file(const char *path)
{
	g_autofree char *text = g_strdup_printf("%d\n", (int)getpid());

	return path == NULL || g_file_set_contents(path, text, -1, NULL);
}

static void
begin(Respawn *respawn, const Options *opt)
{
	const char *inherited = opt->recover ? getenv("RSP_PID") : NULL;
	guint64 pid;

	if (inherited != NULL && read_number(inherited, G_MAXINT, &pid) && pid > 1 && kill((pid_t)pid, 0) == 0) {
		respawn->pid = (pid_t)pid;
		(void)g_timeout_add(SHORT_MS / 10, look_at_inherited, respawn);
	} else {
		(void)start(respawn);
	}
}

int
main(int argc, char **argv)
{
	Options opt = { .magic = MAGIC_EXIT, .interval_ms = INTERVAL_MS, .warn_ms = WARN_MS };
	Respawn respawn = { 0 };
	gboolean ok;

	cl_log_set_entity("cl_respawn");
	cl_inherit_logging_environment(0);
	ok = read_options(argc, argv, &opt);
	if (ok && opt.help) {
		fputs(usage, stdout);
		return EXIT_OK;
	}
	if (!ok || (respawn.argv = find_command(argc, argv, &opt)) == NULL) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	respawn.magic = (int)opt.magic;
	if (!write_pid_file(opt.pid_file)) {
		fprintf(stderr, "cl_respawn: cannot write %s\n", opt.pid_file);
		return EXIT_FAULT;
	}
	detach_from_terminal();
	respawn.loop = g_main_loop_new(NULL, FALSE);
	(void)g_unix_signal_add(SIGTERM, on_term, &respawn);
	(void)g_unix_signal_add(SIGINT, on_term, &respawn);
	register_with_apphbd((guint)opt.interval_ms, (guint)opt.warn_ms);
	begin(&respawn, &opt);
	g_main_loop_run(respawn.loop);
	(void)apphb_unregister();
	if (opt.pid_file != NULL)
		(void)unlink(opt.pid_file);
	return EXIT_OK;
}
