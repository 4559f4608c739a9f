/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/claims.h"
#include "core/group.h"

#include "core/repair.h"
#include "core/state.h"
#include "core/takeover.h"

#include "util/banned.h"

#define START_RETRY_MS   1000   /* the first retry comes at once, the next after this */
#define STOP_RETRY_MS    1000
#define STUCK_RETRY_MS   10000
#define BUSY_RETRY_MS    100    /* and twice as long each time, up to ten times that */
#define BUSY_RETRY_MAX_MS 1000
#define FAILED_RETRY_MS  30000  /* when nobody can run it */

static void
keep_in_memory(HbCore *core, guint g, HbHeldState state, HbEffects *fx)
{
	HbEffect *effect = hb_effects_add(fx, HB_FX_HOLDING);

	effect->u.holding.group = g;
	effect->u.holding.held = (HbHeldGroup){
		.state = state,
		.epoch = core->group[g].epoch,
		.parked = core->group[g].parked,
	};
}

static void
run(HbCore *core, guint g, HbVerb verb, HbEffects *fx)
{
	HbGroup *group = &core->group[g];
	HbEffect *effect = hb_effects_add(fx, HB_FX_RUN);

	g_assert(group->op == 0);
	g_assert(group->at < group->conf->n_resources);
	group->op = ++core->next_op;
	group->verb = verb;
	group->cancelled = FALSE;
	group->retry_ms = G_MAXINT64;
	effect->u.run.op = group->op;
	effect->u.run.group = g;
	effect->u.run.resource = group->at;
	effect->u.run.verb = verb;
	effect->u.run.limit_ms = core->config->resource_timeout_ms;
	effect->u.run.epoch = group->epoch;
	effect->u.run.known_free = verb == HB_VERB_START && group->known_free && !group->refreshing;
}

void
hb_group_set(HbCore *core, guint g, HbGroupState state, gint64 now_ms)
{
	HbGroup *group = &core->group[g];

	if (group->state == state)
		return;
	group->state = state;
	group->since_ms = now_ms;
	group->retry_ms = G_MAXINT64;
	group->unclaimed_ms = G_MAXINT64;
	core->say_now = TRUE;
}

void
hb_group_note_owner(HbCore *core, guint g, guint32 id, guint64 generation, guint32 epoch)
{
	HbGroup *group = &core->group[g];

	if (epoch == 0 || epoch < group->last.epoch)    /* 0: only left over from an earlier start of that node */
		return;
	group->last.id = id;
	group->last.generation = generation;
	group->last.epoch = epoch;
}

static void
begin_stop(HbCore *core, guint g, guint from, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	/* While its starts are only repeated, all of it is up, whichever is at work. */
	group->at = group->refreshing ? group->conf->n_resources - 1 : from;
	group->refreshing = FALSE;
	group->repairing = FALSE;
	group->tainted = FALSE;
	group->n_busy = 0;
	group->stop_failures = 0;
	group->want_down = FALSE;
	group->began_ms = now_ms;
	hb_group_note_owner(core, g, hb_self_id(core), core->generation, group->epoch);
	hb_group_set(core, g, HB_GROUP_STOPPING, now_ms);
	keep_in_memory(core, g, HB_HELD_PARTIAL, fx);
	run(core, g, HB_VERB_STOP, fx);
}

static void
begin_start(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	group->at = 0;
	if (!group->refreshing)
		group->gone = 0;
	hb_group_note_owner(core, g, hb_self_id(core), core->generation, group->epoch);
	hb_group_set(core, g, HB_GROUP_STARTING, now_ms);
	keep_in_memory(core, g, HB_HELD_PARTIAL, fx);
	run(core, g, HB_VERB_START, fx);
}

void
hb_group_init(HbCore *core, guint g, const HbHeldGroup *held, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	*group = (HbGroup){
		.conf = &core->config->groups[g],
		.state = HB_GROUP_IDLE,
		.born_ms = now_ms,
		.since_ms = now_ms,
		.began_ms = now_ms,
		.epoch = held->epoch,
		.last.epoch = held->epoch,
		.parked = held->parked,
		.was_partial = held->state == HB_HELD_PARTIAL,
		.retry_ms = G_MAXINT64,
		.unclaimed_ms = G_MAXINT64,
	};
	switch (held->state) {
	case HB_HELD_UNKNOWN:
		group->state = HB_GROUP_PROBING;
		keep_in_memory(core, g, HB_HELD_UNKNOWN, fx);
		run(core, g, HB_VERB_STATUS, fx);
		break;
	case HB_HELD_PARTIAL:
		/* Nobody knows how far it got: down first, then whoever should run it starts it. */
		begin_stop(core, g, group->conf->n_resources - 1, now_ms, fx);
		break;
	case HB_HELD_UP:
		/* The hb-node before us may have stood still for long: who took it meanwhile has the better right. */
		group->state = HB_GROUP_UP;
		group->tainted = TRUE;
		group->tainted_ms = now_ms;
		break;
	case HB_HELD_IDLE:
	default:
		break;
	}
}

