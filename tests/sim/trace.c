/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace.c - the history as text for people, and as one number for comparison.
 */
#include <string.h>

#include "log/log.h"
#include "sim/parts.h"
#include "wire/typedio.h"

#include "util/banned.h"

static const char *const claim_words[HB_CLAIM_N] = {
	[HB_CLAIM_UNKNOWN] = "unknown",
	[HB_CLAIM_FREE] = "free",
	[HB_CLAIM_PARKED] = "parked",
	[HB_CLAIM_FAILED] = "failed",
	[HB_CLAIM_WANTED] = "wanted",
	[HB_CLAIM_STARTING] = "starting",
	[HB_CLAIM_HELD] = "held",
	[HB_CLAIM_TAINTED] = "tainted",
	[HB_CLAIM_RELEASING] = "releasing",
	[HB_CLAIM_STUCK] = "stuck",
};

static const char *const verb_words[HB_VERB_N] = { "status", "start", "stop" };

static const char *const result_words[HB_CHILD_N] = { "ok", "not running", "FAILED", "TIMEOUT", "lost",
	                                             "BUSY" };

static const char *const held_words[HB_HELD_N] = { "unknown", "idle", "partial", "up" };

const char *
sim_claim_word(HbClaim claim)
{
	return claim < HB_CLAIM_N ? claim_words[claim] : "?";
}

const char *
sim_verb_word(HbVerb verb)
{
	return verb < HB_VERB_N ? verb_words[verb] : "?";
}

void
sim_hash(SimWorld *world, guint64 value)
{
	world->hash = (world->hash ^ value) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
	world->hash ^= world->hash >> 29;
}

void
sim_trace(SimWorld *world, const char *who, const char *format, ...)
{
	va_list args;

	if (world->trace == NULL)
		return;
	g_string_append_printf(world->trace, "[%7d] %s: ", (int)world->now_ms, who);
	va_start(args, format);
	g_string_append_vprintf(world->trace, format, args);
	va_end(args);
	g_string_append_c(world->trace, '\n');
}

static const SimScript *
script_of(const SimMachine *machine, guint32 op)
{
	const SimScript *last = NULL;

	for (guint i = 0; i < SIM_SCRIPTS_MAX; i++)
		if (machine->script[i].op == op && machine->script[i].life == machine->life)
			last = &machine->script[i];
	return last;
}

static void
trace_child(SimWorld *world, guint node, const HbEvent *event)
{
	const SimScript *script = script_of(&world->machine[node], event->u.child.op);

	if (script != NULL)
		sim_trace(world, sim_node_name(node), "%s %s: %s", verb_words[script->verb],
		          sim_resource_name(script->group, script->resource),
		          result_words[event->u.child.result]);
}

static void
trace_start(SimWorld *world, guint node, const HbEvent *event)
{
	g_autoptr(GString) held = g_string_new(NULL);

	for (guint line = 0; line < world->plan.n_groups; line++)
		g_string_append_printf(held, " %s=%s/%u", sim_group_name(sim_group_of_line(world, node, line)),
		                       held_words[event->u.start.held[line].state],
		                       event->u.start.held[line].epoch);
	sim_trace(world, sim_node_name(node), "begins, generation %d, number %d%s:%s",
	          (int)event->u.start.generation, (int)event->u.start.next_seq,
	          event->u.start.resumed ? ", resumed" : "", held->str);
}

void
sim_trace_event(SimWorld *world, guint node, const HbEvent *event)
{
	sim_hash(world, (guint64)world->now_ms << 16 | (guint64)node << 8 | event->type);
	if (event->type == HB_EV_PACKET)
		sim_hash(world, event->u.packet.msg->seq << 8 | event->u.packet.msg->type);
	if (event->type == HB_EV_CHILD)
		sim_hash(world, (guint64)event->u.child.op << 8 | event->u.child.result);
	if (event->type == HB_EV_RESOURCE)
		sim_hash(world, event->u.resource.group << 16 | event->u.resource.resource << 8 | event->u.resource.gone);
	if (world->trace == NULL)
		return;
	if (event->type == HB_EV_CHILD)
		trace_child(world, node, event);
	else if (event->type == HB_EV_START)
		trace_start(world, node, event);
	else if (event->type == HB_EV_RESOURCE && world->trace_all)
		sim_trace(world, sim_node_name(node), "%s is %s",
		          sim_resource_name(sim_group_of_line(world, node, event->u.resource.group),
		                            event->u.resource.resource),
		          event->u.resource.gone ? "gone" : "here");
	else if (event->type == HB_EV_MEDIUM && world->now_ms > 0)
		sim_trace(world, sim_node_name(node), "medium %u is %s", event->u.medium.medium,
		          event->u.medium.state == HB_MEDIUM_UP ? "up" : "down");
	else if (event->type == HB_EV_PACKET && world->trace_all)
		sim_trace(world, sim_node_name(node), "< %s %s %d", event->u.packet.msg->src,
		          hb_msgtype_name(event->u.packet.msg->type), (int)event->u.packet.msg->seq);
	else if (event->type == HB_EV_TIME && world->trace_all)
		sim_trace(world, sim_node_name(node), "time");
}

