/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compat306_parts.h - what the translation of 3.0.6 is made of.
 *
 * compat306.c: what the partner says it holds, and what we say; handover306.c: stand-by, by which groups change hands;
 * legacy306.c: auto_failback legacy, where each node asks for its own.
 */
#ifndef HB_CORE_COMPAT306_PARTS_H
#define HB_CORE_COMPAT306_PARTS_H

#include "core/compat306.h"
#include "core/state.h"

#define HB_306_ANSWER_MS  10000         /* spec 7.5 */
#define HB_306_WORK_MS    3600000
#define HB_306_AGAIN_MS   1000

gboolean hb_306_is_nice(const HbCore *core);    /* not legacy */
/* Which bundle group @g belongs to, seen from @node. */
HbHold hb_306_bundle(const HbCore *core, guint g, guint node);
/* Says anew, in our own terms, what the partner has. */
void hb_306_set_words(HbCore *core, guint partner);
/* May a group of @what (seen from us) run here? */
gboolean hb_306_any_here(const HbCore *core, HbHold what);
void hb_306_say_resource(HbCore *core, HbHold hold, gboolean stable, HbInfo info, HbEffects *fx);

/* A "done" is said by the giver when its stops have ended, and by the taker when it has started all. Who has what it speaks
 * of is no giver; who has just said, as a taker does before, that it is settled and holds the other side's, neither. */
gboolean hb_306_may_have_given(const Hb306 *compat, HbHold what);
void hb_306_partner_done(HbCore *core, guint from, HbHold what, gint64 now_ms, HbEffects *fx);
void hb_306_go_on_with_handover(HbCore *core, guint partner, gint64 now_ms, HbEffects *fx);
/* auto_failback on: the node that holds what stands under the partner's name starts the hand-over. */
void hb_306_try_failback(HbCore *core, guint partner, gint64 now_ms, HbEffects *fx);

/* Legacy: each node always runs its own groups, and gets them by asking. */
HbWord hb_306_word_legacy(const HbCore *core, guint g, guint partner);
void hb_306_ask_for_own_groups(HbCore *core, gint64 now_ms, HbEffects *fx);
void hb_306_step_legacy(HbCore *core, guint partner, gint64 now_ms, HbEffects *fx);

#endif
