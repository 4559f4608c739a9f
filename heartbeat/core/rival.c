/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/rival.h"

#include "core/claims.h"
#include "core/group.h"
#include "core/state.h"
#include "core/unheard.h"

#include "util/banned.h"

typedef enum {
	RIVAL_NONE,
	RIVAL_GIVES_WAY,
	RIVAL_UNSURE,           /* it does not hear us, or has not since one of us was away: its word may be old */
	RIVAL_IS_BETTER
} Rival;

/*
 * Of two that hold the group after a cut: TRUE if node @a keeps it against node @b. Both come to the same answer, because
 * only what both have said counts: no setting, no file. If it is not its home that keeps it, fail-back follows.
 */
static gboolean
keeps(const HbCore *core, guint g, guint a, guint b)
{
	HbWord wa = hb_claims_word(core, g, a), wb = hb_claims_word(core, g, b);

	/* Who has it up serves on against one who only begins. */
	if ((wa.claim == HB_CLAIM_STARTING) != (wb.claim == HB_CLAIM_STARTING))
		return wb.claim == HB_CLAIM_STARTING;
	/* Who was absent while holding it has nothing to say against who served meanwhile. */
	if ((wa.claim == HB_CLAIM_TAINTED) != (wb.claim == HB_CLAIM_TAINTED))
		return wb.claim == HB_CLAIM_TAINTED;
	/* 3.0.6 counts no tenures; both know the home. */
	if (core->peer[a].kind == HB_KIND_306 || core->peer[b].kind == HB_KIND_306)
		return hb_claims_rank(core, g, a) < hb_claims_rank(core, g, b);
	/* The older tenure: the other one took over on the word of a cut. */
	if (wa.epoch != wb.epoch)
		return wa.epoch < wb.epoch;
	return core->peer[a].id < core->peer[b].id;
}

static Rival
judge_rival(const HbCore *core, guint g, guint node)
{
	const HbPeer *peer = &core->peer[node];
	HbClaim claim = peer->word[g].claim;

	if (!hb_node_is_member(core, node) || !peer->word[g].known || claim < HB_CLAIM_STARTING)
		return RIVAL_NONE;
	if (peer->kind == HB_KIND_306 && core->group[g].contested &&
	    core->now_ms >= core->group[g].contested_ms + HB_RIVAL_306_MS)
		return RIVAL_IS_BETTER;
	if ((claim == HB_CLAIM_STARTING || claim == HB_CLAIM_HELD) && hb_unheard_has_taken(core, node, core->now_ms))
		return RIVAL_IS_BETTER;
	/* One that is stuck would go if it could: to stop the healthy one as well would help nobody. */
	if (claim == HB_CLAIM_RELEASING || claim == HB_CLAIM_STUCK || keeps(core, g, core->config->self, node))
		return RIVAL_GIVES_WAY;
	if (peer->kind != HB_KIND_OURS)
		return RIVAL_IS_BETTER;
	/* One that does not hear us knows nothing of our right, and is about to be given up, or to give itself up. */
	if (peer->deaf_since_ms >= 0 || peer->echo_seq < MAX(core->speaking_seq, peer->since_seq))
		return RIVAL_UNSURE;
	return RIVAL_IS_BETTER;
}

/* The strongest of the members that also hold group @g. */
static Rival
find_rival(const HbCore *core, guint g, guint *ret_node)
{
	Rival found = RIVAL_NONE;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		Rival rival = i == core->config->self ? RIVAL_NONE : judge_rival(core, g, i);

		if (rival > found) {
			found = rival;
			*ret_node = i;
		}
	}
	return found;
}

/* As it says, and lately: not in the backlog of an absence of ours, nor shortly before it fell silent. */
static gboolean
holds(const HbCore *core, guint g, guint node)
{
	const HbPeer *peer = &core->peer[node];
	HbClaim claim = peer->word[g].claim;

	return node != core->config->self && hb_node_is_member(core, node) && peer->kind == HB_KIND_OURS &&
	       peer->word[g].known && peer->echo_seq >= MAX(core->speaking_seq, peer->since_seq) &&
	       core->now_ms - peer->heard_ms <= (gint64)peer->deadtime_ms / 2 &&
	       (claim == HB_CLAIM_STARTING || claim == HB_CLAIM_HELD || claim == HB_CLAIM_TAINTED);
}

