/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * make.c - steps to the table. What it refuses is said once, and tried again as long as it is wanted: soon at first, then
 * whenever the table is looked at.
 */
#include "ldirectord/director/director_parts.h"
#include "ldirectord/ipvs/ipvs_text.h"
#include "util/banned.h"

#define SAID_MAX 20     /* lines of the log at once: a table that takes nothing refuses thousands */

/* What is the same for all steps at one place (transfer full) */
static char *
place_of(const LdirIpvsOp *op)
{
	LdirIpvsOp end = *op;

	end.verb = op->verb >= LDIR_IPVS_DEST_NEW ? LDIR_IPVS_DEST_DELETE : LDIR_IPVS_SERVICE_DELETE;
	return ldir_ipvs_op_print(&end);
}

/* TRUE: that is news. */
static gboolean
note_refused(LdirDirector *director, const LdirIpvsOp *op, const char *why)
{
	char *place = place_of(op);
	gboolean is_news = g_strcmp0(g_hash_table_lookup(director->refused, place), why) != 0;

	g_hash_table_replace(director->refused, place, g_strdup(why));
	return is_news;
}

static void
note_done(LdirDirector *director, const LdirIpvsOp *op)
{
	g_autofree char *place = place_of(op);
	g_autofree char *what = NULL;
	g_autofree char *text = NULL;

	if (!g_hash_table_remove(director->refused, place))
		return;
	if (op->verb == LDIR_IPVS_SERVICE_DELETE || op->verb == LDIR_IPVS_DEST_DELETE)
		return;         /* nobody wants it any more */
	what = ldir_ipvs_op_describe(op);
	text = g_strdup_printf("%s: succeeded after all", what);
	director->calls->log(text, director->user);
}

gboolean
ldir_director_make(LdirDirector *director, GArray *ops)
{
	gboolean is_whole = ldir_ipvs_make(director->ipvs, ops);
	guint n_news = 0;

	for (guint i = 0; i < ops->len; i++) {
		const LdirIpvsOp *op = &g_array_index(ops, LdirIpvsOp, i);

		if (op->error != 0) {
			g_autofree char *why = ldir_ipvs_complaint(op);

			director->is_refused_anew = TRUE;
			if (note_refused(director, op, why) && ++n_news <= SAID_MAX)
				director->calls->log(why, director->user);
		} else if (g_hash_table_size(director->refused) > 0) {
			note_done(director, op);
		}
	}
	if (n_news > SAID_MAX) {
		g_autofree char *text = g_strdup_printf("%u more changes of the table have failed", n_news - SAID_MAX);

		director->calls->log(text, director->user);
	}
	return is_whole;
}

void
ldir_director_make_sure(LdirDirector *director, GArray *ops)
{
	if (!ldir_director_make(director, ops))
		ldir_director_repair(director);
}

gboolean
ldir_director_is_refused(const LdirDirector *director, const LdirIpvsKey *key, const LdirIpvsDest *dest)
{
	LdirIpvsOp op = { .verb = LDIR_IPVS_SERVICE_DELETE, .vs.key = *key, .dest = *dest };
	g_autofree char *place = NULL;

	if (dest->addr.family != 0)
		op.verb = LDIR_IPVS_DEST_DELETE;
	place = ldir_ipvs_op_print(&op);
	return g_hash_table_contains(director->refused, place);
}
