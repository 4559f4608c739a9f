/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api_send.c - what goes to the cluster for clients: their messages, notices of their coming and going, and
 * questions for them (doc/client-api.md 2.3, 2.4, 3.1).
 */
#include <string.h>

#include <glib.h>

#include "log/log.h"
#include "node/api_parts.h"
#include "wire/typedio.h"

#include "util/banned.h"

/* Room for what is added on the way: names, uuids, numbers, three signatures. */
#define ADDED_MAX 1024
#define FLUSH_MAX 64            /* one message may cause another, never so many */

/* ---- on the way out ---- */

void
hb_api_queue(HbApi *api, HbMsg *msg)
{
	g_queue_push_tail(&api->out, msg);
}

static void
put(HbMsg *msg, const char *name, const char *value)
{
	(void)hb_msg_add_string(msg, name, value);
}

/* A node that is addressed by its uuid alone gets its name, too. */
static void
name_destination(HbApi *api, HbTyped *typed)
{
	const char *name;

	if (typed->dest[0] != '\0' || !typed->has_dest_uuid)
		return;
	name = api->hooks->name_of(api->data, typed->dest_uuid);
	if (name != NULL)
		g_strlcpy(typed->dest, name, sizeof typed->dest);
}

static void
send_one(HbApi *api, const HbMsg *msg)
{
	HbTyped typed;

	if (hb_typed_parse_fifo(msg, &typed) != HB_TYPED_OK)
		return;
	name_destination(api, &typed);
	api->hooks->to_cluster(api->data, &typed);
}

void
hb_api_flush(HbApi *api)
{
	if (api->in_turn)
		return;
	api->in_turn = TRUE;
	for (guint i = 0; i < FLUSH_MAX && !g_queue_is_empty(&api->out); i++) {
		g_autoptr(HbMsg) msg = g_queue_pop_head(&api->out);

		send_one(api, msg);
	}
	api->in_turn = FALSE;
}

/* ---- messages of clients ---- */

/* Only the daemon itself may say these; of the others it understands, a client may give two orders. */
static gboolean
is_for_daemons_alone(const HbTyped *typed)
{
	return typed->type != HB_MSG_OTHER && typed->type != HB_MSG_ASK_RESOURCES &&
	       typed->type != HB_MSG_HB_TAKEOVER;
}

static gboolean
is_name_field(const char *name)
{
	return strcmp(name, "from_id") == 0 || strcmp(name, "to_id") == 0;
}

/* (transfer full) With the sender's name in both fields: a client talks to its namesakes. */
static HbMsg *
in_the_name_of(const HbApiClient *client, const HbMsg *said)
{
	HbMsg *msg = hb_msg_new();
	gboolean has_from = FALSE, has_to = FALSE;

	for (guint i = 0; i < hb_msg_n_fields(said); i++) {
		HbField field = hb_msg_field(said, i);

		if (is_name_field(field.name)) {
			gboolean *has = field.name[0] == 'f' ? &has_from : &has_to;

			if (!*has)
				put(msg, field.name, client->id);
			*has = TRUE;
		} else if (strcmp(field.name, "client_gen") != 0) {
			(void)hb_msg_add(msg, field.type, field.name, field.value, field.len);
		}
	}
	if (!has_from)
		put(msg, "from_id", client->id);
	if (!has_to)
		put(msg, "to_id", client->id);
	(void)hb_msg_add_dec(msg, "client_gen", client->generation);
	return msg;
}

static void
pass_on(HbApi *api, HbApiClient *client, const HbMsg *said)
{
	const char *type = hb_msg_get(said, "t");
	HbMsg *msg;
	HbTyped typed;

	if (hb_typed_parse_fifo(said, &typed) != HB_TYPED_OK || is_for_daemons_alone(&typed) ||
	    strcmp(type, HB_API_CLSTAT) == 0 || g_str_has_prefix(type, "NS_")) {
		hb_api_say_bad(api, client, "a message that it must not send");
		return;
	}
	if (hb_msg_netstring_len(said) > HB_DATAGRAM_MAX - ADDED_MAX) {
		hb_api_say_bad(api, client, "a message that is too large for the network");
		return;
	}
	/* A question is for the daemons, and its answer for the asker: it goes as it is. */
	if (strcmp(type, HB_API_QUERY) == 0) {
		hb_api_query(api, typed.dest[0] != '\0' ? typed.dest : NULL, hb_msg_get(said, "cn"), client->id);
		return;
	}
	msg = in_the_name_of(client, said);
	hb_api_queue(api, msg);
}

void
hb_api_client_message(HbApi *api, HbApiClient *client, const HbMsg *msg)
{
	if (client->is_named) {
		pass_on(api, client, msg);
		return;
	}
	hb_api_say_bad(api, client, "a message for the cluster without a name of its own");
	hb_api_remove(api, client, "badclient");
}

/* ---- coming and going ---- */

static HbMsg *
notice_new(const HbApi *api, const HbApiClient *client, const char *st, const char *info)
{
	HbMsg *msg = hb_msg_new();

	put(msg, "t", HB_API_CLSTAT);
	put(msg, "st", st);
	put(msg, "from_id", client->id);
	put(msg, "to_id", client->id);
	put(msg, "src", api->config->nodes[api->config->self].name);
	put(msg, "info", info);
	(void)hb_msg_add_dec(msg, "client_gen", client->generation);
	return msg;
}

void
hb_api_tell_join(HbApi *api, const HbApiClient *client)
{
	hb_api_queue(api, notice_new(api, client, "join", "signon"));
}

/* The leaving one gets a copy that never was on the network. */
void
hb_api_tell_leave(HbApi *api, HbApiClient *client, const char *reason)
{
	HbMsg *msg = notice_new(api, client, "leave", reason);

	if (strcmp(reason, "signoff") == 0)
		hb_api_send(api, client, msg);
	hb_api_queue(api, msg);
}

/* ---- is that client there? ---- */

void
hb_api_query(HbApi *api, const char *node, const char *id, const char *asker)
{
	HbMsg *msg;

	if (id == NULL)
		return;
	msg = hb_msg_new();
	put(msg, "t", HB_API_QUERY);
	if (node != NULL)
		put(msg, "dest", node);
	put(msg, "cn", id);
	put(msg, "from_id", asker);
	hb_api_queue(api, msg);
}
