/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * service_start.c - where a service begins: with nothing, with a table that is there, or with the one before it.
 */
#include <string.h>

#include "ldirectord/director/service_parts.h"
#include "util/banned.h"

static void
begin(LdirRun *run, const gint64 *weights, gboolean has_fallback, GPtrArray *effects)
{
	ldir_effect_add(effects, LDIR_FX_SERVICE_SET);
	ldir_effect_say(effects, LDIR_FX_LOG, weights != NULL ? "Changed virtual server: %s" : "Added virtual server: %s", run->name);
	run->is_fallback_in = has_fallback && run->fallback != NULL;
}

/* @is_known_up: not by the table alone, and no fallback served in its place */
static void
adopt(LdirRun *run, guint i, gint64 weight, gboolean is_known_up, GPtrArray *effects)
{
	RealRun *real = &run->reals[i];
	/* by us, or, where it had more when it was left, by somebody else */
	gboolean is_drained = weight == 0 && is_known_up && (run->is_successor || ldir_run_weight(run, i) == 0);

	real->is_in_table = weight >= 0;
	if (weight > 0 || is_drained) { /* no hole while it is not checked yet; weight and method as they are now */
		real->state = LDIR_REAL_ADOPTED;
		run->has_served = TRUE;
		ldir_effect_real(effects, LDIR_FX_REAL_SET, i, ldir_run_weight(run, i));
	} else if (run->is_quiescent) {
		ldir_effect_real(effects, LDIR_FX_REAL_SET, i, 0);
		real->is_in_table = TRUE;
	} else if (real->is_in_table) {
		ldir_effect_real(effects, LDIR_FX_REAL_DELETE, i, 0);
		real->is_in_table = FALSE;
	}
}

void
ldir_run_start(LdirRun *run, const gint64 *weights, gboolean has_fallback, gint64 now_ms, GPtrArray *effects)
{
	(void)now_ms;
	begin(run, weights, has_fallback, effects);
	for (guint i = 0; i < run->vs->reals->len; i++)
		adopt(run, i, weights != NULL ? weights[i] : -1, FALSE, effects);
	if (ldir_run_is_empty(run))
		ldir_run_fallback_in(run, effects);
	ldir_run_settle(run, effects);
}

int
ldir_run_find(const LdirRun *run, guint i, const LdirRun *old)
{
	const LdirReal *real = ldir_run_real(run, i);
	guint n = old->vs->reals->len;

	for (guint j = 0; j < n; j++) {         /* most reloads change little: it stands where it stood */
		guint at = (i + j) % n;
		const LdirReal *other = ldir_run_real(old, at);

		if (other->ipvs_port == real->ipvs_port && ldir_address_equal(&other->addr, &real->addr))
			return (int)at;
	}
	return -1;
}

static void
carry_real(LdirRun *run, const LdirRun *old, guint i, const gint64 *weights, GPtrArray *effects)
{
	RealRun *real = &run->reals[i];
	int before = ldir_run_find(run, i, old);

	if (before >= 0)
		*real = old->reals[before];
	if (weights != NULL)
		ldir_run_note_file_weight(run, i, weights[i], effects);
	real->is_maintain_told = FALSE; /* the directory is looked at anew */
	real->is_drain_told = FALSE;
	if (run->mailfreq_ms == 0)
		real->mail_ms = NEVER_MS;
	ldir_run_flap_carry(run, real);
	if (!run->hears_weight)
		real->said_weight = UNCHANGED;
	if (run->slowstart_ms == 0 || real->ramp_weight >= ldir_run_full_weight(run, i))
		real->ramp_ms = NEVER_MS;
	real->is_held = ldir_run_is_serving(run, i) && ldir_run_is_held(run);
	if (ldir_run_is_serving(run, i) && !real->is_held) {
		ldir_effect_real(effects, LDIR_FX_REAL_SET, i, ldir_run_weight(run, i));
	} else if (run->is_quiescent) {
		ldir_effect_real(effects, LDIR_FX_REAL_SET, i, 0);
		real->is_in_table = TRUE;
	} else {
		real->is_in_table = FALSE;
	}
}

static gboolean
same_fallback(const LdirRun *a, const LdirRun *b)
{
	if (a->fallback == NULL || b->fallback == NULL)
		return a->fallback == b->fallback;
	return ldir_address_equal(&a->fallback->addr, &b->fallback->addr) && a->fallback->port == b->fallback->port &&
	       a->fallback->forward == b->fallback->forward;
}

