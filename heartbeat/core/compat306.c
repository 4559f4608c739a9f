/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/compat306_parts.h"

#include <string.h>

#include "core/dispatch.h"
#include "core/group.h"

#include "util/banned.h"

int
hb_306_partner(const HbCore *core)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && core->peer[i].kind == HB_KIND_306 &&
		    hb_peer_is_alive(core->peer[i].state))
			return (int)i;
	return -1;
}

HbHold
hb_306_mirror(HbHold hold)
{
	return (hold & HB_HOLD_LOCAL ? HB_HOLD_FOREIGN : 0) | (hold & HB_HOLD_FOREIGN ? HB_HOLD_LOCAL : 0);
}

gboolean
hb_306_is_nice(const HbCore *core)
{
	return core->config->failback != HB_FAILBACK_LEGACY;
}

HbHold
hb_306_bundle(const HbCore *core, guint g, guint node)
{
	return core->config->groups[g].home == node ? HB_HOLD_LOCAL : HB_HOLD_FOREIGN;
}

static HbWord
word_nice(const HbCore *core, guint g, guint partner)
{
	const Hb306 *compat = &core->compat;
	HbHold bit = hb_306_bundle(core, g, partner);
	HbWord word = { .known = TRUE, .epoch = core->peer[partner].word[g].epoch };

	if (!compat->theirs_known)
		word.claim = HB_CLAIM_UNKNOWN;
	else if (compat->may_stop && compat->theirs == HB_HOLD_NONE && !compat->their_stable)
		word.claim = HB_CLAIM_RELEASING;        /* or it settles, and will say so when it hears that we have */
	else if (compat->releasing & bit)
		word.claim = HB_CLAIM_RELEASING;
	else if (compat->theirs & bit)
		word.claim = HB_CLAIM_HELD;
	else if (core->now_ms < compat->resumed_until_ms && !hb_group_may_run(core, g))
		word.claim = HB_CLAIM_RELEASING;        /* neither here nor there: under way, as far as anybody can tell */
	else if (compat->standby == HB_306_GIVING && hb_306_mirror(compat->what) & bit)
		word.claim = HB_CLAIM_WANTED;   /* it waits for our stops: hands off */
	else if (bit == HB_HOLD_LOCAL && !compat->they_parked && !compat->their_stable)
		word.claim = HB_CLAIM_FREE;     /* it is about to start them itself: no leave for us */
	else {
		/* Once settled it starts nothing of its own accord, not even its own: ours, if it is still so in a while. */
		word.claim = bit == HB_HOLD_LOCAL && compat->they_parked ? HB_CLAIM_PARKED : HB_CLAIM_FREE;
		word.grant_id = hb_self_id(core);
	}
	return word;
}

void
hb_306_set_words(HbCore *core, guint partner)
{
	for (guint g = 0; g < core->config->n_groups; g++)
		core->peer[partner].word[g] =
			hb_306_is_nice(core) ? word_nice(core, g, partner) : hb_306_word_legacy(core, g, partner);
}

gboolean
hb_306_any_here(const HbCore *core, HbHold what)
{
	for (guint g = 0; g < core->config->n_groups; g++)
		if (hb_306_bundle(core, g, core->config->self) & what && hb_group_may_run(core, g))
			return TRUE;
	return FALSE;
}

