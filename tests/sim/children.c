/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * children.c - resource scripts and what they do to the truth.
 *
 * How a script will end is decided when it begins. While a start is at work its resource may be active.
 */
#include <string.h>

#include "sim/parts.h"

#include "util/banned.h"

/* What a killed script needs to be gone. */
#define KILL_MS 2

static void
set_truth(SimWorld *world, guint node, guint group, guint resource, SimTruth truth)
{
	SimMachine *machine = &world->machine[node];
	SimTruth *now = &machine->truth[group][resource];

	if (*now == truth)
		return;
	if (*now == SIM_DOWN)
		machine->n_up[group]++;
	else if (truth == SIM_DOWN)
		machine->n_up[group]--;
	if (*now == SIM_UP || truth == SIM_UP)
		sim_vanish_changed(world, node, group, resource);
	*now = truth;
	machine->vanished[group][resource] &= truth != SIM_UP;
	sim_check_truth(world, node, group);
}

/* What a script leaves that did not come to its end: all, nothing or half of its work. */
static SimTruth
some_rest(SimRng *dice, HbVerb verb, SimTruth before)
{
	SimTruth wanted = verb == HB_VERB_START ? SIM_UP : SIM_DOWN;
	SimTruth rests[3] = { before, wanted, before == wanted ? before : SIM_HALF };

	return verb == HB_VERB_STATUS ? before : rests[sim_rng_below(dice, G_N_ELEMENTS(rests))];
}

/* A start may ask on the wire first. The kernel of a machine whose processes alone stand still answers, and so does one
 * that runs a group by mistake; a machine that stands still as a whole, or is cut off, does not. */
static gboolean
is_answered(const SimWorld *world, guint node, guint group)
{
	for (guint other = 0; other < world->plan.n_nodes; other++) {
		const SimMachine *machine = &world->machine[other];

		if (other != node && machine->truth[group][0] != SIM_DOWN &&
		    machine->scripts_thaw_ms <= world->now_ms && sim_net_is_open(world, node, other) &&
		    sim_net_is_open(world, other, node))
			return TRUE;
	}
	return FALSE;
}

static void
decide(const SimWorld *world, guint node, SimScript *script, SimRng *dice)
{
	const SimMachine *machine = &world->machine[node];
	SimTruth before = machine->truth[script->group][script->resource];
	SimTruth wanted = script->verb == HB_VERB_START ? SIM_UP : SIM_DOWN;
	gboolean cursed = script->verb != HB_VERB_STATUS &&
	                  machine->cursed_ms[script->group][script->verb == HB_VERB_STOP] > world->now_ms;

	script->after = script->verb == HB_VERB_STATUS ? before : wanted;
	script->result = HB_CHILD_OK;
	if (script->verb == HB_VERB_STATUS)
		script->result = before == SIM_DOWN ? HB_CHILD_NOT_RUNNING : HB_CHILD_OK;
	if (sim_rng_chance(dice, world->plan.rates.hang))
		script->result = HB_CHILD_TIMEOUT;
	else if (cursed || sim_rng_chance(dice, world->plan.rates.bad[node][script->verb]))
		script->result = HB_CHILD_FAILED;
	else if (sim_rng_chance(dice, world->plan.rates.child_lost))
		script->result = HB_CHILD_LOST;
	/* A stop that fails leaves something: to fail after the work would be a lie, not a fault. */
	if (script->verb != HB_VERB_STATUS && script->result != HB_CHILD_OK)
		script->after = script->verb == HB_VERB_STOP && script->result == HB_CHILD_FAILED
		                        ? before
		                        : some_rest(dice, script->verb, before);
}

static SimScript *
free_slot(SimMachine *machine)
{
	for (guint i = 0; i < SIM_SCRIPTS_MAX; i++)
		if (!machine->script[i].used)
			return &machine->script[i];
	return NULL;
}

void
sim_children_run(SimWorld *world, guint node, const HbEffect *fx)
{
	SimMachine *machine = &world->machine[node];
	SimScript *script = free_slot(machine);
	gint64 took_ms;

	if (script == NULL || world->broken != SIM_RULE_NONE)
		return;
	script->used = TRUE;
	script->op = fx->u.run.op;
	script->life = machine->life;
	script->serial++;
	script->group = (guint8)sim_group_of_line(world, node, fx->u.run.group);
	script->resource = (guint8)fx->u.run.resource;
	script->verb = fx->u.run.verb;
	script->began_ms = world->now_ms;
	decide(world, node, script, &machine->dice);
	if (script->verb == HB_VERB_START && script->resource == 0 && world->plan.probes && !fx->u.run.known_free &&
	    machine->truth[script->group][0] == SIM_DOWN && is_answered(world, node, script->group)) {
		script->result = HB_CHILD_BUSY;
		script->after = SIM_DOWN;
	}
	took_ms = script->result == HB_CHILD_TIMEOUT ? (gint64)fx->u.run.limit_ms
	                                             : sim_rng_between(&machine->dice, 1, world->plan.script_max_ms);
	if (script->verb == HB_VERB_START) {
		machine->n_starting[script->group]++;
		if (machine->truth[script->group][script->resource] == SIM_DOWN && script->result != HB_CHILD_BUSY)
			set_truth(world, node, script->group, script->resource, SIM_HALF);
	}
	sim_queue_add(&world->queue, &(SimWill){
		.at_ms = world->now_ms + took_ms,
		.kind = SIM_WILL_SCRIPT_END,
		.node = (guint8)node,
		.n = (guint32)(script - machine->script),
		.life = script->serial,
	});
}

