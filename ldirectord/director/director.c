/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/director/director_parts.h"
#include "util/banned.h"

#define NEVER_MS      G_MAXINT64
#define ABSENT        (-1)
#define RETRY_MIN_MS  1000      /* between two looks at a table that has refused something; twice as much each time */

void
ldir_director_call(LdirDirector *director, const LdirServed *served, const LdirEffect *fx)
{
	const LdirDirectorCalls *calls = director->calls;

	if (fx->kind == LDIR_FX_LOG)
		calls->log(fx->text, director->user);
	else if (fx->kind == LDIR_FX_MAIL)
		calls->mail(director->config, served->vs, fx->text, director->user);
	else if (fx->kind == LDIR_FX_COMMAND_START || fx->kind == LDIR_FX_COMMAND_STOP)
		calls->command(director->config, served->vs, fx->kind == LDIR_FX_COMMAND_START, director->user);
	else if (fx->kind == LDIR_FX_QUORUM_UP || fx->kind == LDIR_FX_QUORUM_DOWN)
		calls->quorum(director->config, served->vs, fx->kind == LDIR_FX_QUORUM_UP, ldir_run_live_weight(served->run), director->user);
}

static void
make(LdirDirector *director, GArray *ops)
{
	if (!ldir_director_make(director, ops))
		ldir_director_repair(director);
}

void
ldir_director_carry_out(LdirDirector *director, LdirServed *served, GPtrArray *effects)
{
	if (effects->len == 0)
		return;
	director->is_mail_known = FALSE;
	if (director->is_standing_by)
		return;
	for (guint i = 0; i < effects->len; i++)
		ldir_director_effect(director, served, effects->pdata[i], director->pending);
	for (guint i = 0; i < effects->len; i++)
		ldir_director_call(director, served, effects->pdata[i]);
}

void
ldir_director_flush(LdirDirector *director)
{
	g_autoptr(GArray) ops = NULL;

	if (director->pending->len == 0)
		return;
	ops = director->pending;
	director->pending = ldir_ipvs_ops_new();
	make(director, ops);
}

/* ---- configuration */

LdirDirector *
ldir_director_new(LdirIpvs *ipvs, const LdirDirectorCalls *calls, gpointer user)
{
	LdirDirector *director = g_new0(LdirDirector, 1);

	director->ipvs = ipvs;
	director->calls = calls;
	director->user = user;
	director->services = g_ptr_array_new_with_free_func(ldir_served_free);
	director->wanted = ldir_ipvs_table_new();
	director->pending = ldir_ipvs_ops_new();
	director->refused = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	director->repair_ms = NEVER_MS;
	return director;
}

void
ldir_director_free(LdirDirector *director)
{
	if (director == NULL)
		return;
	g_ptr_array_unref(director->services);
	ldir_ipvs_table_free(director->wanted);
	g_array_unref(director->pending);
	g_hash_table_unref(director->refused);
	ldir_config_free(director->config);
	g_free(director);
}

/* What the kernel has for each server of @served (transfer full) */
static gint64 *
weights_there(const LdirServed *served, const LdirIpvsService *there, gboolean *ret_fallback)
{
	gint64 *weights = g_new(gint64, served->vs->reals->len);

	for (guint i = 0; i < served->vs->reals->len; i++) {
		LdirIpvsDest want = ldir_served_real(served, i, 0);
		const LdirIpvsDest *dest = ldir_ipvs_service_find(there, &want.addr, want.port);

		weights[i] = dest != NULL ? (gint64)dest->weight : ABSENT;
	}
	*ret_fallback = ldir_run_fallback(served->run) != NULL && served->fallback_real < 0 &&
	                ldir_ipvs_service_find(there, &served->fallback.addr, served->fallback.port) != NULL;
	return weights;
}

