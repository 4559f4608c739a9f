/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/director/director_parts.h"
#include "util/banned.h"

#define NEVER_MS      G_MAXINT64

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
	ldir_director_make_sure(director, ops);
}

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
ldir_director_fallback_verdict(LdirDirector *director, guint service, guint n, gboolean is_good)
{
	LdirServed *served = served_of(director, service);
	g_autoptr(GPtrArray) effects = ldir_effects_new();

	ldir_run_fallback_verdict(served->run, n, is_good, effects);
	ldir_director_carry_out(director, served, effects);
}

void
ldir_director_said(LdirDirector *director, guint service, guint real, LdirSaid said)
{
	LdirServed *served = served_of(director, service);
	g_autoptr(GPtrArray) effects = NULL;

	if (said.kind == LDIR_SAID_NOTHING && !said.has_certificate)
		return;
	effects = ldir_effects_new();
	ldir_run_said(served->run, real, said, effects);
	if (said.has_certificate)
		ldir_run_certificate(served->run, real, said.certificate_days, effects);
	ldir_director_carry_out(director, served, effects);
}

void
ldir_director_file_weight(LdirDirector *director, guint service, guint real, gint64 weight)
{
	LdirServed *served = served_of(director, service);
	g_autoptr(GPtrArray) effects = ldir_effects_new();

	ldir_run_file_weight(served->run, real, weight, effects);
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

void
ldir_director_drain(LdirDirector *director, guint service, guint real, gboolean is_on)
{
	LdirServed *served = served_of(director, service);
	g_autoptr(GPtrArray) effects = ldir_effects_new();

	ldir_run_drain(served->run, real, is_on, effects);
	ldir_director_carry_out(director, served, effects);
}

void
ldir_director_drains_known(LdirDirector *director)
{
	for (guint i = 0; i < director->services->len; i++) {
		LdirServed *served = director->services->pdata[i];
		g_autoptr(GPtrArray) effects = ldir_effects_new();

		ldir_run_drains_known(served->run, effects);
		ldir_director_carry_out(director, served, effects);
	}
}

static void
plan_retry(LdirDirector *director, gint64 now_ms)
{
	if (director->is_refused_anew) {
		director->repair_ms = MIN(director->repair_ms, now_ms + director->retry_ms);
		director->retry_ms = MIN(2 * director->retry_ms, LDIR_REPAIR_MS);
	} else if (g_hash_table_size(director->refused) == 0) {
		director->retry_ms = LDIR_RETRY_MIN_MS;
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
