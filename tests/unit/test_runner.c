/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_runner.c - scripts are called as they expect, judged by the right thing, and never outlive their limit. */
#define _GNU_SOURCE     /* SCHED_RESET_ON_FORK */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "exec/runner.h"
#include "exec/verdict.h"
#include "util/time.h"

#include "util/banned.h"

#define LIMIT_MS 20000

typedef struct {
	char *dir;
	const char *dirs[2];
	HbRunner *runner;
	HbState *state;
	GMainLoop *loop;
	guint n_done;
	guint n_wanted;
	HbChildResult result[8];        /* by op */
	guint took_ms[8];
	char *systemctl, *ocf, *address;
} Fixture;

static void
on_done(guint32 op, HbChildResult result, guint took_ms, gpointer data)
{
	Fixture *f = data;

	g_assert_cmpuint(op, <, G_N_ELEMENTS(f->result));
	f->result[op] = result;
	f->took_ms[op] = took_ms;
	if (++f->n_done == f->n_wanted)
		g_main_loop_quit(f->loop);
}

static void
setup(Fixture *f, gconstpointer data)
{
	g_autofree char *path = NULL;
	gboolean valid;
	HbRunnerSettings settings = { .cwd = "/" };

	(void)data;
	f->dir = g_dir_make_tmp("hb-runner-XXXXXX", NULL);
	f->dirs[0] = f->dir;
	path = g_build_filename(f->dir, "state", NULL);
	f->state = hb_state_open(path, &valid, NULL);
	g_assert_nonnull(f->state);
	hb_state_clear(f->state, 1);
	settings.script_dirs = f->dirs;
	settings.rc_dir = f->dir;
	settings.state = f->state;
	f->systemctl = g_build_filename(f->dir, "systemctl", NULL);
	f->ocf = g_build_filename(f->dir, "hb-ocf", NULL);
	settings.systemctl = f->systemctl;
	settings.ocf = f->ocf;
	f->address = g_build_filename(f->dir, "hb-ip", NULL);
	settings.address_program = f->address;
	f->loop = g_main_loop_new(NULL, FALSE);
	f->runner = hb_runner_new(&settings, on_done, f);
}

static void
teardown(Fixture *f, gconstpointer data)
{
	g_autoptr(GDir) dir = g_dir_open(f->dir, 0, NULL);
	const char *name;

	(void)data;
	hb_runner_free(f->runner);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *path = g_build_filename(f->dir, name, NULL);

		g_unlink(path);
	}
	g_rmdir(f->dir);
	g_main_loop_unref(f->loop);
	g_free(f->dir);
	g_free(f->systemctl);
	g_free(f->ocf);
	g_free(f->address);
}

