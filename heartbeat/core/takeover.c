/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/takeover.h"

#include "core/group.h"
#include "core/state.h"

#include "util/banned.h"

/* A node that was given leave without having asked (a hand-over) has this long to begin. */
#define GRANT_UNUSED_MS 5000
/* So long a new group waits for a home that has not spoken of it yet: its reload may be on the way. */
#define HOME_WAIT_MS    5000
/* So long the node that should start a group may take to ask for it. */
#define UNCLAIMED_MS    5000
/* Two that have asked for so long each believe to be the home. */
#define CONTEST_MS      2000

static HbWord
word_of(const HbCore *core, guint g, guint node)
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
static guint64
rank(const HbCore *core, guint g, guint node)
{
	return core->config->groups[g].home == node ? 0 : 1 + (guint64)core->peer[node].id;
}

/* The first member but this node where the group may be active, or -1. */
static int
runs_elsewhere(const HbCore *core, guint g, int but)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		HbWord word = word_of(core, g, i);

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

/*
 * The first member that has not given this node leave, or -1. Leave counts only from a node that has heard this
 * very claim: an older one may have been given before a freeze, a cut or a release, and to somebody else since.
 */
static int
leave_missing(const HbCore *core, guint g)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];

		if (i == core->config->self || !hb_node_is_member(core, i) || !peer->word[g].known)
			continue;
		if (peer->word[g].grant_id != hb_self_id(core) ||
		    (peer->kind == HB_KIND_OURS && peer->echo_seq < core->group[g].claim_seq))
			return (int)i;
	}
	return -1;
}

gboolean
hb_takeover_eligible(const HbCore *core, guint g, guint node)
{
	HbWord word = word_of(core, g, node);
	gboolean self = node == core->config->self;
	gboolean leaving = self ? core->leaving : core->peer[node].leaving;
	HbNodeSt st = self ? core->st : core->peer[node].st;

	if (!hb_node_is_member(core, node) || leaving || st != HB_ST_ACTIVE || !word.known)
		return FALSE;
	if (self && core->unheard)
		return FALSE;
	return word.claim != HB_CLAIM_FAILED && word.claim != HB_CLAIM_STUCK && word.claim != HB_CLAIM_UNKNOWN;
}

/* A node that others have already given leave to, by the word of the latest owner; or -1. */
static int
designated(const HbCore *core, guint g, int without)
{
	int found = -1;
	guint32 best_epoch = 0;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		HbWord word = word_of(core, g, i);
		guint32 back;
		int to;

		if (!hb_node_is_member(core, i) || !word.known || word.grant_id == HB_ID_NONE)
			continue;
		to = hb_peer_index(core, word.grant_id);
		if (to < 0 || to == without || !hb_takeover_eligible(core, g, (guint)to))
			continue;
		/* One that passed it on to a third no longer wants it; pointing back is only old news. */
		back = word_of(core, g, (guint)to).grant_id;
		if (back != HB_ID_NONE && back != core->peer[i].id)
			continue;
		if (found < 0 || word.epoch > best_epoch) {
			found = to;
			best_epoch = word.epoch;
		}
	}
	return found;
}

static gboolean
home_may_not_know(const HbCore *core, guint g)
{
	const HbPeer *home = &core->peer[core->config->groups[g].home];

	return home->kind == HB_KIND_OURS && hb_peer_is_alive(home->state) &&
	       core->config->groups[g].home != core->config->self && !home->word[g].known &&
	       core->now_ms < core->group[g].born_ms + HOME_WAIT_MS;
}

/* Home first, then the order of the node lines; a parked node only when there is no other. */
int
hb_takeover_target(const HbCore *core, guint g, int without)
{
	int parked = -1;
	int to = designated(core, g, without);

	if (to >= 0)
		return to;
	if (home_may_not_know(core, g))
		return (int)core->config->groups[g].home;
	for (guint n = 0; n <= core->config->n_nodes; n++) {
		guint i = n == 0 ? core->config->groups[g].home : n - 1;

		if ((int)i == without || !hb_takeover_eligible(core, g, i))
			continue;
		if (word_of(core, g, i).claim != HB_CLAIM_PARKED)
			return (int)i;
		if (parked < 0)
			parked = (int)i;
	}
	return parked;
}

