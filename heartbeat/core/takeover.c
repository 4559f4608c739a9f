/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/takeover.h"

#include "core/claims.h"
#include "core/fence.h"
#include "core/gone.h"
#include "core/group.h"
#include "core/leave.h"
#include "core/member.h"
#include "core/repair.h"
#include "core/rival.h"
#include "core/state.h"
#include "core/unheard.h"

#include "util/banned.h"

/* So long the node that should start a group may take to ask for it. */
#define UNCLAIMED_MS    5000
#define TURN_MS         500
/* Two that have asked for so long each believe to be the home. */
#define CONTEST_MS      2000

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
	int owner = hb_claims_runs_elsewhere(core, g, -1);
	int partner = hb_306_partner(core);

	/* 3.0.6 is never asked for leave: what it has not given it will start itself. */
	if (partner >= 0 && core->peer[partner].word[g].grant_id != hb_self_id(core))
		return TRUE;
	if (owner < 0)
		return FALSE;
	return core->peer[owner].word[g].claim != HB_CLAIM_RELEASING ||
	       core->peer[owner].word[g].grant_id != hb_self_id(core) || hb_claims_runs_elsewhere(core, g, owner) >= 0;
}

/* Each waits longer than the one before it: two whose files differ would else ask at once, and give way at once, for ever. */
static gint64
turn_ms(const HbCore *core)
{
	gint64 turn_ms = 0;

	for (guint i = 0; i < core->config->n_nodes; i++)
		if (core->peer[i].id < hb_self_id(core))
			turn_ms += TURN_MS;
	return turn_ms;
}

static gint64
orphan_ms(const HbCore *core, const HbGroup *group)
{
	if (group->state != HB_GROUP_IDLE || group->unclaimed_ms == G_MAXINT64)
		return G_MAXINT64;
	return group->unclaimed_ms + (group->parked ? 2 * UNCLAIMED_MS : UNCLAIMED_MS) + turn_ms(core);
}

/* Should this node ask for a group that is free? If another should, but does not (their files differ), it does in the end. */
static gboolean
is_mine_to_ask(HbCore *core, guint g, gint64 now_ms)
{
	HbGroup *group = &core->group[g];

	if (core->st != HB_ST_ACTIVE || hands_off(core, g) || hb_claims_best_asker(core, g) >= 0 ||
	    hb_claims_home_is_starting(core, g)) {
		group->unclaimed_ms = G_MAXINT64;
		if (hands_off(core, g))         /* it has an owner that speaks */
			group->forced_until_ms = 0;
		return FALSE;
	}
	if (hb_claims_target(core, g, -1) == (int)core->config->self)
		return TRUE;
	if (group->unclaimed_ms == G_MAXINT64)
		group->unclaimed_ms = now_ms;
	if (orphan_ms(core, group) > now_ms)
		return FALSE;
	group->unclaimed_ms = now_ms;
	return hb_claims_eligible(core, g, core->config->self);
}

static gboolean
decide_idle(HbCore *core, guint g, gint64 now_ms)
{
	HbGroup *group = &core->group[g];

	if (is_mine_to_ask(core, g, now_ms)) {
		group->epoch = MAX(group->epoch, group->seen_epoch) + 1;
		group->claim_seq = core->sendq.next;
		group->n_busy = 0;
		hb_leave_set(core, g, HB_ID_NONE, now_ms);
		hb_group_set(core, g, HB_GROUP_ASKING, now_ms);
		return TRUE;
	}
	return hb_leave_give(core, g, now_ms);
}

/*
 * Then the group comes from a member that has just let it go, and the question on the wire whether anybody has its
 * address may be spared: no stranger had it a moment ago.
 */
static gboolean
nobody_is_given_up(const HbCore *core)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (!hb_node_is_member(core, i) && !(core->peer[i].state == HB_PEER_LEFT && hb_gone_is_known(core, i)))
			return FALSE;
	return TRUE;
}

/*
 * Who hands a group over means it: it is not given back as "its home" before that node has started anew. That is who
 * ran it last: the others give leave as well, and some have asked for it in vain, with epochs that may be as high.
 */