void
hb_group_acquire(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	g_assert(group->state == HB_GROUP_ASKING && group->op == 0);
	group->began_ms = now_ms;
	group->leave_ms = now_ms;
	if (group->seen_epoch >= group->epoch)  /* who handed it over may have spoken since we asked */
		group->epoch = group->seen_epoch + 1;
	group->failures = 0;
	group->n_repaired = 0;
	group->parked = FALSE;
	group->tainted = FALSE;
	group->contested = FALSE;
	group->doubted = FALSE;
	group->retry_start = FALSE;
	group->grant_id = HB_ID_NONE;
	group->tenure_seq = core->sendq.next;
	if (group->n_busy == 0)
		hb_say(fx, HB_SAY_ACQUIRE, NULL, group->conf->key, NULL, group->epoch);
	begin_start(core, g, now_ms, fx);
}

void
hb_group_refresh(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	if (group->state != HB_GROUP_UP)
		return;
	/* The epoch stays that of the tenure: it is what decides between two owners. */
	group->began_ms = now_ms;
	group->refreshing = TRUE;
	begin_start(core, g, now_ms, fx);
}

void
hb_group_restart(HbCore *core, guint g, guint resource, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	g_assert(group->state == HB_GROUP_UP);
	group->state = HB_GROUP_STARTING;       /* since when it is up stays as it is */
	group->at = resource;
	group->refreshing = TRUE;
	group->repairing = TRUE;
	keep_in_memory(core, g, HB_HELD_PARTIAL, fx);
	run(core, g, HB_VERB_START, fx);
}

void
hb_group_restarted(HbCore *core, guint g, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	group->state = HB_GROUP_UP;
	group->refreshing = FALSE;
	group->repairing = FALSE;
	keep_in_memory(core, g, HB_HELD_UP, fx);
}

static void
failed_here(HbGroup *group, guint resource)
{
	group->failed_at = resource;
	group->forgiven = FALSE;
}

void
hb_group_give_up(HbCore *core, guint g, guint resource, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	g_assert(group->state == HB_GROUP_UP);
	group->failures = HB_START_TRIES;
	failed_here(group, resource);
	group->retry_start = TRUE;
	begin_stop(core, g, group->conf->n_resources - 1, now_ms, fx);
}

static void
let_go(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	core->group[g].retry_start = FALSE;
	keep_in_memory(core, g, HB_HELD_IDLE, fx);
	hb_group_set(core, g, HB_GROUP_IDLE, now_ms);
}

void
hb_group_release(HbCore *core, guint g, const char *why, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	group->contested = FALSE;
	group->doubted = FALSE;
	group->retry_start = FALSE;
	switch (group->state) {
	case HB_GROUP_UP:
		hb_say(fx, HB_SAY_RELEASE, NULL, group->conf->key, why, 0);
		begin_stop(core, g, group->conf->n_resources - 1, now_ms, fx);
		break;
	case HB_GROUP_STARTING:
		if (group->want_down)
			break;
		hb_say(fx, HB_SAY_RELEASE, NULL, group->conf->key, why, 0);
		if (group->op == 0 && group->n_busy > 0) {
			begin_stop(core, g, group->at, now_ms, fx);
			break;
		}
		if (group->op == 0) {   /* between two tries all of it is down */
			let_go(core, g, now_ms, fx);
			break;
		}
		group->want_down = TRUE;
		core->say_now = TRUE;
		if (!group->cancelled) {
			group->cancelled = TRUE;
			hb_effects_add(fx, HB_FX_CANCEL)->u.cancel.op = group->op;
		}
		break;
	case HB_GROUP_ASKING:
		hb_group_set(core, g, HB_GROUP_IDLE, now_ms);
		break;
	default:
		break;
	}
}

static void
is_up(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	group->failures = 0;
	group->n_busy = 0;
	group->forced_until_ms = 0;
	group->refreshing = FALSE;
	hb_group_set(core, g, HB_GROUP_UP, now_ms);
	keep_in_memory(core, g, HB_HELD_UP, fx);
	hb_say(fx, HB_SAY_ACQUIRED, NULL, group->conf->key, NULL, now_ms - group->began_ms);
}

