/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/state.h"

#include "util/banned.h"

#define RESEND_SLACK_MS 10      /* a request that comes this much earlier than the asker's period still counts */

void
hb_sendq_init(HbSendq *sendq, guint64 next_seq)
{
	g_assert(next_seq >= 1);
	memset(sendq, 0, sizeof *sendq);
	sendq->next = next_seq;
	sendq->first = next_seq;
	for (guint i = 0; i < HB_HISTORY_MAX; i++)
		sendq->resent_ms[i] = G_MININT64 / 2;
}

static void
emit(HbTyped *msg, HbEffects *fx)
{
	hb_effects_add(fx, HB_FX_SEND)->u.send.msg = msg;
}

void
hb_send(HbCore *core, HbTyped *msg, HbEffects *fx)
{
	HbSendq *sendq = &core->sendq;

	msg->seq = sendq->next++;
	if (sendq->next - sendq->first > HB_HISTORY_MAX)
		sendq->first = sendq->next - HB_HISTORY_MAX;
	sendq->resent_ms[msg->seq % HB_HISTORY_MAX] = G_MININT64 / 2;
	emit(msg, fx);
}

void
hb_send_ns(HbCore *core, HbTyped *msg, HbEffects *fx)
{
	(void)core;
	emit(msg, fx);
}

void
hb_sendq_on_ack(HbCore *core, guint from, guint64 seq)
{
	if (seq < core->sendq.next && seq > core->sendq.acked[from])
		core->sendq.acked[from] = seq;
}

static void
refuse(HbCore *core, guint from, guint64 seq, HbEffects *fx)
{
	HbTyped *nak = hb_outbox_new(core, HB_MSG_NS_NAK_REXMIT, core->peer[from].name);

	nak->u.range.first_seq = seq;
	hb_send_ns(core, nak, fx);
}

void
hb_sendq_on_rexmit(HbCore *core, guint from, const HbMsgRange *range, gint64 now_ms, HbEffects *fx)
{
	HbSendq *sendq = &core->sendq;
	gint64 wait_ms = (gint64)core->config->max_rexmit_delay_ms - RESEND_SLACK_MS;
	guint64 last = MIN(range->last_seq, sendq->next - 1);
	guint n = 0;

	for (guint64 seq = range->first_seq; seq >= 1 && seq <= last && n < HB_REXMIT_BATCH_MAX; seq++, n++) {
		gint64 *resent_ms = &sendq->resent_ms[seq % HB_HISTORY_MAX];

		if (seq < sendq->first) {
			if (core->n_out < HB_OUTBOX_MAX / 2)
				refuse(core, from, seq, fx);
			continue;
		}
		if (now_ms - *resent_ms < wait_ms)
			continue;
		*resent_ms = now_ms;
		hb_effects_add(fx, HB_FX_RESEND)->u.resend.seq = seq;
	}
}

void
hb_sendq_forget_node(HbSendq *sendq, guint node)
{
	sendq->acked[node] = 0;
}
