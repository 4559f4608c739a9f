/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.c - what happens next, and to whom.
 */
#include <string.h>

#include "sim/parts.h"

#include "util/banned.h"

/* What the sockets of a process that stands still can hold. */
#define WAITING_MAX 256

SimWorld *
sim_world_new(void)
{
	return g_new0(SimWorld, 1);
}

static void
clear(SimWorld *world)
{
	for (guint n = 0; n < SIM_NODES_MAX; n++)
		if (world->machine[n].core != NULL)
			sim_shell_end(world, n);
	sim_queue_clear(&world->queue, &world->pool);
	g_clear_pointer(&world->broken_text, g_free);
}

void
sim_world_free(SimWorld *world)
{
	if (world == NULL)
		return;
	clear(world);
	sim_queue_done(&world->queue);
	sim_message_pool_done(&world->pool);
	g_free(world);
}

static void
begin_machine(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	memset(machine, 0, sizeof *machine);
	machine->dice = sim_dice(world, 10 + node);
	machine->disk_generation = machine->generation_max = 1000000 + 1000 * node;
	machine->base_ms = 1000 * (1 + node);
	machine->frozen_ms = machine->absent_ms = machine->off_ms = -1;
	machine->timer_ms = G_MAXINT64;
}

void
sim_world_begin(SimWorld *world, const SimPlan *plan)
{
	clear(world);
	world->plan = *plan;
	sim_conf_make(&world->conf, plan);
	world->now_ms = 0;
	world->healed = FALSE;
	world->broken = SIM_RULE_NONE;
	world->hash = 0;
	memset(&world->net, 0, sizeof world->net);
	memset(world->pardon, 0, sizeof world->pardon);
	memset(world->dual_ms, 0, sizeof world->dual_ms);
	world->net.dice = sim_dice(world, 1);
	sim_vanish_begin(world);
	for (guint n = 0; n < SIM_NODES_MAX; n++)
		begin_machine(world, n);
	for (guint i = 0; i < plan->n_actions; i++)
		sim_queue_add(&world->queue,
		              &(SimWill){ .at_ms = plan->action[i].at_ms, .kind = SIM_WILL_ACT, .n = i });
}

static void
undo_later(SimWorld *world, guint action)
{
	sim_queue_add(&world->queue, &(SimWill){
		.at_ms = world->now_ms + world->plan.action[action].ms,
		.kind = SIM_WILL_UNDO,
		.n = action,
	});
}

static void
trace_net(SimWorld *world, const SimAction *action, gboolean begins)
{
	sim_trace(world, "world", "%s of %s and %s %s", sim_action_word(action->kind), sim_node_name(action->node),
	          action->other == SIM_ALL ? "all" : sim_node_name(action->other), begins ? "begins" : "ends");
}

static void
act_net(SimWorld *world, const SimAction *action, gboolean begins)
{
	trace_net(world, action, begins);
	if (action->kind == SIM_ACT_BURST)
		sim_net_burst(world, action, begins);
	else
		sim_net_cut(world, action, begins);
}

static void
act(SimWorld *world, guint i)
{
	const SimAction *action = &world->plan.action[i];

	switch (action->kind) {
	case SIM_ACT_BOOT:
		sim_machine_boot(world, action->node);
		return;
	case SIM_ACT_POWER:
		sim_machine_power_off(world, action->node);
		undo_later(world, i);
		return;
	case SIM_ACT_KILL:
		sim_machine_kill(world, action->node, action->ms);
		return;
	case SIM_ACT_KILLALL:
		sim_machine_kill_all(world, action->node, action->ms);
		return;
	case SIM_ACT_FREEZE:
		sim_machine_freeze(world, action->node, action->ms, action->arg);
		return;
	case SIM_ACT_CUT:
	case SIM_ACT_ONEWAY:
	case SIM_ACT_BURST:
		act_net(world, action, TRUE);
		undo_later(world, i);
		return;
	case SIM_ACT_MEDIUM:
		sim_net_medium(world, action, TRUE);
		undo_later(world, i);
		return;
	case SIM_ACT_DISK:
		sim_machine_disk(world, action->node, action->arg);
		return;
	case SIM_ACT_ASK:
		sim_admin_ask(world, action);
		return;
	case SIM_ACT_SHUTDOWN:
		sim_admin_shutdown(world, action->node, action->ms);
		return;
	case SIM_ACT_RELOAD:
		sim_admin_reload(world, action->node, action->arg);
		return;
	case SIM_ACT_NODES:
		sim_admin_nodes(world, action);
		return;
	case SIM_ACT_CURSE:
		sim_children_curse(world, action);
		return;
	case SIM_ACT_VANISH:
		sim_vanish(world, action);
		return;
	case SIM_ACT_CARRIER:
		sim_vanish_carrier(world, action);
		return;
	default:
		g_assert_not_reached();
	}
}

