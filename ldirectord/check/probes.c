/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/check/probes.h"
#include "util/banned.h"
#include "util/time.h"

struct LdirProbes {
	LdirChecker *checker;
	LdirSchedule *schedule;
	const LdirConfig *config;
	LdirProbesVerdict verdict;
	LdirProbesState state;
	gpointer user;
	GArray *spare;          /* a list of effects that is not in use; NULL: it is */
};

static void
carry_out(LdirProbes *probes, const GArray *effects)
{
	for (guint i = 0; i < effects->len; i++) {
		const LdirScheduleEffect *effect = &g_array_index(effects, LdirScheduleEffect, i);

		switch (effect->kind) {
		case LDIR_SCHEDULE_START:
			ldir_checker_start(probes->checker, effect->id, probes->config, effect->vs, effect->real, effect->check,
			                   probes->state(effect->service, effect->server, probes->user));
			break;
		case LDIR_SCHEDULE_CANCEL:
			ldir_checker_cancel(probes->checker, effect->id);
			break;
		case LDIR_SCHEDULE_VERDICT:
			probes->verdict(effect, probes->user);
			break;
		}
	}
}

static GArray *
take_list(LdirProbes *probes)
{
	GArray *list = probes->spare != NULL ? probes->spare : ldir_schedule_effects_new();

	probes->spare = NULL;
	return list;
}

static void
give_list(LdirProbes *probes, GArray *list)
{
	if (probes->spare != NULL) {
		g_array_unref(list);
		return;
	}
	g_array_set_size(list, 0);
	probes->spare = list;
}

static void
on_verdict(guint64 id, gboolean is_good, const char *why, gpointer user)
{
	LdirProbes *probes = user;
	GArray *effects = take_list(probes);
	const LdirSaid said = ldir_checker_said(probes->checker);

	ldir_schedule_done(probes->schedule, id, is_good, why, &said, hb_time_now_ms(), effects);
	carry_out(probes, effects);
	give_list(probes, effects);
}

LdirProbes *
ldir_probes_new(LdirProbesVerdict verdict, LdirProbesState state, gpointer user)
{
	LdirProbes *probes = g_new0(LdirProbes, 1);

	probes->checker = ldir_checker_new(on_verdict, probes);
	probes->verdict = verdict;
	probes->state = state;
	probes->user = user;
	return probes;
}

void
ldir_probes_free(LdirProbes *probes)
{
	if (probes == NULL)
		return;
	ldir_checker_free(probes->checker);
	ldir_schedule_free(probes->schedule);
	g_clear_pointer(&probes->spare, g_array_unref);
	g_free(probes);
}

void
ldir_probes_configure(LdirProbes *probes, const LdirConfig *config)
{
	LdirSchedule *next = ldir_schedule_new(config, probes->schedule);

	if (probes->schedule != NULL) {
		GArray *effects = take_list(probes);

		ldir_schedule_stop(probes->schedule, effects);
		carry_out(probes, effects);
		give_list(probes, effects);
		ldir_schedule_free(probes->schedule);
	}
	probes->schedule = next;
	probes->config = config;
}

void
ldir_probes_begin(LdirProbes *probes, gint64 now_ms)
{
	GArray *effects = take_list(probes);

	ldir_schedule_start(probes->schedule, now_ms, effects);
	carry_out(probes, effects);
	give_list(probes, effects);
}

int
ldir_probes_fd(LdirProbes *probes)
{
	return ldir_checker_fd(probes->checker);
}

gint64
ldir_probes_deadline_ms(LdirProbes *probes)
{
	return MIN(ldir_checker_deadline_ms(probes->checker), ldir_schedule_wake_ms(probes->schedule));
}

void
ldir_probes_run(LdirProbes *probes, gint64 now_ms)
{
	GArray *effects;

	ldir_checker_run(probes->checker, now_ms);
	if (ldir_schedule_deadline_ms(probes->schedule) > now_ms)
		return;
	effects = take_list(probes);
	ldir_schedule_time(probes->schedule, now_ms, effects);
	carry_out(probes, effects);
	give_list(probes, effects);
}

void
ldir_probes_hurry(LdirProbes *probes, guint service, guint server, gint64 at_ms)
{
	ldir_schedule_hurry(probes->schedule, service, server, at_ms);
}

void
ldir_probes_put_off(LdirProbes *probes, guint service, guint server, gint64 at_ms)
{
	ldir_schedule_put_off(probes->schedule, service, server, at_ms);
}
