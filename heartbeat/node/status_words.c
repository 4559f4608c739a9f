/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/status.h"
#include "wire/typedio.h"

#include "util/banned.h"

static const char *const peer_words[HB_PEER_N_STATES] = {
	[HB_PEER_INVALID] = "unknown",
	[HB_PEER_SILENT] = "silent",
	[HB_PEER_ALIVE] = "alive",
	[HB_PEER_LATE] = "late",
	[HB_PEER_DEAD] = "dead",
	[HB_PEER_LEFT] = "left",
};

static const char *const group_words[HB_GROUP_N] = {
	[HB_GROUP_INVALID] = "unknown",
	[HB_GROUP_PROBING] = "probing",
	[HB_GROUP_IDLE] = "idle",
	[HB_GROUP_ASKING] = "asking",
	[HB_GROUP_STARTING] = "starting",
	[HB_GROUP_UP] = "up",
	[HB_GROUP_STOPPING] = "stopping",
	[HB_GROUP_FAILED] = "failed",
	[HB_GROUP_STUCK] = "stuck",
};

static const char *const wait_words[HB_WAIT_N] = {
	[HB_WAIT_STARTUP] = "startup",
	[HB_WAIT_OWNER] = "owner",
	[HB_WAIT_LEAVE] = "leave",
	[HB_WAIT_FENCE] = "fencing",
	[HB_WAIT_SCRIPT] = "script",
	[HB_WAIT_RETRY] = "retry",
	[HB_WAIT_OTHER_TARGET] = "other-target",
	[HB_WAIT_HEARING] = "hearing",
	[HB_WAIT_NOBODY] = "nobody",
};

const char *
hb_status_peer_word(HbPeerState state)
{
	g_assert(state < HB_PEER_N_STATES);
	return peer_words[state];
}

const char *
hb_status_st_word(HbNodeSt st)
{
	return st == HB_ST_NONE ? "none" : hb_node_st_name(st);
}

const char *
hb_status_kind_word(HbPeerKind kind)
{
	switch (kind) {
	case HB_KIND_OURS:
		return "ours";
	case HB_KIND_306:
		return "heartbeat-3.0.6";
	default:
		return "unknown";
	}
}

const char *
hb_status_group_word(HbGroupState state)
{
	g_assert(state < HB_GROUP_N);
	return group_words[state];
}

const char *
hb_status_wait_word(HbWait wait)
{
	g_assert(wait < HB_WAIT_N);
	return wait_words[wait];
}

gboolean
hb_status_in_transition(const HbGroupView *group)
{
	return group->state == HB_GROUP_PROBING || group->state == HB_GROUP_ASKING
	    || group->state == HB_GROUP_STARTING || group->state == HB_GROUP_STOPPING;
}

const char *
hb_status_resource(const HbStatus *status, guint group)
{
	const HbGroupView *view = &status->view->group[group];
	const HbGroupConf *conf = &status->config->groups[group];
	gboolean is_working = view->state == HB_GROUP_PROBING || view->state == HB_GROUP_STARTING
	                   || view->state == HB_GROUP_STOPPING || view->state == HB_GROUP_STUCK;

	return is_working && view->resource < conf->n_resources ? conf->resources[view->resource].token : NULL;
}

const char *
hb_status_missing(const HbStatus *status, guint group)
{
	int missing = status->view->group[group].missing;

	return missing >= 0 ? status->config->groups[group].resources[missing].token : NULL;
}

const char *
hb_status_node_name(const HbStatus *status, int node)
{
	if (node < 0 || (guint)node >= status->config->n_nodes)
		return NULL;
	return status->config->nodes[node].name;
}

const char *
hb_status_level(const HbStatus *status)
{
	const HbConfig *config = status->config;

	for (guint i = 0; i < config->n_nodes; i++)
		if (i != config->self && !config->nodes[i].can_fence)
			return "best-effort";
	return config->n_nodes > 1 ? "fenced" : "best-effort";
}
