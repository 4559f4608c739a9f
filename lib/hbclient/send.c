/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * send.c - messages to the cluster (doc/client-api.md 3.1).
 */
#include <stdlib.h>

#include <glib.h>

#include "hbclient/client.h"

#include "util/banned.h"

#define TO_ALL ""

static int
send_msg(HbClient *client, struct ha_msg *msg)
{
	if (msg2ipcchan(msg, client->ch) == HA_OK)
		return HA_OK;
	hb_client_set_error(client, "cannot send to heartbeat");
	return HA_FAIL;
}

static gboolean
may_send(HbClient *client, const struct ha_msg *msg)
{
	if (!hb_client_needs_signon(client))
		return FALSE;
	if (client->is_guest) {
		hb_client_set_error(client, "guests may not send to the cluster");
		return FALSE;
	}
	if (cl_get_string(msg, F_TYPE) == NULL) {
		hb_client_set_error(client, "the message has no type");
		return FALSE;
	}
	return TRUE;
}

/* One count per destination, from one at each signon. */
static int
set_order(HbClient *client, struct ha_msg *msg, const char *to)
{
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(client->oseq, to)) + 1;
	g_autofree char *text = g_strdup_printf("%x", number);

	g_hash_table_insert(client->oseq, g_strdup(to), GUINT_TO_POINTER(number));
	return cl_msg_modstring(msg, F_ORDERSEQ, text);
}

int
hb_op_sendclustermsg(ll_cluster_t *hb, struct ha_msg *msg)
{
	HbClient *client = hb_client_of(hb);

	return may_send(client, msg) ? send_msg(client, msg) : HA_FAIL;
}

int
hb_op_sendnodemsg(ll_cluster_t *hb, struct ha_msg *msg, const char *nodename)
{
	HbClient *client = hb_client_of(hb);

	if (!may_send(client, msg) || cl_msg_modstring(msg, F_TO, nodename) != HA_OK)
		return HA_FAIL;
	return send_msg(client, msg);
}

int
hb_op_sendnodemsg_byuuid(ll_cluster_t *hb, struct ha_msg *msg, cl_uuid_t *uuid)
{
	HbClient *client = hb_client_of(hb);

	if (!may_send(client, msg) || cl_msg_moduuid(msg, F_TOUUID, uuid) != HA_OK)
		return HA_FAIL;
	return send_msg(client, msg);
}

int
hb_op_send_ordered_clustermsg(ll_cluster_t *hb, struct ha_msg *msg)
{
	HbClient *client = hb_client_of(hb);
	/* One that was sent to a node before still names it, and goes there: as 3.0.6 counts it, and who receives it. */
	const char *to = msg != NULL ? cl_get_string(msg, F_TO) : NULL;

	if (!may_send(client, msg) || set_order(client, msg, to != NULL ? to : TO_ALL) != HA_OK)
		return HA_FAIL;
	return send_msg(client, msg);
}

int
hb_op_send_ordered_nodemsg(ll_cluster_t *hb, struct ha_msg *msg, const char *nodename)
{
	HbClient *client = hb_client_of(hb);

	if (!may_send(client, msg) || cl_msg_modstring(msg, F_TO, nodename) != HA_OK ||
	    set_order(client, msg, nodename) != HA_OK)
		return HA_FAIL;
	return send_msg(client, msg);
}
