/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replaced.c - hb-node is killed and replaced in the middle of a take-over, a move, a shot, a return home: of each node, at each
 * moment of it. Every group is up once in the end, and is not missed for much longer than without.
 */
#include "sim/parts.h"
#include "sim/scenarios/story.h"

#include "util/banned.h"

#define N_NODES   3
#define STEP_MS   5
#define EVENT_MS  10000
#define BACK_MS   16000
#define LOOK_MS   9000

typedef enum {
	EVENT_CRASH,
	EVENT_MOVE,
	EVENT_STOP,
	EVENT_RETURN,
	EVENT_N
} Event;

typedef struct {
	Event event;
	gboolean fencing;
	int who;                /* whose hb-node is killed; -1: nobody's */
	gint64 at_ms;
	gint64 ms;              /* replaced after */
} Case;

/*
 * From where to where somebody is killed, and by how much longer a group may be missed than without it: what was at work is stopped
 * first, and all is asked anew. A new hb-node gives who is silent a whole deadtime.
 */
static const struct {
	const char *name;
	gint64 from_ms, to_ms, every_ms, slack_ms;
} events[EVENT_N] = {
	[EVENT_CRASH] = { "take-over", EVENT_MS + 700, EVENT_MS + 1100, 7, 1050 },
	[EVENT_MOVE] = { "move", EVENT_MS, EVENT_MS + 60, 1, 250 },
	[EVENT_STOP] = { "orderly stop", EVENT_MS, EVENT_MS + 60, 1, 250 },
	[EVENT_RETURN] = { "return home", BACK_MS, BACK_MS + 100, 2, 250 },
};

static SimAction
action_of(const Case *c)
{
	switch (c->event) {
	case EVENT_MOVE:
		return (SimAction){ .at_ms = EVENT_MS, .kind = SIM_ACT_ASK, .node = 0, .other = SIM_ALL };
	case EVENT_STOP:
		return (SimAction){ .at_ms = EVENT_MS, .kind = SIM_ACT_SHUTDOWN, .node = 0, .ms = 1000000 };
	case EVENT_CRASH:
	case EVENT_RETURN:
	default:
		return (SimAction){ .at_ms = EVENT_MS, .kind = SIM_ACT_POWER, .node = 0,
			            .ms = c->event == EVENT_RETURN ? BACK_MS - EVENT_MS : 1000000 };
	}
}

static void
plan_case(SimPlan *plan, const Case *c)
{
	sim_plan_quiet(plan, N_NODES, N_NODES);
	plan->fencing = c->fencing;
	plan->fence_off = c->event == EVENT_CRASH;
	plan->until_ms = events[c->event].to_ms + LOOK_MS;
	for (guint i = 0; i < plan->n_actions; i++)
		plan->action[i].at_ms = 2 + 67 * i;
	plan->action[plan->n_actions++] = action_of(c);
	if (c->who >= 0)
		plan->action[plan->n_actions++] = (SimAction){ .at_ms = c->at_ms, .kind = SIM_ACT_KILL, .node = (guint8)c->who,
			                                       .ms = c->ms };
}

static gboolean
is_up(const SimWorld *world, guint group)
{
	for (guint i = 0; i < N_NODES; i++)
		if (world->machine[i].n_up[group] == world->plan.n_resources[group])
			return TRUE;
	return FALSE;
}

/* How long a group was missed at most; -1: a rule was broken, or it is missed for good. */
static gint64
missed_ms(SimWorld *world, const Case *c)
{
	gint64 begin_ms = c->event == EVENT_RETURN ? BACK_MS : EVENT_MS, most_ms = 0;
	gint64 up_ms[N_NODES] = { begin_ms, begin_ms, begin_ms };
	SimPlan plan;

	plan_case(&plan, c);
	sim_world_begin(world, &plan);
	sim_world_run(world, begin_ms);
	while (world->now_ms < plan.until_ms && world->broken == SIM_RULE_NONE) {
		sim_world_run(world, world->now_ms + STEP_MS);
		for (guint g = 0; g < N_NODES; g++) {
			if (is_up(world, g))
				up_ms[g] = world->now_ms;
			most_ms = MAX(most_ms, world->now_ms - up_ms[g]);
		}
	}
	for (guint g = 0; g < N_NODES; g++)
		if (up_ms[g] != world->now_ms)
			return -1;
	return world->broken == SIM_RULE_NONE ? most_ms : -1;
}

static void
try_case(SimWorld *world, const Case *c, gint64 usual_ms)
{
	gint64 ms = missed_ms(world, c);
	g_autoptr(GString) trace = g_string_new(NULL);

	if (ms >= 0 && ms <= usual_ms + c->ms + events[c->event].slack_ms)
		return;
	world->trace = trace;
	(void)missed_ms(world, c);
	world->trace = NULL;
	g_test_message("%s%s, hb-node of %s is killed at %d ms for %d ms: a group was missed for %d ms, else %d\n%s",
	               events[c->event].name, c->fencing ? " with devices" : "", sim_node_name((guint)c->who), (int)c->at_ms,
	               (int)c->ms, (int)ms, (int)usual_ms, trace->str);
	g_test_fail();
}

void
replaced_in(gconstpointer fencing)
{
	static const gint64 waits_ms[] = { 1, 60 };
	SimWorld *world = sim_world_new();

	for (Event event = 0; event < EVENT_N; event++) {
		Case c = { .event = event, .fencing = fencing != NULL, .who = -1 };
		gint64 usual_ms = missed_ms(world, &c);

		g_assert_cmpint(usual_ms, >=, 0);
		for (c.who = 0; c.who < N_NODES; c.who++)
			for (guint w = 0; w < G_N_ELEMENTS(waits_ms); w++)
				for (c.at_ms = events[event].from_ms; c.at_ms < events[event].to_ms && !g_test_failed();
				     c.at_ms += events[event].every_ms) {
					c.ms = waits_ms[w];
					try_case(world, &c, usual_ms);
				}
	}
	sim_world_free(world);
}
