/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * client_status.c - is a client signed on, anywhere? (doc/client-api.md 2.3)
 *
 * The daemon answers for its own node with a reply; another node answers with a cluster message.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include <glib.h>

#include "hbclient/client.h"
#include "util/time.h"

#include "util/banned.h"

#define FOR_EVER G_MAXINT64

static gboolean
is_answer(const struct ha_msg *msg, const char *clientid)
{
	const char *type = cl_get_string(msg, F_TYPE);
	const char *subtype = cl_get_string(msg, F_SUBTYPE);
	const char *cn = cl_get_string(msg, F_CLIENTNAME);

	if (cn != NULL && strcmp(cn, clientid) != 0)
		return FALSE;           /* to an older question */
	return (type != NULL && g_ascii_strcasecmp(type, T_RCSTATUS) == 0) ||
	       (subtype != NULL && g_ascii_strcasecmp(subtype, T_RCSTATUS) == 0);
}

static gboolean
is_refusal(const struct ha_msg *msg)
{
	const char *type = cl_get_string(msg, F_TYPE);
	const char *reqtype = cl_get_string(msg, F_APIREQ);
	const char *result = cl_get_string(msg, F_APIRESULT);

	return type != NULL && strcmp(type, T_APIRESP) == 0 && reqtype != NULL && strcmp(reqtype, "clientstatus") == 0 &&
	       result != NULL && strcmp(result, "OK") != 0;
}

/* TRUE: something can be received, or the connection has ended. */
static gboolean
wait_until(HbClient *client, gint64 end_ms)
{
	struct pollfd fd = { .fd = client->ch->ops->get_recv_select_fd(client->ch), .events = POLLIN };

	while (!client->ch->ops->is_message_pending(client->ch)) {
		gint64 left_ms = end_ms == FOR_EVER ? -1 : MAX(end_ms - hb_time_now_ms(), 0);

		if (left_ms == 0 || (poll(&fd, 1, (int)MIN(left_ms, G_MAXINT)) < 0 && errno != EINTR))
			return FALSE;
	}
	return TRUE;
}

static const char *
take_answer(HbClient *client, struct ha_msg *msg)
{
	const char *status = cl_get_string(msg, F_CLIENTSTATUS);
	gboolean is_there = status != NULL;

	if (is_there)
		g_strlcpy(client->client_status, status, sizeof client->client_status);
	ha_msg_del(msg);
	return is_there ? client->client_status : NULL;
}

static const char *
wait_for_answer(HbClient *client, const char *clientid, int timeout_ms)
{
	gint64 end_ms = timeout_ms < 0 ? FOR_EVER : hb_time_now_ms() + timeout_ms;

	while (wait_until(client, end_ms)) {
		struct ha_msg *msg = hb_client_receive(client, FALSE);

		if (msg == NULL && client->ch->ch_status != IPC_CONNECT)
			break;
		if (msg == NULL)
			continue;
		if (is_answer(msg, clientid))
			return take_answer(client, msg);
		if (is_refusal(msg)) {
			/* 3.0.6 does not know refusals here and waits in vain; the words are the same. */
			ha_msg_del(msg);
			break;
		}
		hb_client_keep(client, msg);
	}
	hb_client_set_error(client, "No timely response.");
	return NULL;
}

/* The answers come to the cstatus callback. */
static void
ask_all_nodes(HbClient *client, const char *clientid)
{
	struct ha_msg *msg;

	if (client->is_guest) {
		hb_client_set_error(client, "guests may not send to the cluster");
		return;
	}
	msg = ha_msg_new(0);
	(void)ha_msg_add(msg, F_TYPE, T_QCSTATUS);
	(void)ha_msg_add(msg, F_CLIENTNAME, clientid);
	(void)ha_msg_add(msg, F_FROMID, client->id);
	(void)hb_client_tell(client, msg);
}

const char *
hb_op_client_status(ll_cluster_t *hb, const char *node, const char *clientid, int timeout)
{
	HbClient *client = hb_client_of(hb);
	struct ha_msg *request;

	if (!hb_client_needs_signon(client))
		return NULL;
	if (clientid == NULL)
		clientid = client->id;
	if (node == NULL) {
		ask_all_nodes(client, clientid);
		return NULL;
	}
	request = hb_client_request(client, "clientstatus");
	(void)ha_msg_add(request, F_NODE, node);
	(void)ha_msg_add(request, F_CLIENTNAME, clientid);
	if (hb_client_tell(client, request) != HA_OK)
		return NULL;
	return wait_for_answer(client, clientid, timeout);
}
