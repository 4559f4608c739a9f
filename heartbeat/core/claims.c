/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/claims.h"

#include "core/gone.h"
#include "core/group.h"
#include "core/member.h"
#include "core/state.h"

#include "util/banned.h"

HbWord
hb_claims_word(const HbCore *core, guint g, guint node)
{
	const HbGroup *group = &core->group[g];

	if (node != core->config->self)
		return core->peer[node].word[g];
	return (HbWord){
		.known = TRUE,
		.claim = hb_group_claim(core, g),
		.epoch = group->epoch,
		.grant_id = group->grant_id,
	};
}

/* Smaller is preferred where two want the same: the same on all nodes whose files name the same home. */
guint64
hb_claims_rank(const HbCore *core, guint g, guint node)
{
	return core->config->groups[g].home == node ? 0 : 1 + (guint64)core->peer[node].id;
}

/* The first member but this node where the group may be active, or -1. */
int
hb_claims_runs_elsewhere(const HbCore *core, guint g, int but)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		HbWord word = hb_claims_word(core, g, i);

		if (i == core->config->self || (int)i == but)
			continue;
		if (core->peer[i].state == HB_PEER_SILENT)
			return (int)i;
		if (hb_node_is_member(core, i) && (word.known || core->peer[i].kind != HB_KIND_OURS) &&
		    hb_claim_may_run(word.claim))
			return (int)i;
	}
	return -1;
}

gboolean
hb_claims_eligible(const HbCore *core, guint g, guint node)
{
	HbWord word = hb_claims_word(core, g, node);
	gboolean self = node == core->config->self;
	gboolean leaving = self ? core->leaving : core->peer[node].leaving;
	HbNodeSt st = self ? core->st : core->peer[node].st;

	gboolean barred = self ? core->barred : core->peer[node].barred;

	if (!hb_node_is_member(core, node) || leaving || barred || st != HB_ST_ACTIVE || !word.known)
		return FALSE;
	return word.claim != HB_CLAIM_FAILED && word.claim != HB_CLAIM_STUCK && word.claim != HB_CLAIM_UNKNOWN;
}

gboolean
hb_claims_is_gone_for(const HbCore *core, guint node)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		HbFate fate = core->peer[i].hearsay[node].fate;

		if (i != core->config->self && i != node && hb_node_is_member(core, i) &&
		    (fate == HB_FATE_LEFT || fate == HB_FATE_FENCED))
			return TRUE;
	}
	return FALSE;
}

gboolean
hb_claims_is_heard(const HbCore *core, guint node)
{
	const HbPeer *peer = &core->peer[node];

	if (peer->kind != HB_KIND_OURS)
		return TRUE;
	if (peer->deaf_since_ms >= 0 || hb_claims_is_gone_for(core, node))
		return FALSE;
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && i != node && hb_node_is_member(core, i) && core->peer[i].kind == HB_KIND_OURS &&
		    peer->hearsay[i].age_ms >= 0 && core->peer[i].hearsay[node].age_ms < 0)
			return FALSE;
	return TRUE;
}

static gboolean
is_newer(const HbPeer *peer, guint64 stamp)
{
	return stamp != hb_stamp(peer->generation, stamp) || hb_stamp(0, stamp) > peer->status_seq;
}

/*
 * As far as we know. Who asked may have been given leave by all; and what others heard later we do not know. But who gave us
 * leave, and heard it, knew that it has not.
 */
static gboolean
may_have(const HbCore *core, guint g, guint node)
{
	const HbPeer *peer = &core->peer[node];
	int by = hb_peer_index(core, peer->vouched.by_id);

	if (by >= 0 && core->peer[by].word[g].known && core->peer[by].word[g].grant_id == hb_self_id(core))
		return FALSE;
	if (is_newer(peer, peer->vouched.stamp))
		return TRUE;
	return peer->word[g].known && (hb_claim_may_run(peer->word[g].claim) || peer->word[g].claim == HB_CLAIM_WANTED);
}

gint64
hb_claims_orphaned_until_ms(const HbCore *core, guint g)
{
	gint64 until_ms = 0;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];

		if (!hb_node_is_member(core, i) && peer->vouched.heard_ms >= 0 && !hb_gone_is_known(core, i) &&
		    !hb_member_is_vouched(core, i) && may_have(core, g, i))
			until_ms = MAX(until_ms, peer->vouched.heard_ms + (gint64)peer->deadtime_ms);
	}
	return until_ms;
}

