/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * member.h - who is there: start-up (initdead), life and death of the other nodes, and our own absence.
 */
#ifndef HB_CORE_MEMBER_H
#define HB_CORE_MEMBER_H

#include "core/effects.h"
#include "core/event.h"

struct HbCore;
struct HbPeer;

void hb_member_start(struct HbCore *core, const HbEvent *event, HbEffects *fx);
/* Fills a zeroed entry for a node that has not been heard. */
void hb_member_new_peer(struct HbCore *core, struct HbPeer *peer, guint32 id, gint64 now_ms);
/* What it said of others is not true any more. */
void hb_member_forget_hearsay(struct HbPeer *peer);
/* Does another member hear @node? Its last word counts. */
gboolean hb_member_is_vouched(const struct HbCore *core, guint node);
/* How long it takes at most until this node is operational; of one that is starting. */
gint64 hb_member_settles_in_ms(const struct HbCore *core, gint64 now_ms);
/* A status of @node arrived (on_status.c has judged generation and order). */
void hb_member_heard(struct HbCore *core, guint node, gboolean restarted, gint64 now_ms, HbEffects *fx);
void hb_member_said_bye(struct HbCore *core, guint node, HbEffects *fx);
void hb_member_ping_heard(struct HbCore *core, const HbTyped *msg, gint64 now_ms, HbEffects *fx);
/* Called first in each step: takes note of our own absence. */
void hb_member_absence(struct HbCore *core, gint64 now_ms, HbEffects *fx);
/* What the passing of time alone brings: late and dead nodes, end of start-up. */
void hb_member_time(struct HbCore *core, gint64 now_ms, HbEffects *fx);
/* Called last in each step: sends a status when it is time or something changed. */
void hb_member_say(struct HbCore *core, gint64 now_ms, HbEffects *fx);
/* After that, since what the groups need comes first: tells the scripts in rc.d who has died in this step. */
void hb_member_tell(struct HbCore *core, HbEffects *fx);
gint64 hb_member_deadline_ms(const struct HbCore *core);

#endif