void
ldir_run_carry(LdirRun *run, const LdirRun *old, const gint64 *weights, GPtrArray *effects)
{
	ldir_effect_add(effects, LDIR_FX_SERVICE_SET);
	ldir_run_fallbacks_carry(run, old);
	run->has_served = old->has_served;
	run->is_command_started = old->is_command_started;
	if (run->quorum.state != LDIR_QUORUM_OFF && old->quorum.state != LDIR_QUORUM_OFF)
		run->quorum.state = old->quorum.state;
	for (guint i = 0; i < run->vs->reals->len; i++)
		carry_real(run, old, i, weights, effects);
	ldir_run_flap_relieve(run);     /* before the fallback */
	if (same_fallback(run, old) && old->is_fallback_in) {
		run->is_fallback_in = TRUE;
		ldir_effect_real(effects, LDIR_FX_FALLBACK_SET, run->fallback_at, 0);
	} else if (old->is_fallback_in && !old->has_served && run->fallback != NULL) {  /* it was found there: nobody else serves yet */
		run->is_fallback_in = TRUE;
		ldir_run_fallback_come(run, effects);
	}
	if (ldir_run_is_empty(run) || ldir_run_is_held(run))
		ldir_run_fallback_in(run, effects);
	else if (run->has_served)
		ldir_run_fallback_out(run, effects);
	ldir_run_settle(run, effects);
}

/* Orders, and what checks have said of weight, are there before anybody counts it. */
static void
learn_wishes(LdirRun *run, const RealRun *known, guint i)
{
	RealRun *real = &run->reals[i];

	real->is_maintained = known->is_maintained;
	real->is_maintain_told = known->is_maintain_told;
	real->is_drain_told = known->is_drain_told;
	real->is_disabled = known->is_disabled;
	real->is_drained = known->is_drained;
	real->certificate_days = known->certificate_days;
	real->hand_weight = known->hand_weight;
	real->said_weight = known->said_weight;
	real->file_weight = known->file_weight;
	memcpy(real->down_ms, known->down_ms, sizeof real->down_ms);
	real->n_downs = known->n_downs;
	real->is_flapping = known->is_flapping;
	real->steady_ms = known->steady_ms;
	if (known->state == LDIR_REAL_UP && run->slowstart_ms > 0 && known->ramp_weight < ldir_run_full_weight(run, i)) {
		real->ramp_ms = known->ramp_ms;
		real->ramp_weight = known->ramp_weight;
	}
}

/* Marks what is known of server @i. TRUE: it is in the table, and has to leave. */
static gboolean
learn_state(LdirRun *run, const RealRun *known, guint i, gint64 now_ms)
{
	RealRun *real = &run->reals[i];
	gboolean has_to_leave = FALSE;

	if (known->state == LDIR_REAL_UP) {
		if (real->state == LDIR_REAL_ADOPTED)
			real->state = LDIR_REAL_UP;
		else
			ldir_run_mark_up(run, i);
		real->fails = known->fails;
	} else if (known->state == LDIR_REAL_DOWN) {
		has_to_leave = ldir_run_mark_down(run, i, now_ms);
		real->goods = known->goods;
		real->is_waiting = known->is_waiting;
		real->steady_ms = known->steady_ms;
	}
	return has_to_leave;
}

/* An order that everybody has forgotten would be looked for in vain in the log of this process. */
static void
say_orders(const LdirRun *run, guint i, GPtrArray *effects)
{
	const RealRun *real = &run->reals[i];
	g_autofree char *where = ldir_run_place(&ldir_run_real(run, i)->addr, ldir_run_real(run, i)->ipvs_port);

	if (real->is_disabled)
		ldir_effect_say(effects, LDIR_FX_LOG, "Disabled real server: %s (%s) by hand, before the restart", where, run->name);
	if (real->hand_weight != UNCHANGED)
		ldir_effect_say(effects, LDIR_FX_LOG, "Weight of real server: %s (%s) set to %" G_GINT64_FORMAT " by hand, before the restart",
		                where, run->name, real->hand_weight);
}

static gboolean
has_proven(const LdirRun *run)
{
	for (guint i = 0; i < run->vs->reals->len; i++)
		if (run->reals[i].state == LDIR_REAL_UP)
			return TRUE;
	return FALSE;
}

void
ldir_run_start_knowing(LdirRun *run, const LdirRun *known, const gint64 *weights, gboolean has_fallback, gint64 now_ms, GPtrArray *effects)
{
	guint n = run->vs->reals->len;
	g_autofree gboolean *has_to_leave = g_new0(gboolean, n);

	g_assert(run->vs == known->vs);
	begin(run, weights, has_fallback, effects);
	for (guint i = 0; i < run->vs->fallbacks->len; i++)
		run->fallbacks[i] = known->fallbacks[i];
	ldir_run_fallback_choose(run, effects);
	for (guint i = 0; i < n; i++) {
		learn_wishes(run, &known->reals[i], i);
		adopt(run, i, weights != NULL ? weights[i] : -1, known->reals[i].state == LDIR_REAL_UP && !known->reals[i].is_held, effects);
		if (run->is_successor)
			say_orders(run, i, effects);
	}
	for (guint i = 0; i < n; i++)
		has_to_leave[i] = learn_state(run, &known->reals[i], i, now_ms);
	ldir_run_settle(run, effects);
	if (ldir_run_is_empty(run))
		ldir_run_fallback_in(run, effects);
	else if (has_proven(run) && !ldir_run_is_held(run))
		ldir_run_fallback_out(run, effects);
	for (guint i = 0; i < n; i++)           /* who enters comes before who leaves */
		if (has_to_leave[i])
			ldir_run_leave(run, i, effects);
}
