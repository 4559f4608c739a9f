/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.c - what each node is told and does is compared with what is true, after every event.
 */
#include <string.h>

#include "sim/parts.h"

#include "util/banned.h"

/* TIME events at one ms before it is called spinning. */
#define SPINS_MAX 16
#define STORM 300
#define STORM_MS 200         /* or a keepalive, where that is shorter: requests for what was lost repeat faster than a slow one */
/* One view in so many turns of a timer, besides those after something was logged. */
#define VIEW_EVERY 16

static const struct {
	const char *word, *text;
} rules[SIM_RULE_N] = {
	[SIM_RULE_NONE] = { "none", "all rules hold" },
#define X(id, word, text) [SIM_RULE_##id] = { word, text },
#include "sim/rules.def"
#undef X
};

const char *
sim_rule_word(SimRule rule)
{
	return rules[rule].word;
}

const char *
sim_rule_text(SimRule rule)
{
	return rules[rule].text;
}

void
sim_broken(SimWorld *world, SimRule rule, const char *format, ...)
{
	va_list args;

	if (world->broken != SIM_RULE_NONE)
		return;
	world->broken = rule;
	va_start(args, format);
	world->broken_text = g_strdup_vprintf(format, args);
	va_end(args);
	sim_trace(world, "BROKEN", "%s: %s", rules[rule].word, world->broken_text);
}

void
sim_check_forget(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	for (guint other = 0; other < SIM_NODES_MAX; other++)
		if (machine->heard[other].status != NULL)
			sim_message_unref(&world->pool, machine->heard[other].status);
	memset(machine->heard, 0, sizeof machine->heard);
}

void
sim_check_started(SimWorld *world, guint node, gboolean resumed)
{
	SimMachine *machine = &world->machine[node];

	sim_check_forget(world, node);
	for (guint other = 0; other < SIM_NODES_MAX; other++)
		machine->heard[other].fresh_own_ms = machine->heard[other].any_own_ms = -1;
	memset(machine->known_epoch, 0, sizeof machine->known_epoch);
	machine->resumed = resumed;
	machine->started_own_ms = sim_own_ms(world, node);
	machine->beat_own_ms = machine->started_own_ms;
	machine->beat_ms = world->now_ms;
	machine->last_op = 0;
	machine->n_spins = 0;
	machine->said[0] = '\0';
}

static void
learn_epochs(SimWorld *world, guint node, const SimMessage *status)
{
	const HbExtension *ext = &status->typed.u.status.ext;

	for (guint g = 0; g < world->plan.n_groups; g++) {
		const HbGroupWord *word = sim_message_word(status, world->conf.group_id[g]);
		guint32 *known = &world->machine[node].known_epoch[g];

		if (ext->present && word != NULL && word->claim >= HB_CLAIM_STARTING)
			*known = MAX(*known, word->epoch);
	}
}

static void
heard_status(SimWorld *world, guint node, SimMessage *msg)
{
	SimHeard *heard = &world->machine[node].heard[msg->from];

	if (msg->typed.generation < heard->generation)
		return;
	heard->any_own_ms = sim_own_ms(world, node);
	if (msg->typed.generation == heard->generation && msg->typed.seq <= heard->seq)
		return;
	heard->generation = msg->typed.generation;
	heard->seq = msg->typed.seq;
	heard->fresh_own_ms = heard->any_own_ms;
	heard->deadtime_ms = msg->typed.u.status.deadtime_ms;
	if (heard->status != NULL)
		sim_message_unref(&world->pool, heard->status);
	heard->status = sim_message_ref(msg);
	/* Nobody listens to one that was removed. */
	if (sim_view_of(world, node, msg->from) != NULL)
		learn_epochs(world, node, msg);
}

/* A generation that goes back, or a number within it, is news again once the core takes it for a restart. */
static void
heard_ghost(SimWorld *world, guint node, SimMessage *msg)
{
	SimHeard *heard = &world->machine[node].heard[msg->from];
	const HbNodeView *view = sim_view_of(world, node, msg->from);

	if (view == NULL || msg->typed.type != HB_MSG_STATUS || msg->typed.generation > heard->generation ||
	    (msg->typed.generation == heard->generation && msg->typed.seq >= heard->seq) ||
	    world->machine[node].core == NULL)
		return;
	hb_core_view(world->machine[node].core, sim_own_ms(world, node), &world->view);
	if (view->generation != msg->typed.generation || view->last_seq != msg->typed.seq ||
	    (view->state != HB_PEER_ALIVE && view->state != HB_PEER_LATE))
		return;
	heard->generation = 0;
	heard_status(world, node, msg);
}

