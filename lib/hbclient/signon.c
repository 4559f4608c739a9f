/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signon.c - registering with the daemon and leaving it (doc/client-api.md 2.2).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "hbclient/client.h"

#include "util/banned.h"

#define NODE_LEN 256

static gboolean
connect_to_daemon(HbClient *client)
{
	g_autoptr(GHashTable) attributes = g_hash_table_new(g_str_hash, g_str_equal);

	if (client->ch != NULL)
		client->ch->ops->destroy(client->ch);
	g_hash_table_insert(attributes, (gpointer)IPC_PATH_ATTR, client->path);
	client->ch = ipc_channel_constructor(IPC_ANYTYPE, attributes);
	client->ch->should_send_block = client->send_blocks;
	return client->ch->ops->initiate_connection(client->ch) == IPC_OK;
}

/* Until the daemon says how it calls this node. */
static void
guess_node(HbClient *client)
{
	char name[NODE_LEN] = "";
	g_autofree char *lower = NULL;

	(void)gethostname(name, sizeof name - 1);
	lower = g_ascii_strdown(name, -1);
	g_strlcpy(client->node, lower, sizeof client->node);
}

static long
get_hex(const struct ha_msg *msg, const char *name, long otherwise)
{
	const char *text = cl_get_string(msg, name);
	guint64 value;

	if (text == NULL || !g_ascii_string_to_unsigned(text, 16, 0, G_MAXINT32, &value, NULL))
		return otherwise;
	return (long)value;
}

static void
keep_text(char **to, const char *text)
{
	g_free(*to);
	*to = g_strdup(text);
}

/* The settings are there after a refusal, too. */
static void
take_settings(HbClient *client, const struct ha_msg *reply)
{
	const char *node = cl_get_string(reply, F_NODE);

	client->deadtime_ms = get_hex(reply, F_DEADTIME, client->deadtime_ms);
	client->keepalive_ms = get_hex(reply, F_KEEPALIVE, client->keepalive_ms);
	if (ha_msg_value_int(reply, F_LOGFACILITY, &client->logfacility) != HA_OK)
		client->logfacility = -1;
	if (node != NULL)
		g_strlcpy(client->node, node, sizeof client->node);
	keep_text(&client->hbversion, cl_get_string(reply, KEY_HBVERSION));
	keep_text(&client->pacemaker, cl_get_string(reply, KEY_PACEMAKER));
}

static gboolean
is_accepted(HbClient *client, const struct ha_msg *reply)
{
	const char *result = cl_get_string(reply, F_APIRESULT);
	const char *info = cl_get_string(reply, F_COMMENT);

	if (result != NULL && strcmp(result, "OK") == 0)
		return TRUE;
	if (info != NULL)
		hb_client_set_error(client, info);
	return FALSE;
}

static void
begin_anew(HbClient *client)
{
	struct ha_msg *msg;

	while ((msg = g_queue_pop_head(&client->kept)) != NULL)
		ha_msg_del(msg);
	hb_order_free(client->order);
	client->order = hb_order_new();
	g_hash_table_remove_all(client->oseq);
}

int
hb_op_signon(ll_cluster_t *hb, const char *clientid)
{
	HbClient *client = hb_client_of(hb);
	struct ha_msg *msg;

	if (client->is_signed_on)
		(void)hb_op_signoff(hb, FALSE);
	hb_client_forget_error(client);
	begin_anew(client);
	client->is_guest = clientid == NULL;
	if (clientid != NULL)
		g_strlcpy(client->id, clientid, sizeof client->id);
	else
		g_snprintf(client->id, sizeof client->id, "%d", (int)getpid());
	guess_node(client);

	if (!connect_to_daemon(client)) {
		hb_client_set_error(client, "hb_api_signon: Can't initiate connection to heartbeat");
		return HA_FAIL;
	}
	msg = hb_client_request(client, "signon");
	(void)ha_msg_add_ul(msg, F_UID, geteuid());
	(void)ha_msg_add_ul(msg, F_GID, getegid());
	if (hb_client_tell(client, msg) != HA_OK)
		return HA_FAIL;
	msg = hb_client_next_reply(client, "signon");
	if (msg != NULL) {
		take_settings(client, msg);
		client->is_signed_on = is_accepted(client, msg);
		ha_msg_del(msg);
	}
	if (!client->is_signed_on)
		client->ch->ops->disconnect(client->ch);
	return client->is_signed_on ? HA_OK : HA_FAIL;
}

int
hb_op_signoff(ll_cluster_t *hb, gboolean destroy)
{
	HbClient *client = hb_client_of(hb);

	hb_client_forget_error(client);
	if (client->is_signed_on && client->ch->ch_status == IPC_CONNECT) {
		(void)hb_client_tell(client, hb_client_request(client, "signoff"));
		(void)client->ch->ops->waitout(client->ch);
	}
	client->is_signed_on = FALSE;
	hb_client_end_walks(client);
	if (client->ch == NULL)
		return HA_OK;
	if (destroy) {
		client->ch->ops->destroy(client->ch);
		client->ch = NULL;
	} else {
		client->ch->ops->disconnect(client->ch);
	}
	return HA_OK;
}