static void
undo(SimWorld *world, guint i)
{
	const SimAction *action = &world->plan.action[i];

	switch (action->kind) {
	case SIM_ACT_POWER:
		sim_machine_boot(world, action->node);
		return;
	case SIM_ACT_CUT:
	case SIM_ACT_ONEWAY:
	case SIM_ACT_BURST:
		act_net(world, action, FALSE);
		return;
	case SIM_ACT_MEDIUM:
		sim_net_medium(world, action, FALSE);
		return;
	default:
		g_assert_not_reached();
	}
}

static void
happen_time(SimWorld *world, guint node)
{
	HbEvent event = { .type = HB_EV_TIME };

	sim_shell_step(world, node, &event);
}

static void
happen_packet(SimWorld *world, const SimWill *will)
{
	SimMachine *machine = &world->machine[will->node];
	HbEvent event = { .type = HB_EV_PACKET };

	if (machine->core == NULL || world->net.down[will->node][will->n] != 0)
		return;
	world->stats.n_packets++;
	event.u.packet.medium = will->n;
	event.u.packet.msg = &will->msg->typed;
	sim_check_packet(world, will->node, will->msg);
	world->arriving = will->msg;
	sim_shell_step(world, will->node, &event);
	world->arriving = NULL;
	if (machine->core != NULL && sim_rng_chance(&machine->dice, world->plan.rates.spurious))
		happen_time(world, will->node);
}

static void
happen_child(SimWorld *world, const SimWill *will)
{
	HbEvent event = { .type = HB_EV_CHILD };

	if (world->machine[will->node].core == NULL || world->machine[will->node].life != will->life)
		return;
	event.u.child.op = will->n;
	event.u.child.result = (HbChildResult)will->n2;
	event.u.child.took_ms = will->took_ms;
	sim_shell_step(world, will->node, &event);
}

static void
happen_medium(SimWorld *world, const SimWill *will)
{
	HbEvent event = { .type = HB_EV_MEDIUM };

	if (world->machine[will->node].core == NULL || world->machine[will->node].life != will->life)
		return;
	event.u.medium.medium = will->n;
	event.u.medium.state = (HbMediumState)will->n2;
	sim_shell_step(world, will->node, &event);
}

static void
happen(SimWorld *world, const SimWill *will)
{
	SimMachine *machine = &world->machine[will->node];

	switch (will->kind) {
	case SIM_WILL_ACT:
		if (!world->healed)
			act(world, will->n);
		return;
	case SIM_WILL_UNDO:
		if (!world->healed)
			undo(world, will->n);
		return;
	case SIM_WILL_PACKET:
		happen_packet(world, will);
		return;
	case SIM_WILL_SCRIPT_END:
		if (machine->script[will->n].used && machine->script[will->n].serial == will->life)
			sim_children_end(world, will->node, will->n);
		return;
	case SIM_WILL_CHILD:
		happen_child(world, will);
		return;
	case SIM_WILL_MEDIUM:
		happen_medium(world, will);
		return;
	case SIM_WILL_RESOURCE:
		if (machine->life == will->life)
			sim_vanish_tell(world, will->node, will->n, will->n2);
		return;
	case SIM_WILL_FENCED:
		sim_fence_end(world, will);
		return;
	case SIM_WILL_POWER:
		if (machine->boot == will->life)
			sim_machine_boot(world, will->node);
		return;
	case SIM_WILL_RELOAD:
		sim_admin_reload(world, will->node, machine->disk_variant);
		return;
	case SIM_WILL_HB_NODE:
		if (machine->daemon_life == will->life)
			sim_machine_hb_node(world, will->node);
		return;
	case SIM_WILL_DAEMON:
		if (machine->boot == will->life)
			sim_machine_daemon(world, will->node);
		return;
	}
}

/* Until when does what @will needs stand still? 0: it does not. */
static gint64
still_until_ms(const SimWorld *world, const SimWill *will)
{
	const SimMachine *machine = &world->machine[will->node];
	const SimAction *action;

	switch (will->kind) {
	case SIM_WILL_UNDO:
	case SIM_WILL_POWER:
		return 0;
	case SIM_WILL_ACT:
		action = &world->plan.action[will->n];
		if (action->kind == SIM_ACT_ASK || action->kind == SIM_ACT_NODES || action->kind == SIM_ACT_SHUTDOWN ||
		    action->kind == SIM_ACT_RELOAD || action->kind == SIM_ACT_CARRIER)
			return world->machine[action->node].thaws_ms;
		return 0;
	case SIM_WILL_SCRIPT_END:
		return machine->scripts_thaw_ms;
	default:
		return machine->thaws_ms;
	}
}

