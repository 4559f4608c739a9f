/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/dispatch.h"

#include <string.h>

#include "core/link.h"
#include "core/member.h"
#include "core/node.h"
#include "core/state.h"

#include "util/banned.h"

#define ACK_EVERY 10            /* spec 5.5 */
#define ASKS_PER_STEP 16        /* the rest in the next turn: one burst must not hold up the keepalive */

static HbMsgHandler on_other;

/* A row without its hb_on_...() does not link. */
static HbMsgHandler *const handlers[HB_MSG_N_TYPES] = {
#define X(id, handler, name, text) [HB_MSG_##id] = hb_on_##handler,
#include "wire/msgtypes.def"
#undef X
	[HB_MSG_OTHER] = on_other,
};

/* What API clients are shown of a message for this node; 0: nothing. Of a status its handler decides. */
static const guint8 treatment[HB_MSG_N_TYPES] = {
	[HB_MSG_NS_REXMIT] = HB_TREAT_PROTOCOL,
	[HB_MSG_STARTING] = HB_TREAT_KEEP,
	[HB_MSG_RESOURCE] = HB_TREAT_KEEP,
	[HB_MSG_ASK_RESOURCES] = HB_TREAT_KEEP,
	[HB_MSG_IP_REQUEST] = HB_TREAT_KEEP,
	[HB_MSG_IP_REQUEST_RESP] = HB_TREAT_KEEP,
	[HB_MSG_HB_TAKEOVER] = HB_TREAT_KEEP,
	[HB_MSG_SHUTDONE] = HB_TREAT_KEEP,
	[HB_MSG_STONITH] = HB_TREAT_KEEP,
	[HB_MSG_ADDNODE] = HB_TREAT_KEEP,
	[HB_MSG_DELNODE] = HB_TREAT_KEEP,
	[HB_MSG_OTHER] = HB_TREAT_KEEP,
};

void
hb_deliver(const HbPeer *peer, const HbTyped *msg, HbTreatment how, HbEffects *fx)
{
	HbEffect *effect = hb_effects_add(fx, HB_FX_DELIVER);

	effect->u.deliver.msg = msg;
	effect->u.deliver.treatment = how;
	effect->u.deliver.complete = peer ? hb_order_complete(&peer->order) : G_MAXUINT64;
}

/* Not an error: it belongs to some API client, or to a script of that name. */
static void
on_other(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	(void)from, (void)now_ms;
	hb_notify_rc(core, msg, fx);
}

/* Refusals are told at the first, 2nd, 4th, 8th ... time: a flood must not become a flood of lines. */
static gboolean
worth_telling(guint64 count)
{
	return (count & (count - 1)) == 0;
}

static int
sender_index(HbCore *core, const HbTyped *msg, HbEffects *fx)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (strcmp(core->peer[i].name, msg->src) == 0)
			return (int)i;
	/* Where others may join it is no fault (node.c). */
	if (worth_telling(++core->rx_unknown_node) && core->config->autojoin == HB_AUTOJOIN_NONE)
		hb_say(fx, HB_SAY_NODE_UNKNOWN, msg->src, NULL, NULL, 0);
	return -1;
}

/*
 * A generation that went back is a replay, or a node whose disk was restored from an old image; one that stayed while the
 * numbers went back is a replay, or a node that lost its disk. The wall clock in the message tells them apart, and
 * only a node that is not a member may come back so, whatever it has become meanwhile: the others count it as
 * its former life until its deadtime is over.
 */
static gboolean
is_restored_node(const HbPeer *peer, const HbTyped *msg)
{
	if (msg->type != HB_MSG_STATUS || hb_peer_is_alive(peer->state) || msg->ts < peer->ts)
		return FALSE;
	/* Within one second of the clock only the first word of a life cannot be a late one of the life before. */
	return msg->ts > peer->ts ||
	       (msg->generation == peer->generation && msg->u.status.st == HB_ST_INIT);
}

static void
forget_stream(HbPeer *peer, guint64 generation)
{
	peer->generation = generation;
	peer->status_seq = 0;
	peer->acked = 0;
	peer->echo_seq = 0;
	peer->leaving = FALSE;
	peer->barred = FALSE;
	peer->settling = FALSE;
	peer->deaf_since_ms = -1;
	hb_member_forget_hearsay(peer);
	hb_order_reset(&peer->order);
	for (guint g = 0; g < HB_GROUPS_MAX; g++)
		peer->word[g] = (HbWord){ .known = peer->word[g].known, .epoch = peer->word[g].epoch };
}

typedef enum {
	GENERATION_SAME,
	GENERATION_NEW,         /* first heard, or restarted; only a status tells */
	GENERATION_REFUSED
} Generation;

