/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * configure.c - from one configuration to the next, and from the table as it is there to the one that is wanted.
 */
#include "ldirectord/director/director_parts.h"
#include "ldirectord/director/handover.h"
#include "ldirectord/director/service_memory.h"
#include "util/banned.h"

/* What the kernel has for each server of @served (transfer full) */
static gint64 *
weights_there(const LdirServed *served, const LdirIpvsService *there)
{
	gint64 *weights = g_new(gint64, served->vs->reals->len);

	for (guint i = 0; i < served->vs->reals->len; i++) {
		LdirIpvsDest want = ldir_served_real(served, i, 0);
		const LdirIpvsDest *dest = ldir_ipvs_service_find(there, &want.addr, want.port);

		weights[i] = dest != NULL ? (gint64)dest->weight : LDIR_ABSENT;
	}
	return weights;
}

/* The number of the first fallback that is there, and is no server; -1: none is. */
static int
fallback_there(const LdirServed *served, const LdirIpvsService *there)
{
	for (guint n = 0; n < served->vs->fallbacks->len; n++) {
		const LdirIpvsDest *want = &served->fallbacks[n];

		if (served->fallback_reals[n] < 0 && ldir_ipvs_service_find(there, &want->addr, want->port) != NULL)
			return (int)n;
	}
	return -1;
}

static gboolean
has_weight(const LdirServed *served, const gint64 *weights)
{
	for (guint i = 0; i < served->vs->reals->len; i++)
		if (weights[i] > 0)
			return TRUE;
	return FALSE;
}

/* Without checks it is always the first that is used: where nobody else serves it comes in, and number @n goes out behind it. */
static gboolean
adopt_fallback(LdirServed *served, int n, const gint64 *weights)
{
	guint used;

	if (n < 0)
		return FALSE;
	ldir_run_fallback_found(served->run, (guint)n);
	used = ldir_run_fallback_number(served->run);
	if (used != (guint)n && has_weight(served, weights))
		return FALSE;
	served->fallback_in = (int)used;
	return TRUE;
}

void
ldir_director_begin(LdirServed *served, const LdirRun *known, const LdirIpvsTable *there, gint64 now_ms, GPtrArray *effects)
{
	const LdirIpvsService *service = there != NULL ? ldir_ipvs_table_find(there, &served->want.key) : NULL;
	g_autofree gint64 *weights = NULL;
	gboolean has_fallback;

	served->fallback_in = -1;
	if (service != NULL)
		weights = weights_there(served, service);
	has_fallback = service != NULL && adopt_fallback(served, fallback_there(served, service), weights);
	if (known != NULL)
		ldir_run_start_knowing(served->run, known, weights, has_fallback, now_ms, effects);
	else
		ldir_run_start(served->run, weights, has_fallback, now_ms, effects);
}

