/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rival.h - another member holds a group that is held here: after a cut, a freeze, a lost fight for the CPU. One
 * of the two gives way; the other goes on without a gap and announces its address again.
 */
#ifndef HB_CORE_RIVAL_H
#define HB_CORE_RIVAL_H

#include "core/state.h"

/*
 * A 3.0.6 that saw us dead restarts itself within this time and lets go of all. One that did not will hold what it
 * holds until an operator comes: then we are the one to give way.
 */
#define HB_RIVAL_306_MS 6000

/* For a group that is UP or STARTING here. TRUE: something changed, look again. */
gboolean hb_rival_settle(HbCore *core, guint g, gint64 now_ms, HbEffects *fx);

/*
 * Do two members hold it that do not hear each other? They cannot settle it between them, so whoever hears both, and does not
 * hold it, says who is to go on (group->keeper_id). Called in each step.
 */
void hb_rival_look(HbCore *core, guint g);

#endif
