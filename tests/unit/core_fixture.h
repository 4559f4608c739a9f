/* SPDX-License-Identifier: GPL-2.0-or-later */
/* core_fixture.h - two cores on a perfect network, scripts that take 10 ms, devices that take 300. */
#ifndef TESTS_UNIT_CORE_FIXTURE_H
#define TESTS_UNIT_CORE_FIXTURE_H

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

static inline void
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

static inline void
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

static inline void
step(World *w, guint node, HbEvent *ev)
{
	ev->now_ms = w->now_ms;
	hb_core_step(w->core[node], ev, &fx);
	execute(w, node);
}

static inline void
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
static inline void
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

static inline World *
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

static inline void
world_free(World *w)
{
	for (guint n = 0; n < NODES; n++)
		hb_core_free(w->core[n]);
	g_free(w->pending);
	g_free(w);
}

static inline void
say(World *w, guint node, HbMsgType type, HbHold hold)
{
	HbTyped msg = { .type = type };
	HbEvent ev = { .type = HB_EV_FIFO };

	msg.u.ask.hold = hold;
	msg.u.ask.info = HB_INFO_ME;
	ev.u.fifo.msg = &msg;
	step(w, node, &ev);
}

#endif