void
sim_check_packet(SimWorld *world, guint node, SimMessage *msg)
{
	if (msg->typed.type == HB_MSG_STATUS && msg->from != node)
		heard_status(world, node, msg);
}

void
sim_check_timer(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	machine->n_spins = machine->spin_ms == world->now_ms ? machine->n_spins + 1 : 0;
	machine->spin_ms = world->now_ms;
	if (machine->n_spins > SPINS_MAX)
		sim_broken(world, SIM_RULE_DEADLINE, "%s: TIME %u times at one ms", sim_node_name(node),
		           machine->n_spins);
}

static void
check_status_words(SimWorld *world, guint node, const HbMsgStatus *status)
{
	const SimMachine *machine = &world->machine[node];

	for (guint g = 0; g < world->plan.n_groups; g++) {
		gboolean active = machine->n_up[g] > 0 || machine->n_starting[g] > 0;

		for (guint i = 0; active && i < status->ext.n_groups; i++)
			if (status->ext.groups[i].group_id == world->conf.group_id[g] &&
			    !hb_claim_may_run(status->ext.groups[i].claim))
				sim_broken(world, SIM_RULE_ANNOUNCED, "%s says %s is %s, %u resources are up",
				           sim_node_name(node), sim_group_name(g),
				           sim_claim_word(status->ext.groups[i].claim), machine->n_up[g]);
	}
}

static void
check_beat(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];
	gint64 own_ms = sim_own_ms(world, node);

	if (own_ms - machine->beat_own_ms > (gint64)world->plan.keepalive_ms + 1 &&
	    machine->frozen_ms < machine->beat_ms)
		sim_broken(world, SIM_RULE_BEAT, "%s: %d ms between two", sim_node_name(node),
		           (int)(own_ms - machine->beat_own_ms));
	machine->beat_own_ms = own_ms;
	machine->beat_ms = world->now_ms;
}

/* Who answers every word with a word never stops. */
static void
check_storm(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	if (world->now_ms - machine->sent_ms >= MIN(world->plan.keepalive_ms, STORM_MS)) {
		machine->sent_ms = world->now_ms;
		machine->n_sent = 0;
	}
	if (++machine->n_sent > STORM)
		sim_broken(world, SIM_RULE_STORM, "%s: %u messages since %d", sim_node_name(node), machine->n_sent,
		           (int)machine->sent_ms);
}

static void
check_send(SimWorld *world, guint node, const HbTyped *msg)
{
	SimMachine *machine = &world->machine[node];
	gboolean numbered = msg->type != HB_MSG_NS_ST && msg->type != HB_MSG_NS_ACKMSG &&
	                    msg->type != HB_MSG_NS_REXMIT && msg->type != HB_MSG_NS_NAK_REXMIT;

	check_storm(world, node);
	if (msg->seq != (numbered ? machine->next_seq : 0))
		sim_broken(world, SIM_RULE_SEQUENCE, "%s sends %d, next is %d", sim_node_name(node), (int)msg->seq,
		           numbered ? (int)machine->next_seq : 0);
	if (strcmp(msg->src, sim_node_name(node)) != 0)
		sim_broken(world, SIM_RULE_EFFECTS, "%s sends as '%s'", sim_node_name(node), msg->src);
	if (msg->type == HB_MSG_STATUS) {
		check_beat(world, node);
		check_status_words(world, node, &msg->u.status);
	}
	for (guint g = 0; msg->type == HB_MSG_SHUTDONE && g < world->plan.n_groups; g++)
		if (machine->n_up[g] > 0)
			sim_broken(world, SIM_RULE_GOODBYE, "%s says shutdone, %s is up", sim_node_name(node),
			           sim_group_name(g));
}

