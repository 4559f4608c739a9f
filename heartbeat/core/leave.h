/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leave.h - to whom this node gives leave to start a group, and whose leave is still missing for this node.
 *
 * The rule: a node starts a group only when every other live node of ours has said "not here, and node X may
 * start it" with X being that node. Each node gives leave to one node at a time. Hence, among nodes that
 * hear each other, a group starts on one only, whatever is lost, late or out of order.
 */
#ifndef HB_CORE_LEAVE_H
#define HB_CORE_LEAVE_H

#include "core/state.h"

/* A node that was given leave without having asked (a hand-over) has this long to begin. */
#define HB_LEAVE_UNUSED_MS 5000

/* The first member that has not given this node leave for its present asking, or -1. */
int hb_leave_missing(const HbCore *core, guint g);
/* Gives leave where somebody asks, takes it back where it is no longer used. TRUE: something changed. */
gboolean hb_leave_give(HbCore *core, guint g, gint64 now_ms);
/* Gives leave to the node called @id (HB_ID_NONE: to nobody). TRUE: it was another before. */
gboolean hb_leave_set(HbCore *core, guint g, guint32 id, gint64 now_ms);

#endif
