/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/compat306.h"

#include <string.h>

#include "core/dispatch.h"
#include "core/group.h"
#include "core/state.h"
#include "core/takeover.h"

#include "util/banned.h"

#define ANSWER_MS   10000       /* spec 7.5 */
#define WORK_MS     3600000
#define AGAIN_MS    1000
#define EARLY_MS    2000        /* of two messages that overtook each other, with one lost */

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

static gboolean
is_nice(const HbCore *core)
{
	return core->config->failback != HB_FAILBACK_LEGACY;
}

/* Which bundle group @g belongs to, seen from @node. */
static HbHold
bundle(const HbCore *core, guint g, guint node)
{
	return core->config->groups[g].home == node ? HB_HOLD_LOCAL : HB_HOLD_FOREIGN;
}

static HbWord
word_nice(const HbCore *core, guint g, guint partner)
{
	const Hb306 *compat = &core->compat;
	HbHold bit = bundle(core, g, partner);
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

/* Legacy: each node always runs its own groups, and gets them by asking. */
static HbWord
word_legacy(const HbCore *core, guint g, guint partner)
{
	HbWord word = { .known = TRUE, .epoch = core->peer[partner].word[g].epoch };

	if (core->config->groups[g].home == partner) {
		word.claim = core->peer[partner].st == HB_ST_ACTIVE ? HB_CLAIM_HELD : HB_CLAIM_FREE;
	} else if (core->compat.answered[g]) {
		word.claim = HB_CLAIM_FREE;
		word.grant_id = hb_self_id(core);
	} else {
		word.claim = HB_CLAIM_UNKNOWN;
	}
	return word;
}

static void
set_words(HbCore *core, guint partner)
{
	for (guint g = 0; g < core->config->n_groups; g++)
		core->peer[partner].word[g] =
			is_nice(core) ? word_nice(core, g, partner) : word_legacy(core, g, partner);
}

static gboolean
any_here(const HbCore *core, HbHold what)
{
	for (guint g = 0; g < core->config->n_groups; g++)
		if (bundle(core, g, core->config->self) & what && hb_group_may_run(core, g))
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
		                      any_here(core, HB_HOLD_FOREIGN);
		if (core->resumed && core->peer[from].st == HB_ST_ACTIVE)
			compat->resumed_until_ms = now_ms + ANSWER_MS;
		if (core->st == HB_ST_ACTIVE)
			hb_306_settled(core, now_ms, fx);
		for (guint g = 0; g < core->config->n_groups; g++) {
			compat->answered[g] = core->peer[from].st != HB_ST_ACTIVE;
			/* It may have asked the hb-node before us for it, and will not ask again; if it has it, an answer changes nothing. */
			compat->owes_answer[g] = core->resumed && core->peer[from].st == HB_ST_ACTIVE &&
			                         core->config->groups[g].home == from;
		}
	}
	set_words(core, from);
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
		HbHold bit = bundle(core, g, core->config->self);

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

static void
say_resource(HbCore *core, HbHold hold, gboolean stable, HbInfo info, HbEffects *fx)
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

static void
say_ask(HbCore *core, HbHold what, HbInfo info, HbEffects *fx)
{
	HbTyped *msg = hb_outbox_new(core, HB_MSG_ASK_RESOURCES, NULL);

	msg->u.ask.hold = what;
	msg->u.ask.info = info;
	hb_send(core, msg, fx);
}

static void
ask_for_own_groups(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	core->compat.again_ms = G_MAXINT64;
	for (guint g = 0; g < core->config->n_groups; g++) {
		HbTyped *msg;

		if (core->config->groups[g].home != core->config->self || core->compat.answered[g])
			continue;
		msg = hb_outbox_new(core, HB_MSG_IP_REQUEST, NULL);
		g_strlcpy(msg->u.ip.key, core->config->groups[g].key, sizeof msg->u.ip.key);
		hb_send(core, msg, fx);
		core->compat.again_ms = now_ms + AGAIN_MS;
	}
}

void
hb_306_settled(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	int partner = hb_306_partner(core);

	if (partner < 0)
		return;
	if (is_nice(core)) {
		hb_send(core, hb_outbox_new(core, HB_MSG_STARTING, NULL), fx);
		/* A settled word ends the ten seconds that it would wait else. */
		say_resource(core, hb_306_hold(core), hb_306_is_stable(core), HB_INFO_NONE, fx);
		return;
	}
	set_words(core, (guint)partner);
	ask_for_own_groups(core, now_ms, fx);
}

void
hb_306_reloaded(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	int partner = hb_306_partner(core);

	memset(core->compat.answered, 0, sizeof core->compat.answered);
	memset(core->compat.owes_answer, 0, sizeof core->compat.owes_answer);
	if (partner < 0)
		return;
	set_words(core, (guint)partner);
	if (!is_nice(core) && core->st == HB_ST_ACTIVE)
		ask_for_own_groups(core, now_ms, fx);
}

/* 3.0.6 waits ten seconds unless somebody settled tells it what is free: we do so at once. */
void
hb_on_starting(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	(void)msg, (void)now_ms;
	if (core->peer[from].kind != HB_KIND_306 || !is_nice(core))
		return;
	core->compat.their_stable = FALSE;
	core->compat.theirs_known = TRUE;
	core->compat.may_stop = FALSE;
	/* It was stopped while it started: a settled word of ours would make it take its groups all the same. */
	if (core->compat.they_leave)
		return;
	say_resource(core, hb_306_hold(core), core->st == HB_ST_ACTIVE, HB_INFO_NONE, fx);
	set_words(core, from);
}

static void
taker_begins(HbCore *core, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;
	gboolean anew = compat->standby == HB_306_TAKING && !compat->taken;     /* it ignored its own "me" before */

	if ((compat->standby != HB_306_QUIET && !anew) || core->leaving || core->st != HB_ST_ACTIVE) {
		hb_say(fx, HB_SAY_CMD_IGNORED, NULL, NULL, "stand-by of the partner: a hand-over is under way", 0);
		return;
	}
	compat->standby = HB_306_TAKING;
	compat->what = msg->u.ask.hold;
	compat->taken = compat->gives = compat->done_early = FALSE;
	/* It ignores its own "me" where it is not settled, or we are not, and says so to nobody. */
	compat->until_ms = now_ms + ANSWER_MS;
	say_ask(core, compat->what, HB_INFO_OTHER, fx);
}

static void
giver_begins(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;

	if (compat->standby != HB_306_ASKED)
		return;
	compat->standby = HB_306_GIVING;
	compat->until_ms = now_ms + WORK_MS;
	say_resource(core, hb_306_hold(core) & ~compat->what, FALSE, HB_INFO_STANDBY, fx);
	set_words(core, (guint)hb_306_partner(core));
	for (guint g = 0; g < core->config->n_groups; g++)
		if (bundle(core, g, core->config->self) & compat->what && hb_group_may_run(core, g)) {
			core->group[g].parked = compat->park;
			hb_group_release(core, g, "handed over to the partner", now_ms, fx);
		}
}

/* Its operator sends us what an earlier order had sent away from here: the newer order counts. */
static void
unpark(HbCore *core, guint partner, HbHold what)
{
	for (guint g = 0; g < core->config->n_groups; g++)
		if (bundle(core, g, partner) & what)
			core->group[g].parked = FALSE;
}

/* A "done" is said by the giver when its stops have ended, and by the taker when it has started all. Who has what it speaks
 * of is no giver; who has just said, as a taker does before, that it is settled and holds the other side's, neither. */
static gboolean
may_have_given(const Hb306 *compat, HbHold what)
{
	HbHold taken = hb_306_mirror(what);

	return !compat->theirs_known ||
	       (!(compat->theirs & what) && !(compat->their_stable && (compat->theirs & taken) == taken));
}

static void
begin_taking(HbCore *core, guint from, HbHold what, gint64 now_ms)
{
	Hb306 *compat = &core->compat;

	compat->taken = TRUE;
	compat->until_ms = now_ms + WORK_MS;
	compat->what = what;    /* what it has given, not what we agreed to take: its "me" may have been another */
	unpark(core, from, what);
	compat->theirs &= ~compat->what;
	compat->releasing &= ~compat->what;
	if (compat->what & HB_HOLD_LOCAL)
		compat->they_parked = TRUE;
}

static void
partner_done(HbCore *core, guint from, HbHold what, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;
	gboolean doubtful = now_ms < compat->resumed_until_ms;

	compat->resumed_until_ms = 0;
	/* The hb-node before us agreed to take, or we did, too long ago: the partner has stopped all and waits for the answer. */
	if (compat->standby == HB_306_QUIET && (core->resumed || compat->may_give) && !core->leaving &&
	    may_have_given(compat, what)) {
		compat->standby = HB_306_TAKING;
		compat->what = what;
		compat->taken = FALSE;
	}
	compat->may_give = FALSE;
	if (compat->standby == HB_306_GAVE) {
		compat->theirs |= hb_306_mirror(compat->what);
		compat->standby = HB_306_QUIET;
		compat->until_ms = G_MAXINT64;
		say_resource(core, hb_306_hold(core), hb_306_is_stable(core), HB_INFO_NONE, fx);
	} else if (compat->standby == HB_306_TAKING && !compat->taken) {
		/* This may be the answer to the hb-node before us, which gave. Its word of what it holds may come a moment later. */
		if (may_have_given(compat, what) || (what == compat->what && !doubtful)) {
			begin_taking(core, from, what, now_ms);
		} else if (what == compat->what) {
			compat->done_early = TRUE;
			compat->until_ms = now_ms + EARLY_MS;
		}
	}
	set_words(core, from);
}

void
hb_on_resource(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;
	const HbMsgResource *resource = &msg->u.resource;
	HbHold before = compat->theirs_known ? compat->theirs : HB_HOLD_ALL;
	gboolean was_stable = compat->their_stable;

	if (core->peer[from].kind != HB_KIND_306 || !is_nice(core))
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
		compat->until_ms = now_ms + WORK_MS;
	if (compat->standby == HB_306_TAKING && compat->done_early && may_have_given(compat, compat->what))
		partner_done(core, from, compat->what, now_ms, fx);
	set_words(core, from);
	if (compat->their_stable && !was_stable)
		say_resource(core, hb_306_hold(core), hb_306_is_stable(core), HB_INFO_NONE, fx);
}

void
hb_on_ask_resources(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	if (core->peer[from].kind != HB_KIND_306 || !is_nice(core))
		return;
	switch (msg->u.ask.info) {
	case HB_INFO_ME:
		taker_begins(core, msg, now_ms, fx);
		break;
	case HB_INFO_OTHER:
		giver_begins(core, now_ms, fx);
		break;
	case HB_INFO_DONE:
		partner_done(core, from, msg->u.ask.hold, now_ms, fx);
		break;
	default:
		break;
	}
}

gboolean
hb_306_give(HbCore *core, HbHold what, gboolean park, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;

	if (hb_306_partner(core) < 0 || !is_nice(core) || compat->standby != HB_306_QUIET ||
	    !compat->their_stable || !hb_306_is_stable(core))
		return FALSE;
	compat->standby = HB_306_ASKED;
	compat->what = what;
	compat->park = park;
	compat->until_ms = now_ms + ANSWER_MS;
	say_ask(core, what, HB_INFO_ME, fx);
	return TRUE;
}

static gboolean
any_starting(const HbCore *core)
{
	for (guint g = 0; g < core->config->n_groups; g++)
		if (core->group[g].state == HB_GROUP_ASKING || core->group[g].state == HB_GROUP_STARTING ||
		    core->group[g].state == HB_GROUP_STOPPING)
			return TRUE;
	return FALSE;
}

static void
go_on_with_handover(HbCore *core, guint partner, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;

	if (compat->until_ms <= now_ms) {
		hb_say(fx, HB_SAY_CMD_IGNORED, NULL, NULL, "No reply to standby request. Standby request cancelled.", 0);
		compat->may_give = compat->standby == HB_306_TAKING && !compat->taken;
		compat->done_early = FALSE;
		compat->standby = HB_306_QUIET;
		compat->until_ms = G_MAXINT64;
		set_words(core, partner);
		return;
	}
	if (compat->standby == HB_306_GIVING && !any_here(core, compat->what)) {
		compat->standby = HB_306_GAVE;
		compat->theirs |= hb_306_mirror(compat->what);
		set_words(core, partner);
		say_ask(core, compat->what, HB_INFO_DONE, fx);
	} else if (compat->standby == HB_306_TAKING && compat->taken && !any_starting(core)) {
		HbHold what = compat->what;

		compat->standby = HB_306_QUIET;
		compat->until_ms = G_MAXINT64;
		say_ask(core, what, HB_INFO_DONE, fx);
		say_resource(core, hb_306_hold(core), TRUE, HB_INFO_NONE, fx);
	}
}

/* auto_failback on: the node that holds what stands under the partner's name starts the hand-over. */
static void
try_failback(HbCore *core, guint partner, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;

	if (core->config->failback != HB_FAILBACK_ON || core->leaving || core->st != HB_ST_ACTIVE ||
	    core->peer[partner].st != HB_ST_ACTIVE || compat->they_parked || compat->theirs & HB_HOLD_LOCAL ||
	    compat->releasing != HB_HOLD_NONE || !any_here(core, HB_HOLD_FOREIGN))
		return;
	if (compat->again_ms != G_MAXINT64)
		return;
	compat->again_ms = now_ms + AGAIN_MS;
	(void)hb_306_give(core, HB_HOLD_FOREIGN, FALSE, now_ms, fx);
}

static void
step_nice(HbCore *core, guint partner, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;
	HbHold hold = hb_306_hold(core);

	if (compat->standby != HB_306_QUIET)
		go_on_with_handover(core, partner, now_ms, fx);
	else
		try_failback(core, partner, now_ms, fx);
	if (compat->standby == HB_306_QUIET && compat->said && core->st == HB_ST_ACTIVE && !core->leaving &&
	    (hold != compat->said_hold || hb_306_is_stable(core) != compat->said_stable))
		say_resource(core, hold, hb_306_is_stable(core), HB_INFO_NONE, fx);
}

static void
answer_ip_request(HbCore *core, guint g, guint partner, gboolean we_owned, HbEffects *fx)
{
	HbTyped *msg = hb_outbox_new(core, HB_MSG_IP_REQUEST_RESP, core->peer[partner].name);

	g_strlcpy(msg->u.ip.key, core->config->groups[g].key, sizeof msg->u.ip.key);
	msg->u.ip.ok = TRUE;
	msg->u.ip.we_own = we_owned;
	hb_send(core, msg, fx);
	core->compat.owes_answer[g] = FALSE;
}

static void
step_legacy(HbCore *core, guint partner, gint64 now_ms, HbEffects *fx)
{
	if (core->compat.again_ms <= now_ms)
		ask_for_own_groups(core, now_ms, fx);
	for (guint g = 0; g < core->config->n_groups; g++)
		if (core->compat.owes_answer[g] && !hb_group_may_run(core, g))
			answer_ip_request(core, g, partner, TRUE, fx);
}

static int
group_by_key(const HbCore *core, const char *key)
{
	for (guint g = 0; g < core->config->n_groups; g++)
		if (strcmp(core->config->groups[g].key, key) == 0)
			return (int)g;
	return -1;
}

void
hb_on_ip_request(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	int g = group_by_key(core, msg->u.ip.key);

	if (core->peer[from].kind != HB_KIND_306 || is_nice(core) || g < 0)
		return;
	if (!hb_group_may_run(core, (guint)g)) {
		answer_ip_request(core, (guint)g, from, FALSE, fx);
		return;
	}
	core->compat.owes_answer[g] = TRUE;
	hb_group_release(core, (guint)g, "its home asks for it", now_ms, fx);
}

void
hb_on_ip_request_resp(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	int g = group_by_key(core, msg->u.ip.key);

	(void)now_ms, (void)fx;
	if (core->peer[from].kind != HB_KIND_306 || is_nice(core) || g < 0 || !msg->u.ip.ok)
		return;
	core->compat.answered[g] = TRUE;
	set_words(core, from);
}

/*
 * In legacy mode it says nothing else of it. A silence as long as its deadtime, and no longer, is forgotten with the packet that
 * ends it: then it neither restarts itself nor says that we are back. Whoever is at home here gets his groups by asking.
 */
void
hb_306_fenced(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	const HbMsgStonith *said = &msg->u.stonith;

	if (core->peer[from].kind != HB_KIND_306 || is_nice(core) || core->leaving ||
	    g_ascii_strcasecmp(said->node, core->peer[core->config->self].name) != 0 ||
	    (strcmp(said->result, "OK") != 0 && strcmp(said->result, "n_stnth") != 0))
		return;
	memset(core->compat.answered, 0, sizeof core->compat.answered);
	set_words(core, from);
	for (guint g = 0; g < core->config->n_groups; g++)
		if (hb_group_may_run(core, g) || core->group[g].state == HB_GROUP_ASKING)
			hb_group_release(core, g, "the partner has given this node up, and takes it", now_ms, fx);
	core->compat.again_ms = now_ms + AGAIN_MS;
}

void
hb_306_step(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	int partner = hb_306_partner(core);

	if (partner < 0 || core->exited)
		return;
	if (is_nice(core) && core->compat.again_ms <= now_ms)
		core->compat.again_ms = G_MAXINT64;     /* only a pause: whoever waits for it looks himself */
	if (is_nice(core))
		step_nice(core, (guint)partner, now_ms, fx);
	else
		step_legacy(core, (guint)partner, now_ms, fx);
}

gint64
hb_306_deadline_ms(const HbCore *core)
{
	if (hb_306_partner(core) < 0)
		return G_MAXINT64;
	return MIN(core->compat.until_ms, core->compat.again_ms);
}
