/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_state.c - the next root kills what was ours, and nothing else. */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "exec/state.h"

#include "util/banned.h"

/* A process that waits for its end, in a group of its own. */
static HbProc
child_new(void)
{
	HbProc proc = { 0 };
	int ready[2];
	char byte;
	pid_t pid;

	g_assert_cmpint(pipe(ready), ==, 0);
	pid = fork();
	g_assert_cmpint(pid, >=, 0);
	if (pid == 0) {
		(void)setsid();
		(void)!write(ready[1], "x", 1);
		for (;;)
			pause();
	}
	g_assert_cmpint(read(ready[0], &byte, 1), ==, 1);
	close(ready[0]);
	close(ready[1]);
	proc.pid = pid;
	hb_proc_note(&proc);
	return proc;
}

static void
child_done(const HbProc *proc)
{
	kill(proc->pid, SIGKILL);
	waitpid(proc->pid, NULL, 0);
}

static void
test_a_process_is_known_by_its_start(void)
{
	HbProc proc = child_new(), other = proc, not_noted = proc;

	g_assert_cmpuint(proc.start, >, 0);
	g_assert_true(hb_proc_lives(&proc));
	other.start++;
	g_assert_false(hb_proc_lives(&other));
	not_noted.start = 0;    /* killed before it was noted: the leader of a group is believed */
	g_assert_true(hb_proc_lives(&not_noted));
	child_done(&proc);
	g_assert_false(hb_proc_lives(&proc));
}

static void
test_a_number_used_again_is_not_killed(void)
{
	HbProc proc = child_new(), other = proc;

	other.start--;
	g_assert_true(hb_proc_kill(&other, TRUE));
	g_assert_true(hb_proc_lives(&proc));
	child_done(&proc);
}

static void
test_what_is_ours_is_killed_and_waited_for(void)
{
	HbProc proc = child_new();

	g_assert_true(hb_proc_kill(&proc, TRUE));
	g_assert_false(hb_proc_lives(&proc));           /* a zombie at most */
	child_done(&proc);
}

static void
test_nobody_is_killed_for_an_empty_slot(void)
{
	const HbProc none = { 0 }, init = { .pid = 1 };

	g_assert_true(hb_proc_kill(&none, TRUE));
	g_assert_false(hb_proc_lives(&none));
	g_assert_false(hb_proc_lives(&init));
}

typedef struct {
	char *dir, *path;
} Dir;

static void
setup(Dir *dir, gconstpointer data)
{
	(void)data;
	dir->dir = g_dir_make_tmp("hb-state-XXXXXX", NULL);
	dir->path = g_build_filename(dir->dir, "state", NULL);
}

static void
teardown(Dir *dir, gconstpointer data)
{
	(void)data;
	g_unlink(dir->path);
	g_rmdir(dir->dir);
	g_free(dir->path);
	g_free(dir->dir);
}

static void
test_the_next_root_finds_what_this_one_noted(Dir *dir, gconstpointer data)
{
	gboolean valid = TRUE;
	HbState *first = hb_state_open(dir->path, &valid, NULL), *second;

	(void)data;
	g_assert_false(valid);          /* empty */
	hb_state_clear(first, 7);
	hb_state_job_new(first, 11)->proc.pid = 12345;
	second = hb_state_open(dir->path, &valid, NULL);
	g_assert_true(valid);
	g_assert_cmpuint(second->generation, ==, 7);
	g_assert_true(hb_state_is_busy(second, 11));
	g_assert_false(hb_state_is_busy(second, 12));
	hb_state_clear(second, 0);
	g_assert_cmpuint(second->generation, ==, 0);
	g_assert_cmpuint(second->last_generation, ==, 7);       /* of this boot: never again */
}

static void
test_what_was_noted_before_a_boot_does_not_count(Dir *dir, gconstpointer data)
{
	gboolean valid;
	HbState *state = hb_state_open(dir->path, &valid, NULL);

	(void)data;
	hb_state_clear(state, 7);
	state->boot++;
	(void)hb_state_open(dir->path, &valid, NULL);
	g_assert_false(valid);
}