void
hb_306_heard(HbCore *core, guint from, gboolean first, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;

	(void)now_ms, (void)fx;
	if (first) {
		memset(compat, 0, sizeof *compat);
		compat->until_ms = compat->again_ms = G_MAXINT64;
		/* A process that is just starting holds nothing; one that runs has to tell. */
		compat->theirs_known = core->peer[from].st != HB_ST_ACTIVE;
		compat->may_stop = core->peer[from].st == HB_ST_ACTIVE;
		/* The hb-node before us may have been given them by an operator: nothing moves by itself. */
		compat->they_parked = core->resumed && core->peer[from].st == HB_ST_ACTIVE &&
		                      hb_306_any_here(core, HB_HOLD_FOREIGN);
		if (core->resumed && core->peer[from].st == HB_ST_ACTIVE)
			compat->resumed_until_ms = now_ms + HB_306_ANSWER_MS;
		if (core->st == HB_ST_ACTIVE)
			hb_306_settled(core, now_ms, fx);
		for (guint g = 0; g < core->config->n_groups; g++) {
			compat->answered[g] = core->peer[from].st != HB_ST_ACTIVE;
			/* It may have asked the hb-node before us for it, and will not ask again; if it has it, an answer changes nothing. */
			compat->owes_answer[g] = core->resumed && core->peer[from].st == HB_ST_ACTIVE &&
			                         core->config->groups[g].home == from;
		}
	}
	hb_306_set_words(core, from);
}

void
hb_306_died(HbCore *core, guint node, gint64 now_ms, HbEffects *fx)
{
	(void)now_ms, (void)fx;
	if (core->peer[node].kind != HB_KIND_306)
		return;
	core->compat.standby = HB_306_QUIET;
	core->compat.until_ms = core->compat.again_ms = G_MAXINT64;
}

/* What we hold in its terms: from the moment we begin to start until the last stop has succeeded. */
HbHold
hb_306_hold(const HbCore *core)
{
	HbHold hold = HB_HOLD_NONE;
	guint n_local = 0;

	for (guint g = 0; g < core->config->n_groups; g++) {
		HbHold bit = hb_306_bundle(core, g, core->config->self);

		n_local += bit == HB_HOLD_LOCAL;
		if (core->group[g].state != HB_GROUP_PROBING && hb_group_may_run(core, g))
			hold |= bit;
	}
	/* Nothing stands under our name: then nothing of it is missing. */
	if (n_local == 0 && core->st == HB_ST_ACTIVE && !core->leaving)
		hold |= HB_HOLD_LOCAL;
	return hold;
}

gboolean
hb_306_is_stable(const HbCore *core)
{
	if (core->st != HB_ST_ACTIVE || core->compat.standby != HB_306_QUIET)
		return FALSE;
	for (guint g = 0; g < core->config->n_groups; g++)
		if (core->group[g].op != 0 || core->group[g].state == HB_GROUP_ASKING)
			return FALSE;
	return TRUE;
}

void
hb_306_say_resource(HbCore *core, HbHold hold, gboolean stable, HbInfo info, HbEffects *fx)
{
	HbTyped *msg = hb_outbox_new(core, HB_MSG_RESOURCE, NULL);

	msg->u.resource = (HbMsgResource){
		.hold = hold,
		.full = TRUE,
		.stable = stable ? HB_STABLE_YES : HB_STABLE_NO,
		.info = info,
	};
	hb_send(core, msg, fx);
	core->compat.said = TRUE;
	core->compat.said_hold = hold;
	core->compat.said_stable = stable;
}

void
hb_306_settled(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	int partner = hb_306_partner(core);

	if (partner < 0)
		return;
	if (hb_306_is_nice(core)) {
		hb_send(core, hb_outbox_new(core, HB_MSG_STARTING, NULL), fx);
		/* A settled word ends the ten seconds that it would wait else. */
		hb_306_say_resource(core, hb_306_hold(core), hb_306_is_stable(core), HB_INFO_NONE, fx);
		return;
	}
	hb_306_set_words(core, (guint)partner);
	hb_306_ask_for_own_groups(core, now_ms, fx);
}

void
hb_306_reloaded(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	int partner = hb_306_partner(core);

	memset(core->compat.answered, 0, sizeof core->compat.answered);
	memset(core->compat.owes_answer, 0, sizeof core->compat.owes_answer);
	if (partner < 0)
		return;
	hb_306_set_words(core, (guint)partner);
	if (!hb_306_is_nice(core) && core->st == HB_ST_ACTIVE)
		hb_306_ask_for_own_groups(core, now_ms, fx);
}