/* Everything of it is down. */
static void
is_down(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	group->tainted = FALSE;
	group->found = FALSE;
	if (group->retry_start && group->failures < HB_START_TRIES && !core->leaving &&
	    group->leave_ms >= core->speaking_since_ms) {
		/* Still ours by right: the others hear RELEASING and STARTING, never FREE. */
		hb_group_set(core, g, HB_GROUP_STARTING, now_ms);
		group->at = 0;
		group->retry_ms = group->failures <= 1 ? now_ms : now_ms + START_RETRY_MS;
		return;
	}
	group->grant_ms = now_ms;
	keep_in_memory(core, g, HB_HELD_IDLE, fx);
	hb_say(fx, HB_SAY_RELEASED, NULL, group->conf->key, NULL, now_ms - group->began_ms);
	if (!group->retry_start || core->leaving) {
		hb_group_set(core, g, HB_GROUP_IDLE, now_ms);
		return;
	}
	group->retry_start = FALSE;
	hb_say(fx, HB_SAY_GROUP_FAILED, NULL, group->conf->key, NULL, group->failures);
	hb_group_set(core, g, HB_GROUP_FAILED, now_ms);
	group->retry_ms = now_ms + FAILED_RETRY_MS;
}

static void
probe_ended(HbCore *core, guint g, HbChildResult result, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	if (result != HB_CHILD_NOT_RUNNING) {
		/* A status that gives no answer is taken for "runs": a needless stop harms nobody. */
		group->found = TRUE;
		if (result == HB_CHILD_OK)
			hb_say(fx, HB_SAY_FOUND_RUNNING, NULL, group->conf->key,
			       group->conf->resources[group->at].token, 0);
	}
	if (++group->at < group->conf->n_resources) {
		run(core, g, HB_VERB_STATUS, fx);
		return;
	}
	if (group->found) {
		begin_stop(core, g, group->conf->n_resources - 1, now_ms, fx);
		return;
	}
	keep_in_memory(core, g, HB_HELD_IDLE, fx);
	hb_group_set(core, g, HB_GROUP_IDLE, now_ms);
}

/*
 * The kernel of a node that was given up still answers for the address: it is frozen, not dead. It is free when that
 * node wakes, is fenced, or falls silent. While nothing of the group is up here this node only asks for it
 * again, so that an owner that wakes goes on as if nothing had been.
 */
static void
wait_until_free(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	if (group->n_busy++ == 0)
		hb_say(fx, HB_SAY_BUSY, NULL, group->conf->key, group->conf->resources[group->at].token, 0);
	if (group->at == 0) {
		group->epoch = MAX(group->epoch, group->seen_epoch) + 1;
		group->claim_seq = core->sendq.next;
		keep_in_memory(core, g, HB_HELD_IDLE, fx);
		hb_group_set(core, g, HB_GROUP_ASKING, now_ms);
	}
	group->retry_ms = now_ms + MIN(BUSY_RETRY_MS << MIN(group->n_busy - 1, 5), BUSY_RETRY_MAX_MS);
}

static void
start_ended(HbCore *core, guint g, HbChildResult result, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	if (group->want_down) {
		begin_stop(core, g, group->at, now_ms, fx);
		return;
	}
	if (group->repairing) {
		hb_repair_ended(core, g, result, now_ms, fx);
		return;
	}
	if (result != HB_CHILD_OK && group->refreshing)
		/* It was up before, and is as far as anybody knows: no reason to take it down. */
		hb_say(fx, HB_SAY_NOT_ANNOUNCED, NULL, group->conf->key,
		       group->conf->resources[group->at].token, 0);
	if (result != HB_CHILD_OK && group->refreshing && hb_repair_is_gone(group, group->at)) {
		is_up(core, g, now_ms, fx);     /* but for this one, on which the next may stand */
		return;
	}
	if (result == HB_CHILD_OK || group->refreshing) {
		if (++group->at < group->conf->n_resources)
			run(core, g, HB_VERB_START, fx);
		else
			is_up(core, g, now_ms, fx);
		return;
	}
	if (result == HB_CHILD_BUSY) {
		wait_until_free(core, g, now_ms, fx);
		return;
	}
	group->failures++;
	failed_here(group, group->at);
	group->n_busy = 0;
	group->retry_start = TRUE;
	hb_say(fx, HB_SAY_START_FAILED, NULL, group->conf->key, group->conf->resources[group->at].token,
	       group->failures);
	begin_stop(core, g, group->at, now_ms, fx);
}

