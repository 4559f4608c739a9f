/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * repair.c - the table as others have left it, compared with the one that is wanted.
 */
#include "ldirectord/director/director_parts.h"
#include "util/banned.h"

void
ldir_director_say_found(LdirDirector *director, const LdirFound *found, const char *what)
{
	g_autofree char *service = ldir_ipvs_key_text(&found->key);
	g_autofree char *server = found->dest.addr.family != 0 ? ldir_ipvs_dest_text(&found->dest) : NULL;
	g_autofree char *text = NULL;

	if (found->kind == LDIR_FOUND_WEIGHT)
		text = g_strdup_printf("real server %s (%s) has weight %u instead of %u: changed by hand, left as it is",
		                       server, service, found->dest.weight, found->wanted_weight);
	else if (server == NULL)
		text = g_strdup_printf("virtual server %s was removed by somebody: added again", service);
	else
		text = g_strdup_printf("%s: %s (%s)", what, server, service);
	director->calls->log(text, director->user);
}

/* Quiescent servers may be removed by hand, to be rid of their clients. */
static gboolean
stays_away(const LdirIpvsKey *key, const LdirIpvsDest *wanted, gpointer data)
{
	(void)key;
	return wanted->weight == 0 && !ldir_director_readds(data);
}

/* By its state the server has weight, and how much of it is somebody else's decision. */
static gboolean
may_have_weight(const LdirDirector *director, const LdirFound *found)
{
	for (guint i = 0; i < director->services->len; i++) {
		const LdirServed *served = director->services->pdata[i];

		if (ldir_ipvs_table_find(director->wanted, &found->key) != ldir_ipvs_table_find(director->wanted, &served->want.key))
			continue;
		for (guint j = 0; j < served->vs->reals->len; j++) {
			LdirIpvsDest dest = ldir_served_real(served, j, 0);

			if (dest.port == found->dest.port && ldir_address_equal(&dest.addr, &found->dest.addr))
				return served->weights[j] > 0;
		}
	}
	return FALSE;
}

/* A change by hand is told once, and left; but a server that is down gets no weight from anybody. */
static void
judge_weight(LdirDirector *director, const LdirFound *found, GArray *ops)
{
	LdirIpvsService *service = ldir_ipvs_table_find(director->wanted, &found->key);
	LdirIpvsDest *want = ldir_ipvs_service_find(service, &found->dest.addr, found->dest.port);

	if (may_have_weight(director, found)) {
		ldir_director_say_found(director, found, NULL);
		want->weight = found->dest.weight;
	} else {
		ldir_director_say_found(director, &(LdirFound){ .kind = LDIR_FOUND_FOREIGN, .key = found->key, .dest = *want },
		          "real server got weight from somebody while it is down, taken away");
		ldir_ipvs_op_dest(ops, LDIR_IPVS_DEST_SET, &service->vs, want);
	}
}

void
ldir_director_repair(LdirDirector *director)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(LdirIpvsTable) there = ldir_ipvs_dump(director->ipvs, &error);
	g_autoptr(GArray) ops = ldir_ipvs_ops_new();
	g_autoptr(GArray) founds = g_array_new(FALSE, TRUE, sizeof(LdirFound));

	if (there == NULL) {
		director->calls->log(error->message, director->user);
		return;
	}
	ldir_ipvs_diff(there, director->wanted, LDIR_DIFF_REPAIR, stays_away, director, ops, founds);
	for (guint i = 0; i < founds->len; i++) {
		const LdirFound *found = &g_array_index(founds, LdirFound, i);

		if (found->kind == LDIR_FOUND_WEIGHT)
			judge_weight(director, found, ops);
		else if (found->kind == LDIR_FOUND_MISSING && !ldir_director_is_refused(director, &found->key, &found->dest))
			ldir_director_say_found(director, found, "real server was removed by somebody, added again");
	}
	(void)ldir_director_make(director, ops);
	for (guint i = 0; i < ops->len; i++)
		if (g_array_index(ops, LdirIpvsOp, i).error != 0)
			return;
	g_hash_table_remove_all(director->refused);     /* all is there, whoever made it */
}
