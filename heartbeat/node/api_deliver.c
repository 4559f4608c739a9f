/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api_deliver.c - what clients are shown of the cluster, and to which of them (doc/client-api.md 3.3).
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <glib.h>

#include "node/api_parts.h"
#include "wire/typedio.h"

#include "util/banned.h"

static void
put(HbMsg *msg, const char *name, const char *value)
{
	(void)hb_msg_add_string(msg, name, value);
}

/* ---- to whom ---- */

static gboolean
takes(const HbApiClient *client, HbTreatment treatment)
{
	return client->is_signed_on && !client->is_gone && (client->mask & treatment) != 0;
}

void
hb_api_show(HbApi *api, const HbMsg *msg, HbTreatment treatment)
{
	const char *to = hb_msg_get(msg, "to_id");
	HbApiClient *addressee = to != NULL ? hb_api_find_id(api, to) : NULL;
	g_autoptr(GByteArray) payload = NULL;

	if (to != NULL && (addressee == NULL || !takes(addressee, treatment)))
		return;
	payload = hb_apimsg_encode(msg);
	if (addressee != NULL) {
		hb_api_send_bytes(api, addressee, payload->data, payload->len);
		return;
	}
	for (guint i = 0; i < api->clients->len; i++) {
		HbApiClient *client = g_ptr_array_index(api->clients, i);

		if (takes(client, treatment))
			hb_api_send_bytes(api, client, payload->data, payload->len);
	}
}

/* ---- messages for the API itself ---- */

/* Who asked wants to know whether a client is here. */
static void
answer_query(HbApi *api, const char *asking_node, const HbMsg *query)
{
	const char *id = hb_msg_get(query, "cn");
	const char *asker = hb_msg_get(query, "from_id");
	HbMsg *msg;

	if (id == NULL || asker == NULL)
		return;
	msg = hb_msg_new();
	put(msg, "t", HB_API_RESPOND);
	put(msg, "dest", asking_node);
	put(msg, "result", HB_API_OK);
	put(msg, "cn", id);
	put(msg, "to_id", asker);
	put(msg, "cs", hb_api_find_id(api, id) != NULL ? "online" : "offline");
	hb_api_queue(api, msg);
}

static HbApiNode *
node_of(HbApi *api, const HbMsg *msg)
{
	const char *name = hb_msg_get(msg, "node");
	int node = name != NULL ? hb_api_node_index(api, name) : -1;

	return node >= 0 ? &api->node[node] : NULL;
}

static void
set_weight(HbApi *api, const char *src, const HbMsg *msg)
{
	HbApiNode *node = node_of(api, msg);
	guint64 weight;

	(void)src;
	if (node != NULL && hb_apimsg_get_dec(msg, "weight", G_MAXINT, &weight))
		node->weight = (guint)weight;
}

static void
set_site(HbApi *api, const char *src, const HbMsg *msg)
{
	HbApiNode *node = node_of(api, msg);
	const char *site = hb_msg_get(msg, "site");

	(void)src;
	if (node != NULL && site != NULL)
		g_strlcpy(node->site, site, sizeof node->site);
}

static void
ignore(HbApi *api, const char *src, const HbMsg *msg)
{
	(void)api, (void)src, (void)msg;
}

/* TRUE: no client sees it. */
static gboolean
consume(HbApi *api, const HbTyped *typed, const HbMsg *msg)
{
	static const struct {
		const char *type;
		void (*take)(HbApi *api, const char *src, const HbMsg *msg);
	} rows[] = {
		{ HB_API_QUERY, answer_query },
		{ "setweight", set_weight },
		{ "setsite", set_site },
		{ "addnode", ignore },
		{ "delnode", ignore },
	};
	const char *type = hb_msg_get(msg, "t");

	if (typed->type != HB_MSG_OTHER || type == NULL)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (strcmp(rows[i].type, type) != 0)
			continue;
		rows[i].take(api, typed->src, msg);
		return TRUE;
	}
	return FALSE;
}

/* ---- of others ---- */

/* (transfer full) */
static HbMsg *
copy(const HbMsg *msg)
{
	HbMsg *out = hb_msg_new();

	for (guint i = 0; i < hb_msg_n_fields(msg); i++) {
		HbField field = hb_msg_field(msg, i);

		(void)hb_msg_add(out, field.type, field.name, field.value, field.len);
	}
	return out;
}

