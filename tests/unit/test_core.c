/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_core.c - two cores on a perfect network, scripts that take 10 ms: the plain stories.
 * Everything that goes wrong is the simulator's business (tests/sim).
 */
#include <string.h>

#include "core/core.h"
#include "util/id.h"

#define NODES 2
#define QUEUE_MAX 4096
#define SCRIPT_MS 10
#define FENCE_MS 300

typedef struct {
	gint64 at_ms;
	guint to;
	HbEvent event;
	HbTyped msg;
} Pending;

typedef struct {
	HbConfig config[NODES];
	HbCore *core[NODES];
	gboolean off[NODES];
	gint64 now_ms;
	guint n_pending;
	Pending *pending;
	gboolean up[NODES];     /* the one resource */
	guint starts;
	guint beats[NODES];     /* statuses said */
	guint n_told[NODES];    /* times that it said what it holds */
	HbHold told[NODES];
	guint start_fails;      /* a bit per node */
	HbFenceVerdict fence_verdict;   /* of the device, after .fence_ms, cancelled or not */
	gint64 fence_ms;
	guint n_fenced[NODES];          /* times that it was asked for this node */
	guint n_cancelled;
	guint n_removed;
} World;

static HbNodeConf nodes[NODES];
static HbResourceConf resource;
static HbGroupConf groups[1];
static HbMediumConf media[1];

static HbEffects fx;

static void
later(World *w, guint to, gint64 in_ms, const HbEvent *event, const HbTyped *msg)
{
	Pending *p = &w->pending[w->n_pending++];

	g_assert_cmpuint(w->n_pending, <, QUEUE_MAX);
	p->at_ms = w->now_ms + in_ms;
	p->to = to;
	p->event = *event;
	if (msg != NULL)
		p->msg = *msg;
}

static void
execute(World *w, guint node)
{
	for (guint i = 0; i < fx.n; i++) {
		const HbEffect *e = &fx.item[i];
		HbEvent ev = { 0 };

		if (e->type == HB_FX_SEND) {
			HbTyped msg = *e->u.send.msg;

			ev.type = HB_EV_PACKET;
			msg.ts = 1;
			w->beats[node] += msg.type == HB_MSG_STATUS;
			if (msg.type == HB_MSG_RESOURCE && msg.u.resource.stable == HB_STABLE_YES) {
				w->n_told[node]++;
				w->told[node] = msg.u.resource.hold;
			}
			for (guint n = 0; n < NODES; n++)
				if (n != node && !w->off[n])
					later(w, n, 1, &ev, &msg);
		} else if (e->type == HB_FX_RUN) {
			ev.type = HB_EV_CHILD;
			ev.u.child.op = e->u.run.op;
			ev.u.child.result = HB_CHILD_OK;
			if (e->u.run.verb == HB_VERB_STATUS)
				ev.u.child.result = w->up[node] ? HB_CHILD_OK : HB_CHILD_NOT_RUNNING;
			if (e->u.run.verb == HB_VERB_START && (w->start_fails & 1u << node)) {
				ev.u.child.result = HB_CHILD_FAILED;
			} else if (e->u.run.verb == HB_VERB_START) {
				g_assert_false(w->up[!node] && !w->off[!node]);
				w->up[node] = TRUE;
				w->starts++;
			}
			if (e->u.run.verb == HB_VERB_STOP)
				w->up[node] = FALSE;
			later(w, node, SCRIPT_MS, &ev, NULL);
		} else if (e->type == HB_FX_FENCE) {
			g_assert_cmpuint(e->u.fence.node, !=, node);
			w->n_fenced[e->u.fence.node]++;
			ev.type = HB_EV_FENCED;
			ev.u.fenced.op = e->u.fence.op;
			ev.u.fenced.verdict = w->fence_verdict;
			later(w, node, w->fence_ms, &ev, NULL);
		} else if (e->type == HB_FX_CANCEL) {
			w->n_cancelled++;
		} else if (e->type == HB_FX_NODE && e->u.node.op == HB_NODE_DEL) {
			w->n_removed++;
		} else if (e->type == HB_FX_EXIT) {
			w->off[node] = TRUE;
		}
	}
}

