/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * client.h - what API clients and scripts send to the cluster through this node (doc/client-api.md 3.1).
 */
#ifndef HB_CORE_CLIENT_H
#define HB_CORE_CLIENT_H

#include "core/effects.h"

struct HbCore;

/* @msg: an order (ask_resources, hb_takeover), or OTHER with its container. */
void hb_client_send(struct HbCore *core, const HbTyped *msg, gint64 now_ms, HbEffects *fx);

/* Says what this node holds when that has settled everywhere: clients of 3.0.6 on all nodes wait for it. Ours have it
 * from the status; to a partner that runs 3.0.6 compat306.c speaks. Called at the end of each step. */
void hb_client_tell_hold(struct HbCore *core, HbEffects *fx);

#endif
