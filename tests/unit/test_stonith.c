/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_stonith.c - devices are called as cluster-glue calls them, and never longer than allowed. */
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "stonith/stonith.h"
#include "util/time.h"

#include "util/banned.h"

static char *dir, *log_path;

static gint64
in_s(guint s)
{
	return hb_time_now_ms() + s * HB_MS_PER_S;
}

static void
put(const char *name, const char *body)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	g_autofree char *text = g_strdup_printf("#!/bin/sh\nLOG=%s\n%s", log_path, body);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(g_chmod(path, 0755), ==, 0);
}

/* What the scripts wrote since the last time. */
static char *
take_log(void)
{
	char *text = NULL;

	if (!g_file_get_contents(log_path, &text, NULL, NULL))
		return g_strdup("");
	(void)g_unlink(log_path);
	return text;
}

static HbStonith *
device(const char *type, const char *words)
{
	g_autoptr(GError) error = NULL;
	HbStonith *made = hb_stonith_new(type, words, in_s(20), &error);

	g_assert_no_error(error);
	return made;
}

static int
reset(const char *type, const char *words, guint limit_s, char **ret_why)
{
	g_autoptr(HbStonith) made = device(type, words);
	g_autoptr(GError) error = NULL;
	g_autofree char *log = take_log();
	int code = hb_stonith_run(made, HB_STONITH_RESET, "node2", in_s(limit_s), NULL, &error);

	g_assert_true((code == HB_STONITH_OK) == (error == NULL));
	if (ret_why != NULL)
		*ret_why = g_strdup(error != NULL ? error->message : "");
	return code;
}

static void
test_a_script_gets_verb_and_node_and_its_settings_by_name(void)
{
	g_autofree char *log = NULL;

	put("switch", "case $1 in getconfignames) echo hostlist; echo ip secret ;;\n"
	              "*) echo \"$# $* / $hostlist / $ip / $secret / $HA_LOGTAG / ${PATH%%:*}\" >>$LOG ;; esac\n");
	g_assert_cmpint(reset("external/switch", " node1,node2\t10.0.0.1  a long secret ", 20, NULL), ==, HB_STONITH_OK);
	log = take_log();
	g_assert_nonnull(strstr(log, "2 reset node2 / node1,node2 / 10.0.0.1 / a long secret / external/switch / "
	                             "/usr/share/cluster-glue\n"));
}

static void
test_too_few_settings_and_unknown_types_are_refused(void)
{
	g_autoptr(GError) few = NULL;
	g_autoptr(GError) unknown = NULL;
	g_autoptr(GError) up = NULL;

	put("three", "echo a b c\n");
	g_assert_null(hb_stonith_new("external/three", "1 2", in_s(20), &few));
	g_assert_cmpstr(few->message, ==, "external/three needs values for: a b c");
	g_assert_null(hb_stonith_new("external/none", "1 2", in_s(20), &unknown));
	g_assert_error(unknown, HB_STONITH_ERROR, HB_STONITH_ERROR_TYPE);
	g_assert_null(hb_stonith_new("external/../three", "1 2 3", in_s(20), &up));
	g_assert_error(up, HB_STONITH_ERROR, HB_STONITH_ERROR_TYPE);
}

static void
test_another_exit_code_than_0_is_failure(void)
{
	g_autofree char *why = NULL;

	put("fails", "[ $1 = getconfignames ] || exit 3\n");
	g_assert_cmpint(reset("external/fails", "", 20, &why), ==, HB_STONITH_FAILED);
	g_assert_cmpstr(why, ==, "external/fails reset node2: exit code 3");
}

/* Its helpers too: what it started would act on the node later. */
static void
test_a_script_that_hangs_is_killed_with_all_it_started(void)
{
	g_autofree char *why = NULL;
	g_autofree char *log = NULL;
	gint64 begin_ms = hb_time_now_ms();

	put("hangs", "[ $1 = getconfignames ] && exit 0\nsleep 1000 & echo $! >$LOG; wait\n");
	g_assert_cmpint(reset("external/hangs", "", 1, &why), ==, HB_STONITH_FAILED);
	g_assert_nonnull(strstr(why, "did not end within its time limit"));
	g_assert_cmpint(hb_time_now_ms() - begin_ms, <, 30 * HB_MS_PER_S);
	log = take_log();
	g_assert_cmpint(g_ascii_strtoll(log, NULL, 10), >, 1);
	while (kill((pid_t)g_ascii_strtoll(log, NULL, 10), 0) == 0) {   /* as a zombie it may be there for a moment */
		g_autofree char *path = g_strdup_printf("/proc/%d/stat", (int)g_ascii_strtoll(log, NULL, 10));
		g_autofree char *stat = NULL;

		if (!g_file_get_contents(path, &stat, NULL, NULL) || strstr(stat, ") Z ") != NULL)
			break;
	}
}