/* The member with the best right among those that ask for the group, or -1. */
static int
best_claimant(const HbCore *core, guint g)
{
	int best = -1;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		if (i == core->config->self || !hb_node_is_member(core, i) ||
		    core->peer[i].word[g].claim != HB_CLAIM_WANTED || !core->peer[i].word[g].known)
			continue;
		if (best < 0 || rank(core, g, i) < rank(core, g, (guint)best))
			best = (int)i;
	}
	return best;
}

static gboolean
set_grant(HbCore *core, guint g, guint32 id, gint64 now_ms)
{
	HbGroup *group = &core->group[g];

	if (group->grant_id == id)
		return FALSE;
	group->grant_id = id;
	group->grant_ms = now_ms;
	group->grant_used = FALSE;
	core->say_now = TRUE;
	return TRUE;
}

/* Never taken back while its holder asks or runs: it may start at any moment. */
static gboolean
grant_is_void(HbCore *core, guint g, gint64 now_ms)
{
	HbGroup *group = &core->group[g];
	int to = hb_peer_index(core, group->grant_id);

	if (to < 0 || !hb_takeover_eligible(core, g, (guint)to))
		return TRUE;
	if (word_of(core, g, (guint)to).claim >= HB_CLAIM_WANTED) {
		group->grant_used = TRUE;
		return FALSE;
	}
	return group->grant_used || now_ms >= group->grant_ms + GRANT_UNUSED_MS;
}

/* Gives leave where somebody asks, takes it back where it is no longer used. */
static gboolean
grant(HbCore *core, guint g, gint64 now_ms)
{
	HbGroup *group = &core->group[g];
	int claimant;

	if (group->grant_id != HB_ID_NONE) {
		if (!grant_is_void(core, g, now_ms))
			return FALSE;
		return set_grant(core, g, HB_ID_NONE, now_ms);
	}
	claimant = best_claimant(core, g);
	if (claimant < 0 || hb_group_may_run(core, g) || runs_elsewhere(core, g, claimant) >= 0)
		return FALSE;
	return set_grant(core, g, core->peer[claimant].id, now_ms);
}

/* What may be wrong with the evidence on which we take a group (design: level best-effort). */
static void
tell_evidence(HbCore *core, guint g, HbEffects *fx)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];

		if (i != core->config->self && peer->state == HB_PEER_DEAD && peer->word[g].known &&
		    peer->word[g].claim >= HB_CLAIM_STARTING)
			hb_say(fx, HB_SAY_BEST_EFFORT, peer->name, core->group[g].conf->key, NULL, 0);
	}
}

/* Is it running elsewhere with no sign that it is meant for us? Who stops it for us may be asked already. */
static gboolean
hands_off(const HbCore *core, guint g)
{
	int owner = runs_elsewhere(core, g, -1);

	if (owner < 0)
		return FALSE;
	return core->peer[owner].word[g].claim != HB_CLAIM_RELEASING ||
	       core->peer[owner].word[g].grant_id != hb_self_id(core) || runs_elsewhere(core, g, owner) >= 0;
}

static gint64
orphan_ms(const HbGroup *group)
{
	if (group->state != HB_GROUP_IDLE || group->unclaimed_ms == G_MAXINT64)
		return G_MAXINT64;
	return group->unclaimed_ms + (group->parked ? 2 * UNCLAIMED_MS : UNCLAIMED_MS);
}

/* Should this node ask for a group that is free? If another should, but does not (their files differ), it does in the end. */
static gboolean
is_mine_to_ask(HbCore *core, guint g, gint64 now_ms)
{
	HbGroup *group = &core->group[g];

	if (core->st != HB_ST_ACTIVE || hands_off(core, g) || best_claimant(core, g) >= 0) {
		group->unclaimed_ms = G_MAXINT64;
		return FALSE;
	}
	if (hb_takeover_target(core, g, -1) == (int)core->config->self)
		return TRUE;
	if (group->unclaimed_ms == G_MAXINT64)
		group->unclaimed_ms = now_ms;
	if (orphan_ms(group) > now_ms)
		return FALSE;
	group->unclaimed_ms = now_ms;
	return hb_takeover_eligible(core, g, core->config->self);
}

