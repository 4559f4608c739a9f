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

/* Does @node hear a member that hears us? That one gives it no leave for what we hold. */
static gboolean
is_vouched_for_to(const HbCore *core, guint node, gint64 now_ms)
{
	const HbPeer *peer = &core->peer[node];

	for (guint i = 0; i < core->config->n_nodes; i++) {
		gint64 age_ms = peer->hearsay[i].age_ms;

		if (i != core->config->self && i != node && hb_peer_is_alive(core->peer[i].state) &&
		    core->peer[i].kind == HB_KIND_OURS && core->peer[i].deaf_since_ms < 0 && age_ms >= 0 &&
		    age_ms + now_ms - peer->heard_ms < doubt_ms(core))
			return TRUE;
	}
	return FALSE;
}

/* It is, or will be, operational, and nothing keeps it from taking what we hold. */
static gboolean
would_take(const HbCore *core, guint node, gint64 now_ms)
{
	const HbPeer *peer = &core->peer[node];

	if ((peer->st != HB_ST_ACTIVE && !peer->settling) || hb_gone_is_known(core, node))
		return FALSE;
	/* Those who are more shoot it before it shoots them, and it must do that first. */
	if (core->config->nodes[node].can_fence && hb_side_outnumbers(core, node))
		return FALSE;
	return !is_vouched_for_to(core, node, now_ms);
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
	else
		hb_say(fx, HB_SAY_NOT_BARRED, NULL, NULL, NULL, 0);
}

/*
 * Is there a node that does not hear us? It gives us no leave, and as long as we ask it we stand in the way of those who would
 * get theirs. If nobody vouches for us to it either, it is about to take over what we hold.
 */
void
hb_unheard_look(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	gint64 worst_ms = -1;
	gboolean barred = FALSE;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];

		if (i == core->config->self || !hb_peer_is_alive(peer->state) || peer->kind != HB_KIND_OURS ||
		    deaf_ms(peer, now_ms) < doubt_ms(core))
			continue;
		barred = TRUE;
		if (would_take(core, i, now_ms))
			worst_ms = MAX(worst_ms, deaf_ms(peer, now_ms));
	}
	if (worst_ms >= 0 && !core->unheard)
		hb_say(fx, HB_SAY_NOT_HEARD, NULL, NULL, NULL, worst_ms);
	core->unheard = worst_ms >= 0;
	if (core->barred != barred) {
		core->say_now = TRUE;
		tell_barred(core, barred, now_ms, fx);
	}
	core->barred = barred;
}