void
ldir_director_put_all(LdirDirector *director, LdirServed *served, const GPtrArray *effects)
{
	for (guint i = 0; i < effects->len; i++)
		ldir_director_effect(director, served, effects->pdata[i], NULL);
	if (served->fallback_in >= 0)   /* found there, and asked for by no effect */
		ldir_director_effect(director, served, &(LdirEffect){ .kind = LDIR_FX_FALLBACK_SET, .real = (guint)served->fallback_in }, NULL);
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

/* The same of servers that another process had weight for, by what is @known. */
static void
keep_drained_since(LdirDirector *director, const LdirServed *served, const LdirRun *known, const LdirIpvsTable *there)
{
	const LdirIpvsService *service = ldir_ipvs_table_find(there, &served->want.key);
	LdirIpvsService *wanted = ldir_ipvs_table_find(director->wanted, &served->want.key);

	for (guint i = 0; service != NULL && i < served->vs->reals->len; i++) {
		LdirIpvsDest real = ldir_served_real(served, i, 0);
		const LdirIpvsDest *dest = ldir_ipvs_service_find(service, &real.addr, real.port);

		if (dest != NULL && dest->weight == 0 && served->weights[i] > 0 && ldir_memory_had_weight(known, i))
			ldir_ipvs_service_find(wanted, &real.addr, real.port)->weight = 0;
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

typedef struct {
	const LdirConfig *config;
	const LdirWeights *weights;
	const LdirIpvsTable *there;
	gint64 now_ms;
} Next;

/* A service that the configuration before does not have; another process may have had it. */
static void
begin(LdirDirector *director, const Next *next, LdirEvent *event)
{
	LdirServed *served = event->served;
	g_autoptr(LdirRun) known = director->handover != NULL ? ldir_handover_recall(director->handover, next->config, served) : NULL;

	ldir_director_begin(served, known, next->there, next->now_ms, event->effects);
	ldir_served_note_states(served, known);
	if (director->is_standing_by)
		return;
	ldir_director_put_all(director, served, event->effects);
	if (known != NULL)
		keep_drained_since(director, served, known, next->there);
}

/* One service of the next configuration, in the place of the one before it. */
static LdirEvent
succeed(LdirDirector *director, const Next *next, guint i)
{
	LdirServed *served = ldir_served_new(next->config, next->config->virtuals->pdata[i]);
	const LdirServed *before = find_served(director, served->id, i);
	LdirEvent event = ldir_event_begin(director, served, LDIR_NOT_ONE);
	/* before the table is made, and before anybody counts them */
	g_autofree gint64 *file_weights = ldir_served_file_weights(served, next->weights);

	if (before == NULL) {
		ldir_run_begin_weights(event.run, file_weights, event.effects);
		begin(director, next, &event);
		return event;
	}
	ldir_served_keep_seen(served, before);
	ldir_run_carry(event.run, before->run, file_weights, event.effects);
	if (director->is_standing_by)
		return event;
	ldir_director_put_all(director, served, event.effects);
	keep_drained(director, served, before, next->there);
	return event;
}

void
ldir_director_make_all(LdirDirector *director, const GPtrArray *old, const LdirIpvsTable *there)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) ops = ldir_ipvs_ops_new();
	g_autoptr(GArray) founds = g_array_new(FALSE, TRUE, sizeof(LdirFound));

	ldir_ipvs_diff(there, director->wanted, LDIR_DIFF_MAKE, NULL, NULL, ops, founds);
	purge_old(director, old, there, ops, texts);
	ldir_director_make_sure(director, ops);
	for (guint i = 0; i < founds->len; i++)
		ldir_director_say_found(director, &g_array_index(founds, LdirFound, i), "Purged real server (start)");
	for (guint i = 0; i < texts->len; i++)
		director->calls->log(texts->pdata[i], director->user);
}

/* What is still to be run for services that the configuration has no more, by the words of the one before */
static void
end_commands(const LdirDirector *director, const GPtrArray *old, const LdirConfig *old_config)
{
	for (guint i = 0; i < old->len && !director->is_standing_by; i++) {
		const LdirServed *served = old->pdata[i];

		if (find_served(director, served->id, i) == NULL && ldir_run_owes_command(served->run))
			director->calls->command(old_config, served->vs, FALSE, director->user);
	}
}

void
ldir_director_configure(LdirDirector *director, LdirConfig *config, const LdirWeights *weights, const LdirIpvsTable *there,
                        gint64 now_ms)
{
	const Next next = { config, weights, there, now_ms };
	LdirConfig *old_config = director->config;
	GPtrArray *old = director->services;
	g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(LdirEvent));
	GPtrArray *services = g_ptr_array_new_with_free_func(ldir_served_free);

	ldir_ipvs_table_free(director->wanted);
	director->wanted = ldir_ipvs_table_new();
	g_array_set_size(director->pending, 0); /* @there is compared as a whole */
	g_hash_table_remove_all(director->refused);
	director->retry_ms = LDIR_RETRY_MIN_MS;
	director->now_ms = now_ms;
	for (guint i = 0; i < config->virtuals->len; i++) {
		LdirEvent event = succeed(director, &next, i);

		g_array_append_val(events, event);
		g_ptr_array_add(services, event.served);
	}
	director->config = config;
	director->services = services;
	director->is_mail_known = FALSE;
	g_clear_pointer(&director->handover, ldir_handover_free);
	if (!director->is_standing_by) {
		director->repair_ms = now_ms + LDIR_REPAIR_MS;
		ldir_director_make_all(director, old, there);
	}
	for (guint i = 0; i < events->len; i++)
		ldir_event_tell(&g_array_index(events, LdirEvent, i));
	end_commands(director, old, old_config);
	g_ptr_array_unref(old);
	ldir_config_free(old_config);   /* last: they look into it */
}
