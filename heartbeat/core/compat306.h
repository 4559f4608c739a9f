/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compat306.h - a partner that runs heartbeat 3.0.6: its protocol (doc/wire-protocol.md 7) translated into
 * the words by which ours tell each other what they hold.
 *
 * 3.0.6 knows two nodes and two bundles of groups: "local" is what stands in haresources under the speaker's
 * name, "foreign" is all else. It says what it holds before it is true; here it counts as held from the word
 * until the word that the work is done.
 */
#ifndef HB_CORE_COMPAT306_H
#define HB_CORE_COMPAT306_H

#include <glib.h>

#include "core/effects.h"

typedef enum {
	HB_306_QUIET,           /* no hand-over under way */
	HB_306_ASKED,           /* we want to give: sent "me", wait for "other" */
	HB_306_GIVING,          /* our stops run */
	HB_306_GAVE,            /* sent "done", wait for the partner's */
	HB_306_TAKING           /* partner gives: its stops run, then our starts */
} Hb306Standby;

typedef struct {
	HbHold theirs;          /* as the partner says */
	HbHold releasing;       /* said to be given up, stops may still run */
	gboolean theirs_known;
	gboolean their_stable;
	gboolean may_stop;      /* it was running when we first heard it, and may be on its way out since before */
	gboolean they_leave;    /* they said so */
	gint64 resumed_until_ms; /* the hb-node before us may have been in a hand-over, whose scripts still run there */
	gboolean they_parked;   /* they sent their local groups to us by stand-by */
	Hb306Standby standby;
	HbHold what;            /* of the hand-over, seen from its giver */
	gboolean park;          /* ours: stay away after giving */
	gboolean taken;         /* TAKING: partner is done, our starts run */
	gboolean gives;         /* TAKING: it has said that it stops what it gives */
	gboolean done_early;    /* TAKING: it has said that it is done, and still that it holds what it gives */
	gboolean may_give;      /* it was given up as a giver, and may have been slow */
	gint64 until_ms;        /* end of patience with the hand-over under way */
	gint64 again_ms;        /* when to ask again (fail-back, ip-request) */
	gboolean said;          /* a resource message went out */
	HbHold said_hold;
	gboolean said_stable;
	/* legacy mode */
	gboolean answered[HB_GROUPS_MAX];
	gboolean owes_answer[HB_GROUPS_MAX];
} Hb306;

struct HbCore;

void hb_306_heard(struct HbCore *core, guint from, gboolean first, gint64 now_ms, HbEffects *fx);
void hb_306_died(struct HbCore *core, guint node, gint64 now_ms, HbEffects *fx);
/* It says how the fencing of a node went. Of us: it has given us up, and takes all. */
void hb_306_fenced(struct HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx);
/* Groups have other indices, or are others. */
void hb_306_reloaded(struct HbCore *core, gint64 now_ms, HbEffects *fx);
/* We became operational. */
void hb_306_settled(struct HbCore *core, gint64 now_ms, HbEffects *fx);
/* Called at the end of each step: goes on with a hand-over, tells what changed. */
void hb_306_step(struct HbCore *core, gint64 now_ms, HbEffects *fx);
/* Starts a hand-over of @what (seen from us). FALSE: not possible now. @park: an operator's wish, not a fail-back. */
gboolean hb_306_give(struct HbCore *core, HbHold what, gboolean park, gint64 now_ms, HbEffects *fx);
/* Index of the member that speaks 3.0.6, or -1. */
int hb_306_partner(const struct HbCore *core);
HbHold hb_306_mirror(HbHold hold);
/* What this node holds, in the terms of 3.0.6, and whether that is settled. */
HbHold hb_306_hold(const struct HbCore *core);
gboolean hb_306_is_stable(const struct HbCore *core);
gint64 hb_306_deadline_ms(const struct HbCore *core);

#endif
