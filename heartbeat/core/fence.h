/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence.h - when to fence a node, what waits for it, and what a failure means.
 *
 * While a node is dead, and the device of this node has not confirmed that it is off, no group is acquired. It is fenced
 * when something is to be started here, or without that by the side that goes first (side.h). A failure is tried again, less
 * and less often, and ends with the return of the node.
 * Where this node has no device for the other the deadtime alone decides (level best-effort).
 */
#ifndef HB_CORE_FENCE_H
#define HB_CORE_FENCE_H

#include <glib.h>

#include "core/effects.h"

struct HbCore;
struct HbPeer;

/* Must the start of group @g wait? If so, whoever is silent is being fenced. */
gboolean hb_fence_holds_up(struct HbCore *core, guint g, gint64 now_ms, HbEffects *fx);
/* Dead, heard by no member, with a device that has not confirmed yet: nobody knows what runs there. */
gboolean hb_fence_is_due(const struct HbCore *core, guint node);
/* What this node says of its part in that: NONE, LOST, SHOT or MISSED. */
HbFate hb_fence_word(const struct HbCore *core, guint node);
/* The node that take-overs wait for, or -1. */
int hb_fence_waits_for(const struct HbCore *core);
/* In how many ms this node shoots at @node; 0: its device is at work, or another node shoots. @ret_why: why not at once, or NULL. */
gint64 hb_fence_in_ms(const struct HbCore *core, guint node, const char **ret_why);
/* @node has been declared dead: says to the cluster, as 3.0.6 does, where nothing will be done about it. */
void hb_fence_died(struct HbCore *core, guint node, HbEffects *fx);
void hb_fence_ended(struct HbCore *core, guint32 op, HbFenceVerdict verdict, gint64 now_ms, HbEffects *fx);
/* The node of @peer is removed: who is no node of the cluster is not shot at. */
void hb_fence_forget(struct HbPeer *peer, HbEffects *fx);
/* At the beginning of the decisions of each step: who is back is not fenced any more, who is lost by the first side is. */
void hb_fence_step(struct HbCore *core, gint64 now_ms, HbEffects *fx);
gint64 hb_fence_deadline_ms(const struct HbCore *core);

#endif
