/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * admin.c - what operators do: hb_standby, hb_takeover, stop, reload.
 */
#include "sim/parts.h"
#include "util/id.h"

#include "util/banned.h"

/* How the arg of an ask is made of its parts. */
#define ASK_TAKEOVER 1
#define ASK_SET(arg) ((arg) >> 1 & 3)
#define ASK_FORCE    8
#define ASK_LIES     64 /* by force also where there are devices: the operator answers for one that lives */
#define ASK_OTHER    48 /* from here on: a message that means nothing to the core */

static const struct {
	HbHold hold;
	gboolean failback;
	const char *word;
} sets[4] = {
	{ HB_HOLD_ALL, FALSE, "all" },
	{ HB_HOLD_LOCAL, FALSE, "local" },
	{ HB_HOLD_FOREIGN, FALSE, "foreign" },
	{ HB_HOLD_FOREIGN, TRUE, "failback" },
};

void
sim_admin_ask(SimWorld *world, const SimAction *action)
{
	HbTyped typed = { .type = action->arg & ASK_TAKEOVER ? HB_MSG_HB_TAKEOVER : HB_MSG_ASK_RESOURCES };
	HbEvent event = { .type = HB_EV_FIFO };
	gboolean one = action->other != SIM_ALL;

	if (world->machine[action->node].core == NULL)
		return;
	event.u.fifo.msg = &typed;
	if (action->arg >= ASK_OTHER && (action->arg & ASK_LIES) == 0) {
		if (world->plan.bytes)  /* it has none */
			return;
		typed.type = HB_MSG_OTHER;
		sim_trace(world, "world", "%s is given a client's message", sim_node_name(action->node));
	} else {
		typed.u.ask.hold = one ? HB_HOLD_ALL : sets[ASK_SET(action->arg)].hold;
		typed.u.ask.failback = !one && sets[ASK_SET(action->arg)].failback;
		typed.u.ask.group_id = one ? hb_id_of(sim_group_name(action->other)) : HB_ID_NONE;
		typed.u.ask.info = typed.type == HB_MSG_ASK_RESOURCES ? HB_INFO_ME : HB_INFO_NONE;
		/* Who has devices does not answer for a silence himself: then it would be his fault. */
		typed.u.ask.force = typed.type == HB_MSG_HB_TAKEOVER && (action->arg & ASK_FORCE) != 0 &&
		                   (!world->plan.fencing || (action->arg & ASK_LIES) != 0);
		world->operator_lies |= (action->arg & ASK_LIES) != 0;
		sim_trace(world, "world", "%s %s on %s", typed.type == HB_MSG_HB_TAKEOVER ? "hb_takeover" : "hb_standby",
		          one ? sim_group_name(action->other) : sets[ASK_SET(action->arg)].word,
		          sim_node_name(action->node));
	}
	sim_shell_step(world, action->node, &event);
}

void
sim_admin_nodes(SimWorld *world, const SimAction *action)
{
	HbTyped typed = { .type = action->arg == 0 ? HB_MSG_DELNODE : HB_MSG_ADDNODE };
	HbEvent event = { .type = HB_EV_FIFO };

	/* Bytes would not outlive the message. */
	if (world->machine[action->node].core == NULL || !world->plan.joins || world->plan.bytes)
		return;
	typed.nodelist = sim_node_name(world->plan.joiner);
	event.u.fifo.msg = &typed;
	sim_trace(world, "world", "%s of %s on %s", action->arg == 0 ? "hb_delnode" : "hb_addnode", typed.nodelist,
	          sim_node_name(action->node));
	sim_shell_step(world, action->node, &event);
}

void
sim_admin_shutdown(SimWorld *world, guint node, gint64 away_ms)
{
	HbEvent event = { .type = HB_EV_SHUTDOWN };

	if (world->machine[node].core == NULL)
		return;
	sim_trace(world, "world", "%s is told to stop", sim_node_name(node));
	world->machine[node].leaves = TRUE;
	world->machine[node].away_ms = away_ms;
	sim_shell_step(world, node, &event);
}

/* The file is there at once; a node that is busy is told again a little later, as an operator would do. */
void
sim_admin_reload(SimWorld *world, guint node, guint variant)
{
	SimMachine *machine = &world->machine[node];
	const HbConfig *config = sim_config_of(world, node, variant);
	HbEvent event = { .type = HB_EV_RELOAD };

	machine->disk_variant = variant;
	if (machine->core == NULL || machine->loaded == config)
		return;
	if (machine->thaws_ms > world->now_ms || hb_core_reload_blocked(machine->core, config) != NULL) {
		sim_queue_add(&world->queue, &(SimWill){
			.at_ms = MAX(machine->thaws_ms, world->now_ms + world->plan.keepalive_ms),
			.kind = SIM_WILL_RELOAD,
			.node = (guint8)node,
		});
		return;
	}
	sim_trace(world, "world", "%s reads haresources %u", sim_node_name(node), variant);
	machine->variant = variant;
	machine->loaded = config;
	event.u.reload.config = config;
	sim_shell_step(world, node, &event);
}
