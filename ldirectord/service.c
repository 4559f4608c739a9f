/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <sys/socket.h>

#include "ldirectord/service.h"
#include "util/banned.h"

#define NEVER_MS  G_MAXINT64
#define UNCHANGED (-1)

typedef struct {
	LdirRealState state;
	gint64 fails;           /* bad checks in a row */
	gint64 goods;           /* good ones in a row, while it is down */
	gboolean is_in_table;   /* with whatever weight */
	gboolean is_maintained; /* somebody works on it: down, whatever its checks say */
	gint64 mail_ms;         /* when to say again that it is down */
	gint64 ramp_ms;         /* since when its weight grows; NEVER_MS: it is what it should be */
	guint32 ramp_weight;    /* how far it has come */
	gint64 hand_weight;     /* somebody wants this one while it is up; UNCHANGED: that of the configuration */
} RealRun;

struct LdirRun {
	const LdirVirtual *vs;
	const LdirFallback *fallback;   /* NULL: there is none */
	char *name;                     /* "10.0.0.1:80", or the mark */
	char *id;
	gboolean is_fallback_in;
	gboolean is_command_started;
	gboolean has_served;            /* some server has been in service */
	gint64 failurecount, risecount, mailfreq_ms, slowstart_ms;
	gboolean is_quiescent, is_cleanstop;
	RealRun *reals;
};

/* The section's word, else the file's, else @otherwise. */
static gint64
setting(gint64 own, gint64 global, gint64 otherwise)
{
	if (own != LDIR_UNSET)
		return own;
	return global != LDIR_UNSET ? global : otherwise;
}

static const LdirFallback *
choose_fallback(const LdirConfig *config, const LdirVirtual *vs)
{
	gboolean is_six = vs->family == AF_INET6;
	const LdirFallback *own = is_six ? &vs->own.fallback6 : &vs->own.fallback;
	const LdirFallback *global = is_six ? &config->global.fallback6 : &config->global.fallback;

	if (own->host != NULL)
		return own;
	return global->host != NULL ? global : NULL;
}

static char *
place(const LdirAddress *addr, guint16 port)
{
	g_autofree char *text = ldir_address_text(addr);

	return g_strdup_printf("%s:%u", text, port);
}

