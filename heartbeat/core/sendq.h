/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sendq.h - our own numbered stream: numbers, acknowledgements, retransmission (doc/wire-protocol.md 5.4, 5.5).
 *
 * The bytes of the last HB_HISTORY_MAX messages are kept by the shell; here it is only decided which of
 * them goes out again. A number is taken nowhere else.
 */
#ifndef HB_CORE_SENDQ_H
#define HB_CORE_SENDQ_H

#include <glib.h>

#include "core/effects.h"

#define HB_REXMIT_BATCH_MAX 50          /* messages per request */

typedef struct {
	guint64 next;                   /* the number of the next message, from 1 */
	guint64 first;                  /* the oldest of this process that can be sent again */
	guint64 acked[HB_NODES_MAX];    /* by node index: what that node has acknowledged */
	gint64 resent_ms[HB_HISTORY_MAX];
} HbSendq;

struct HbCore;

void hb_sendq_init(HbSendq *sendq, guint64 next_seq);
/* Numbers @msg (out of the outbox) and sends it. */
void hb_send(struct HbCore *core, HbTyped *msg, HbEffects *fx);
/* Sends a message of an NS_ type, without a number. */
void hb_send_ns(struct HbCore *core, HbTyped *msg, HbEffects *fx);

void hb_sendq_on_ack(struct HbCore *core, guint from, guint64 seq);
void hb_sendq_on_rexmit(struct HbCore *core, guint from, const HbMsgRange *range, gint64 now_ms, HbEffects *fx);
/* A node restarted: what it had acknowledged counts no more. */
void hb_sendq_forget_node(HbSendq *sendq, guint node);

#endif
