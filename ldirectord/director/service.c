/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/director/service_parts.h"
#include "util/banned.h"

/* The section's word, else the file's, else @otherwise. */
static gint64
setting(gint64 own, gint64 global, gint64 otherwise)
{
	if (own != LDIR_UNSET)
		return own;
	return global != LDIR_UNSET ? global : otherwise;
}

/* May its check, or one of its lines check=, say a weight? */
static gboolean
hears_weight(const LdirConfig *config, const LdirVirtual *vs)
{
	gboolean hears = ldir_virtual_external_weight(config, vs) || ldir_virtual_service(vs) == LDIR_SERVICE_AGENT;

	for (guint i = 0; i < vs->own.checks->len && !hears; i++)
		hears = hears_weight(config, ((const LdirCheckLine *)vs->own.checks->pdata[i])->as);
	return hears;
}

char *
ldir_run_place(const LdirAddress *addr, guint16 port)
{
	g_autofree char *text = ldir_address_text(addr);

	return g_strdup_printf("%s:%u", text, port);
}

LdirRun *
ldir_run_new(const LdirConfig *config, const LdirVirtual *vs)
{
	LdirRun *run = g_new0(LdirRun, 1);

	run->vs = vs;
	run->fallback = vs->fallbacks->len > 0 ? vs->fallbacks->pdata[0] : NULL;
	run->fallbacks = g_new0(FallbackRun, vs->fallbacks->len);
	run->name = vs->is_mark ? g_strdup_printf("%u", vs->mark) : ldir_run_place(&vs->addr, vs->port);
	run->id = ldir_virtual_id(vs);
	run->failurecount = setting(vs->own.failurecount, config->global.failurecount, 1);
	run->slowstart_ms = setting(vs->own.slowstart_ms, config->global.slowstart_ms, 0);
	run->sslexpiry_days = setting(vs->own.sslexpiry, config->global.sslexpiry, 0);
	run->risecount = setting(vs->own.risecount, config->global.risecount, 1);
	run->mailfreq_ms = setting(vs->own.emailalertfreq_ms, config->global.emailalertfreq_ms, 0);
	run->is_quiescent = setting(vs->own.quiescent, config->global.quiescent, 0) == 1;
	ldir_quorum_init(&run->quorum, setting(vs->own.quorum, config->global.quorum, 0),
	                 setting(vs->own.quorumhysteresis, config->global.quorumhysteresis, 0));
	run->hears_weight = hears_weight(config, vs);
	ldir_run_flap_init(run, vs->own.flapmax != NULL ? vs->own.flapmax : config->global.flapmax);
	run->is_cleanstop = setting(vs->own.cleanstop, config->global.cleanstop, 1) == 1;
	run->is_command_ended = setting(vs->own.fallbackcommandonstop, config->global.fallbackcommandonstop, 0) == 1;
	run->reals = g_new0(RealRun, vs->reals->len);
	for (guint i = 0; i < vs->reals->len; i++) {
		run->reals[i].mail_ms = NEVER_MS;
		run->reals[i].ramp_ms = NEVER_MS;
		run->reals[i].hand_weight = UNCHANGED;
		run->reals[i].said_weight = UNCHANGED;
		run->reals[i].file_weight = UNCHANGED;
		run->reals[i].certificate_days = NO_DAYS;
		run->reals[i].warned_days = NO_DAYS;
		run->reals[i].steady_ms = NEVER_MS;
	}
	return run;
}

void
ldir_run_free(LdirRun *run)
{
	if (run == NULL)
		return;
	g_free(run->name);
	g_free(run->id);
	g_free(run->reals);
	g_free(run->fallbacks);
	g_free(run);
}

const LdirReal *
ldir_run_real(const LdirRun *run, guint i)
{
	g_assert(i < run->vs->reals->len);
	return run->vs->reals->pdata[i];
}

gboolean
ldir_run_is_serving(const LdirRun *run, guint i)
{
	return run->reals[i].state == LDIR_REAL_UP || run->reals[i].state == LDIR_REAL_ADOPTED;
}

gboolean
ldir_run_is_in(const LdirRun *run, guint i)
{
	return ldir_run_is_serving(run, i) && !run->reals[i].is_held;
}

void
ldir_run_came_up(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects)
{
	RealRun *state = &run->reals[i];

	/* where nobody else is, all go to it anyway */
	if (state->state == LDIR_REAL_DOWN && !run->is_fallback_in && !ldir_run_is_empty(run))
		ldir_run_ramp_start(run, i, now_ms);
	ldir_run_mark_up(run, i);
	ldir_run_settle(run, effects);
}

void
ldir_run_mark_up(LdirRun *run, guint i)
{
	RealRun *state = &run->reals[i];

	state->state = LDIR_REAL_UP;
	state->is_waiting = FALSE;
	run->has_served = TRUE;
	state->mail_ms = NEVER_MS;
	state->is_held = TRUE;
}

