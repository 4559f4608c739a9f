/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * served.c - one virtual service in the table that is wanted.
 */
#include "ldirectord/director/director_parts.h"
#include "util/banned.h"

void
ldir_served_free(gpointer data)
{
	LdirServed *served = data;

	ldir_run_free(served->run);
	for (guint i = 0; i < served->vs->reals->len; i++)
		g_free(served->seen[i].why);
	g_free(served->seen);
	g_free(served->id);
	g_free(served->weights);
	g_free(served->fallbacks);
	g_free(served->fallback_reals);
	g_free(served);
}

gint64 *
ldir_served_file_weights(const LdirServed *served, const LdirWeights *weights)
{
	gint64 *all = g_new(gint64, served->vs->reals->len);

	for (guint i = 0; i < served->vs->reals->len; i++)
		all[i] = ldir_weights_of(weights, served->vs->reals->pdata[i]);
	return all;
}

void
ldir_served_keep_seen(LdirServed *served, const LdirServed *before)
{
	for (guint i = 0; i < served->vs->reals->len; i++) {
		int at = ldir_run_find(served->run, i, before->run);

		if (at < 0)
			continue;
		served->seen[i] = before->seen[at];
		served->seen[i].why = g_strdup(before->seen[at].why);
	}
}

void
ldir_served_note_states(LdirServed *served, const LdirRun *known)
{
	for (guint i = 0; i < served->vs->reals->len; i++) {
		LdirRealState before = known != NULL ? ldir_run_real_state(known, i) : LDIR_REAL_UNPROVEN;

		served->seen[i].state = before == LDIR_REAL_UP || before == LDIR_REAL_DOWN ? before : ldir_run_real_state(served->run, i);
	}
}

LdirIpvsDest
ldir_served_real(const LdirServed *served, guint i, guint32 weight)
{
	return ldir_ipvs_want_real(served->vs->reals->pdata[i], weight);
}

static gboolean
is_at(const LdirIpvsDest *a, const LdirIpvsDest *b)
{
	return a->port == b->port && ldir_address_equal(&a->addr, &b->addr);
}

static void
find_fallbacks(LdirServed *served)
{
	const GPtrArray *fallbacks = served->vs->fallbacks;

	served->fallback_in = -1;
	served->fallbacks = g_new0(LdirIpvsDest, fallbacks->len);
	served->fallback_reals = g_new0(int, fallbacks->len);
	for (guint n = 0; n < fallbacks->len; n++) {
		served->fallbacks[n] = ldir_ipvs_want_fallback(served->vs, fallbacks->pdata[n]);
		served->fallback_reals[n] = -1;
		for (guint i = 0; i < served->vs->reals->len; i++) {
			LdirIpvsDest dest = ldir_served_real(served, i, 0);

			if (is_at(&dest, &served->fallbacks[n]))
				served->fallback_reals[n] = (int)i;
		}
	}
}

LdirServed *
ldir_served_new(const LdirConfig *config, const LdirVirtual *vs)
{
	LdirServed *served = g_new0(LdirServed, 1);

	served->vs = vs;
	served->run = ldir_run_new(config, vs);
	served->want = ldir_ipvs_want_virtual(vs);
	served->id = ldir_virtual_id(vs);
	served->seen = g_new0(LdirSeen, vs->reals->len);
	served->weights = g_new(gint64, vs->reals->len);
	for (guint i = 0; i < vs->reals->len; i++)
		served->weights[i] = LDIR_ABSENT;
	find_fallbacks(served);
	return served;
}

/* What is wanted at the place of server @i. FALSE: nothing. */
static gboolean
wanted_real(const LdirServed *served, guint i, LdirIpvsDest *ret_dest)
{
	gint64 weight = served->weights[i];

	if (weight <= 0 && served->fallback_in >= 0 && served->fallback_reals[served->fallback_in] == (int)i) {
		*ret_dest = served->fallbacks[served->fallback_in];
		return TRUE;
	}
	*ret_dest = ldir_served_real(served, i, weight > 0 ? (guint32)weight : 0);
	return weight != LDIR_ABSENT;
}

