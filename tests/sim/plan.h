/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.h - one history before it happens: the configuration, the weather and the recorded actions.
 *
 * A pure function of seed and number of nodes; shrinking takes away from it. The dice thrown while the
 * plan runs (loss, durations of scripts) come from .seed as well, so that a plan is a history.
 */
#ifndef HB_SIM_PLAN_H
#define HB_SIM_PLAN_H

#include "conf/config.h"
#include "sim/rng.h"

#define SIM_NODES_MAX     5
#define SIM_GROUPS_MAX    4
#define SIM_RESOURCES_MAX 3
#define SIM_MEDIA_MAX     2
#define SIM_ACTIONS_MAX   64
#define SIM_VARIANTS      4     /* of haresources; 0 is the one to start with */
#define SIM_ALL           0xff  /* instead of one node, group or medium */

typedef enum {
#define X(id, word, text) SIM_FAULT_##id,
#include "sim/faults.def"
#undef X
	SIM_FAULT_N
} SimFault;

typedef enum {
#define X(id, word, fair, text) SIM_ACT_##id,
#include "sim/actions.def"
#undef X
	SIM_ACT_N
} SimActionKind;

typedef struct {
	gint64 at_ms;
	SimActionKind kind;
	guint8 node;
	guint8 other;
	guint8 medium;
	guint32 arg;
	gint64 ms;
} SimAction;

/* permille, while the faults last */
typedef struct {
	guint loss[SIM_NODES_MAX][SIM_NODES_MAX][SIM_MEDIA_MAX];
	guint reorder;
	guint duplicate;
	guint bad[SIM_NODES_MAX][3];    /* by HbVerb */
	guint hang;
	guint child_lost;
	guint stray;            /* per boot and group */
	guint spurious;
} SimRates;

typedef struct {
	guint64 seed;
	/* configuration */
	gboolean joins;         /* one node is known to the others only once they have heard it: ... */
	guint joiner;           /* ... this one, anywhere in the lists of nodes */
	guint n_nodes;
	guint n_media;
	guint n_groups;
	guint n_resources[SIM_GROUPS_MAX];
	guint home[SIM_VARIANTS][SIM_GROUPS_MAX];       /* [][place in pool]: node */
	guint order[SIM_VARIANTS][SIM_GROUPS_MAX];      /* [][line]: place in pool */
	HbFailback failback;
	guint32 keepalive_ms;
	guint32 deadtime_ms;
	guint32 initdead_ms;
	guint32 max_rexmit_delay_ms;
	guint32 resource_timeout_ms;
	/* manners of this world */
	gint64 delay_min_ms;
	gint64 delay_max_ms;
	gint64 script_max_ms;   /* an ordinary script takes 1 .. this */
	gboolean timer_first;   /* of a timer and a packet due in the same ms */
	gboolean echo;          /* the media hand a node its own packets */
	gboolean fencing;       /* each node has a device for the others; it fails now and then */
	gint64 fence_max_ms;    /* a shot takes 1 .. this */
	guint fence_fails;      /* permille of the shots */
	guint fence_broken;     /* bit per node: its device always fails; until all is healed */
	guint fence_none;       /* bit per node: it has no device */
	gboolean fence_off;     /* whoever was shot stays off */
	gboolean probes;        /* starts ask on the wire whether anybody has the address */
	gboolean bytes;         /* messages travel as signed bytes, not as structs */
	/* weather */
	guint32 faults;         /* bit per SimFault */
	SimRates rates;
	gint64 until_ms;        /* then all is healed */
	guint n_actions;
	SimAction action[SIM_ACTIONS_MAX];
} SimPlan;

/* The plan of @seed; @n_nodes 0: the seed chooses. */
void sim_plan_make(SimPlan *plan, guint64 seed, guint n_nodes);
/* A quiet world for scenarios: groups of one node each, nothing goes wrong, all boot at once. In the last variant of
 * haresources each group has its home one node further. */
void sim_plan_quiet(SimPlan *plan, guint n_nodes, guint n_groups);
/* Gives each node a device for the others. Half of the plans become slow enough for those who wait before they shoot; some have a
 * device that never works before all is healed. */
void sim_plan_fence(SimPlan *plan);
/* Forgets the rates of @fault, and that it was there; its actions stay. */
void sim_plan_calm(SimPlan *plan, SimFault fault);
/* May nothing in it silence a node that lives? */
gboolean sim_plan_is_fair(const SimPlan *plan);
/* Do all scripts do what they are told? */
gboolean sim_plan_scripts_work(const SimPlan *plan);
/* The moment after healing by which all must be well. */
gint64 sim_plan_bound_ms(const SimPlan *plan);

const char *sim_fault_word(SimFault fault);
const char *sim_action_word(SimActionKind kind);
const char *sim_node_name(guint node);
const char *sim_group_name(guint group);

#endif
