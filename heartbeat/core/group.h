/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * group.h - one resource group on this node: which script runs now, what follows from its end.
 *
 * At most one script per group at a time; started left to right, stopped right to left; the memory that
 * outlives the process is written before the first script of a start and after the last of a stop.
 * Whether this node should run the group at all is decided in takeover.c.
 */
#ifndef HB_CORE_GROUP_H
#define HB_CORE_GROUP_H

#include "core/effects.h"
#include "core/view.h"

struct HbCore;

/* Starts that may fail in a row before the group is given to another node. */
#define HB_START_TRIES 3
/* Stops of one resource that may fail in a row before the group counts as stuck. */
#define HB_STOP_TRIES  10

void hb_group_init(struct HbCore *core, guint g, const HbHeldGroup *held, gint64 now_ms, HbEffects *fx);
/* All others have given leave: starts the first resource. */
void hb_group_acquire(struct HbCore *core, guint g, gint64 now_ms, HbEffects *fx);
/* Stops it as soon as the script in flight has ended (a start in flight is cancelled). @why: for the log. */
void hb_group_release(struct HbCore *core, guint g, const char *why, gint64 now_ms, HbEffects *fx);
/* Runs all starts once more, so that the address is announced again. Only when up. */
void hb_group_refresh(struct HbCore *core, guint g, gint64 now_ms, HbEffects *fx);
/* The same for one resource alone, which has vanished: for everybody else the group is up all the time. Only when up. */
void hb_group_restart(struct HbCore *core, guint g, guint resource, HbEffects *fx);
/* The end of that. */
void hb_group_restarted(struct HbCore *core, guint g, HbEffects *fx);
/* @resource of it does not stay up here: stops the group, and counts it as failed here. Only when up. */
void hb_group_give_up(struct HbCore *core, guint g, guint resource, gint64 now_ms, HbEffects *fx);
/* What @resource needs has come up: that its start has failed here is no reason against this node any more. */
void hb_group_may_start(struct HbCore *core, guint g, guint resource, gint64 now_ms);
void hb_group_child(struct HbCore *core, guint32 op, HbChildResult result, gint64 now_ms, HbEffects *fx);
void hb_group_time(struct HbCore *core, guint g, gint64 now_ms, HbEffects *fx);
/* Changes the state of a group that no script is working on (IDLE, ASKING, FAILED back to IDLE). */
void hb_group_set(struct HbCore *core, guint g, HbGroupState state, gint64 now_ms);
/* Node @id, in this life of it, runs the group, or has begun to: noted unless a later tenure is known. */
void hb_group_note_owner(struct HbCore *core, guint g, guint32 id, guint64 generation, guint32 epoch);

/* What this node says about the group. */
HbClaim hb_group_claim(const struct HbCore *core, guint g);
/* Is a resource of the group, as far as is known, active here or about to be? */
gboolean hb_group_may_run(const struct HbCore *core, guint g);

#endif
