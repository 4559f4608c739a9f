/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * takeover.h - who should run a group, may this node start it, and who has to give way.
 *
 * Looked at again after every event, from what all nodes said last; no message is remembered as such. So a lost
 * message delays, but never misleads.
 *
 * The rule of leave: a node starts a group only when every other live node of ours has said "not here,
 * and node X may start it" with X being that node. Each node gives leave to one node at a time. Hence, among
 * nodes that hear each other, a group starts on one only, whatever is lost, late or out of order.
 */
#ifndef HB_CORE_TAKEOVER_H
#define HB_CORE_TAKEOVER_H

#include "core/effects.h"
#include "core/view.h"

struct HbCore;

/* One decision for group @g. TRUE: something changed, look again. */
gboolean hb_takeover_decide(struct HbCore *core, guint g, gint64 now_ms, HbEffects *fx);
/* The node that should start group @g now, without @without (-1: nobody left out): its index or -1. */
int hb_takeover_target(const struct HbCore *core, guint g, int without);
/* Could that node start it: member, operational, staying, not failed there? */
gboolean hb_takeover_eligible(const struct HbCore *core, guint g, guint node);
/* Gives group @g, which this node runs, to node @to. */
void hb_takeover_hand_over(struct HbCore *core, guint g, guint to, const char *why, gint64 now_ms, HbEffects *fx);
/* Does no other member run it or ask for it? */
gboolean hb_takeover_undisputed(const struct HbCore *core, guint g);
/* What a group waits for; @ret_node: a node index or -1. */
HbWait hb_takeover_wait(const struct HbCore *core, guint g, int *ret_node);
/* The node that runs it as far as this node knows, or -1. */
int hb_takeover_owner(const struct HbCore *core, guint g);
gint64 hb_takeover_deadline_ms(const struct HbCore *core);

#endif
