/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * group_parts.h - what the files of a group share.
 *
 * group.c: what it is told to do, and what it says of itself; group_step.c: from one state to the next; group_child.c: a
 * script has ended.
 */
#ifndef HB_CORE_GROUP_PARTS_H
#define HB_CORE_GROUP_PARTS_H

#include "core/group.h"
#include "core/state.h"

/* Hands to the process that outlives this one what a successor has to know. */
void hb_group_keep(HbCore *core, guint g, HbHeldState state, HbEffects *fx);
/* @verb of the resource whose turn it is; nothing of the group may run. */
void hb_group_run(HbCore *core, guint g, HbVerb verb, HbEffects *fx);
/* All from resource @from back to the first. */
void hb_group_begin_stop(HbCore *core, guint g, guint from, gint64 now_ms, HbEffects *fx);
void hb_group_begin_start(HbCore *core, guint g, gint64 now_ms, HbEffects *fx);
/* @resource could not be had here: it was the last that failed. */
void hb_group_failed_here(HbGroup *group, guint resource);

#endif