static void
script(Fixture *f, const char *name, const char *body)
{
	g_autofree char *path = g_build_filename(f->dir, name, NULL);
	g_autofree char *text = g_strconcat("#!/bin/sh\n", body, "\n", NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(chmod(path, 0755), ==, 0);
}

static void
start(Fixture *f, guint32 op, const char *name, HbVerb verb, guint limit_ms)
{
	char *args[] = { (char *)"one", (char *)"t wo", NULL };
	HbResourceConf resource = { (char *)name, args, 2, (char *)name };
	g_autofree char *dir = g_strconcat("T=", f->dir, NULL);
	char *env[] = { (char *)"PATH=/usr/bin:/bin", dir, NULL };

	hb_runner_resource(f->runner, op, 100 + op, &resource, verb, limit_ms, env);
}

static gboolean
on_hang(gpointer data)
{
	(void)data;
	g_error("no end after 30 s");
	return G_SOURCE_REMOVE;
}

static void
wait_for(Fixture *f, guint n)
{
	guint hang = g_timeout_add(30 * HB_MS_PER_S, on_hang, NULL);

	f->n_wanted = n;
	if (f->n_done < n)
		g_main_loop_run(f->loop);
	g_source_remove(hang);
}

static char *
contents(Fixture *f, const char *name)
{
	g_autofree char *path = g_build_filename(f->dir, name, NULL);
	char *text = NULL;

	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	return text;
}

static void
test_status_is_judged_by_the_text(void)
{
	static const char *const owned[] = {
		"is running", "Running", "OK", "stopped OK", "not OK", "unused OKAY", "Running OK", "running\nnot stopped",
	};
	static const char *const not_owned[] = {
		"not running", "NOT running", "Not  running", "not Running", "ok", "rUNNING", "", "stopped",
		"is not really running", "Resource is stopped",
	};

	for (guint i = 0; i < G_N_ELEMENTS(owned); i++)
		g_assert_true(hb_verdict_says_running(owned[i]));
	for (guint i = 0; i < G_N_ELEMENTS(not_owned); i++)
		g_assert_false(hb_verdict_says_running(not_owned[i]));
}

static void
test_what_does_not_run_must_say_so(void)
{
	static const struct {
		const char *text, *complaints;
		int code;
		HbChildResult result;
	} rows[] = {
		{ "svc is not running", "", 1, HB_CHILD_NOT_RUNNING },
		{ "NOT  Running", "", 0, HB_CHILD_NOT_RUNNING },
		{ "is not really running", "", 0, HB_CHILD_NOT_RUNNING },
		{ "stopped", "", 0, HB_CHILD_NOT_RUNNING },
		{ "INFO:  Resource is stopped", "", 7, HB_CHILD_NOT_RUNNING },
		{ "dead but pid file exists", "", 1, HB_CHILD_NOT_RUNNING },
		{ "first line\neth0: DOWN.", "", 0, HB_CHILD_NOT_RUNNING },
		{ "unused", "", 1, HB_CHILD_NOT_RUNNING },
		{ "", "", 3, HB_CHILD_NOT_RUNNING },
		{ "", "", 7, HB_CHILD_NOT_RUNNING },
		{ "is running", "", 3, HB_CHILD_OK },
		{ "", "", 0, HB_CHILD_FAILED },
		{ "", "", 1, HB_CHILD_FAILED },
		{ "", "svc is stopped", 1, HB_CHILD_FAILED },
		{ "ok", "", 0, HB_CHILD_FAILED },
		{ "rUNNING", "", 0, HB_CHILD_FAILED },
		{ "could not be stopped", "", 1, HB_CHILD_FAILED },
		{ "isn't dead", "", 1, HB_CHILD_FAILED },
		{ "downloading", "", 1, HB_CHILD_FAILED },
		{ "Usage: svc {start|stop}", "", 1, HB_CHILD_FAILED },
		{ "", "Usage: svc {start|stop}", 3, HB_CHILD_FAILED },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_cmpint(hb_verdict_status(rows[i].text, rows[i].complaints, rows[i].code), ==, rows[i].result);
}

static void
start_bare(Fixture *f, guint32 op, const char *name, HbVerb verb)
{
	char *args[] = { NULL };
	HbResourceConf resource = { (char *)name, args, 0, (char *)name };
	g_autofree char *dir = g_strconcat("T=", f->dir, NULL);
	char *env[] = { (char *)"PATH=/usr/bin:/bin", dir, NULL };

	hb_runner_resource(f->runner, op, 100 + op, &resource, verb, 20000, env);
}

static void
test_a_name_of_systemd_is_a_unit(Fixture *f, gconstpointer data)
{
	g_autofree char *calls = NULL;

	(void)data;
	script(f, "systemctl", "echo \"$@\" >>\"$T/calls\"; [ \"$1\" != is-active ] || { echo inactive; exit 3; }");
	start_bare(f, 1, "systemd:nginx.service", HB_VERB_STATUS);
	wait_for(f, 1);
	start_bare(f, 2, "systemd:nginx.service", HB_VERB_START);
	wait_for(f, 2);
	start_bare(f, 3, "nginx", HB_VERB_STOP);
	wait_for(f, 3);
	start_bare(f, 4, "systemd:--help", HB_VERB_START);
	wait_for(f, 4);
	start(f, 5, "systemd:nginx.service", HB_VERB_START, 20000);
	wait_for(f, 5);
	calls = contents(f, "calls");
	g_assert_cmpstr(calls, ==, "is-active nginx.service\nstart nginx.service\nstop nginx\n");
	g_assert_cmpint(f->result[1], ==, HB_CHILD_NOT_RUNNING);
	g_assert_cmpint(f->result[2], ==, HB_CHILD_OK);
	g_assert_cmpint(f->result[3], ==, HB_CHILD_OK);
	g_assert_cmpint(f->result[4], ==, HB_CHILD_FAILED);
	g_assert_cmpint(f->result[5], ==, HB_CHILD_FAILED);
}

static void
test_an_ocf_agent_is_run_by_its_program(Fixture *f, gconstpointer data)
{
	g_autofree char *calls = NULL;

	(void)data;
	script(f, "hb-ocf", "for w; do echo \"$w\"; done >\"$T/calls\"; [ \"$4\" != status ] || { echo stopped; exit 7; }");
	start(f, 1, "ocf:heartbeat:Dummy", HB_VERB_STATUS, 20000);
	wait_for(f, 1);
	start(f, 2, "ocf:heartbeat:Dummy", HB_VERB_START, 20000);
	wait_for(f, 2);
	calls = contents(f, "calls");
	g_assert_cmpstr(calls, ==, "ocf:heartbeat:Dummy\none\nt wo\nstart\n");
	g_assert_cmpint(f->result[1], ==, HB_CHILD_NOT_RUNNING);
	g_assert_cmpint(f->result[2], ==, HB_CHILD_OK);
}

static void
test_a_unit_on_its_way_down_is_not_down(void)
{
	g_assert_cmpint(hb_verdict_unit_status("active\n", 0), ==, HB_CHILD_OK);
	g_assert_cmpint(hb_verdict_unit_status("inactive\n", 3), ==, HB_CHILD_NOT_RUNNING);
	g_assert_cmpint(hb_verdict_unit_status("failed\n", 3), ==, HB_CHILD_NOT_RUNNING);
	g_assert_cmpint(hb_verdict_unit_status("inactive\n", 4), ==, HB_CHILD_NOT_RUNNING);
	g_assert_cmpint(hb_verdict_unit_status("deactivating\n", 3), ==, HB_CHILD_FAILED);
	g_assert_cmpint(hb_verdict_unit_status("", 1), ==, HB_CHILD_FAILED);
}

static void
test_arguments_come_first_and_the_action_last(Fixture *f, gconstpointer data)
{
	g_autofree char *text = NULL;

	(void)data;
	script(f, "args", "printf '%s|' \"$@\" >$T/out; pwd >>$T/out; cat >>$T/out");
	start(f, 1, "args", HB_VERB_START, LIMIT_MS);
	wait_for(f, 1);
	g_assert_cmpint(f->result[1], ==, HB_CHILD_OK);
	text = contents(f, "out");
	g_assert_cmpstr(text, ==, "one|t wo|start|/\n");
}

static void
test_the_environment_is_what_was_given(Fixture *f, gconstpointer data)
{
	g_autofree char *text = NULL;

	(void)data;
	g_setenv("HB_TEST_LEAK", "1", TRUE);
	script(f, "env", "env | grep -c LEAK >$T/out; ls /proc/self/fd | wc -l >>$T/out");
	start(f, 1, "env", HB_VERB_START, LIMIT_MS);
	wait_for(f, 1);
	text = contents(f, "out");
	g_assert_cmpstr(text, ==, "0\n4\n");    /* 0, 1, 2, and the one ls reads */
}

static void
test_exit_codes_and_texts_count_where_they_should(Fixture *f, gconstpointer data)
{
	(void)data;
	script(f, "fails", "echo running; exit 3");
	script(f, "stderr", "echo running >&2; exit 0");
	start(f, 1, "fails", HB_VERB_START, LIMIT_MS);
	start(f, 2, "fails", HB_VERB_STATUS, LIMIT_MS);
	start(f, 3, "stderr", HB_VERB_STATUS, LIMIT_MS);
	start(f, 4, "stderr", HB_VERB_STOP, LIMIT_MS);
	wait_for(f, 4);
	g_assert_cmpint(f->result[1], ==, HB_CHILD_FAILED);
	g_assert_cmpint(f->result[2], ==, HB_CHILD_OK);
	g_assert_cmpint(f->result[3], ==, HB_CHILD_FAILED);
	g_assert_cmpint(f->result[4], ==, HB_CHILD_OK);
}

static void
test_a_script_without_an_interpreter_is_one_of_sh(Fixture *f, gconstpointer data)
{
	g_autofree char *path = g_build_filename(f->dir, "plain", NULL);
	g_autofree char *text = NULL;

	(void)data;
	g_assert_true(g_file_set_contents(path, "echo \"${0##*/} $*\" >$T/out\n", -1, NULL));
	g_assert_cmpint(chmod(path, 0755), ==, 0);
	start(f, 1, "plain", HB_VERB_START, LIMIT_MS);
	wait_for(f, 1);
	g_assert_cmpint(f->result[1], ==, HB_CHILD_OK);
	text = contents(f, "out");
	g_assert_cmpstr(text, ==, "plain one t wo start\n");
}

static void
test_a_missing_script_fails_to_start_and_is_not_running(Fixture *f, gconstpointer data)
{
	(void)data;
	start(f, 1, "missing", HB_VERB_START, LIMIT_MS);
	start(f, 2, "missing", HB_VERB_STATUS, LIMIT_MS);
	start(f, 3, "missing", HB_VERB_STOP, LIMIT_MS);
	start(f, 4, "../../../bin/true", HB_VERB_START, LIMIT_MS);
	g_assert_cmpuint(f->n_done, ==, 0);             /* never from within the call */
	wait_for(f, 4);
	g_assert_cmpint(f->result[1], ==, HB_CHILD_FAILED);
	g_assert_cmpint(f->result[2], ==, HB_CHILD_NOT_RUNNING);
	g_assert_cmpint(f->result[3], ==, HB_CHILD_OK);
	g_assert_cmpint(f->result[4], ==, HB_CHILD_FAILED);
}

static void
test_a_script_that_vanishes_stops_nothing(Fixture *f, gconstpointer data)
{
	char *args[] = { (char *)"one", (char *)"t wo", NULL };
	const HbResourceConf resource = { (char *)"gone", args, 2, (char *)"gone" };
	g_autofree char *path = g_build_filename(f->dir, "gone", NULL);

	(void)data;
	script(f, "gone", "exit 0");
	hb_runner_note_started(f->runner, 101, &resource);
	start(f, 2, "gone", HB_VERB_START, LIMIT_MS);
	start(f, 3, "gone", HB_VERB_START, LIMIT_MS);
	wait_for(f, 2);
	start(f, 3, "gone", HB_VERB_STOP, LIMIT_MS);
	wait_for(f, 3);
	g_assert_cmpint(g_unlink(path), ==, 0);
	start(f, 1, "gone", HB_VERB_STOP, LIMIT_MS);            /* started by the root before */
	start(f, 2, "gone", HB_VERB_STOP, LIMIT_MS);            /* started */
	start(f, 3, "gone", HB_VERB_STOP, LIMIT_MS);            /* started and stopped */
	start(f, 4, "gone", HB_VERB_STOP, LIMIT_MS);            /* never started */
	wait_for(f, 7);
	g_assert_cmpint(f->result[1], ==, HB_CHILD_FAILED);
	g_assert_cmpint(f->result[2], ==, HB_CHILD_FAILED);
	g_assert_cmpint(f->result[3], ==, HB_CHILD_OK);
	g_assert_cmpint(f->result[4], ==, HB_CHILD_OK);
	start(f, 2, "gone", HB_VERB_STATUS, LIMIT_MS);
	wait_for(f, 8);
	g_assert_cmpint(f->result[2], ==, HB_CHILD_FAILED);
}

static void
test_a_script_whose_interpreter_is_missing_is_as_good_as_missing(Fixture *f, gconstpointer data)
{
	g_autofree char *path = g_build_filename(f->dir, "odd", NULL);
	static const HbVerb verbs[] = { HB_VERB_STATUS, HB_VERB_START, HB_VERB_STOP };
	static const HbChildResult never_started[] = { HB_CHILD_NOT_RUNNING, HB_CHILD_FAILED, HB_CHILD_OK };

	(void)data;
	g_assert_true(g_file_set_contents(path, "#!/bin/sh\r\nexit 0\r\n", -1, NULL));
	g_assert_cmpint(chmod(path, 0755), ==, 0);
	for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
		start(f, 1, "odd", verbs[i], LIMIT_MS);
		wait_for(f, i + 1);
		g_assert_cmpint(f->result[1], ==, never_started[i]);
	}
	/* What it started while it was sound may run still. */
	script(f, "odd", "exit 0");
	start(f, 1, "odd", HB_VERB_START, LIMIT_MS);
	wait_for(f, 4);
	g_assert_true(g_file_set_contents(path, "#!/bin/sh\r\nexit 0\r\n", -1, NULL));
	g_assert_cmpint(chmod(path, 0755), ==, 0);
	start(f, 1, "odd", HB_VERB_STOP, LIMIT_MS);
	wait_for(f, 5);
	g_assert_cmpint(f->result[1], ==, HB_CHILD_FAILED);
}

static void
test_what_is_not_installed_or_not_configured_was_never_up(Fixture *f, gconstpointer data)
{
	static const HbVerb verbs[] = { HB_VERB_STATUS, HB_VERB_STOP, HB_VERB_START, HB_VERB_STATUS, HB_VERB_STOP };
	static const HbChildResult never_up[] = {
		HB_CHILD_NOT_RUNNING, HB_CHILD_OK, HB_CHILD_FAILED, HB_CHILD_NOT_RUNNING, HB_CHILD_OK
	};
	guint n = 0;

	(void)data;
	for (guint code = 5; code <= 6; code++) {
		g_autofree char *body = g_strdup_printf("exit %u", code);

		script(f, "lacks", body);
		for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
			start(f, 1, "lacks", verbs[i], LIMIT_MS);
			wait_for(f, ++n);
			g_assert_cmpint(f->result[1], ==, never_up[i]);
		}
	}
	/* It was up, and what it needs is gone: whether it still is nobody knows. */
	script(f, "lacks", "exit 0");
	start(f, 1, "lacks", HB_VERB_START, LIMIT_MS);
	wait_for(f, ++n);
	script(f, "lacks", "exit 5");
	for (guint i = 0; i < G_N_ELEMENTS(verbs); i++) {
		start(f, 1, "lacks", verbs[i], LIMIT_MS);
		wait_for(f, ++n);
		g_assert_cmpint(f->result[1], ==, HB_CHILD_FAILED);
	}
}

