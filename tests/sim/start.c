/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * start.c - the rules about who may start, judged by what is really up and by what each node could know.
 *
 * Without fencing a cut or a freeze can make two machines run a group, and nobody can help it. Such a pair is
 * pardoned at the moment of the later decision, never afterwards, and only if
 * - the node that decides has rightly given the other up: nothing new heard of it for its deadtime, or
 * - the other has rightly given up the one that decides, and no word of that can have arrived.
 */
#include "sim/parts.h"

#include "util/banned.h"

static gboolean
is_active(const SimMachine *machine, guint group)
{
	return machine->n_up[group] > 0 || machine->n_starting[group] > 0;
}

/* What has vanished will be up again: the group is still theirs. */
static gboolean
holds(const SimMachine *machine, guint group)
{
	return is_active(machine, group) || sim_vanish_count(machine, group) > 0;
}

static gboolean
has_given_up(HbPeerState state)
{
	return state == HB_PEER_DEAD || state == HB_PEER_SILENT || state == HB_PEER_LEFT;
}

/* Bit per node that @node has given up and may do so. */
static guint
excused_by_silence(const SimWorld *world, guint node)
{
	guint excused = 0;

	for (guint other = 0; other < world->plan.n_nodes; other++) {
		const HbNodeView *view = sim_view_of(world, node, other);

		/* Whoever was removed by command is the operator's business. */
		if (other != node && (view == NULL || (has_given_up(view->state) && sim_is_silent(world, node, other))))
			excused |= 1u << other;
	}
	return excused;
}

/* Did @other begin because it had given @node up, so lately that @node cannot have heard of it? */
static gboolean
crossed(const SimWorld *world, guint node, guint other, guint group)
{
	const SimTenure *theirs = &world->machine[other].tenure[group];
	const SimMessage *last = world->machine[node].heard[other].status;

	if (!theirs->engaged || (theirs->excused >> node & 1) == 0)
		return FALSE;
	if (world->machine[other].ghost)
		return TRUE;    /* what it says is taken for a replay */
	/* It knows that it was away, and must not trust what it knew before; but where nothing comes through it cannot know better. */
	if (world->machine[node].absent_ms >= theirs->at_ms && sim_net_is_open(world, other, node))
		return FALSE;
	return last == NULL || last->sent_ms <= theirs->at_ms;
}

void
sim_check_stray(SimWorld *world, guint node, guint group)
{
	world->machine[node].stray[group] = TRUE;
	for (guint other = 0; other < world->plan.n_nodes; other++)
		world->pardon[group][node][other] = world->pardon[group][other][node] = TRUE;
}

static void
judge_pair(SimWorld *world, guint node, guint other, guint group)
{
	const SimMachine *them = &world->machine[other];
	const SimTenure *ours = &world->machine[node].tenure[group];

	if (!holds(them, group))
		return;
	/* Nobody can know before that machine speaks; when it does, rule claims watches. */
	if (them->stray[group]) {
		sim_check_stray(world, other, group);
		return;
	}
	if ((world->plan.fencing && !world->operator_lies) || ((ours->excused >> other & 1) == 0 && !crossed(world, node, other, group))) {
		sim_broken(world, SIM_RULE_ACQUIRE, "%s starts %s, epoch %u, while %s has it %s; %s is %d there",
		           sim_node_name(node), sim_group_name(group), ours->epoch, sim_node_name(other),
		           them->n_up[group] > 0 ? "up" : "starting", sim_node_name(other),
		           sim_view_of(world, node, other) != NULL ? (int)sim_view_of(world, node, other)->state : -1);
		return;
	}
	world->pardon[group][node][other] = world->pardon[group][other][node] = TRUE;
	world->stats.n_excused++;
	if (sim_plan_is_fair(&world->plan))
		sim_broken(world, SIM_RULE_FAIR_WEATHER, "%s on %s and %s", sim_group_name(group),
		           sim_node_name(node), sim_node_name(other));
}

/*
 * The newest status of @other that @node goes by. One with a generation that went back is news to the core when it takes it for
 * that of a restored disk, and may be what it decides on in this very step.
 */
static const SimMessage *
last_status(const SimWorld *world, guint node, guint other)
{
	const SimMessage *arriving = world->arriving;
	const HbNodeView *view = sim_view_of(world, node, other);

	if (arriving != NULL && arriving->from == other && arriving->typed.type == HB_MSG_STATUS &&
	    arriving->typed.generation == view->generation && arriving->typed.seq == view->last_seq)
		return arriving;
	return world->machine[node].heard[other].status;
}