static Generation
judge_generation(HbCore *core, HbPeer *peer, const HbTyped *msg, HbEffects *fx)
{
	if (msg->generation == peer->generation && (msg->seq >= peer->status_seq || !is_restored_node(peer, msg)))
		return GENERATION_SAME;
	if (msg->generation < peer->generation && !is_restored_node(peer, msg)) {
		if (worth_telling(++core->rx_ghost))
			hb_say(fx, HB_SAY_NODE_GHOST, peer->name, NULL, NULL, 0);
		return GENERATION_REFUSED;
	}
	/* A new stream begins with a status; what comes before it is of no use. */
	if (msg->type != HB_MSG_STATUS)
		return GENERATION_REFUSED;
	if (peer->generation != 0)
		hb_say(fx, HB_SAY_NODE_RESTARTED, peer->name, NULL, NULL, 0);
	forget_stream(peer, msg->generation);
	return GENERATION_NEW;
}

static gboolean
accept_number(HbCore *core, HbPeer *peer, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	switch (hb_order_accept(&peer->order, msg->seq, core->config->max_rexmit_delay_ms, now_ms, &core->rng)) {
	case HB_ORDER_NEW:
		return TRUE;
	case HB_ORDER_LOST_MANY:
		hb_say(fx, HB_SAY_LOST_MANY, peer->name, NULL, NULL, 0);
		return TRUE;
	case HB_ORDER_STALE:
		core->rx_stale++;
		hb_deliver(peer, msg, HB_TREAT_DROP, fx);
		return FALSE;
	case HB_ORDER_DUPLICATE:
	default:
		hb_deliver(peer, msg, HB_TREAT_DUPLICATE, fx);
		return FALSE;
	}
}

static void
acknowledge(HbCore *core, HbPeer *peer, HbEffects *fx)
{
	guint64 complete = hb_order_complete(&peer->order);
	guint64 due = complete - (complete + ACK_EVERY - peer->ack_trigger) % ACK_EVERY;
	HbTyped *ack;

	if (due <= peer->acked || due > complete || due == 0)
		return;
	peer->acked = due;
	ack = hb_outbox_new(core, HB_MSG_NS_ACKMSG, peer->name);
	ack->u.range.last_seq = due;
	hb_send_ns(core, ack, fx);
}

/* By name or by uuid: a partner may still know the uuid of our former disk, or our name in another case. */
static gboolean
is_for_us(const HbCore *core, const HbTyped *msg)
{
	if (msg->dest[0] == '\0' || g_ascii_strcasecmp(msg->dest, core->peer[core->config->self].name) == 0)
		return TRUE;
	return msg->has_dest_uuid && memcmp(msg->dest_uuid, core->uuid, HB_UUID_LEN) == 0;
}

void
hb_dispatch_packet(HbCore *core, guint medium, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	HbPeer *peer;
	int from;

	g_assert(msg->type < HB_MSG_N_TYPES);
	g_assert(medium < core->config->n_media);
	if (msg->type == HB_MSG_NS_ST) {
		hb_member_ping_heard(core, msg, now_ms, fx);
		return;
	}
	from = sender_index(core, msg, fx);
	if (from < 0) {
		hb_node_stranger(core, msg, now_ms, fx);
		return;
	}
	peer = &core->peer[from];
	if ((guint)from == core->config->self) {
		if (msg->generation == core->generation)
			hb_link_heard(core, (guint)from, medium, now_ms, fx);
		hb_deliver(NULL, msg, HB_TREAT_DUPLICATE, fx);
		return;
	}
	if (judge_generation(core, peer, msg, fx) == GENERATION_REFUSED)
		return;
	hb_link_heard(core, (guint)from, medium, now_ms, fx);
	if (msg->seq != 0) {
		if (accept_number(core, peer, msg, now_ms, fx))
			acknowledge(core, peer, fx);
		/* Of a node that was given up another message may come first, and count for the beginning: a status that is news is
		 * a sign of life all the same. */
		else if (msg->type != HB_MSG_STATUS || msg->seq <= peer->status_seq)
			return;
	}
	/* Of a message with impossible fields only the number is true. */
	if (msg->type == HB_MSG_INVALID)
		return;
	if (!is_for_us(core, msg)) {
		hb_deliver(peer, msg, HB_TREAT_DROP, fx);
		return;
	}
	if (treatment[msg->type] != 0)
		hb_deliver(peer, msg, treatment[msg->type], fx);
	handlers[msg->type](core, (guint)from, msg, now_ms, fx);
}

void
hb_dispatch_time(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	guint n = 0;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		HbPeer *peer = &core->peer[i];
		guint64 seq;

		while (hb_peer_is_alive(peer->state) && n < ASKS_PER_STEP &&
		       (seq = hb_order_due(&peer->order, core->config->max_rexmit_delay_ms, now_ms)) != 0) {
			HbTyped *ask = hb_outbox_new(core, HB_MSG_NS_REXMIT, peer->name);

			ask->u.range.first_seq = seq;
			ask->u.range.last_seq = seq;
			hb_send_ns(core, ask, fx);
			n++;
		}
	}
}

gint64
hb_dispatch_deadline_ms(const HbCore *core)
{
	gint64 deadline_ms = G_MAXINT64;

	for (guint i = 0; i < core->config->n_nodes; i++)
		if (hb_peer_is_alive(core->peer[i].state))
			deadline_ms = MIN(deadline_ms, hb_order_deadline_ms(&core->peer[i].order));
	return deadline_ms;
}