/* The same for the place of fallback @n: two that differ in a port that nobody can change are at one. */
static gboolean
wanted_fallback(const LdirServed *served, guint n, LdirIpvsDest *ret_dest)
{
	int in = served->fallback_in;

	if (served->fallback_reals[n] >= 0)
		return wanted_real(served, (guint)served->fallback_reals[n], ret_dest);
	*ret_dest = in >= 0 && is_at(&served->fallbacks[in], &served->fallbacks[n]) ? served->fallbacks[in] : served->fallbacks[n];
	return in >= 0 && is_at(&served->fallbacks[in], &served->fallbacks[n]);
}

gboolean
ldir_director_readds(const LdirDirector *director)
{
	return director->config->global.readdquiescent == 1;
}

/* Brings @wanted to what is wanted at one place; the step is added to @ops, unless that is NULL. */
static void
put(LdirDirector *director, const LdirServed *served, gboolean is_wanted, const LdirIpvsDest *dest, GArray *ops)
{
	LdirIpvsService *service = ldir_ipvs_table_find(director->wanted, &served->want.key);
	gboolean was_wanted;

	if (service == NULL)
		return;
	was_wanted = ldir_ipvs_service_find(service, &dest->addr, dest->port) != NULL;
	if (is_wanted)
		(void)ldir_ipvs_service_set(service, dest);
	else
		ldir_ipvs_service_remove(service, &dest->addr, dest->port);
	if (ops == NULL || (!is_wanted && !was_wanted))
		return;
	ldir_ipvs_op_dest(ops, !is_wanted ? LDIR_IPVS_DEST_DELETE : was_wanted ? LDIR_IPVS_DEST_SET : LDIR_IPVS_DEST_NEW,
	                  &served->want, dest);
	if (is_wanted && was_wanted && dest->weight == 0)
		g_array_index(ops, LdirIpvsOp, ops->len - 1).is_modest = !ldir_director_readds(director);
}

void
ldir_director_effect(LdirDirector *director, LdirServed *served, const LdirEffect *fx, GArray *ops)
{
	LdirIpvsDest dest;
	gboolean is_wanted;

	switch (fx->kind) {
	case LDIR_FX_SERVICE_SET:
		(void)ldir_ipvs_table_set(director->wanted, &served->want);
		break;
	case LDIR_FX_SERVICE_DELETE:
		ldir_ipvs_table_remove(director->wanted, &served->want.key);
		if (ops != NULL)
			ldir_ipvs_op_service(ops, LDIR_IPVS_SERVICE_DELETE, &served->want);
		break;
	case LDIR_FX_REAL_SET:
	case LDIR_FX_REAL_DELETE:
		served->weights[fx->real] = fx->kind == LDIR_FX_REAL_SET ? (gint64)fx->weight : LDIR_ABSENT;
		is_wanted = wanted_real(served, fx->real, &dest);
		put(director, served, is_wanted, &dest, ops);
		break;
	case LDIR_FX_FALLBACK_SET:
	case LDIR_FX_FALLBACK_DELETE:
		if (fx->kind == LDIR_FX_FALLBACK_SET)
			served->fallback_in = (int)fx->real;
		else if (served->fallback_in == (int)fx->real)
			served->fallback_in = -1;
		is_wanted = wanted_fallback(served, fx->real, &dest);
		put(director, served, is_wanted, &dest, ops);
		break;
	case LDIR_FX_COMMAND_START:
	case LDIR_FX_COMMAND_STOP:
	case LDIR_FX_QUORUM_UP:
	case LDIR_FX_QUORUM_DOWN:
	case LDIR_FX_LOG:
	case LDIR_FX_MAIL:
		break;
	}
}
