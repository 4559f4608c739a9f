/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * deliver.c - messages to the program: callbacks, rcvmsg, readmsg (doc/client-api.md 5.3).
 */
#include <string.h>

#include <glib.h>

#include "hbclient/client.h"

#include "util/banned.h"

typedef struct {
	llc_msg_callback_t call;
	void *data;
} HbCallback;

struct ha_msg *
hb_client_receive(HbClient *client, gboolean blocking)
{
	IPC_Message *frame;
	struct ha_msg *msg = NULL;

	/* What is no message is passed over. */
	while (msg == NULL) {
		if (blocking && client->ch->ops->waitin(client->ch) != IPC_OK)
			return NULL;
		if (client->ch->ops->recv(client->ch, &frame) != IPC_OK)
			return NULL;
		msg = wirefmt2msg(frame->msg_body, frame->msg_len, 0);
		frame->msg_done(frame);
	}
	return msg;
}

void
hb_client_keep(HbClient *client, struct ha_msg *msg)
{
	hb_order_put(client->order, msg, &client->kept);
}

/* ---- callbacks ---- */

int
hb_op_set_msg_callback(ll_cluster_t *hb, const char *msgtype, llc_msg_callback_t callback, void *data)
{
	HbClient *client = hb_client_of(hb);
	HbCallback *entry;

	if (!hb_client_needs_signon(client) || msgtype == NULL)
		return HA_FAIL;
	if (callback == NULL)
		return g_hash_table_remove(client->on_type, msgtype) ? HA_OK : HA_FAIL;
	entry = g_new(HbCallback, 1);
	*entry = (HbCallback){ .call = callback, .data = data };
	g_hash_table_insert(client->on_type, g_strdup(msgtype), entry);
	return HA_OK;
}

int
hb_op_set_nstatus_callback(ll_cluster_t *hb, llc_nstatus_callback_t callback, void *data)
{
	HbClient *client = hb_client_of(hb);

	client->on_node = callback;
	client->on_node_data = data;
	return HA_OK;
}

int
hb_op_set_ifstatus_callback(ll_cluster_t *hb, llc_ifstatus_callback_t callback, void *data)
{
	HbClient *client = hb_client_of(hb);

	client->on_link = callback;
	client->on_link_data = data;
	return HA_OK;
}

int
hb_op_set_cstatus_callback(ll_cluster_t *hb, llc_cstatus_callback_t callback, void *data)
{
	HbClient *client = hb_client_of(hb);

	if (!hb_client_needs_signon(client))
		return HA_FAIL;
	client->on_client = callback;
	client->on_client_data = data;
	return HA_OK;
}

static gboolean
call_node(HbClient *client, const struct ha_msg *msg)
{
	const char *node = cl_get_string(msg, F_ORIG);
	const char *status = cl_get_string(msg, F_STATUS);

	if (client->on_node == NULL || node == NULL || status == NULL)
		return FALSE;
	client->on_node(node, status, client->on_node_data);
	return TRUE;
}

static gboolean
call_link(HbClient *client, const struct ha_msg *msg)
{
	const char *node = cl_get_string(msg, F_NODE);
	const char *link = cl_get_string(msg, F_IFNAME);
	const char *status = cl_get_string(msg, F_STATUS);

	if (client->on_link == NULL || node == NULL || link == NULL || status == NULL)
		return FALSE;
	client->on_link(node, link, status, client->on_link_data);
	return TRUE;
}

static gboolean
call_client(HbClient *client, const struct ha_msg *msg, const char *id_field, const char *status_field)
{
	const char *node = cl_get_string(msg, F_ORIG);
	const char *id = cl_get_string(msg, id_field);
	const char *status = cl_get_string(msg, status_field);

	if (client->on_client == NULL || node == NULL || id == NULL || status == NULL)
		return FALSE;
	client->on_client(node, id, status, client->on_client_data);
	return TRUE;
}

static gboolean
call_built_in(HbClient *client, const char *type, const struct ha_msg *msg)
{
	if (g_ascii_strcasecmp(type, T_STATUS) == 0 || g_ascii_strcasecmp(type, T_NS_STATUS) == 0)
		return call_node(client, msg);
	if (g_ascii_strcasecmp(type, T_IFSTATUS) == 0)
		return call_link(client, msg);
	if (g_ascii_strcasecmp(type, T_APICLISTAT) == 0)
		return call_client(client, msg, F_FROMID, F_STATUS);
	if (g_ascii_strcasecmp(type, T_RCSTATUS) == 0)
		return call_client(client, msg, F_CLIENTNAME, F_CLIENTSTATUS);
	return FALSE;
}

/* TRUE: somebody wanted it. */
static gboolean
call_back(HbClient *client, struct ha_msg *msg)
{
	const char *type = cl_get_string(msg, F_TYPE);
	const HbCallback *entry = type == NULL ? NULL : g_hash_table_lookup(client->on_type, type);

	if (entry != NULL) {
		entry->call(msg, entry->data);
		return TRUE;
	}
	return type != NULL && call_built_in(client, type, msg);
}

/* ---- reading ---- */

int
hb_op_inputfd(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);

	return hb_client_needs_signon(client) ? client->ch->ops->get_recv_select_fd(client->ch) : -1;
}

IPC_Channel *
hb_op_ipcchan(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);

	return hb_client_needs_signon(client) ? client->ch : NULL;
}

int
hb_op_msgready(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);

	if (!hb_client_needs_signon(client))
		return 0;
	return !g_queue_is_empty(&client->kept) || client->ch->ops->is_message_pending(client->ch);
}

/* The next one in order. (transfer full) NULL as hb_client_receive(). */
static struct ha_msg *
next_in_order(HbClient *client, gboolean blocking)
{
	while (g_queue_is_empty(&client->kept)) {
		struct ha_msg *msg = hb_client_receive(client, blocking);

		if (msg == NULL)
			return NULL;
		hb_client_keep(client, msg);
	}
	return g_queue_pop_head(&client->kept);
}

struct ha_msg *
hb_op_readmsg(ll_cluster_t *hb, int blocking)
{
	HbClient *client = hb_client_of(hb);
	struct ha_msg *msg;

	/* A callback may sign off. */
	while (hb_client_needs_signon(client) && (msg = next_in_order(client, blocking != 0)) != NULL) {
		if (!call_back(client, msg))
			return msg;
		ha_msg_del(msg);
	}
	return NULL;
}

int
hb_op_rcvmsg(ll_cluster_t *hb, int blocking)
{
	struct ha_msg *msg = hb_op_readmsg(hb, blocking);
	gboolean is_there = msg != NULL;

	ha_msg_del(msg);
	return is_there;
}
