/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * service_weight.c - which weight a server that is up has: by hand, by its configuration, or on its way there (slowstart=).
 */
#include "ldirectord/service_parts.h"
#include "util/banned.h"

/* What it should be in the end. */
static guint32
full_weight(const LdirRun *run, guint i)
{
	gint64 by_hand = run->reals[i].hand_weight;

	return by_hand != UNCHANGED ? (guint32)by_hand : ldir_run_real(run, i)->weight;
}

gint64
ldir_run_live_weight(const LdirRun *run)
{
	gint64 sum = 0;

	for (guint i = 0; i < run->vs->reals->len; i++)
		if (ldir_run_is_serving(run, i))
			sum += full_weight(run, i);
	return sum;
}

guint32
ldir_run_weight(const LdirRun *run, guint i)
{
	const RealRun *state = &run->reals[i];

	return state->hand_weight == UNCHANGED && state->ramp_ms != NEVER_MS ? state->ramp_weight : full_weight(run, i);
}

gint64
ldir_run_ramp_step_ms(const LdirRun *run, guint i)
{
	const RealRun *state = &run->reals[i];

	if (state->ramp_ms == NEVER_MS)
		return NEVER_MS;
	return state->ramp_ms + run->slowstart_ms * ((gint64)state->ramp_weight + 1) / (gint64)ldir_run_real(run, i)->weight;
}

void
ldir_run_ramp_start(LdirRun *run, guint i, gint64 now_ms)
{
	if (run->slowstart_ms == 0 || ldir_run_real(run, i)->weight < 2)
		return;
	run->reals[i].ramp_ms = now_ms;
	run->reals[i].ramp_weight = 1;
}

gboolean
ldir_run_ramp_grow(LdirRun *run, guint i, gint64 now_ms)
{
	RealRun *state = &run->reals[i];
	gint64 weight = ldir_run_real(run, i)->weight;

	if (ldir_run_ramp_step_ms(run, i) > now_ms)
		return FALSE;
	state->ramp_weight = (guint32)MIN(weight, weight * (now_ms - state->ramp_ms) / run->slowstart_ms);
	if (state->ramp_weight == weight)
		state->ramp_ms = NEVER_MS;
	return state->hand_weight == UNCHANGED;
}
