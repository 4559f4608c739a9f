/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nodes.h - which nodes came and went since ha.cf was read, and by which uuid they are known.
 *
 * Kept as one more file of the bundle, so that hb-node and the next root process know it, and in hostcache and
 * delhostcache as 3.0.6 has them (doc/wire-protocol.md 9). hb-node decides; each change reaches it again as a reload.
 */
#ifndef HB_EXEC_NODES_H
#define HB_EXEC_NODES_H

#include "exec/supervisor.h"

/* At the start: what the files of an earlier run say, where others may join. Never fails: what cannot be read is said
 * and left out. */
void hb_nodes_load(HbExec *ex);
/* A request of hb-node that hb_policy_node() has let through. */
void hb_nodes_take(HbSupervisor *sup, const HbChannelMsg *msg);
/* The change in the channel has been taken, or not. */
void hb_nodes_answered(HbSupervisor *sup, gboolean taken);
/* No reload is in the channel any more: the next change. */
void hb_nodes_next(HbSupervisor *sup);
/* Puts the list of nodes of @from into @to in the place of its own. */
void hb_nodes_carry_over(HbBundle *to, const HbBundle *from);

#endif
