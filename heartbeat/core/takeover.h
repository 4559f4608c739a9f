/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * takeover.h - who should run a group, may this node start it, and who has to give way.
 *
 * Looked at again after every event, from what all nodes said last; no message is remembered as such. So a lost
 * message delays, but never misleads.
 * The rule of leave is in leave.h, what the nodes say in claims.h, two owners in rival.h.
 */
#ifndef HB_CORE_TAKEOVER_H
#define HB_CORE_TAKEOVER_H

#include "core/effects.h"
#include "core/view.h"

struct HbCore;

/* One decision for group @g. TRUE: something changed, look again. */
gboolean hb_takeover_decide(struct HbCore *core, guint g, gint64 now_ms, HbEffects *fx);
/* Gives group @g, which this node runs, to node @to. */
void hb_takeover_hand_over(struct HbCore *core, guint g, guint to, const char *why, gint64 now_ms, HbEffects *fx);
/* What a group waits for; @ret_node: a node index or -1. */
HbWait hb_takeover_wait(const struct HbCore *core, guint g, int *ret_node);
gint64 hb_takeover_deadline_ms(const struct HbCore *core);

#endif
