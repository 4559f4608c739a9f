/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repair.h - a resource of a group that runs here has vanished from under it: somebody removed the address.
 *
 * It alone is started again, as long as this node's right to the group is beyond doubt; one that does not stay is
 * treated as a start that failed: the group goes to a node that can run it, if there is one.
 */
#ifndef HB_CORE_REPAIR_H
#define HB_CORE_REPAIR_H

#include "core/state.h"

/* The machine says that a resource is not here (@gone), or that it is. Of a group that does not run here it means nothing. */
void hb_repair_heard(HbCore *core, guint g, guint resource, gboolean gone, gint64 now_ms);
/* The group is up: starts what has vanished, the first of it first. */
void hb_repair_step(HbCore *core, guint g, gint64 now_ms, HbEffects *fx);
/* The start of what had vanished has ended. */
void hb_repair_ended(HbCore *core, guint g, HbChildResult result, gint64 now_ms, HbEffects *fx);

gboolean hb_repair_is_gone(const HbGroup *group, guint resource);
/* The first resource of a group that is up here, but for this one; -1: none. */
int hb_repair_missing(const HbGroup *group);

#endif
