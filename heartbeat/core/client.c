/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/client.h"

#include <string.h>

#include "core/compat306.h"
#include "core/core.h"
#include "core/member.h"
#include "core/standby.h"
#include "core/state.h"

#include "util/banned.h"

/* As it was written, with a number of ours: clients and scripts on the other nodes read it. */
static void
pass_on(HbCore *core, const HbTyped *msg, HbEffects *fx)
{
	HbTyped *out = hb_outbox_new(core, HB_MSG_OTHER, msg->dest[0] != '\0' ? msg->dest : NULL);

	out->raw = msg->raw;
	hb_send(core, out, fx);
	/* Hooks on this node hear what it says itself, as in 3.0.6. */
	if (out->dest[0] == '\0' || g_ascii_strcasecmp(out->dest, hb_self(core)->name) == 0)
		hb_notify_rc(core, out, fx);
}

/*
 * ipfail says ask_resources, as hb_standby does: an order to this node. A partner that runs 3.0.6 gets it as part of
 * the hand-over, when that begins; ours take no notice of it and show it to their clients.
 */
void
hb_client_send(HbCore *core, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	gboolean is_order = msg->type == HB_MSG_ASK_RESOURCES || msg->type == HB_MSG_HB_TAKEOVER;

	if (msg->raw != NULL && (!is_order || hb_306_partner(core) < 0))
		pass_on(core, msg, fx);
	if (is_order)
		hb_standby_fifo(core, msg, now_ms, fx);
}

/* Nothing is under way here, nor on another node of ours, as far as it has said. */
static gboolean
is_settled(const HbCore *core)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		if (i == core->config->self || !hb_node_is_member(core, i))
			continue;
		for (guint g = 0; g < core->config->n_groups; g++) {
			HbClaim claim = core->peer[i].word[g].claim;

			if (claim == HB_CLAIM_WANTED || claim == HB_CLAIM_STARTING || claim == HB_CLAIM_RELEASING)
				return FALSE;
		}
	}
	return hb_306_is_stable(core);
}

/* 3.0.6 says it at the end of each hand-over, on both sides, whatever has become of it. */
void
hb_client_tell_hold(HbCore *core, HbEffects *fx)
{
	HbTyped *msg;

	if (core->config->failback == HB_FAILBACK_LEGACY || core->leaving || hb_306_partner(core) >= 0)
		return;
	if (!is_settled(core)) {
		core->told_hold = FALSE;
		return;
	}
	if (core->told_hold)
		return;
	core->told_hold = TRUE;
	msg = hb_outbox_new(core, HB_MSG_RESOURCE, NULL);
	msg->u.resource = (HbMsgResource){
		.hold = hb_306_hold(core), .full = TRUE, .stable = HB_STABLE_YES, .info = HB_INFO_NONE
	};
	hb_send(core, msg, fx);
}

guint
hb_core_n_unacked(const HbCore *core)
{
	guint64 most = 0;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];
		guint64 seen = MAX(core->sendq.acked[i] + 1, peer->since_seq);

		if (i == core->config->self || !hb_peer_is_alive(peer->state) || core->sendq.next <= seen)
			continue;
		most = MAX(most, core->sendq.next - seen);
	}
	return (guint)MIN(most, G_MAXUINT);
}