static void
test_a_script_that_hangs_is_ended_with_its_helpers(Fixture *f, gconstpointer data)
{
	g_autofree char *text = NULL;
	gint64 until_ms = hb_time_now_ms() + 10 * HB_MS_PER_S;
	guint64 pid;

	(void)data;
	script(f, "hangs", "sleep 300 & echo $! >$T/pid; wait");
	start(f, 1, "hangs", HB_VERB_START, 300);
	wait_for(f, 1);
	g_assert_cmpint(f->result[1], ==, HB_CHILD_TIMEOUT);
	g_assert_cmpuint(f->took_ms[1], >=, 299);
	text = contents(f, "pid");
	g_assert_true(g_ascii_string_to_unsigned(g_strstrip(text), 10, 2, G_MAXINT, &pid, NULL));
	/* Orphaned, so somebody else reaps it; gone or a zombie is what counts. */
	for (;;) {
		HbProc proc = { (pid_t)pid, 0 };

		hb_proc_note(&proc);
		if (proc.start == 0)
			break;
		g_assert_cmpint(hb_time_now_ms(), <, until_ms);
	}
}

static void
test_a_cancelled_script_that_ignores_sigterm_is_killed(Fixture *f, gconstpointer data)
{
	(void)data;
	script(f, "stubborn", "trap '' TERM; echo x >$T/ready; while :; do sleep 1; done");
	start(f, 1, "stubborn", HB_VERB_STOP, LIMIT_MS);
	for (;;) {
		g_autofree char *path = g_build_filename(f->dir, "ready", NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS))
			break;
		g_main_context_iteration(NULL, FALSE);
	}
	hb_runner_cancel(f->runner, 1);
	wait_for(f, 1);
	g_assert_cmpint(f->result[1], ==, HB_CHILD_TIMEOUT);
	g_assert_cmpuint(f->took_ms[1], >=, 1900);
	g_assert_cmpuint(f->took_ms[1], <, 10000);
}

