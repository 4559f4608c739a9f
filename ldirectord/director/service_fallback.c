/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * service_fallback.c - which of several fallbacks is used: the first of which no check says that it does not answer, else the first.
 */
#include "ldirectord/director/service_parts.h"
#include "util/banned.h"

char *
ldir_run_fallback_place(const LdirRun *run, guint n)
{
	const LdirFallback *fallback = run->vs->fallbacks->pdata[n];
	g_autofree char *addr = ldir_address_text(&fallback->addr);

	if (fallback->port_text != NULL)
		return g_strdup_printf("%s:%s", addr, fallback->port_text);
	return g_strdup_printf("%s:%u", addr, run->vs->is_mark ? 0 : run->vs->port);
}

static guint
first_good(const LdirRun *run)
{
	for (guint i = 0; i < run->vs->fallbacks->len; i++)
		if (!run->fallbacks[i].is_bad)
			return i;
	return 0;
}

void
ldir_run_fallback_choose(LdirRun *run, GPtrArray *effects)
{
	guint before = run->fallback_at;
	gboolean was_in = run->is_fallback_in;

	if (run->vs->fallbacks->len == 0 || first_good(run) == before)
		return;
	run->fallback_at = first_good(run);
	run->fallback = run->vs->fallbacks->pdata[run->fallback_at];
	if (!was_in || effects == NULL)
		return;
	ldir_run_fallback_come(run, effects);   /* in first */
	ldir_run_fallback_gone(run, before, effects);
}

void
ldir_run_fallback_verdict(LdirRun *run, guint n, gboolean is_good, GPtrArray *effects)
{
	FallbackRun *state;
	gboolean is_bad;

	g_assert(n < run->vs->fallbacks->len);
	state = &run->fallbacks[n];
	state->fails = is_good ? 0 : state->fails + 1;
	is_bad = state->fails >= run->failurecount || (state->is_bad && !is_good);
	if (is_bad != state->is_bad) {
		g_autofree char *where = ldir_run_fallback_place(run, n);

		ldir_effect_say(effects, LDIR_FX_LOG, "Fallback server: %s (%s) %s", where, run->name, is_bad ? "does not answer" : "answers");
	}
	state->is_bad = is_bad;
	ldir_run_fallback_choose(run, effects);
}

void
ldir_run_fallback_found(LdirRun *run, guint n)
{
	g_assert(n < run->vs->fallbacks->len);
	for (guint i = 0; i < n && run->vs->spares->len > 0; i++)
		run->fallbacks[i].is_bad = TRUE;
	ldir_run_fallback_choose(run, NULL);
}

static gboolean
is_same(const LdirFallback *a, const LdirFallback *b)
{
	return ldir_address_equal(&a->addr, &b->addr) && a->port == b->port && a->forward == b->forward;
}

void
ldir_run_fallbacks_carry(LdirRun *run, const LdirRun *old)
{
	for (guint i = 0; i < run->vs->fallbacks->len && run->vs->spares->len > 0; i++)
		for (guint j = 0; j < old->vs->fallbacks->len; j++)
			if (is_same(run->vs->fallbacks->pdata[i], old->vs->fallbacks->pdata[j]))
				run->fallbacks[i] = old->fallbacks[j];
	ldir_run_fallback_choose(run, NULL);
}

guint
ldir_run_fallback_number(const LdirRun *run)
{
	return run->fallback_at;
}
