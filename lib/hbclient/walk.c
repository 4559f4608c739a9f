/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * walk.c - lists of nodes and links, and what they say about their members (doc/client-api.md 5.3).
 */
#include <string.h>

#include <glib.h>

#include "hbclient/client.h"
#include "util/time.h"

#include "util/banned.h"

#define LINKS_FRESH_MS 2000

static void
free_listed(gpointer data)
{
	HbListed *listed = data;

	g_free(listed->name);
	g_free(listed->type);
	g_free(listed->status);
	g_free(listed);
}

static gboolean
holds(const GPtrArray *list, const char *name)
{
	for (guint i = 0; i < list->len; i++)
		if (strcmp(((HbListed *)g_ptr_array_index(list, i))->name, name) == 0)
			return TRUE;
	return FALSE;
}

/* Asks, and puts what comes, the last first, into a list. (transfer full) NULL with an error. */
static GPtrArray *
fetch(HbClient *client, struct ha_msg *request, const char *name_field)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_listed);
	g_autofree char *reqtype = g_strdup(cl_get_string(request, F_APIREQ));
	struct ha_msg *reply = hb_client_ask(client, request);
	gboolean is_last = FALSE;

	while (reply != NULL && !is_last) {
		const char *name = cl_get_string(reply, name_field);
		const char *result = cl_get_string(reply, F_APIRESULT);

		if (name != NULL && !holds(list, name)) {
			HbListed *listed = g_new0(HbListed, 1);

			listed->name = g_strdup(name);
			listed->type = g_strdup(cl_get_string(reply, F_NODETYPE));
			listed->status = g_strdup(cl_get_string(reply, F_STATUS));
			g_ptr_array_insert(list, 0, listed);
		}
		is_last = result == NULL || strcmp(result, "ok/more") != 0;
		ha_msg_del(reply);
		reply = is_last ? NULL : hb_client_next_reply(client, reqtype);
	}
	return is_last ? g_steal_pointer(&list) : NULL;
}

static void
end_nodes(HbClient *client)
{
	g_clear_pointer(&client->nodes, g_ptr_array_unref);
}

static void
end_links(HbClient *client)
{
	g_clear_pointer(&client->links, g_ptr_array_unref);
	g_clear_pointer(&client->links_of, g_free);
}

void
hb_client_end_walks(HbClient *client)
{
	end_nodes(client);
	end_links(client);
}

int
hb_op_init_nodewalk(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);

	if (!hb_client_needs_signon(client))
		return HA_FAIL;
	end_nodes(client);
	client->nodes = fetch(client, hb_client_request(client, "nodelist"), F_NODE);
	client->node_pos = 0;
	client->nodes_us = g_get_monotonic_time();
	return client->nodes != NULL ? HA_OK : HA_FAIL;
}

static const char *
next(const GPtrArray *list, guint *pos)
{
	if (list == NULL || *pos >= list->len)
		return NULL;
	return ((HbListed *)g_ptr_array_index(list, (*pos)++))->name;
}

const char *
hb_op_nextnode(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);

	return hb_client_needs_signon(client) ? next(client->nodes, &client->node_pos) : NULL;
}

int
hb_op_end_nodewalk(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);

	if (!hb_client_needs_signon(client))
		return HA_FAIL;
	end_nodes(client);
	return HA_OK;
}

int
hb_op_init_ifwalk(ll_cluster_t *hb, const char *node)
{
	HbClient *client = hb_client_of(hb);
	struct ha_msg *request;

	if (!hb_client_needs_signon(client) || node == NULL)
		return HA_FAIL;
	end_links(client);
	request = hb_client_request(client, "iflist");
	(void)ha_msg_add(request, F_NODE, node);
	client->links = fetch(client, request, F_IFNAME);
	client->link_pos = 0;
	client->links_us = g_get_monotonic_time();
	client->links_of = g_strdup(node);
	return client->links != NULL ? HA_OK : HA_FAIL;
}

