/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/status.h"

#include "core/fence.h"
#include "core/group.h"
#include "core/member.h"
#include "core/state.h"

#include "util/banned.h"

/* The part of a keepalive by which a status may be early: a quarter. */
#define BEAT_TOGETHER 4

/* So that those who hear us, and whom we do not hear, know in time. */
static gboolean
is_settling(const HbCore *core, gint64 now_ms)
{
	return core->st == HB_ST_UP && hb_member_settles_in_ms(core, now_ms) <= (gint64)core->config->deadtime_ms;
}

/* How far the silence of a node has come toward our verdict: our own absence does not count. */
static gint32
silent_ms(const HbPeer *peer, gint64 now_ms)
{
	return (gint32)CLAMP(now_ms - peer->heard_ms - peer->excuse_ms, 0, G_MAXINT32);
}

static void
fill_heard(const HbCore *core, HbExtension *ext, gint64 now_ms)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];

		if (i == core->config->self)
			continue;
		ext->heard[ext->n_heard++] = (HbHeardWord){
			.node_id = peer->id,
			.age_ms = hb_peer_is_alive(peer->state) ? silent_ms(peer, now_ms) : -1,
			.stamp = hb_peer_is_alive(peer->state) && peer->status_seq > 0
			                 ? hb_stamp(peer->generation, peer->status_seq)
			                 : 0,
		};
	}
}

static void
fill_fates(const HbCore *core, HbExtension *ext)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];
		HbFateWord word = { .node_id = peer->id, .fate = peer->gone.as.fate, .generation = peer->gone.as.generation };

		if (word.fate == HB_FATE_NONE) {
			word.fate = hb_fence_word(core, i);
			word.generation = peer->generation;
		}
		if (i != core->config->self && word.fate != HB_FATE_NONE)
			ext->fates[ext->n_fates++] = word;
	}
}

static void
fill_armed(const HbCore *core, HbExtension *ext)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && core->config->nodes[i].can_fence)
			ext->armed[ext->n_armed++] = core->peer[i].id;
}

static void
fill_takers(const HbCore *core, HbExtension *ext)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && core->peer[i].taker_id != HB_ID_NONE)
			ext->takers[ext->n_takers++] = (HbTakerWord){ core->peer[i].id, core->peer[i].taker_id };
}

static void
fill_words(const HbCore *core, HbExtension *ext)
{
	for (guint g = 0; g < core->config->n_groups; g++)
		ext->groups[ext->n_groups++] = (HbGroupWord){
			.group_id = core->group[g].conf->id,
			.claim = hb_group_claim(core, g),
			.epoch = core->group[g].epoch,
			.grant_id = core->group[g].grant_id,
			.keeper_id = core->group[g].keeper_id,
		};
}

void
hb_status_send(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	HbTyped *msg = hb_outbox_new(core, HB_MSG_STATUS, NULL);
	HbMsgStatus *status = &msg->u.status;

	status->st = core->st;
	status->deadtime_ms = core->config->deadtime_ms;
	status->protocol = 1;
	status->ext.present = TRUE;
	status->ext.protocol = 1;
	status->ext.leaving = core->leaving;
	status->ext.barred = core->barred;
	status->ext.settling = is_settling(core, now_ms);
	fill_words(core, &status->ext);
	fill_heard(core, &status->ext, now_ms);
	fill_fates(core, &status->ext);
	fill_armed(core, &status->ext);
	fill_takers(core, &status->ext);
	hb_send(core, msg, fx);
	core->next_status_ms = now_ms + core->config->keepalive_ms;
	core->say_now = FALSE;
}

/*
 * Nodes beat together: whoever is awake for another's beat shortly before its own is due says it in the same turn, and
 * spares itself a second one. Only ever earlier than due, and by so little that no node speaks noticeably more often.
 */
gboolean
hb_status_is_due(const HbCore *core, gint64 now_ms)
{
	gint64 early_ms = core->heard_beat ? (gint64)core->config->keepalive_ms / BEAT_TOGETHER : 0;

	return core->say_now || core->next_status_ms - early_ms <= now_ms;
}
