/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The decisions of ipfail: two of them tell each other what they see. */
#include <string.h>

#include <glib.h>

#include "clients/ipfail_logic.h"

#include "util/banned.h"

#define KEEPALIVE_MS 100

typedef struct {
	HbIpfail *logic;
	gboolean answers[2];            /* the two ping nodes */
	const char *resources;
	guint n_moves;
} Node;

static Node nodes[2];
static gint64 now_ms;

static void perform(Node *node, const HbIpfailTodo *todo);

static void
look(Node *node, HbIpfailTodo *todo)
{
	const HbIpfailPing pings[] = { { "p0", node->answers[0] }, { "p1", node->answers[1] } };

	hb_ipfail_pings(node->logic, pings, 2, now_ms, todo);
}

/* What one does arrives at the other, at once. */
static void
perform(Node *node, const HbIpfailTodo *todo)
{
	Node *other = node == &nodes[0] ? &nodes[1] : &nodes[0];
	HbIpfailTodo answer = { 0 };

	if (todo->send_count) {
		hb_ipfail_told_count(other->logic, (int)todo->count, now_ms, &answer);
		perform(other, &answer);
	}
	if (todo->send_you_are_dead)
		hb_ipfail_told_dead(other->logic, now_ms);
	if (todo->send_abort)
		hb_ipfail_told_abort(other->logic);
	if (todo->standby == NULL)
		return;
	node->n_moves++;
	if (strcmp(todo->standby, "all") == 0) {
		node->resources = "none";
		other->resources = "all";
	} else {
		node->resources = "local";
		other->resources = "local";
	}
}

static void
change(int node, int ping, gboolean answers)
{
	HbIpfailTodo todo = { 0 };

	nodes[node].answers[ping] = answers;
	look(&nodes[node], &todo);
	perform(&nodes[node], &todo);
}

static void
run_for(gint64 ms)
{
	for (gint64 end_ms = now_ms + ms; now_ms < end_ms; now_ms += 10) {
		for (int i = 0; i < 2; i++) {
			HbIpfailTodo todo = { 0 };

			if (hb_ipfail_deadline_ms(nodes[i].logic) > now_ms)
				continue;
			look(&nodes[i], &todo);
			hb_ipfail_time(nodes[i].logic, nodes[i].resources, TRUE, now_ms, &todo);
			perform(&nodes[i], &todo);
		}
	}
}

static void
begin(gboolean auto_failback)
{
	now_ms = 1000;
	for (int i = 0; i < 2; i++) {
		HbIpfailTodo todo = { 0 };

		hb_ipfail_free(nodes[i].logic);
		nodes[i] = (Node){ .logic = hb_ipfail_new(KEEPALIVE_MS, auto_failback), .answers = { TRUE, TRUE },
		                   .resources = "local" };
		look(&nodes[i], &todo);
		g_assert_false(todo.send_count);
	}
}

static void
test_fewer_hands_over_within_two_keepalives(void)
{
	begin(FALSE);
	change(0, 1, FALSE);
	run_for(2 * KEEPALIVE_MS + 10);
	g_assert_cmpstr(nodes[0].resources, ==, "none");
	g_assert_cmpstr(nodes[1].resources, ==, "all");
	run_for(10000);
	g_assert_cmpuint(nodes[0].n_moves + nodes[1].n_moves, ==, 1);
}

static void
test_equal_stays(void)
{
	begin(TRUE);
	change(0, 0, FALSE);
	run_for(KEEPALIVE_MS);          /* the other sees it a bit later */
	change(1, 0, FALSE);
	run_for(60000);
	g_assert_cmpuint(nodes[0].n_moves + nodes[1].n_moves, ==, 0);
}

static void
test_return_brings_home_what_is_foreign(void)
{
	begin(TRUE);
	change(0, 0, FALSE);
	run_for(1000);
	g_assert_cmpstr(nodes[1].resources, ==, "all");
	change(0, 0, TRUE);
	run_for(5000);
	g_assert_cmpstr(nodes[0].resources, ==, "local");
	g_assert_cmpstr(nodes[1].resources, ==, "local");

	begin(FALSE);
	change(0, 0, FALSE);
	run_for(1000);
	change(0, 0, TRUE);
	run_for(60000);
	g_assert_cmpstr(nodes[1].resources, ==, "all");
}

static void
test_short_loss_moves_nothing(void)
{
	begin(TRUE);
	change(0, 0, FALSE);
	run_for(KEEPALIVE_MS);
	change(0, 0, TRUE);
	run_for(60000);
	g_assert_cmpuint(nodes[0].n_moves + nodes[1].n_moves, ==, 0);
}

