/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * service_table.c - who enters the table and who leaves it: servers, the fallback, and all of them at once by quorum=.
 */
#include "ldirectord/director/service_parts.h"
#include "util/banned.h"

gboolean
ldir_run_is_empty(const LdirRun *run)
{
	for (guint i = 0; i < run->vs->reals->len; i++)
		if (ldir_run_is_serving(run, i) || (!run->has_served && run->reals[i].state == LDIR_REAL_UNPROVEN))
			return FALSE;
	return TRUE;
}

void
ldir_run_fallback_come(const LdirRun *run, GPtrArray *effects)
{
	g_autofree char *where = ldir_run_fallback_place(run, run->fallback_at);

	ldir_effect_real(effects, LDIR_FX_FALLBACK_SET, run->fallback_at, 0);
	ldir_effect_say(effects, LDIR_FX_MAIL, "Added fallback server: %s (%s) (Weight set to 1)", where, run->name);
}

void
ldir_run_fallback_in(LdirRun *run, GPtrArray *effects)
{
	if (run->fallback != NULL && !run->is_fallback_in) {
		ldir_run_fallback_come(run, effects);
		run->is_fallback_in = TRUE;
	}
	if (!run->is_command_started) {
		ldir_effect_add(effects, LDIR_FX_COMMAND_START);
		run->is_command_started = TRUE;
	}
}

void
ldir_run_fallback_gone(const LdirRun *run, guint n, GPtrArray *effects)
{
	g_autofree char *where = ldir_run_fallback_place(run, n);

	ldir_effect_real(effects, LDIR_FX_FALLBACK_DELETE, n, 0);
	ldir_effect_say(effects, LDIR_FX_MAIL, "Deleted fallback server: %s (%s)", where, run->name);
}

void
ldir_run_fallback_out(LdirRun *run, GPtrArray *effects)
{
	if (run->is_fallback_in && run->fallback != NULL)
		ldir_run_fallback_gone(run, run->fallback_at, effects);
	run->is_fallback_in = FALSE;
	if (run->is_command_started)
		ldir_effect_add(effects, LDIR_FX_COMMAND_STOP);
	run->is_command_started = FALSE;
}

void
ldir_run_enter(LdirRun *run, guint i, GPtrArray *effects)
{
	RealRun *state = &run->reals[i];
	const LdirReal *real = ldir_run_real(run, i);
	g_autofree char *where = ldir_run_place(&real->addr, real->ipvs_port);

	ldir_effect_real(effects, LDIR_FX_REAL_SET, i, ldir_run_weight(run, i));
	ldir_effect_say(effects, LDIR_FX_MAIL, "%s real server: %s (%s) (Weight set to %u)",
	                state->is_in_table ? "Restored" : "Added", where, run->name, ldir_run_weight(run, i));
	state->is_in_table = TRUE;
}

void
ldir_run_leave(LdirRun *run, guint i, GPtrArray *effects)
{
	RealRun *state = &run->reals[i];
	const LdirReal *real = ldir_run_real(run, i);
	g_autofree char *where = ldir_run_place(&real->addr, real->ipvs_port);

	if (run->is_quiescent) {
		ldir_effect_real(effects, LDIR_FX_REAL_SET, i, 0);
		ldir_effect_say(effects, LDIR_FX_MAIL, "Quiescent real server: %s (%s) (Weight set to 0)", where, run->name);
	} else {
		ldir_effect_real(effects, LDIR_FX_REAL_DELETE, i, 0);
		ldir_effect_say(effects, LDIR_FX_MAIL, "Deleted real server: %s (%s)", where, run->name);
	}
	state->is_in_table = run->is_quiescent;
}

/* ---- quorum= ---- */

gboolean
ldir_run_is_held(const LdirRun *run)
{
	/* while nothing is known a fallback that was found in the table stays: it is there for want of a quorum, perhaps */
	return run->fallback != NULL &&
	       (run->quorum.state == LDIR_QUORUM_LOST || (run->quorum.state == LDIR_QUORUM_UNKNOWN && run->is_fallback_in));
}

static gboolean
is_open(const LdirRun *run)
{
	for (guint i = 0; i < run->vs->reals->len; i++)
		if (run->reals[i].state == LDIR_REAL_UNPROVEN)
			return TRUE;
	return FALSE;
}

/* Those that are up come in; the fallback leaves for them, or because @is_gained. */
static void
let_in(LdirRun *run, gboolean is_gained, GPtrArray *effects)
{
	gboolean has_come = FALSE;

	for (guint i = 0; i < run->vs->reals->len; i++)
		if (run->reals[i].is_held) {
			run->reals[i].is_held = FALSE;
			ldir_run_enter(run, i, effects);
			has_come = TRUE;
		}
	if (has_come || (is_gained && !ldir_run_is_empty(run)))
		ldir_run_fallback_out(run, effects);
}

static void
hold(LdirRun *run, GPtrArray *effects)
{
	ldir_run_fallback_in(run, effects);
	for (guint i = 0; i < run->vs->reals->len; i++)
		if (ldir_run_is_in(run, i)) {
			run->reals[i].is_held = TRUE;
			ldir_run_leave(run, i, effects);
		}
}

static LdirQuorum
judged(const LdirRun *run)
{
	LdirQuorum next = run->quorum;

	if (next.state != LDIR_QUORUM_OFF)
		(void)ldir_quorum_step(&next, ldir_run_live_weight(run), is_open(run));
	return next;
}

static void
say_quorum(const LdirRun *run, GPtrArray *effects)
{
	ldir_effect_say(effects, LDIR_FX_MAIL, "%s quorum of virtual server: %s (weight %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ")",
	                run->quorum.state == LDIR_QUORUM_THERE ? "Gained" : "Lost", run->name, ldir_run_live_weight(run), run->quorum.weight);
}

void
ldir_run_settle(LdirRun *run, GPtrArray *effects)
{
	LdirQuorumState before = run->quorum.state;
	LdirQuorum next;
	gboolean is_changed, is_there;

	ldir_run_flap_relieve(run);
	next = judged(run);
	if (next.state == LDIR_QUORUM_LOST && run->fallback != NULL && ldir_run_flap_call(run))
		next = judged(run);             /* nobody would serve: those that wait come before the fallback */
	run->quorum = next;
	is_changed = next.state != before;
	is_there = next.state == LDIR_QUORUM_THERE;
	if (is_changed)
		say_quorum(run, effects);
	if (!ldir_run_is_held(run))
		let_in(run, is_changed && is_there, effects);
	else if (next.state == LDIR_QUORUM_LOST)        /* with a fallback; without one, who is left is better than nobody */
		hold(run, effects);
	if (is_changed)
		ldir_effect_add(effects, is_there ? LDIR_FX_QUORUM_UP : LDIR_FX_QUORUM_DOWN);
}