gboolean
ldir_run_mark_down(LdirRun *run, guint i, gint64 now_ms)
{
	RealRun *state = &run->reals[i];
	gboolean was_in = ldir_run_is_in(run, i);

	state->state = LDIR_REAL_DOWN;
	state->is_held = FALSE;
	state->ramp_ms = NEVER_MS;
	ldir_run_flap_bad(run, i);
	state->mail_ms = run->mailfreq_ms > 0 && !state->is_disabled ? now_ms + run->mailfreq_ms : NEVER_MS;
	return was_in;
}

void
ldir_run_went_down(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects)
{
	gboolean was_in = ldir_run_mark_down(run, i, now_ms);

	/* in first: a service without any server refuses connections */
	ldir_run_settle(run, effects);
	if (ldir_run_is_empty(run))
		ldir_run_fallback_in(run, effects);
	if (was_in)
		ldir_run_leave(run, i, effects);
}

static void
good(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects)
{
	RealRun *state = &run->reals[i];

	if (state->fails > 0 && ldir_run_is_serving(run, i)) {
		g_autofree char *where = ldir_run_place(&ldir_run_real(run, i)->addr, ldir_run_real(run, i)->ipvs_port);

		ldir_effect_say(effects, LDIR_FX_LOG, "Resetting soft failure count: %s (%s)", where, run->id);
	}
	state->fails = 0;
	ldir_run_flap_good(run, i, now_ms, effects);
	/* one that has failed has to prove more than one that is new */
	if (state->state == LDIR_REAL_DOWN && !state->is_waiting && ++state->goods < run->risecount)
		return;
	state->goods = 0;
	if (state->state == LDIR_REAL_ADOPTED) {
		state->state = LDIR_REAL_UP;
		if (!ldir_run_is_held(run))
			ldir_run_fallback_out(run, effects);
		ldir_run_settle(run, effects);
	} else if (state->state != LDIR_REAL_UP && !ldir_run_flap_waits(run, i)) {
		ldir_run_came_up(run, i, now_ms, effects);
	}
}

static void
say_inaccessible(const LdirRun *run, guint i, GPtrArray *effects)
{
	g_autofree char *where = ldir_run_place(&ldir_run_real(run, i)->addr, ldir_run_real(run, i)->ipvs_port);

	ldir_effect_say(effects, LDIR_FX_MAIL, "Inaccessible real server: %s (%s)", where, run->name);
}

static void
bad(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects)
{
	RealRun *state = &run->reals[i];

	state->goods = 0;
	ldir_run_flap_bad(run, i);
	if (state->state == LDIR_REAL_DOWN)
		return;
	state->fails++;
	/* patience is for servers in service; an unproven one has nothing to lose */
	if (ldir_run_is_serving(run, i) && state->fails < run->failurecount) {
		g_autofree char *where = ldir_run_place(&ldir_run_real(run, i)->addr, ldir_run_real(run, i)->ipvs_port);

		ldir_effect_say(effects, LDIR_FX_LOG, "Soft failure real server: %s (%s) failure %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
		                where, run->id, state->fails, run->failurecount);
		return;
	}
	if (ldir_run_is_serving(run, i) && !state->is_maintained && !state->is_disabled)
		ldir_run_flap_down(run, i, now_ms, effects);
	/* one that is not in the table leaves it without a word */
	if (state->state == LDIR_REAL_UNPROVEN && !state->is_maintained && !state->is_disabled)
		say_inaccessible(run, i, effects);
	ldir_run_went_down(run, i, now_ms, effects);
}

void
ldir_run_verdict(LdirRun *run, guint real, gboolean is_good, gint64 now_ms, GPtrArray *effects)
{
	g_assert(real < run->vs->reals->len);
	if (is_good && !run->reals[real].is_maintained && !run->reals[real].is_disabled)
		good(run, real, now_ms, effects);
	else
		bad(run, real, now_ms, effects);
}

void
ldir_run_maintain(LdirRun *run, guint real, gboolean is_on, gint64 now_ms, GPtrArray *effects)
{
	g_assert(real < run->vs->reals->len);
	run->reals[real].is_maintained = is_on;
	run->reals[real].is_maintain_told = is_on;
	if (is_on && run->reals[real].state != LDIR_REAL_DOWN)
		ldir_run_went_down(run, real, now_ms, effects);
	ldir_run_flap_bad(run, real);
}

