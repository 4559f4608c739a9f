/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/core.h"
#include "sim/plan.h"

#include "util/banned.h"

/* More than this of a rate would only simulate a dead network. */
#define JOINS_EVERY 3
#define VANISH_EVERY 3
#define VANISH_MAX 8
#define CARRIERS_EVERY 8
#define CARRIERS_MAX 4
#define LOSS_MAX 350
#define FENCE_MS_MAX 400
#define FENCE_FAILS 250
#define SLOW_DEADTIME_MS 4000
#define SLOW_FENCE_MS_MAX 2500

typedef struct {
	guint32 keepalive_ms, deadtime_ms;
} Beat;

static const Beat beats[] = { { 10, 50 }, { 20, 100 }, { 50, 250 }, { 100, 500 }, { 200, 1000 } };

static const char *const fault_words[SIM_FAULT_N] = {
#define X(id, word, text) [SIM_FAULT_##id] = word,
#include "sim/faults.def"
#undef X
};

static const struct {
	const char *word;
	gboolean fair;
} actions[SIM_ACT_N] = {
#define X(id, word, fair, text) [SIM_ACT_##id] = { word, fair },
#include "sim/actions.def"
#undef X
};

const char *
sim_fault_word(SimFault fault)
{
	g_assert(fault < SIM_FAULT_N);
	return fault_words[fault];
}

const char *
sim_action_word(SimActionKind kind)
{
	g_assert(kind < SIM_ACT_N);
	return actions[kind].word;
}

const char *
sim_node_name(guint node)
{
	static const char *const names[SIM_NODES_MAX] = { "node-a", "node-b", "node-c", "node-d", "node-e" };

	g_assert(node < SIM_NODES_MAX);
	return names[node];
}

const char *
sim_group_name(guint group)
{
	static const char *const names[SIM_GROUPS_MAX] = { "web", "mail", "db", "files" };

	g_assert(group < SIM_GROUPS_MAX);
	return names[group];
}

static gboolean
has(const SimPlan *plan, SimFault fault)
{
	return (plan->faults >> fault & 1) != 0;
}

static SimAction *
add(SimPlan *plan, SimActionKind kind, gint64 at_ms, guint node)
{
	SimAction *action;

	/* A plan that is full drops what comes last: every kind of fault has had its chance before. */
	if (plan->n_actions == SIM_ACTIONS_MAX)
		plan->n_actions--;
	action = &plan->action[plan->n_actions++];
	*action = (SimAction){ .at_ms = at_ms, .kind = kind, .node = (guint8)node };
	return action;
}

static void
choose_groups(SimPlan *plan, SimRng *rng)
{
	guint only = sim_rng_below(rng, plan->n_nodes);
	gboolean spread = sim_rng_chance(rng, 700);

	plan->n_groups = 1 + sim_rng_below(rng, SIM_GROUPS_MAX);
	for (guint g = 0; g < plan->n_groups; g++) {
		plan->n_resources[g] = 1 + sim_rng_below(rng, SIM_RESOURCES_MAX);
		plan->home[0][g] = spread ? g % plan->n_nodes : only;
		plan->order[0][g] = g;
	}
	for (guint v = 1; v < SIM_VARIANTS; v++)
		for (guint g = 0; g < plan->n_groups; g++) {
			gboolean same = v == 1;

			plan->home[v][g] = same ? plan->home[0][g] : sim_rng_below(rng, plan->n_nodes);
			plan->order[v][g] = same ? g : plan->n_groups - 1 - g;
		}
}

