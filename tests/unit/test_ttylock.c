/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ttylock.c - the lock of a serial line. */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "exec/ttylock.h"

#include "util/banned.h"

static char *dir;

static void
assert_taken_over(const char *before)
{
	g_autofree char *lock = g_build_filename(dir, "LCK..ttyS7", NULL);
	g_autofree char *ours = g_strdup_printf("%10d\n", (int)getpid());
	g_autofree char *now = NULL;

	(void)g_unlink(lock);
	if (before != NULL)
		g_assert_true(g_file_set_contents(lock, before, -1, NULL));
	g_assert_true(hb_ttylock_take(dir, "/dev/ttyS7"));
	g_assert_true(g_file_get_contents(lock, &now, NULL, NULL));
	g_assert_cmpstr(now, ==, ours);
}

static void
test_a_lock_of_nobody_who_lives_is_taken_over(void)
{
	g_autofree char *dead = NULL;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
	dead = g_strdup_printf("%10d\n", (int)pid);
	assert_taken_over(NULL);
	assert_taken_over(dead);
	assert_taken_over("");
	assert_taken_over("nonsense");
	assert_taken_over("99999999999999999999999");
}

static void
test_a_lock_of_another_who_lives_is_respected(void)
{
	g_autofree char *lock = g_build_filename(dir, "LCK..ttyS7", NULL);
	g_autofree char *theirs = g_strdup_printf("%10d\n", (int)getppid());

	g_assert_true(g_file_set_contents(lock, theirs, -1, NULL));
	g_assert_false(hb_ttylock_take(dir, "/dev/ttyS7"));
	g_assert_cmpint(errno, ==, EBUSY);
	g_assert_true(hb_ttylock_take(dir, "/dev/ttyS8"));
}

static void
test_nothing_is_written_through_a_link(void)
{
	g_autofree char *lock = g_build_filename(dir, "LCK..ttyS9", NULL);
	g_autofree char *victim = g_build_filename(dir, "victim", NULL);
	g_autofree char *text = NULL;

	g_assert_true(g_file_set_contents(victim, "precious", -1, NULL));
	g_assert_cmpint(symlink(victim, lock), ==, 0);
	g_assert_true(hb_ttylock_take(dir, "/dev/ttyS9"));
	g_assert_true(g_file_get_contents(victim, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, "precious");
}

static void
test_without_a_directory_there_is_no_lock(void)
{
	g_assert_true(hb_ttylock_take("/no/such/directory", "/dev/ttyS7"));
}

int
main(int argc, char **argv)
{
	int failed;
	g_autofree char *cleanup = NULL;

	g_test_init(&argc, &argv, NULL);
	dir = g_dir_make_tmp("ttylock-XXXXXX", NULL);
	g_assert_nonnull(dir);
	g_test_add_func("/ttylock/a_lock_of_nobody_who_lives_is_taken_over",
	                test_a_lock_of_nobody_who_lives_is_taken_over);
	g_test_add_func("/ttylock/a_lock_of_another_who_lives_is_respected",
	                test_a_lock_of_another_who_lives_is_respected);
	g_test_add_func("/ttylock/nothing_is_written_through_a_link", test_nothing_is_written_through_a_link);
	g_test_add_func("/ttylock/without_a_directory_there_is_no_lock", test_without_a_directory_there_is_no_lock);
	failed = g_test_run();
	cleanup = g_strdup_printf("rm -r %s", dir);
	(void)g_spawn_command_line_sync(cleanup, NULL, NULL, NULL, NULL);
	g_free(dir);
	return failed;
}
