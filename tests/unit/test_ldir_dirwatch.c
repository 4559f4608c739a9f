/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is watched of a file that is reached by links, and that its change is told. */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ldirectord/run/dirwatch.h"
#include "util/banned.h"

#define LIMIT_MS 60000

static char *top;

static char *
at(const char *name)
{
	return g_build_filename(top, name, NULL);
}

static void
make_dir(const char *name)
{
	g_autofree char *path = at(name);

	g_assert_cmpint(g_mkdir_with_parents(path, 0755), ==, 0);
}

static void
write_file(const char *name, const char *text)
{
	g_autofree char *path = at(name);
	g_autofree char *new = g_strconcat(path, ".new", NULL);

	g_assert_true(g_file_set_contents(new, text, -1, NULL));
	g_assert_cmpint(g_rename(new, path), ==, 0);
}

/* In one step, as tools that switch all at once do it */
static void
link_to(const char *name, const char *target)
{
	g_autofree char *path = at(name);
	g_autofree char *new = g_strconcat(path, ".new", NULL);

	g_assert_cmpint(symlink(target, new), ==, 0);
	g_assert_cmpint(g_rename(new, path), ==, 0);
}

static void
expect_places(const char *name, const char *wanted)
{
	g_autofree char *path = at(name);
	g_autoptr(GPtrArray) places = ldir_dirwatch_places(path);
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; i < places->len; i++) {
		g_assert_true(g_str_has_prefix(places->pdata[i], top));
		g_string_append_printf(out, "%s ", ((const char *)places->pdata[i])[strlen(top)] != '\0'
		                       ? (const char *)places->pdata[i] + strlen(top) + 1 : ".");
	}
	g_assert_cmpstr(out->str, ==, wanted);
}

static void
test_the_directory_of_each_link_counts(void)
{
	g_autofree char *absolute = at("r/2");

	make_dir("r/1");
	make_dir("r/2");
	make_dir("etc");
	write_file("r/1/w", "1");
	write_file("r/2/w", "2");
	expect_places("r/1/w", "r/1 ");
	expect_places("r/./1/../2//w", "r/2 ");
	link_to("etc/w", "../r/1/w");
	expect_places("etc/w", "etc r/1 ");
	link_to("current", "r/1");
	expect_places("current/w", ". r/1 ");
	link_to("current", absolute);
	expect_places("current/w", ". r/2 ");
	link_to("etc/w", "../current/w");
	expect_places("etc/w", "etc . r/2 ");
	/* as much of the way as there is */
	expect_places("r/3/w", "r ");
	expect_places("r/1/none", "r/1 ");
	expect_places("r/1/w/none", "r/1 ");
	link_to("etc/lost", "nowhere/w");
	expect_places("etc/lost", "etc ");
	/* in circles, and no further than the kernel */
	link_to("a", "b");
	link_to("b", "a");
	expect_places("a", ". ");
	link_to("self", "self/self/self/self");
	expect_places("self/w", ". ");
}

static gboolean
on_limit(gpointer data)
{
	g_error("nothing was told within %d s", LIMIT_MS / 1000);
	(void)data;
	return G_SOURCE_REMOVE;
}

typedef struct {
	char *path;
	const char *wanted;
	GMainLoop *loop;
} Reader;

static void
on_changed(gpointer user)
{
	Reader *reader = user;
	g_autofree char *text = NULL;

	if (g_file_get_contents(reader->path, &text, NULL, NULL) && strcmp(text, reader->wanted) == 0)
		g_main_loop_quit(reader->loop);
}

/* Until @wanted is read, because something was told */
static void
expect_told(Reader *reader, const char *wanted)
{
	guint limit = g_timeout_add(LIMIT_MS, on_limit, NULL);

	reader->wanted = wanted;
	g_main_loop_run(reader->loop);
	g_source_remove(limit);
}

static void
test_each_of_them_is_told_of(void)
{
	Reader reader = { .path = at("etc/w"), .loop = g_main_loop_new(NULL, FALSE) };
	LdirDirwatch *watch;

	link_to("current", "r/1");
	link_to("etc/w", "../current/w");
	watch = ldir_dirwatch_file(reader.path, 10, on_changed, &reader);
	write_file("r/1/w", "3");
	expect_told(&reader, "3");
	link_to("current", "r/2");
	expect_told(&reader, "2");
	write_file("r/2/w", "4");       /* where it is now */
	expect_told(&reader, "4");
	write_file("etc/mine", "5");
	link_to("etc/w", "mine");
	expect_told(&reader, "5");
	ldir_dirwatch_free(watch);
	g_main_loop_unref(reader.loop);
	g_free(reader.path);
}

int
main(int argc, char **argv)
{
	g_autofree char *command = NULL;
	g_autofree char *dir = NULL;
	int code;

	g_test_init(&argc, &argv, NULL);
	dir = g_dir_make_tmp("ldir-watch-XXXXXX", NULL);
	top = realpath(dir, NULL);      /* no links but those that are made here */
	g_test_add_func("/ldir/dirwatch/places", test_the_directory_of_each_link_counts);
	g_test_add_func("/ldir/dirwatch/told", test_each_of_them_is_told_of);
	code = g_test_run();
	command = g_strdup_printf("rm -rf '%s'", top);
	g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
	free(top);
	return code;
}
