/* SPDX-License-Identifier: GPL-2.0-or-later */
/* group_step.c - a group goes from one state to the next: what is kept of it, and what is run. */
#include "core/group_parts.h"

#include "util/banned.h"

void
hb_group_keep(HbCore *core, guint g, HbHeldState state, HbEffects *fx)
{
	HbEffect *effect = hb_effects_add(fx, HB_FX_HOLDING);

	effect->u.holding.group = g;
	effect->u.holding.held = (HbHeldGroup){
		.state = state,
		.epoch = core->group[g].epoch,
		.parked = core->group[g].parked,
	};
}

void
hb_group_run(HbCore *core, guint g, HbVerb verb, HbEffects *fx)
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

void
hb_group_begin_stop(HbCore *core, guint g, guint from, gint64 now_ms, HbEffects *fx)
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
	hb_group_keep(core, g, HB_HELD_PARTIAL, fx);
	hb_group_run(core, g, HB_VERB_STOP, fx);
}

void
hb_group_begin_start(HbCore *core, guint g, gint64 now_ms, HbEffects *fx)
{
	HbGroup *group = &core->group[g];

	group->at = 0;
	if (!group->refreshing)
		group->gone = 0;
	hb_group_note_owner(core, g, hb_self_id(core), core->generation, group->epoch);
	hb_group_set(core, g, HB_GROUP_STARTING, now_ms);
	hb_group_keep(core, g, HB_HELD_PARTIAL, fx);
	hb_group_run(core, g, HB_VERB_START, fx);
}

void
hb_group_failed_here(HbGroup *group, guint resource)
{
	group->failed_at = resource;
	group->forgiven = FALSE;
}
