/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lanes.c - three nodes, and of the six directions between them one, two or three are dead: from the start, from the return of a
 * node, or from a moment on. Every group runs somewhere soon, and on one node only. But for a ring, in which each hears one of
 * the others and is heard by the other one only: there it is enough that nothing runs twice.
 */
#include <string.h>

#include "sim/parts.h"
#include "sim/scenarios/story.h"

#include "util/banned.h"

#define N_NODES  3
#define N_LANES  6
#define STEP_MS  10
#define CUT_MS   12000
#define BACK_MS  15000
/* Beyond initdead or deadtime: other verdicts, and one more that waits for them. */
#define SLACK_MS 1500
/* With devices also the shots, and whoever waits before it shoots. */
#define FENCE_MS 8000
/* Where no two hear each other, whoever shoots in the end waits as one that is probably cut off. */
#define WEAK_MS  45000
#define LOOK_MS  12000

typedef enum {
	CUT_FROM_START,
	CUT_AT_RETURN,          /* of .who */
	CUT_BEFORE_RETURN,
	CUT_IN_OPERATION,
	CUT_N
} CutWhen;

typedef struct {
	guint lanes;            /* bit per direction */
	CutWhen when;
	guint who;
	HbFailback failback;
	gboolean fencing;
	gboolean backward;      /* the last node boots first */
} Case;

static const struct {
	guint8 from, to;
} lanes[N_LANES] = { { 0, 1 }, { 0, 2 }, { 1, 0 }, { 1, 2 }, { 2, 0 }, { 2, 1 } };

#define ALL_LANES ((1u << N_LANES) - 1)
#define RING (1u << 0 | 1u << 3 | 1u << 4)      /* a>b, b>c, c>a; the rest is the other one */

static gint64
cut_ms(const Case *c)
{
	switch (c->when) {
	case CUT_FROM_START:
		return 1;
	case CUT_AT_RETURN:
		return BACK_MS;
	case CUT_BEFORE_RETURN:
		return BACK_MS - 1500;
	default:
		return CUT_MS + 37 * (c->lanes % 6);    /* now here, now there between two keepalives */
	}
}

static gboolean
is_return(const Case *c)
{
	return c->when == CUT_AT_RETURN || c->when == CUT_BEFORE_RETURN;
}

static void
plan_case(SimPlan *plan, const Case *c)
{
	sim_plan_quiet(plan, N_NODES, N_NODES);
	plan->failback = c->failback;
	plan->fencing = c->fencing;
	plan->until_ms = 2 * BACK_MS + FENCE_MS + LOOK_MS;
	/* Else all beat in the same moment. */
	for (guint i = 0; i < plan->n_actions; i++)
		plan->action[i].at_ms = 2 + 67 * (c->backward ? N_NODES - 1 - i : i);
	if (is_return(c))
		plan->action[plan->n_actions++] = (SimAction){ .at_ms = 10000, .kind = SIM_ACT_POWER,
			                                       .node = (guint8)c->who, .ms = BACK_MS - 10000 };
	for (guint i = 0; i < N_LANES; i++)
		if (c->lanes >> i & 1)
			plan->action[plan->n_actions++] = (SimAction){ .at_ms = cut_ms(c), .kind = SIM_ACT_ONEWAY,
				                                       .node = lanes[i].from, .other = lanes[i].to,
				                                       .medium = SIM_ALL, .ms = 1000000 };
}

/* From where on a group is missed. */
static gint64
look_from_ms(const Case *c)
{
	return c->when == CUT_FROM_START ? 2 + 67 * N_NODES : is_return(c) ? BACK_MS : CUT_MS;
}

static guint
n_bits(guint bits)
{
	guint n = 0;

	for (; bits != 0; bits &= bits - 1)
		n++;
	return n;
}

static gboolean
is_ring(const Case *c)
{
	return c->lanes == RING || c->lanes == (RING ^ ALL_LANES);
}

static gint64
fence_ms(const Case *c)
{
	return !c->fencing ? 0 : n_bits(c->lanes) > 2 ? WEAK_MS : FENCE_MS;
}

