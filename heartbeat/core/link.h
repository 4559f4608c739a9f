/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.h - per node and medium: was anything heard that way lately? Tells, decides nothing.
 */
#ifndef HB_CORE_LINK_H
#define HB_CORE_LINK_H

#include "core/effects.h"

struct HbCore;

/* Takes the names of the links from the configuration: the first word of a medium's line, as in 3.0.6. */
void hb_link_init(struct HbCore *core);
void hb_link_heard(struct HbCore *core, guint node, guint medium, gint64 now_ms, HbEffects *fx);
/* Shows it to API clients. */
void hb_link_tell(const char *node, const char *name, gboolean up, HbEffects *fx);
/* Our own link by it is up: nobody else can tell us. */
void hb_link_medium_up(struct HbCore *core, guint medium, HbEffects *fx);
/* The medium itself is gone: nobody waits for the silence of its links. */
void hb_link_medium_down(struct HbCore *core, guint medium, HbEffects *fx);
void hb_link_time(struct HbCore *core, gint64 now_ms, HbEffects *fx);
gint64 hb_link_deadline_ms(const struct HbCore *core);

#endif