void
ldir_director_begin(LdirServed *served, const LdirIpvsTable *there, gint64 now_ms, GPtrArray *effects)
{
	const LdirIpvsService *service = there != NULL ? ldir_ipvs_table_find(there, &served->want.key) : NULL;
	g_autofree gint64 *weights = NULL;
	gboolean has_fallback = FALSE;

	if (service != NULL)
		weights = weights_there(served, service, &has_fallback);
	served->is_fallback_in = has_fallback;
	ldir_run_start(served->run, weights, has_fallback, now_ms, effects);
}

void
ldir_director_put_all(LdirDirector *director, LdirServed *served, const GPtrArray *effects)
{
	for (guint i = 0; i < effects->len; i++)
		ldir_director_effect(director, served, effects->pdata[i], NULL);
	if (served->is_fallback_in)     /* found there, and asked for by no effect */
		ldir_director_effect(director, served, &(LdirEffect){ .kind = LDIR_FX_FALLBACK_SET }, NULL);
}

static LdirServed *
find_served(const LdirDirector *director, const char *id, guint guess)
{
	guint n = director->services->len;

	for (guint i = 0; i < n; i++) {
		LdirServed *served = director->services->pdata[(guess + i) % n];

		if (g_str_equal(served->id, id))
			return served;
	}
	return NULL;
}

/* It is in the table with weight 0 because @served wants that: an order, a check or the configuration says so. */
static gboolean
is_drained_by_us(const LdirServed *served, const LdirIpvsDest *dest)
{
	for (guint i = 0; i < served->vs->reals->len; i++) {
		LdirIpvsDest real = ldir_served_real(served, i, 0);

		if (real.port == dest->port && ldir_address_equal(&real.addr, &dest->addr))
			return served->weights[i] == 0;
	}
	return FALSE;
}

/* A server that is up and has weight 0 there was drained by hand, if not by us: that stays until it comes up the next time. */
static void
keep_drained(LdirDirector *director, const LdirServed *served, const LdirServed *before, const LdirIpvsTable *there)
{
	const LdirIpvsService *service = ldir_ipvs_table_find(there, &served->want.key);
	LdirIpvsService *wanted = ldir_ipvs_table_find(director->wanted, &served->want.key);

	for (guint i = 0; service != NULL && i < wanted->dests->len; i++) {
		LdirIpvsDest *want = wanted->dests->pdata[i];
		const LdirIpvsDest *dest = ldir_ipvs_service_find(service, &want->addr, want->port);

		if (dest != NULL && dest->weight == 0 && !is_drained_by_us(before, dest))
			want->weight = 0;
	}
}

/* Services of the old configuration that are not in the new one. */
static void
purge_old(LdirDirector *director, const GPtrArray *old, const LdirIpvsTable *there, GArray *ops, GPtrArray *texts)
{
	for (guint i = 0; i < old->len; i++) {
		const LdirServed *served = old->pdata[i];
		g_autofree char *name = NULL;

		if (ldir_ipvs_table_find(director->wanted, &served->want.key) != NULL)
			continue;
		name = ldir_ipvs_key_text(&served->want.key);
		g_ptr_array_add(texts, g_strdup_printf("Purged virtual server (start): %s", name));
		if (ldir_ipvs_table_find(there, &served->want.key) != NULL)
			ldir_ipvs_op_service(ops, LDIR_IPVS_SERVICE_DELETE, &served->want);
	}
}

/* One service of @config, in the place of the one before it. */
static LdirServed *
succeed(LdirDirector *director, const LdirConfig *config, guint i, const LdirIpvsTable *there, gint64 now_ms, GPtrArray *effects)
{
	LdirServed *served = ldir_served_new(config, config->virtuals->pdata[i]);
	const LdirServed *before = find_served(director, served->id, i);

	if (before != NULL)
		ldir_run_carry(served->run, before->run, effects);
	else
		ldir_director_begin(served, there, now_ms, effects);
	if (director->is_standing_by)
		return served;
	ldir_director_put_all(director, served, effects);
	if (before != NULL)
		keep_drained(director, served, before, there);
	return served;
}

