/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ldir_service_fixture.h - one virtual service from text, and its effects as text.
 */
#ifndef HB_LDIR_SERVICE_FIXTURE_H
#define HB_LDIR_SERVICE_FIXTURE_H

#include <glib.h>

#include "ldir_fixture.h"
#include "ldirectord/director/service.h"

#define SECTION "virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate 3\n\treal=10.0.0.3:80 gate 5\n\tfallback=127.0.0.1:80\n"

typedef struct {
	LdirConfig *config;
	LdirRun *run;
	GPtrArray *effects;
} Fixture;

static inline Fixture
fixture(const char *text)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	Fixture f = { .config = fixture_parse(text, strlen(text), problems), .effects = ldir_effects_new() };

	g_assert_nonnull(f.config);
	f.run = ldir_run_new(f.config, f.config->virtuals->pdata[0]);
	return f;
}

static inline void
fixture_done(Fixture *f)
{
	ldir_run_free(f->run);
	ldir_config_free(f->config);
	g_ptr_array_unref(f->effects);
}

/* What has been asked for since, "+0w3" server 0 with weight 3, "-1", "+f" "-f" the fallback, "+s" "-s"
 * the service, "+c" "-c" the command, "+q" "-q" the quorum; texts are left out. */
static inline void
expect(Fixture *f, const char *wanted)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; i < f->effects->len; i++) {
		const LdirEffect *fx = f->effects->pdata[i];
		static const char *const words[] = {
			[LDIR_FX_SERVICE_SET] = "+s ", [LDIR_FX_SERVICE_DELETE] = "-s ", [LDIR_FX_FALLBACK_SET] = "+f ",
			[LDIR_FX_FALLBACK_DELETE] = "-f ", [LDIR_FX_COMMAND_START] = "+c ", [LDIR_FX_COMMAND_STOP] = "-c ",
			[LDIR_FX_QUORUM_UP] = "+q ", [LDIR_FX_QUORUM_DOWN] = "-q ",
			[LDIR_FX_LOG] = "", [LDIR_FX_MAIL] = "",
		};

		if (fx->kind == LDIR_FX_REAL_SET)
			g_string_append_printf(out, "+%uw%u ", fx->real, fx->weight);
		else if (fx->kind == LDIR_FX_REAL_DELETE)
			g_string_append_printf(out, "-%u ", fx->real);
		else
			g_string_append(out, words[fx->kind]);
	}
	g_assert_cmpstr(out->str, ==, wanted);
	g_ptr_array_set_size(f->effects, 0);
}

static inline gboolean
has_said(const Fixture *f, const char *text)
{
	for (guint i = 0; i < f->effects->len; i++)
		if (g_strcmp0(((const LdirEffect *)f->effects->pdata[i])->text, text) == 0)
			return TRUE;
	return FALSE;
}

static inline void
start(Fixture *f)
{
	ldir_run_start(f->run, NULL, FALSE, 0, f->effects);
}

static inline void
verdict(Fixture *f, guint real, gboolean is_good)
{
	ldir_run_verdict(f->run, real, is_good, 0, f->effects);
}

/* A table of two servers and the fallback, as effects make it */
typedef struct {
	gint64 weight[2];       /* -1: not there */
	gboolean is_fallback;
	gboolean is_started;    /* the command of the fallback */
} Shown;

#define NOTHING_SHOWN { .weight = { -1, -1 } }

static inline gboolean
is_served(const Shown *shown)
{
	return shown->weight[0] > 0 || shown->weight[1] > 0 || shown->is_fallback;
}

/* The effects until now, one after the other: there is never nobody where somebody was, and the command starts and stops by turns. */
static inline void
follow(Fixture *f, Shown *shown)
{
	gboolean was_served = is_served(shown);

	for (guint i = 0; i < f->effects->len; i++) {
		const LdirEffect *fx = f->effects->pdata[i];

		if (fx->kind == LDIR_FX_REAL_SET || fx->kind == LDIR_FX_REAL_DELETE)
			shown->weight[fx->real] = fx->kind == LDIR_FX_REAL_SET ? (gint64)fx->weight : -1;
		if (fx->kind == LDIR_FX_FALLBACK_SET || fx->kind == LDIR_FX_FALLBACK_DELETE)
			shown->is_fallback = fx->kind == LDIR_FX_FALLBACK_SET;
		if (fx->kind == LDIR_FX_COMMAND_START || fx->kind == LDIR_FX_COMMAND_STOP) {
			g_assert_true(shown->is_started == (fx->kind == LDIR_FX_COMMAND_STOP));
			shown->is_started = !shown->is_started;
		}
		g_assert_true(!was_served || is_served(shown));
	}
	g_ptr_array_set_size(f->effects, 0);
	g_assert_true(shown->is_fallback == ldir_run_has_fallback(f->run));
}

#endif
