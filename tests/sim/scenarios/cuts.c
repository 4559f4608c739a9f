/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cuts.c - every cut of a cluster with fencing into two sides, the verdicts of which may be half a deadtime apart; with all
 * nodes there, or one that was stopped, lost its power, or was never there. At most one side shoots the other.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/parts.h"
#include "sim/scenarios/story.h"
#include "util/id.h"

#include "util/banned.h"

#define CUT_MS  12000
#define LOOK_MS 40000
#define SLOW_MS 10000

typedef enum {
	AWAY_NOBODY,
	AWAY_STOPPED,
	AWAY_OFF,
	AWAY_NEVER,
	AWAY_N
} Away;

typedef struct {
	guint n_nodes;
	guint side;             /* bit per node */
	gint64 at_ms;           /* now here, now there between two keepalives */
	gint64 skew_ms;         /* by which the verdicts of that side are earlier */
	Away how;
	guint who;
	gboolean is_slow;       /* a long deadtime: then the verdicts of two nodes may be as far apart as two shots */
} Cut;

static void
add(SimPlan *plan, SimAction action)
{
	g_assert(plan->n_actions < SIM_ACTIONS_MAX);
	plan->action[plan->n_actions++] = action;
}

static gboolean
is_on_side(const Cut *cut, guint node)
{
	return (cut->side >> node & 1) != 0;
}

static gboolean
is_away(const Cut *cut, guint node)
{
	return cut->how != AWAY_NOBODY && cut->who == node;
}

static void
part(SimPlan *plan, const Cut *cut)
{
	for (guint a = 0; a < cut->n_nodes; a++)
		for (guint b = 0; b < cut->n_nodes; b++) {
			gint64 at_ms = cut->at_ms + (is_on_side(cut, b) ? MAX(-cut->skew_ms, 0) : MAX(cut->skew_ms, 0));

			if (is_on_side(cut, a) != is_on_side(cut, b))
				add(plan, (SimAction){ .at_ms = at_ms, .kind = SIM_ACT_ONEWAY, .node = (guint8)a,
				                       .other = (guint8)b, .medium = SIM_ALL, .ms = 1000000 });
		}
}

static void
plan_cut(SimPlan *plan, const Cut *cut)
{
	guint n_boots = 0;

	sim_plan_quiet(plan, cut->n_nodes, MIN(cut->n_nodes, SIM_GROUPS_MAX));
	plan->fencing = TRUE;
	plan->fence_max_ms = 2000;
	plan->fence_off = TRUE;
	plan->until_ms = CUT_MS + LOOK_MS;
	if (cut->is_slow) {
		plan->keepalive_ms = 1000;
		plan->deadtime_ms = SLOW_MS;
	}
	for (guint i = 0; i < plan->n_actions; i++)
		if (cut->how != AWAY_NEVER || !is_away(cut, plan->action[i].node))
			plan->action[n_boots++] = plan->action[i];
	plan->n_actions = n_boots;
	/* Else all beat in the same moment, and fall silent together. */
	for (guint i = 0; i < n_boots; i++)
		plan->action[i].at_ms = (gint64)plan->action[i].node * 67;
	if (cut->how == AWAY_STOPPED || cut->how == AWAY_OFF)
		add(plan, (SimAction){ .at_ms = 8000, .kind = cut->how == AWAY_OFF ? SIM_ACT_POWER : SIM_ACT_SHUTDOWN,
		                       .node = (guint8)cut->who, .ms = 1000000 });
	part(plan, cut);
}

/* Bit per side: 1 of those in .side, 2 of the others. */
static guint
who_shot(const Cut *cut, const char *trace)
{
	g_auto(GStrv) lines = g_strsplit(trace, "\n", -1);
	guint shot = 0;

	for (char **line = lines; *line != NULL; line++)
		for (guint a = 0; a < cut->n_nodes; a++)
			for (guint b = 0; b < cut->n_nodes; b++) {
				g_autofree char *text = g_strdup_printf("%s: fences %s", sim_node_name(a), sim_node_name(b));

				if (strstr(*line, text) == NULL || g_ascii_strtoll(*line + 1, NULL, 10) < CUT_MS)
					continue;
				if (is_on_side(cut, a) != is_on_side(cut, b) && !is_away(cut, b))
					shot |= is_on_side(cut, a) ? 1 : 2;
			}
	return shot;
}

static void
try_cut(SimWorld *world, const Cut *cut)
{
	g_autoptr(GString) trace = g_string_new(NULL);
	SimPlan plan;

	plan_cut(&plan, cut);
	world->trace = trace;
	sim_world_begin(world, &plan);
	sim_world_run(world, plan.until_ms);
	world->trace = NULL;
	if (world->broken == SIM_RULE_NONE && who_shot(cut, trace->str) != 3)
		return;
	g_test_message("%u nodes, side %02x is earlier by %d ms, away %d %s\n%s", cut->n_nodes, cut->side,
	               (int)cut->skew_ms, cut->how, sim_node_name(cut->who), trace->str);
	g_test_fail();
}

/* First one direction dies, then the other: each of two nodes may be the one that notices late. */
void
cuts_skewed(void)
{
	SimWorld *world = sim_world_new();
	Cut cut = { .n_nodes = 2, .side = 1, .is_slow = TRUE };

	for (cut.skew_ms = -SLOW_MS + 500; cut.skew_ms < SLOW_MS && !g_test_failed(); cut.skew_ms += 250) {
		cut.at_ms = CUT_MS + ABS(cut.skew_ms) * 37 % 1000;
		try_cut(world, &cut);
	}
	sim_world_free(world);
}

/* With five nodes one is enough. */
static guint
n_away(const Cut *cut)
{
	return cut->how == AWAY_NOBODY ? 1 : cut->n_nodes < 5 ? cut->n_nodes : 1;
}

void
cuts_of(gconstpointer data)
{
	static const gint64 skews_ms[] = { -450, 0, 450 };
	SimWorld *world = sim_world_new();
	guint n = 0;
	Cut cut = { .n_nodes = GPOINTER_TO_UINT(data) };

	/* Of each pair of sides the one with the first node. */
	for (cut.side = 1; cut.side < (1u << cut.n_nodes) - 1 && !g_test_failed(); cut.side += 2)
		for (guint s = 0; s < G_N_ELEMENTS(skews_ms); s++)
			for (cut.how = 0; cut.how < AWAY_N; cut.how++)
				for (cut.who = 0; cut.who < n_away(&cut) && !g_test_failed(); cut.who++) {
					cut.skew_ms = skews_ms[s];
					cut.at_ms = CUT_MS + n++ * 37 % 200;
					try_cut(world, &cut);
				}
	sim_world_free(world);
}
