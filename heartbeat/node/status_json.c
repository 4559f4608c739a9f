/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/json.h"
#include "node/status.h"

#include "util/banned.h"

static void
put_links(HbJson *json, const HbStatus *status, const HbNodeView *node)
{
	hb_json_open_array(json, "links");
	for (guint m = 0; m < node->n_links && m < status->n_media; m++) {
		if (status->media[m].is_ping)
			continue;
		hb_json_open_object(json, NULL);
		hb_json_string(json, "medium", status->media[m].name);
		hb_json_string(json, "kind", status->media[m].kind);
		hb_json_string(json, "state", node->link[m].up ? "up" : "dead");
		hb_json_age(json, "age_ms", node->link[m].age_ms);
		hb_json_close(json);
	}
	hb_json_close(json);
}

static void
put_node(HbJson *json, const HbStatus *status, guint i)
{
	const HbNodeView *node = &status->view->node[i];

	hb_json_open_object(json, NULL);
	hb_json_string(json, "name", node->name);
	hb_json_bool(json, "self", i == status->config->self);
	hb_json_string(json, "state", hb_status_peer_word(node->state));
	hb_json_string(json, "kind", hb_status_kind_word(node->kind));
	hb_json_string(json, "status", hb_status_st_word(node->st));
	hb_json_age(json, "heard_age_ms", node->heard_age_ms);
	hb_json_uint(json, "generation", node->generation);
	hb_json_uint(json, "last_seq", node->last_seq);
	hb_json_uint(json, "acked_seq", node->acked_seq);
	hb_json_uint(json, "missing", node->missing);
	put_links(json, status, node);
	hb_json_close(json);
}

static void
put_ping(HbJson *json, const HbStatus *status, guint i)
{
	hb_json_open_object(json, NULL);
	hb_json_string(json, "name", status->view->ping[i].name);
	hb_json_string(json, "state", status->view->ping[i].up ? "up" : "dead");
	hb_json_age(json, "heard_age_ms", status->view->ping[i].heard_age_ms);
	hb_json_close(json);
}

static void
put_group(HbJson *json, const HbStatus *status, guint i)
{
	const HbGroupView *group = &status->view->group[i];
	const char *wait = hb_status_wait_word(group->wait);

	hb_json_open_object(json, NULL);
	hb_json_string(json, "key", group->key);
	hb_json_string(json, "home", hb_status_node_name(status, (int)status->config->groups[i].home));
	hb_json_string(json, "owner", hb_status_node_name(status, group->owner));
	hb_json_string(json, "state", hb_status_group_word(group->state));
	hb_json_uint(json, "epoch", group->epoch);
	hb_json_int(json, "since_ms", group->since_ms);
	hb_json_bool(json, "in_transition", hb_status_in_transition(group));
	hb_json_string(json, "resource", hb_status_resource(status, i));
	hb_json_string(json, "missing", hb_status_missing(status, i));
	if (wait) {
		hb_json_open_object(json, "waits_for");
		hb_json_string(json, "what", wait);
		hb_json_string(json, "node", hb_status_node_name(status, group->wait_node));
		if (group->wait_ms > 0)
			hb_json_int(json, "in_ms", group->wait_ms);
		if (group->wait_why)
			hb_json_string(json, "why", group->wait_why);
		hb_json_close(json);
	} else {
		hb_json_string(json, "waits_for", NULL);
	}
	hb_json_string(json, "level", hb_status_level(status));
	hb_json_uint(json, "failures", group->failures);
	hb_json_bool(json, "parked", group->parked);
	hb_json_close(json);
}

static void
put_medium(HbJson *json, const HbMediumReport *medium)
{
	hb_json_open_object(json, NULL);
	hb_json_string(json, "medium", medium->name);
	hb_json_string(json, "kind", medium->kind);
	hb_json_bool(json, "open", medium->is_open);
	hb_json_string(json, "state", medium->is_up ? "up" : "down");
	hb_json_string(json, "trouble", medium->trouble[0] != '\0' ? medium->trouble : NULL);
	for (guint c = 0; c < HB_COUNT_N; c++)
		hb_json_uint(json, hb_medium_count_name((HbMediumCount)c), medium->n[c]);
	hb_json_close(json);
}

static void
put_counters(HbJson *json, const HbStatus *status)
{
	const HbView *view = status->view;

	hb_json_open_object(json, "counters");
	hb_json_uint(json, "rx_unknown_node", view->rx_unknown_node);
	hb_json_uint(json, "rx_ghost", view->rx_ghost);
	hb_json_uint(json, "rx_stale", view->rx_stale);
	hb_json_uint(json, "late_turns", view->late_turns);
#define X(name) hb_json_uint(json, #name, status->name);
	HB_STATUS_COUNTERS(X)
#undef X
	hb_json_close(json);
}

void
hb_status_json(const HbStatus *status, GString *out)
{
	const HbView *view = status->view;
	HbJson json;

	hb_json_init(&json, out);
	hb_json_open_object(&json, NULL);
	hb_json_string(&json, "node", hb_status_node_name(status, (int)status->config->self));
	hb_json_string(&json, "status", hb_status_st_word(view->st));
	hb_json_bool(&json, "leaving", view->leaving);
	hb_json_bool(&json, "root_answers", !status->channel_is_broken);
	hb_json_uint(&json, "generation", view->generation);
	hb_json_uint(&json, "next_seq", view->next_seq);
	hb_json_open_array(&json, "nodes");
	for (guint i = 0; i < view->n_nodes; i++)
		put_node(&json, status, i);
	hb_json_close(&json);
	hb_json_open_array(&json, "ping");
	for (guint i = 0; i < view->n_ping; i++)
		put_ping(&json, status, i);
	hb_json_close(&json);
	hb_json_open_array(&json, "groups");
	for (guint i = 0; i < view->n_groups; i++)
		put_group(&json, status, i);
	hb_json_close(&json);
	hb_json_open_array(&json, "media");
	for (guint i = 0; i < status->n_media; i++)
		put_medium(&json, &status->media[i]);
	hb_json_close(&json);
	put_counters(&json, status);
	hb_json_close(&json);
}
