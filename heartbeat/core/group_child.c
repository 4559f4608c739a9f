/* SPDX-License-Identifier: GPL-2.0-or-later */
/* group_child.c - a script of a group has ended: what comes next. */
#include "core/group_parts.h"

#include "core/repair.h"

#include "util/banned.h"

#define START_RETRY_MS   1000   /* the first retry comes at once, the next after this */
#define STOP_RETRY_MS    1000
#define STUCK_RETRY_MS   10000
#define BUSY_RETRY_MS    100    /* and twice as long each time, up to ten times that */
#define BUSY_RETRY_MAX_MS 1000
#define FAILED_RETRY_MS  30000  /* when nobody can run it */

static void
is_up(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	group->failures = 0;
	group->n_busy = 0;
	group->forced_until_ms = 0;
	group->refreshing = FALSE;
	hb_group_set(core, g, HB_GROUP_UP, now_ms);
	hb_group_keep(core, g, HB_HELD_UP, fx);
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
	hb_group_keep(core, g, HB_HELD_IDLE, fx);
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
		hb_group_run(core, g, HB_VERB_STATUS, fx);
		return;
	}
	if (group->found) {
		hb_group_begin_stop(core, g, group->conf->n_resources - 1, now_ms, fx);
		return;
	}
	hb_group_keep(core, g, HB_HELD_IDLE, fx);
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
		hb_group_keep(core, g, HB_HELD_IDLE, fx);
		hb_group_set(core, g, HB_GROUP_ASKING, now_ms);
	}
	group->retry_ms = now_ms + MIN(BUSY_RETRY_MS << MIN(group->n_busy - 1, 5), BUSY_RETRY_MAX_MS);
}

static void
start_ended(HbCore *core, guint g, HbChildResult result, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	if (group->want_down) {
		hb_group_begin_stop(core, g, group->at, now_ms, fx);
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
			hb_group_run(core, g, HB_VERB_START, fx);
		else
			is_up(core, g, now_ms, fx);
		return;
	}
	if (result == HB_CHILD_BUSY) {
		wait_until_free(core, g, now_ms, fx);
		return;
	}
	group->failures++;
	hb_group_failed_here(group, group->at);
	group->n_busy = 0;
	group->retry_start = TRUE;
	hb_say(fx, HB_SAY_START_FAILED, NULL, group->conf->key, group->conf->resources[group->at].token,
	       group->failures);
	hb_group_begin_stop(core, g, group->at, now_ms, fx);
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
		hb_group_run(core, g, HB_VERB_STATUS, fx);
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
	hb_group_run(core, g, HB_VERB_STOP, fx);
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