void
ldir_run_set_weight(LdirRun *run, guint real, gint64 weight, GPtrArray *effects)
{
	g_autofree char *where = NULL;
	guint32 before;

	g_assert(real < run->vs->reals->len);
	g_assert(weight >= UNCHANGED && weight <= G_MAXINT32);
	before = ldir_run_weight(run, real);
	where = ldir_run_place(&ldir_run_real(run, real)->addr, ldir_run_real(run, real)->ipvs_port);
	run->reals[real].hand_weight = weight;
	ldir_effect_say(effects, LDIR_FX_LOG, "Weight of real server: %s (%s) set to %u by hand", where, run->name, ldir_run_weight(run, real));
	ldir_run_reweigh(run, real, before, effects);
}

gboolean
ldir_run_ordered_weight(const LdirRun *run, guint real, gint64 *ret_weight)
{
	g_assert(real < run->vs->reals->len);
	if (run->reals[real].hand_weight == UNCHANGED)
		return FALSE;
	*ret_weight = run->reals[real].hand_weight;
	return TRUE;
}

void
ldir_run_disable(LdirRun *run, guint real, gboolean is_on, gint64 now_ms, GPtrArray *effects)
{
	g_autofree char *where = NULL;

	g_assert(real < run->vs->reals->len);
	if (run->reals[real].is_disabled == is_on)
		return;
	where = ldir_run_place(&ldir_run_real(run, real)->addr, ldir_run_real(run, real)->ipvs_port);
	run->reals[real].is_disabled = is_on;
	ldir_effect_say(effects, LDIR_FX_LOG, "%s real server: %s (%s) by hand", is_on ? "Disabled" : "Enabled", where, run->name);
	if (is_on && run->reals[real].state != LDIR_REAL_DOWN)
		ldir_run_went_down(run, real, now_ms, effects);
	else if (is_on)
		run->reals[real].mail_ms = NEVER_MS;
	ldir_run_flap_bad(run, real);
}

void
ldir_run_time(LdirRun *run, gint64 now_ms, GPtrArray *effects)
{
	for (guint i = 0; i < run->vs->reals->len; i++) {
		RealRun *state = &run->reals[i];

		if (ldir_run_ramp_grow(run, i, now_ms) && !state->is_held)
			ldir_effect_real(effects, LDIR_FX_REAL_SET, i, ldir_run_weight(run, i));
		if (state->mail_ms > now_ms)
			continue;
		state->mail_ms = now_ms + run->mailfreq_ms;
		if (!state->is_waiting)         /* else it answers, and is out for another reason: that has been said */
			say_inaccessible(run, i, effects);
	}
}

gint64
ldir_run_deadline_ms(const LdirRun *run)
{
	gint64 first = NEVER_MS;

	for (guint i = 0; i < run->vs->reals->len; i++)
		first = MIN(first, MIN(run->reals[i].mail_ms, ldir_run_ramp_step_ms(run, i)));
	return first;
}

/* The table loses them with their service. */
static void
say_who_leaves(const LdirRun *run, GPtrArray *effects)
{
	for (guint i = 0; i < run->vs->reals->len; i++) {
		g_autofree char *where = NULL;

		if (!ldir_run_is_in(run, i))
			continue;
		where = ldir_run_place(&ldir_run_real(run, i)->addr, ldir_run_real(run, i)->ipvs_port);
		ldir_effect_say(effects, LDIR_FX_MAIL, "Purged real server (stop): %s (%s)", where, run->name);
	}
}

gboolean
ldir_run_owes_command(const LdirRun *run)
{
	return run->is_command_ended && run->is_command_started;
}

void
ldir_run_stop(LdirRun *run, GPtrArray *effects)
{
	if (!run->is_cleanstop)
		return;
	say_who_leaves(run, effects);
	if (ldir_run_owes_command(run))
		ldir_effect_add(effects, LDIR_FX_COMMAND_STOP);
	ldir_effect_add(effects, LDIR_FX_SERVICE_DELETE);
	ldir_effect_say(effects, LDIR_FX_LOG, "Purged virtual server (stop): %s", run->name);
}

gboolean
ldir_run_is_undecided(const LdirRun *run, guint real)
{
	g_assert(real < run->vs->reals->len);
	return run->reals[real].goods > 0 || (ldir_run_is_serving(run, real) && run->reals[real].fails > 0);
}

const LdirFallback *
ldir_run_fallback(const LdirRun *run)
{
	return run->fallback;
}

LdirRealState
ldir_run_real_state(const LdirRun *run, guint real)
{
	g_assert(real < run->vs->reals->len);
	return run->reals[real].state;
}

gboolean
ldir_run_has_fallback(const LdirRun *run)
{
	return run->is_fallback_in;
}

gboolean
ldir_run_is_disabled(const LdirRun *run, guint real)
{
	g_assert(real < run->vs->reals->len);
	return run->reals[real].is_disabled;
}

const LdirQuorum *
ldir_run_quorum(const LdirRun *run)
{
	return &run->quorum;
}
