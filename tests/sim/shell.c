/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shell.c - what hb-node is around the core: one timer, a history of what was sent, a table of effects.
 */
#include <string.h>

#include "sim/parts.h"

#include "util/banned.h"

/* Wall clock of the world's beginning, for ts and for generations out of nowhere. */
#define EPOCH_S 0x6b000000
/* So long root takes to write and check a list of nodes: longer than an answer of the others. */
#define ROOT_MS 4

static void
forget_kept(SimWorld *world, SimMachine *machine)
{
	for (guint i = 0; i < HB_HISTORY_MAX; i++)
		if (machine->kept[i] != NULL)
			sim_message_unref(&world->pool, machine->kept[i]);
	memset(machine->kept, 0, sizeof machine->kept);
}

static void
rearm(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];
	gint64 own_ms = hb_core_deadline_ms(machine->core);

	machine->timer_ms = own_ms == G_MAXINT64 ? own_ms : own_ms - machine->base_ms + machine->lag_ms;
}

const HbConfig *
sim_config_of(const SimWorld *world, guint node, guint variant)
{
	gboolean all = !world->plan.joins || world->machine[node].knows_joiner || node == world->plan.joiner;

	return all ? &world->conf.config[variant][node] : &world->conf.without[variant][node];
}

static guint
index_of(const HbConfig *config, guint node)
{
	guint index = 0;

	while (index < config->n_nodes && config->nodes[index].name != sim_node_name(node))
		index++;
	return index;
}

guint
sim_node_of(const SimWorld *world, guint node, guint index)
{
	guint other = 0;

	while (index_of(world->machine[node].loaded, other) != index)
		other++;
	return other;
}

const HbNodeView *
sim_view_of(const SimWorld *world, guint node, guint other)
{
	guint index = index_of(world->machine[node].loaded, other);

	return index < world->machine[node].loaded->n_nodes ? &world->view.node[index] : NULL;
}

void
sim_shell_start(SimWorld *world, guint node, gboolean resumed)
{
	SimMachine *machine = &world->machine[node];
	const HbConfig *config = sim_config_of(world, node, machine->variant);
	HbHeldGroup held[SIM_GROUPS_MAX];
	HbGone gone[SIM_NODES_MAX];
	HbEvent start = { .type = HB_EV_START };

	g_assert(machine->core == NULL);
	if (!resumed)
		memset(machine->gone, 0, sizeof machine->gone);
	machine->core = hb_core_new();
	machine->exits = FALSE;
	machine->life++;
	machine->first_kept = machine->next_seq;
	for (guint line = 0; line < config->n_groups; line++)
		held[line] = machine->held[sim_group_of_line(world, node, line)];
	start.u.start.config = machine->loaded = config;
	for (guint index = 0; index < config->n_nodes; index++)
		gone[index] = machine->gone[sim_node_of(world, node, index)];
	start.u.start.seed = sim_rng_next(&machine->dice);
	start.u.start.generation = machine->generation;
	start.u.start.next_seq = machine->next_seq;
	memset(start.u.start.uuid, (int)node + 1, HB_UUID_LEN);
	start.u.start.held = held;
	start.u.start.resumed = resumed;
	start.u.start.absent_ms = resumed ? sim_own_ms(world, node) - machine->turned_own_ms : 0;
	start.u.start.gone = gone;
	start.u.start.n_shots = machine->n_shots;
	sim_check_started(world, node, resumed);
	sim_shell_step(world, node, &start);
	for (guint m = 0; m < world->plan.n_media; m++) {
		HbEvent event = { .type = HB_EV_MEDIUM };

		event.u.medium.medium = m;
		event.u.medium.state = world->net.down[node][m] == 0 ? HB_MEDIUM_UP : HB_MEDIUM_DOWN;
		if (machine->core != NULL)
			sim_shell_step(world, node, &event);
	}
	sim_vanish_tell_all(world, node);
}

void
sim_shell_end(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	hb_core_free(machine->core);
	machine->core = NULL;
	machine->life++;
	machine->timer_ms = G_MAXINT64;
	forget_kept(world, machine);
	sim_check_forget(world, node);
}

static void
do_send(SimWorld *world, guint node, const HbEffect *fx)
{
	SimMachine *machine = &world->machine[node];
	const HbTyped *typed = fx->u.send.msg;
	SimMessage *msg = sim_message_new(&world->pool, typed, node, world->now_ms);

	msg->typed.has_src_uuid = TRUE;
	memset(msg->typed.src_uuid, (int)node + 1, HB_UUID_LEN);
	msg->typed.generation = machine->generation;
	msg->typed.ts = EPOCH_S + (guint32)(world->now_ms / 1000);
	if (world->plan.bytes && !sim_message_through_bytes(&msg->typed, &msg->typed))
		sim_broken(world, SIM_RULE_BYTES, "%s: type %d, number %" G_GUINT64_FORMAT,
		           sim_node_name(node), typed->type, typed->seq);
	if (typed->seq != 0) {
		SimMessage **kept = &machine->kept[typed->seq % HB_HISTORY_MAX];

		machine->next_seq = typed->seq + 1;
		if (*kept != NULL)
			sim_message_unref(&world->pool, *kept);
		*kept = sim_message_ref(msg);
		machine->resent_own_ms[typed->seq % HB_HISTORY_MAX] = -1;
	}
	sim_net_send(world, node, msg);
	sim_message_unref(&world->pool, msg);
}

