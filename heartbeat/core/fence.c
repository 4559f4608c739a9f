/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/fence.h"

#include "core/gone.h"
#include "core/member.h"
#include "core/sendq.h"
#include "core/side.h"
#include "core/state.h"

#include "util/banned.h"

#define RETRY_MS        2000
#define RETRY_MS_MAX    30000
#define IDLE_TRIES_MAX  6       /* while nothing waits for it; a device may be dead with its node */

/* Silent without having left; or it left, and lives again where only others hear it. */
static gboolean
is_dead(const HbCore *core, guint node)
{
	HbPeerState state = core->peer[node].state;

	return (state == HB_PEER_DEAD || state == HB_PEER_LEFT) && !hb_gone_is_known(core, node);
}

/* As far as anybody knows. Who asked may have been given leave by all and have begun; who was never heard may run anything;
 * 3.0.6 never says in legacy mode what it holds. */
static gboolean
may_hold(const HbCore *core, guint node, guint g)
{
	const HbPeer *peer = &core->peer[node];

	if (!peer->word[g].known)
		return peer->generation == 0;
	if (peer->kind == HB_KIND_306 && core->config->failback == HB_FAILBACK_LEGACY)
		return TRUE;
	return hb_claim_may_run(peer->word[g].claim) || peer->word[g].claim == HB_CLAIM_WANTED;
}

/* It is heard, but hears nobody: it counts us for lost, and will shoot us. Not at once: after a cut it may be heard first. */
static gboolean
is_deaf(const HbCore *core, guint node)
{
	const HbPeer *peer = &core->peer[node];

	return node != core->config->self && hb_peer_is_alive(peer->state) && !hb_gone_is_known(core, node) &&
	       core->now_ms - peer->heard_ms <= (gint64)peer->deadtime_ms / 2 &&
	       peer->hearsay[core->config->self].fate >= HB_FATE_LOST && peer->deaf_since_ms >= 0 &&
	       core->now_ms >= peer->deaf_since_ms + (gint64)peer->deadtime_ms && hb_side_outnumbers(core, node);
}

/*
 * Nobody hears it. One that another member hears is that member's business: it gives no leave for what runs there, nor to
 * two at once.
 */
static gboolean
is_lost(const HbCore *core, guint node)
{
	return (is_dead(core, node) && !hb_member_is_vouched(core, node)) || is_deaf(core, node);
}

/* A member has a device for it. */
static gboolean
is_pledged(const HbCore *core, guint node)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && hb_node_is_member(core, i) &&
		    core->peer[i].hearsay[node].fate >= HB_FATE_LOST)
			return TRUE;
	return FALSE;
}

static gboolean
is_shot_at(const HbCore *core, guint node)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && hb_node_is_member(core, i) &&
		    core->peer[i].hearsay[node].fate == HB_FATE_SHOT)
			return TRUE;
	return FALSE;
}

/* A member that asks for a group, and cannot or could not fence the node itself, needs our shot. */
static gboolean
is_asked_for(const HbCore *core, guint node)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];
		HbFate fate = peer->hearsay[node].fate;

		if (i == core->config->self || !hb_node_is_member(core, i) || fate == HB_FATE_LOST || fate == HB_FATE_SHOT)
			continue;
		for (guint g = 0; g < core->config->n_groups; g++)
			if (peer->word[g].known && peer->word[g].claim == HB_CLAIM_WANTED)
				return TRUE;
	}
	return FALSE;
}

/*
 * Whatever it said last: a node that is cut off may have given others up, fenced them and begun what it had not before. So
 * nothing is started here as long as anybody is silent of whom that could be true.
 */
gboolean
hb_fence_is_due(const HbCore *core, guint node)
{
	return is_lost(core, node) && (core->config->nodes[node].can_fence || is_pledged(core, node));
}

HbFate
hb_fence_word(const HbCore *core, guint node)
{
	const HbPeer *peer = &core->peer[node];

	if (!is_lost(core, node) || !core->config->nodes[node].can_fence)
		return HB_FATE_NONE;
	if (peer->fence.op != 0 && !peer->fence.cancelled)
		return HB_FATE_SHOT;
	return peer->fence.tries > 0 ? HB_FATE_MISSED : HB_FATE_LOST;
}