static gboolean
decide_idle(HbCore *core, guint g, gint64 now_ms)
{
	HbGroup *group = &core->group[g];

	if (is_mine_to_ask(core, g, now_ms)) {
		group->epoch = MAX(group->epoch, group->seen_epoch) + 1;
		group->claim_seq = core->sendq.next;
		group->n_busy = 0;
		set_grant(core, g, HB_ID_NONE, now_ms);
		hb_group_set(core, g, HB_GROUP_ASKING, now_ms);
		return TRUE;
	}
	return grant(core, g, now_ms);
}

/*
 * Then the group comes from a member that has just let it go, and the question on the wire whether anybody has its
 * address may be spared: no stranger had it a moment ago.
 */
static gboolean
nobody_is_given_up(const HbCore *core)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (!hb_node_is_member(core, i) && core->peer[i].state != HB_PEER_LEFT)
			return FALSE;
	return TRUE;
}

/* Who hands a group over means it: it is not given back as "its home" before that node has started anew. */
static void
note_giver(HbCore *core, guint g)
{
	HbGroup *group = &core->group[g];

	group->given_by_id = HB_ID_NONE;
	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];

		/* The others give leave as well, but their last word is not the end of this tenure. */
		if (i == core->config->self || !hb_node_is_member(core, i) || !peer->word[g].known ||
		    peer->word[g].epoch == 0 || peer->word[g].epoch != group->seen_epoch)
			continue;
		group->given_by_id = peer->id;
		group->given_by_generation = peer->generation;
	}
}

/* Where two ask at once, the same one gives way on both nodes; nothing was started yet. */
static gboolean
gives_way_to(HbCore *core, guint g, guint other, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	if (now_ms < group->since_ms + CONTEST_MS)
		return rank(core, g, other) < rank(core, g, core->config->self);
	if (!group->told_differ)
		hb_say(fx, HB_SAY_FILES_DIFFER, core->peer[other].name, group->conf->key, NULL, 0);
	group->told_differ = TRUE;
	return core->peer[other].id < hb_self_id(core);
}

static gboolean
decide_asking(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];
	int other = best_claimant(core, g);

	if (hands_off(core, g) || !hb_takeover_eligible(core, g, core->config->self) ||
	    (other >= 0 && gives_way_to(core, g, (guint)other, now_ms, fx))) {
		hb_group_set(core, g, HB_GROUP_IDLE, now_ms);
		return TRUE;
	}
	if (group->retry_ms != G_MAXINT64 && group->retry_ms > now_ms)
		return FALSE;
	group->retry_ms = G_MAXINT64;
	if (now_ms < core->hold_until_ms)
		return FALSE;
	if (runs_elsewhere(core, g, -1) >= 0 || leave_missing(core, g) >= 0)
		return FALSE;
	if (group->n_busy == 0)
		tell_evidence(core, g, fx);
	note_giver(core, g);
	group->known_free = group->forced || (group->seen_epoch > 0 && nobody_is_given_up(core));
	hb_group_acquire(core, g, now_ms, fx);
	return TRUE;
}

/*
 * Of two that hold the group after a cut: TRUE if node @a keeps it against node @b. Both come to the same answer, because
 * only what both have said counts: no setting, no file. If it is not its home that keeps it, fail-back follows.
 */
static gboolean
keeps(const HbCore *core, guint g, guint a, guint b)
{
	HbWord wa = word_of(core, g, a), wb = word_of(core, g, b);

	/* Who has it up serves on against one who only begins. */
	if ((wa.claim == HB_CLAIM_STARTING) != (wb.claim == HB_CLAIM_STARTING))
		return wb.claim == HB_CLAIM_STARTING;
	/* Who was absent while holding it has nothing to say against who served meanwhile. */
	if ((wa.claim == HB_CLAIM_TAINTED) != (wb.claim == HB_CLAIM_TAINTED))
		return wb.claim == HB_CLAIM_TAINTED;
	/* The older tenure: the other one took over on the word of a cut. */
	if (wa.epoch != wb.epoch)
		return wa.epoch < wb.epoch;
	return core->peer[a].id < core->peer[b].id;
}

