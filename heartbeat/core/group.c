/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/claims.h"
#include "core/group_parts.h"

#include "core/repair.h"

#include "util/banned.h"

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
		hb_group_keep(core, g, HB_HELD_UNKNOWN, fx);
		hb_group_run(core, g, HB_VERB_STATUS, fx);
		break;
	case HB_HELD_PARTIAL:
		/* Nobody knows how far it got: down first, then whoever should run it starts it. */
		hb_group_begin_stop(core, g, group->conf->n_resources - 1, now_ms, fx);
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
	hb_group_begin_start(core, g, now_ms, fx);
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
	hb_group_begin_start(core, g, now_ms, fx);
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
	hb_group_keep(core, g, HB_HELD_PARTIAL, fx);
	hb_group_run(core, g, HB_VERB_START, fx);
}

void
hb_group_restarted(HbCore *core, guint g, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	group->state = HB_GROUP_UP;
	group->refreshing = FALSE;
	group->repairing = FALSE;
	hb_group_keep(core, g, HB_HELD_UP, fx);
}

void
hb_group_give_up(HbCore *core, guint g, guint resource, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	g_assert(group->state == HB_GROUP_UP);
	group->failures = HB_START_TRIES;
	hb_group_failed_here(group, resource);
	group->retry_start = TRUE;
	hb_group_begin_stop(core, g, group->conf->n_resources - 1, now_ms, fx);
}

static void
let_go(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	core->group[g].retry_start = FALSE;
	hb_group_keep(core, g, HB_HELD_IDLE, fx);
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
		hb_group_begin_stop(core, g, group->conf->n_resources - 1, now_ms, fx);
		break;
	case HB_GROUP_STARTING:
		if (group->want_down)
			break;
		hb_say(fx, HB_SAY_RELEASE, NULL, group->conf->key, why, 0);
		if (group->op == 0 && group->n_busy > 0) {
			hb_group_begin_stop(core, g, group->at, now_ms, fx);
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
			hb_group_run(core, g, HB_VERB_START, fx);
			break;
		}
		/* All of it is down between two tries: who else has it or asks for it meanwhile may have it. */
		if (!hb_claims_undisputed(core, g)) {
			let_go(core, g, now_ms, fx);
			break;
		}
		if (group->seen_epoch >= group->epoch)
			group->epoch = group->seen_epoch + 1;
		hb_group_begin_start(core, g, now_ms, fx);
		break;
	case HB_GROUP_STOPPING:
	case HB_GROUP_STUCK:
		hb_group_run(core, g, HB_VERB_STOP, fx);
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