void
sim_children_stray(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	for (guint g = 0; g < world->plan.n_groups; g++) {
		if (!sim_rng_chance(&machine->dice, world->plan.rates.stray))
			continue;
		sim_trace(world, "world", "something of %s is up on %s already", sim_group_name(g), sim_node_name(node));
		sim_check_stray(world, node, g);
		set_truth(world, node, g, sim_rng_below(&machine->dice, world->plan.n_resources[g]), SIM_UP);
	}
}

void
sim_children_cancel(SimWorld *world, guint node, guint32 op)
{
	SimMachine *machine = &world->machine[node];

	for (guint i = 0; i < SIM_SCRIPTS_MAX; i++) {
		SimScript *script = &machine->script[i];

		if (!script->used || script->op != op || script->life != machine->life)
			continue;
		script->result = HB_CHILD_TIMEOUT;
		script->serial++;
		script->after = some_rest(&machine->dice, script->verb,
		                          machine->truth[script->group][script->resource]);
		sim_queue_add(&world->queue, &(SimWill){
			.at_ms = world->now_ms + KILL_MS,
			.kind = SIM_WILL_SCRIPT_END,
			.node = (guint8)node,
			.n = i,
			.life = script->serial,
		});
	}
}

/* What vanished when its stop had failed is known to be down by this. */
static void
status_ended(SimWorld *world, guint node, const SimScript *script)
{
	SimMachine *machine = &world->machine[node];
	gboolean *vanished = &machine->vanished[script->group][script->resource];

	if (!*vanished || script->result != HB_CHILD_NOT_RUNNING || machine->truth[script->group][script->resource] != SIM_DOWN)
		return;
	*vanished = FALSE;
	if (machine->n_up[script->group] == 0 && sim_vanish_count(machine, script->group) == 0)
		sim_check_gone(world, node, script->group);
}

static void
end(SimWorld *world, guint node, SimScript *script)
{
	SimMachine *machine = &world->machine[node];

	script->used = FALSE;
	if (script->result != HB_CHILD_OK && script->result != HB_CHILD_NOT_RUNNING)
		sim_check_script_failed(world, node, script->group);
	if (script->verb == HB_VERB_STATUS) {
		status_ended(world, node, script);
		return;
	}
	if (script->verb == HB_VERB_START)
		machine->n_starting[script->group]--;
	/* what has vanished meanwhile is not there again because its stop failed */
	if (script->verb == HB_VERB_STOP && machine->truth[script->group][script->resource] == SIM_DOWN)
		script->after = SIM_DOWN;
	if (script->verb == HB_VERB_STOP && script->after != SIM_DOWN)
		machine->stop_failed[script->group] = TRUE;
	if (script->verb == HB_VERB_STOP)
		machine->vanished[script->group][script->resource] = FALSE;
	if (machine->truth[script->group][script->resource] != script->after)
		set_truth(world, node, script->group, script->resource, script->after);
	else if (machine->n_up[script->group] == 0 && sim_vanish_count(machine, script->group) == 0)
		sim_check_gone(world, node, script->group);
}

void
sim_children_end(SimWorld *world, guint node, guint slot)
{
	SimMachine *machine = &world->machine[node];
	SimScript *script = &machine->script[slot];

	end(world, node, script);
	if (script->life != machine->life || machine->core == NULL)
		return;
	sim_queue_add(&world->queue, &(SimWill){
		.at_ms = world->now_ms,
		.kind = SIM_WILL_CHILD,
		.node = (guint8)node,
		.n = script->op,
		.n2 = (guint8)script->result,
		.took_ms = (guint16)MIN(world->now_ms - script->began_ms, G_MAXUINT16),
		.life = machine->life,
	});
}

void
sim_children_kill(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	for (guint i = 0; i < SIM_SCRIPTS_MAX; i++) {
		SimScript *script = &machine->script[i];

		if (!script->used)
			continue;
		script->serial++;
		script->after = some_rest(&machine->dice, script->verb,
		                          machine->truth[script->group][script->resource]);
		end(world, node, script);
	}
}

void
sim_children_power_off(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	for (guint i = 0; i < SIM_SCRIPTS_MAX; i++) {
		machine->script[i].serial++;
		machine->script[i].used = FALSE;
	}
	memset(machine->n_starting, 0, sizeof machine->n_starting);
	for (guint g = 0; g < world->plan.n_groups; g++)
		for (guint r = 0; r < world->plan.n_resources[g]; r++)
			set_truth(world, node, g, r, SIM_DOWN);
	memset(machine->vanished, 0, sizeof machine->vanished);
	for (guint g = 0; world->tells && g < world->plan.n_groups; g++)
		sim_check_gone(world, node, g);
}

gboolean
sim_children_busy(const SimWorld *world, guint node)
{
	for (guint i = 0; i < SIM_SCRIPTS_MAX; i++)
		if (world->machine[node].script[i].used)
			return TRUE;
	return FALSE;
}

void
sim_children_curse(SimWorld *world, const SimAction *action)
{
	world->machine[action->node].cursed_ms[action->other][action->arg] = world->now_ms + action->ms;
}
