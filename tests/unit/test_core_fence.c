/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_core_fence.c - two cores that each have a device for the other one. */
#include "core_fixture.h"

/* Both have a device; node 0 has the group. */
static World *
fenced_world(HbFenceVerdict verdict)
{
	World *w = world_new(HB_FAILBACK_OFF);

	nodes[0].can_fence = nodes[1].can_fence = TRUE;
	w->fence_verdict = verdict;
	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 1000);
	g_assert_true(w->up[0]);
	return w;
}

static void
test_a_dead_owner_is_fenced_before_its_group_is_taken(void)
{
	World *w = fenced_world(HB_FENCED_OK);

	w->off[0] = TRUE;
	while (w->n_fenced[0] == 0)
		pass(w, 1);
	pass(w, FENCE_MS - 1);
	g_assert_false(w->up[1]);
	pass(w, 2);
	g_assert_true(w->up[1]);
	pass(w, 60000);
	g_assert_cmpuint(w->n_fenced[0], ==, 1);
	g_assert_cmpuint(w->n_fenced[1], ==, 0);
	world_free(w);
}

static void
test_what_cannot_be_fenced_is_not_taken_and_tried_less_and_less(void)
{
	World *w = fenced_world(HB_FENCED_FAILED);

	w->off[0] = TRUE;
	pass(w, 60000);
	g_assert_false(w->up[1]);
	g_assert_cmpuint(w->n_fenced[0], >=, 4);
	g_assert_cmpuint(w->n_fenced[0], <=, 7);
	w->fence_verdict = HB_FENCED_OK;
	pass(w, 31000);
	g_assert_true(w->up[1]);
	world_free(w);
}

/* One that hears us but is not heard gives nothing up before it is shot: it has a deadtime to hear that this is over. */
static void
test_who_is_not_to_be_shot_any_more_is_given_a_deadtime(void)
{
	static HbNodeConf bare[NODES];
	World *w = fenced_world(HB_FENCED_FAILED);
	HbConfig without = w->config[1];
	HbEvent ev = { .type = HB_EV_RELOAD, .u.reload.config = &without };

	memcpy(bare, nodes, sizeof bare);
	bare[0].can_fence = FALSE;
	without.nodes = bare;
	w->off[0] = TRUE;
	while (w->n_fenced[0] == 0)
		pass(w, 1);
	pass(w, FENCE_MS + 100);
	step(w, 1, &ev);
	pass(w, without.deadtime_ms - 50);
	g_assert_false(w->up[1]);
	pass(w, 150);
	g_assert_true(w->up[1]);
	world_free(w);
}

static void
test_who_is_back_is_not_fenced_any_more(void)
{
	World *w = fenced_world(HB_FENCED_FAILED);
	guint n;

	w->off[0] = TRUE;
	while (w->n_fenced[0] == 0)
		pass(w, 1);
	w->up[0] = FALSE;
	boot(w, 0, 11);
	pass(w, 1000);
	n = w->n_fenced[0];
	g_assert_cmpuint(w->n_cancelled, <=, 1);
	pass(w, 60000);
	g_assert_cmpuint(w->n_fenced[0], ==, n);
	g_assert_cmpuint(w->up[0] + w->up[1], ==, 1);
	world_free(w);
}

/* It was carried out before the node came back, or not at all: the device cannot say which. */
static void
test_an_order_for_an_earlier_death_says_nothing_of_a_later_one(void)
{
	World *w = fenced_world(HB_FENCED_OK);

	w->fence_ms = 4000;
	w->off[0] = TRUE;
	while (w->n_fenced[0] == 0)
		pass(w, 1);
	w->up[0] = FALSE;
	boot(w, 0, 11);
	pass(w, 500);
	g_assert_cmpuint(w->n_cancelled, ==, 1);
	w->off[0] = TRUE;
	pass(w, 3600);          /* dead again, and the first order is answered */
	g_assert_false(w->up[1]);
	pass(w, 15000);
	g_assert_cmpuint(w->n_fenced[0], ==, 2);
	g_assert_true(w->up[1]);
	world_free(w);
}

static void
test_who_has_to_be_fenced_is_not_removed(void)
{
	World *w = fenced_world(HB_FENCED_FAILED);
	HbTyped remove = { .type = HB_MSG_DELNODE, .nodelist = "b " };
	HbEvent ev = { .type = HB_EV_FIFO, .u.fifo.msg = &remove };

	w->off[1] = TRUE;
	pass(w, 5000);
	step(w, 0, &ev);
	g_assert_cmpuint(w->n_removed, ==, 0);
	w->fence_verdict = HB_FENCED_OK;
	pass(w, 31000);
	step(w, 0, &ev);
	g_assert_cmpuint(w->n_removed, ==, 1);
	world_free(w);
}