static void
check_resend(SimWorld *world, guint node, guint64 seq)
{
	const SimMessage *kept = world->machine[node].kept[seq % HB_HISTORY_MAX];

	if (kept == NULL || kept->typed.seq != seq)
		sim_broken(world, SIM_RULE_RESEND_KEPT, "%s sends %d again, next is %d", sim_node_name(node), (int)seq,
		           (int)world->machine[node].next_seq);
}

static void
check_order(SimWorld *world, guint node, guint group, guint resource, HbVerb verb)
{
	const SimTruth *truth = world->machine[node].truth[group];

	for (guint r = 0; verb == HB_VERB_START && r < resource; r++)
		if (truth[r] == SIM_DOWN && !world->machine[node].vanished[group][r])
			sim_broken(world, SIM_RULE_START_ORDER, "%s starts %s before %s is up", sim_node_name(node),
			           sim_resource_name(group, resource), sim_resource_name(group, r));
	for (guint r = resource + 1; verb == HB_VERB_STOP && r < world->plan.n_resources[group]; r++)
		if (truth[r] != SIM_DOWN)
			sim_broken(world, SIM_RULE_STOP_ORDER, "%s stops %s before %s is down", sim_node_name(node),
			           sim_resource_name(group, resource), sim_resource_name(group, r));
}

static void
check_run(SimWorld *world, guint node, const HbEffect *fx)
{
	SimMachine *machine = &world->machine[node];
	guint group;

	if (fx->u.run.op == 0 || fx->u.run.op <= machine->last_op || fx->u.run.limit_ms == 0)
		sim_broken(world, SIM_RULE_OPERATION_ID, "%s: op %u after %u, limit %u ms", sim_node_name(node),
		           fx->u.run.op, machine->last_op, fx->u.run.limit_ms);
	machine->last_op = fx->u.run.op;
	if (fx->u.run.group >= world->plan.n_groups || fx->u.run.verb >= HB_VERB_N) {
		sim_broken(world, SIM_RULE_EFFECTS, "%s: RUN of group %u", sim_node_name(node), fx->u.run.group);
		return;
	}
	group = sim_group_of_line(world, node, fx->u.run.group);
	if (fx->u.run.resource >= world->plan.n_resources[group]) {
		sim_broken(world, SIM_RULE_EFFECTS, "%s: RUN of resource %u", sim_node_name(node), fx->u.run.resource);
		return;
	}
	for (guint i = 0; i < SIM_SCRIPTS_MAX; i++)
		if (machine->script[i].used && machine->script[i].group == group)
			sim_broken(world, SIM_RULE_ONE_OPERATION, "%s runs %s of %s while %s is at work",
			           sim_node_name(node), sim_verb_word(fx->u.run.verb), sim_group_name(group),
			           sim_verb_word(machine->script[i].verb));
	if (fx->u.run.verb == HB_VERB_STATUS)
		return;
	check_order(world, node, group, fx->u.run.resource, fx->u.run.verb);
	if (machine->held[group].state != HB_HELD_PARTIAL)
		sim_broken(world, SIM_RULE_HOLDING_FIRST, "%s runs %s of %s, noted is %d", sim_node_name(node),
		           sim_verb_word(fx->u.run.verb), sim_group_name(group), machine->held[group].state);
	if (fx->u.run.verb == HB_VERB_START)
		sim_check_decision(world, node, group, fx->u.run.epoch);
	if (fx->u.run.verb == HB_VERB_START && fx->u.run.known_free)
		sim_check_known_free(world, node, group);
}

static void
check_log(SimWorld *world, guint node, const HbEffect *fx)
{
	SimMachine *machine = &world->machine[node];

	for (guint g = 0; fx->u.log.group != NULL && g < world->plan.n_groups; g++) {
		if (strcmp(fx->u.log.group, sim_group_name(g)) != 0 || machine->n_up[g] == 0)
			continue;
		if (fx->u.log.say == HB_SAY_KEEP_AFTER_TWO)
			machine->gives_way[g] = FALSE;
		if (fx->u.log.say == HB_SAY_RELEASE && strstr(fx->u.log.what, "better right") != NULL)
			sim_check_gives_way(world, node, g);
	}
}

