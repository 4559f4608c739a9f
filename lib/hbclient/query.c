/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * query.c - single questions and settings (doc/client-api.md 2.3).
 */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "hbclient/client.h"

#include "util/banned.h"

#define SITE_LEN      100       /* what the answers of 3.0.6 hold at most, with the NUL */
#define RESOURCES_LEN 64

/* Asks, about what @name says if @name_field is not NULL. (transfer full) NULL with an error. */
static struct ha_msg *
ask_about(HbClient *client, const char *reqtype, const char *name_field, const char *name)
{
	struct ha_msg *request;

	if (!hb_client_needs_signon(client))
		return NULL;
	request = hb_client_request(client, reqtype);
	if (name_field != NULL && ha_msg_add(request, name_field, name) != HA_OK) {
		ha_msg_del(request);
		return NULL;
	}
	return hb_client_ask(client, request);
}

/* The same for a number, -1 on failure. */
static int
ask_number(HbClient *client, const char *reqtype, const char *node, const char *field)
{
	struct ha_msg *reply = ask_about(client, reqtype, node != NULL ? F_NODE : NULL, node);
	int value;

	if (ha_msg_value_int(reply, field, &value) != HA_OK)
		value = -1;
	ha_msg_del(reply);
	return value;
}

static const char *
keep_answer(struct ha_msg *reply, const char *field, char *buf, gsize len)
{
	const char *value = cl_get_string(reply, field);
	gboolean is_there = value != NULL;

	if (is_there)
		g_strlcpy(buf, value, len);
	ha_msg_del(reply);
	return is_there ? buf : NULL;
}

int
hb_op_node_weight(ll_cluster_t *hb, const char *node)
{
	return node == NULL ? -1 : ask_number(hb_client_of(hb), "nodeweight", node, F_WEIGHT);
}

const char *
hb_op_node_site(ll_cluster_t *hb, const char *node)
{
	HbClient *client = hb_client_of(hb);

	return keep_answer(ask_about(client, "nodesite", F_NODE, node), F_SITE, client->site, SITE_LEN);
}

int
hb_op_num_nodes(ll_cluster_t *hb)
{
	return ask_number(hb_client_of(hb), "numnodes", NULL, F_NUMNODES);
}

int
hb_op_get_uuid_by_name(ll_cluster_t *hb, const char *nodename, cl_uuid_t *uuid)
{
	struct ha_msg *reply = ask_about(hb_client_of(hb), "getuuid", "queryname", nodename);
	int rc = cl_get_uuid(reply, "queryuuid", uuid);

	ha_msg_del(reply);
	return rc;
}

int
hb_op_get_name_by_uuid(ll_cluster_t *hb, cl_uuid_t *uuid, char *nodename, size_t len)
{
	HbClient *client = hb_client_of(hb);
	struct ha_msg *request;

	if (!hb_client_needs_signon(client) || uuid == NULL || len == 0)
		return HA_FAIL;
	request = hb_client_request(client, "getnodename");
	(void)ha_msg_adduuid(request, "queryuuid", uuid);
	return keep_answer(hb_client_ask(client, request), "queryname", nodename, len) != NULL ? HA_OK : HA_FAIL;
}

char *
hb_op_get_parameter(ll_cluster_t *hb, const char *paramname)
{
	HbClient *client = hb_client_of(hb);
	struct ha_msg *reply;
	const char *value;
	char *copy;

	if (!hb_client_needs_signon(client) || paramname == NULL)
		return NULL;
	if (strcmp(paramname, KEY_HBVERSION) == 0 && client->hbversion != NULL)
		return strdup(client->hbversion);
	if ((strcmp(paramname, KEY_PACEMAKER) == 0 || strcmp(paramname, KEY_REL2) == 0) && client->pacemaker != NULL)
		return strdup(client->pacemaker);
	reply = ask_about(client, "getparm", F_PNAME, paramname);
	value = cl_get_string(reply, F_PVALUE);
	copy = value == NULL ? NULL : strdup(value);
	ha_msg_del(reply);
	return copy;
}

const char *
hb_op_get_resources(ll_cluster_t *hb)
{
	HbClient *client = hb_client_of(hb);

	return keep_answer(ask_about(client, "getrsc", NULL, NULL), F_RESOURCES, client->resources, RESOURCES_LEN);
}

static int
set(HbClient *client, const char *reqtype, const char *field, const char *value)
{
	struct ha_msg *reply = ask_about(client, reqtype, field, value);
	int rc = reply != NULL ? HA_OK : HA_FAIL;

	ha_msg_del(reply);
	return rc;
}

int
hb_op_setmsgsignal(ll_cluster_t *hb, int signo)
{
	g_autofree char *text = g_strdup_printf("%d", signo);

	return set(hb_client_of(hb), "setsignal", "signal", text);
}

int
hb_op_setfmode(ll_cluster_t *hb, unsigned mode)
{
	static const char *const masks[] = {
		[LLC_FILTER_DEFAULT] = "1",
		[LLC_FILTER_PMODE] = "d",
		[LLC_FILTER_ALLHB] = "f",
		[LLC_FILTER_RAW] = "3f",
	};

	if (mode >= G_N_ELEMENTS(masks))
		return HA_FAIL;
	return set(hb_client_of(hb), "setfilter", "fmask", masks[mode]);
}

int
hb_op_set_sendq_len(ll_cluster_t *hb, int len)
{
	HbClient *client = hb_client_of(hb);
	struct ha_msg *request;

	if (!hb_client_needs_signon(client) || len <= 0)
		return HA_FAIL;
	request = hb_client_request(client, "set_sendqlen");
	(void)ha_msg_add_int(request, "sendqlen", len);
	return hb_client_tell(client, request);
}
