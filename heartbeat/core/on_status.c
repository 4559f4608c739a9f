/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * on_status.c - a node says that it lives, and all it knows. The newest status is the whole truth about it.
 */
#include <string.h>

#include "core/dispatch.h"
#include "core/group.h"
#include "core/member.h"
#include "core/node.h"
#include "core/state.h"

#include "util/banned.h"

static const char *
st_name(HbNodeSt st)
{
	static const char *const names[HB_ST_N] = { "", "init", "up", "active", "dead", "ping" };

	return names[st];
}

/*
 * Who asks for leave waits for our word that we have heard it: not for the next keepalive. Answered once
 * for each asking, or two that both ask would answer each other for ever.
 */
static void
take_word(HbCore *core, guint g, HbPeer *peer, const HbGroupWord *said)
{
	HbWord *word = &peer->word[g];
	gboolean asks = said->claim == HB_CLAIM_WANTED &&
	                (word->claim != HB_CLAIM_WANTED || word->epoch != said->epoch);

	*word = (HbWord){
		.known = TRUE,
		.claim = said->claim,
		.epoch = said->epoch,
		.grant_id = said->grant_id,
		.keeper_id = said->keeper_id,
		.since_ms = word->known && word->claim == said->claim ? word->since_ms : core->now_ms,
	};
	core->group[g].seen_epoch = MAX(core->group[g].seen_epoch, word->epoch);
	if (said->claim >= HB_CLAIM_STARTING)
		hb_group_note_owner(core, g, peer->id, peer->generation, said->epoch);
	if (asks)
		core->say_now = TRUE;
}

static const HbGroupWord *
said_of(const HbExtension *ext, guint32 group_id)
{
	for (guint i = 0; i < ext->n_groups; i++)
		if (ext->groups[i].group_id == group_id)
			return &ext->groups[i];
	return NULL;
}

static void
take_words(HbCore *core, HbPeer *peer, const HbExtension *ext)
{
	for (guint g = 0; g < core->config->n_groups; g++) {
		const HbGroupWord *said = said_of(ext, core->group[g].conf->id);

		if (said != NULL)
			take_word(core, g, peer, said);
		else
			peer->word[g].known = FALSE;
	}
}

/* One that has left holds nothing, but who comes after it goes above what it has said to the end. */
static void
take_epochs(HbCore *core, const HbExtension *ext)
{
	for (guint g = 0; g < core->config->n_groups; g++) {
		const HbGroupWord *said = said_of(ext, core->group[g].conf->id);

		if (said != NULL)
			core->group[g].seen_epoch = MAX(core->group[g].seen_epoch, said->epoch);
	}
}

static void
take_vouch(HbPeer *of, guint32 by_id, const HbHeardWord *heard, gint64 now_ms)
{
	if (heard->age_ms < 0 || now_ms - heard->age_ms < of->vouched.heard_ms)
		return;
	of->vouched.heard_ms = now_ms - heard->age_ms;
	of->vouched.by_id = by_id;
	of->vouched.stamp = heard->stamp;
}

static void
take_heard(HbCore *core, HbPeer *peer, const HbExtension *ext, gint64 now_ms)
{
	HbHearsay *ours = &peer->hearsay[core->config->self];

	hb_member_forget_hearsay(peer);
	for (guint i = 0; i < ext->n_heard; i++) {
		int node = hb_peer_index(core, ext->heard[i].node_id);

		if (node < 0)
			continue;
		peer->hearsay[node] = (HbHearsay){ .age_ms = ext->heard[i].age_ms, .stamp = ext->heard[i].stamp };
		take_vouch(&core->peer[node], peer->id, &ext->heard[i], now_ms);
	}
	for (guint i = 0; i < ext->n_fates; i++) {
		int node = hb_peer_index(core, ext->fates[i].node_id);

		if (node >= 0) {
			peer->hearsay[node].fate = ext->fates[i].fate;
			peer->hearsay[node].generation = ext->fates[i].generation;
		}
	}
	for (guint i = 0; i < ext->n_armed; i++) {
		int node = hb_peer_index(core, ext->armed[i]);

		if (node >= 0)
			peer->hearsay[node].armed = TRUE;
	}
	for (guint i = 0; i < ext->n_takers; i++) {
		int node = hb_peer_index(core, ext->takers[i].node_id);

		if (node >= 0)
			peer->hearsay[node].taker_id = ext->takers[i].taker_id;
	}
	/* An echo of an earlier life of ours answers to nothing that this one said, even where that had the same generation. */
	if (ours->stamp == hb_stamp(core->generation, ours->stamp) && hb_stamp(0, ours->stamp) < core->sendq.next)
		peer->echo_seq = hb_stamp(0, ours->stamp);
	if (ours->age_ms >= 0 && ours->age_ms < (gint64)core->config->deadtime_ms * 3 / 4) {
		peer->deaf_since_ms = -1;
	} else if (peer->deaf_since_ms < 0) {
		peer->deaf_since_ms = now_ms;
		peer->deaf_from_ms = MAX(now_ms - MAX(ours->age_ms, 0), core->speaking_since_ms);
	}
}

static void
learn_kind(HbCore *core, HbPeer *peer, gboolean ours, HbEffects *fx)
{
	HbPeerKind kind = ours ? HB_KIND_OURS : HB_KIND_306;

	if (peer->kind == kind)
		return;
	peer->kind = kind;
	hb_member_forget_hearsay(peer);
	for (guint g = 0; g < core->config->n_groups; g++)
		peer->word[g] = (HbWord){ .epoch = peer->word[g].epoch };
	hb_say(fx, HB_SAY_NODE_KIND, peer->name, NULL, ours ? "heartbeat 4" : "heartbeat 3.0.6", 0);
}

void
hb_on_status(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	HbPeer *peer = &core->peer[from];
	const HbMsgStatus *status = &msg->u.status;
	gboolean first = peer->status_seq == 0;

	/* An older one that fills a gap says nothing that is still true. "dead" is never said of oneself. */
	if (msg->seq <= peer->status_seq || status->st == HB_ST_DEAD || status->st == HB_ST_PING) {
		hb_deliver(peer, msg, HB_TREAT_DROP, fx);
		return;
	}
	peer->status_seq = msg->seq;
	hb_node_learn_uuid(core, from, msg, fx);
	peer->ts = msg->ts;
	peer->deadtime_ms = MAX(status->deadtime_ms, 1);
	learn_kind(core, peer, status->ext.present, fx);
	if (status->st != peer->st) {
		hb_say(fx, HB_SAY_STATUS_NOW, peer->name, NULL, st_name(status->st), 0);
		hb_notify_rc(core, msg, fx);
	}
	hb_deliver(peer, msg, status->st != peer->st ? HB_TREAT_KEEP : HB_TREAT_NO_CHANGE, fx);
	peer->st = status->st;
	hb_member_heard(core, from, first, now_ms, fx);
	if (peer->kind == HB_KIND_OURS) {
		peer->leaving = status->ext.leaving;
		peer->barred = status->ext.barred;
		peer->settling = status->ext.settling;
		/* A node that has said good-bye holds nothing, whatever its last keepalives repeat. */
		if (hb_peer_is_alive(peer->state)) {
			take_words(core, peer, &status->ext);
			take_heard(core, peer, &status->ext, now_ms);
		} else {
			take_epochs(core, &status->ext);
		}
	} else {
		hb_306_heard(core, from, first, now_ms, fx);
	}
}
