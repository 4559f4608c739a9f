/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api_clients.c - the list of clients: who comes, who goes and why, and how one of them is written to.
 */
#include <string.h>

#include <glib.h>

#include "log/log.h"
#include "node/api_parts.h"

#include "util/banned.h"

#define REASON_MAX 128

static void
client_free(gpointer data)
{
	HbApiClient *client = data;

	hb_ipc_free(client->ipc);
	g_free(client);
}

HbApi *
hb_api_new(const HbConfig *config, const HbApiHooks *hooks, gpointer data)
{
	HbApi *api = g_new0(HbApi, 1);

	api->config = config;
	api->hooks = hooks;
	api->data = data;
	api->clients = g_ptr_array_new_with_free_func(client_free);
	api->order = hb_api_order_new();
	g_queue_init(&api->out);
	for (guint i = 0; i < G_N_ELEMENTS(api->node); i++)
		api->node[i].weight = 100;
	hb_api_auth_load(api);
	return api;
}

static void
free_msg(gpointer msg)
{
	hb_msg_free(msg);
}

void
hb_api_free(HbApi *api)
{
	if (api == NULL)
		return;
	for (guint i = 0; i < api->clients->len; i++)
		api->hooks->gone(api->data, g_ptr_array_index(api->clients, i));
	g_ptr_array_unref(api->clients);
	g_queue_clear_full(&api->out, free_msg);
	hb_api_order_free(api->order);
	hb_api_auth_free(api);
	g_free(api);
}

static gboolean
same_nodes(const HbConfig *a, const HbConfig *b)
{
	if (a->n_nodes != b->n_nodes)
		return FALSE;
	for (guint i = 0; i < a->n_nodes; i++)
		if (a->nodes[i].id != b->nodes[i].id)
			return FALSE;
	return TRUE;
}

/* Nodes came or went: what is known by their numbers moves along. What is held back for order is let go. */
static void
renumber(HbApi *api, const HbConfig *from, const HbConfig *to)
{
	g_autofree HbApiNode *old = g_memdup2(api->node, sizeof api->node);

	for (guint i = 0; i < G_N_ELEMENTS(api->node); i++)
		api->node[i] = (HbApiNode){ .weight = 100 };
	for (guint i = 0; i < to->n_nodes; i++) {
		int before = hb_config_node_index(from, to->nodes[i].name);

		if (before >= 0)
			api->node[i] = old[before];
	}
	for (guint i = 0; i < to->n_ping_nodes && i < from->n_ping_nodes; i++)
		api->node[to->n_nodes + i] = old[from->n_nodes + i];
	hb_api_order_free(api->order);
	api->order = hb_api_order_new();
}

void
hb_api_set_config(HbApi *api, const HbConfig *config)
{
	if (!same_nodes(api->config, config))
		renumber(api, api->config, config);
	api->config = config;
	hb_api_auth_load(api);
}

void
hb_api_set_first_generation(HbApi *api, guint64 first)
{
	api->next_generation = first;
}

/* ---- coming ---- */

gboolean
hb_api_admits(HbApi *api, uid_t uid)
{
	guint n_all = 0, n_uid = 0;
	guint64 n_swallowed;

	for (guint i = 0; i < api->clients->len; i++) {
		const HbApiClient *client = g_ptr_array_index(api->clients, i);

		n_all += !client->is_gone;
		n_uid += !client->is_gone && client->peer.uid == uid;
	}
	if (n_all < HB_API_CLIENTS_MAX && n_uid < HB_API_CLIENTS_PER_UID_MAX)
		return TRUE;
	api->counts.refused++;
	if (hb_rate_allows(&api->refused_rate, api->hooks->now_ms(api->data), &n_swallowed))
		hb_log(HB_LOG_WARN, "too many clients: %u, %u of them of user %u; a connection is refused (%"
		       G_GUINT64_FORMAT " more since the last such line)", n_all, n_uid, (guint)uid, n_swallowed);
	return FALSE;
}

HbApiClient *
hb_api_client_new(HbApi *api, HbIpc *ipc, const HbIpcPeer *peer, gpointer owner)
{
	HbApiClient *client = g_new0(HbApiClient, 1);

	client->ipc = ipc;
	client->peer = *peer;
	client->owner = owner;
	client->since_ms = api->hooks->now_ms(api->data);
	g_ptr_array_add(api->clients, client);
	return client;
}

gpointer
hb_api_client_owner(const HbApiClient *client)
{
	return client->owner;
}

HbIpc *
hb_api_client_ipc(HbApiClient *client)
{
	return client->ipc;
}

gboolean
hb_api_client_is_gone(const HbApiClient *client)
{
	return client->is_gone;
}

gboolean
hb_api_client_is_signed_on(const HbApiClient *client)
{
	return client->is_signed_on;
}

guint
hb_api_n_clients(const HbApi *api)
{
	return api->clients->len;
}

HbApiClient *
hb_api_client_at(const HbApi *api, guint i)
{
	return g_ptr_array_index(api->clients, i);
}

HbApiClient *
hb_api_find_id(const HbApi *api, const char *id)
{
	for (guint i = api->clients->len; i > 0; i--) {
		HbApiClient *client = g_ptr_array_index(api->clients, i - 1);

		if (client->is_signed_on && !client->is_gone && strcmp(client->id, id) == 0)
			return client;
	}
	return NULL;
}