/* The last word of a node that counts as alive decides, whatever is true. */
static void
judge_claims(SimWorld *world, guint node, guint group)
{
	for (guint other = 0; other < world->plan.n_nodes; other++) {
		const HbNodeView *view = sim_view_of(world, node, other);
		const SimMessage *status;
		const HbGroupWord *word;

		/* a node that it has not taken in yet says nothing to it */
		if (other == node || view == NULL || has_given_up(view->state))
			continue;
		status = last_status(world, node, other);
		if (status == NULL)
			continue;
		/* taken for a replay while it was thought alive, and heard only since */
		if (world->plan.fencing && world->machine[other].ghost)
			continue;
		word = sim_message_word(status, world->conf.group_id[group]);
		if (word != NULL && hb_claim_may_run(word->claim))
			sim_broken(world, SIM_RULE_CLAIMS, "%s starts %s, %s says %s", sim_node_name(node),
			           sim_group_name(group), sim_node_name(other), sim_claim_word(word->claim));
	}
}

void
sim_check_decision(SimWorld *world, guint node, guint group, guint32 epoch)
{
	SimMachine *machine = &world->machine[node];
	SimTenure *tenure = &machine->tenure[group];

	/* A keeper starts again what is all up, to be heard once more: nothing new begins. */
	if (machine->n_up[group] + sim_vanish_count(machine, group) == world->plan.n_resources[group] ||
	    (tenure->engaged && tenure->life == machine->life && tenure->epoch == epoch)) {
		tenure->life = machine->life;
		tenure->epoch = epoch;
		return;
	}
	world->stats.n_starts++;
	hb_core_view(machine->core, sim_own_ms(world, node), &world->view);
	if (epoch <= machine->known_epoch[group])
		sim_broken(world, SIM_RULE_EPOCH, "%s starts %s with epoch %u, was told of %u", sim_node_name(node),
		           sim_group_name(group), epoch, machine->known_epoch[group]);
	*tenure = (SimTenure){
		.engaged = TRUE,
		.life = machine->life,
		.epoch = epoch,
		.at_ms = world->now_ms,
		.excused = excused_by_silence(world, node),
	};
	judge_claims(world, node, group);
	for (guint other = 0; other < world->plan.n_nodes; other++)
		if (other != node)
			judge_pair(world, node, other, group);
}

void
sim_check_both(SimWorld *world, guint node, guint group)
{
	for (guint other = 0; other < world->plan.n_nodes; other++)
		if (other != node && world->machine[other].n_up[group] > 0 && !world->pardon[group][node][other])
			sim_broken(world, SIM_RULE_AT_MOST_ONE, "%s on %s and %s", sim_group_name(group),
			           sim_node_name(node), sim_node_name(other));
}

void
sim_check_gone(SimWorld *world, guint node, guint group)
{
	world->machine[node].tenure[group].engaged = FALSE;
	world->machine[node].gives_way[group] = world->machine[node].stray[group] = FALSE;
	for (guint other = 0; other < world->plan.n_nodes; other++) {
		world->pardon[group][node][other] = world->pardon[group][other][node] = FALSE;
		world->dual_ms[group][node][other] = world->dual_ms[group][other][node] = 0;
	}
}

void
sim_check_known_free(SimWorld *world, guint node, guint group)
{
	for (guint other = 0; other < world->plan.n_nodes; other++)
		if (other != node && is_active(&world->machine[other], group) &&
		    !world->pardon[group][node][other])
			sim_broken(world, SIM_RULE_KNOWN_FREE, "%s starts %s unasked, %u resources are up on %s",
			           sim_node_name(node), sim_group_name(group), world->machine[other].n_up[group],
			           sim_node_name(other));
}

void
sim_check_gives_way(SimWorld *world, guint node, guint group)
{
	/* A start that asks on the wire says "starting" and may find that it must not; a keeper's script may fail. */
	if (world->plan.probes || !sim_plan_scripts_work(&world->plan) ||
	    world->machine[node].n_up[group] < world->plan.n_resources[group])
		return;
	world->machine[node].gives_way[group] = TRUE;
	for (guint other = 0; other < world->plan.n_nodes; other++) {
		const SimMachine *machine = &world->machine[other];

		if (other != node && holds(machine, group) && !machine->gives_way[group])
			return;
		/* it may have given way to one of whose end it cannot know yet */
		if (machine->off_ms >= 0 && world->now_ms - machine->off_ms <= world->plan.deadtime_ms)
			return;
	}
	sim_broken(world, SIM_RULE_GAP, "%s gives up %s for another owner, and there is none", sim_node_name(node),
	           sim_group_name(group));
}
