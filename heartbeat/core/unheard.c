/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/unheard.h"

#include "core/gone.h"
#include "core/side.h"
#include "core/state.h"

#include "util/banned.h"

/* Who has not been heard for so long will be given up if nothing comes soon: there must be time to stop what he holds. */
static gint64
doubt_ms(const HbCore *core)
{
	return (gint64)core->config->deadtime_ms * 3 / 4;
}

/* How long the other node, which we hear, has not heard us while we spoke, as it says; -1: it does. */
static gint64
deaf_ms(const HbPeer *peer, gint64 now_ms)
{
	return peer->deaf_since_ms < 0 ? -1 : now_ms - peer->deaf_from_ms;
}

/* Does @node hear @other, as it said lately? */
static gboolean
hears(const HbCore *core, guint node, guint other, gint64 now_ms)
{
	gint64 age_ms = core->peer[node].hearsay[other].age_ms;

	return age_ms >= 0 && age_ms + now_ms - core->peer[node].heard_ms < doubt_ms(core);
}

/* Does @node hear @other, or a member that hears it? That one gives it no leave for what @other holds. */
static gboolean
is_safe_from(const HbCore *core, guint other, guint node, gint64 now_ms)
{
	guint self = core->config->self;

	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != self && i != node && i != other && hb_peer_is_alive(core->peer[i].state) &&
		    core->peer[i].kind == HB_KIND_OURS && hears(core, node, i, now_ms) && hears(core, i, other, now_ms))
			return TRUE;
	return other != self && hears(core, node, other, now_ms);
}

/* Those who are more shoot it before it shoots them, and it must do that first. */
static gboolean
would_be_shot(const HbCore *core, guint node)
{
	return core->config->nodes[node].can_fence && hb_side_outnumbers(core, node);
}

/* It is, or will be, operational, and nothing keeps it from taking what @other holds. */
static gboolean
would_take(const HbCore *core, guint node, guint other)
{
	const HbPeer *peer = &core->peer[node];

	if ((peer->st != HB_ST_ACTIVE && !peer->settling) || hb_gone_is_known(core, node))
		return FALSE;
	/* It shoots @other before it takes anything: to give it up before would only leave it with nobody until then. */
	if (peer->hearsay[other].armed)
		return FALSE;
	return !would_be_shot(core, node);
}

int
hb_unheard_barred_by(const HbCore *core, gint64 now_ms)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && hb_peer_is_alive(core->peer[i].state) && core->peer[i].kind == HB_KIND_OURS &&
		    deaf_ms(&core->peer[i], now_ms) >= doubt_ms(core))
			return (int)i;
	return -1;
}

static void
tell_barred(const HbCore *core, gboolean barred, gint64 now_ms, HbEffects *fx)
{
	int by = hb_unheard_barred_by(core, now_ms);

	if (barred && by >= 0)
		hb_say(fx, HB_SAY_BARRED, core->peer[by].name, NULL, NULL, deaf_ms(&core->peer[by], now_ms));
	else if (!barred)
		hb_say(fx, HB_SAY_NOT_BARRED, NULL, NULL, NULL, 0);
}

/* For how long @node has not heard @other, as far as is known; only of those who do not hear us either. */
static gboolean
is_long_deaf_to(const HbCore *core, guint node, guint other, gint64 now_ms)
{
	const HbPeer *peer = &core->peer[node];

	if (other == core->config->self || peer->hearsay[other].age_ms < 0)
		return deaf_ms(peer, now_ms) >= doubt_ms(core);
	/* What it does not say while we are away is our own silence. */
	return peer->hearsay[other].age_ms + MAX(now_ms - peer->heard_ms - peer->excuse_ms, 0) >= doubt_ms(core);
}

static gboolean
is_prey_of(const HbCore *core, guint other, guint node, gint64 now_ms)
{
	return other != node && hb_node_is_member(core, other) && is_long_deaf_to(core, node, other, now_ms) &&
	       would_take(core, node, other) && !is_safe_from(core, other, node, now_ms);
}

gboolean
hb_unheard_has_taken(const HbCore *core, guint node, gint64 now_ms)
{
	guint self = core->config->self;

	return core->peer[node].hearsay[self].armed && !would_be_shot(core, node) && is_long_deaf_to(core, node, self, now_ms) &&
	       !is_safe_from(core, self, node, now_ms);
}

/*
 * Who does not hear @node cannot know what it is about to do: it is told by us, whom @node does not hear. Our own entry says
 * what we have found out for ourselves.
 */
static void
look_who_is_prey(HbCore *core, gint64 now_ms)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		core->peer[i].taker_id = HB_ID_NONE;
	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];

		if (i == core->config->self || !hb_peer_is_alive(peer->state) || peer->kind != HB_KIND_OURS || peer->deaf_since_ms < 0)
			continue;
		for (guint other = 0; other < core->config->n_nodes; other++)
			if (is_prey_of(core, other, i, now_ms))
				core->peer[other].taker_id = peer->id;
	}
}

/* A member says so, of one that we have not heard lately. */
static gboolean
is_told_to_be_prey(const HbCore *core, gint64 now_ms)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		guint32 taker_id = core->peer[i].hearsay[core->config->self].taker_id;
		int taker = taker_id != HB_ID_NONE ? hb_peer_index(core, taker_id) : -1;

		if (i != core->config->self && hb_peer_is_alive(core->peer[i].state) && taker >= 0 &&
		    now_ms - core->peer[taker].heard_ms > (gint64)core->peer[taker].deadtime_ms / 2)
			return TRUE;
	}
	return FALSE;
}

/*
 * Is there a node that does not hear us? It gives us no leave, and as long as we ask it we stand in the way of those who would
 * get theirs. If nobody vouches for us to it either, it is about to take over what we hold.
 */
void
hb_unheard_look(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	gboolean barred = hb_unheard_barred_by(core, now_ms) >= 0, told = is_told_to_be_prey(core, now_ms), unheard;

	look_who_is_prey(core, now_ms);
	unheard = told || hb_self(core)->taker_id != HB_ID_NONE;
	if (unheard && !core->unheard)
		hb_say(fx, HB_SAY_NOT_HEARD, NULL, NULL, NULL, doubt_ms(core));
	core->say_now |= core->unheard != unheard;
	core->unheard = unheard;
	barred |= told;
	if (core->barred != barred) {
		core->say_now = TRUE;
		tell_barred(core, barred, now_ms, fx);
	}
	core->barred = barred;
}
