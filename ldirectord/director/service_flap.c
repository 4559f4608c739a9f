/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * service_flap.c - flapmax=: a server that goes down too often stays out until it has been good for a while, if there is another one.
 *
 * It is only kept from coming in: who serves, because nobody else did, serves on until its next bad check.
 */
#include "ldirectord/director/service_parts.h"
#include "util/banned.h"
#include "util/time.h"

void
ldir_run_flap_init(LdirRun *run, const char *words)
{
	guint n_max = 0, seconds = 0;

	if (words != NULL)
		(void)ldir_flapmax_words(words, &n_max, &seconds);
	run->flap_max = n_max;
	run->flap_ms = (gint64)seconds * HB_MS_PER_S;
}

/* Somebody else gets the connections: one that is drained does not, nor one in whose place the fallback serves. */
static gboolean
has_another(const LdirRun *run, guint i)
{
	for (guint j = 0; j < run->vs->reals->len && !ldir_run_is_held(run); j++)
		if (j != i && ldir_run_is_serving(run, j) && ldir_run_weight(run, j) > 0)
			return TRUE;
	return FALSE;
}

static gboolean
goes_down_too_often(const LdirRun *run, const RealRun *state, gint64 now_ms)
{
	if (run->flap_max == 0 || state->n_downs <= run->flap_max)
		return FALSE;
	return now_ms - state->down_ms[(state->n_downs - 1 - run->flap_max) % FLAP_RING] <= run->flap_ms;
}

void
ldir_run_flap_down(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects)
{
	RealRun *state = &run->reals[i];
	g_autofree char *where = NULL;

	state->down_ms[state->n_downs++ % FLAP_RING] = now_ms;
	if (state->is_flapping || !goes_down_too_often(run, state, now_ms))
		return;
	state->is_flapping = TRUE;
	where = ldir_run_place(&ldir_run_real(run, i)->addr, ldir_run_real(run, i)->ipvs_port);
	ldir_effect_say(effects, LDIR_FX_MAIL, "Flapping real server: %s (%s) was down more than %u times in %" G_GINT64_FORMAT " s", where,
	                run->name, run->flap_max, run->flap_ms / HB_MS_PER_S);
}

void
ldir_run_flap_bad(LdirRun *run, guint i)
{
	run->reals[i].steady_ms = NEVER_MS;
	run->reals[i].is_waiting = FALSE;
}

void
ldir_run_flap_good(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects)
{
	RealRun *state = &run->reals[i];
	g_autofree char *where = NULL;

	if (!state->is_flapping)
		return;
	if (state->steady_ms == NEVER_MS)
		state->steady_ms = now_ms;
	if (now_ms - state->steady_ms < run->flap_ms)
		return;
	state->is_flapping = FALSE;
	state->n_downs = 0;
	where = ldir_run_place(&ldir_run_real(run, i)->addr, ldir_run_real(run, i)->ipvs_port);
	ldir_effect_say(effects, LDIR_FX_LOG, "Steady real server: %s (%s)", where, run->name);
}

gboolean
ldir_run_flap_waits(LdirRun *run, guint i)
{
	RealRun *state = &run->reals[i];

	state->is_waiting = state->is_flapping && has_another(run, i);
	return state->is_waiting;
}

gboolean
ldir_run_flap_call(LdirRun *run)
{
	gboolean has_called = FALSE;

	for (guint i = 0; i < run->vs->reals->len; i++)
		if (run->reals[i].is_waiting) {
			ldir_run_mark_up(run, i);
			has_called = TRUE;
		}
	return has_called;
}

void
ldir_run_flap_relieve(LdirRun *run)
{
	if (!has_another(run, G_MAXUINT))
		(void)ldir_run_flap_call(run);
}

void
ldir_run_flap_carry(LdirRun *run, RealRun *state)
{
	if (run->flap_max == 0)
		state->is_flapping = FALSE;     /* who waits comes in with its next good check */
}

gboolean
ldir_run_is_flapping(const LdirRun *run, guint real)
{
	g_assert(real < run->vs->reals->len);
	return run->reals[real].is_flapping;
}
