/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/repair.h"

#include "core/claims.h"
#include "core/fence.h"
#include "core/group.h"

#include "util/banned.h"

#define WINDOW_MS       60000
#define RETRY_MS        1000
#define PAUSE_MS        10000   /* where nobody else can run it */

static guint64
bit_of(guint resource)
{
	return G_GUINT64_CONSTANT(1) << resource;
}

static guint
first_gone(const HbGroup *group)
{
	guint r = 0;

	while (!hb_repair_is_gone(group, r))
		r++;
	return r;
}

gboolean
hb_repair_is_gone(const HbGroup *group, guint resource)
{
	return (group->gone & bit_of(resource)) != 0;
}

int
hb_repair_missing(const HbGroup *group)
{
	if (group->repairing)
		return (int)group->at;
	return group->state == HB_GROUP_UP && group->gone != 0 ? (int)first_gone(group) : -1;
}

/*
 * What our own stops remove is not gone, and of what is not started yet nothing can be. Of one whose start is at work
 * it counts: somebody may have been faster than the end of the script. If it is only late news of a stop, the word that
 * it is here follows.
 */
static gboolean
should_be_here(const HbGroup *group, guint resource)
{
	return group->state == HB_GROUP_UP ||
	       (group->state == HB_GROUP_STARTING && (group->refreshing || (group->op != 0 && resource <= group->at)));
}

void
hb_repair_heard(HbCore *core, guint g, guint resource, gboolean gone, gint64 now_ms)
{
	HbGroup *group = &core->group[g];

	g_assert(g < core->config->n_groups && resource < group->conf->n_resources);
	if (!gone) {
		group->gone &= ~bit_of(resource);
	} else if (should_be_here(group, resource)) {
		if (group->gone == 0 || hb_repair_is_gone(group, resource))
			group->repair_ms = now_ms;
		group->gone |= bit_of(resource);
	}
}

/* Who asks because it does not hear us gets it when we give it up (core->unheard), or not at all: nobody else would put it back. */
static gboolean
is_disputed(const HbCore *core, guint g)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && hb_node_is_member(core, i) && core->peer[i].word[g].known &&
		    core->peer[i].word[g].claim == HB_CLAIM_WANTED && core->peer[i].deaf_since_ms < 0)
			return TRUE;
	return hb_claims_runs_elsewhere(core, g, -1) >= 0;
}

/* Else it may be somebody else's by now: nothing that is not up here is added to what is. */
static gboolean
is_beyond_doubt(const HbCore *core, guint g, gint64 now_ms)
{
	const HbGroup *group = &core->group[g];

	return !group->tainted && !group->contested && !group->doubted && !core->leaving && !core->unheard &&
	       now_ms >= core->hold_until_ms && !is_disputed(core, g);
}

static gboolean
is_too_often(const HbGroup *group, gint64 now_ms)
{
	return group->n_repaired >= HB_REPAIRS_MAX &&
	       now_ms < group->repaired_ms[group->n_repaired % HB_REPAIRS_MAX] + WINDOW_MS;
}

static guint
n_of_late(const HbGroup *group, gint64 now_ms)
{
	guint n = 0;

	for (guint i = 0; i < MIN(group->n_repaired, HB_REPAIRS_MAX); i++)
		n += now_ms < group->repaired_ms[i] + WINDOW_MS;
	return n;
}

/* A partner that runs 3.0.6 does not take what failed here. */
static gboolean
can_go(const HbCore *core, guint g)
{
	int target = hb_claims_target(core, g, (int)core->config->self);

	return target >= 0 && hb_claims_eligible(core, g, (guint)target) && hb_306_partner(core) < 0 &&
	       hb_fence_waits_for(core) < 0;
}

/* FALSE: it is tried once more all the same. */
static gboolean
is_settled(HbCore *core, guint g, guint resource, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];
	const char *token = group->conf->resources[resource].token;

	if (can_go(core, g)) {
		hb_say(fx, HB_SAY_RSC_MOVES, NULL, group->conf->key, token, HB_REPAIRS_MAX);
		hb_group_give_up(core, g, resource, now_ms, fx);
		return TRUE;
	}
	group->repair_paused = !group->repair_paused;
	if (group->repair_paused) {
		hb_say(fx, HB_SAY_RSC_STAYS, NULL, group->conf->key, token, HB_REPAIRS_MAX);
		group->repair_ms = group->retry_ms = now_ms + PAUSE_MS;
	}
	return group->repair_paused;
}

static void
repair(HbCore *core, guint g, guint resource, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];
	const char *token = group->conf->resources[resource].token;

	if (!is_too_often(group, now_ms))
		group->repair_paused = FALSE;
	else if (is_settled(core, g, resource, now_ms, fx))
		return;
	if (group->n_busy == 0)
		hb_say(fx, HB_SAY_RSC_GONE, NULL, group->conf->key, token, n_of_late(group, now_ms) + 1);
	group->gone &= ~bit_of(resource);
	group->began_ms = now_ms;
	hb_group_restart(core, g, resource, fx);
}

void
hb_repair_step(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	group->retry_ms = G_MAXINT64;
	if (group->gone == 0 || !is_beyond_doubt(core, g, now_ms))
		return;
	if (now_ms < group->repair_ms)
		group->retry_ms = group->repair_ms;
	else
		repair(core, g, first_gone(group), now_ms, fx);
}

void
hb_repair_ended(HbCore *core, guint g, HbChildResult result, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];
	const char *token = group->conf->resources[group->at].token;

	hb_group_restarted(core, g, fx);
	if (result != HB_CHILD_BUSY)    /* then another machine has it: to move the group would not help */
		group->repaired_ms[group->n_repaired++ % HB_REPAIRS_MAX] = now_ms;
	if (result == HB_CHILD_OK) {
		group->n_busy = 0;
		hb_say(fx, HB_SAY_RSC_BACK, NULL, group->conf->key, token, now_ms - group->began_ms);
		return;
	}
	group->gone |= bit_of(group->at);
	group->repair_ms = now_ms + RETRY_MS;
	if (result != HB_CHILD_BUSY) {
		group->n_busy = 0;
		hb_say(fx, HB_SAY_START_FAILED, NULL, group->conf->key, token, n_of_late(group, now_ms));
		return;
	}
	if (group->n_busy++ == 0)
		hb_say(fx, HB_SAY_BUSY, NULL, group->conf->key, token, 0);
}
