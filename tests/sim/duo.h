/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * duo.h - two machines and the wire between them: one runs our core, the other 3.0.6 as old306.h plays it.
 *
 * The first broken rule stays in .broken. Groups are called by their place in the first haresources, on both machines.
 */
#ifndef HB_SIM_DUO_H
#define HB_SIM_DUO_H

#include "core/core.h"
#include "sim/old306.h"

#define DUO_GROUPS      3
#define DUO_RESOURCES   2
#define DUO_PENDING_MAX 512
#define DUO_SCRIPTS_MAX 8
#define DUO_FILES       2       /* haresources before and after a reload */

/* Where a group has to run, in duo_expect(). */
typedef enum {
	DUO_OURS,
	DUO_OLD,
	DUO_HOME,
	DUO_ANY
} DuoPlace;

typedef struct {
	gint64 at_ms;
	guint64 order;
	gboolean to_ours;
	guint life;             /* of the receiver */
	HbTyped *msg;
} DuoPacket;

typedef struct {
	guint32 op;             /* 0: free */
	guint group, resource;
	HbVerb verb;
	HbChildResult result;
	gint64 ends_ms;
} DuoScript;

typedef struct {
	guint ours;             /* index of the node that runs the core */
	HbFailback failback;
	gint64 script_max_ms;
	gint64 now_ms;
	SimRng rng;

	HbNodeConf nodes[2];
	HbMediumConf media[1];
	HbResourceConf resources[DUO_GROUPS][DUO_RESOURCES];
	HbGroupConf groups[DUO_FILES][DUO_GROUPS];
	HbConfig config[DUO_FILES][2];
	guint file;             /* of ours */

	HbCore *core;
	guint life;
	guint64 generation, next_seq;
	HbHeldGroup held[DUO_GROUPS];
	gboolean may_run[DUO_GROUPS][DUO_RESOURCES], is_up[DUO_GROUPS][DUO_RESOURCES];
	DuoScript script[DUO_SCRIPTS_MAX];
	guint fails;            /* so many starts here fail from now on */
	HbTyped *history[OLD306_HISTORY_MAX];

	Old306 *old;
	guint old_life;

	gboolean cut;
	gint64 cut_ms;          /* since when */
	gint64 last_arrival_ms[2];
	guint64 order;
	guint n_pending;
	DuoPacket pending[DUO_PENDING_MAX];

	/* why two may run the same now: until then */
	gint64 excused_ms;
	guint64 steps_in_ms;
	gboolean trace;
	char broken[256];
} Duo;

Duo *duo_new(guint ours, HbFailback failback, gint64 script_max_ms, guint64 seed);
void duo_free(Duo *duo);

/* Time goes on. */
void duo_pass(Duo *duo, gint64 ms);
/* Within @ms each group runs exactly once, at its place, all of it; and for 20 s nothing changes after that. */
void duo_expect(Duo *duo, const DuoPlace place[DUO_GROUPS], gint64 ms);
void duo_expect_all(Duo *duo, DuoPlace place, gint64 ms);
/* The same anywhere; what comes before it may come and go: 3.0.6 may still have its own restart before it. */
void duo_settle(Duo *duo, gint64 ms);
gboolean duo_is_at(const Duo *duo, const DuoPlace place[DUO_GROUPS]);
gboolean duo_runs_ours(const Duo *duo, guint group);
guint duo_home(const Duo *duo, guint group);

/* Ours: power on or off, hb-node replaced, orderly stop, orders, reload with the other file. */
void duo_boot(Duo *duo);
void duo_crash(Duo *duo);
void duo_replace(Duo *duo);
void duo_stop(Duo *duo);
void duo_standby(Duo *duo, HbHold what);
void duo_takeover(Duo *duo, HbHold what, gboolean force);
gboolean duo_reload(Duo *duo);
/* A resource of a group that is up on ours is gone without a stop. */
void duo_vanish(Duo *duo, guint group, guint resource);

void duo_old_boot(Duo *duo);
void duo_old_crash(Duo *duo);
void duo_old_stop(Duo *duo);
void duo_cut(Duo *duo, gboolean cut);

#endif
