/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/peer.h"

static void
test_every_state_answers_every_event(void)
{
	for (guint s = HB_PEER_SILENT; s < HB_PEER_N_STATES; s++)
		for (guint ev = 0; ev < HB_PEER_N_EVENTS; ev++) {
			HbPeerState state = s;

			hb_peer_step(&state, ev);       /* aborts on a hole */
			g_assert_cmpint(state, !=, HB_PEER_INVALID);
		}
}

static void
test_a_dead_node_comes_back_as_such(void)
{
	HbPeerState state = HB_PEER_DEAD;

	g_assert_cmpint(hb_peer_step(&state, HB_PEER_HEARD), ==, HB_PEER_CAME_BACK);
	g_assert_cmpint(state, ==, HB_PEER_ALIVE);
}

static void
test_a_node_that_left_returns_by_a_restart_only(void)
{
	HbPeerState state = HB_PEER_LEFT;

	g_assert_cmpint(hb_peer_step(&state, HB_PEER_HEARD), ==, HB_PEER_NOTHING);
	g_assert_cmpint(hb_peer_step(&state, HB_PEER_DEADTIME), ==, HB_PEER_NOTHING);
	g_assert_cmpint(state, ==, HB_PEER_LEFT);
	g_assert_cmpint(hb_peer_step(&state, HB_PEER_RESTARTED), ==, HB_PEER_GOT_UP);
	g_assert_cmpint(state, ==, HB_PEER_ALIVE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/peer/every-state-answers-every-event", test_every_state_answers_every_event);
	g_test_add_func("/peer/a-dead-node-comes-back-as-such", test_a_dead_node_comes_back_as_such);
	g_test_add_func("/peer/a-node-that-left-returns-by-a-restart-only",
	                test_a_node_that_left_returns_by_a_restart_only);
	return g_test_run();
}