static void
test_what_is_left_in_the_background_delays_nothing_and_lives(Fixture *f, gconstpointer data)
{
	g_autofree char *text = NULL;
	guint64 pid;

	(void)data;
	script(f, "daemon", "sleep 30 & echo $! >$T/pid; echo running");
	start(f, 1, "daemon", HB_VERB_STATUS, LIMIT_MS);
	wait_for(f, 1);
	g_assert_cmpint(f->result[1], ==, HB_CHILD_OK);
	g_assert_cmpuint(f->took_ms[1], <, 10000);
	text = contents(f, "pid");
	g_assert_true(g_ascii_string_to_unsigned(g_strstrip(text), 10, 2, G_MAXINT, &pid, NULL));
	g_assert_cmpint(kill((pid_t)pid, 0), ==, 0);
	kill((pid_t)pid, SIGKILL);
}

static void
test_much_output_does_not_stop_a_script(Fixture *f, gconstpointer data)
{
	(void)data;
	script(f, "loud", "yes running | head -n 100000; head -c 100000 /dev/zero; exit 0");
	start(f, 1, "loud", HB_VERB_STATUS, LIMIT_MS);
	wait_for(f, 1);
	g_assert_cmpint(f->result[1], ==, HB_CHILD_OK);
}

static void
test_operations_run_in_parallel(Fixture *f, gconstpointer data)
{
	(void)data;
	/* Each waits for the other. */
	script(f, "ping", "echo x >$T/a; until [ -e $T/b ]; do sleep 0.01; done");
	script(f, "pong", "echo x >$T/b; until [ -e $T/a ]; do sleep 0.01; done");
	start(f, 1, "ping", HB_VERB_START, LIMIT_MS);
	start(f, 2, "pong", HB_VERB_START, LIMIT_MS);
	g_assert_true(hb_state_is_busy(f->state, 101));
	wait_for(f, 2);
	g_assert_cmpint(f->result[1], ==, HB_CHILD_OK);
	g_assert_cmpint(f->result[2], ==, HB_CHILD_OK);
	g_assert_false(hb_state_is_busy(f->state, 101));
}

