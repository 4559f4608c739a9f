/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/standby.h"

#include "core/claims.h"
#include "core/client.h"
#include "core/dispatch.h"
#include "core/fence.h"
#include "core/group.h"
#include "core/node.h"
#include "core/state.h"
#include "core/takeover.h"

#include "util/banned.h"

/* How long a good-bye waits for the others to have heard it. */
#define BYE_WAIT_MS 1000
/* How long hb_takeover --force answers for an owner that must be silent. */
#define FORCE_MS 60000
#define ONE_OF_MANY "one group of several of its home: the partner, a heartbeat 3.0.6, moves all of them or none"

static gboolean
in_set(const HbCore *core, guint g, const HbMsgAsk *ask, guint node)
{
	if (ask->group_id != HB_ID_NONE)
		return core->config->groups[g].id == ask->group_id;
	return (core->config->groups[g].home == node ? HB_HOLD_LOCAL : HB_HOLD_FOREIGN) & ask->hold;
}

static gboolean
is_held(const HbCore *core, guint g)
{
	return core->group[g].state == HB_GROUP_UP || core->group[g].state == HB_GROUP_STARTING;
}

/*
 * A 3.0.6 knows sets only: one group can be named to it where it is all of its side. @ret_hold: as seen from this
 * node, when the sets of @ask are seen from @seen_from. FALSE: there is no such set.
 */
static gboolean
hold_for_306(const HbCore *core, const HbMsgAsk *ask, guint seen_from, HbHold *ret_hold)
{
	HbHold hold = HB_HOLD_NONE;
	guint n = 0;

	if (ask->group_id == HB_ID_NONE) {
		*ret_hold = seen_from == core->config->self ? ask->hold : hb_306_mirror(ask->hold);
		return TRUE;
	}
	for (guint g = 0; g < core->config->n_groups; g++)
		if (core->config->groups[g].id == ask->group_id)
			hold = core->config->groups[g].home == core->config->self ? HB_HOLD_LOCAL : HB_HOLD_FOREIGN;
	for (guint g = 0; g < core->config->n_groups; g++)
		n += hold == (core->config->groups[g].home == core->config->self ? HB_HOLD_LOCAL : HB_HOLD_FOREIGN);
	*ret_hold = hold;
	return n == 1;
}

static gboolean
may_be_given(const HbCore *core, guint g, guint node)
{
	return hb_claims_eligible(core, g, node) && hb_claims_is_heard(core, node);
}

/* The one that is to have it is passed over as long as it would not hear that it may: its hb-node has just begun, say. */
static int
next_in_line(const HbCore *core, guint g)
{
	int first = hb_claims_target(core, g, (int)core->config->self);

	if (first < 0 || may_be_given(core, g, (guint)first))
		return first;
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && may_be_given(core, g, i) && hb_claims_word(core, g, i).claim != HB_CLAIM_PARKED)
			return (int)i;
	return -1;
}

/* Gives each group of the set that runs here to @to, or, for -1, to whoever is next in line. */
static void
give(HbCore *core, const HbMsgAsk *ask, guint seen_from, int to, gint64 now_ms, HbEffects *fx)
{
	gboolean to_306 = hb_306_partner(core) >= 0;
	int lost = hb_fence_waits_for(core);

	if (to_306) {
		HbHold what;

		if (!hold_for_306(core, ask, seen_from, &what))
			hb_say(fx, HB_SAY_CMD_IGNORED, NULL, NULL, ONE_OF_MANY, 0);
		else if (!hb_306_give(core, what, TRUE, now_ms, fx))
			hb_say(fx, HB_SAY_CMD_IGNORED, NULL, NULL, "stand-by: other side is in flux", 0);
		return;
	}
	if (lost >= 0 && !ask->force) {
		hb_say(fx, HB_SAY_HANDOVER_WAITS, core->peer[lost].name, NULL, NULL, 0);
		return;
	}
	for (guint g = 0; g < core->config->n_groups; g++) {
		int target;

		if (!in_set(core, g, ask, seen_from) || !is_held(core, g))
			continue;
		/* Who asks for it has forgotten that it failed there; its status, which says so, is on the way behind. */
		if (to >= 0 && core->peer[to].word[g].claim == HB_CLAIM_FAILED)
			core->peer[to].word[g].claim = HB_CLAIM_FREE;
		target = to >= 0 ? to : next_in_line(core, g);
		if (target < 0 || !may_be_given(core, g, (guint)target)) {
			hb_say(fx, HB_SAY_NO_TARGET, NULL, core->group[g].conf->key, NULL, 0);
			continue;
		}
		core->group[g].parked = TRUE;
		hb_takeover_hand_over(core, g, (guint)target, "operator's wish", now_ms, fx);
	}
}

/* This node is to have the groups of the set: asks whoever runs them, and forgets earlier failures here. */
static void
want(HbCore *core, const HbMsgAsk *ask, gint64 now_ms, HbEffects *fx)
{
	HbMsgAsk said = *ask;
	HbTyped *msg;

	if (hb_306_partner(core) >= 0 && !hold_for_306(core, ask, core->config->self, &said.hold)) {
		hb_say(fx, HB_SAY_CMD_IGNORED, NULL, NULL, ONE_OF_MANY, 0);
		return;
	}
	for (guint g = 0; g < core->config->n_groups; g++) {
		HbGroup *group = &core->group[g];

		if (!in_set(core, g, ask, core->config->self))
			continue;
		if (group->parked)
			core->say_now = TRUE;
		group->parked = FALSE;
		group->forced_until_ms = ask->force && !hb_group_may_run(core, g) ? now_ms + FORCE_MS : 0;
		if (group->state == HB_GROUP_FAILED)
			hb_group_set(core, g, HB_GROUP_IDLE, now_ms);
	}
	msg = hb_outbox_new(core, HB_MSG_HB_TAKEOVER, NULL);
	msg->u.ask = said;
	hb_send(core, msg, fx);
}

