/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/director/director_parts.h"
#include "ldirectord/director/handover.h"
#include "util/banned.h"

#define NEVER_MS      G_MAXINT64

/* What is said of a service that the kernel does not take is true of us alone. NULL: it takes it. (transfer full) */
static char *
said_of_refused(const LdirDirector *director, const LdirServed *served, const char *text)
{
	static const LdirIpvsDest none;

	if (g_hash_table_size(director->refused) == 0 || !ldir_director_is_refused(director, &served->want.key, &none))
		return NULL;
	return g_strconcat(text, " (refused by the kernel)", NULL);
}

void
ldir_director_call(LdirDirector *director, const LdirServed *served, const LdirEffect *fx)
{
	const LdirDirectorCalls *calls = director->calls;
	g_autofree char *refused = fx->text != NULL ? said_of_refused(director, served, fx->text) : NULL;
	const char *text = refused != NULL ? refused : fx->text;

	if (fx->kind == LDIR_FX_LOG)
		calls->log(text, director->user);
	else if (fx->kind == LDIR_FX_MAIL)
		calls->mail(director->config, served->vs, text, director->user);
	else if (fx->kind == LDIR_FX_COMMAND_START || fx->kind == LDIR_FX_COMMAND_STOP)
		calls->command(director->config, served->vs, fx->kind == LDIR_FX_COMMAND_START, director->user);
	else if (fx->kind == LDIR_FX_QUORUM_UP || fx->kind == LDIR_FX_QUORUM_DOWN)
		calls->quorum(director->config, served->vs, fx->kind == LDIR_FX_QUORUM_UP, ldir_run_live_weight(served->run), director->user);
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
	ldir_handover_free(director->handover);
	ldir_config_free(director->config);
	g_free(director);
}

void
ldir_director_inherit(LdirDirector *director, LdirHandover *handover)
{
	g_assert(director->config == NULL && director->handover == NULL);
	director->handover = handover;
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
	seen->was_bad = !is_good;
	if (g_strcmp0(seen->why, why) == 0)
		return;
	g_free(seen->why);
	seen->why = g_strdup(why);
}

/* Once for each time that it begins to fail: what follows from it is said elsewhere, and why is not. */
static void
say_failed(const LdirEvent *event, const char *why)
{
	LdirIpvsDest dest = ldir_served_real(event->served, event->real, 0);
	g_autofree char *service = ldir_ipvs_key_text(&event->served->want.key);
	g_autofree char *server = ldir_ipvs_dest_text(&dest);
	g_autofree char *text = g_strdup_printf("Failed check of real server: %s (%s): %s", server, service, why);

	event->director->calls->log(text, event->director->user);
}

static void
say_watched(const LdirEvent *event, guint real, LdirRealState state)
{
	LdirIpvsDest dest = ldir_served_real(event->served, real, 0);
	g_autofree char *service = ldir_ipvs_key_text(&event->served->want.key);
	g_autofree char *server = ldir_ipvs_dest_text(&dest);
	g_autofree char *text = g_strdup_printf("standing by: real server %s (%s) is %s", server, service,
	                                        state == LDIR_REAL_UP ? "up" : "down");

	event->director->calls->log(text, event->director->user);
}

static void
make_calls(const LdirEvent *event)
{
	for (guint i = 0; i < event->effects->len && !event->director->is_standing_by; i++)
		ldir_director_call(event->director, event->served, event->effects->pdata[i]);
}

static void
carry_out(const LdirEvent *event)
{
	event->director->is_mail_known = FALSE;
	for (guint i = 0; i < event->effects->len && !event->director->is_standing_by; i++)
		ldir_director_effect(event->director, event->served, event->effects->pdata[i], event->director->pending);
	make_calls(event);
}

static void
tell_changes(const LdirEvent *event)
{
	LdirDirector *director = event->director;

	for (guint i = 0; i < event->served->vs->reals->len; i++) {
		LdirSeen *seen = &event->served->seen[i];
		LdirRealState state = ldir_run_real_state(event->run, i);

		if (state == seen->state)
			continue;
		seen->state = state;
		seen->since_ms = director->now_ms;
		if (director->is_standing_by)
			say_watched(event, i, state);
		else
			director->calls->notify(director->config, event->served->vs, i, state == LDIR_REAL_UP, director->user);
	}
}