static void
test_killing_all_tells_nobody_and_leaves_nobody(Fixture *f, gconstpointer data)
{
	HbProc proc;

	(void)data;
	script(f, "long", "exec sleep 300");
	start(f, 1, "long", HB_VERB_START, LIMIT_MS);
	proc = f->state->jobs[0].proc;
	g_assert_true(hb_proc_lives(&proc));
	hb_runner_kill_all(f->runner);
	g_assert_false(hb_proc_lives(&proc));
	g_assert_cmpuint(hb_runner_n_running(f->runner), ==, 0);
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	g_assert_cmpuint(f->n_done, ==, 0);
}

/* Each writes the scheduling policy that it has, 0 for an ordinary one. */
static void
test_only_the_address_program_keeps_our_priority(Fixture *f, gconstpointer data)
{
	static const char own[] = "read -r line </proc/$$/stat; set -- $line; echo ${41} >$T/own\n"
				  "cut -d' ' -f41 /proc/self/stat >$T/child";
	/* It is made ordinary a moment after it has begun. */
	static const char until_ordinary[] = "while read -r line </proc/$$/stat; set -- $line; [ ${41} != 0 ]; do sleep 0.01; done";
	const struct sched_param rt = { .sched_priority = 1 }, ordinary = { 0 };
	g_autofree char *link = g_build_filename(f->dir, "IPaddr", NULL);
	g_autofree char *of_program = NULL, *of_child = NULL;

	(void)data;
	if (sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &rt) < 0) {
		g_test_skip("real-time scheduling is not permitted here");
		return;
	}
	script(f, "hb-ip", own);
	script(f, "web", until_ordinary);
	g_assert_cmpint(symlink("hb-ip", link), ==, 0);
	start(f, 1, "IPaddr", HB_VERB_START, LIMIT_MS);
	start(f, 2, "web", HB_VERB_START, LIMIT_MS);
	wait_for(f, 2);
	(void)sched_setscheduler(0, SCHED_OTHER, &ordinary);
	g_assert_cmpint(f->result[1], ==, HB_CHILD_OK);
	g_assert_cmpint(f->result[2], ==, HB_CHILD_OK);
	of_program = contents(f, "own");
	of_child = contents(f, "child");
	g_assert_cmpstr(of_program, ==, "2\n");
	g_assert_cmpstr(of_child, ==, "0\n");
}

