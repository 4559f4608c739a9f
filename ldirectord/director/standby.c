/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * standby.c - a director that only watches, and what it does when it is called.
 */
#include <sys/socket.h>

#include "ldirectord/director/director_parts.h"
#include "util/banned.h"

#define HOLD_MARK G_MAXUINT32   /* of packets that nobody marks so */

void
ldir_director_begin_standing_by(LdirDirector *director)
{
	g_assert(director->config == NULL);
	director->is_standing_by = TRUE;
}

gboolean
ldir_director_is_standing_by(const LdirDirector *director)
{
	return director->is_standing_by;
}

/* One service begins anew, and has been told all verdicts in the same moment. */
static GPtrArray *
take_one(LdirDirector *director, LdirServed *served, const LdirIpvsTable *there, gint64 now_ms)
{
	LdirRun *known = served->run;
	GPtrArray *effects = ldir_effects_new();

	served->run = ldir_run_new(director->config, served->vs);
	for (guint i = 0; i < served->vs->reals->len; i++)
		served->weights[i] = LDIR_ABSENT;
	ldir_director_begin(served, known, there, now_ms, effects);
	ldir_served_note_states(served, NULL);
	ldir_director_put_all(director, served, effects);
	ldir_run_free(known);
	return effects;
}

/* Programs that are told of servers hear of all that are known. */
static void
tell(LdirDirector *director, const LdirServed *served)
{
	for (guint i = 0; i < served->vs->reals->len; i++) {
		LdirRealState state = ldir_run_real_state(served->run, i);

		if (state == LDIR_REAL_UP || state == LDIR_REAL_DOWN)
			director->calls->notify(director->config, served->vs, i, state == LDIR_REAL_UP, director->user);
	}
}

void
ldir_director_take(LdirDirector *director, const LdirIpvsTable *there, gint64 now_ms)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	g_autoptr(GPtrArray) nothing = g_ptr_array_new();

	if (!director->is_standing_by)
		return;
	director->is_standing_by = FALSE;
	director->is_mail_known = FALSE;
	director->now_ms = now_ms;
	director->repair_ms = now_ms + LDIR_REPAIR_MS;
	g_hash_table_remove_all(director->refused);
	for (guint i = 0; i < director->services->len; i++)
		g_ptr_array_add(all, take_one(director, director->services->pdata[i], there, now_ms));
	ldir_director_make_all(director, nothing, there);
	for (guint i = 0; i < all->len; i++) {
		const GPtrArray *effects = all->pdata[i];

		for (guint j = 0; j < effects->len; j++)
			ldir_director_call(director, director->services->pdata[i], effects->pdata[j]);
		tell(director, director->services->pdata[i]);
	}
}

void
ldir_director_stand_by(LdirDirector *director)
{
	if (director->is_standing_by)
		return;
	ldir_director_stop(director);
	director->is_standing_by = TRUE;
	director->is_mail_known = FALSE;
	director->repair_ms = G_MAXINT64;
	ldir_ipvs_table_free(director->wanted);
	director->wanted = ldir_ipvs_table_new();
	g_array_set_size(director->pending, 0);
	g_hash_table_remove_all(director->refused);
	director->is_refused_anew = FALSE;
}

LdirIpvsVirtual
ldir_director_holder(int family)
{
	return (LdirIpvsVirtual){
		.key = { .family = family, .is_mark = TRUE, .mark = HOLD_MARK },
		.netmask = family == AF_INET6 ? 128 : G_MAXUINT32,
	};
}

/* A service of @family: the kernel looks at packets of a family only while there is one. NULL: the configuration has none. */
static const LdirIpvsVirtual *
any_of(const LdirDirector *director, int family)
{
	for (guint i = 0; i < director->services->len; i++) {
		const LdirServed *served = director->services->pdata[i];

		if (served->want.key.family == family)
			return &served->want;
	}
	return NULL;
}

static void
hold_family(const LdirDirector *director, const LdirIpvsTable *there, int family, gboolean is_on, GArray *ops)
{
	LdirIpvsVirtual holder = ldir_director_holder(family);
	const LdirIpvsVirtual *any = any_of(director, family);
	gboolean is_there = ldir_ipvs_table_find(there, &holder.key) != NULL;

	if (is_on && !is_there && any != NULL) {
		g_strlcpy(holder.scheduler, any->scheduler, sizeof holder.scheduler);
		ldir_ipvs_op_service(ops, LDIR_IPVS_SERVICE_NEW, &holder);
	/* a service that is configured may have that very mark */
	} else if (is_there && (!is_on || any == NULL) && ldir_ipvs_table_find(director->wanted, &holder.key) == NULL) {
		ldir_ipvs_op_service(ops, LDIR_IPVS_SERVICE_DELETE, &holder);
	}
}

void
ldir_director_hold_connections(LdirDirector *director, gboolean is_on)
{
	g_autoptr(LdirIpvsTable) there = ldir_ipvs_dump(director->ipvs, NULL);
	g_autoptr(GArray) ops = ldir_ipvs_ops_new();

	if (there == NULL)
		return;
	hold_family(director, there, AF_INET, is_on, ops);
	hold_family(director, there, AF_INET6, is_on, ops);
	(void)ldir_ipvs_make(director->ipvs, ops);
	for (guint i = 0; i < ops->len; i++)
		if (g_array_index(ops, LdirIpvsOp, i).error != 0) {
			g_autofree char *why = ldir_ipvs_complaint(&g_array_index(ops, LdirIpvsOp, i));

			director->calls->log(why, director->user);
		}
}