void
ldir_director_make_all(LdirDirector *director, const GPtrArray *old, const LdirIpvsTable *there)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) ops = ldir_ipvs_ops_new();
	g_autoptr(GArray) founds = g_array_new(FALSE, TRUE, sizeof(LdirFound));

	ldir_ipvs_diff(there, director->wanted, LDIR_DIFF_MAKE, NULL, NULL, ops, founds);
	purge_old(director, old, there, ops, texts);
	make(director, ops);
	for (guint i = 0; i < founds->len; i++)
		ldir_director_say_found(director, &g_array_index(founds, LdirFound, i), "Purged real server (start)");
	for (guint i = 0; i < texts->len; i++)
		director->calls->log(texts->pdata[i], director->user);
}

void
ldir_director_configure(LdirDirector *director, LdirConfig *config, const LdirIpvsTable *there, gint64 now_ms)
{
	LdirConfig *old_config = director->config;
	GPtrArray *old = director->services;
	g_autoptr(GPtrArray) effects = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	GPtrArray *services = g_ptr_array_new_with_free_func(ldir_served_free);

	ldir_ipvs_table_free(director->wanted);
	director->wanted = ldir_ipvs_table_new();
	g_array_set_size(director->pending, 0); /* @there is compared as a whole */
	g_hash_table_remove_all(director->refused);
	director->retry_ms = RETRY_MIN_MS;
	for (guint i = 0; i < config->virtuals->len; i++) {
		GPtrArray *fx = ldir_effects_new();

		g_ptr_array_add(effects, fx);
		g_ptr_array_add(services, succeed(director, config, i, there, now_ms, fx));
	}
	director->config = config;
	director->services = services;
	director->is_mail_known = FALSE;
	if (!director->is_standing_by) {
		director->repair_ms = now_ms + LDIR_REPAIR_MS;
		ldir_director_make_all(director, old, there);
	}
	for (guint i = 0; i < services->len && !director->is_standing_by; i++)
		for (guint j = 0; j < ((GPtrArray *)effects->pdata[i])->len; j++)
			ldir_director_call(director, services->pdata[i], ((GPtrArray *)effects->pdata[i])->pdata[j]);
	g_ptr_array_unref(old);
	ldir_config_free(old_config);   /* last: they look into it */
}

const LdirConfig *
ldir_director_config(const LdirDirector *director)
{
	return director->config;
}

static LdirServed *
served_of(const LdirDirector *director, guint service)
{
	g_assert(service < director->services->len);
	return director->services->pdata[service];
}

const LdirRun *
ldir_director_run(const LdirDirector *director, guint service)
{
	return served_of(director, service)->run;
}

/* ---- events */

/* Most checks end as the one before. */
static void
note(LdirServed *served, guint real, gboolean is_good, const char *why)
{
	LdirSeen *seen = &served->seen[real];

	seen->n_checks++;
	seen->n_bad += !is_good;
	if (g_strcmp0(seen->why, why) == 0)
		return;
	g_free(seen->why);
	seen->why = g_strdup(why);
}

static void
say_watched(LdirDirector *director, const LdirServed *served, guint real, LdirRealState state)
{
	LdirIpvsDest dest = ldir_served_real(served, real, 0);
	g_autofree char *service = ldir_ipvs_key_text(&served->want.key);
	g_autofree char *server = ldir_ipvs_dest_text(&dest);
	g_autofree char *text = g_strdup_printf("standing by: real server %s (%s) is %s", server, service,
	                                        state == LDIR_REAL_UP ? "up" : "down");

	director->calls->log(text, director->user);
}

void
ldir_director_note_change(LdirDirector *director, LdirServed *served, guint real, LdirRealState before, gint64 now_ms)
{
	LdirRealState state = ldir_run_real_state(served->run, real);

	if (state == before)
		return;
	served->seen[real].since_ms = now_ms;
	if (director->is_standing_by) {
		say_watched(director, served, real, state);
		return;
	}
	director->calls->notify(director->config, served->vs, real, state == LDIR_REAL_UP, director->user);
}