static void
stop_failed(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];
	const char *token = group->conf->resources[group->at].token;

	group->stop_failures++;
	hb_say(fx, HB_SAY_STOP_FAILED, NULL, group->conf->key, token, group->stop_failures);
	if (group->stop_failures == HB_STOP_TRIES)
		hb_say(fx, HB_SAY_GROUP_STUCK, NULL, group->conf->key, token, 0);
	if (group->stop_failures >= HB_STOP_TRIES) {
		hb_group_set(core, g, HB_GROUP_STUCK, now_ms);
		group->retry_ms = now_ms + STUCK_RETRY_MS;
	} else {
		group->retry_ms = now_ms + STOP_RETRY_MS;
	}
}

static void
stop_ended(HbCore *core, guint g, HbChildResult result, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];
	gboolean down;

	if (group->verb == HB_VERB_STOP && result != HB_CHILD_OK) {
		/* Some scripts fail when there is nothing to stop: ask before calling it a failure. */
		run(core, g, HB_VERB_STATUS, fx);
		return;
	}
	down = group->verb == HB_VERB_STOP || result == HB_CHILD_NOT_RUNNING;
	if (!down) {
		stop_failed(core, g, now_ms, fx);
		return;
	}
	group->stop_failures = 0;
	hb_group_set(core, g, HB_GROUP_STOPPING, now_ms);
	if (group->at == 0) {
		is_down(core, g, now_ms, fx);
		return;
	}
	group->at--;
	run(core, g, HB_VERB_STOP, fx);
}

void
hb_group_may_start(HbCore *core, guint g, guint resource, gint64 now_ms)
{
	HbGroup *group = &core->group[g];

	if (resource != group->failed_at)
		return;
	group->forgiven = TRUE;
	if (group->state == HB_GROUP_FAILED)
		group->retry_ms = now_ms;       /* at once if nobody has it */
}

void
hb_group_child(HbCore *core, guint32 op, HbChildResult result, gint64 now_ms, HbEffects *fx)
{
	for (guint g = 0; g < core->config->n_groups; g++) {
		HbGroup *group = &core->group[g];

		if (group->op != op)
			continue;
		group->op = 0;
		switch (group->state) {
		case HB_GROUP_PROBING:
			probe_ended(core, g, result, now_ms, fx);
			break;
		case HB_GROUP_STARTING:
			start_ended(core, g, result, now_ms, fx);
			break;
		case HB_GROUP_STOPPING:
		case HB_GROUP_STUCK:
			stop_ended(core, g, result, now_ms, fx);
			break;
		default:
			g_assert_not_reached();
		}
		return;
	}
}

void
hb_group_time(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	if (group->state == HB_GROUP_UP) {
		hb_repair_step(core, g, now_ms, fx);
		return;
	}
	if (group->retry_ms > now_ms || group->op != 0)
		return;
	switch (group->state) {
	case HB_GROUP_STARTING:
		if (group->n_busy > 0) {
			run(core, g, HB_VERB_START, fx);
			break;
		}
		/* All of it is down between two tries: who else has it or asks for it meanwhile may have it. */
		if (!hb_claims_undisputed(core, g)) {
			let_go(core, g, now_ms, fx);
			break;
		}
		if (group->seen_epoch >= group->epoch)
			group->epoch = group->seen_epoch + 1;
		begin_start(core, g, now_ms, fx);
		break;
	case HB_GROUP_STOPPING:
	case HB_GROUP_STUCK:
		run(core, g, HB_VERB_STOP, fx);
		break;
	default:        /* FAILED: takeover.c looks whether somebody else can run it */
		break;
	}
}

HbClaim
hb_group_claim(const HbCore *core, guint g)
{
	const HbGroup *group = &core->group[g];

	switch (group->state) {
	case HB_GROUP_IDLE:
		return group->parked ? HB_CLAIM_PARKED : HB_CLAIM_FREE;
	case HB_GROUP_ASKING:
		return HB_CLAIM_WANTED;
	case HB_GROUP_STARTING:
		if (group->want_down)
			return HB_CLAIM_RELEASING;
		if (!group->refreshing)         /* else all of it is up, and only announced again */
			return HB_CLAIM_STARTING;
		return group->tainted ? HB_CLAIM_TAINTED : HB_CLAIM_HELD;
	case HB_GROUP_UP:
		return group->tainted ? HB_CLAIM_TAINTED : HB_CLAIM_HELD;
	case HB_GROUP_STOPPING:
		return HB_CLAIM_RELEASING;
	case HB_GROUP_FAILED:
		return HB_CLAIM_FAILED;
	case HB_GROUP_STUCK:
		return HB_CLAIM_STUCK;
	default:
		return HB_CLAIM_UNKNOWN;
	}
}

gboolean
hb_group_may_run(const HbCore *core, guint g)
{
	return hb_claim_may_run(hb_group_claim(core, g));
}
