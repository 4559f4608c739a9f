/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.h - the machines, what is really up on them, and what lies between them.
 *
 * Times are virtual ms of the world, but where a name says own_ms: that is the clock of one machine.
 * Each part is changed by the file named above it.
 */
#ifndef HB_SIM_WORLD_H
#define HB_SIM_WORLD_H

#include "core/core.h"
#include "sim/conf.h"
#include "sim/message.h"
#include "sim/plan.h"
#include "sim/queue.h"
#include "sim/rng.h"

#define SIM_SCRIPTS_MAX   16
#define SIM_STATES_TEXT   160

typedef enum {
	SIM_RULE_NONE,
#define X(id, word, text) SIM_RULE_##id,
#include "sim/rules.def"
#undef X
	SIM_RULE_N
} SimRule;

typedef enum {
	SIM_DOWN,
	SIM_HALF,       /* a start or stop that went wrong has left something */
	SIM_UP
} SimTruth;

/* children.c: a script at work */
typedef struct {
	gboolean used;
	guint32 op;
	guint32 life;           /* of the core that wants to hear of it */
	guint32 serial;         /* a slot is used again; the event of the one before must not end this one */
	guint8 group;           /* place in the pool, not in the file */
	guint8 resource;
	HbVerb verb;
	HbChildResult result;
	SimTruth after;
	gint64 began_ms;
} SimScript;

/* check.c: what one core has been told about another node */
typedef struct {
	guint64 generation;
	guint64 seq;
	gint64 fresh_own_ms;    /* last status that was news; -1 never */
	gint64 any_own_ms;      /* last status, also one it has seen before; -1 never */
	guint32 deadtime_ms;
	SimMessage *status;     /* the newest; NULL never */
	HbPeerState state;      /* as last seen in a view */
} SimHeard;

/* check.c: the last time a node began to start a group */
typedef struct {
	gboolean engaged;       /* and is not all down again since */
	guint32 life;
	guint32 epoch;
	gint64 at_ms;
	guint excused;          /* bit per node that it had given up rightly */
} SimTenure;

typedef struct {
	/* machine.c */
	gboolean powered;
	gboolean daemon;
	guint32 boot;           /* counts lives of the machine ... */
	guint32 daemon_life;    /* ... of its heartbeat ... */
	guint32 life;           /* ... and of its hb-node */
	guint variant;          /* of haresources in force ... */
	guint disk_variant;     /* ... and on disk */
	gboolean knows_joiner;  /* it has joined; remembered on disk, or passed on by root */
	gboolean bars_joiner;   /* it was removed by command, and may not join by itself */
	const HbConfig *loaded; /* in force */
	guint64 disk_generation;        /* 0: the file is lost */
	guint64 generation;     /* of the heartbeat that runs */
	guint64 generation_max;
	gboolean ghost;         /* runs with a generation that it has had before */
	gint64 base_ms;         /* own clock = world + base - lag */
	gint64 lag_ms;
	gint64 thaws_ms;        /* frozen until */
	gint64 scripts_thaw_ms;
	gint64 off_ms;          /* when it last lost power; -1 never */
	gint64 frozen_ms;       /* when it last was not running freely; -1 never */
	gint64 absent_ms;       /* when a freeze ended that it can have noticed; -1 never */
	gboolean leaves;        /* was told to stop */
	gint64 away_ms;         /* what a node that is shutting down stays away after its end */
	guint n_waiting;        /* packets in the sockets of a frozen node ... */
	guint n_waiting_from[SIM_NODES_MAX];    /* ... and of whom */
	/* memory that outlives hb-node */
	HbHeldGroup held[SIM_GROUPS_MAX];       /* by place in the pool */
	HbGone gone[SIM_NODES_MAX];
	guint64 next_seq;
	/* shell.c */
	HbCore *core;           /* NULL: not running */
	gboolean exits;
	gint64 timer_ms;
	guint64 first_kept;
	SimMessage *kept[HB_HISTORY_MAX];
	gint64 resent_own_ms[HB_HISTORY_MAX];
	/* children.c */
	SimScript script[SIM_SCRIPTS_MAX];
	SimTruth truth[SIM_GROUPS_MAX][SIM_RESOURCES_MAX];
	guint n_up[SIM_GROUPS_MAX];             /* resources that are not down */
	gboolean vanished[SIM_GROUPS_MAX][SIM_RESOURCES_MAX];   /* and nobody has started it since */
	guint n_starting[SIM_GROUPS_MAX];       /* start scripts at work */
	gint64 cursed_ms[SIM_GROUPS_MAX][2];    /* start, stop: fail until */
	SimRng dice;
	gint64 turned_own_ms;   /* its hb-node was at work last */
	/* fence.c */
	guint n_shots;          /* remembered on disk */
	guint32 fence_op[SIM_NODES_MAX];        /* its device at work on that node; 0: not, or cancelled */
	/* check.c */
	gboolean resumed;
	gint64 started_own_ms;
	gint64 beat_own_ms;
	gint64 beat_ms;
	guint n_sent;           /* in this keepalive ... */
	gint64 sent_ms;         /* ... which began here */
	guint32 last_op;
	guint n_spins;
	gint64 spin_ms;
	SimHeard heard[SIM_NODES_MAX];
	guint32 known_epoch[SIM_GROUPS_MAX];
	SimTenure tenure[SIM_GROUPS_MAX];
	gboolean stop_failed[SIM_GROUPS_MAX];
	gboolean stray[SIM_GROUPS_MAX];         /* up since the boot, by nobody's decision */
	gboolean gives_way[SIM_GROUPS_MAX];     /* to another owner */
	/* trace.c */
	char said[SIM_STATES_TEXT];
} SimMachine;

