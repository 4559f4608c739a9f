/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alive.c - the rules about who is alive, and about what is up twice.
 */
#include "sim/parts.h"

#include "util/banned.h"

/* Beyond deadtime and keepalive: what a verdict may be late in a node that runs freely. */
#define VERDICT_SLACK_MS 20

static gint64
patience_ms(const SimWorld *world, guint node, guint other)
{
	const SimHeard *heard = &world->machine[node].heard[other];

	if (heard->fresh_own_ms >= 0)
		return heard->deadtime_ms;
	return world->machine[node].resumed ? world->plan.deadtime_ms : world->plan.initdead_ms;
}

gboolean
sim_is_silent(const SimWorld *world, guint node, guint other)
{
	const SimMachine *machine = &world->machine[node];
	gint64 since_ms = MAX(machine->heard[other].fresh_own_ms, machine->started_own_ms);

	return sim_own_ms(world, node) - since_ms >= patience_ms(world, node, other);
}

static void
judge_dead(SimWorld *world, guint node, guint other)
{
	world->stats.n_verdicts++;
	if (!sim_is_silent(world, node, other))
		sim_broken(world, SIM_RULE_DEAD_EARLY, "%s gives up %s, heard %d ms ago, deadtime %d ms",
		           sim_node_name(node), sim_node_name(other),
		           (int)(sim_own_ms(world, node) - MAX(world->machine[node].heard[other].fresh_own_ms,
		                                               world->machine[node].started_own_ms)),
		           (int)patience_ms(world, node, other));
}

/* What lies in the sockets of a node that was away speaks for the others, if it can know that it was away. */
static void
judge_doubt(SimWorld *world, guint node, guint other)
{
	if (world->machine[node].absent_ms == world->machine[node].frozen_ms &&
	    world->machine[node].n_waiting_from[other] > 0)
		sim_broken(world, SIM_RULE_DOUBT, "%s gives up %s with %u packets of it unread", sim_node_name(node),
		           sim_node_name(other), world->machine[node].n_waiting_from[other]);
}

static void
judge_alive(SimWorld *world, guint node, guint other)
{
	const SimMachine *machine = &world->machine[node];
	gint64 own_ms = sim_own_ms(world, node);
	gint64 limit_ms = MAX(patience_ms(world, node, other), world->plan.initdead_ms) + world->plan.keepalive_ms +
	                  VERDICT_SLACK_MS;
	gint64 since_ms = MAX(machine->heard[other].any_own_ms, machine->started_own_ms);

	if (own_ms - machine->started_own_ms > limit_ms)
		limit_ms = patience_ms(world, node, other) + world->plan.keepalive_ms + VERDICT_SLACK_MS;
	/* whoever was away himself may doubt for another deadtime */
	if (machine->frozen_ms >= 0 && machine->frozen_ms > world->now_ms - 2 * limit_ms)
		return;
	if (own_ms - since_ms > limit_ms)
		sim_broken(world, SIM_RULE_DEAD_LATE, "%s counts on %s, last heard %d ms ago, deadtime %d ms",
		           sim_node_name(node), sim_node_name(other), (int)(own_ms - since_ms),
		           (int)patience_ms(world, node, other));
}

void
sim_check_view(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	hb_core_view(machine->core, sim_own_ms(world, node), &world->view);
	for (guint other = 0; other < world->plan.n_nodes; other++) {
		const HbNodeView *view = sim_view_of(world, node, other);
		HbPeerState state = view != NULL ? view->state : HB_PEER_INVALID, *before = &machine->heard[other].state;

		if (other == node || view == NULL)
			continue;
		if (state == HB_PEER_DEAD && *before != HB_PEER_DEAD) {
			judge_dead(world, node, other);
			judge_doubt(world, node, other);
		}
		if (state == HB_PEER_ALIVE || state == HB_PEER_LATE)
			judge_alive(world, node, other);
		*before = state;
	}
}

/* What is up twice on nodes that hear each other must be settled; longer than a few deadtimes and all scripts of
 * the group, each stopping at its limit once, it does not take. Faults of scripts and of nodes start the clock again. */
static void
judge_dual(SimWorld *world, guint group, guint a, guint b)
{
	const SimMachine *one = &world->machine[a], *two = &world->machine[b];
	gint64 *since_ms = &world->dual_ms[group][a][b];
	gint64 limit_ms = 6 * (gint64)world->plan.deadtime_ms +
	                  2 * (gint64)world->plan.n_resources[group] * world->plan.resource_timeout_ms;

	if (one->n_up[group] == 0 || two->n_up[group] == 0 || one->core == NULL || two->core == NULL || one->ghost ||
	    two->ghost || one->thaws_ms > world->now_ms || two->thaws_ms > world->now_ms ||
	    one->stop_failed[group] || two->stop_failed[group] || !sim_net_is_open(world, a, b) ||
	    !sim_net_is_open(world, b, a)) {
		*since_ms = 0;
		return;
	}
	if (*since_ms == 0)
		*since_ms = world->now_ms;
	if (world->now_ms - *since_ms > limit_ms)
		sim_broken(world, SIM_RULE_DUAL_ENDS, "%s is still on %s and %s after %d ms", sim_group_name(group),
		           sim_node_name(a), sim_node_name(b), (int)(world->now_ms - *since_ms));
}

void
sim_check_duals(SimWorld *world)
{
	for (guint g = 0; g < world->plan.n_groups; g++)
		for (guint a = 0; a < world->plan.n_nodes; a++)
			for (guint b = a + 1; b < world->plan.n_nodes; b++)
				if (world->pardon[g][a][b])
					judge_dual(world, g, a, b);
}

void
sim_check_script_failed(SimWorld *world, guint node, guint group)
{
	for (guint other = 0; other < world->plan.n_nodes; other++)
		world->dual_ms[group][node][other] = world->dual_ms[group][other][node] = 0;
}