static void
release(HbApi *api, guint node, guint64 complete, guint64 generation)
{
	gint64 now_ms = api->hooks->now_ms(api->data);
	HbMsg *next;

	while ((next = hb_api_order_next(api->order, node, complete, generation, now_ms)) != NULL) {
		g_autoptr(HbMsg) msg = next;

		hb_api_show(api, msg, HB_TREAT_KEEP);
	}
}

/* A status tells what is true now; all else waits for what its sender said before. */
static gboolean
has_to_wait(const HbTyped *typed, HbTreatment treatment, guint64 complete)
{
	return treatment == HB_TREAT_KEEP && typed->seq > complete && typed->type != HB_MSG_STATUS;
}

void
hb_api_deliver(HbApi *api, const HbTyped *typed, HbTreatment treatment, guint64 complete)
{
	int node = typed->src[0] != '\0' ? hb_config_node_index(api->config, typed->src) : -1;

	if (typed->raw == NULL)
		return;
	if (node >= 0 && !hb_api_order_is_empty(api->order, (guint)node))
		release(api, (guint)node, MIN(complete, typed->seq - 1), typed->generation);
	if (treatment == HB_TREAT_KEEP && consume(api, typed, typed->raw))
		return;
	if (hb_api_wants(api, treatment)) {
		if (node >= 0 && has_to_wait(typed, treatment, complete))
			hb_api_order_hold(api->order, (guint)node, typed->seq, typed->generation, copy(typed->raw),
			                  api->hooks->now_ms(api->data));
		else
			hb_api_show(api, typed->raw, treatment);
	}
	if (node >= 0 && !hb_api_order_is_empty(api->order, (guint)node))
		release(api, (guint)node, complete, typed->generation);
}

/* ---- of this node ---- */

static gboolean
is_for_here(const HbApi *api, const HbTyped *typed)
{
	return typed->dest[0] == '\0' ||
	       g_ascii_strcasecmp(typed->dest, api->config->nodes[api->config->self].name) == 0;
}

static HbTreatment
own_treatment(const HbTyped *typed)
{
	switch (typed->type) {
	case HB_MSG_STATUS:
		return HB_TREAT_NO_CHANGE;
	case HB_MSG_NS_ACKMSG:
	case HB_MSG_NS_REXMIT:
	case HB_MSG_NS_NAK_REXMIT:
	case HB_MSG_REQNODES:
	case HB_MSG_REPNODES:
	case HB_MSG_INVALID:
		return 0;
	default:
		return HB_TREAT_KEEP;
	}
}

gboolean
hb_api_wants_sent(const HbApi *api, const HbTyped *typed)
{
	/* Questions to the daemons are answered whether or not anybody is there. */
	return is_for_here(api, typed) && (typed->type == HB_MSG_OTHER || hb_api_wants(api, own_treatment(typed)));
}

void
hb_api_sent(HbApi *api, const HbTyped *typed, const HbMsg *msg)
{
	HbTreatment treatment = own_treatment(typed);

	if (treatment != 0 && is_for_here(api, typed) && !consume(api, typed, msg))
		hb_api_show(api, msg, treatment);
}

/* ---- made here, for clients alone ---- */

void
hb_api_node_dead(HbApi *api, const char *name, gboolean is_ping)
{
	int node = hb_config_node_index(api->config, name);
	g_autoptr(HbMsg) msg = hb_msg_new();

	if (node >= 0 && !is_ping)
		release(api, (guint)node, G_MAXUINT64, 0);
	put(msg, "t", "status");
	put(msg, "seq", "1");
	(void)hb_msg_add_hex(msg, "ts", (guint64)time(NULL));
	put(msg, "src", name);
	put(msg, "st", "dead");
	if (is_ping)
		put(msg, "info", "ping");
	hb_api_show(api, msg, HB_TREAT_KEEP);
}

void
hb_api_link(HbApi *api, const char *node, const char *link, gboolean up)
{
	g_autoptr(HbMsg) msg = hb_msg_new();

	put(msg, "t", "ifstat");
	put(msg, "node", node);
	put(msg, "ifname", link);
	put(msg, "st", up ? "up" : "dead");
	hb_api_show(api, msg, HB_TREAT_KEEP);
}
