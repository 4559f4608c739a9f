/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/claims.h"
#include "core/core.h"
#include "core/fence.h"
#include "core/member.h"
#include "core/repair.h"
#include "core/state.h"
#include "core/takeover.h"

#include "util/banned.h"

static gint64
age_ms(gint64 heard_ms, gint64 now_ms)
{
	return heard_ms < 0 ? -1 : now_ms - heard_ms;
}

static void
view_node(const HbCore *core, guint i, gint64 now_ms, HbNodeView *ret)
{
	const HbPeer *peer = &core->peer[i];
	gboolean self = i == core->config->self;

	ret->name = peer->name;
	ret->state = peer->state;
	ret->kind = peer->kind;
	ret->st = self ? core->st : peer->st;
	ret->heard_age_ms = self ? 0 : peer->status_seq == 0 ? -1 : now_ms - peer->heard_ms;
	ret->generation = self ? core->generation : peer->generation;
	ret->last_seq = self ? core->sendq.next - 1 : peer->order.last;
	ret->acked_seq = core->sendq.acked[i];
	ret->missing = peer->order.n_missing;
	ret->n_links = core->config->n_media;
	for (guint m = 0; m < core->config->n_media; m++) {
		ret->link[m].up = peer->link[m].up;
		ret->link[m].age_ms = age_ms(peer->link[m].heard_ms, now_ms);
	}
}

static void
view_group(const HbCore *core, guint g, gint64 now_ms, HbGroupView *ret)
{
	const HbGroup *group = &core->group[g];

	ret->key = group->conf->key;
	ret->state = group->repairing ? HB_GROUP_UP : group->state;
	ret->epoch = group->epoch;
	ret->owner = hb_claims_owner(core, g);
	ret->since_ms = now_ms - group->since_ms;
	ret->resource = group->at;
	ret->missing = hb_repair_missing(group);
	ret->wait = hb_takeover_wait(core, g, &ret->wait_node);
	if (ret->wait == HB_WAIT_FENCE)
		ret->wait_ms = hb_fence_in_ms(core, (guint)ret->wait_node, &ret->wait_why);
	else if (ret->wait == HB_WAIT_STARTUP)
		ret->wait_ms = hb_member_settles_in_ms(core, now_ms);
	else if (ret->wait == HB_WAIT_RETRY && group->retry_ms != G_MAXINT64)
		ret->wait_ms = MAX(group->retry_ms - now_ms, 0);
	ret->failures = group->failures;
	ret->parked = group->parked;
}

/* Who is alone has taken over all that stands under other names, also where that is nothing: 3.0.6 says "all" then. */
static HbHold
hold_as_told(const HbCore *core)
{
	HbHold hold = hb_306_hold(core);

	if (core->st != HB_ST_ACTIVE || core->leaving)
		return hold;
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && hb_node_is_member(core, i))
			return hold;
	for (guint g = 0; g < core->config->n_groups; g++)
		if (core->config->groups[g].home != core->config->self)
			return hold;
	return hold | HB_HOLD_FOREIGN;
}

void
hb_core_view(const HbCore *core, gint64 now_ms, HbView *ret_view)
{
	memset(ret_view, 0, sizeof *ret_view);
	ret_view->st = core->st;
	ret_view->leaving = core->leaving;
	ret_view->hold = hold_as_told(core);
	ret_view->in_transition = !hb_306_is_stable(core);
	ret_view->generation = core->generation;
	ret_view->next_seq = core->sendq.next;
	ret_view->n_nodes = core->config->n_nodes;
	ret_view->n_ping = core->config->n_ping_nodes;
	ret_view->n_groups = core->config->n_groups;
	for (guint i = 0; i < core->config->n_nodes; i++)
		view_node(core, i, now_ms, &ret_view->node[i]);
	for (guint i = 0; i < core->config->n_ping_nodes; i++) {
		ret_view->ping[i].name = core->ping[i].name;
		ret_view->ping[i].up = core->ping[i].up;
		ret_view->ping[i].heard_age_ms = age_ms(core->ping[i].heard_ms, now_ms);
	}
	for (guint g = 0; g < core->config->n_groups; g++)
		view_group(core, g, now_ms, &ret_view->group[g]);
	ret_view->rx_unknown_node = core->rx_unknown_node;
	ret_view->rx_ghost = core->rx_ghost;
	ret_view->rx_stale = core->rx_stale;
	ret_view->late_turns = core->late_turns;
}
