/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * service_notes.c - what changes nobody's state: a server that is drained for maintenance, the end of its certificate.
 */
#include "ldirectord/director/service_parts.h"
#include "util/banned.h"

static char *
place_of(const LdirRun *run, guint i)
{
	return ldir_run_place(&ldir_run_real(run, i)->addr, ldir_run_real(run, i)->ipvs_port);
}

/* ---- drained ---- */

static void
set_drained(LdirRun *run, guint i, gboolean is_on, GPtrArray *effects)
{
	g_autofree char *where = place_of(run, i);
	guint32 before = ldir_run_weight(run, i);

	run->reals[i].is_drained = is_on;
	ldir_effect_say(effects, LDIR_FX_LOG, "%s real server: %s (%s) for maintenance", is_on ? "Drained" : "Undrained", where, run->name);
	ldir_run_reweigh(run, i, before, effects);
}

void
ldir_run_drain(LdirRun *run, guint real, gboolean is_on, GPtrArray *effects)
{
	g_assert(real < run->vs->reals->len);
	run->reals[real].is_drain_told = is_on;
	if (run->reals[real].is_drained != is_on)
		set_drained(run, real, is_on, effects);
}

void
ldir_run_maintenance_known(LdirRun *run, GPtrArray *effects)
{
	for (guint i = 0; i < run->vs->reals->len; i++) {
		if (run->reals[i].is_maintained && !run->reals[i].is_maintain_told)
			run->reals[i].is_maintained = FALSE;    /* and its next good check counts */
		if (run->reals[i].is_drained && !run->reals[i].is_drain_told)
			set_drained(run, i, FALSE, effects);
	}
}

gboolean
ldir_run_is_drained(const LdirRun *run, guint real)
{
	g_assert(real < run->vs->reals->len);
	return run->reals[real].is_drained;
}

/* ---- certificates ---- */

void
ldir_run_certificate(LdirRun *run, guint real, gint64 days, GPtrArray *effects)
{
	RealRun *state = &run->reals[real];
	g_autofree char *where = NULL;

	g_assert(real < run->vs->reals->len);
	state->certificate_days = days;
	if (days >= run->sslexpiry_days) {
		state->warned_days = NO_DAYS;
		return;
	}
	if (run->sslexpiry_days == 0 || state->warned_days == days)
		return;
	state->warned_days = days;
	where = place_of(run, real);
	if (days < 0)
		ldir_effect_say(effects, LDIR_FX_MAIL, "Certificate of real server: %s (%s) has ended", where, run->name);
	else
		ldir_effect_say(effects, LDIR_FX_MAIL, "Certificate of real server: %s (%s) ends in %" G_GINT64_FORMAT " days", where,
		                run->name, days);
}

gboolean
ldir_run_certificate_days(const LdirRun *run, guint real, gint64 *ret_days)
{
	g_assert(real < run->vs->reals->len);
	if (run->reals[real].certificate_days == NO_DAYS)
		return FALSE;
	*ret_days = run->reals[real].certificate_days;
	return TRUE;
}