static void
note_giver(HbCore *core, guint g)
{
	HbGroup *group = &core->group[g];
	int last = group->last.id != HB_ID_NONE ? hb_peer_index(core, group->last.id) : -1;

	group->given_by_id = HB_ID_NONE;
	if (last < 0 || last == (int)core->config->self || !hb_node_is_member(core, (guint)last))
		return;
	group->given_by_id = group->last.id;
	group->given_by_generation = group->last.generation;
}

/* Where two ask at once, the same one gives way on both nodes; nothing was started yet. */
static gboolean
gives_way_to(HbCore *core, guint g, guint other, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	if (now_ms < MAX(group->since_ms, core->peer[other].word[g].since_ms) + CONTEST_MS)
		return hb_claims_rank(core, g, other) < hb_claims_rank(core, g, core->config->self);
	if (!group->told_differ)
		hb_say(fx, HB_SAY_FILES_DIFFER, core->peer[other].name, group->conf->key, NULL, 0);
	group->told_differ = TRUE;
	return core->peer[other].id < hb_self_id(core);
}

static gboolean
decide_asking(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];
	int other = hb_claims_best_asker(core, g);

	if (hands_off(core, g) || !hb_claims_eligible(core, g, core->config->self) ||
	    (other >= 0 && gives_way_to(core, g, (guint)other, now_ms, fx))) {
		hb_group_set(core, g, HB_GROUP_IDLE, now_ms);
		return TRUE;
	}
	if (group->retry_ms != G_MAXINT64 && group->retry_ms > now_ms)
		return FALSE;
	group->retry_ms = G_MAXINT64;
	if (now_ms < core->hold_until_ms)
		return FALSE;
	if (hb_claims_runs_elsewhere(core, g, -1) >= 0 || hb_leave_missing(core, g) >= 0 ||
	    hb_fence_holds_up(core, g, now_ms, fx))
		return FALSE;
	if (now_ms < hb_claims_orphaned_until_ms(core, g) && now_ms >= group->forced_until_ms)
		return FALSE;
	if (group->n_busy == 0)
		tell_evidence(core, g, fx);
	note_giver(core, g);
	group->known_free = now_ms < group->forced_until_ms || (group->seen_epoch > 0 && nobody_is_given_up(core));
	hb_group_acquire(core, g, now_ms, fx);
	return TRUE;
}

void
hb_takeover_hand_over(HbCore *core, guint g, guint to, const char *why, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	/* One that nobody heard may have asked with as high an epoch, in vain: ours is the last word (claims.c). */
	group->epoch = MAX(group->epoch, group->seen_epoch + 1);
	hb_say(fx, HB_SAY_HANDOVER, core->peer[to].name, group->conf->key, NULL, 0);
	hb_group_release(core, g, why, now_ms, fx);
	hb_leave_set(core, g, core->peer[to].id, now_ms);
}

static gboolean
decide_held(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];
	guint home = group->conf->home;

	if (hb_rival_settle(core, g, now_ms, fx))
		return TRUE;
	if (core->unheard) {
		if (group->want_down)
			return FALSE;
		hb_group_release(core, g, "a node that does not hear us is about to take it", now_ms, fx);
		return TRUE;
	}
	if (group->state != HB_GROUP_UP || group->contested || core->leaving)
		return FALSE;
	/* Who gets it would have to wait for the shot, with the group down. */
	if (hb_fence_waits_for(core) >= 0)
		return FALSE;
	if (core->config->failback == HB_FAILBACK_OFF || home == core->config->self ||
	    core->peer[home].kind == HB_KIND_306 || !hb_claims_eligible(core, g, home) || !hb_claims_is_heard(core, home) ||
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
	int target = hb_claims_target(core, g, -1);

	return target >= 0 && (core->peer[target].kind != HB_KIND_306 || core->compat.standby != HB_306_QUIET);
}

/* Failed here: another try when no node can run it, so that it is not down for ever; an equal among others again when the
 * reason is gone, but who has it keeps it. */
