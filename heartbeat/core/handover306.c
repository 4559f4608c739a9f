/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/compat306_parts.h"

#include "core/dispatch.h"
#include "core/group.h"

#include "util/banned.h"

#define EARLY_MS  2000        /* of two messages that overtook each other, with one lost */

static void
say_ask(HbCore *core, HbHold what, HbInfo info, HbEffects *fx)
{
	HbTyped *msg = hb_outbox_new(core, HB_MSG_ASK_RESOURCES, NULL);

	msg->u.ask.hold = what;
	msg->u.ask.info = info;
	hb_send(core, msg, fx);
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
	compat->until_ms = now_ms + HB_306_ANSWER_MS;
	say_ask(core, compat->what, HB_INFO_OTHER, fx);
}

static void
giver_begins(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;

	if (compat->standby != HB_306_ASKED)
		return;
	compat->standby = HB_306_GIVING;
	compat->until_ms = now_ms + HB_306_WORK_MS;
	hb_306_say_resource(core, hb_306_hold(core) & ~compat->what, FALSE, HB_INFO_STANDBY, fx);
	hb_306_set_words(core, (guint)hb_306_partner(core));
	for (guint g = 0; g < core->config->n_groups; g++)
		if (hb_306_bundle(core, g, core->config->self) & compat->what && hb_group_may_run(core, g)) {
			core->group[g].parked = compat->park;
			hb_group_release(core, g, "handed over to the partner", now_ms, fx);
		}
}

/* Its operator sends us what an earlier order had sent away from here: the newer order counts. */
static void
unpark(HbCore *core, guint partner, HbHold what)
{
	for (guint g = 0; g < core->config->n_groups; g++)
		if (hb_306_bundle(core, g, partner) & what)
			core->group[g].parked = FALSE;
}

gboolean
hb_306_may_have_given(const Hb306 *compat, HbHold what)
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
	compat->until_ms = now_ms + HB_306_WORK_MS;
	compat->what = what;    /* what it has given, not what we agreed to take: its "me" may have been another */
	unpark(core, from, what);
	compat->theirs &= ~compat->what;
	compat->releasing &= ~compat->what;
	if (compat->what & HB_HOLD_LOCAL)
		compat->they_parked = TRUE;
}

void
hb_306_partner_done(HbCore *core, guint from, HbHold what, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;
	gboolean doubtful = now_ms < compat->resumed_until_ms;

	compat->resumed_until_ms = 0;
	/* The hb-node before us agreed to take, or we did, too long ago: the partner has stopped all and waits for the answer. */
	if (compat->standby == HB_306_QUIET && (core->resumed || compat->may_give) && !core->leaving &&
	    hb_306_may_have_given(compat, what)) {
		compat->standby = HB_306_TAKING;
		compat->what = what;
		compat->taken = FALSE;
	}
	compat->may_give = FALSE;
	if (compat->standby == HB_306_GAVE) {
		compat->theirs |= hb_306_mirror(compat->what);
		compat->standby = HB_306_QUIET;
		compat->until_ms = G_MAXINT64;
		hb_306_say_resource(core, hb_306_hold(core), hb_306_is_stable(core), HB_INFO_NONE, fx);
	} else if (compat->standby == HB_306_TAKING && !compat->taken) {
		/* This may be the answer to the hb-node before us, which gave. Its word of what it holds may come a moment later. */
		if (hb_306_may_have_given(compat, what) || (what == compat->what && !doubtful)) {
			begin_taking(core, from, what, now_ms);
		} else if (what == compat->what) {
			compat->done_early = TRUE;
			compat->until_ms = now_ms + EARLY_MS;
		}
	}
	hb_306_set_words(core, from);
}

void
hb_on_ask_resources(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	if (core->peer[from].kind != HB_KIND_306 || !hb_306_is_nice(core))
		return;
	switch (msg->u.ask.info) {
	case HB_INFO_ME:
		taker_begins(core, msg, now_ms, fx);
		break;
	case HB_INFO_OTHER:
		giver_begins(core, now_ms, fx);
		break;
	case HB_INFO_DONE:
		hb_306_partner_done(core, from, msg->u.ask.hold, now_ms, fx);
		break;
	default:
		break;
	}
}

gboolean
hb_306_give(HbCore *core, HbHold what, gboolean park, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;

	if (hb_306_partner(core) < 0 || !hb_306_is_nice(core) || compat->standby != HB_306_QUIET ||
	    !compat->their_stable || !hb_306_is_stable(core))
		return FALSE;
	compat->standby = HB_306_ASKED;
	compat->what = what;
	compat->park = park;
	compat->until_ms = now_ms + HB_306_ANSWER_MS;
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

void
hb_306_go_on_with_handover(HbCore *core, guint partner, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;

	if (compat->until_ms <= now_ms) {
		hb_say(fx, HB_SAY_CMD_IGNORED, NULL, NULL, "No reply to standby request. Standby request cancelled.", 0);
		compat->may_give = compat->standby == HB_306_TAKING && !compat->taken;
		compat->done_early = FALSE;
		compat->standby = HB_306_QUIET;
		compat->until_ms = G_MAXINT64;
		hb_306_set_words(core, partner);
		return;
	}
	if (compat->standby == HB_306_GIVING && !hb_306_any_here(core, compat->what)) {
		compat->standby = HB_306_GAVE;
		compat->theirs |= hb_306_mirror(compat->what);
		hb_306_set_words(core, partner);
		say_ask(core, compat->what, HB_INFO_DONE, fx);
	} else if (compat->standby == HB_306_TAKING && compat->taken && !any_starting(core)) {
		HbHold what = compat->what;

		compat->standby = HB_306_QUIET;
		compat->until_ms = G_MAXINT64;
		say_ask(core, what, HB_INFO_DONE, fx);
		hb_306_say_resource(core, hb_306_hold(core), TRUE, HB_INFO_NONE, fx);
	}
}

void
hb_306_try_failback(HbCore *core, guint partner, gint64 now_ms, HbEffects *fx)
{
	Hb306 *compat = &core->compat;

	if (core->config->failback != HB_FAILBACK_ON || core->leaving || core->st != HB_ST_ACTIVE ||
	    core->peer[partner].st != HB_ST_ACTIVE || compat->they_parked || compat->theirs & HB_HOLD_LOCAL ||
	    compat->releasing != HB_HOLD_NONE || !hb_306_any_here(core, HB_HOLD_FOREIGN))
		return;
	if (compat->again_ms != G_MAXINT64)
		return;
	compat->again_ms = now_ms + HB_306_AGAIN_MS;
	(void)hb_306_give(core, HB_HOLD_FOREIGN, FALSE, now_ms, fx);
}