static void
choose_configuration(SimPlan *plan, SimRng *rng, guint n_nodes)
{
	static const guint32 script_max[] = { 3, 20, 100, 400 };
	const Beat *beat = &beats[sim_rng_below(rng, G_N_ELEMENTS(beats))];

	plan->n_nodes = n_nodes != 0 ? n_nodes : sim_rng_chance(rng, 500) ? 2 : 3 + sim_rng_below(rng, 3);
	plan->n_media = 1 + sim_rng_below(rng, SIM_MEDIA_MAX);
	choose_groups(plan, rng);
	plan->failback = (HbFailback)sim_rng_below(rng, 3);
	plan->keepalive_ms = beat->keepalive_ms;
	plan->deadtime_ms = beat->deadtime_ms;
	plan->initdead_ms = beat->deadtime_ms * (1 + sim_rng_below(rng, 8));
	plan->max_rexmit_delay_ms = sim_rng_chance(rng, 500) ? 250 : beat->deadtime_ms / 2;
	plan->script_max_ms = script_max[sim_rng_below(rng, G_N_ELEMENTS(script_max))];
	plan->resource_timeout_ms = (guint32)plan->script_max_ms * 3 + 100 * sim_rng_below(rng, 10) + 100;
	plan->delay_min_ms = sim_rng_below(rng, 2);
	plan->delay_max_ms = plan->delay_min_ms + sim_rng_below(rng, 3);
	plan->timer_first = sim_rng_chance(rng, 500);
	plan->echo = sim_rng_chance(rng, 300);
	plan->probes = sim_rng_chance(rng, 300);
	plan->fence_max_ms = FENCE_MS_MAX;
	plan->fence_fails = FENCE_FAILS;
	plan->bytes = sim_rng_chance(rng, 10);
	plan->until_ms = plan->initdead_ms + plan->deadtime_ms * sim_rng_between(rng, 12, 45) + 4 * plan->script_max_ms;
}

/* Most runs have two or three kinds, some one, few all; now and then the sun shines. */
static void
choose_faults(SimPlan *plan, SimRng *rng)
{
	guint dice = sim_rng_below(rng, 100);
	guint n = dice < 3 ? 0 : dice < 15 ? 1 : dice < 50 ? 2 : dice < 82 ? 3 : dice < 96 ? 4 + sim_rng_below(rng, 4)
	                                                                                   : SIM_FAULT_N;

	for (guint i = 0; i < n; i++)
		plan->faults |= 1u << (n == SIM_FAULT_N ? i : sim_rng_below(rng, SIM_FAULT_N));
}

static void
choose_rates(SimPlan *plan, SimRng *rng)
{
	SimRates *rates = &plan->rates;
	guint loss_max = has(plan, SIM_FAULT_LOSS) ? 1 + sim_rng_below(rng, LOSS_MAX) : 0;

	for (guint a = 0; loss_max != 0 && a < plan->n_nodes; a++)
		for (guint b = 0; b < plan->n_nodes; b++)
			for (guint m = 0; m < plan->n_media; m++)
				rates->loss[a][b][m] = sim_rng_below(rng, loss_max);
	if (has(plan, SIM_FAULT_DELAY))
		plan->delay_max_ms = MAX(plan->delay_max_ms, sim_rng_between(rng, 1, plan->keepalive_ms));
	rates->reorder = has(plan, SIM_FAULT_REORDER) ? 1 + sim_rng_below(rng, 300) : 0;
	rates->duplicate = has(plan, SIM_FAULT_DUPLICATE) ? 1 + sim_rng_below(rng, 300) : 0;
	for (guint n = 0; n < plan->n_nodes; n++) {
		rates->bad[n][HB_VERB_START] = has(plan, SIM_FAULT_BADSTART) ? sim_rng_below(rng, 400) : 0;
		rates->bad[n][HB_VERB_STOP] = has(plan, SIM_FAULT_BADSTOP) ? sim_rng_below(rng, 300) : 0;
		rates->bad[n][HB_VERB_STATUS] = has(plan, SIM_FAULT_BADSTATUS) ? sim_rng_below(rng, 300) : 0;
	}
	rates->hang = has(plan, SIM_FAULT_HANG) ? 1 + sim_rng_below(rng, 200) : 0;
	rates->child_lost = has(plan, SIM_FAULT_CHILDLOST) ? 1 + sim_rng_below(rng, 150) : 0;
	rates->stray = has(plan, SIM_FAULT_STRAY) ? 1 + sim_rng_below(rng, 500) : 0;
	rates->spurious = has(plan, SIM_FAULT_SPURIOUS) ? 1 + sim_rng_below(rng, 100) : 0;
}