static gint64
bound_ms(const Case *c, const SimPlan *plan)
{
	return (c->when == CUT_FROM_START ? plan->initdead_ms : plan->deadtime_ms) + SLACK_MS + fence_ms(c);
}

/* Two that cannot hear each other, with nobody who hears both: each takes what the other had, until the third is there; and where
 * one of them hears the third, which does not hear it, until that one is operational. */
static gint64
twice_ms(const Case *c, const SimPlan *plan)
{
	if (c->when != CUT_BEFORE_RETURN || c->fencing)
		return 0;
	return n_bits(c->lanes) > 2 ? plan->initdead_ms : plan->deadtime_ms;
}

static guint
n_owners(const SimWorld *world, guint group)
{
	guint n = 0;

	for (guint i = 0; i < N_NODES; i++)
		n += world->machine[i].n_up[group] > 0;
	return n;
}

/* NULL: all is well. */
static const char *
watch(SimWorld *world, const Case *c)
{
	gint64 seen_ms[N_NODES], once_ms[N_NODES];
	gint64 bound = bound_ms(c, &world->plan), end_ms = look_from_ms(c) + bound + LOOK_MS;

	for (guint g = 0; g < N_NODES; g++)
		seen_ms[g] = once_ms[g] = look_from_ms(c);
	sim_world_run(world, look_from_ms(c));
	while (world->now_ms < end_ms && world->broken == SIM_RULE_NONE) {
		sim_world_run(world, world->now_ms + STEP_MS);
		for (guint g = 0; g < N_NODES; g++) {
			guint n = n_owners(world, g);

			if (n > 0)
				seen_ms[g] = world->now_ms;
			if (n < 2)
				once_ms[g] = world->now_ms;
			if (world->now_ms - seen_ms[g] > bound && !is_ring(c))
				return "a group is nowhere";
			if (world->now_ms - once_ms[g] > twice_ms(c, &world->plan))
				return "a group is on two nodes";
		}
	}
	return world->broken == SIM_RULE_NONE ? NULL : "a rule is broken";
}

static void
tell(const Case *c, const char *what, const char *trace)
{
	static const char *const whens[CUT_N] = { "from the start", "at the return", "before the return", "in operation" };
	g_autoptr(GString) dead = g_string_new(NULL);

	for (guint i = 0; i < N_LANES; i++)
		if (c->lanes >> i & 1)
			g_string_append_printf(dead, " %c>%c", 'a' + lanes[i].from, 'a' + lanes[i].to);
	g_test_message("%s: without%s %s, node %c, fail-back %d, fencing %d, backward %d\n%s", what, dead->str,
	               whens[c->when], 'a' + (int)c->who, c->failback, c->fencing, c->backward, trace);
	g_test_fail();
}

static void
try_case(SimWorld *world, const Case *c)
{
	g_autoptr(GString) trace = g_string_new(NULL);
	const char *what;
	SimPlan plan;

	plan_case(&plan, c);
	world->trace = trace;
	sim_world_begin(world, &plan);
	what = watch(world, c);
	world->trace = NULL;
	if (what != NULL)
		tell(c, what, trace->str);
}

static void
try_lanes(SimWorld *world, Case c)
{
	for (c.when = 0; c.when < CUT_N; c.when++)
		for (c.who = 0; c.who < (is_return(&c) ? N_NODES : 1); c.who++)
			for (guint f = 0; f < (n_bits(c.lanes) > 2 ? 1 : 3); f++)
				for (guint b = 0; b < 2 && !g_test_failed(); b++) {
					c.failback = (HbFailback)f;
					c.backward = b != 0;
					try_case(world, &c);
				}
}

void
lanes_of(gconstpointer fencing)
{
	SimWorld *world = sim_world_new();

	for (guint dead = 1; dead < 1u << N_LANES; dead++)
		if (n_bits(dead) <= 3)
			try_lanes(world, (Case){ .lanes = dead, .fencing = fencing != NULL });
	sim_world_free(world);
}
