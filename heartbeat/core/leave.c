/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/leave.h"

#include "core/claims.h"
#include "core/group.h"
#include "core/state.h"

#include "util/banned.h"

/*
 * The first member that has not given this node leave, or -1. Leave counts only from a node that has heard this
 * very claim: an older one may have been given before a freeze, a cut or a release, and to somebody else since.
 */
int
hb_leave_missing(const HbCore *core, guint g)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];

		if (i == core->config->self || !hb_node_is_member(core, i) || !peer->word[g].known)
			continue;
		if (peer->word[g].grant_id != hb_self_id(core) ||
		    (peer->kind == HB_KIND_OURS && peer->echo_seq < core->group[g].claim_seq))
			return (int)i;
	}
	return -1;
}

gboolean
hb_leave_set(HbCore *core, guint g, guint32 id, gint64 now_ms)
{
	HbGroup *group = &core->group[g];

	if (group->grant_id == id)
		return FALSE;
	group->grant_id = id;
	group->grant_ms = now_ms;
	group->grant_used = FALSE;
	core->say_now = TRUE;
	return TRUE;
}

/*
 * Not taken back while its holder asks or runs: it may start at any moment. But who is heard again and has it, or may have it,
 * is told of in the same status as the leave: that must not say more than this node knows.
 */
static gboolean
grant_is_void(HbCore *core, guint g, gint64 now_ms)
{
	HbGroup *group = &core->group[g];
	int to = hb_peer_index(core, group->grant_id);

	if (to < 0 || !hb_claims_eligible(core, g, (guint)to))
		return TRUE;
	if (hb_claims_word(core, g, (guint)to).claim == HB_CLAIM_WANTED &&
	    (core->unheard || hb_claims_runs_elsewhere(core, g, to) >= 0 || hb_claims_may_begin_unseen(core, g, (guint)to)))
		return TRUE;
	if (hb_claims_word(core, g, (guint)to).claim >= HB_CLAIM_WANTED) {
		group->grant_used = TRUE;
		return FALSE;
	}
	/*
	 * It gave way to us as we did to it: who goes on is settled (claims.c), and it is that node as long as this stands.
	 * The leave of a 3.0.6 partner is our own reading of it: it gives way to nobody.
	 */
	if (core->peer[to].kind == HB_KIND_OURS && hb_claims_word(core, g, (guint)to).grant_id == hb_self_id(core) &&
	    hb_claims_target(core, g, -1) == to)
		return now_ms >= group->grant_ms + HB_LEAVE_UNUSED_MS;
	return group->grant_used || now_ms >= group->grant_ms + HB_LEAVE_UNUSED_MS;
}

/* Gives leave where somebody asks, takes it back where it is no longer used. */
gboolean
hb_leave_give(HbCore *core, guint g, gint64 now_ms)
{
	HbGroup *group = &core->group[g];
	int claimant;

	if (group->grant_id != HB_ID_NONE) {
		if (!grant_is_void(core, g, now_ms))
			return FALSE;
		return hb_leave_set(core, g, HB_ID_NONE, now_ms);
	}
	/* Whatever is free here is about to be taken by one that asks nobody. */
	if (core->unheard)
		return FALSE;
	claimant = hb_claims_best_asker(core, g);
	if (claimant < 0 || hb_claims_is_gone_for(core, (guint)claimant) || hb_group_may_run(core, g) ||
	    hb_claims_runs_elsewhere(core, g, claimant) >= 0 || hb_claims_may_begin_unseen(core, g, (guint)claimant))
		return FALSE;
	return hb_leave_set(core, g, core->peer[claimant].id, now_ms);
}