static void
tell_cluster(HbCore *core, guint node, const char *result, HbEffects *fx)
{
	HbTyped *msg = hb_outbox_new(core, HB_MSG_STONITH, NULL);

	g_strlcpy(msg->u.stonith.node, core->peer[node].name, sizeof msg->u.stonith.node);
	g_strlcpy(msg->u.stonith.result, result, sizeof msg->u.stonith.result);
	hb_send(core, msg, fx);
}

void
hb_fence_died(HbCore *core, guint node, HbEffects *fx)
{
	gboolean holds = FALSE;

	core->peer[node].fence.lost_ms = 0;
	core->peer[node].fence.retry_ms = 0;
	core->peer[node].fence.tries = 0;
	core->peer[node].fence.told = NULL;
	core->peer[node].fence.cancelled |= core->peer[node].fence.op != 0;
	for (guint g = 0; g < core->config->n_groups; g++)
		holds |= may_hold(core, node, g);
	if (!holds)
		tell_cluster(core, node, "unneeded", fx);
	else if (!core->config->nodes[node].can_fence)
		tell_cluster(core, node, "n_stnth", fx);
}

/*
 * After a cut both sides would shoot, and nobody were left. The side that goes first does so without need as well, or the other,
 * which lacks all that runs here, would come to it; of its nodes the lowest id, unless somebody waits for it. Who has a device
 * shoots for those who ask for a group and cannot.
 */
static gint64
shot_ms(const HbCore *core, guint node, gboolean needed)
{
	const HbPeer *peer = &core->peer[node];
	HbSide side = hb_side_of(core);

	if (!core->config->nodes[node].can_fence || is_shot_at(core, node))
		return G_MAXINT64;
	if (!needed && !is_asked_for(core, node) &&
	    (!side.is_first || peer->generation == 0 || peer->fence.tries >= IDLE_TRIES_MAX))
		return G_MAXINT64;
	return MAX(peer->fence.lost_ms + side.wait_ms + (needed ? 0 : side.turn_ms), peer->fence.retry_ms);
}

/* Once for each reason; how long it takes after a failure is said by failed(). */
static void
tell_wait(HbCore *core, guint node, gint64 wait_ms, HbEffects *fx)
{
	HbPeer *peer = &core->peer[node];
	const char *why = hb_side_of(core).why;

	if (why == NULL || peer->fence.told == why || peer->fence.tries > 0)
		return;
	peer->fence.told = why;
	hb_say(fx, HB_SAY_FENCE_WAITS, peer->name, NULL, why, wait_ms);
}

static void
begin(HbCore *core, guint node, gboolean needed, gint64 now_ms, HbEffects *fx)
{
	HbPeer *peer = &core->peer[node];
	gint64 at_ms = shot_ms(core, node, needed);
	HbEffect *effect;

	if (peer->fence.op == 0 && needed && at_ms > now_ms && at_ms != G_MAXINT64)
		tell_wait(core, node, at_ms - now_ms, fx);
	if (peer->fence.op != 0 || now_ms < at_ms)
		return;
	hb_say(fx, HB_SAY_FENCING, peer->name, NULL, NULL, peer->fence.tries + 1);
	effect = hb_effects_add(fx, HB_FX_FENCE);
	peer->fence.op = effect->u.fence.op = ++core->next_op;
	peer->fence.cancelled = FALSE;
	effect->u.fence.node = node;
	effect->u.fence.action = HB_FENCE_RESET;
}

gint64
hb_fence_in_ms(const HbCore *core, guint node, const char **ret_why)
{
	const HbPeer *peer = &core->peer[node];
	gint64 at_ms = shot_ms(core, node, peer->fence.needed);

	*ret_why = NULL;
	if (peer->fence.op != 0 || at_ms == G_MAXINT64)
		return 0;
	*ret_why = peer->fence.tries == 0 ? hb_side_of(core).why : NULL;
	return MAX(at_ms - core->now_ms, 0);
}

int
hb_fence_waits_for(const HbCore *core)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (hb_fence_is_due(core, i))
			return (int)i;
	return -1;
}

gboolean
hb_fence_holds_up(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	gboolean waits = FALSE;

	/* The operator answers for its silence. */
	if (now_ms < core->group[g].forced_until_ms)
		return FALSE;
	for (guint i = 0; i < core->config->n_nodes; i++) {
		if (!hb_fence_is_due(core, i))
			continue;
		core->peer[i].fence.needed = TRUE;
		begin(core, i, TRUE, now_ms, fx);
		waits = TRUE;
	}
	return waits;
}

