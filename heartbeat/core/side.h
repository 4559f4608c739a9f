/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * side.h - which side of a cut this node is on, and how long that side waits before it shoots.
 *
 * Pure, reads only. All nodes come to answers that fit together: of the sides of one cut at most one shoots, as long as their
 * verdicts are not further apart than half a deadtime, and the one that goes first is done within the step.
 */
#ifndef HB_CORE_SIDE_H
#define HB_CORE_SIDE_H

#include <glib.h>

struct HbCore;

typedef struct {
	gboolean is_first;      /* more than half of the nodes that may live, or half of them and the lowest id of all; not weak */
	gint64 wait_ms;         /* from the moment when a node of the other side counts as lost */
	const char *why;        /* why it waits, as a clause; NULL where it is first */
	gint64 turn_ms;         /* and more for this node, unless it needs the shot: the others of its side are there too */
} HbSide;

HbSide hb_side_of(const struct HbCore *core);
/* Are those in touch with this node, and hearing it, more than half without @node? */
gboolean hb_side_outnumbers(const struct HbCore *core, guint node);

#endif
