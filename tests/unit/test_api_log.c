/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every function of clplumbing/cl_log.h, cl_misc.h, cl_signal.h, coredumps.h. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include <clplumbing/cl_log.h>
#include <clplumbing/cl_misc.h>
#include <clplumbing/cl_signal.h>
#include <clplumbing/coredumps.h>
#include <ha_msg.h>

#include "util/banned.h"

static char *
text_of(const char *path)
{
	char *text = NULL;

	(void)g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

static void
test_lines_go_where_the_environment_says(void)
{
	g_autofree char *dir = g_dir_make_tmp("hb-log-XXXXXX", NULL);
	g_autofree char *log = g_build_filename(dir, "log", NULL);
	g_autofree char *debug = g_build_filename(dir, "debug", NULL);
	g_autofree char *logged = NULL, *debugged = NULL;
	struct ha_msg *msg = ha_msg_new(0);

	g_setenv("HA_logfile", log, TRUE);
	g_setenv("HA_debugfile", debug, TRUE);
	g_setenv("HA_logfacility", "none", TRUE);
	g_setenv("HA_use_logd", "yes", TRUE);
	g_setenv("HA_debug", "1", TRUE);
	cl_log_set_entity("tester");
	cl_inherit_logging_environment(0);
	g_assert_cmpint(debug_level, ==, 1);
	g_assert_true(cl_log_get_uselogd());
	cl_log_set_uselogd(FALSE);
	g_assert_false(cl_log_get_uselogd());
	cl_log_enable_stderr(FALSE);
	cl_log_enable_stdout(FALSE);
	cl_log_set_facility(0);

	cl_log(LOG_WARNING, "number %d", 7);
	cl_log(LOG_DEBUG, "detail");
	errno = ENOENT;
	cl_perror("cannot open");
	g_assert_cmpint(errno, ==, ENOENT);
	(void)ha_msg_add(msg, "t", "x");
	(void)ha_msg_addbin(msg, "b", "xyz", 3);
	cl_log_message(LOG_INFO, msg);
	debug_level = 0;
	cl_log(LOG_DEBUG, "not wanted");
	cl_log_set_logfile(NULL);
	cl_log_set_debugfile(NULL);
	cl_log(LOG_ERR, "to nobody");

	logged = text_of(log);
	debugged = text_of(debug);
	g_assert_nonnull(strstr(logged, "tester: ["));
	g_assert_nonnull(strstr(logged, "WARN: number 7\n"));
	g_assert_nonnull(strstr(logged, "ERROR: cannot open: No such file or directory\n"));
	g_assert_nonnull(strstr(logged, "[t=x]"));
	g_assert_null(strstr(logged, "detail"));
	g_assert_nonnull(strstr(debugged, "detail"));
	g_assert_null(strstr(debugged, "not wanted"));
	g_assert_null(strstr(debugged, "to nobody"));
	ha_msg_del(msg);
	g_unlink(log);
	g_unlink(debug);
	g_rmdir(dir);
}

static void
test_booleans_and_durations(void)
{
	static const char *const yes[] = { "true", "ON", "Yes", "y", "1" };
	static const char *const no[] = { "false", "off", "NO", "n", "0" };
	static const struct {
		const char *text;
		long ms;
	} durations[] = {
		{ "2", 2000 }, { "200ms", 200 }, { "1.5s", 1500 }, { "2 min", 120000 }, { "1h", 3600000 },
		{ "500us", 0 }, { "x", -1 }, { "-1", -1 }, { "3 parsecs", -1 }, { "", -1 },
	};
	int value;

	for (gsize i = 0; i < G_N_ELEMENTS(yes); i++) {
		g_assert_cmpint(cl_str_to_boolean(yes[i], &value), ==, HA_OK);
		g_assert_cmpint(value, ==, 1);
		g_assert_cmpint(cl_str_to_boolean(no[i], &value), ==, HA_OK);
		g_assert_cmpint(value, ==, 0);
	}
	g_assert_cmpint(cl_str_to_boolean("legacy", &value), ==, HA_FAIL);
	g_assert_cmpint(cl_str_to_boolean(NULL, &value), ==, HA_FAIL);
	for (gsize i = 0; i < G_N_ELEMENTS(durations); i++)
		g_assert_cmpint(cl_get_msec(durations[i].text), ==, durations[i].ms);
	g_assert_cmpint(cl_get_msec(NULL), ==, -1);
}

static volatile sig_atomic_t n_signals;

static void
count(int signo)
{
	(void)signo;
	n_signals++;
}

static void
test_signal_handlers(void)
{
	struct sigaction before, now;
	sigset_t mask;

	g_assert_cmpint(cl_signal_set_simple_handler(SIGUSR1, count, &before), ==, 0);
	g_assert_cmpint(raise(SIGUSR1), ==, 0);
	g_assert_cmpint(n_signals, ==, 1);
	g_assert_cmpint(cl_signal_set_interrupt(SIGUSR1, 0), ==, 0);
	g_assert_cmpint(sigaction(SIGUSR1, NULL, &now), ==, 0);
	g_assert_cmpint(now.sa_flags & SA_RESTART, !=, 0);
	sigemptyset(&mask);
	g_assert_cmpint(cl_signal_set_handler(SIGUSR1, count, &mask, SA_RESETHAND, NULL), ==, 0);
	g_assert_cmpint(raise(SIGUSR1), ==, 0);
	g_assert_cmpint(n_signals, ==, 2);
	g_assert_cmpint(cl_signal_set_simple_handler(SIGKILL, count, NULL), ==, -1);
}

static void
test_core_files(void)
{
	g_autofree char *dir = g_dir_make_tmp("hb-core-XXXXXX", NULL);
	g_autofree char *here = g_get_current_dir();
	g_autofree char *there = NULL;
	struct rlimit limit;

	g_assert_cmpint(cl_set_corerootdir("relative"), ==, -1);
	g_assert_cmpint(cl_set_corerootdir(dir), ==, 0);
	g_assert_cmpint(cl_cdtocoredir(), ==, 0);       /* no directory of this user: the one above */
	there = g_get_current_dir();
	g_assert_cmpstr(there, ==, dir);
	g_assert_cmpint(g_chdir(here), ==, 0);
	g_assert_cmpint(cl_enable_coredumps(FALSE), ==, 0);
	g_assert_cmpint(getrlimit(RLIMIT_CORE, &limit), ==, 0);
	g_assert_cmpuint(limit.rlim_cur, ==, 0);
	g_rmdir(dir);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/api_log/lines", test_lines_go_where_the_environment_says);
	g_test_add_func("/api_log/words", test_booleans_and_durations);
	g_test_add_func("/api_log/signals", test_signal_handlers);
	g_test_add_func("/api_log/cores", test_core_files);
	return g_test_run();
}