static void
test_ping_node_that_blinks_moves_little(void)
{
	begin(TRUE);
	for (int i = 0; i < 60; i++) {
		change(0, 0, FALSE);
		run_for(1000);
		change(0, 0, TRUE);
		run_for(1000);
	}
	/* away, and home and away again at most twice, while it is not yet known for it */
	g_assert_cmpuint(nodes[0].n_moves + nodes[1].n_moves, <=, 5);
	g_assert_cmpuint(nodes[0].n_moves + nodes[1].n_moves, >=, 1);
	run_for(600000);                /* calm: home */
	g_assert_cmpstr(nodes[0].resources, ==, "local");
}

static void
test_nothing_is_given_up_without_somebody_to_take_it(void)
{
	HbIpfailTodo todo = { 0 };

	begin(TRUE);
	hb_ipfail_told_dead(nodes[0].logic, now_ms);
	hb_ipfail_time(nodes[0].logic, "local", FALSE, now_ms + 1000, &todo);
	g_assert_null(todo.standby);
	g_assert_cmpint(hb_ipfail_deadline_ms(nodes[0].logic), ==, HB_IPFAIL_NEVER);
}

static void
test_transition_is_waited_for(void)
{
	HbIpfailTodo todo = { 0 };

	begin(TRUE);
	hb_ipfail_told_dead(nodes[0].logic, now_ms);
	hb_ipfail_time(nodes[0].logic, "transition", TRUE, now_ms + 200, &todo);
	g_assert_null(todo.standby);
	hb_ipfail_time(nodes[0].logic, "local", TRUE, now_ms + 400, &todo);
	g_assert_cmpstr(todo.standby, ==, "all");
}

/* As a partner of 3.0.6 does that is asked in the middle of a move. */
static void
test_what_is_away_is_asked_for_again(void)
{
	guint n_said = 0;

	begin(TRUE);
	change(0, 0, FALSE);
	run_for(1000);
	change(0, 0, TRUE);
	for (gint64 moved_ms = now_ms + 2000, end_ms = now_ms + 60000; now_ms < end_ms; now_ms += 10) {
		HbIpfailTodo todo = { 0 };

		if (hb_ipfail_deadline_ms(nodes[0].logic) > now_ms)
			continue;
		look(&nodes[0], &todo);
		hb_ipfail_time(nodes[0].logic, now_ms < moved_ms ? "transition" : "none", TRUE, now_ms, &todo);
		n_said += todo.send_count ? 1 : 0;
	}
	g_assert_cmpuint(n_said, >=, 2);
	g_assert_cmpuint(n_said, <=, 6);
}

static void
test_hearing_it_again_puts_nothing_off(void)
{
	begin(TRUE);
	hb_ipfail_told_dead(nodes[0].logic, now_ms);
	hb_ipfail_told_dead(nodes[0].logic, now_ms + 150);
	g_assert_cmpint(hb_ipfail_deadline_ms(nodes[0].logic), ==, now_ms + 2 * KEEPALIVE_MS);
	hb_ipfail_told_abort(nodes[0].logic);
	g_assert_cmpint(hb_ipfail_deadline_ms(nodes[0].logic), ==, HB_IPFAIL_NEVER);
}

static void
test_who_joins_is_told(void)
{
	HbIpfailTodo todo = { 0 };

	begin(TRUE);
	hb_ipfail_joined(nodes[0].logic, now_ms, &todo);
	g_assert_true(todo.send_count);
	g_assert_cmpuint(todo.count, ==, 2);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ipfail/fewer", test_fewer_hands_over_within_two_keepalives);
	g_test_add_func("/ipfail/equal", test_equal_stays);
	g_test_add_func("/ipfail/return", test_return_brings_home_what_is_foreign);
	g_test_add_func("/ipfail/short", test_short_loss_moves_nothing);
	g_test_add_func("/ipfail/blinks", test_ping_node_that_blinks_moves_little);
	g_test_add_func("/ipfail/alone", test_nothing_is_given_up_without_somebody_to_take_it);
	g_test_add_func("/ipfail/transition", test_transition_is_waited_for);
	g_test_add_func("/ipfail/away", test_what_is_away_is_asked_for_again);
	g_test_add_func("/ipfail/again", test_hearing_it_again_puts_nothing_off);
	g_test_add_func("/ipfail/joins", test_who_joins_is_told);
	return g_test_run();
}
