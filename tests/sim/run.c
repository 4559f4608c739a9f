/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/parts.h"
#include "sim/run.h"

#include "util/banned.h"

void
sim_run_plan(const SimRun *run, SimPlan *ret_plan)
{
	guint n_kept = 0;

	sim_plan_make(ret_plan, run->seed, run->n_nodes);
	if (run->fencing)
		sim_plan_fence(ret_plan);
	for (guint i = 0; i < ret_plan->n_actions; i++)
		if ((run->drop >> i & 1) == 0)
			ret_plan->action[n_kept++] = ret_plan->action[i];
	ret_plan->n_actions = n_kept;
	for (guint f = 0; f < SIM_FAULT_N; f++)
		if (run->calm >> f & 1)
			sim_plan_calm(ret_plan, f);
	if (run->until_ms != 0)
		ret_plan->until_ms = MIN(ret_plan->until_ms, run->until_ms);
}

void
sim_run_do(SimWorld *world, const SimRun *run)
{
	SimPlan plan;

	sim_run_plan(run, &plan);
	sim_world_begin(world, &plan);
	sim_world_run(world, plan.until_ms);
	if (world->broken == SIM_RULE_NONE)
		sim_world_heal(world);
	if (world->broken == SIM_RULE_NONE)
		sim_live(world);
	world->stats.ms += (guint64)world->now_ms;
}

char *
sim_run_tell(SimWorld *world, const SimRun *run, gboolean all)
{
	GString *text = g_string_new(NULL);

	world->trace = text;
	world->trace_all = all;
	sim_run_do(world, run);
	world->trace = NULL;
	world->trace_all = FALSE;
	return g_string_free(text, FALSE);
}

void
sim_run_again(SimWorld *world, const SimRun *run)
{
	guint64 hash = world->hash;

	sim_run_do(world, run);
	if (world->hash != hash)
		sim_broken(world, SIM_RULE_SAME_AGAIN, "%016" G_GINT64_MODIFIER "x, then %016" G_GINT64_MODIFIER "x",
		           hash, world->hash);
}

char *
sim_run_arguments(const SimRun *run)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "--seed %" G_GUINT64_FORMAT, run->seed);
	if (run->n_nodes != 0)
		g_string_append_printf(text, " --nodes %u", run->n_nodes);
	for (guint i = 0, n = 0; i < SIM_ACTIONS_MAX; i++)
		if (run->drop >> i & 1)
			g_string_append_printf(text, "%s%u", n++ == 0 ? " --drop " : ",", i);
	for (guint f = 0, n = 0; f < SIM_FAULT_N; f++)
		if (run->calm >> f & 1)
			g_string_append_printf(text, "%s%s", n++ == 0 ? " --calm " : ",", sim_fault_word(f));
	if (run->until_ms != 0)
		g_string_append_printf(text, " --until %d", (int)run->until_ms);
	if (run->fencing)
		g_string_append(text, " --fencing");
	return g_string_free(text, FALSE);
}

static void
describe_action(GString *text, guint i, const SimAction *action)
{
	g_string_append_printf(text, "  %2u at %6d %s %s", i, (int)action->at_ms, sim_action_word(action->kind),
	                       sim_node_name(action->node));
	if (action->kind == SIM_ACT_CUT || action->kind == SIM_ACT_ONEWAY || action->kind == SIM_ACT_BURST)
		g_string_append_printf(text, " %s", action->other == SIM_ALL ? "all" : sim_node_name(action->other));
	g_string_append_printf(text, " for %d ms, arg %u\n", (int)action->ms, action->arg);
}

char *
sim_run_describe(const SimRun *run)
{
	static const char *const failback[] = { "legacy", "on", "off" };
	GString *text = g_string_new("plan:");
	SimPlan plan;

	sim_run_plan(run, &plan);
	g_string_append_printf(text, " %u nodes, %u media, auto_failback %s, keepalive %u, deadtime %u, initdead %u,",
	                       plan.n_nodes, plan.n_media, failback[plan.failback], plan.keepalive_ms,
	                       plan.deadtime_ms, plan.initdead_ms);
	g_string_append_printf(text, " scripts up to %d ms, limit %u, delay %d-%d ms%s%s%s%s; healed at %d\n ",
	                       (int)plan.script_max_ms, plan.resource_timeout_ms, (int)plan.delay_min_ms,
	                       (int)plan.delay_max_ms, plan.echo ? ", echo" : "", plan.bytes ? ", bytes" : "", plan.probes ? ", probes" : "",
	                       plan.timer_first ? ", timer first" : "", (int)plan.until_ms);
	for (guint g = 0; g < plan.n_groups; g++)
		g_string_append_printf(text, " %s (%u resources, home %s)", sim_group_name(g), plan.n_resources[g],
		                       sim_node_name(plan.home[0][g]));
	g_string_append(text, "\n  weather:");
	for (guint f = 0; f < SIM_FAULT_N; f++)
		if (plan.faults >> f & 1)
			g_string_append_printf(text, " %s", sim_fault_word(f));
	g_string_append_c(text, '\n');
	for (guint i = 0; i < plan.n_actions; i++)
		describe_action(text, i, &plan.action[i]);
	return g_string_free(text, FALSE);
}
