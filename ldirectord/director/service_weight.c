/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * service_weight.c - which weight a server that is up has: by hand, by its check, by its configuration, or on its way there (slowstart=).
 */
#include "ldirectord/director/service_parts.h"
#include "util/banned.h"

/* Where no check has said another one */
static guint32
base_weight(const LdirRun *run, guint i)
{
	gint64 of_file = run->reals[i].file_weight;

	return of_file != UNCHANGED ? (guint32)of_file : ldir_run_real(run, i)->weight;
}

guint32
ldir_run_full_weight(const LdirRun *run, guint i)
{
	gint64 said = run->reals[i].said_weight;

	return said != UNCHANGED ? (guint32)said : base_weight(run, i);
}

gboolean
ldir_run_is_ordered(const LdirRun *run, guint i)
{
	return run->reals[i].is_drained || run->reals[i].hand_weight != UNCHANGED;
}

static guint32
wanted_weight(const LdirRun *run, guint i)
{
	gint64 by_hand = run->reals[i].hand_weight;

	if (run->reals[i].is_drained)
		return 0;
	return by_hand != UNCHANGED ? (guint32)by_hand : ldir_run_full_weight(run, i);
}

gint64
ldir_run_live_weight(const LdirRun *run)
{
	gint64 sum = 0;

	for (guint i = 0; i < run->vs->reals->len; i++)
		if (ldir_run_is_serving(run, i))
			sum += wanted_weight(run, i);
	return sum;
}

guint32
ldir_run_weight(const LdirRun *run, guint i)
{
	const RealRun *state = &run->reals[i];

	return !ldir_run_is_ordered(run, i) && state->ramp_ms != NEVER_MS ? state->ramp_weight : wanted_weight(run, i);
}

gint64
ldir_run_ramp_step_ms(const LdirRun *run, guint i)
{
	const RealRun *state = &run->reals[i];

	if (state->ramp_ms == NEVER_MS)
		return NEVER_MS;
	return state->ramp_ms + run->slowstart_ms * ((gint64)state->ramp_weight + 1) / (gint64)ldir_run_full_weight(run, i);
}

void
ldir_run_ramp_start(LdirRun *run, guint i, gint64 now_ms)
{
	if (run->slowstart_ms == 0 || ldir_run_full_weight(run, i) < 2)
		return;
	run->reals[i].ramp_ms = now_ms;
	run->reals[i].ramp_weight = 1;
}

gboolean
ldir_run_ramp_grow(LdirRun *run, guint i, gint64 now_ms)
{
	RealRun *state = &run->reals[i];
	gint64 weight = ldir_run_full_weight(run, i);

	if (ldir_run_ramp_step_ms(run, i) > now_ms)
		return FALSE;
	state->ramp_weight = (guint32)MIN(weight, weight * (now_ms - state->ramp_ms) / run->slowstart_ms);
	if (state->ramp_weight == weight)
		state->ramp_ms = NEVER_MS;
	return !ldir_run_is_ordered(run, i);
}

/* Of a part there is never nothing. */
static gint64
weight_said(const LdirRun *run, guint i, LdirSaid said)
{
	guint64 configured = base_weight(run, i);

	if (said.kind == LDIR_SAID_WEIGHT)
		return said.n;
	return (gint64)MIN((configured * said.n + 99) / 100, (guint64)G_MAXINT32);
}

static void
put(const LdirRun *run, guint i, GPtrArray *effects)
{
	ldir_effect_real(effects, LDIR_FX_REAL_SET, i, ldir_run_weight(run, i));
}

/* What grows does so before somebody else leaves for it, what shrinks when the others are there. */
void
ldir_run_reweigh(LdirRun *run, guint i, guint32 before, GPtrArray *effects)
{
	gboolean was_in = ldir_run_is_in(run, i);
	gboolean is_more = ldir_run_weight(run, i) > before;

	if (was_in && is_more)
		put(run, i, effects);
	ldir_run_settle(run, effects);
	if (was_in && !is_more && ldir_run_is_in(run, i))
		put(run, i, effects);
}

/* ldir_run_full_weight() was @before; @by: who wants another one. FALSE: it is the same. */
static gboolean
note_full_weight(LdirRun *run, guint i, guint32 before, const char *by, GPtrArray *effects)
{
	RealRun *state = &run->reals[i];
	g_autofree char *where = NULL;

	if (ldir_run_full_weight(run, i) == before)
		return FALSE;
	if (state->ramp_ms != NEVER_MS && state->ramp_weight >= ldir_run_full_weight(run, i))
		state->ramp_ms = NEVER_MS;
	where = ldir_run_place(&ldir_run_real(run, i)->addr, ldir_run_real(run, i)->ipvs_port);
	ldir_effect_say(effects, LDIR_FX_LOG, "Weight of real server: %s (%s) set to %u by %s", where, run->name,
	                ldir_run_full_weight(run, i), by);
	return TRUE;
}

void
ldir_run_said(LdirRun *run, guint real, LdirSaid said, GPtrArray *effects)
{
	guint32 full, before;

	g_assert(real < run->vs->reals->len);
	full = ldir_run_full_weight(run, real);
	before = ldir_run_weight(run, real);
	if (said.kind == LDIR_SAID_NOTHING)
		return;
	run->reals[real].said_weight = weight_said(run, real, said);
	if (note_full_weight(run, real, full, "its check", effects) && !ldir_run_is_ordered(run, real))
		ldir_run_reweigh(run, real, before, effects);
}

void
ldir_run_note_file_weight(LdirRun *run, guint i, gint64 weight, GPtrArray *effects)
{
	guint32 full = ldir_run_full_weight(run, i);

	g_assert(weight >= UNCHANGED && weight <= G_MAXINT32);
	run->reals[i].file_weight = weight;
	(void)note_full_weight(run, i, full, "weightfile", effects);
}

void
ldir_run_begin_weights(LdirRun *run, const gint64 *weights, GPtrArray *effects)
{
	for (guint i = 0; i < run->vs->reals->len; i++)
		ldir_run_note_file_weight(run, i, weights[i], effects);
}

void
ldir_run_file_weights(LdirRun *run, const gint64 *weights, GPtrArray *effects)
{
	guint n = run->vs->reals->len;
	g_autofree gint64 *before = g_new(gint64, n);   /* of those in the table; UNCHANGED: it is not */

	for (guint i = 0; i < n; i++) {
		before[i] = ldir_run_is_in(run, i) ? (gint64)ldir_run_weight(run, i) : UNCHANGED;
		ldir_run_note_file_weight(run, i, weights[i], effects);
	}
	for (guint i = 0; i < n; i++)
		if (before[i] != UNCHANGED && (gint64)ldir_run_weight(run, i) > before[i])
			put(run, i, effects);
	ldir_run_settle(run, effects);
	for (guint i = 0; i < n; i++)
		if ((gint64)ldir_run_weight(run, i) < before[i] && ldir_run_is_in(run, i))
			put(run, i, effects);
}
