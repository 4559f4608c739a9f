/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/gone.h"

#include "core/member.h"
#include "core/state.h"

#include "util/banned.h"

#define GENERATION_BITS 0xffffu         /* of a generation, in a stamp */

gboolean
hb_gone_is_known(const HbCore *core, guint node)
{
	return core->peer[node].gone.as.fate != HB_FATE_NONE;
}

void
hb_gone_set(HbCore *core, guint node, HbFate fate, guint64 generation)
{
	HbPeer *peer = &core->peer[node];

	peer->gone.as = (HbGone){ fate, generation };
	peer->gone.since_ms = core->now_ms;
	/* What it gave leave for last stays known (claims.c). */
	for (guint g = 0; g < core->config->n_groups; g++)
		peer->word[g].claim = HB_CLAIM_FREE;
	core->say_now = TRUE;
}

void
hb_gone_clear(HbCore *core, guint node)
{
	HbPeer *peer = &core->peer[node];

	if (peer->gone.as.fate == HB_FATE_NONE)
		return;
	peer->gone.floor = peer->gone.as.generation + 1;
	peer->gone.as = (HbGone){ HB_FATE_NONE, 0 };
}

static void
become(HbCore *core, guint node, const HbGone *as, HbEffects *fx)
{
	HbPeer *peer = &core->peer[node];

	/* What comes late of the life that said good-bye is no sign of a new one. */
	if (as->fate == HB_FATE_LEFT && as->generation > peer->generation) {
		peer->generation = as->generation;
		peer->status_seq = 0;
		hb_order_reset(&peer->order);
	}
	if (peer->state == HB_PEER_SILENT || as->fate == HB_FATE_LEFT)
		hb_member_said_bye(core, node, fx);
	hb_gone_set(core, node, as->fate, as->generation);
}

void
hb_gone_start(HbCore *core, const HbGone *gone, HbEffects *fx)
{
	for (guint i = 0; gone != NULL && i < core->config->n_nodes; i++) {
		core->peer[i].gone.noted = gone[i];
		if (i != core->config->self && gone[i].fate != HB_FATE_NONE)
			become(core, i, &gone[i], fx);
	}
}

static gboolean
is_told(const HbCore *core, guint node, const HbHearsay *said)
{
	const HbPeer *peer = &core->peer[node];

	return (said->fate == HB_FATE_LEFT || said->fate == HB_FATE_FENCED) && said->generation >= MAX(peer->generation, peer->gone.floor);
}

/* A member says that @node is down in the last life that anybody knows, and none hears it. */
static void
believe(HbCore *core, guint node, HbEffects *fx)
{
	HbPeer *peer = &core->peer[node];

	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbHearsay *said = &core->peer[i].hearsay[node];
		HbGone as = { said->fate, said->generation };

		if (i == core->config->self || !hb_peer_is_alive(core->peer[i].state) || !is_told(core, node, said))
			continue;
		hb_say(fx, HB_SAY_NODE_IS_DOWN, peer->name, NULL, core->peer[i].name, 0);
		become(core, node, &as, fx);
		return;
	}
}

/* A member hears @node in another life, or heard it after the shot. */
static gboolean
lives_again(const HbCore *core, guint node)
{
	const HbPeer *peer = &core->peer[node];

	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbHearsay *said = &core->peer[i].hearsay[node];
		gint64 heard_ms = core->peer[i].heard_ms - said->age_ms;

		if (i == core->config->self || i == node || !hb_peer_is_alive(core->peer[i].state) || said->age_ms < 0)
			continue;
		if (said->stamp >> 48 != (peer->gone.as.generation & GENERATION_BITS) ||
		    (peer->gone.as.fate == HB_FATE_FENCED &&
		     heard_ms > peer->gone.since_ms + (gint64)core->config->keepalive_ms))
			return TRUE;
	}
	return FALSE;
}

static void
note(HbCore *core, guint node, HbEffects *fx)
{
	HbPeer *peer = &core->peer[node];
	HbEffect *effect;

	if (peer->gone.as.fate == peer->gone.noted.fate && peer->gone.as.generation == peer->gone.noted.generation)
		return;
	peer->gone.noted = peer->gone.as;
	effect = hb_effects_add(fx, HB_FX_GONE);
	effect->u.gone.node = node;
	effect->u.gone.gone = peer->gone.as;
}

void
hb_gone_step(HbCore *core, HbEffects *fx)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		if (i == core->config->self)
			continue;
		if (hb_gone_is_known(core, i) && lives_again(core, i))
			hb_gone_clear(core, i);
		if (!hb_gone_is_known(core, i) && !hb_peer_is_alive(core->peer[i].state) && !hb_member_is_vouched(core, i))
			believe(core, i, fx);
		note(core, i, fx);
	}
}