/* Puts off what has to wait for the end of a freeze. Takes over the message. */
static void
put_off(SimWorld *world, SimWill *will, gint64 until_ms)
{
	SimMachine *machine = &world->machine[will->node];

	if (will->kind == SIM_WILL_PACKET && will->n2 == 0) {
		/* nobody has a socket open, or it is full */
		if (machine->core == NULL || machine->n_waiting >= WAITING_MAX) {
			sim_message_unref(&world->pool, will->msg);
			return;
		}
		machine->n_waiting++;
		machine->n_waiting_from[will->msg->from]++;
		will->n2 = 1;
		will->life = machine->boot;
	}
	will->at_ms = until_ms;
	sim_queue_add(&world->queue, will);
}

/* FALSE: the machine has lost power meanwhile, and with it what its sockets held. */
static gboolean
was_waiting(SimWorld *world, const SimWill *will)
{
	SimMachine *machine = &world->machine[will->node];

	if (will->life != machine->boot)
		return FALSE;
	machine->n_waiting--;
	machine->n_waiting_from[will->msg->from]--;
	return TRUE;
}

static void
next_in_queue(SimWorld *world)
{
	SimWill will = sim_queue_take(&world->queue);
	gint64 until_ms;

	world->now_ms = will.at_ms;
	until_ms = still_until_ms(world, &will);
	if (until_ms > world->now_ms) {
		put_off(world, &will, until_ms);
		return;
	}
	if (will.kind != SIM_WILL_PACKET || will.n2 == 0 || was_waiting(world, &will))
		happen(world, &will);
	if (will.msg != NULL)
		sim_message_unref(&world->pool, will.msg);
}

/* The node whose timer is due first, and when. */
static guint
next_timer(const SimWorld *world, gint64 *ret_ms)
{
	guint first = 0;

	*ret_ms = G_MAXINT64;
	for (guint n = 0; n < world->plan.n_nodes; n++) {
		const SimMachine *machine = &world->machine[n];
		gint64 at_ms = machine->core == NULL ? G_MAXINT64 : MAX(machine->timer_ms, machine->thaws_ms);

		if (at_ms < *ret_ms) {
			*ret_ms = at_ms;
			first = n;
		}
	}
	return first;
}

void
sim_world_run(SimWorld *world, gint64 until_ms)
{
	while (world->broken == SIM_RULE_NONE) {
		gint64 queue_ms = sim_queue_next_ms(&world->queue), timer_ms;
		guint node = next_timer(world, &timer_ms);

		if (MIN(queue_ms, timer_ms) > until_ms)
			break;
		if (timer_ms < queue_ms || (timer_ms == queue_ms && world->plan.timer_first)) {
			world->now_ms = MAX(world->now_ms, timer_ms);
			sim_check_timer(world, node);
			happen_time(world, node);
		} else {
			next_in_queue(world);
		}
	}
	if (world->broken == SIM_RULE_NONE)
		world->now_ms = MAX(world->now_ms, until_ms);
}

static guint
newest_variant(const SimWorld *world)
{
	const SimAction *newest = NULL;

	for (guint i = 0; i < world->plan.n_actions; i++) {
		const SimAction *action = &world->plan.action[i];

		if (action->kind == SIM_ACT_RELOAD && action->at_ms <= world->now_ms &&
		    (newest == NULL || action->at_ms >= newest->at_ms))
			newest = action;
	}
	return newest != NULL ? newest->arg : 0;
}

/* A machine whose peers take it for a ghost needs a hand: a generation that is news. */
static void
lay_ghost(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	if (!machine->ghost)
		return;
	sim_machine_kill_all(world, node, 1);
}

void
sim_world_heal(SimWorld *world)
{
	guint variant = newest_variant(world);

	sim_trace(world, "world", "all is healed");
	world->healed = TRUE;
	world->plan.rates = (SimRates){ 0 };
	world->plan.fence_broken = 0;
	world->plan.delay_max_ms = MIN(world->plan.delay_max_ms, world->plan.delay_min_ms + 1);
	sim_net_heal(world);
	for (guint n = 0; n < world->plan.n_nodes && world->broken == SIM_RULE_NONE; n++) {
		memset(world->machine[n].cursed_ms, 0, sizeof world->machine[n].cursed_ms);
		lay_ghost(world, n);
		world->machine[n].bars_joiner = FALSE;
		if (world->machine[n].disk_variant != variant)
			sim_admin_reload(world, n, variant);
		world->machine[n].disk_generation = world->machine[n].generation_max;
		sim_machine_boot(world, n);
		sim_machine_daemon(world, n);
	}
}