void
ldir_director_verdict(LdirDirector *director, guint service, guint real, gboolean is_good, const char *why, gint64 now_ms)
{
	LdirServed *served = served_of(director, service);
	LdirRealState before = ldir_run_real_state(served->run, real);
	g_autoptr(GPtrArray) effects = ldir_effects_new();

	note(served, real, is_good, why);
	ldir_run_verdict(served->run, real, is_good, now_ms, effects);
	ldir_director_carry_out(director, served, effects);
	ldir_director_note_change(director, served, real, before, now_ms);
}

void
ldir_director_said(LdirDirector *director, guint service, guint real, LdirSaid said)
{
	LdirServed *served = served_of(director, service);
	g_autoptr(GPtrArray) effects = NULL;

	if (said.kind == LDIR_SAID_NOTHING)
		return;
	effects = ldir_effects_new();
	ldir_run_said(served->run, real, said, effects);
	ldir_director_carry_out(director, served, effects);
}

void
ldir_director_maintain(LdirDirector *director, guint service, guint real, gboolean is_on, gint64 now_ms)
{
	LdirServed *served = served_of(director, service);
	LdirRealState before = ldir_run_real_state(served->run, real);
	g_autoptr(GPtrArray) effects = ldir_effects_new();

	ldir_run_maintain(served->run, real, is_on, now_ms, effects);
	ldir_director_carry_out(director, served, effects);
	ldir_director_note_change(director, served, real, before, now_ms);
}

static void
plan_retry(LdirDirector *director, gint64 now_ms)
{
	if (director->is_refused_anew) {
		director->repair_ms = MIN(director->repair_ms, now_ms + director->retry_ms);
		director->retry_ms = MIN(2 * director->retry_ms, LDIR_REPAIR_MS);
	} else if (g_hash_table_size(director->refused) == 0) {
		director->retry_ms = RETRY_MIN_MS;
	}
	director->is_refused_anew = FALSE;
}

void
ldir_director_time(LdirDirector *director, gint64 now_ms)
{
	if (now_ms < ldir_director_deadline_ms(director))
		return;
	for (guint i = 0; i < director->services->len; i++) {
		LdirServed *served = director->services->pdata[i];

		if (ldir_run_deadline_ms(served->run) <= now_ms) {
			g_autoptr(GPtrArray) effects = ldir_effects_new();

			ldir_run_time(served->run, now_ms, effects);
			director->is_mail_known = FALSE;
			ldir_director_carry_out(director, served, effects);
		}
	}
	if (director->repair_ms <= now_ms) {
		director->repair_ms = now_ms + LDIR_REPAIR_MS;
		ldir_director_flush(director);
		ldir_director_repair(director);
	}
	plan_retry(director, now_ms);
}

gint64
ldir_director_deadline_ms(LdirDirector *director)
{
	/* asked for in every turn, and changed by few of them */
	if (!director->is_mail_known) {
		director->mail_ms = NEVER_MS;
		for (guint i = 0; i < director->services->len; i++) {
			const LdirServed *served = director->services->pdata[i];

			director->mail_ms = MIN(director->mail_ms, ldir_run_deadline_ms(served->run));
		}
		director->is_mail_known = TRUE;
	}
	if (director->is_refused_anew)
		return 0;       /* to be planned */
	return MIN(director->repair_ms, director->mail_ms);
}

void
ldir_director_stop(LdirDirector *director)
{
	for (guint i = 0; i < director->services->len; i++) {
		LdirServed *served = director->services->pdata[i];
		g_autoptr(GPtrArray) effects = ldir_effects_new();

		ldir_run_stop(served->run, effects);
		ldir_director_carry_out(director, served, effects);
	}
	ldir_director_flush(director);
}
