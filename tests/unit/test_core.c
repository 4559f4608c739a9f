/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_core.c - two cores on a perfect network, scripts that take 10 ms: the plain stories.
 * Everything that goes wrong is the simulator's business (tests/sim).
 */
#include "core_fixture.h"

static void
test_two_nodes_start_the_group_within_a_second(void)
{
	World *w = world_new(HB_FAILBACK_ON);

	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 100);
	g_assert_true(w->up[0]);
	g_assert_false(w->up[1]);
	g_assert_cmpuint(w->starts, ==, 1);
	world_free(w);
}

static void
test_a_lone_node_waits_initdead(void)
{
	World *w = world_new(HB_FAILBACK_ON);

	boot(w, 1, 10);
	pass(w, 4900);
	g_assert_false(w->up[1]);
	pass(w, 200);
	g_assert_true(w->up[1]);
	world_free(w);
}

static void
test_death_is_taken_over_after_deadtime_and_given_back_at_return(void)
{
	World *w = world_new(HB_FAILBACK_ON);

	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 3000);
	w->off[0] = TRUE;
	w->up[0] = FALSE;
	pass(w, 700);
	g_assert_false(w->up[1]);
	pass(w, 400);
	g_assert_true(w->up[1]);
	boot(w, 0, 11);
	pass(w, 300);
	g_assert_true(w->up[0]);
	g_assert_false(w->up[1]);
	world_free(w);
}

static void
test_without_failback_the_group_stays(void)
{
	World *w = world_new(HB_FAILBACK_OFF);

	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 3000);
	w->off[0] = TRUE;
	w->up[0] = FALSE;
	pass(w, 1500);
	boot(w, 0, 11);
	pass(w, 5000);
	g_assert_false(w->up[0]);
	g_assert_true(w->up[1]);
	world_free(w);
}

static void
test_a_stop_hands_over_at_once(void)
{
	World *w = world_new(HB_FAILBACK_ON);
	HbEvent ev = { .type = HB_EV_SHUTDOWN };

	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 3000);
	step(w, 0, &ev);
	pass(w, 2 * SCRIPT_MS + 5);
	g_assert_false(w->up[0]);
	g_assert_true(w->up[1]);
	g_assert_true(w->off[0]);
	world_free(w);
}

static void
test_standby_sends_away_and_takeover_brings_back(void)
{
	World *w = world_new(HB_FAILBACK_ON);

	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 3000);
	say(w, 0, HB_MSG_ASK_RESOURCES, HB_HOLD_FOREIGN);
	pass(w, 1000);
	g_assert_true(w->up[0]);
	say(w, 0, HB_MSG_ASK_RESOURCES, HB_HOLD_LOCAL);
	pass(w, 2 * SCRIPT_MS + 5);
	g_assert_true(w->up[1]);
	pass(w, 20000);
	g_assert_true(w->up[1]);        /* no fail-back against the operator's wish */
	say(w, 0, HB_MSG_HB_TAKEOVER, HB_HOLD_LOCAL);
	pass(w, 2 * SCRIPT_MS + 5);
	g_assert_true(w->up[0]);
	g_assert_false(w->up[1]);
	world_free(w);
}

/* ipfail of 3.0.6 waits for the other node's word before it looks again. */
static void
test_both_tell_what_they_hold_when_a_move_is_over(void)
{
	World *w = world_new(HB_FAILBACK_ON);

	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 3000);
	g_assert_cmpint(w->told[0], ==, HB_HOLD_LOCAL);
	g_assert_cmpint(w->told[1], ==, HB_HOLD_LOCAL);         /* nothing stands under its name, and nothing is missing */
	for (guint n = 0; n < NODES; n++)
		w->n_told[n] = 0;
	pass(w, 20000);
	g_assert_cmpuint(w->n_told[0] + w->n_told[1], ==, 0);
	say(w, 0, HB_MSG_ASK_RESOURCES, HB_HOLD_LOCAL);
	pass(w, SCRIPT_MS);
	g_assert_cmpuint(w->n_told[0] + w->n_told[1], ==, 0);   /* it is under way */
	pass(w, 1000);
	g_assert_cmpint(w->told[0], ==, HB_HOLD_NONE);
	g_assert_cmpint(w->told[1], ==, HB_HOLD_ALL);
	for (guint n = 0; n < NODES; n++)
		g_assert_cmpuint(w->n_told[n], ==, 1);
	world_free(w);
}

/* The slower one is due a little later than the other, and says its own with the other's. */
static void
test_nodes_that_are_due_together_beat_together(void)
{
	World *w = world_new(HB_FAILBACK_ON);
	guint before[NODES];

	w->config[1].keepalive_ms = 220;
	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 3000);
	memcpy(before, w->beats, sizeof before);
	pass(w, 4400);
	g_assert_cmpuint(w->beats[0] - before[0], ==, 22);
	g_assert_cmpuint(w->beats[1] - before[1], ==, 22);
	/* one that is not nearly due keeps its own time */
	w->config[1].keepalive_ms = 300;
	pass(w, 1000);
	memcpy(before, w->beats, sizeof before);
	pass(w, 6000);
	g_assert_cmpuint(w->beats[0] - before[0], ==, 30);
	g_assert_cmpuint(w->beats[1] - before[1], <=, 24);
	world_free(w);
}