typedef enum {
	RIVAL_NONE,
	RIVAL_GIVES_WAY,
	RIVAL_UNSURE,           /* it has not heard us since we were away: its word may be old */
	RIVAL_IS_BETTER
} Rival;

static Rival
judge_rival(const HbCore *core, guint g, guint node)
{
	const HbPeer *peer = &core->peer[node];
	HbClaim claim = peer->word[g].claim;

	if (!hb_node_is_member(core, node) || !peer->word[g].known || claim < HB_CLAIM_STARTING)
		return RIVAL_NONE;
	/* One that is stuck would go if it could: to stop the healthy one as well would help nobody. */
	if (claim == HB_CLAIM_RELEASING || claim == HB_CLAIM_STUCK || keeps(core, g, core->config->self, node))
		return RIVAL_GIVES_WAY;
	return peer->kind == HB_KIND_OURS && peer->echo_seq < core->speaking_seq ? RIVAL_UNSURE : RIVAL_IS_BETTER;
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

/* Another member holds it too: one of the two gives way. */
static gboolean
settle_two_owners(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];
	guint other = 0;

	if (group->want_down)
		return FALSE;
	switch (find_rival(core, g, &other)) {
	case RIVAL_NONE:
		return announce_after_doubt(core, g, now_ms, fx);
	case RIVAL_UNSURE:
		return FALSE;
	case RIVAL_IS_BETTER:
		hb_say(fx, HB_SAY_TWO_OWNERS, core->peer[other].name, group->conf->key, NULL, 0);
		hb_group_release(core, g, "another node holds it by better right", now_ms, fx);
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
	hb_group_refresh(core, g, now_ms, fx);  /* win the clients back before the other has stopped */
	return TRUE;
}

void
hb_takeover_hand_over(HbCore *core, guint g, guint to, const char *why, gint64 now_ms, HbEffects *fx)
{
	hb_say(fx, HB_SAY_HANDOVER, core->peer[to].name, core->group[g].conf->key, NULL, 0);
	hb_group_release(core, g, why, now_ms, fx);
	set_grant(core, g, core->peer[to].id, now_ms);
}

static gboolean
decide_held(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];
	guint home = group->conf->home;

	if (settle_two_owners(core, g, now_ms, fx))
		return TRUE;
	if (core->unheard) {
		if (group->want_down)
			return FALSE;
		hb_group_release(core, g, "no other node hears us any more", now_ms, fx);
		return TRUE;
	}
	if (group->state != HB_GROUP_UP || group->contested || core->leaving)
		return FALSE;
	if (core->config->failback == HB_FAILBACK_OFF || home == core->config->self ||
	    core->peer[home].kind == HB_KIND_306 || !hb_takeover_eligible(core, g, home) ||
	    (group->given_by_id == core->peer[home].id &&
	     group->given_by_generation == core->peer[home].generation) ||
	    core->peer[home].word[g].claim == HB_CLAIM_PARKED)
		return FALSE;
	hb_takeover_hand_over(core, g, home, "its home is back", now_ms, fx);
	return TRUE;
}

/* A partner that runs 3.0.6 starts what it was given, and nothing else of its own accord. */
static gboolean
somebody_will_ask(const HbCore *core, guint g)
{
	int target = hb_takeover_target(core, g, -1);

	return target >= 0 && (core->peer[target].kind != HB_KIND_306 || core->compat.standby != HB_306_QUIET);
}

/* Failed here: another try when no node can run it, so that it is not down for ever. */
static gboolean
decide_failed(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	if (group->retry_ms <= now_ms) {
		if (core->leaving || runs_elsewhere(core, g, -1) >= 0 || somebody_will_ask(core, g)) {
			group->retry_ms = now_ms + core->config->deadtime_ms;
		} else {
			hb_say(fx, HB_SAY_NOBODY, NULL, group->conf->key, NULL, 0);
			hb_group_set(core, g, HB_GROUP_IDLE, now_ms);
		}
		return TRUE;
	}
	return grant(core, g, now_ms);
}

