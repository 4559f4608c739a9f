/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_memory.c - what outlives hb-node and root is believed as far as it deserves. */
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "exec/memory.h"

#include "util/banned.h"

static HbGroupConf groups[] = {
	{ .id = 11, .key = (char *)"web" }, { .id = 22, .key = (char *)"db" }, { .id = 33, .key = (char *)"mail" },
	{ .id = 44, .key = (char *)"new" },
};
static const HbConfig config = { .n_groups = G_N_ELEMENTS(groups), .groups = groups };

static HbMemory
sample(void)
{
	/* In another order than in the configuration. */
	return (HbMemory){
		.magic = HB_MEMORY_MAGIC, .n_groups = 3, .generation = 1700000000, .next_seq = 42,
		.group = { { 33, HB_HELD_IDLE, 3, 1 }, { 11, HB_HELD_UP, 1, 0 }, { 22, HB_HELD_PARTIAL, 2, 0 } },
	};
}

static gboolean
web_is_busy(guint32 group_id, gpointer data)
{
	(void)data;
	return group_id == 11;
}

static void
assert_states(const HbMemory *memory, HbHeldState web, HbHeldState db, HbHeldState mail)
{
	g_assert_cmpuint(memory->n_groups, ==, 4);
	g_assert_cmpuint(memory->group[0].state, ==, web);
	g_assert_cmpuint(memory->group[1].state, ==, db);
	g_assert_cmpuint(memory->group[2].state, ==, mail);
	g_assert_cmpuint(memory->group[3].state, ==, HB_HELD_UNKNOWN);
	for (guint i = 0; i < 4; i++)
		g_assert_cmpuint(memory->group[i].group_id, ==, groups[i].id);
}

static void
test_without_memory_nothing_is_known(void)
{
	HbMemory settled;

	hb_memory_settle(NULL, &config, HB_MEMORY_NEW_START, NULL, NULL, &settled);
	assert_states(&settled, HB_HELD_UNKNOWN, HB_HELD_UNKNOWN, HB_HELD_UNKNOWN);
}

static void
test_after_an_unclean_end_what_was_up_may_be_half_up(void)
{
	HbMemory old = sample(), settled;

	hb_memory_settle(&old, &config, HB_MEMORY_NEW_START, NULL, NULL, &settled);
	assert_states(&settled, HB_HELD_PARTIAL, HB_HELD_PARTIAL, HB_HELD_UNKNOWN);
	g_assert_cmpuint(settled.group[0].epoch, ==, 1);
	g_assert_cmpuint(settled.group[2].parked, ==, 1);
}

static void
test_what_is_up_and_idle_stays_up_when_resumed(void)
{
	HbMemory old = sample(), settled;

	hb_memory_settle(&old, &config, HB_MEMORY_RESUMED, NULL, NULL, &settled);
	assert_states(&settled, HB_HELD_UP, HB_HELD_PARTIAL, HB_HELD_IDLE);
}

static void
test_who_left_is_remembered_only_while_somebody_looked(void)
{
	HbMemory old = sample(), settled;

	old.gone[0].node_id = 77;
	old.gone[0].fate = HB_FATE_LEFT;
	old.gone[0].generation = 5;
	old.turned_ms = 4711;
	hb_memory_settle(&old, &config, HB_MEMORY_RESUMED, NULL, NULL, &settled);
	g_assert_cmpuint(settled.gone[0].node_id, ==, 77);
	g_assert_cmpuint(settled.gone[0].generation, ==, 5);
	g_assert_cmpint(settled.turned_ms, ==, 4711);
	hb_memory_settle(&old, &config, HB_MEMORY_NEW_START, NULL, NULL, &settled);
	g_assert_cmpuint(settled.gone[0].node_id, ==, 0);
}

static void
test_a_group_with_an_operation_in_flight_is_half_up(void)
{
	HbMemory old = sample(), settled;

	hb_memory_settle(&old, &config, HB_MEMORY_RESUMED, web_is_busy, NULL, &settled);
	assert_states(&settled, HB_HELD_PARTIAL, HB_HELD_PARTIAL, HB_HELD_IDLE);
}

static gboolean
survives_file(const HbMemory *memory)
{
	g_autofree char *dir = g_dir_make_tmp("hb-memory-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "memory", NULL);
	int fd = hb_memory_open(path, NULL);
	HbMemory back;
	gboolean sound;

	g_assert_cmpint(fd, >=, 0);
	g_assert_false(hb_memory_read(fd, &back));      /* empty is not sound */
	g_assert_true(hb_memory_write(fd, memory, NULL));
	g_assert_true(hb_memory_is_whole(fd));
	g_assert_cmpint(ftruncate(fd, sizeof *memory + 1), ==, 0);
	g_assert_false(hb_memory_is_whole(fd));
	g_assert_true(hb_memory_write(fd, memory, NULL));
	sound = hb_memory_read(fd, &back);
	if (sound)
		g_assert_cmpmem(&back, sizeof back, memory, sizeof *memory);
	/* Cut short by hb-node: not sound, and no harm. */
	g_assert_cmpint(ftruncate(fd, 10), ==, 0);
	g_assert_false(hb_memory_read(fd, &back));
	close(fd);
	g_unlink(path);
	g_rmdir(dir);
	return sound;
}

static void
test_a_sound_memory_is_read_back(void)
{
	HbMemory memory = sample();

	g_assert_true(survives_file(&memory));
}

static void
test_a_memory_with_nonsense_is_not_believed(void)
{
	HbMemory memory = sample();

	memory.magic++;
	g_assert_false(survives_file(&memory));
	memory = sample();
	memory.n_groups = HB_GROUPS_MAX + 1;
	g_assert_false(survives_file(&memory));
	memory = sample();
	memory.group[2].state = HB_HELD_N;
	g_assert_false(survives_file(&memory));
	memory = sample();
	memory.group[0].parked = 2;
	g_assert_false(survives_file(&memory));
	memory = sample();
	memory.gone[3].node_id = 1;
	memory.gone[3].fate = HB_FATE_SHOT;
	g_assert_false(survives_file(&memory));
	memory = sample();
	memory.next_seq = 0;
	g_assert_false(survives_file(&memory));
	memory = sample();
	memory.generation = 0;
	g_assert_false(survives_file(&memory));
}

#define ADD(func) g_test_add_func("/memory/" #func, test_##func)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(without_memory_nothing_is_known);
	ADD(after_an_unclean_end_what_was_up_may_be_half_up);
	ADD(what_is_up_and_idle_stays_up_when_resumed);
	ADD(who_left_is_remembered_only_while_somebody_looked);
	ADD(a_group_with_an_operation_in_flight_is_half_up);
	ADD(a_sound_memory_is_read_back);
	ADD(a_memory_with_nonsense_is_not_believed);
	return g_test_run();
}