/* A late RELOAD is the first event after an absence: what the absence gives up must not speak of the old file. */
static void
test_a_reload_that_comes_late_speaks_of_the_new_groups_alone(void)
{
	World *w = world_new(HB_FAILBACK_ON);
	HbGroupConf two[2] = { groups[0], groups[0] };
	HbConfig turned = w->config[0];
	HbEvent ev = { .type = HB_EV_RELOAD };
	guint n_given_up = 0;

	two[0].id = hb_id_of("new");
	two[0].key = (char *)"new";
	turned.n_groups = 2;
	turned.groups = two;
	w->start_fails = ~0u;
	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 10 * SCRIPT_MS);        /* between the second try and the third: right to it, nothing up, no script */
	w->now_ms += 600;
	g_assert_null(hb_core_reload_blocked(w->core[0], &turned));
	ev.u.reload.config = &turned;
	step(w, 0, &ev);
	for (guint i = 0; i < fx.n; i++) {
		if (fx.item[i].type != HB_FX_HOLDING)
			continue;
		if (fx.item[i].u.holding.held.state == HB_HELD_IDLE)
			n_given_up += fx.item[i].u.holding.group == 1;
		else    /* the new one is looked at first */
			g_assert_cmpuint(fx.item[i].u.holding.group, ==, 0);
	}
	g_assert_cmpuint(n_given_up, ==, 1);
	world_free(w);
}

static void
machine_says(World *w, guint node, gboolean gone, gboolean may_start)
{
	HbEvent ev = { .type = HB_EV_RESOURCE, .u.resource = { .gone = gone, .may_start = may_start } };

	step(w, node, &ev);
}

static void
test_what_failed_for_want_of_an_interface_is_forgiven_when_that_is_up(void)
{
	World *w = world_new(HB_FAILBACK_ON);

	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 3000);
	w->start_fails = 1u << 0;
	machine_says(w, 0, TRUE, FALSE);
	pass(w, 10000);
	g_assert_true(w->up[1]);        /* it did not stay */
	g_assert_false(w->up[0]);
	w->start_fails = 0;
	pass(w, 60000);
	say(w, 1, HB_MSG_ASK_RESOURCES, HB_HOLD_ALL);
	pass(w, 1000);
	g_assert_true(w->up[1]);        /* nobody can have it */
	machine_says(w, 0, TRUE, TRUE);
	pass(w, 1000);
	g_assert_true(w->up[1]);        /* who was given it keeps it */
	say(w, 1, HB_MSG_ASK_RESOURCES, HB_HOLD_ALL);
	pass(w, 2 * SCRIPT_MS + 5);
	g_assert_true(w->up[0]);
	g_assert_false(w->up[1]);
	world_free(w);
}

static void
test_where_nobody_else_has_it_an_interface_that_is_up_is_enough(void)
{
	World *w = world_new(HB_FAILBACK_OFF);

	w->start_fails = ~0u;
	boot(w, 0, 10);
	boot(w, 1, 10);
	pass(w, 20000);
	g_assert_false(w->up[0] || w->up[1]);
	w->start_fails = 0;
	machine_says(w, 0, FALSE, TRUE);
	pass(w, 100);
	g_assert_true(w->up[0]);
	world_free(w);
}

static HbHold
hold_told(const World *w, guint node)
{
	static HbView view;

	hb_core_view(w->core[node], w->now_ms, &view);
	return view.hold;
}

/* As cl_status rscstatus tells it: of who is alone "all", also where nothing stands under the name of the other. */
static void
test_who_is_alone_holds_all(void)
{
	World *w = world_new(HB_FAILBACK_ON);
	HbEvent shutdown = { .type = HB_EV_SHUTDOWN };

	boot(w, 0, 10);
	g_assert_false(hold_told(w, 0) & HB_HOLD_FOREIGN);
	pass(w, 8000);
	g_assert_true(w->up[0]);
	g_assert_cmpint(hold_told(w, 0), ==, HB_HOLD_ALL);
	boot(w, 1, 10);
	pass(w, 3000);
	g_assert_cmpint(hold_told(w, 0), ==, HB_HOLD_LOCAL);
	w->off[1] = TRUE;
	pass(w, 3000);
	g_assert_cmpint(hold_told(w, 0), ==, HB_HOLD_ALL);
	step(w, 0, &shutdown);
	g_assert_false(hold_told(w, 0) & HB_HOLD_FOREIGN);
	pass(w, 1000);
	/* what stands under another name has to be here as well */
	groups[0].home = 1;
	w->start_fails = 1u << 0;
	boot(w, 0, 11);
	pass(w, 8000);
	g_assert_cmpint(hold_told(w, 0), ==, HB_HOLD_LOCAL);
	world_free(w);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/core/two-nodes-start-the-group", test_two_nodes_start_the_group_within_a_second);
	g_test_add_func("/core/a-lone-node-waits-initdead", test_a_lone_node_waits_initdead);
	g_test_add_func("/core/death-and-return", test_death_is_taken_over_after_deadtime_and_given_back_at_return);
	g_test_add_func("/core/without-failback-the-group-stays", test_without_failback_the_group_stays);
	g_test_add_func("/core/a-stop-hands-over-at-once", test_a_stop_hands_over_at_once);
	g_test_add_func("/core/standby-and-takeover", test_standby_sends_away_and_takeover_brings_back);
	g_test_add_func("/core/tell-when-settled", test_both_tell_what_they_hold_when_a_move_is_over);
	g_test_add_func("/core/beat-together", test_nodes_that_are_due_together_beat_together);
	g_test_add_func("/core/late-reload", test_a_reload_that_comes_late_speaks_of_the_new_groups_alone);
	g_test_add_func("/core/interface-up", test_what_failed_for_want_of_an_interface_is_forgiven_when_that_is_up);
	g_test_add_func("/core/interface-up-alone", test_where_nobody_else_has_it_an_interface_that_is_up_is_enough);
	g_test_add_func("/core/alone-holds-all", test_who_is_alone_holds_all);
	return g_test_run();
}
