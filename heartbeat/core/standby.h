/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * standby.h - what an operator asks for: hb_standby, hb_takeover, an orderly end.
 */
#ifndef HB_CORE_STANDBY_H
#define HB_CORE_STANDBY_H

#include "core/effects.h"

struct HbCore;

/* A message that a script of this node wrote into the FIFO. */
void hb_standby_fifo(struct HbCore *core, const HbTyped *msg, gint64 now_ms, HbEffects *fx);
/* This node is not fit to hold anything: all to whoever is next in line, as by hb_standby all. */
void hb_standby_give_away(struct HbCore *core, gint64 now_ms, HbEffects *fx);
void hb_standby_shutdown(struct HbCore *core, gint64 now_ms, HbEffects *fx);
/* Called at the end of each step: goes on with an orderly end. */
void hb_standby_step(struct HbCore *core, gint64 now_ms, HbEffects *fx);
gint64 hb_standby_deadline_ms(const struct HbCore *core);

#endif