static gint64
some_time(const SimPlan *plan, SimRng *rng)
{
	return sim_rng_between(rng, plan->deadtime_ms / 2, plan->until_ms);
}

/* Around a deadtime: the interesting lengths are just below and just above. */
static gint64
some_while(const SimPlan *plan, SimRng *rng)
{
	switch (sim_rng_below(rng, 4)) {
	case 0:
		return sim_rng_between(rng, 1, plan->deadtime_ms);
	case 1:
		return plan->deadtime_ms + sim_rng_between(rng, -2 * (gint64)plan->keepalive_ms,
		                                           2 * (gint64)plan->keepalive_ms);
	case 2:
		return sim_rng_between(rng, plan->deadtime_ms, 3 * (gint64)plan->deadtime_ms);
	default:
		return sim_rng_between(rng, plan->deadtime_ms, 12 * (gint64)plan->deadtime_ms);
	}
}

static guint8
other_or_all(const SimPlan *plan, SimRng *rng, guint node)
{
	if (sim_rng_chance(rng, 500))
		return SIM_ALL;
	return (guint8)((node + 1 + sim_rng_below(rng, plan->n_nodes - 1)) % plan->n_nodes);
}

/* A fault of the disk shows at the next start only. */
static void
add_disk(SimPlan *plan, SimRng *rng, gint64 at_ms, guint node)
{
	add(plan, SIM_ACT_DISK, at_ms, node)->arg = sim_rng_below(rng, 3);
	add(plan, sim_rng_chance(rng, 500) ? SIM_ACT_POWER : SIM_ACT_KILLALL, at_ms + 1, node)->ms =
		some_while(plan, rng);
}

static void
add_late(SimPlan *plan, SimRng *rng, gint64 at_ms, guint node)
{
	for (guint i = 0; i < 5; i++) {
		at_ms += sim_rng_between(rng, 1, plan->deadtime_ms);
		add(plan, SIM_ACT_FREEZE, at_ms, node)->ms = sim_rng_between(rng, 1, plan->deadtime_ms * 2 / 3);
	}
}

static void
add_fault(SimPlan *plan, SimRng *rng, SimFault fault)
{
	guint node = sim_rng_below(rng, plan->n_nodes);
	gint64 at_ms = some_time(plan, rng);
	SimAction *action;

	switch (fault) {
	case SIM_FAULT_CUT:
	case SIM_FAULT_ONEWAY:
		action = add(plan, fault == SIM_FAULT_CUT ? SIM_ACT_CUT : SIM_ACT_ONEWAY, at_ms, node);
		action->ms = some_while(plan, rng);
		action->other = other_or_all(plan, rng, node);
		action->medium = sim_rng_chance(rng, 700) ? SIM_ALL : (guint8)sim_rng_below(rng, plan->n_media);
		return;
	case SIM_FAULT_BURST:
		action = add(plan, SIM_ACT_BURST, at_ms, node);
		action->ms = some_while(plan, rng);
		action->other = other_or_all(plan, rng, node);
		action->arg = 500 + sim_rng_below(rng, 500);
		return;
	case SIM_FAULT_MEDIUM:
		action = add(plan, SIM_ACT_MEDIUM, at_ms, node);
		action->ms = some_while(plan, rng);
		action->medium = (guint8)sim_rng_below(rng, plan->n_media);
		return;
	case SIM_FAULT_FREEZE:
	case SIM_FAULT_STANDSTILL:
		action = add(plan, SIM_ACT_FREEZE, at_ms, node);
		action->ms = some_while(plan, rng);
		action->arg = fault == SIM_FAULT_STANDSTILL ? 2 : sim_rng_below(rng, 2);
		return;
	case SIM_FAULT_LATE:
		add_late(plan, rng, at_ms, node);
		return;
	case SIM_FAULT_POWER:
		add(plan, SIM_ACT_POWER, at_ms, node)->ms = some_while(plan, rng);
		return;
	case SIM_FAULT_KILL:
		/* shorter than a deadtime, or it would be no replacement but a death */
		add(plan, SIM_ACT_KILL, at_ms, node)->ms = sim_rng_between(rng, 1, plan->keepalive_ms);
		return;
	case SIM_FAULT_KILLALL:
		add(plan, SIM_ACT_KILLALL, at_ms, node)->ms = some_while(plan, rng);
		return;
	case SIM_FAULT_DISK:
		add_disk(plan, rng, at_ms, node);
		return;
	case SIM_FAULT_BADSTART:
	case SIM_FAULT_BADSTOP:
		action = add(plan, SIM_ACT_CURSE, at_ms / 2, node);
		action->other = (guint8)sim_rng_below(rng, plan->n_groups);
		action->arg = fault == SIM_FAULT_BADSTOP;
		action->ms = some_while(plan, rng) * 2;
		return;
	case SIM_FAULT_ADMIN:
		action = add(plan, SIM_ACT_ASK, at_ms, node);
		action->arg = sim_rng_below(rng, 64);
		action->other = sim_rng_chance(rng, 400) ? SIM_ALL : (guint8)sim_rng_below(rng, plan->n_groups);
		return;
	case SIM_FAULT_SHUTDOWN:
		add(plan, SIM_ACT_SHUTDOWN, at_ms, node)->ms = some_while(plan, rng);
		return;
	case SIM_FAULT_RELOAD: {
		guint variant = sim_rng_below(rng, SIM_VARIANTS);

		/* the file is copied to all, but read by each when told so */
		for (guint n = 0; n < plan->n_nodes; n++)
			add(plan, SIM_ACT_RELOAD, at_ms + sim_rng_below(rng, plan->deadtime_ms), n)->arg = variant;
		return;
	}
	default:
		return; /* a matter of rates alone */
	}
}

