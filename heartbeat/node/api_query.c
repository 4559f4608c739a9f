/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api_query.c - requests about nodes, links, parameters and resources: answered from a view of the core and the
 * configuration (doc/client-api.md 2.3).
 */
#include "config.h"

#include <string.h>

#include <glib.h>

#include "node/api_parts.h"
#include "wire/typedio.h"

#include "util/banned.h"

HbView *
hb_api_view(HbApi *api)
{
	api->hooks->view(api->data, &api->view);
	return &api->view;
}

int
hb_api_node_index(const HbApi *api, const char *name)
{
	const HbConfig *config = api->config;
	int node = hb_config_node_index(config, name);

	for (guint i = 0; node < 0 && i < config->n_ping_nodes; i++)
		if (g_ascii_strcasecmp(config->ping_nodes[i], name) == 0)
			return (int)(config->n_nodes + i);
	return node;
}

static gboolean
is_ping(const HbApi *api, guint node)
{
	return node >= api->config->n_nodes;
}

static const char *
node_name(const HbApi *api, guint node)
{
	const HbConfig *config = api->config;

	return is_ping(api, node) ? config->ping_nodes[node - config->n_nodes] : config->nodes[node].name;
}

const char *
hb_api_node_st(const HbApi *api, guint node)
{
	if (is_ping(api, node))
		return api->view.ping[node - api->config->n_nodes].up ? "ping" : "dead";
	/* Never heard, and nobody has given it up yet. */
	if (api->view.node[node].st == HB_ST_NONE)
		return "init";
	return hb_node_st_name(api->view.node[node].st);
}

/* Index of the node in field @name of the request, or -1. */
static int
asked_node(const HbApiCall *call)
{
	const char *name = hb_msg_get(call->request, "node");

	return name != NULL ? hb_api_node_index(call->api, name) : -1;
}

static void
put(HbApiCall *call, const char *name, const char *value)
{
	(void)hb_msg_add_string(call->reply, name, value);
}

static const char *
type_name(const HbApi *api, guint node)
{
	return is_ping(api, node) ? "ping" : "normal";
}

/* ---- nodes ---- */

/* The next of nodes (from @at_node) and ping nodes (from @at_ping) as they stand in the files. */
static guint
next_listed(const HbConfig *config, guint *at_node, guint *at_ping)
{
	gboolean has_node = *at_node < config->n_nodes, has_ping = *at_ping < config->n_ping_nodes;

	if (has_node && (!has_ping || config->ping_places == NULL ||
	                 config->nodes[*at_node].place < config->ping_places[*at_ping]))
		return (*at_node)++;
	return config->n_nodes + (*at_ping)++;
}

HbApiAnswer
hb_api_on_nodelist(HbApiCall *call)
{
	HbApi *api = call->api;
	guint n = api->config->n_nodes + api->config->n_ping_nodes;
	guint at_node = 0, at_ping = 0;

	(void)hb_api_view(api);
	for (guint n_done = 0; n_done < n; n_done++) {
		guint i = next_listed(api->config, &at_node, &at_ping);

		put(call, "node", node_name(api, i));
		put(call, "nodetype", type_name(api, i));
		put(call, "st", hb_api_node_st(api, i));
		if (n_done + 1 < n)
			hb_api_call_more(call);
	}
	return HB_API_DONE;
}

HbApiAnswer
hb_api_on_nodestatus(HbApiCall *call)
{
	int node = asked_node(call);

	if (node < 0)
		return hb_api_bad(call, "EINVAL");
	(void)hb_api_view(call->api);
	put(call, "st", hb_api_node_st(call->api, (guint)node));
	return HB_API_DONE;
}

HbApiAnswer
hb_api_on_nodeweight(HbApiCall *call)
{
	int node = asked_node(call);

	if (node < 0)
		return hb_api_bad(call, "EINVAL");
	(void)hb_msg_add_dec(call->reply, "weight", call->api->node[node].weight);
	return HB_API_DONE;
}

HbApiAnswer
hb_api_on_nodesite(HbApiCall *call)
{
	int node = asked_node(call);

	if (node < 0)
		return hb_api_bad(call, "EINVAL");
	put(call, "site", call->api->node[node].site);
	return HB_API_DONE;
}

HbApiAnswer
hb_api_on_nodetype(HbApiCall *call)
{
	int node = asked_node(call);

	if (node < 0)
		return hb_api_bad(call, "EINVAL");
	put(call, "nodetype", type_name(call->api, (guint)node));
	return HB_API_DONE;
}

HbApiAnswer
hb_api_on_numnodes(HbApiCall *call)
{
	(void)hb_msg_add_dec(call->reply, "numnodes", call->api->config->n_nodes);
	return HB_API_DONE;
}

/* ---- links ---- */

static gboolean
carries_heartbeats(const HbMediumConf *medium)
{
	return !g_str_has_prefix(medium->kind, "ping");
}

/* As in 3.0.6: the first word of the medium's line. (transfer full) */
static char *
link_name(const HbMediumConf *medium)
{
	return g_strndup(medium->words, strcspn(medium->words, " \t"));
}