/* Two that hold it do not hear each other; @ret_keeper: the one to go on. */
static gboolean
are_parted(const HbCore *core, guint g, guint *ret_keeper)
{
	int keeper = -1;
	gboolean parted = FALSE;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		if (!holds(core, g, i))
			continue;
		for (guint j = 0; j < i; j++)
			parted |= holds(core, g, j) && (core->peer[i].hearsay[j].age_ms < 0 || core->peer[j].hearsay[i].age_ms < 0);
		if (keeper < 0 || keeps(core, g, i, (guint)keeper))
			keeper = (int)i;
	}
	*ret_keeper = (guint)MAX(keeper, 0);
	return parted;
}

/* A machine may have stood still together with its clock, and not know it: each has to answer to what was said since. */
static gboolean
have_answered(const HbCore *core, guint g)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (holds(core, g, i) && core->peer[i].echo_seq < core->group[g].parted_seq)
			return FALSE;
	return TRUE;
}

void
hb_rival_look(HbCore *core, guint g)
{
	HbGroup *group = &core->group[g];
	guint keeper;

	group->keeper_id = HB_ID_NONE;
	if (hb_group_may_run(core, g) || !are_parted(core, g, &keeper)) {
		group->parted_seq = 0;
		return;
	}
	if (group->parted_seq == 0)
		group->parted_seq = core->sendq.next;
	if (have_answered(core, g))
		group->keeper_id = core->peer[keeper].id;
}

/* A member that has heard of this tenure says that another one is to go on, which we cannot hear, or which cannot hear us: or -1. */
static int
overruled_by(const HbCore *core, guint g)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];
		int keeper = peer->word[g].keeper_id != HB_ID_NONE ? hb_peer_index(core, peer->word[g].keeper_id) : -1;

		if (i == core->config->self || keeper < 0 || keeper == (int)core->config->self || !hb_node_is_member(core, i) ||
		    peer->echo_seq < MAX(MAX(core->speaking_seq, peer->since_seq), core->group[g].tenure_seq))
			continue;
		if (!hb_node_is_member(core, (guint)keeper) || core->peer[keeper].deaf_since_ms >= 0)
			return keeper;
	}
	return -1;
}

/* Nobody else holds it (any more): the clients may still follow who did. */
static gboolean
announce_after_doubt(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	if ((!group->contested && !group->doubted) || group->state != HB_GROUP_UP)
		return FALSE;
	group->contested = FALSE;
	group->doubted = FALSE;
	group->tainted = FALSE;
	hb_group_refresh(core, g, now_ms, fx);
	return TRUE;
}

static void
give_way_to(HbCore *core, guint g, guint other, gint64 now_ms, HbEffects *fx)
{
	hb_say(fx, HB_SAY_TWO_OWNERS, core->peer[other].name, core->group[g].conf->key, NULL, 0);
	hb_group_release(core, g, "another node holds it by better right", now_ms, fx);
}

/* Another member holds it too: one of the two gives way. */
gboolean
hb_rival_settle(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];
	guint other = 0;

	if (group->want_down)
		return FALSE;
	if (overruled_by(core, g) >= 0) {
		give_way_to(core, g, (guint)overruled_by(core, g), now_ms, fx);
		return TRUE;
	}
	switch (find_rival(core, g, &other)) {
	case RIVAL_NONE:
		return announce_after_doubt(core, g, now_ms, fx);
	case RIVAL_UNSURE:
		return FALSE;
	case RIVAL_IS_BETTER:
		give_way_to(core, g, other, now_ms, fx);
		return TRUE;
	case RIVAL_GIVES_WAY:
	default:
		break;
	}
	if (group->contested)
		return FALSE;
	hb_say(fx, HB_SAY_TWO_OWNERS, core->peer[other].name, group->conf->key, NULL, 0);
	hb_say(fx, HB_SAY_KEEP_AFTER_TWO, core->peer[other].name, group->conf->key, NULL, 0);
	group->contested = TRUE;
	group->contested_ms = now_ms;
	/* Wins the clients back before the other has stopped; what has vanished here waits until then. */
	if (group->gone == 0)
		hb_group_refresh(core, g, now_ms, fx);
	return TRUE;
}