gboolean
hb_takeover_undisputed(const HbCore *core, guint g)
{
	return runs_elsewhere(core, g, -1) < 0 && best_claimant(core, g) < 0;
}

gboolean
hb_takeover_decide(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	switch (core->group[g].state) {
	case HB_GROUP_IDLE:
		return decide_idle(core, g, now_ms);
	case HB_GROUP_ASKING:
		return decide_asking(core, g, now_ms, fx);
	case HB_GROUP_STARTING:
	case HB_GROUP_UP:
		return decide_held(core, g, now_ms, fx);
	case HB_GROUP_FAILED:
		return decide_failed(core, g, now_ms, fx);
	default:
		return FALSE;
	}
}

int
hb_takeover_owner(const HbCore *core, guint g)
{
	int owner = -1;
	HbClaim best = HB_CLAIM_WANTED;

	for (guint i = 0; i < core->config->n_nodes; i++) {
		HbWord word = word_of(core, g, i);

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

HbWait
hb_takeover_wait(const HbCore *core, guint g, int *ret_node)
{
	const HbGroup *group = &core->group[g];
	int node = -1;

	*ret_node = -1;
	if (group->op != 0)
		return HB_WAIT_SCRIPT;
	if (group->state == HB_GROUP_STARTING || group->state == HB_GROUP_STOPPING || group->state == HB_GROUP_STUCK)
		return HB_WAIT_RETRY;
	if (group->state == HB_GROUP_UP)
		return HB_WAIT_NOTHING;
	if (core->st != HB_ST_ACTIVE)
		return HB_WAIT_STARTUP;
	if (group->state == HB_GROUP_ASKING) {
		*ret_node = leave_missing(core, g);
		return HB_WAIT_LEAVE;
	}
	node = hb_takeover_owner(core, g);
	if (node >= 0) {
		HbClaim claim = word_of(core, g, (guint)node).claim;

		if (claim == HB_CLAIM_HELD || claim == HB_CLAIM_TAINTED)
			return HB_WAIT_NOTHING;
		*ret_node = node;
		return HB_WAIT_OWNER;
	}
	node = runs_elsewhere(core, g, -1);
	if (node >= 0) {
		*ret_node = node;
		return HB_WAIT_OWNER;
	}
	*ret_node = hb_takeover_target(core, g, -1);
	return *ret_node >= 0 ? HB_WAIT_OTHER_TARGET : HB_WAIT_NOBODY;
}

gint64
hb_takeover_deadline_ms(const HbCore *core)
{
	gint64 deadline_ms = G_MAXINT64;

	for (guint g = 0; g < core->config->n_groups; g++) {
		const HbGroup *group = &core->group[g];

		deadline_ms = MIN(deadline_ms, group->retry_ms);
		if (group->state == HB_GROUP_ASKING && group->since_ms + CONTEST_MS > core->now_ms)
			deadline_ms = MIN(deadline_ms, group->since_ms + CONTEST_MS);
		if (group->state == HB_GROUP_ASKING && core->hold_until_ms > core->now_ms)
			deadline_ms = MIN(deadline_ms, core->hold_until_ms);
		deadline_ms = MIN(deadline_ms, orphan_ms(group));
		if (home_may_not_know(core, g))
			deadline_ms = MIN(deadline_ms, group->born_ms + HOME_WAIT_MS);
		if (group->grant_id != HB_ID_NONE &&
		    (group->state == HB_GROUP_IDLE || group->state == HB_GROUP_FAILED)) {
			int to = hb_peer_index(core, group->grant_id);

			if (to >= 0 && core->peer[to].word[g].claim < HB_CLAIM_WANTED)
				deadline_ms = MIN(deadline_ms, group->grant_ms + GRANT_UNUSED_MS);
		}
	}
	return deadline_ms;
}