/* The words of a status, when they are others than those of the last one. */
static void
trace_status(SimWorld *world, guint node, const HbMsgStatus *status)
{
	g_autoptr(GString) text = g_string_new(NULL);
	SimMachine *machine = &world->machine[node];

	for (guint g = 0; g < world->plan.n_groups; g++)
		for (guint i = 0; i < status->ext.n_groups; i++) {
			const HbGroupWord *word = &status->ext.groups[i];

			if (word->group_id != world->conf.group_id[g])
				continue;
			g_string_append_printf(text, " %s=%s/%u", sim_group_name(g), sim_claim_word(word->claim),
			                       word->epoch);
			for (guint n = 0; n < world->plan.n_nodes; n++)
				if (word->grant_id == world->conf.nodes[0][n].id)
					g_string_append_printf(text, ">%c", 'a' + (int)n);
			for (guint n = 0; n < world->plan.n_nodes; n++)
				if (word->keeper_id == world->conf.nodes[0][n].id)
					g_string_append_printf(text, "!%c", 'a' + (int)n);
		}
	for (guint i = 0; i < status->ext.n_takers; i++)
		for (guint n = 0; n < world->plan.n_nodes; n++)
			if (status->ext.takers[i].node_id == world->conf.nodes[0][n].id)
				g_string_append_printf(text, " prey %c", 'a' + (int)n);
	if (status->ext.barred)
		g_string_append(text, " barred");
	if (status->ext.leaving)
		g_string_append(text, " leaving");
	if (strncmp(text->str, machine->said, sizeof machine->said - 1) == 0)
		return;
	g_strlcpy(machine->said, text->str, sizeof machine->said);
	sim_trace(world, sim_node_name(node), "says%s", text->str);
}

static void
trace_send(SimWorld *world, guint node, const HbTyped *msg)
{
	if (msg->type == HB_MSG_STATUS)
		trace_status(world, node, &msg->u.status);
	if (world->trace_all || (msg->type != HB_MSG_STATUS && msg->seq != 0))
		sim_trace(world, sim_node_name(node), "> %s %s %d", msg->dest,
		          msg->type == HB_MSG_OTHER ? "other" : hb_msgtype_name(msg->type), (int)msg->seq);
}

void
sim_trace_effect(SimWorld *world, guint node, const HbEffect *fx)
{
	const char *who = sim_node_name(node);

	sim_hash(world, fx->type);
	switch (fx->type) {
	case HB_FX_SEND:
		sim_hash(world, fx->u.send.msg->seq << 8 | fx->u.send.msg->type);
		if (world->trace != NULL)
			trace_send(world, node, fx->u.send.msg);
		return;
	case HB_FX_RUN:
		sim_hash(world, (guint64)fx->u.run.op << 32 | fx->u.run.group << 16 | fx->u.run.resource << 8 |
		                        fx->u.run.verb);
		if (world->trace != NULL)
			sim_trace(world, who, "runs %s %s, epoch %u", verb_words[fx->u.run.verb],
			          sim_resource_name(sim_group_of_line(world, node, fx->u.run.group),
			                            fx->u.run.resource),
			          fx->u.run.epoch);
		return;
	case HB_FX_HOLDING:
		sim_hash(world, (guint64)fx->u.holding.held.epoch << 8 | fx->u.holding.held.state);
		if (world->trace_all)
			sim_trace(world, who, "notes %s %s epoch %u%s",
			          sim_group_name(sim_group_of_line(world, node, fx->u.holding.group)),
			          held_words[fx->u.holding.held.state], fx->u.holding.held.epoch,
			          fx->u.holding.held.parked ? " parked" : "");
		return;
	case HB_FX_LOG:
		sim_hash(world, (guint64)fx->u.log.n << 16 | fx->u.log.say);
		if (world->trace != NULL) {
			HbLogLevel level;
			g_autofree char *text = hb_log_sentence(fx->u.log.say, fx->u.log.node, fx->u.log.group,
			                                        fx->u.log.what, fx->u.log.n, &level);

			sim_trace(world, who, "\"%s\"", text);
		}
		return;
	default:
		return;
	}
}