/* Removed by hb_delnode, and started all the same: it hears that nobody counts it in. */
static void
test_whom_the_others_do_not_know_runs_nothing_and_fences_nobody(void)
{
	World *w = world_new(HB_FAILBACK_OFF);

	nodes[0].can_fence = nodes[1].can_fence = TRUE;
	w->config[0].n_nodes = 1;
	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 60000);
	g_assert_true(w->up[0]);
	g_assert_false(w->up[1]);
	g_assert_cmpuint(w->starts, ==, 1);
	g_assert_cmpuint(w->n_fenced[0] + w->n_fenced[1], ==, 0);
	world_free(w);
}

static void
test_who_leaves_in_order_is_not_fenced(void)
{
	World *w = fenced_world(HB_FENCED_OK);
	HbEvent ev = { .type = HB_EV_SHUTDOWN };

	step(w, 0, &ev);
	pass(w, 10000);
	g_assert_true(w->up[1]);
	g_assert_cmpuint(w->n_fenced[0] + w->n_fenced[1], ==, 0);
	world_free(w);
}

/* Behind a cut it would shoot the one that has everything, to have it. */
static void
test_the_lower_id_fences_who_is_silent_without_need(void)
{
	World *w = fenced_world(HB_FENCED_OK);

	w->off[1] = TRUE;
	pass(w, 30000);
	g_assert_cmpuint(w->n_fenced[1], ==, 1);
	g_assert_cmpuint(w->n_fenced[0], ==, 0);
	world_free(w);
}

static void
test_who_was_never_heard_is_fenced(void)
{
	World *w = world_new(HB_FAILBACK_OFF);

	nodes[0].can_fence = nodes[1].can_fence = TRUE;
	w->fence_verdict = HB_FENCED_OK;
	boot(w, 0, 10);
	/* It may be this node that is cut off: not at once, but what it has waited for it since its start counts. */
	pass(w, 29000);
	g_assert_cmpuint(w->n_fenced[1], ==, 0);
	pass(w, 7000);
	g_assert_cmpuint(w->n_fenced[1], ==, 1);
	g_assert_true(w->up[0]);
	world_free(w);
}

/* Node 1 loses node 0, which had the group. */
static gint64
ms_to_the_shot(gboolean pings)
{
	static char *gateway[] = { (char *)"gateway" };
	HbTyped answer = { .type = HB_MSG_NS_ST, .src = "gateway", .u.status.st = HB_ST_PING };
	HbEvent ev = { .type = HB_EV_PACKET };
	World *w = world_new(HB_FAILBACK_OFF);
	gint64 died_ms, took_ms;

	for (guint n = 0; n < NODES; n++) {
		w->config[n].n_ping_nodes = 1;
		w->config[n].ping_nodes = gateway;
		w->config[n].deadping_ms = 1000000;
	}
	nodes[0].can_fence = nodes[1].can_fence = TRUE;
	w->fence_verdict = HB_FENCED_OK;
	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 1000);
	ev.u.packet.msg = &answer;
	if (pings)
		step(w, 1, &ev);
	w->off[0] = TRUE;
	died_ms = w->now_ms + 1000;
	while (w->n_fenced[0] == 0 && w->now_ms < died_ms + 100000)
		pass(w, 100);
	took_ms = w->now_ms - died_ms;
	world_free(w);
	return took_ms;
}

static void
test_who_sees_no_ping_node_waits_longer(void)
{
	g_assert_cmpint(ms_to_the_shot(TRUE), <, 6000);
	g_assert_cmpint(ms_to_the_shot(TRUE), >=, 3000);
	g_assert_cmpint(ms_to_the_shot(FALSE), >=, 30000);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/core/fenced-before-taken", test_a_dead_owner_is_fenced_before_its_group_is_taken);
	g_test_add_func("/core/not-fenced-not-taken", test_what_cannot_be_fenced_is_not_taken_and_tried_less_and_less);
	g_test_add_func("/core/disarmed-in-vain-waits", test_who_is_not_to_be_shot_any_more_is_given_a_deadtime);
	g_test_add_func("/core/back-is-not-fenced", test_who_is_back_is_not_fenced_any_more);
	g_test_add_func("/core/old-order", test_an_order_for_an_earlier_death_says_nothing_of_a_later_one);
	g_test_add_func("/core/unfenced-is-not-removed", test_who_has_to_be_fenced_is_not_removed);
	g_test_add_func("/core/stranger-runs-nothing", test_whom_the_others_do_not_know_runs_nothing_and_fences_nobody);
	g_test_add_func("/core/left-is-not-fenced", test_who_leaves_in_order_is_not_fenced);
	g_test_add_func("/core/lower-id-fences", test_the_lower_id_fences_who_is_silent_without_need);
	g_test_add_func("/core/no-ping-node-no-hurry", test_who_sees_no_ping_node_waits_longer);
	g_test_add_func("/core/unheard-is-fenced", test_who_was_never_heard_is_fenced);
	return g_test_run();
}