static void
choose_actions(SimPlan *plan, SimRng *rng)
{
	gboolean late_one = sim_rng_chance(rng, 100);

	for (guint n = 0; n < plan->n_nodes; n++) {
		gboolean late = late_one && n == plan->n_nodes - 1;

		add(plan, SIM_ACT_BOOT, late ? some_time(plan, rng) : sim_rng_below(rng, plan->deadtime_ms), n);
	}
	for (guint f = 0; f < SIM_FAULT_N; f++) {
		guint n = has(plan, f) ? 1 + sim_rng_below(rng, 4) : 0;

		for (guint i = 0; i < n; i++)
			add_fault(plan, rng, f);
	}
}

static gboolean
is_a_home(const SimPlan *plan, guint node)
{
	for (guint v = 0; v < SIM_VARIANTS; v++)
		for (guint g = 0; g < plan->n_groups; g++)
			if (plan->home[v][g] == node)
				return TRUE;
	return FALSE;
}

/* Here and there, or one of them again and again. */
static void
choose_vanishing(SimPlan *plan)
{
	SimRng rng = sim_rng_of(plan->seed, 3);
	guint n = 1 + sim_rng_below(&rng, VANISH_MAX);
	gboolean same = sim_rng_chance(&rng, 400);
	gint64 at_ms = some_time(plan, &rng);
	guint group = sim_rng_below(&rng, plan->n_groups), resource = sim_rng_below(&rng, plan->n_resources[group]);

	for (guint i = 0; i < n; i++) {
		SimAction *action = add(plan, SIM_ACT_VANISH, at_ms, sim_rng_below(&rng, plan->n_nodes));

		action->other = (guint8)group;
		action->arg = resource;
		at_ms += sim_rng_between(&rng, 1, same ? plan->script_max_ms * 3 : plan->deadtime_ms * 4);
		if (same)
			continue;
		group = sim_rng_below(&rng, plan->n_groups);
		resource = sim_rng_below(&rng, plan->n_resources[group]);
	}
}