static void
test_a_script_that_others_can_write_is_not_used(void)
{
	g_autofree char *path = g_build_filename(dir, "open", NULL);
	g_autoptr(GError) error = NULL;

	if (geteuid() != 0) {
		g_test_skip("only root is that careful");
		return;
	}
	put("open", "echo a\n");
	g_assert_cmpint(g_chmod(path, 0777), ==, 0);
	g_assert_null(hb_stonith_names("external/open", in_s(20), &error));
	g_assert_nonnull(strstr(error->message, "must belong to root"));
	(void)g_unlink(path);
}

static void
test_other_devices_of_cluster_glue_go_by_its_program(void)
{
	g_autofree char *log = NULL;

	put("glue", "echo \"$* / $ipaddr / $password\" >>$LOG\n"
	            "case \"$*\" in '-t apc -n') echo ipaddr login password ;; '-t apc'*) ;; *) exit 1 ;; esac\n");
	g_assert_cmpint(reset("apc", "10.0.0.9 admin pass word", 20, NULL), ==, HB_STONITH_OK);
	log = take_log();
	g_assert_nonnull(strstr(log, "-t apc -E -T reset node2 / 10.0.0.9 / pass word\n"));
}

static void
test_settings_can_stand_in_a_file(void)
{
	g_autofree char *path = g_build_filename(dir, "settings", NULL);
	g_autofree char *line = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(path, "# who\n\n  node1 10.0.0.1 x \nignored\n", -1, NULL));
	line = hb_stonith_read_file(path, NULL);
	g_assert_cmpstr(line, ==, "node1 10.0.0.1 x");
	g_assert_true(g_file_set_contents(path, "# nothing\n", -1, NULL));
	g_assert_null(hb_stonith_read_file(path, &error));
	g_assert_nonnull(error);
}

static void
test_the_list_has_each_type_once(void)
{
	g_auto(GStrv) types = NULL;
	guint n = 0;

	put("glue", "[ \"$*\" = -L ] && printf 'apc\\nexternal/switch\\nzeta\\n'\n");
	put("switch", "exit 0\n");
	types = hb_stonith_types(in_s(20));
	g_assert_true(g_strv_contains((const char *const *)types, "apc"));
	g_assert_true(g_strv_contains((const char *const *)types, "zeta"));
	for (char **type = types; *type != NULL; type++) {
		n += g_str_equal(*type, "external/switch");
		g_assert_true(type == types || strcmp(type[-1], *type) < 0);
	}
	g_assert_cmpuint(n, ==, 1);
}

int
main(int argc, char **argv)
{
	g_autofree char *glue = NULL;
	g_autofree char *clean = NULL;
	int code;

	g_test_init(&argc, &argv, NULL);
	dir = g_dir_make_tmp("stonith.XXXXXX", NULL);
	log_path = g_build_filename(dir, ".log", NULL);
	glue = g_build_filename(dir, "glue", NULL);
	hb_stonith_set_paths(dir, glue);
	g_test_add_func("/stonith/verb-node-settings", test_a_script_gets_verb_and_node_and_its_settings_by_name);
	g_test_add_func("/stonith/refused", test_too_few_settings_and_unknown_types_are_refused);
	g_test_add_func("/stonith/failure", test_another_exit_code_than_0_is_failure);
	g_test_add_func("/stonith/time-limit", test_a_script_that_hangs_is_killed_with_all_it_started);
	g_test_add_func("/stonith/writable-script", test_a_script_that_others_can_write_is_not_used);
	g_test_add_func("/stonith/cluster-glue", test_other_devices_of_cluster_glue_go_by_its_program);
	g_test_add_func("/stonith/file", test_settings_can_stand_in_a_file);
	g_test_add_func("/stonith/list", test_the_list_has_each_type_once);
	code = g_test_run();
	clean = g_strdup_printf("rm -rf '%s'", dir);
	(void)g_spawn_command_line_sync(clean, NULL, NULL, NULL, NULL);
	g_free(dir);
	g_free(log_path);
	return code;
}