void
hb_api_count_masks(HbApi *api)
{
	api->masks = 0;
	for (guint i = 0; i < api->clients->len; i++) {
		const HbApiClient *client = g_ptr_array_index(api->clients, i);

		if (client->is_signed_on && !client->is_gone)
			api->masks |= client->mask;
	}
}

gboolean
hb_api_wants(const HbApi *api, HbTreatment treatments)
{
	return (api->masks & treatments) != 0;
}

/* ---- going ---- */

void
hb_api_remove(HbApi *api, HbApiClient *client, const char *reason)
{
	if (client->is_gone)
		return;
	client->is_gone = TRUE;
	if (client->has_joined)
		hb_api_tell_leave(api, client, reason);
	if (client->is_signed_on)
		hb_log(HB_LOG_DEBUG, "client %s (pid %d) is gone: %s", client->id, (int)client->peer.pid, reason);
	hb_api_count_masks(api);
}

static void
drop(HbApi *api, HbApiClient *client, const char *reason)
{
	guint64 n_swallowed;

	api->counts.dropped++;
	if (!client->is_gone && hb_rate_allows(&api->dropped_rate, api->hooks->now_ms(api->data), &n_swallowed))
		hb_log(HB_LOG_WARN, "client %s (pid %d) is dropped: %s (%" G_GUINT64_FORMAT " more since the last such line)",
		       client->id[0] != '\0' ? client->id : "without a name", (int)client->peer.pid, reason, n_swallowed);
	hb_api_remove(api, client, reason);
}

void
hb_api_say_bad(HbApi *api, const HbApiClient *client, const char *what)
{
	guint64 n_swallowed;

	api->counts.bad++;
	if (hb_rate_allows(&api->bad_rate, api->hooks->now_ms(api->data), &n_swallowed))
		hb_log(HB_LOG_WARN, "client %s (pid %d, user %u): %s (%" G_GUINT64_FORMAT
		       " more since the last such line)", client->id[0] != '\0' ? client->id : "without a name",
		       (int)client->peer.pid, (guint)client->peer.uid, what, n_swallowed);
}

void
hb_api_audit(HbApi *api)
{
	gint64 now_ms = api->hooks->now_ms(api->data);

	for (guint i = 0; i < api->clients->len; i++) {
		HbApiClient *client = g_ptr_array_index(api->clients, i);

		if (client->is_gone)
			continue;
		if (!api->hooks->process_lives(api->data, client->peer.pid))
			hb_api_remove(api, client, "died");
		else if (!client->is_signed_on && now_ms - client->since_ms >= HB_API_SIGNON_MS)
			drop(api, client, "it has not signed on in time");
	}
}

void
hb_api_turn(HbApi *api)
{
	if (api == NULL || api->in_turn)
		return;
	hb_api_flush(api);
	for (guint i = api->clients->len; i > 0; i--) {
		HbApiClient *client = g_ptr_array_index(api->clients, i - 1);

		if (!client->is_gone)
			continue;
		api->hooks->gone(api->data, client);
		g_ptr_array_remove_index(api->clients, i - 1);
	}
}

void
hb_api_counts(const HbApi *api, HbApiCounts *ret)
{
	*ret = api->counts;
	ret->clients = ret->signed_on = 0;
	for (guint i = 0; i < api->clients->len; i++) {
		const HbApiClient *client = g_ptr_array_index(api->clients, i);

		ret->clients += !client->is_gone;
		ret->signed_on += !client->is_gone && client->is_signed_on;
	}
}

/* ---- out ---- */

void
hb_api_send_bytes(HbApi *api, HbApiClient *client, const void *payload, gsize len)
{
	char reason[REASON_MAX];

	/* What it is told on its way out is told as well as it goes. */
	switch (hb_ipc_send(client->ipc, payload, len)) {
	case HB_IPC_OK:
		break;
	case HB_IPC_TOO_LONG:
		return;
	case HB_IPC_FULL:
		g_snprintf(reason, sizeof reason, "send failed,farside_pid=%d, sendq length=%u(max is %u)",
		           (int)client->peer.pid, hb_ipc_n_queued(client->ipc), hb_ipc_queue_max(client->ipc));
		drop(api, client, reason);
		return;
	default:
		hb_api_remove(api, client, api->hooks->process_lives(api->data, client->peer.pid) ? "EOF" : "died");
		return;
	}
	if (client->is_gone)
		return;
	if (hb_ipc_n_queued(client->ipc) > 0)
		api->hooks->has_output(api->data, client);
	if (client->sig != 0)
		api->hooks->signal(api->data, client, client->sig);
}

void
hb_api_send(HbApi *api, HbApiClient *client, const HbMsg *msg)
{
	g_autoptr(GByteArray) payload = hb_apimsg_encode(msg);

	hb_api_send_bytes(api, client, payload->data, payload->len);
}

void
hb_api_client_write(HbApi *api, HbApiClient *client)
{
	if (!client->is_gone && hb_ipc_flush(client->ipc) == HB_IPC_CLOSED)
		hb_api_remove(api, client, "EOF");
}
