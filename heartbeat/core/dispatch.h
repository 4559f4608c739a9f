/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dispatch.h - from an authentic packet to the handler of its type: the upper rungs of the trust ladder
 * (known node, generation, link, order, addressee), then one handler per row of wire/msgtypes.def.
 */
#ifndef HB_CORE_DISPATCH_H
#define HB_CORE_DISPATCH_H

#include "core/effects.h"
#include "core/event.h"

struct HbCore;

/* @from: index of the node that sent it, never this node. */
typedef void HbMsgHandler(struct HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx);

#define X(id, handler, name, text) HbMsgHandler hb_on_##handler;
#include "wire/msgtypes.def"
#undef X

void hb_dispatch_packet(struct HbCore *core, guint medium, const HbTyped *msg, gint64 now_ms, HbEffects *fx);
/* Asks for what is missing, when it is time to ask. */
void hb_dispatch_time(struct HbCore *core, gint64 now_ms, HbEffects *fx);
gint64 hb_dispatch_deadline_ms(const struct HbCore *core);

#endif