/* What cannot be started somewhere, with or without its interface being up again, then and later. */
static void
choose_carriers(SimPlan *plan)
{
	SimRng rng = sim_rng_of(plan->seed, 6);

	for (guint i = 1 + sim_rng_below(&rng, CARRIERS_MAX); i > 0; i--) {
		guint node = sim_rng_below(&rng, plan->n_nodes), group = sim_rng_below(&rng, plan->n_groups);
		gint64 at_ms = some_time(plan, &rng), cursed_ms = some_while(plan, &rng);
		SimAction *action = add(plan, SIM_ACT_CURSE, at_ms, node);

		action->other = (guint8)group;
		action->ms = cursed_ms;
		for (guint n = 1 + sim_rng_below(&rng, 2); n > 0; n--) {
			action = add(plan, SIM_ACT_CARRIER, at_ms + sim_rng_between(&rng, 1, 2 * cursed_ms + 1), node);
			action->other = (guint8)group;
			action->arg = sim_rng_below(&rng, plan->n_resources[group]);
		}
	}
}

/* Which of those that are nobody's home: the last one, or any other where the numbers of those behind it move with it. */
static void
choose_joiner(SimPlan *plan)
{
	SimRng rng = sim_rng_of(plan->seed, 4);
	guint any = sim_rng_below(&rng, plan->n_nodes);

	plan->joiner = plan->n_nodes - 1;
	if (is_a_home(plan, plan->joiner) || sim_rng_chance(&rng, 700))
		for (guint i = 0; i < plan->n_nodes; i++)
			if (!is_a_home(plan, (any + i) % plan->n_nodes)) {
				plan->joiner = (any + i) % plan->n_nodes;
				break;
			}
	plan->joins = !is_a_home(plan, plan->joiner);
}

static guint
some_other(const SimPlan *plan, SimRng *rng)
{
	return (plan->joiner + 1 + sim_rng_below(rng, plan->n_nodes - 1)) % plan->n_nodes;
}

/* The joiner goes away, is removed by command, and sometimes added again. */
static void
choose_removals(SimPlan *plan)
{
	SimRng rng = sim_rng_of(plan->seed, 3);

	for (guint i = 1 + sim_rng_below(&rng, 3); i > 0; i--) {
		gint64 at_ms = some_time(plan, &rng), away_ms = 2 * (gint64)plan->deadtime_ms + some_while(plan, &rng);

		add(plan, sim_rng_chance(&rng, 500) ? SIM_ACT_SHUTDOWN : SIM_ACT_POWER, at_ms, plan->joiner)->ms = away_ms;
		add(plan, SIM_ACT_NODES, at_ms + sim_rng_between(&rng, plan->deadtime_ms / 2, away_ms),
		    some_other(plan, &rng));
		if (sim_rng_chance(&rng, 500))
			add(plan, SIM_ACT_NODES, at_ms + sim_rng_between(&rng, 1, 3 * away_ms), some_other(plan, &rng))->arg = 1;
	}
}

void
sim_plan_make(SimPlan *plan, guint64 seed, guint n_nodes)
{
	SimRng rng = sim_rng_of(seed, 1);

	memset(plan, 0, sizeof *plan);
	plan->seed = seed;
	choose_configuration(plan, &rng, n_nodes);
	choose_faults(plan, &rng);
	choose_rates(plan, &rng);
	choose_actions(plan, &rng);
	/* By the seed itself: no other history changes by it. */
	if (seed % VANISH_EVERY == 1)
		choose_vanishing(plan);
	if (seed % CARRIERS_EVERY == 0)
		choose_carriers(plan);
	if (seed % JOINS_EVERY == 0 && plan->n_nodes > 2)
		choose_joiner(plan);
	if (plan->joins && seed % (2 * JOINS_EVERY) == 0)
		choose_removals(plan);
}

static void
slow_down(SimPlan *plan, guint factor)
{
	plan->keepalive_ms *= factor;
	plan->deadtime_ms *= factor;
	plan->initdead_ms *= factor;
	plan->until_ms *= factor;
	for (guint i = 0; i < plan->n_actions; i++) {
		plan->action[i].at_ms *= factor;
		plan->action[i].ms *= factor;
	}
}

