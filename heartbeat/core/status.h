/* SPDX-License-Identifier: GPL-2.0-or-later */
/* status.h - the status: all that this node says of itself, its groups and the others (doc/hb4-extensions.md). */
#ifndef HB_CORE_STATUS_H
#define HB_CORE_STATUS_H

#include "core/effects.h"

struct HbCore;

/* Is it time for one, or has something changed? */
gboolean hb_status_is_due(const struct HbCore *core, gint64 now_ms);
void hb_status_send(struct HbCore *core, gint64 now_ms, HbEffects *fx);

#endif