static void
do_resend(SimWorld *world, guint node, const HbEffect *fx)
{
	SimMessage *msg = world->machine[node].kept[fx->u.resend.seq % HB_HISTORY_MAX];

	world->machine[node].resent_own_ms[fx->u.resend.seq % HB_HISTORY_MAX] = sim_own_ms(world, node);
	if (msg != NULL && msg->typed.seq == fx->u.resend.seq)
		sim_net_send(world, node, msg);
}

static void
do_cancel(SimWorld *world, guint node, const HbEffect *fx)
{
	sim_children_cancel(world, node, fx->u.cancel.op);
	sim_fence_cancel(world, node, fx->u.cancel.op);
}

static void
do_holding(SimWorld *world, guint node, const HbEffect *fx)
{
	world->machine[node].held[sim_group_of_line(world, node, fx->u.holding.group)] = fx->u.holding.held;
}

static void
do_gone(SimWorld *world, guint node, const HbEffect *fx)
{
	world->machine[node].gone[sim_node_of(world, node, fx->u.gone.node)] = fx->u.gone.gone;
}

static void
do_exit(SimWorld *world, guint node, const HbEffect *fx)
{
	(void)fx;
	world->machine[node].exits = TRUE;
}

static void
do_nothing(SimWorld *world, guint node, const HbEffect *fx)
{
	(void)world, (void)node, (void)fx;
}

/* Root notes it, and hands hb-node a configuration with that node, or without it, a moment later. */
static void
do_node(SimWorld *world, guint node, const HbEffect *fx)
{
	SimMachine *machine = &world->machine[node];
	gboolean joins = fx->u.node.op == HB_NODE_JOIN && !machine->bars_joiner;

	if (!world->plan.joins || strcmp(fx->u.node.name, sim_node_name(world->plan.joiner)) != 0 ||
	    (fx->u.node.op != HB_NODE_ADD && fx->u.node.op != HB_NODE_DEL && !joins))
		return;
	machine->knows_joiner = fx->u.node.op != HB_NODE_DEL;
	machine->bars_joiner = fx->u.node.op == HB_NODE_DEL;
	sim_queue_add(&world->queue, &(SimWill){
		.at_ms = world->now_ms + ROOT_MS, .kind = SIM_WILL_RELOAD, .node = (guint8)node,
	});
}

typedef void DoEffect(SimWorld *world, guint node, const HbEffect *fx);

static DoEffect *const executors[HB_FX_N] = {
	[HB_FX_SEND] = do_send,
	[HB_FX_RESEND] = do_resend,
	[HB_FX_RUN] = sim_children_run,
	[HB_FX_CANCEL] = do_cancel,
	[HB_FX_FENCE] = sim_fence_run,
	[HB_FX_HOLDING] = do_holding,
	[HB_FX_GONE] = do_gone,
	[HB_FX_NODE] = do_node,
	[HB_FX_NOTIFY_RC] = do_nothing,
	[HB_FX_DELIVER] = do_nothing,
	[HB_FX_NODE_DEAD] = do_nothing,
	[HB_FX_LINK] = do_nothing,
	[HB_FX_LOG] = do_nothing,
	[HB_FX_SETTLED] = do_nothing,
	[HB_FX_EXIT] = do_exit,
};

void
sim_shell_step(SimWorld *world, guint node, HbEvent *event)
{
	SimMachine *machine = &world->machine[node];
	HbEffects *fx = &world->fx;

	event->now_ms = machine->turned_own_ms = sim_own_ms(world, node);
	sim_trace_event(world, node, event);
	hb_core_step(machine->core, event, fx);
	world->stats.n_steps++;
	if (fx->n > HB_EFFECTS_MAX) {
		sim_broken(world, SIM_RULE_EFFECTS, "%s: %u effects", sim_node_name(node), fx->n);
		return;
	}
	for (guint i = 0; i < fx->n && world->broken == SIM_RULE_NONE; i++) {
		const HbEffect *effect = &fx->item[i];

		if (effect->type <= HB_FX_INVALID || effect->type >= HB_FX_N) {
			sim_broken(world, SIM_RULE_EFFECTS, "%s: effect of type %d", sim_node_name(node),
			           effect->type);
			return;
		}
		sim_trace_effect(world, node, effect);
		sim_check_effect(world, node, effect);
		executors[effect->type](world, node, effect);
	}
	rearm(world, node);
	sim_check_step(world, node, event, world->arriving);
	if (machine->exits)
		sim_machine_exited(world, node);
}
