/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vanish.c - resources that vanish from under the daemon, and the machine that tells what is here and what is not.
 *
 * As hb-node asks its kernel: what it tells is how it is when it tells it, a moment after something came or went.
 */
#include "sim/parts.h"

#include "util/banned.h"

#define TELL_MAX_MS 2

void
sim_vanish_begin(SimWorld *world)
{
	world->tells = FALSE;
	for (guint i = 0; i < world->plan.n_actions; i++)
		world->tells |= world->plan.action[i].kind == SIM_ACT_VANISH || world->plan.action[i].kind == SIM_ACT_CARRIER;
}

void
sim_vanish_changed(SimWorld *world, guint node, guint group, guint resource)
{
	SimMachine *machine = &world->machine[node];

	if (!world->tells || machine->core == NULL)
		return;
	sim_queue_add(&world->queue, &(SimWill){
		.at_ms = world->now_ms + sim_rng_below(&machine->dice, TELL_MAX_MS + 1),
		.kind = SIM_WILL_RESOURCE,
		.node = (guint8)node,
		.n = group,
		.n2 = (guint8)resource,
		.life = machine->life,
	});
}

guint
sim_vanish_count(const SimMachine *machine, guint group)
{
	guint n = 0;

	for (guint r = 0; r < SIM_RESOURCES_MAX; r++)
		n += machine->vanished[group][r] && machine->truth[group][r] == SIM_DOWN;
	return n;
}

static guint
line_of_group(const SimWorld *world, guint node, guint group)
{
	guint line = 0;

	while (sim_group_of_line(world, node, line) != group)
		line++;
	return line;
}

static void
tell(SimWorld *world, guint node, guint group, guint resource, gboolean may_start)
{
	HbEvent event = { .type = HB_EV_RESOURCE };

	if (world->machine[node].core == NULL)
		return;
	event.u.resource.group = line_of_group(world, node, group);
	event.u.resource.resource = resource;
	event.u.resource.gone = world->machine[node].truth[group][resource] != SIM_UP;
	event.u.resource.may_start = may_start;
	sim_shell_step(world, node, &event);
}

void
sim_vanish_tell(SimWorld *world, guint node, guint group, guint resource)
{
	tell(world, node, group, resource, FALSE);
}

void
sim_vanish_carrier(SimWorld *world, const SimAction *action)
{
	sim_trace(world, "world", "%s may be had again on %s", sim_resource_name(action->other, action->arg),
	          sim_node_name(action->node));
	tell(world, action->node, action->other, action->arg, TRUE);
}

void
sim_vanish_tell_all(SimWorld *world, guint node)
{
	for (guint g = 0; world->tells && g < world->plan.n_groups; g++)
		for (guint r = 0; r < world->plan.n_resources[g]; r++)
			if (world->machine[node].truth[g][r] != SIM_UP)
				sim_vanish_tell(world, node, g, r);
}

/* Where it is up, that node first. */
void
sim_vanish(SimWorld *world, const SimAction *action)
{
	guint group = action->other, resource = action->arg;

	for (guint i = 0; i < world->plan.n_nodes; i++) {
		guint node = (action->node + i) % world->plan.n_nodes;
		SimMachine *machine = &world->machine[node];

		if (machine->truth[group][resource] != SIM_UP)
			continue;
		sim_trace(world, "world", "%s vanishes from %s", sim_resource_name(group, resource), sim_node_name(node));
		machine->truth[group][resource] = SIM_DOWN;
		machine->n_up[group]--;
		machine->vanished[group][resource] = TRUE;
		sim_vanish_changed(world, node, group, resource);
		return;
	}
}