/* 3.0.6 waits ten seconds unless somebody settled tells it what is free: we do so at once. */
void
hb_on_starting(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	(void)msg, (void)now_ms;
	if (core->peer[from].kind != HB_KIND_306 || !hb_306_is_nice(core))
		return;
	core->compat.their_stable = FALSE;
	core->compat.theirs_known = TRUE;
	core->compat.may_stop = FALSE;
	/* It was stopped while it started: a settled word of ours would make it take its groups all the same. */
	if (core->compat.they_leave)
		return;
	hb_306_say_resource(core, hb_306_hold(core), core->st == HB_ST_ACTIVE, HB_INFO_NONE, fx);
	hb_306_set_words(core, from);
}

void
hb_on_resource(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;
	const HbMsgResource *resource = &msg->u.resource;
	HbHold before = compat->theirs_known ? compat->theirs : HB_HOLD_ALL;
	gboolean was_stable = compat->their_stable;

	if (core->peer[from].kind != HB_KIND_306 || !hb_306_is_nice(core))
		return;
	compat->theirs = resource->full || resource->hold == HB_HOLD_NONE ? resource->hold
	                                                                   : (before | resource->hold);
	/* Said before it is done: what goes away counts as being released until "done" or "shutdone". */
	if (resource->info == HB_INFO_STANDBY || resource->info == HB_INFO_SHUTDOWN)
		compat->releasing |= before & ~compat->theirs;
	compat->releasing &= ~compat->theirs;
	compat->theirs_known = TRUE;
	compat->they_leave = compat->they_leave || resource->info == HB_INFO_SHUTDOWN;
	if (compat->theirs != HB_HOLD_NONE || resource->stable == HB_STABLE_YES)
		compat->may_stop = FALSE;
	if (compat->theirs & HB_HOLD_LOCAL)
		compat->they_parked = FALSE;
	if (resource->stable != HB_STABLE_UNSAID)
		compat->their_stable = resource->stable == HB_STABLE_YES;
	compat->gives |= resource->info == HB_INFO_STANDBY;
	if (compat->standby == HB_306_TAKING && !compat->taken && compat->gives && !compat->done_early)
		compat->until_ms = now_ms + HB_306_WORK_MS;
	if (compat->standby == HB_306_TAKING && compat->done_early && hb_306_may_have_given(compat, compat->what))
		hb_306_partner_done(core, from, compat->what, now_ms, fx);
	hb_306_set_words(core, from);
	if (compat->their_stable && !was_stable)
		hb_306_say_resource(core, hb_306_hold(core), hb_306_is_stable(core), HB_INFO_NONE, fx);
}

static void
step_nice(HbCore *core, guint partner, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;
	HbHold hold = hb_306_hold(core);

	if (compat->standby != HB_306_QUIET)
		hb_306_go_on_with_handover(core, partner, now_ms, fx);
	else
		hb_306_try_failback(core, partner, now_ms, fx);
	if (compat->standby == HB_306_QUIET && compat->said && core->st == HB_ST_ACTIVE && !core->leaving &&
	    (hold != compat->said_hold || hb_306_is_stable(core) != compat->said_stable))
		hb_306_say_resource(core, hold, hb_306_is_stable(core), HB_INFO_NONE, fx);
}

void
hb_306_step(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	int partner = hb_306_partner(core);

	if (partner < 0 || core->exited)
		return;
	if (hb_306_is_nice(core) && core->compat.again_ms <= now_ms)
		core->compat.again_ms = G_MAXINT64;     /* only a pause: whoever waits for it looks himself */
	if (hb_306_is_nice(core))
		step_nice(core, (guint)partner, now_ms, fx);
	else
		hb_306_step_legacy(core, (guint)partner, now_ms, fx);
}

gint64
hb_306_deadline_ms(const HbCore *core)
{
	if (hb_306_partner(core) < 0)
		return G_MAXINT64;
	return MIN(core->compat.until_ms, core->compat.again_ms);
}