#define ADD(func) g_test_add("/runner/" #func, Fixture, NULL, setup, test_##func, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/runner/status_is_judged_by_the_text", test_status_is_judged_by_the_text);
	g_test_add_func("/runner/what_does_not_run_must_say_so", test_what_does_not_run_must_say_so);
	g_test_add("/runner/a_name_of_systemd_is_a_unit", Fixture, NULL, setup, test_a_name_of_systemd_is_a_unit, teardown);
	g_test_add("/runner/an_ocf_agent_is_run_by_its_program", Fixture, NULL, setup,
	           test_an_ocf_agent_is_run_by_its_program, teardown);
	g_test_add_func("/runner/a_unit_on_its_way_down_is_not_down", test_a_unit_on_its_way_down_is_not_down);
	ADD(arguments_come_first_and_the_action_last);
	ADD(the_environment_is_what_was_given);
	ADD(exit_codes_and_texts_count_where_they_should);
	ADD(a_script_without_an_interpreter_is_one_of_sh);
	ADD(a_missing_script_fails_to_start_and_is_not_running);
	ADD(a_script_that_vanishes_stops_nothing);
	ADD(a_script_whose_interpreter_is_missing_is_as_good_as_missing);
	ADD(what_is_not_installed_or_not_configured_was_never_up);
	ADD(a_script_that_hangs_is_ended_with_its_helpers);
	ADD(a_cancelled_script_that_ignores_sigterm_is_killed);
	ADD(what_is_left_in_the_background_delays_nothing_and_lives);
	ADD(much_output_does_not_stop_a_script);
	ADD(operations_run_in_parallel);
	ADD(only_the_address_program_keeps_our_priority);
	ADD(killing_all_tells_nobody_and_leaves_nobody);
	return g_test_run();
}