LdirEvent
ldir_event_begin(LdirDirector *director, LdirServed *served, guint real)
{
	return (LdirEvent){ director, served, served->run, real, ldir_effects_new() };
}

void
ldir_event_end(LdirEvent *event)
{
	guint real = event->real;
	gboolean has_effects = event->effects->len > 0;

	if (has_effects)
		carry_out(event);
	/* nobody else changes without both: most checks end as the one before, and there are many servers */
	if (has_effects || (real != LDIR_NOT_ONE && ldir_run_real_state(event->run, real) != event->served->seen[real].state))
		tell_changes(event);
	g_ptr_array_unref(event->effects);
}

void
ldir_event_tell(LdirEvent *event)
{
	make_calls(event);
	tell_changes(event);
	g_ptr_array_unref(event->effects);
}

static LdirEvent
event_of(LdirDirector *director, guint service, guint real)
{
	return ldir_event_begin(director, served_of(director, service), real);
}

void
ldir_director_verdict(LdirDirector *director, guint service, guint real, gboolean is_good, const char *why, gint64 now_ms)
{
	LdirEvent event = event_of(director, service, real);

	director->now_ms = now_ms;
	if (!is_good && !event.served->seen[real].was_bad)
		say_failed(&event, why);
	note(event.served, real, is_good, why);
	ldir_run_verdict(event.run, real, is_good, now_ms, event.effects);
	ldir_event_end(&event);
}

void
ldir_director_fallback_verdict(LdirDirector *director, guint service, guint n, gboolean is_good)
{
	LdirEvent event = event_of(director, service, LDIR_NOT_ONE);

	ldir_run_fallback_verdict(event.run, n, is_good, event.effects);
	ldir_event_end(&event);
}

void
ldir_director_said(LdirDirector *director, guint service, guint real, LdirSaid said)
{
	LdirEvent event;

	if (said.kind == LDIR_SAID_NOTHING && !said.has_certificate)
		return;
	event = event_of(director, service, real);
	ldir_run_said(event.run, real, said, event.effects);
	if (said.has_certificate)
		ldir_run_certificate(event.run, real, said.certificate_days, event.effects);
	ldir_event_end(&event);
}

void
ldir_director_weights(LdirDirector *director, const LdirWeights *weights)
{
	for (guint i = 0; i < director->services->len; i++) {
		LdirEvent event = event_of(director, i, LDIR_NOT_ONE);
		g_autofree gint64 *all = ldir_served_file_weights(event.served, weights);

		ldir_run_file_weights(event.run, all, event.effects);
		ldir_event_end(&event);
	}
}

void
ldir_director_maintain(LdirDirector *director, guint service, guint real, gboolean is_on, gint64 now_ms)
{
	LdirEvent event = event_of(director, service, real);

	director->now_ms = now_ms;
	ldir_run_maintain(event.run, real, is_on, now_ms, event.effects);
	ldir_event_end(&event);
}

void
ldir_director_drain(LdirDirector *director, guint service, guint real, gboolean is_on)
{
	LdirEvent event = event_of(director, service, real);

	ldir_run_drain(event.run, real, is_on, event.effects);
	ldir_event_end(&event);
}

void
ldir_director_maintenance_known(LdirDirector *director)
{
	for (guint i = 0; i < director->services->len; i++) {
		LdirEvent event = event_of(director, i, LDIR_NOT_ONE);

		ldir_run_maintenance_known(event.run, event.effects);
		ldir_event_end(&event);
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
	director->now_ms = now_ms;
	for (guint i = 0; i < director->services->len; i++) {
		LdirEvent event;

		if (ldir_run_deadline_ms(served_of(director, i)->run) > now_ms)
			continue;
		event = event_of(director, i, LDIR_NOT_ONE);
		ldir_run_time(event.run, now_ms, event.effects);
		director->is_mail_known = FALSE;
		ldir_event_end(&event);
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
		LdirEvent event = event_of(director, i, LDIR_NOT_ONE);

		ldir_run_stop(event.run, event.effects);
		ldir_event_end(&event);
	}
	ldir_director_flush(director);
}