LdirRun *
ldir_run_new(const LdirConfig *config, const LdirVirtual *vs)
{
	LdirRun *run = g_new0(LdirRun, 1);

	run->vs = vs;
	run->fallback = choose_fallback(config, vs);
	run->name = vs->is_mark ? g_strdup_printf("%u", vs->mark) : place(&vs->addr, vs->port);
	run->id = ldir_virtual_id(vs);
	run->failurecount = setting(vs->own.failurecount, config->global.failurecount, 1);
	run->slowstart_ms = setting(vs->own.slowstart_ms, config->global.slowstart_ms, 0);
	run->risecount = setting(vs->own.risecount, config->global.risecount, 1);
	run->mailfreq_ms = setting(vs->own.emailalertfreq_ms, config->global.emailalertfreq_ms, 0);
	run->is_quiescent = setting(vs->own.quiescent, config->global.quiescent, 0) == 1;
	run->is_cleanstop = setting(vs->own.cleanstop, config->global.cleanstop, 1) == 1;
	run->reals = g_new0(RealRun, vs->reals->len);
	for (guint i = 0; i < vs->reals->len; i++) {
		run->reals[i].mail_ms = NEVER_MS;
		run->reals[i].ramp_ms = NEVER_MS;
		run->reals[i].hand_weight = UNCHANGED;
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
	g_free(run);
}

static const LdirReal *
real_of(const LdirRun *run, guint i)
{
	g_assert(i < run->vs->reals->len);
	return run->vs->reals->pdata[i];
}

static guint32
weight_of(const LdirRun *run, guint i)
{
	const RealRun *state = &run->reals[i];

	if (state->hand_weight != UNCHANGED)
		return (guint32)state->hand_weight;
	return state->ramp_ms != NEVER_MS ? state->ramp_weight : real_of(run, i)->weight;
}

/* ---- slowstart=: the weight grows by one, as often as there are to be ---- */

static gint64
ramp_step_ms(const LdirRun *run, guint i)
{
	const RealRun *state = &run->reals[i];

	if (state->ramp_ms == NEVER_MS)
		return NEVER_MS;
	return state->ramp_ms + run->slowstart_ms * ((gint64)state->ramp_weight + 1) / (gint64)real_of(run, i)->weight;
}

static void
ramp_start(LdirRun *run, guint i, gint64 now_ms)
{
	if (run->slowstart_ms == 0 || real_of(run, i)->weight < 2)
		return;
	run->reals[i].ramp_ms = now_ms;
	run->reals[i].ramp_weight = 1;
}

/* TRUE: it has grown. */
static gboolean
ramp_grow(LdirRun *run, guint i, gint64 now_ms)
{
	RealRun *state = &run->reals[i];
	gint64 weight = real_of(run, i)->weight;

	if (ramp_step_ms(run, i) > now_ms)
		return FALSE;
	state->ramp_weight = (guint32)MIN(weight, weight * (now_ms - state->ramp_ms) / run->slowstart_ms);
	if (state->ramp_weight == weight)
		state->ramp_ms = NEVER_MS;
	return state->hand_weight == UNCHANGED;
}

static gboolean
is_serving(const RealRun *real)
{
	return real->state == LDIR_REAL_UP || real->state == LDIR_REAL_ADOPTED;
}

/* Nobody serves; at the beginning: and nobody is left whose first check may still be good. */
static gboolean
needs_fallback(const LdirRun *run)
{
	for (guint i = 0; i < run->vs->reals->len; i++)
		if (is_serving(&run->reals[i]) || (!run->has_served && run->reals[i].state == LDIR_REAL_UNPROVEN))
			return FALSE;
	return TRUE;
}

/* Where the fallback is, as logs show it: the kernel's port. (transfer full) */
static char *
fallback_place(const LdirRun *run)
{
	g_autofree char *addr = ldir_address_text(&run->fallback->addr);

	if (run->fallback->port_text != NULL)
		return g_strdup_printf("%s:%s", addr, run->fallback->port_text);
	return g_strdup_printf("%s:%u", addr, run->vs->is_mark ? 0 : run->vs->port);
}

static void
fallback_in(LdirRun *run, GPtrArray *effects)
{
	if (run->fallback != NULL && !run->is_fallback_in) {
		g_autofree char *where = fallback_place(run);

		ldir_effect_add(effects, LDIR_FX_FALLBACK_SET);
		ldir_effect_say(effects, LDIR_FX_MAIL, "Added fallback server: %s (%s) (Weight set to 1)", where, run->name);
		run->is_fallback_in = TRUE;
	}
	if (!run->is_command_started) {
		ldir_effect_add(effects, LDIR_FX_COMMAND_START);
		run->is_command_started = TRUE;
	}
}

static void
fallback_out(LdirRun *run, GPtrArray *effects)
{
	if (run->is_fallback_in && run->fallback != NULL) {
		g_autofree char *where = fallback_place(run);

		ldir_effect_add(effects, LDIR_FX_FALLBACK_DELETE);
		ldir_effect_say(effects, LDIR_FX_MAIL, "Deleted fallback server: %s (%s)", where, run->name);
	}
	run->is_fallback_in = FALSE;
	if (run->is_command_started)
		ldir_effect_add(effects, LDIR_FX_COMMAND_STOP);
	run->is_command_started = FALSE;
}

static void
adopt(LdirRun *run, guint i, gint64 weight, GPtrArray *effects)
{
	RealRun *real = &run->reals[i];

	real->is_in_table = weight >= 0;
	if (weight > 0) {       /* no hole while it is not checked yet; weight and method as they are now */
		real->state = LDIR_REAL_ADOPTED;
		run->has_served = TRUE;
		ldir_effect_real(effects, LDIR_FX_REAL_SET, i, real_of(run, i)->weight);
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
	ldir_effect_add(effects, LDIR_FX_SERVICE_SET);
	ldir_effect_say(effects, LDIR_FX_LOG, weights != NULL ? "Changed virtual server: %s" : "Added virtual server: %s", run->name);
	run->is_fallback_in = has_fallback && run->fallback != NULL;
	for (guint i = 0; i < run->vs->reals->len; i++)
		adopt(run, i, weights != NULL ? weights[i] : -1, effects);
	if (needs_fallback(run))
		fallback_in(run, effects);
}

/* The number of that server in @old, or -1. */
static int
find_real(const LdirRun *old, const LdirReal *real, guint guess)
{
	guint n = old->vs->reals->len;

	for (guint i = 0; i < n; i++) {         /* most reloads change little: it stands where it stood */
		guint at = (guess + i) % n;
		const LdirReal *other = real_of(old, at);

		if (other->ipvs_port == real->ipvs_port && ldir_address_equal(&other->addr, &real->addr))
			return (int)at;
	}
	return -1;
}

static void
carry_real(LdirRun *run, const LdirRun *old, guint i, GPtrArray *effects)
{
	RealRun *real = &run->reals[i];
	int before = find_real(old, real_of(run, i), i);

	if (before >= 0)
		*real = old->reals[before];
	real->is_maintained = FALSE;    /* the directory is looked at anew */
	if (run->mailfreq_ms == 0)
		real->mail_ms = NEVER_MS;
	if (run->slowstart_ms == 0 || real->ramp_weight >= real_of(run, i)->weight)
		real->ramp_ms = NEVER_MS;
	if (is_serving(real)) {
		ldir_effect_real(effects, LDIR_FX_REAL_SET, i, weight_of(run, i));
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
ldir_run_carry(LdirRun *run, const LdirRun *old, GPtrArray *effects)
{
	ldir_effect_add(effects, LDIR_FX_SERVICE_SET);
	run->has_served = old->has_served;
	run->is_command_started = old->is_command_started;
	for (guint i = 0; i < run->vs->reals->len; i++)
		carry_real(run, old, i, effects);
	if (same_fallback(run, old) && old->is_fallback_in) {
		run->is_fallback_in = TRUE;
		ldir_effect_add(effects, LDIR_FX_FALLBACK_SET);
	}
	if (needs_fallback(run))
		fallback_in(run, effects);
	else if (run->has_served)
		fallback_out(run, effects);
}

static void
came_up(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects)
{
	const LdirReal *real = real_of(run, i);
	RealRun *state = &run->reals[i];
	g_autofree char *where = place(&real->addr, real->ipvs_port);

	/* where nobody else is, all go to it anyway */
	if (state->state == LDIR_REAL_DOWN && !needs_fallback(run))
		ramp_start(run, i, now_ms);
	ldir_effect_real(effects, LDIR_FX_REAL_SET, i, weight_of(run, i));
	ldir_effect_say(effects, LDIR_FX_MAIL, "%s real server: %s (%s) (Weight set to %u)",
	                state->is_in_table ? "Restored" : "Added", where, run->name, weight_of(run, i));
	state->state = LDIR_REAL_UP;
	state->is_in_table = TRUE;
	run->has_served = TRUE;
	state->mail_ms = NEVER_MS;
	fallback_out(run, effects);
}

static void
leave_table(LdirRun *run, guint i, GPtrArray *effects)
{
	RealRun *state = &run->reals[i];
	const LdirReal *real = real_of(run, i);
	g_autofree char *where = place(&real->addr, real->ipvs_port);

	if (run->is_quiescent) {
		ldir_effect_real(effects, LDIR_FX_REAL_SET, i, 0);
		ldir_effect_say(effects, LDIR_FX_MAIL, "Quiescent real server: %s (%s) (Weight set to 0)", where, run->name);
	} else {
		ldir_effect_real(effects, LDIR_FX_REAL_DELETE, i, 0);
		ldir_effect_say(effects, LDIR_FX_MAIL, "Deleted real server: %s (%s)", where, run->name);
	}
	state->is_in_table = run->is_quiescent;
}

static void
went_down(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects)
{
	RealRun *state = &run->reals[i];
	gboolean was_serving = is_serving(state);

	state->state = LDIR_REAL_DOWN;
	state->ramp_ms = NEVER_MS;
	state->mail_ms = run->mailfreq_ms > 0 ? now_ms + run->mailfreq_ms : NEVER_MS;
	/* in first: a service without any server refuses connections */
	if (needs_fallback(run))
		fallback_in(run, effects);
	if (was_serving)
		leave_table(run, i, effects);
}

static void
good(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects)
{
	RealRun *state = &run->reals[i];

	if (state->fails > 0 && is_serving(state)) {
		g_autofree char *where = place(&real_of(run, i)->addr, real_of(run, i)->ipvs_port);

		ldir_effect_say(effects, LDIR_FX_LOG, "Resetting soft failure count: %s (%s)", where, run->id);
	}
	state->fails = 0;
	/* one that has failed has to prove more than one that is new */
	if (state->state == LDIR_REAL_DOWN && ++state->goods < run->risecount)
		return;
	state->goods = 0;
	if (state->state == LDIR_REAL_ADOPTED) {
		state->state = LDIR_REAL_UP;
		fallback_out(run, effects);
	} else if (state->state != LDIR_REAL_UP) {
		came_up(run, i, now_ms, effects);
	}
}

static void
bad(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects)
{
	RealRun *state = &run->reals[i];

	state->goods = 0;
	if (state->state == LDIR_REAL_DOWN)
		return;
	state->fails++;
	/* patience is for servers in service; an unproven one has nothing to lose */
	if (is_serving(state) && state->fails < run->failurecount) {
		g_autofree char *where = place(&real_of(run, i)->addr, real_of(run, i)->ipvs_port);

		ldir_effect_say(effects, LDIR_FX_LOG, "Soft failure real server: %s (%s) failure %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
		                where, run->id, state->fails, run->failurecount);
		return;
	}
	went_down(run, i, now_ms, effects);
}

void
ldir_run_verdict(LdirRun *run, guint real, gboolean is_good, gint64 now_ms, GPtrArray *effects)
{
	g_assert(real < run->vs->reals->len);
	if (is_good && !run->reals[real].is_maintained)
		good(run, real, now_ms, effects);
	else
		bad(run, real, now_ms, effects);
}

void
ldir_run_maintain(LdirRun *run, guint real, gboolean is_on, gint64 now_ms, GPtrArray *effects)
{
	g_assert(real < run->vs->reals->len);
	run->reals[real].is_maintained = is_on;
	if (is_on && run->reals[real].state != LDIR_REAL_DOWN)
		went_down(run, real, now_ms, effects);
}

void
ldir_run_set_weight(LdirRun *run, guint real, gint64 weight, GPtrArray *effects)
{
	g_autofree char *where = NULL;

	g_assert(real < run->vs->reals->len);
	g_assert(weight >= UNCHANGED && weight <= G_MAXINT32);
	where = place(&real_of(run, real)->addr, real_of(run, real)->ipvs_port);
	run->reals[real].hand_weight = weight;
	ldir_effect_say(effects, LDIR_FX_LOG, "Weight of real server: %s (%s) set to %u by hand", where, run->name, weight_of(run, real));
	if (is_serving(&run->reals[real]))
		ldir_effect_real(effects, LDIR_FX_REAL_SET, real, weight_of(run, real));
}

void
ldir_run_time(LdirRun *run, gint64 now_ms, GPtrArray *effects)
{
	for (guint i = 0; i < run->vs->reals->len; i++) {
		RealRun *state = &run->reals[i];
		g_autofree char *where = NULL;

		if (ramp_grow(run, i, now_ms))
			ldir_effect_real(effects, LDIR_FX_REAL_SET, i, weight_of(run, i));
		if (state->mail_ms > now_ms)
			continue;
		where = place(&real_of(run, i)->addr, real_of(run, i)->ipvs_port);
		ldir_effect_say(effects, LDIR_FX_MAIL, "Inaccessible real server: %s (%s)", where, run->name);
		state->mail_ms = now_ms + run->mailfreq_ms;
	}
}

gint64
ldir_run_deadline_ms(const LdirRun *run)
{
	gint64 first = NEVER_MS;

	for (guint i = 0; i < run->vs->reals->len; i++)
		first = MIN(first, MIN(run->reals[i].mail_ms, ramp_step_ms(run, i)));
	return first;
}

void
ldir_run_stop(LdirRun *run, GPtrArray *effects)
{
	if (!run->is_cleanstop)
		return;
	ldir_effect_add(effects, LDIR_FX_SERVICE_DELETE);
	ldir_effect_say(effects, LDIR_FX_LOG, "Purged virtual server (stop): %s", run->name);
}

gboolean
ldir_run_is_undecided(const LdirRun *run, guint real)
{
	g_assert(real < run->vs->reals->len);
	return run->reals[real].goods > 0 || (is_serving(&run->reals[real]) && run->reals[real].fails > 0);
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
