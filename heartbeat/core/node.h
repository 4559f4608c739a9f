/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node.h - nodes that come into the cluster and go out of it while it runs (doc/wire-protocol.md 4.1, 6.7).
 *
 * The core decides, and asks for a configuration with other nodes (effect NODE); that comes back as RELOAD.
 */
#ifndef HB_CORE_NODE_H
#define HB_CORE_NODE_H

#include "core/effects.h"
#include "core/event.h"

struct HbCore;

/* An authentic message came from a node that this configuration does not have. */
void hb_node_stranger(struct HbCore *core, const HbTyped *msg, gint64 now_ms, HbEffects *fx);
/* hb_addnode or hb_delnode on this node. */
void hb_node_command(struct HbCore *core, const HbTyped *msg, HbEffects *fx);
/* Remembers by which uuid a node is known. */
void hb_node_learn_uuid(struct HbCore *core, guint node, const HbTyped *msg, HbEffects *fx);
/* Why the nodes of @config cannot be taken now; NULL: they can. */
const char *hb_node_blocked(const struct HbCore *core, const HbConfig *config);
/* Takes the nodes of @config, just before it is in force: those that stay keep all that is known of them. */
void hb_node_retable(struct HbCore *core, const HbConfig *config, gint64 now_ms, HbEffects *fx);

#endif
