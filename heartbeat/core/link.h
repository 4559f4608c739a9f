/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.h - per node and medium: was anything heard that way lately? Tells, decides nothing.
 */
#ifndef HB_CORE_LINK_H
#define HB_CORE_LINK_H

#include "core/effects.h"

struct HbCore;

void hb_link_heard(struct HbCore *core, guint node, guint medium, gint64 now_ms, HbEffects *fx);
void hb_link_time(struct HbCore *core, gint64 now_ms, HbEffects *fx);
gint64 hb_link_deadline_ms(const struct HbCore *core);
/* Name of a medium for people: its last word ("eth0" of "bcast eth0") is found by the shell; here its kind. */
const char *hb_link_name(const struct HbCore *core, guint medium);

#endif
