/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unheard.h - which of those that we hear do not hear us, and what that means: who gives us no leave, and who is about to
 * take what we hold (doc/ownership.md, "Barred" and "One-way cut").
 */
#ifndef HB_CORE_UNHEARD_H
#define HB_CORE_UNHEARD_H

#include "core/effects.h"

struct HbCore;

/* Sets .barred and .unheard of @core. */
void hb_unheard_look(struct HbCore *core, gint64 now_ms, HbEffects *fx);
/* The first member that does not hear this node, and so gives it no leave; or -1. */
int hb_unheard_barred_by(const struct HbCore *core, gint64 now_ms);
/* Of a member that holds what we hold: it takes nothing from us before it has shot us, so it has taken it on its operator's word,
 * or that of a device that lied; and nobody can tell it that we go on. */
gboolean hb_unheard_has_taken(const struct HbCore *core, guint node, gint64 now_ms);

#endif
