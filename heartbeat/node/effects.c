/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <time.h>

#include <glib.h>

#include "log/log.h"
#include "node/api_server.h"
#include "node/effects.h"
#include "node/exec_link.h"
#include "node/loop.h"
#include "node/media.h"
#include "node/memory.h"
#include "node/send.h"
#include "wire/typedio.h"

#include "util/banned.h"

typedef void EffectFunc(HbNode *node, const HbEffect *effect);

static gboolean
is_own_status(const HbTyped *msg)
{
	return msg->type == HB_MSG_STATUS && msg->dest[0] == '\0' && msg->seq != 0;
}

/* Clients here see what was sent, with its signatures, as those on the other nodes do. */
static void
show_own(HbNode *node, const HbSealed *sealed, const HbTyped *msg)
{
	HbApi *api = hb_api_server_api(node->api);
	HbFraming framing = sealed->data[HB_FRAMING_NETSTRING] ? HB_FRAMING_NETSTRING : HB_FRAMING_STRING;
	HbFrame frame = { 0 };

	if (!hb_api_wants_sent(api, msg)
	    || hb_frame_open(sealed->data[framing], sealed->len[framing], &node->keys, &frame) != HB_FRAME_OK)
		return;
	hb_api_sent(api, msg, frame.msg);
	hb_msg_free(frame.msg);
}

static void
do_send(HbNode *node, const HbEffect *effect)
{
	const HbTyped *msg = effect->u.send.msg;
	guint32 ts = (guint32)time(NULL);
	const HbSealed *sealed;

	hb_log(HB_LOG_DEBUG, "sends %s, number %" G_GUINT64_FORMAT,
	       msg->type != HB_MSG_OTHER ? hb_msgtype_name(msg->type) : "a message", msg->seq);
	/* The next hb-node must never use a number again that may have left. */
	if (msg->seq != 0)
		hb_memory_set_next_seq(node->memory, msg->seq + 1);
	sealed = hb_sender_seal(node->sender, msg, ts, hb_loop_now_ms(node->loop));
	if (sealed)
		hb_media_write(node->media, sealed);
	if (sealed)
		show_own(node, sealed, msg);
	if (is_own_status(msg))
		hb_media_ping(node->media, ts);
}

static void
do_resend(HbNode *node, const HbEffect *effect)
{
	const HbSealed *sealed = hb_sender_find(node->sender, effect->u.resend.seq);

	if (sealed)
		hb_media_write(node->media, sealed);
}

static void
do_run(HbNode *node, const HbEffect *effect)
{
	hb_exec_link_run(node->exec, effect);
}

static void
do_cancel(HbNode *node, const HbEffect *effect)
{
	hb_exec_link_cancel(node->exec, effect->u.cancel.op);
}

static void
do_fence(HbNode *node, const HbEffect *effect)
{
	hb_exec_link_fence(node->exec, effect);
}

static void
do_holding(HbNode *node, const HbEffect *effect)
{
	hb_memory_set_group(node->memory, node->config, effect->u.holding.group, &effect->u.holding.held);
}

static void
do_gone(HbNode *node, const HbEffect *effect)
{
	hb_memory_set_gone(node->memory, node->config->nodes[effect->u.gone.node].id, &effect->u.gone.gone);
}

static void
do_node(HbNode *node, const HbEffect *effect)
{
	hb_exec_link_node(node->exec, effect);
}

static void
do_notify_rc(HbNode *node, const HbEffect *effect)
{
	hb_exec_link_notify_rc(node->exec, effect->u.notify.msg, effect->u.notify.own_st);
}

static void
do_deliver(HbNode *node, const HbEffect *effect)
{
	hb_api_deliver(hb_api_server_api(node->api), effect->u.deliver.msg, effect->u.deliver.treatment,
	               effect->u.deliver.complete);
}

static void
do_node_dead(HbNode *node, const HbEffect *effect)
{
	hb_api_node_dead(hb_api_server_api(node->api), effect->u.node_dead.name, effect->u.node_dead.is_ping);
}

static void
do_link(HbNode *node, const HbEffect *effect)
{
	hb_api_link(hb_api_server_api(node->api), effect->u.link.node, effect->u.link.name, effect->u.link.up);
}

static void
do_log(HbNode *node, const HbEffect *effect)
{
	(void)node;
	hb_log_say(effect->u.log.say, effect->u.log.node, effect->u.log.group, effect->u.log.what,
	           effect->u.log.n);
}

static void
do_settled(HbNode *node, const HbEffect *effect)
{
	(void)effect;
	hb_exec_link_active(node->exec);
	hb_log(HB_LOG_INFO, "start is over after %" G_GINT64_FORMAT " ms: this node is operational",
	       hb_loop_now_ms(node->loop) - node->started_ms);
}

static void
do_exit(HbNode *node, const HbEffect *effect)
{
	(void)effect;
	hb_exec_link_farewell(node->exec);
}

/* A kind without its row stops the process in the first test that meets it. */
static EffectFunc *const executors[HB_FX_N] = {
	[HB_FX_SEND] = do_send,
	[HB_FX_RESEND] = do_resend,
	[HB_FX_RUN] = do_run,
	[HB_FX_CANCEL] = do_cancel,
	[HB_FX_FENCE] = do_fence,
	[HB_FX_HOLDING] = do_holding,
	[HB_FX_GONE] = do_gone,
	[HB_FX_NODE] = do_node,
	[HB_FX_NOTIFY_RC] = do_notify_rc,
	[HB_FX_DELIVER] = do_deliver,
	[HB_FX_NODE_DEAD] = do_node_dead,
	[HB_FX_LINK] = do_link,
	[HB_FX_LOG] = do_log,
	[HB_FX_SETTLED] = do_settled,
	[HB_FX_EXIT] = do_exit,
};

void
hb_effects_run(HbNode *node, const HbEffects *effects)
{
	g_assert(effects->n <= HB_EFFECTS_MAX);
	for (guint i = 0; i < effects->n; i++) {
		const HbEffect *effect = &effects->item[i];

		g_assert(effect->type > HB_FX_INVALID && effect->type < HB_FX_N);
		executors[effect->type](node, effect);
	}
}