static gint64
pause_ms(guint tries)
{
	return MIN((gint64)RETRY_MS << MIN(tries, 10), RETRY_MS_MAX);
}

static void
failed(HbCore *core, guint node, HbFenceVerdict verdict, gint64 now_ms, HbEffects *fx)
{
	HbPeer *peer = &core->peer[node];
	gint64 wait_ms = pause_ms(peer->fence.tries++);

	peer->fence.retry_ms = now_ms + wait_ms;
	hb_say(fx, HB_SAY_FENCE_FAILED, peer->name, NULL, NULL, wait_ms);
	tell_cluster(core, node, verdict == HB_FENCED_BAD_HOST ? "badhost" : "bad", fx);
}

void
hb_fence_ended(HbCore *core, guint32 op, HbFenceVerdict verdict, gint64 now_ms, HbEffects *fx)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		HbPeer *peer = &core->peer[i];

		if (peer->fence.op == 0 || peer->fence.op != op)
			continue;
		peer->fence.op = 0;
		if (!is_dead(core, i) && !is_deaf(core, i))     /* it came back meanwhile */
			return;
		/* An order for an earlier death says nothing of this one: it may have been carried out before. */
		if (peer->fence.cancelled && verdict == HB_FENCED_OK)
			verdict = HB_FENCED_FAILED;
		if (verdict != HB_FENCED_OK && !is_lost(core, i))
			return;
		if (verdict != HB_FENCED_OK) {
			failed(core, i, verdict, now_ms, fx);
			return;
		}
		core->n_shots++;
		hb_gone_set(core, i, HB_FATE_FENCED, peer->generation);
		hb_say(fx, HB_SAY_STONITH_RESULT, peer->name, NULL, "OK", 0);
		hb_say(fx, HB_SAY_NODE_RESET, peer->name, NULL, NULL, 0);
		tell_cluster(core, i, "OK", fx);
		return;
	}
}

static void
cancel(HbPeer *peer, HbEffects *fx)
{
	peer->fence.cancelled = TRUE;
	hb_say(fx, HB_SAY_FENCE_CANCELLED, peer->name, NULL, NULL, 0);
	hb_effects_add(fx, HB_FX_CANCEL)->u.cancel.op = peer->fence.op;
}

void
hb_fence_forget(HbPeer *peer, HbEffects *fx)
{
	if (peer->fence.op != 0 && !peer->fence.cancelled)
		cancel(peer, fx);
}

static gboolean
is_whole(const HbCore *core)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (!hb_node_is_member(core, i))
			return FALSE;
	return TRUE;
}

void
hb_fence_step(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	if (is_whole(core))
		core->n_shots = 0;
	for (guint i = 0; i < core->config->n_nodes; i++) {
		HbPeer *peer = &core->peer[i];

		peer->fence.needed = FALSE;
		if (!is_lost(core, i))
			peer->fence.lost_ms = 0;
		else if (peer->fence.lost_ms == 0)
			peer->fence.lost_ms = now_ms;
		if (hb_fence_is_due(core, i) && !core->leaving)
			begin(core, i, FALSE, now_ms, fx);
		else if (peer->fence.op != 0 && !peer->fence.cancelled && (!is_lost(core, i) || core->leaving))
			cancel(peer, fx);
	}
}

/* When who says that it has lost us is not believed to be back any more. */
static gint64
deaf_ms(const HbPeer *peer, guint self)
{
	if (!hb_peer_is_alive(peer->state) || peer->hearsay[self].fate < HB_FATE_LOST || peer->deaf_since_ms < 0)
		return G_MAXINT64;
	return peer->deaf_since_ms + (gint64)peer->deadtime_ms;
}

gint64
hb_fence_deadline_ms(const HbCore *core)
{
	gint64 deadline_ms = G_MAXINT64;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		gint64 at_ms;

		if (deaf_ms(&core->peer[i], core->config->self) > core->now_ms)
			deadline_ms = MIN(deadline_ms, deaf_ms(&core->peer[i], core->config->self));
		if (core->leaving || core->peer[i].fence.op != 0 || !hb_fence_is_due(core, i))
			continue;
		at_ms = shot_ms(core, i, core->peer[i].fence.needed);
		if (at_ms > core->now_ms)
			deadline_ms = MIN(deadline_ms, at_ms);
	}
	return deadline_ms;
}
