/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_leftover.c - what runs here and is in no haresources any more is stopped, or heartbeat does not start. */
#include <string.h>
#include <sys/stat.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "exec/exec.h"
#include "exec/leftover.h"

#include "util/banned.h"

static char *no_args[] = { NULL };
static HbResourceConf resources[] = {
	{ (char *)"left", no_args, 0, (char *)"left" }, { (char *)"right", no_args, 0, (char *)"right" },
};
static HbNodeConf nodes[] = { { .name = (char *)"node1", .id = 1 } };
static HbGroupConf old_groups[] = {
	{ .id = 11, .key = (char *)"web" },
	{ .id = 22, .key = (char *)"old", .n_resources = 2, .resources = resources },
};
static const HbConfig config = { .n_groups = 1, .groups = old_groups, .n_nodes = 1, .nodes = nodes };
static const HbConfig saved = {
	.n_groups = 2, .groups = old_groups, .n_nodes = 1, .nodes = nodes, .resource_timeout_ms = 20000,
};

typedef struct {
	char *dir;
	const char *dirs[2];
	HbRunnerSettings settings;
} Fixture;

static void
script(Fixture *f, const char *name, const char *body)
{
	g_autofree char *path = g_build_filename(f->dir, name, NULL);
	g_autofree char *text = g_strdup_printf("#!/bin/sh\necho %s >>%s/log\n%s\n", name, f->dir, body);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(chmod(path, 0755), ==, 0);
}

static void
setup(Fixture *f, gconstpointer data)
{
	(void)data;
	f->dir = g_dir_make_tmp("hb-leftover-XXXXXX", NULL);
	f->dirs[0] = f->dir;
	f->settings = (HbRunnerSettings){ .script_dirs = f->dirs, .rc_dir = f->dir, .cwd = "/" };
	script(f, "left", "exit 0");
	script(f, "right", "exit 0");
}

static void
teardown(Fixture *f, gconstpointer data)
{
	static const char *const names[] = { "left", "right", "log" };

	(void)data;
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(f->dir, names[i], NULL);

		g_unlink(path);
	}
	g_rmdir(f->dir);
	g_free(f->dir);
}

static char *
log_of(Fixture *f)
{
	g_autofree char *path = g_build_filename(f->dir, "log", NULL);
	char *text = NULL;

	return g_file_get_contents(path, &text, NULL, NULL) ? g_strdelimit(text, "\n", ' ') : g_strdup("");
}

static gboolean
stop(Fixture *f, HbHeldState old, const HbConfig *was)
{
	HbMemory memory = { .n_groups = 2, .group = { { 11, HB_HELD_UP, 1, 0 }, { 22, old, 1, 0 } } };
	g_autoptr(GError) error = NULL;
	gboolean ok = hb_leftover_stop(&memory, &config, was, &f->settings, &error);

	g_assert_true(ok == (error == NULL));
	if (!ok)
		g_assert_true(g_error_matches(error, HB_EXEC_ERROR, HB_EXIT_CONFIG));
	return ok;
}

static void
test_what_was_up_is_stopped_from_right_to_left(Fixture *f, gconstpointer data)
{
	g_autofree char *text = NULL;

	(void)data;
	g_assert_true(stop(f, HB_HELD_UP, &saved));
	text = log_of(f);
	g_assert_cmpstr(text, ==, "right left ");
}

static void
test_what_was_down_is_left_alone(Fixture *f, gconstpointer data)
{
	g_autofree char *text = NULL;

	(void)data;
	g_assert_true(stop(f, HB_HELD_IDLE, NULL));
	g_assert_true(stop(f, HB_HELD_UNKNOWN, NULL));
	text = log_of(f);
	g_assert_cmpstr(text, ==, "");
}

static void
test_what_cannot_be_stopped_is_refused(Fixture *f, gconstpointer data)
{
	(void)data;
	script(f, "right", "echo running; exit 1");
	g_assert_false(stop(f, HB_HELD_PARTIAL, &saved));
	g_assert_false(stop(f, HB_HELD_UP, NULL));
}

#define ADD(func) g_test_add("/leftover/" #func, Fixture, NULL, setup, test_##func, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(what_was_up_is_stopped_from_right_to_left);
	ADD(what_was_down_is_left_alone);
	ADD(what_cannot_be_stopped_is_refused);
	return g_test_run();
}
