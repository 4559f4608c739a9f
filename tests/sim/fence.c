/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence.c - each node's device: switches the power of another one off, and on again a while later. It takes its time, and
 * now and then it fails. With it there is no excuse for two owners (start.c).
 */
#include "sim/parts.h"

#include "util/banned.h"

void
sim_fence_run(SimWorld *world, guint node, const HbEffect *fx)
{
	SimMachine *machine = &world->machine[node];
	guint other = sim_node_of(world, node, fx->u.fence.node);

	sim_trace(world, sim_node_name(node), "fences %s", sim_node_name(other));
	machine->fence_op[other] = fx->u.fence.op;
	sim_queue_add(&world->queue, &(SimWill){
		.at_ms = world->now_ms + sim_rng_between(&machine->dice, 1, world->plan.fence_max_ms),
		.kind = SIM_WILL_FENCED,
		.node = (guint8)node,
		.n2 = (guint8)other,
		.n = fx->u.fence.op,
		.life = machine->life,
	});
}

void
sim_fence_cancel(SimWorld *world, guint node, guint32 op)
{
	for (guint other = 0; other < SIM_NODES_MAX; other++)
		if (world->machine[node].fence_op[other] == op)
			world->machine[node].fence_op[other] = 0;
}

/* What has no power has none after a reset either. */
static void
reset(SimWorld *world, guint node)
{
	if (!world->machine[node].powered)
		return;
	sim_machine_power_off(world, node);
	if (world->plan.fence_off)
		return;
	sim_queue_add(&world->queue, &(SimWill){
		.at_ms = world->now_ms + world->plan.deadtime_ms * 2,
		.kind = SIM_WILL_POWER,
		.node = (guint8)node,
		.life = world->machine[node].boot,
	});
}

static gboolean
works(SimWorld *world, guint node)
{
	return (world->plan.fence_broken >> node & 1) == 0 &&
	       !sim_rng_chance(&world->machine[node].dice, world->plan.fence_fails);
}

void
sim_fence_end(SimWorld *world, const SimWill *will)
{
	SimMachine *machine = &world->machine[will->node];
	HbEvent event = { .type = HB_EV_FENCED, .u.fenced = { .op = will->n, .verdict = HB_FENCED_FAILED } };

	/* Whoever asked is gone, and its device's program with it. */
	if (machine->core == NULL || machine->life != will->life)
		return;
	if (machine->fence_op[will->n2] == will->n && works(world, will->node)) {
		event.u.fenced.verdict = HB_FENCED_OK;
		machine->n_shots++;
		reset(world, will->n2);
	}
	if (machine->fence_op[will->n2] == will->n)
		machine->fence_op[will->n2] = 0;
	sim_shell_step(world, will->node, &event);
}