/* The same interface may stand in several lines; such links are one to clients. */
static gboolean
is_first_of_its_name(const HbConfig *config, guint m, const char *name)
{
	for (guint i = 0; i < m; i++) {
		g_autofree char *other = link_name(&config->media[i]);

		if (carries_heartbeats(&config->media[i]) && strcmp(other, name) == 0)
			return FALSE;
	}
	return TRUE;
}

/* Up when one of that name is. */
static gboolean
link_is_up(const HbApi *api, guint node, const char *name)
{
	for (guint m = 0; m < api->config->n_media; m++) {
		g_autofree char *other = link_name(&api->config->media[m]);

		if (carries_heartbeats(&api->config->media[m]) && strcmp(other, name) == 0 &&
		    api->view.node[node].link[m].up)
			return TRUE;
	}
	return FALSE;
}

/* (transfer full) Names of the links of a normal node. */
static GPtrArray *
link_names(const HbApi *api)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (guint m = 0; m < api->config->n_media; m++) {
		g_autofree char *name = link_name(&api->config->media[m]);

		if (carries_heartbeats(&api->config->media[m]) && is_first_of_its_name(api->config, m, name))
			g_ptr_array_add(names, g_steal_pointer(&name));
	}
	return names;
}

static void
put_link(HbApiCall *call, const char *name, gboolean is_up)
{
	put(call, "ifname", name);
	put(call, "st", is_up ? "up" : "dead");
}

HbApiAnswer
hb_api_on_iflist(HbApiCall *call)
{
	HbApi *api = call->api;
	int node = asked_node(call);
	g_autoptr(GPtrArray) names = NULL;

	if (node < 0)
		return hb_api_bad(call, "EINVAL");
	(void)hb_api_view(api);
	if (is_ping(api, (guint)node)) {
		put_link(call, node_name(api, (guint)node), api->view.ping[(guint)node - api->config->n_nodes].up);
		return HB_API_DONE;
	}
	names = link_names(api);
	if (names->len == 0)
		return hb_api_bad(call, "UhOh");
	for (guint i = 0; i < names->len; i++) {
		put_link(call, names->pdata[i], link_is_up(api, (guint)node, names->pdata[i]));
		if (i + 1 < names->len)
			hb_api_call_more(call);
	}
	return HB_API_DONE;
}

HbApiAnswer
hb_api_on_ifstatus(HbApiCall *call)
{
	HbApi *api = call->api;
	int node = asked_node(call);
	const char *name = hb_msg_get(call->request, "ifname");
	g_autoptr(GPtrArray) names = NULL;

	if (node < 0 || name == NULL)
		return hb_api_bad(call, "EINVAL");
	(void)hb_api_view(api);
	if (is_ping(api, (guint)node)) {
		if (strcmp(name, node_name(api, (guint)node)) != 0)
			return hb_api_bad(call, "EINVAL");
		put(call, "st", api->view.ping[(guint)node - api->config->n_nodes].up ? "up" : "dead");
		return HB_API_DONE;
	}
	names = link_names(api);
	for (guint i = 0; i < names->len; i++) {
		if (strcmp(names->pdata[i], name) != 0)
			continue;
		put(call, "st", link_is_up(api, (guint)node, name) ? "up" : "dead");
		return HB_API_DONE;
	}
	return hb_api_bad(call, "EINVAL");
}

/* ---- parameters, resources, identities ---- */

/* The text of ha.cf, as 3.0.6 answers it, with crm for another name of pacemaker. */
static const char *
parameter(const HbConfig *config, const char *name)
{
	if (strcmp(name, "hbversion") == 0)
		return PACKAGE_VERSION;
	return hb_config_recorded(config, strcmp(name, "crm") == 0 ? "pacemaker" : name);
}

/* Words of ours are not told: no client of 3.0.6 knows them, and "not set" is the answer for a word unknown. */
HbApiAnswer
hb_api_on_getparm(HbApiCall *call)
{
	const char *name = hb_msg_get(call->request, "pname");
	const char *value;

	if (name == NULL)
		return hb_api_bad(call, "EINVAL");
	value = parameter(call->api->config, name);
	if (value != NULL)
		put(call, "pvalue", value);
	return HB_API_DONE;
}

HbApiAnswer
hb_api_on_getrsc(HbApiCall *call)
{
	const HbView *view = hb_api_view(call->api);

	put(call, "rsc_hold", view->in_transition ? "transition" : hb_hold_name(view->hold));
	return HB_API_DONE;
}

HbApiAnswer
hb_api_on_getuuid(HbApiCall *call)
{
	const char *name = hb_msg_get(call->request, "queryname");
	guint8 uuid[HB_UUID_LEN];

	if (name == NULL)
		return hb_api_bad(call, "no query node name found");
	if (call->api->hooks->uuid_of(call->api->data, name, uuid))
		(void)hb_msg_add(call->reply, HB_FIELD_BINARY, "queryuuid", uuid, sizeof uuid);
	return HB_API_DONE;
}

HbApiAnswer
hb_api_on_getnodename(HbApiCall *call)
{
	HbField field;
	const char *name;

	if (!hb_msg_find(call->request, "queryuuid", &field) || field.type != HB_FIELD_BINARY ||
	    field.len != HB_UUID_LEN)
		return hb_api_bad(call, "no query node name found");
	name = call->api->hooks->name_of(call->api->data, field.value);
	if (name != NULL)
		put(call, "queryname", name);
	return HB_API_DONE;
}
