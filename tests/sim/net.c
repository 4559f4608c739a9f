/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net.c - packets between the machines: per direction and medium lost, late, reordered, doubled, cut.
 */
#include <string.h>

#include "sim/parts.h"

#include "util/banned.h"

static void
post(SimWorld *world, guint to, guint medium, gint64 at_ms, SimMessage *msg)
{
	sim_queue_add(&world->queue, &(SimWill){
		.at_ms = at_ms,
		.kind = SIM_WILL_PACKET,
		.node = (guint8)to,
		.n = medium,
		.msg = sim_message_ref(msg),
	});
}

static void
carry(SimWorld *world, guint from, guint to, guint medium, SimMessage *msg)
{
	SimNet *net = &world->net;
	const SimPlan *plan = &world->plan;
	gint64 delay_ms = sim_rng_between(&net->dice, plan->delay_min_ms, plan->delay_max_ms);

	if (net->cut[from][to][medium] != 0 || net->down[to][medium] != 0)
		return;
	if (sim_rng_chance(&net->dice, MAX(plan->rates.loss[from][to][medium], net->burst[from][to])))
		return;
	if (sim_rng_chance(&net->dice, plan->rates.reorder))
		delay_ms += sim_rng_between(&net->dice, 1, 2 * (gint64)plan->keepalive_ms);
	post(world, to, medium, world->now_ms + delay_ms, msg);
	if (sim_rng_chance(&net->dice, plan->rates.duplicate))
		post(world, to, medium, world->now_ms + delay_ms + sim_rng_below(&net->dice, plan->keepalive_ms), msg);
}

void
sim_net_send(SimWorld *world, guint from, SimMessage *msg)
{
	for (guint m = 0; m < world->plan.n_media; m++) {
		if (world->net.down[from][m] != 0)
			continue;
		for (guint to = 0; to < world->plan.n_nodes; to++)
			if (to != from)
				carry(world, from, to, m, msg);
			else if (world->plan.echo)
				post(world, from, m, world->now_ms, msg);
	}
}

static void
cut_one(SimWorld *world, guint from, guint to, guint medium, gboolean begins)
{
	for (guint m = 0; m < world->plan.n_media; m++) {
		guint8 *cut = &world->net.cut[from][to][m];

		if (medium != SIM_ALL && medium != m)
			continue;
		if (begins)
			(*cut)++;
		else if (*cut > 0)      /* healing may have been faster */
			(*cut)--;
	}
}

void
sim_net_cut(SimWorld *world, const SimAction *action, gboolean begins)
{
	for (guint to = 0; to < world->plan.n_nodes; to++) {
		if (to == action->node || (action->other != SIM_ALL && action->other != to))
			continue;
		cut_one(world, action->node, to, action->medium, begins);
		if (action->kind == SIM_ACT_CUT)
			cut_one(world, to, action->node, action->medium, begins);
	}
}

void
sim_net_burst(SimWorld *world, const SimAction *action, gboolean begins)
{
	for (guint to = 0; to < world->plan.n_nodes; to++)
		if (action->other == SIM_ALL || action->other == to)
			world->net.burst[action->node][to] = begins ? (guint16)action->arg : 0;
}

void
sim_net_medium(SimWorld *world, const SimAction *action, gboolean begins)
{
	guint8 *down = &world->net.down[action->node][action->medium];
	gboolean was_up = *down == 0;

	if (begins)
		(*down)++;
	else if (*down > 0)
		(*down)--;
	if (was_up == (*down == 0))
		return;
	sim_queue_add(&world->queue, &(SimWill){
		.at_ms = world->now_ms,
		.kind = SIM_WILL_MEDIUM,
		.node = action->node,
		.n = action->medium,
		.n2 = *down == 0 ? HB_MEDIUM_UP : HB_MEDIUM_DOWN,
		.life = world->machine[action->node].life,
	});
}

void
sim_net_heal(SimWorld *world)
{
	memset(world->net.cut, 0, sizeof world->net.cut);
	memset(world->net.burst, 0, sizeof world->net.burst);
	for (guint n = 0; n < world->plan.n_nodes; n++)
		for (guint m = 0; m < world->plan.n_media; m++)
			while (world->net.down[n][m] != 0)
				sim_net_medium(world, &(SimAction){ .node = (guint8)n, .medium = (guint8)m }, FALSE);
}

gboolean
sim_net_is_open(const SimWorld *world, guint from, guint to)
{
	const SimNet *net = &world->net;

	for (guint m = 0; m < world->plan.n_media; m++)
		if (net->cut[from][to][m] == 0 && net->down[from][m] == 0 && net->down[to][m] == 0 &&
		    net->burst[from][to] == 0)
			return TRUE;
	return FALSE;
}