const char *
hb_op_nextif(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);

	return hb_client_needs_signon(client) ? next(client->links, &client->link_pos) : NULL;
}

int
hb_op_end_ifwalk(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);

	if (!hb_client_needs_signon(client))
		return HA_FAIL;
	end_links(client);
	return HA_OK;
}

/* ---- what a list has said already ---- */

static gboolean
is_fresh(gint64 since_us, gint64 limit_ms)
{
	return hb_ms_from_us(g_get_monotonic_time() - since_us) < limit_ms;
}

/* The node that nextnode() gave last, while what is known of it may be believed. */
static const HbListed *
fresh_node(const HbClient *client, const char *node)
{
	const HbListed *listed;

	if (client->nodes == NULL || client->node_pos == 0 || !is_fresh(client->nodes_us, client->deadtime_ms / 2))
		return NULL;
	listed = g_ptr_array_index(client->nodes, client->node_pos - 1);
	return strcmp(listed->name, node) == 0 ? listed : NULL;
}

static const HbListed *
fresh_link(const HbClient *client, const char *node, const char *interface)
{
	if (client->links == NULL || strcmp(client->links_of, node) != 0 || !is_fresh(client->links_us, LINKS_FRESH_MS))
		return NULL;
	for (guint i = 0; i < client->links->len; i++) {
		const HbListed *listed = g_ptr_array_index(client->links, i);

		if (strcmp(listed->name, interface) == 0)
			return listed;
	}
	return NULL;
}

/* Asks (transfer full) and puts the answer into @buf. */
static const char *
ask_for(HbClient *client, struct ha_msg *request, const char *field, char buf[HB_ANSWER_MAX])
{
	struct ha_msg *reply = hb_client_ask(client, request);
	const char *value = cl_get_string(reply, field);
	gboolean is_there = value != NULL;

	if (is_there)
		g_strlcpy(buf, value, HB_ANSWER_MAX);
	ha_msg_del(reply);
	return is_there ? buf : NULL;
}

static struct ha_msg *
about_node(HbClient *client, const char *what, const char *node)
{
	struct ha_msg *request = hb_client_request(client, what);

	(void)ha_msg_add(request, F_NODE, node);
	return request;
}

static const char *
told(const char *text, char buf[HB_ANSWER_MAX])
{
	g_strlcpy(buf, text, HB_ANSWER_MAX);
	return buf;
}

const char *
hb_op_node_status(ll_cluster_t *hb, const char *node)
{
	HbClient *client = hb_client_of(hb);
	const HbListed *listed;

	if (!hb_client_needs_signon(client) || node == NULL)
		return NULL;
	listed = fresh_node(client, node);
	return listed != NULL && listed->status != NULL
	         ? told(listed->status, client->status)
	         : ask_for(client, about_node(client, "nodestatus", node), F_STATUS, client->status);
}

const char *
hb_op_node_type(ll_cluster_t *hb, const char *node)
{
	HbClient *client = hb_client_of(hb);
	const HbListed *listed;

	if (!hb_client_needs_signon(client) || node == NULL)
		return NULL;
	listed = fresh_node(client, node);
	return listed != NULL && listed->type != NULL
	         ? told(listed->type, client->type)
	         : ask_for(client, about_node(client, "nodetype", node), F_NODETYPE, client->type);
}

const char *
hb_op_if_status(ll_cluster_t *hb, const char *node, const char *interface)
{
	HbClient *client = hb_client_of(hb);
	const HbListed *listed;
	struct ha_msg *request;

	if (!hb_client_needs_signon(client) || node == NULL || interface == NULL)
		return NULL;
	listed = fresh_link(client, node, interface);
	if (listed != NULL && listed->status != NULL)
		return told(listed->status, client->link_status);
	request = about_node(client, "ifstatus", node);
	(void)ha_msg_add(request, F_IFNAME, interface);
	return ask_for(client, request, F_STATUS, client->link_status);
}
