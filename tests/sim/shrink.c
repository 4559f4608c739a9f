/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shrink.c - takes away from a broken run what it does not need to be broken.
 */
#include "sim/run.h"

#include "util/banned.h"

static gboolean
still_broken(SimWorld *world, const SimRun *run, SimRule rule)
{
	sim_run_do(world, run);
	return world->broken == rule;
}

static void
try(SimWorld *world, SimRun *best, SimRun candidate, SimRule rule)
{
	if (still_broken(world, &candidate, rule))
		*best = candidate;
}

static void
fewer_nodes(SimWorld *world, SimRun *best, SimRule rule)
{
	for (guint n = 2; n < SIM_NODES_MAX; n++) {
		SimRun candidate = { .seed = best->seed, .n_nodes = n };

		if (best->n_nodes != 0 && n >= best->n_nodes)
			return;
		if (still_broken(world, &candidate, rule)) {
			*best = candidate;
			return;
		}
	}
}

static void
fewer_actions(SimWorld *world, SimRun *best, SimRule rule)
{
	SimPlan plan;

	sim_plan_make(&plan, best->seed, best->n_nodes);
	for (guint i = 0; i < plan.n_actions; i++) {
		SimRun candidate = *best;

		candidate.drop |= G_GUINT64_CONSTANT(1) << i;
		if (candidate.drop != best->drop)
			try(world, best, candidate, rule);
	}
}

static void
less_weather(SimWorld *world, SimRun *best, SimRule rule)
{
	SimPlan plan;

	sim_run_plan(best, &plan);
	for (guint f = 0; f < SIM_FAULT_N; f++) {
		SimRun candidate = *best;

		candidate.calm |= 1u << f;
		if (plan.faults >> f & 1)
			try(world, best, candidate, rule);
	}
}

static void
less_time(SimWorld *world, SimRun *best, SimRule rule)
{
	SimPlan plan;

	sim_run_plan(best, &plan);
	for (gint64 until_ms = plan.until_ms / 2; until_ms > plan.deadtime_ms; until_ms /= 2) {
		SimRun candidate = *best;

		candidate.until_ms = until_ms;
		if (!still_broken(world, &candidate, rule))
			return;
		*best = candidate;
	}
}

SimRun
sim_run_shrink(SimWorld *world, const SimRun *run)
{
	SimRun best = *run, before;
	SimRule rule;

	sim_run_do(world, run);
	rule = world->broken;
	if (rule == SIM_RULE_NONE)
		return best;
	fewer_nodes(world, &best, rule);
	do {
		before = best;
		fewer_actions(world, &best, rule);
		less_weather(world, &best, rule);
		less_time(world, &best, rule);
	} while (before.drop != best.drop || before.calm != best.calm || before.until_ms != best.until_ms);
	sim_run_do(world, &best);
	return best;
}
