/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * on_stream.c - handlers of what keeps the numbered streams whole, and of the questions about who is configured.
 */
#include <string.h>

#include "core/dispatch.h"
#include "core/member.h"
#include "core/state.h"

#include "util/banned.h"

void
hb_on_ackmsg(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	(void)now_ms, (void)fx;
	hb_sendq_on_ack(core, from, msg->u.range.last_seq);
}

void
hb_on_rexmit(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	hb_sendq_on_rexmit(core, from, &msg->u.range, now_ms, fx);
}

void
hb_on_nak_rexmit(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	(void)now_ms;
	if (hb_order_give_up(&core->peer[from].order, msg->u.range.first_seq))
		hb_say(fx, HB_SAY_REXMIT_LOST, core->peer[from].name, NULL, NULL,
		       (gint64)msg->u.range.first_seq);
}

/* A 3.0.6 node stays below "active" until it has the answer, and drops every node that is not in it. */
void
hb_on_reqnodes(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	HbTyped *answer = hb_outbox_new(core, HB_MSG_REPNODES, core->peer[from].name);

	(void)msg, (void)now_ms;
	for (guint i = 0; i < core->config->n_nodes; i++)
		core->names[i] = core->peer[i].name;
	answer->names = core->names;
	answer->n_names = core->config->n_nodes;
	hb_send(core, answer, fx);
}

/* Never reached: a ping node has no stream, dispatch takes its messages out before. */
void
hb_on_ns_st(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	(void)from;
	hb_member_ping_heard(core, msg, now_ms, fx);
}

/* What is sent is for clients and for 3.0.6; where nothing was fenced there is nothing to tell an operator. */
static const struct {
	const char *result, *words;
} fencing_words[] = {
	{ "n_stnth", NULL },    /* no device */
	{ "unneeded", NULL },   /* it held nothing */
	{ "badhost", "the device of another node cannot fence it" },
	{ "bad", "failed at another node" },
};

void
hb_on_stonith(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	const char *words = msg->u.stonith.result;

	for (guint n = 0; n < G_N_ELEMENTS(fencing_words); n++)
		if (strcmp(msg->u.stonith.result, fencing_words[n].result) == 0)
			words = fencing_words[n].words;
	if (words != NULL)
		hb_say(fx, HB_SAY_STONITH_RESULT, msg->u.stonith.node, NULL, words, 0);
	hb_306_fenced(core, from, msg, now_ms, fx);
}

/* All its resources are down: what it held may be started at once, nobody waits for its deadtime. */
void
hb_on_shutdone(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	HbTyped *ack;

	(void)now_ms;
	hb_member_said_bye(core, from, fx);
	/* It waits for this before it ends. */
	ack = hb_outbox_new(core, HB_MSG_NS_ACKMSG, core->peer[from].name);
	ack->u.range.last_seq = msg->seq;
	hb_send_ns(core, ack, fx);
}
