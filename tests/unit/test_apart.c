/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_apart.c - plugins are asked in a process that can do no harm, and may even die of it. */
#include <string.h>
#include <sys/stat.h>

#include <glib.h>

#include "exec/apart.h"
#include "plugin/plugin.h"

#include "util/banned.h"

static const HbPluginJudge *
start(void)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(hb_apart_start(&error));
	g_assert_no_error(error);
	return hb_apart_judge();
}

/* What is wrong with @words; NULL: nothing (transfer full) */
static char *
fault_of(const HbPluginJudge *judge, const char *words)
{
	g_autofree char *far_name = NULL;
	char *err = NULL;

	if (judge->medium_check("fake", words, 694, 19200, &far_name, &err))
		g_assert_cmpstr(far_name, ==, words);
	else
		g_assert_nonnull(err);
	return err;
}

static void
test_answers_are_those_of_the_plugin(void)
{
	const HbPluginJudge *judge = start();
	g_autofree char *good = fault_of(judge, "good");
	g_autofree char *bad = fault_of(judge, "bad");

	g_assert_true(judge->medium_known("fake"));
	g_assert_false(judge->medium_known("no-such"));
	g_assert_true(judge->auth_known("fake-auth"));
	g_assert_true(judge->auth_needs_key("fake-auth"));
	g_assert_false(judge->auth_needs_key("fake-keyless"));
	g_assert_false(judge->auth_known("no-such"));
	g_assert_null(good);
	g_assert_cmpstr(bad, ==, "bad; write good (port 694, baud 19200)");
	hb_apart_stop();
}

static void
test_plugins_run_without_rights(void)
{
	g_autofree char *who = fault_of(start(), "whoami");

	g_assert_cmpstr(who, ==, "nobody of rights");
	hb_apart_stop();
}

static void
test_a_plugin_that_dies_is_a_fault_of_its_line(void)
{
	const HbPluginJudge *judge = start();
	g_autofree char *crash = fault_of(judge, "crash");
	g_autofree char *after = fault_of(judge, "good");

	g_assert_cmpstr(crash, ==, "a plugin failed badly (signal 6)");
	g_assert_cmpstr(after, ==, crash);
	g_assert_true(judge->medium_known("fake"));
	hb_apart_stop();
	judge = start();
	g_assert_true(judge->medium_known("fake"));
	hb_apart_stop();
}

static void
test_words_beyond_all_measure_are_refused(void)
{
	g_autofree char *words = g_strnfill(100000, 'x');
	g_autofree char *fault = fault_of(start(), words);

	g_assert_cmpstr(fault, ==, "is too long");
	hb_apart_stop();
}

/* Where others may not go, the process without rights finds nothing: a checkout in /root gets a copy. */
static gboolean
is_open_to_all(const char *path)
{
	g_autofree char *parent = g_path_get_dirname(path);
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & S_IXOTH) != 0 &&
	       (strcmp(parent, path) == 0 || is_open_to_all(parent));
}

/* Returns a copy of DIR that all may read; it is removed with remove_dir(). */
static char *
open_copy(const char *dir)
{
	char *copy = g_dir_make_tmp("hb-apart-XXXXXX", NULL);
	g_autofree char *from = g_build_filename(dir, ".", NULL);
	const char *argv[] = {"cp", "-r", from, copy, NULL};
	int status = -1;

	g_assert_nonnull(copy);
	g_assert_cmpint(chmod(copy, 0755), ==, 0);
	g_assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
	g_assert_cmpint(status, ==, 0);
	return copy;
}

static void
remove_dir(const char *dir)
{
	const char *argv[] = {"rm", "-rf", dir, NULL};

	g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

int
main(int argc, char **argv)
{
	g_autofree char *dir = g_build_filename(g_getenv("HB_BUILDDIR"), "tests/unit/fake_plugins/.libs", NULL);
	g_autofree char *copy = NULL;
	int rc;

	g_test_init(&argc, &argv, NULL);
	if (!is_open_to_all(dir))
		copy = open_copy(dir);
	hb_plugin_set_dir(copy ? copy : dir);
	g_test_add_func("/apart/answers", test_answers_are_those_of_the_plugin);
	g_test_add_func("/apart/rights", test_plugins_run_without_rights);
	g_test_add_func("/apart/death", test_a_plugin_that_dies_is_a_fault_of_its_line);
	g_test_add_func("/apart/long", test_words_beyond_all_measure_are_refused);
	rc = g_test_run();
	if (copy)
		remove_dir(copy);
	return rc;
}