static gboolean
decide_failed(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	if (group->forgiven && hb_claims_runs_elsewhere(core, g, -1) >= 0) {
		hb_say(fx, HB_SAY_MAY_START, NULL, group->conf->key, group->conf->resources[group->failed_at].token, 0);
		hb_group_set(core, g, HB_GROUP_IDLE, now_ms);
		return TRUE;
	}
	if (group->retry_ms <= now_ms) {
		if (core->leaving || hb_claims_runs_elsewhere(core, g, -1) >= 0 || somebody_will_ask(core, g)) {
			group->retry_ms = now_ms + core->config->deadtime_ms;
		} else {
			hb_say(fx, HB_SAY_NOBODY, NULL, group->conf->key, NULL, 0);
			hb_group_set(core, g, HB_GROUP_IDLE, now_ms);
		}
		return TRUE;
	}
	return hb_leave_give(core, g, now_ms);
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
		return hb_repair_missing(group) >= 0 ? HB_WAIT_RETRY : HB_WAIT_NOTHING;
	if (core->st != HB_ST_ACTIVE)
		return HB_WAIT_STARTUP;
	if (group->state == HB_GROUP_ASKING) {
		*ret_node = hb_leave_missing(core, g);
		if (*ret_node >= 0)
			return HB_WAIT_LEAVE;
		*ret_node = hb_fence_waits_for(core);
		return *ret_node >= 0 ? HB_WAIT_FENCE : HB_WAIT_LEAVE;
	}
	node = hb_claims_owner(core, g);
	if (node >= 0) {
		HbClaim claim = hb_claims_word(core, g, (guint)node).claim;

		if (claim == HB_CLAIM_HELD || claim == HB_CLAIM_TAINTED)
			return HB_WAIT_NOTHING;
		*ret_node = node;
		return HB_WAIT_OWNER;
	}
	node = hb_claims_runs_elsewhere(core, g, -1);
	if (node >= 0) {
		*ret_node = node;
		return HB_WAIT_OWNER;
	}
	*ret_node = hb_claims_target(core, g, -1);
	if (*ret_node >= 0)
		return HB_WAIT_OTHER_TARGET;
	*ret_node = hb_unheard_barred_by(core, core->now_ms);
	return *ret_node >= 0 ? HB_WAIT_HEARING : HB_WAIT_NOBODY;
}

gint64
hb_takeover_deadline_ms(const HbCore *core)
{
	gint64 deadline_ms = G_MAXINT64;

	for (guint g = 0; g < core->config->n_groups; g++) {
		const HbGroup *group = &core->group[g];

		deadline_ms = MIN(deadline_ms, group->retry_ms);
		if (group->state == HB_GROUP_ASKING && core->hold_until_ms > core->now_ms)
			deadline_ms = MIN(deadline_ms, core->hold_until_ms);
		if (group->state == HB_GROUP_ASKING && hb_claims_orphaned_until_ms(core, g) > core->now_ms)
			deadline_ms = MIN(deadline_ms, hb_claims_orphaned_until_ms(core, g));
		deadline_ms = MIN(deadline_ms, orphan_ms(core, group));
		if (group->contested && hb_306_partner(core) >= 0 &&
		    group->contested_ms + HB_RIVAL_306_MS > core->now_ms)
			deadline_ms = MIN(deadline_ms, group->contested_ms + HB_RIVAL_306_MS);
		if (hb_claims_home_is_new(core, g))
			deadline_ms = MIN(deadline_ms, group->born_ms + HB_CLAIMS_HOME_WAIT_MS);
		if (group->grant_id != HB_ID_NONE &&
		    (group->state == HB_GROUP_IDLE || group->state == HB_GROUP_FAILED)) {
			int to = hb_peer_index(core, group->grant_id);

			if (to >= 0 && core->peer[to].word[g].claim < HB_CLAIM_WANTED)
				deadline_ms = MIN(deadline_ms, group->grant_ms + HB_LEAVE_UNUSED_MS);
		}
	}
	return deadline_ms;
}