static void
step(World *w, guint node, HbEvent *ev)
{
	ev->now_ms = w->now_ms;
	hb_core_step(w->core[node], ev, &fx);
	execute(w, node);
}

static void
boot(World *w, guint node, guint64 generation)
{
	HbHeldGroup held = { .state = HB_HELD_UNKNOWN };
	HbEvent ev = { .type = HB_EV_START };

	hb_core_free(w->core[node]);
	w->core[node] = hb_core_new();
	w->off[node] = FALSE;
	ev.u.start.config = &w->config[node];
	ev.u.start.seed = node + 1;
	ev.u.start.generation = generation;
	ev.u.start.next_seq = 1;
	ev.u.start.held = &held;
	step(w, node, &ev);
}

/* Lets virtual time pass, event by event. */
static void
pass(World *w, gint64 ms)
{
	gint64 end_ms = w->now_ms + ms;

	for (;;) {
		gint64 at_ms = end_ms + 1;
		int which = -1, timer = -1;

		for (guint i = 0; i < w->n_pending; i++)
			if (w->pending[i].at_ms < at_ms) {
				at_ms = w->pending[i].at_ms;
				which = (int)i;
			}
		for (guint n = 0; n < NODES; n++)
			if (!w->off[n] && hb_core_deadline_ms(w->core[n]) < at_ms) {
				at_ms = hb_core_deadline_ms(w->core[n]);
				timer = (int)n;
			}
		if (at_ms > end_ms)
			break;
		w->now_ms = MAX(w->now_ms, at_ms);
		if (timer >= 0) {
			HbEvent ev = { .type = HB_EV_TIME };

			step(w, (guint)timer, &ev);
		} else {
			Pending p = w->pending[which];

			w->pending[which] = w->pending[--w->n_pending];
			if (p.event.type == HB_EV_PACKET)
				p.event.u.packet.msg = &p.msg;
			if (!w->off[p.to])
				step(w, p.to, &p.event);
		}
	}
	w->now_ms = end_ms;
}

static World *
world_new(HbFailback failback)
{
	World *w = g_new0(World, 1);

	w->pending = g_new0(Pending, QUEUE_MAX);
	w->now_ms = 1000000;
	w->fence_ms = FENCE_MS;
	media[0] = (HbMediumConf){ .kind = (char *)"bcast", .words = (char *)"eth0" };
	nodes[0] = (HbNodeConf){ .name = (char *)"a", .id = hb_id_of("a") };
	nodes[1] = (HbNodeConf){ .name = (char *)"b", .id = hb_id_of("b") };
	resource = (HbResourceConf){ .name = (char *)"IPaddr", .token = (char *)"IPaddr::10.0.0.1" };
	groups[0] = (HbGroupConf){
		.id = hb_id_of("IPaddr::10.0.0.1"), .key = (char *)"IPaddr::10.0.0.1", .home = 0,
		.n_resources = 1, .resources = &resource
	};
	for (guint n = 0; n < NODES; n++) {
		w->config[n] = (HbConfig){
			.n_nodes = NODES, .nodes = nodes, .self = n, .failback = failback,
			.keepalive_ms = 200, .deadtime_ms = 1000, .warntime_ms = 500, .initdead_ms = 5000,
			.deadping_ms = 1000, .max_rexmit_delay_ms = 250, .resource_timeout_ms = 60000,
			.n_media = 1, .media = media, .n_groups = 1, .groups = groups
		};
		w->off[n] = TRUE;
	}
	return w;
}

static void
world_free(World *w)
{
	for (guint n = 0; n < NODES; n++)
		hb_core_free(w->core[n]);
	g_free(w->pending);
	g_free(w);
}

static void
say(World *w, guint node, HbMsgType type, HbHold hold)
{
	HbTyped msg = { .type = type };
	HbEvent ev = { .type = HB_EV_FIFO };

	msg.u.ask.hold = hold;
	msg.u.ask.info = HB_INFO_ME;
	ev.u.fifo.msg = &msg;
	step(w, node, &ev);
}

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
	g_test_add_func("/core/interface-up", test_what_failed_for_want_of_an_interface_is_forgiven_when_that_is_up);
	g_test_add_func("/core/interface-up-alone", test_where_nobody_else_has_it_an_interface_that_is_up_is_enough);
	return g_test_run();
}