static void
test_an_orphan_is_an_hb_node_that_outlives_its_root(Dir *dir, gconstpointer data)
{
	HbProc node = child_new();
	gboolean valid;
	HbState *state;

	(void)data;
	g_assert_false(hb_state_is_orphaned(dir->path));
	state = hb_state_open(dir->path, &valid, NULL);
	g_assert_false(hb_state_is_orphaned(dir->path));
	hb_state_clear(state, 7);
	state->node = node;
	g_assert_true(hb_state_is_orphaned(dir->path));
	state->farewell = 1;
	g_assert_false(hb_state_is_orphaned(dir->path));
	state->farewell = 0;
	child_done(&node);
	g_assert_false(hb_state_is_orphaned(dir->path));
}

static void
test_root_is_known_while_it_lives_and_has_not_said_farewell(Dir *dir, gconstpointer data)
{
	gboolean valid;
	HbState *state = hb_state_open(dir->path, &valid, NULL);
	HbProc root = child_new();

	(void)data;
	hb_state_clear(state, 7);
	g_assert_cmpint(hb_state_root(dir->path), ==, 0);
	state->root = root;
	g_assert_cmpint(hb_state_root(dir->path), ==, root.pid);
	state->farewell = 1;
	g_assert_cmpint(hb_state_root(dir->path), ==, 0);
	state->farewell = 0;
	child_done(&root);
	g_assert_cmpint(hb_state_root(dir->path), ==, 0);
}

static void
test_slots_are_used_again_and_may_run_out(Dir *dir, gconstpointer data)
{
	gboolean valid;
	HbState *state = hb_state_open(dir->path, &valid, NULL);
	HbJobSlot *slot = NULL;

	(void)data;
	hb_state_clear(state, 1);
	for (guint i = 0; i < HB_STATE_JOBS_MAX; i++) {
		slot = hb_state_job_new(state, i + 1);
		slot->proc.pid = (pid_t)(i + 2);
	}
	g_assert_null(hb_state_job_new(state, 999));
	hb_state_job_free(slot);
	g_assert_true(hb_state_job_new(state, 999) == slot);
	hb_state_job_free(NULL);
}

static void
test_five_revivals_within_a_minute_are_too_many(Dir *dir, gconstpointer data)
{
	gboolean valid;
	HbState *state = hb_state_open(dir->path, &valid, NULL);

	(void)data;
	hb_state_clear(state, 1);
	for (gint64 i = 0; i < HB_STATE_REVIVALS; i++)
		g_assert_false(hb_state_revived_too_often(state, 1000000 + i * 1000));
	g_assert_true(hb_state_revived_too_often(state, 1010000));
	/* One every 20 s goes on for ever. */
	hb_state_clear(state, 1);
	for (gint64 i = 0; i < 20; i++)
		g_assert_false(hb_state_revived_too_often(state, 1000000 + i * 20000));
}

#define ADD(func) g_test_add_func("/state/" #func, test_##func)
#define ADD_IN_DIR(func) g_test_add("/state/" #func, Dir, NULL, setup, test_##func, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(a_process_is_known_by_its_start);
	ADD(a_number_used_again_is_not_killed);
	ADD(what_is_ours_is_killed_and_waited_for);
	ADD(nobody_is_killed_for_an_empty_slot);
	ADD_IN_DIR(the_next_root_finds_what_this_one_noted);
	ADD_IN_DIR(what_was_noted_before_a_boot_does_not_count);
	ADD_IN_DIR(an_orphan_is_an_hb_node_that_outlives_its_root);
	ADD_IN_DIR(root_is_known_while_it_lives_and_has_not_said_farewell);
	ADD_IN_DIR(slots_are_used_again_and_may_run_out);
	ADD_IN_DIR(five_revivals_within_a_minute_are_too_many);
	return g_test_run();
}