/* A node that others have already given leave to, by the word of the latest owner; or -1. */
static int
designated(const HbCore *core, guint g, int without)
{
	int found = -1;
	guint32 best_epoch = 0;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		HbWord word = hb_claims_word(core, g, i);
		guint32 back;
		int to;

		/* The leave of a 3.0.6 partner is our own reading of it: no owner's word. */
		if (!hb_node_is_member(core, i) || !word.known || word.grant_id == HB_ID_NONE ||
		    core->peer[i].kind == HB_KIND_306)
			continue;
		to = hb_peer_index(core, word.grant_id);
		if (to < 0 || to == without || !hb_claims_eligible(core, g, (guint)to))
			continue;
		/* One that passed it on to a third no longer wants it; pointing back is only old news. */
		back = hb_claims_word(core, g, (guint)to).grant_id;
		if (back != HB_ID_NONE && back != core->peer[i].id)
			continue;
		/* Two that gave way to each other in the same moment: the lower id, or both would ask again at once. */
		if (found < 0 || word.epoch > best_epoch ||
		    (word.epoch == best_epoch && word.grant_id < core->peer[found].id)) {
			found = to;
			best_epoch = word.epoch;
		}
	}
	return found;
}

gboolean
hb_claims_home_is_new(const HbCore *core, guint g)
{
	const HbPeer *home = &core->peer[core->config->groups[g].home];

	return home->kind == HB_KIND_OURS && hb_peer_is_alive(home->state) &&
	       core->config->groups[g].home != core->config->self && !home->word[g].known &&
	       core->now_ms < core->group[g].born_ms + HB_CLAIMS_HOME_WAIT_MS;
}

gboolean
hb_claims_home_is_starting(const HbCore *core, guint g)
{
	guint home = core->config->groups[g].home;
	const HbPeer *peer = &core->peer[home];

	return home != core->config->self && peer->kind == HB_KIND_OURS && hb_peer_is_alive(peer->state) &&
	       !peer->leaving && (peer->st == HB_ST_INIT || peer->st == HB_ST_UP) && peer->word[g].known &&
	       peer->word[g].claim <= HB_CLAIM_FREE;
}

/* Home first, then the order of the node lines; a parked node only when there is no other. */
int
hb_claims_target(const HbCore *core, guint g, int without)
{
	int parked = -1;
	int to = designated(core, g, without);

	if (to >= 0)
		return to;
	if (hb_claims_home_is_new(core, g))
		return (int)core->config->groups[g].home;
	for (guint n = 0; n <= core->config->n_nodes; n++) {
		guint i = n == 0 ? core->config->groups[g].home : n - 1;

		if ((int)i == without || !hb_claims_eligible(core, g, i))
			continue;
		if (hb_claims_word(core, g, i).claim != HB_CLAIM_PARKED)
			return (int)i;
		if (parked < 0)
			parked = (int)i;
	}
	return parked;
}

/* The member with the best right among those that ask for the group, or -1. */
int
hb_claims_best_asker(const HbCore *core, guint g)
{
	int best = -1;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		if (i == core->config->self || !hb_node_is_member(core, i) ||
		    core->peer[i].word[g].claim != HB_CLAIM_WANTED || !core->peer[i].word[g].known)
			continue;
		if (best < 0 || hb_claims_rank(core, g, i) < hb_claims_rank(core, g, (guint)best))
			best = (int)i;
	}
	return best;
}

gboolean
hb_claims_may_begin_unseen(const HbCore *core, guint g, guint claimant)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];
		gboolean is_silent = core->now_ms - peer->heard_ms > (gint64)peer->deadtime_ms / 2;

		if (i != core->config->self && i != claimant && hb_node_is_member(core, i) && peer->kind == HB_KIND_OURS &&
		    peer->word[g].known && (peer->deaf_since_ms >= 0 || peer->echo_seq < peer->since_seq) &&
		    core->peer[claimant].hearsay[i].age_ms < 0 && (peer->word[g].claim == HB_CLAIM_WANTED || is_silent))
			return TRUE;
	}
	return FALSE;
}

gboolean
hb_claims_undisputed(const HbCore *core, guint g)
{
	return hb_claims_runs_elsewhere(core, g, -1) < 0 && hb_claims_best_asker(core, g) < 0;
}

int
hb_claims_owner(const HbCore *core, guint g)
{
	int owner = -1;
	HbClaim best = HB_CLAIM_WANTED;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		HbWord word = hb_claims_word(core, g, i);

		if (!hb_node_is_member(core, i) || !word.known || word.claim < HB_CLAIM_STARTING)
			continue;
		/* HELD before STARTING, RELEASING and the like */
		if (owner < 0 || (word.claim == HB_CLAIM_HELD && best != HB_CLAIM_HELD)) {
			owner = (int)i;
			best = word.claim;
		}
	}
	return owner;
}