static void
command(HbCore *core, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	gboolean takeover = msg->type == HB_MSG_HB_TAKEOVER;

	hb_say(fx, HB_SAY_CMD, NULL, NULL, takeover ? "hb_takeover" : "hb_standby", 0);
	if (core->st != HB_ST_ACTIVE || core->leaving) {
		hb_say(fx, HB_SAY_CMD_IGNORED, NULL, NULL, "this node is starting or leaving", 0);
		return;
	}
	if (takeover)
		want(core, &msg->u.ask, now_ms, fx);
	else
		give(core, &msg->u.ask, core->config->self, -1, now_ms, fx);
}

void
hb_standby_fifo(HbCore *core, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	if (msg->type == HB_MSG_HB_TAKEOVER ||
	    (msg->type == HB_MSG_ASK_RESOURCES && msg->u.ask.info == HB_INFO_ME))
		command(core, msg, now_ms, fx);
	else if ((msg->type == HB_MSG_ADDNODE || msg->type == HB_MSG_DELNODE) && !core->exited)
		hb_node_command(core, msg, fx);
	else if (msg->type == HB_MSG_OTHER)
		hb_client_send(core, msg, now_ms, fx);
	else
		hb_say(fx, HB_SAY_CMD_IGNORED, NULL, NULL, "message of a script that decides nothing here", 0);
}

void
hb_standby_give_away(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	const HbMsgAsk all = { .hold = HB_HOLD_ALL };

	if (core->st == HB_ST_ACTIVE && !core->leaving)
		give(core, &all, core->config->self, -1, now_ms, fx);
}

/* Another node wants them; sets are seen from that node. */
void
hb_on_hb_takeover(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	if (core->st != HB_ST_ACTIVE || core->leaving)
		return;
	give(core, &msg->u.ask, from, (int)from, now_ms, fx);
}

void
hb_standby_shutdown(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	(void)now_ms;
	if (core->leaving)
		return;
	hb_say(fx, HB_SAY_SHUTTING_DOWN, NULL, NULL, NULL, 0);
	core->leaving = TRUE;
	core->say_now = TRUE;
}

static gboolean
all_down(const HbCore *core)
{
	for (guint g = 0; g < core->config->n_groups; g++)
		if (core->group[g].op != 0 || hb_group_may_run(core, g) || core->group[g].state == HB_GROUP_ASKING)
			return FALSE;
	return TRUE;
}

static void
give_up_all(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	for (guint g = 0; g < core->config->n_groups; g++) {
		HbGroup *group = &core->group[g];
		int target;

		if (!is_held(core, g) && group->state != HB_GROUP_ASKING)
			continue;
		if (group->want_down)
			continue;
		target = hb_claims_target(core, g, (int)core->config->self);
		if (target >= 0 && core->peer[target].kind == HB_KIND_OURS && group->state != HB_GROUP_ASKING)
			hb_takeover_hand_over(core, g, (guint)target, "this node leaves", now_ms, fx);
		else
			hb_group_release(core, g, "this node leaves", now_ms, fx);
	}
}

/* Said after it is true: a node that dies while it stops its groups has given up nothing. */
static void
say_bye(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	HbTyped *none = hb_outbox_new(core, HB_MSG_RESOURCE, NULL);
	HbTyped *bye = hb_outbox_new(core, HB_MSG_SHUTDONE, NULL);

	none->u.resource = (HbMsgResource){
		.hold = HB_HOLD_NONE, .full = TRUE, .stable = HB_STABLE_NO, .info = HB_INFO_SHUTDOWN
	};
	bye->u.status.st = HB_ST_DEAD;
	hb_send(core, none, fx);
	hb_send(core, bye, fx);
	core->said_bye = TRUE;
	core->bye_seq = bye->seq;
	core->bye_ms = now_ms;
}

static gboolean
bye_is_heard(const HbCore *core, gint64 now_ms)
{
	if (now_ms >= core->bye_ms + BYE_WAIT_MS)
		return TRUE;
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && hb_peer_is_alive(core->peer[i].state) &&
		    core->sendq.acked[i] < core->bye_seq)
			return FALSE;
	return TRUE;
}

void
hb_standby_step(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	if (!core->leaving || core->exited)
		return;
	if (!core->said_bye) {
		give_up_all(core, now_ms, fx);
		if (all_down(core))
			say_bye(core, now_ms, fx);
	}
	if (core->said_bye && bye_is_heard(core, now_ms)) {
		hb_say(fx, HB_SAY_SHUTDOWN_DONE, NULL, NULL, NULL, 0);
		hb_effects_add(fx, HB_FX_EXIT);
		core->exited = TRUE;
	}
}

gint64
hb_standby_deadline_ms(const HbCore *core)
{
	return core->said_bye && !core->exited ? core->bye_ms + BYE_WAIT_MS : G_MAXINT64;
}
