/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cluster.c - making and freeing the object, and what it knows without asking.
 */
#include <string.h>

#include <glib.h>

#include "hbclient/client.h"

#include "util/banned.h"

HbClient *
hb_client_of(ll_cluster_t *hb)
{
	return hb->ll_cluster_private;
}

void
hb_client_set_path(ll_cluster_t *hb, const char *path)
{
	HbClient *client = hb_client_of(hb);

	g_free(client->path);
	client->path = g_strdup(path);
}

void
hb_client_forget_error(HbClient *client)
{
	g_string_truncate(client->error, 0);
}

void
hb_client_set_error(HbClient *client, const char *text)
{
	g_string_assign(client->error, text);
}

gboolean
hb_client_needs_signon(HbClient *client)
{
	hb_client_forget_error(client);
	if (!client->is_signed_on)
		hb_client_set_error(client, "not signed on");
	return client->is_signed_on;
}

static int
op_delete(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);
	struct ha_msg *msg;

	(void)hb_op_signoff(hb, TRUE);
	while ((msg = g_queue_pop_head(&client->kept)) != NULL)
		ha_msg_del(msg);
	hb_order_free(client->order);
	g_hash_table_unref(client->oseq);
	g_hash_table_unref(client->on_type);
	g_string_free(client->error, TRUE);
	g_free(client->hbversion);
	g_free(client->pacemaker);
	g_free(client->path);
	g_free(client->public.llc_ops);
	g_free(client);
	return HA_OK;
}

static long
op_get_deadtime(ll_cluster_t *hb)
{
	return hb_client_of(hb)->deadtime_ms;
}

static long
op_get_keepalive(ll_cluster_t *hb)
{
	return hb_client_of(hb)->keepalive_ms;
}

static const char *
op_get_mynodeid(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);

	return hb_client_needs_signon(client) ? client->node : NULL;
}

static int
op_get_logfacility(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);

	return hb_client_needs_signon(client) ? client->logfacility : -1;
}

static gboolean
op_chan_is_connected(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);

	return client->ch != NULL && client->ch->ch_status == IPC_CONNECT;
}

static int
op_set_send_block_mode(ll_cluster_t *hb, gboolean block)
{
	HbClient *client = hb_client_of(hb);

	client->send_blocks = block;
	if (client->ch != NULL)
		client->ch->should_send_block = block;
	return HA_OK;
}

static const char *
op_errmsg(ll_cluster_t *hb)
{
	return hb_client_of(hb)->error->str;
}

static const struct llc_ops all_ops = {
	.signon = hb_op_signon,
	.signoff = hb_op_signoff,
	.delete = op_delete,
	.set_msg_callback = hb_op_set_msg_callback,
	.set_nstatus_callback = hb_op_set_nstatus_callback,
	.set_ifstatus_callback = hb_op_set_ifstatus_callback,
	.set_cstatus_callback = hb_op_set_cstatus_callback,
	.init_nodewalk = hb_op_init_nodewalk,
	.nextnode = hb_op_nextnode,
	.end_nodewalk = hb_op_end_nodewalk,
	.node_status = hb_op_node_status,
	.node_weight = hb_op_node_weight,
	.node_site = hb_op_node_site,
	.node_type = hb_op_node_type,
	.num_nodes = hb_op_num_nodes,
	.init_ifwalk = hb_op_init_ifwalk,
	.nextif = hb_op_nextif,
	.end_ifwalk = hb_op_end_ifwalk,
	.if_status = hb_op_if_status,
	.client_status = hb_op_client_status,
	.get_uuid_by_name = hb_op_get_uuid_by_name,
	.get_name_by_uuid = hb_op_get_name_by_uuid,
	.sendclustermsg = hb_op_sendclustermsg,
	.sendnodemsg = hb_op_sendnodemsg,
	.sendnodemsg_byuuid = hb_op_sendnodemsg_byuuid,
	.send_ordered_clustermsg = hb_op_send_ordered_clustermsg,
	.send_ordered_nodemsg = hb_op_send_ordered_nodemsg,
	.inputfd = hb_op_inputfd,
	.ipcchan = hb_op_ipcchan,
	.msgready = hb_op_msgready,
	.setmsgsignal = hb_op_setmsgsignal,
	.rcvmsg = hb_op_rcvmsg,
	.readmsg = hb_op_readmsg,
	.setfmode = hb_op_setfmode,
	.get_parameter = hb_op_get_parameter,
	.get_deadtime = op_get_deadtime,
	.get_keepalive = op_get_keepalive,
	.get_mynodeid = op_get_mynodeid,
	.get_logfacility = op_get_logfacility,
	.get_resources = hb_op_get_resources,
	.chan_is_connected = op_chan_is_connected,
	.set_sendq_len = hb_op_set_sendq_len,
	.set_send_block_mode = op_set_send_block_mode,
	.errmsg = op_errmsg,
};

ll_cluster_t *
ll_cluster_new(const char *llctype)
{
	HbClient *client;

	if (llctype == NULL || strcmp(llctype, "heartbeat") != 0)
		return NULL;
	client = g_new0(HbClient, 1);
	client->public.ll_cluster_private = client;
	client->public.llc_ops = g_memdup2(&all_ops, sizeof all_ops);
	client->path = g_strdup(HB_RUN_DIR "/register");
	client->send_blocks = TRUE;
	client->deadtime_ms = -1;
	client->keepalive_ms = -1;
	client->logfacility = -1;
	client->error = g_string_new(NULL);
	client->order = hb_order_new();
	client->oseq = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	client->on_type = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_queue_init(&client->kept);
	return &client->public;
}