static void
check_holding(SimWorld *world, guint node, const HbEffect *fx)
{
	const SimMachine *machine = &world->machine[node];
	guint group;

	if (fx->u.holding.group >= world->plan.n_groups) {
		sim_broken(world, SIM_RULE_EFFECTS, "%s: HOLDING of group %u", sim_node_name(node), fx->u.holding.group);
		return;
	}
	group = sim_group_of_line(world, node, fx->u.holding.group);
	if (fx->u.holding.held.state == HB_HELD_IDLE && (machine->n_up[group] > 0 || machine->n_starting[group] > 0))
		sim_broken(world, SIM_RULE_HOLDING_FIRST, "%s notes %s as idle, %u resources are up",
		           sim_node_name(node), sim_group_name(group), machine->n_up[group]);
}

void
sim_check_effect(SimWorld *world, guint node, const HbEffect *fx)
{
	switch (fx->type) {
	case HB_FX_SEND:
		check_send(world, node, fx->u.send.msg);
		return;
	case HB_FX_RESEND:
		check_resend(world, node, fx->u.resend.seq);
		return;
	case HB_FX_RUN:
		check_run(world, node, fx);
		return;
	case HB_FX_HOLDING:
		check_holding(world, node, fx);
		return;
	case HB_FX_LOG:
		check_log(world, node, fx);
		return;
	case HB_FX_EXIT:
		for (guint g = 0; g < world->plan.n_groups; g++)
			if (world->machine[node].n_up[g] > 0 && !world->machine[node].stop_failed[g])
				sim_broken(world, SIM_RULE_GOODBYE, "%s ends, %s is up", sim_node_name(node),
				           sim_group_name(g));
		return;
	default:
		return;
	}
}

/* Asked for the first time, or again after the pause: not to be refused while it is kept, to one that has been heard since it joined. */
static void
check_asked(SimWorld *world, guint node, const SimMessage *msg)
{
	const SimMachine *machine = &world->machine[node];
	guint64 seq = msg->typed.u.range.first_seq;
	guint slot = seq % HB_HISTORY_MAX;
	const HbNodeView *view = sim_view_of(world, node, msg->from);

	if (msg->typed.type != HB_MSG_NS_REXMIT || strcmp(msg->typed.dest, sim_node_name(node)) != 0 ||
	    msg->typed.generation != machine->heard[msg->from].generation || machine->core == NULL ||
	    machine->kept[slot] == NULL || machine->kept[slot]->typed.seq != seq ||
	    machine->kept[slot]->sent_ms == world->now_ms)      /* it was not there yet when it was asked for */
		return;
	hb_core_view(machine->core, sim_own_ms(world, node), &world->view);
	if (view == NULL || view->generation != msg->typed.generation)
		return;
	if (machine->resent_own_ms[slot] < 0 ||
	    sim_own_ms(world, node) - machine->resent_own_ms[slot] > (gint64)world->plan.max_rexmit_delay_ms)
		sim_broken(world, SIM_RULE_RESEND_ASKED, "%s does not send %d again to %s", sim_node_name(node),
		           (int)seq, sim_node_name(msg->from));
}

void
sim_check_step(SimWorld *world, guint node, const HbEvent *event, SimMessage *msg)
{
	SimMachine *machine = &world->machine[node];
	gboolean look = event->type == HB_EV_TIME && world->stats.n_steps % VIEW_EVERY == 0;

	if (msg != NULL && msg->from != node)
		heard_ghost(world, node, msg);
	if (msg != NULL && msg->from != node)
		check_asked(world, node, msg);
	if (machine->timer_ms < world->now_ms)
		sim_broken(world, SIM_RULE_DEADLINE, "%s wants to be called %d ms ago", sim_node_name(node),
		           (int)(world->now_ms - machine->timer_ms));
	for (guint i = 0; i < world->fx.n && !look; i++)
		look = world->fx.item[i].type == HB_FX_LOG;
	if (look && world->broken == SIM_RULE_NONE) {
		sim_check_view(world, node);
		sim_check_duals(world);
	}
}

void
sim_check_truth(SimWorld *world, guint node, guint group)
{
	const SimMachine *machine = &world->machine[node];

	if (machine->n_up[group] > 0)
		sim_check_both(world, node, group);
	else if (machine->n_starting[group] == 0 && sim_vanish_count(machine, group) == 0)
		sim_check_gone(world, node, group);
}