/* net.c */
typedef struct {
	guint8 cut[SIM_NODES_MAX][SIM_NODES_MAX][SIM_MEDIA_MAX];        /* how many cuts lie here */
	guint16 burst[SIM_NODES_MAX][SIM_NODES_MAX];                    /* permille */
	guint8 down[SIM_NODES_MAX][SIM_MEDIA_MAX];
	SimRng dice;
} SimNet;

typedef struct {
	guint64 n_steps;
	guint64 n_packets;
	guint64 n_starts;
	guint64 n_excused;      /* beginnings of a dual activity that nobody could avoid without fencing */
	guint64 n_verdicts;
	guint64 ms;
	guint64 settle_ms_max;
} SimStats;

typedef struct {
	SimPlan plan;           /* a copy: healing takes the faults out of it */
	SimConf conf;
	gint64 now_ms;
	gboolean healed;
	gboolean tells;         /* machines tell which resources are here; they do where one may vanish */
	SimMessage *arriving;   /* in this step; NULL: another event */
	SimQueue queue;
	SimMessagePool pool;
	SimNet net;
	SimMachine machine[SIM_NODES_MAX];
	/* check.c */
	gboolean operator_lies; /* he has answered for the silence of one that lives */
	gboolean pardon[SIM_GROUPS_MAX][SIM_NODES_MAX][SIM_NODES_MAX];
	gint64 dual_ms[SIM_GROUPS_MAX][SIM_NODES_MAX][SIM_NODES_MAX];   /* up twice and in touch since; -1 not */
	SimRule broken;         /* the first rule broken ends the run */
	char *broken_text;
	guint64 hash;
	SimStats stats;
	GString *trace;         /* NULL: nobody reads it */
	gboolean trace_all;
	HbEffects fx;
	HbView view;
} SimWorld;

/* world.c */
SimWorld *sim_world_new(void);
void sim_world_free(SimWorld *world);
/* Forgets the run before and gets ready for @plan. */
void sim_world_begin(SimWorld *world, const SimPlan *plan);
/* Lets happen what happens up to and including @until_ms, or to the first broken rule. */
void sim_world_run(SimWorld *world, gint64 until_ms);
/* Ends all faults and brings everybody up again. */
void sim_world_heal(SimWorld *world);

static inline SimRng
sim_dice(const SimWorld *world, guint part)
{
	return sim_rng_of(world->plan.seed, 100 + part);
}

static inline gint64
sim_own_ms(const SimWorld *world, guint node)
{
	const SimMachine *machine = &world->machine[node];

	return world->now_ms + machine->base_ms - machine->lag_ms;
}

/* Place in the pool of the group on @line of the haresources that @node has read. */
static inline guint
sim_group_of_line(const SimWorld *world, guint node, guint line)
{
	return world->plan.order[world->machine[node].variant][line];
}

#endif