void
sim_plan_fence(SimPlan *plan)
{
	SimRng rng = sim_rng_of(plan->seed, 2);

	plan->fencing = TRUE;
	if (plan->seed % 2 == 0)
		return;
	slow_down(plan, SLOW_DEADTIME_MS / plan->deadtime_ms);
	plan->fence_max_ms = sim_rng_chance(&rng, 500) ? FENCE_MS_MAX : SLOW_FENCE_MS_MAX;
	if (sim_rng_chance(&rng, 250))
		plan->fence_broken = 1u << sim_rng_below(&rng, plan->n_nodes);
}

void
sim_plan_quiet(SimPlan *plan, guint n_nodes, guint n_groups)
{
	*plan = (SimPlan){
		.seed = 1,
		.n_nodes = n_nodes,
		.n_media = 1,
		.n_groups = n_groups,
		.failback = HB_FAILBACK_ON,
		.keepalive_ms = 200,
		.deadtime_ms = 1000,
		.initdead_ms = 3000,
		.max_rexmit_delay_ms = 250,
		.resource_timeout_ms = 2000,
		.delay_min_ms = 1,
		.delay_max_ms = 1,
		.script_max_ms = 20,
		.fence_max_ms = FENCE_MS_MAX,
		.until_ms = 30000,
		.joiner = n_nodes - 1,
	};
	for (guint v = 0; v < SIM_VARIANTS; v++)
		for (guint g = 0; g < n_groups; g++) {
			plan->n_resources[g] = 2;
			plan->home[v][g] = (g + (v == SIM_VARIANTS - 1)) % n_nodes;
			plan->order[v][g] = g;
		}
	for (guint n = 0; n < n_nodes; n++)
		add(plan, SIM_ACT_BOOT, 0, n);
}

void
sim_plan_calm(SimPlan *plan, SimFault fault)
{
	SimRates *rates = &plan->rates;

	plan->faults &= ~(1u << fault);
	switch (fault) {
	case SIM_FAULT_LOSS:
		memset(rates->loss, 0, sizeof rates->loss);
		return;
	case SIM_FAULT_DELAY:
		plan->delay_max_ms = plan->delay_min_ms + 1;
		return;
	case SIM_FAULT_REORDER:
		rates->reorder = 0;
		return;
	case SIM_FAULT_DUPLICATE:
		rates->duplicate = 0;
		return;
	case SIM_FAULT_BADSTART:
	case SIM_FAULT_BADSTOP:
	case SIM_FAULT_BADSTATUS:
		for (guint n = 0; n < plan->n_nodes; n++)
			rates->bad[n][fault == SIM_FAULT_BADSTART  ? HB_VERB_START
			              : fault == SIM_FAULT_BADSTOP ? HB_VERB_STOP
			                                           : HB_VERB_STATUS] = 0;
		return;
	case SIM_FAULT_HANG:
		rates->hang = 0;
		return;
	case SIM_FAULT_CHILDLOST:
		rates->child_lost = 0;
		return;
	case SIM_FAULT_STRAY:
		rates->stray = 0;
		return;
	case SIM_FAULT_SPURIOUS:
		rates->spurious = 0;
		return;
	default:
		return;
	}
}

gboolean
sim_plan_is_fair(const SimPlan *plan)
{
	for (guint i = 0; i < plan->n_actions; i++)
		if (!actions[plan->action[i].kind].fair)
			return FALSE;
	return !has(plan, SIM_FAULT_LOSS);
}

gboolean
sim_plan_scripts_work(const SimPlan *plan)
{
	static const SimFault bad[] = { SIM_FAULT_BADSTART, SIM_FAULT_BADSTOP, SIM_FAULT_BADSTATUS, SIM_FAULT_HANG,
		                        SIM_FAULT_CHILDLOST };

	for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
		if (has(plan, bad[i]))
			return FALSE;
	return TRUE;
}

/* Ten deadtimes for verdicts and hand-overs one after the other; two minutes for what the core tries
 * again at growing intervals after failures. */
gint64
sim_plan_bound_ms(const SimPlan *plan)
{
	return (gint64)plan->initdead_ms + 10 * (gint64)plan->deadtime_ms + 120000;
}
