/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api_requests.c - from a message of a client to the handler of its request, and the requests about the
 * client itself (doc/client-api.md 2.1, 2.3).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <glib.h>

#include "node/api_parts.h"

#include "util/banned.h"

#define SIGNALS_MAX  32
#define SENDQ_MAX    8192
#define SNDBUF_PLUS  32         /* KiB beyond the length of the queue, for short queues */
#define SNDBUF_SHORT 512

#define DEBUG_TREATMENTS (HB_TREAT_ALL & ~HB_TREAT_KEEP)

/* A row without its hb_api_on_...() does not link. */
static HbApiHandler *const handlers[HB_API_REQ_N] = {
#define X(id, handler, name, text) [HB_API_REQ_##id] = hb_api_on_##handler,
#include "wire/apimsg.def"
#undef X
};

/* ---- replies ---- */

static void
send_reply(HbApiCall *call, const char *result)
{
	(void)hb_msg_add_string(call->reply, "result", result);
	hb_api_send(call->api, call->client, call->reply);
}

void
hb_api_call_more(HbApiCall *call)
{
	send_reply(call, HB_API_MORE);
	hb_msg_free(call->reply);
	call->reply = hb_apimsg_reply_new(call->reqtype);
}

static void
send_refusal(HbApiCall *call)
{
	g_autoptr(HbMsg) msg = hb_apimsg_reply_new(call->reqtype);

	(void)hb_msg_add_string(msg, "result", HB_API_BADREQ);
	if (call->info != NULL)
		(void)hb_msg_add_string(msg, "info", call->info);
	hb_api_send(call->api, call->client, msg);
}

static void
serve(HbApi *api, HbApiClient *client, const HbMsg *request, const char *reqtype)
{
	HbApiCall call = { .api = api, .client = client, .request = request, .reqtype = reqtype,
	                   .reply = hb_apimsg_reply_new(reqtype) };
	HbApiHandler *handler = handlers[hb_apimsg_request_type(reqtype)];

	switch (handler != NULL ? handler(&call) : HB_API_BAD) {
	case HB_API_DONE:
		send_reply(&call, HB_API_OK);
		break;
	case HB_API_BAD:
		send_refusal(&call);
		break;
	case HB_API_SILENT:
		break;
	}
	hb_msg_free(call.reply);
}

/* ---- who asks? ---- */

/* The newest client that has this number or this name must be the one at this connection. */
static gboolean
is_by(const HbApi *api, const HbApiClient *client, const HbMsg *request)
{
	const char *pid_text = hb_msg_get(request, "pid");
	const char *id = hb_msg_get(request, "from_id");
	gint64 pid = pid_text != NULL ? g_ascii_strtoll(pid_text, NULL, 10) : 0;

	for (guint i = api->clients->len; i > 0; i--) {
		const HbApiClient *other = g_ptr_array_index(api->clients, i - 1);

		if (!other->is_signed_on || other->is_gone)
			continue;
		if ((pid > 0 && other->peer.pid == pid) || (id != NULL && strcmp(other->id, id) == 0))
			return other == client;
	}
	return FALSE;
}

void
hb_api_request(HbApi *api, HbApiClient *client, const HbMsg *request)
{
	const char *reqtype = hb_msg_get(request, "reqtype");

	if (reqtype == NULL || !is_by(api, client, request))
		hb_api_say_bad(api, client, "a request of nobody, or in the name of another client");
	else
		serve(api, client, request, reqtype);
}

static void
take(HbApi *api, HbApiClient *client, const HbMsg *msg)
{
	const char *type = hb_msg_get(msg, "t");
	const char *reqtype = hb_msg_get(msg, "reqtype");
	gboolean is_request = type != NULL && strcmp(type, HB_API_REQUEST) == 0;

	if (client->is_signed_on && hb_api_wants(api, HB_TREAT_API))
		hb_api_show(api, msg, HB_TREAT_API);
	if (type == NULL)
		hb_api_say_bad(api, client, "a message without a type");
	else if (!client->is_signed_on && (!is_request || reqtype == NULL || strcmp(reqtype, HB_API_SIGNON) != 0))
		hb_api_say_bad(api, client, "speaks before it has signed on");
	else if (!client->is_signed_on)
		hb_api_signon(api, client, msg);
	else if (is_request)
		hb_api_request(api, client, msg);
	else
		hb_api_client_message(api, client, msg);
}

gboolean
hb_api_client_read(HbApi *api, HbApiClient *client)
{
	g_autoptr(GBytes) payload = NULL;
	g_autoptr(HbMsg) msg = NULL;
	gsize len;

	if (client->is_gone)
		return FALSE;
	switch (hb_ipc_read(client->ipc, &payload)) {
	case HB_IPC_OK:
		break;
	case HB_IPC_AGAIN:
		return FALSE;
	case HB_IPC_CLOSED:
		hb_api_remove(api, client, api->hooks->process_lives(api->data, client->peer.pid) ? "EOF" : "died");
		return FALSE;
	default:
		hb_api_say_bad(api, client, "sends something that is no message");
		hb_api_remove(api, client, "badclient");
		return FALSE;
	}
	(void)g_bytes_get_data(payload, &len);
	if (len == 0)
		return TRUE;
	msg = hb_apimsg_decode(g_bytes_get_data(payload, NULL), len);
	if (msg != NULL)
		take(api, client, msg);
	else
		hb_api_say_bad(api, client, "sends a message that cannot be read");
	hb_api_flush(api);
	return !client->is_gone;
}

/* ---- requests about the client itself ---- */

HbApiAnswer
hb_api_on_signoff(HbApiCall *call)
{
	hb_api_remove(call->api, call->client, "signoff");
	return HB_API_SILENT;
}

HbApiAnswer
hb_api_on_setfilter(HbApiCall *call)
{
	HbApiClient *client = call->client;
	guint64 mask;

	if (!hb_apimsg_get_hex(call->request, "fmask", G_MAXUINT32, &mask) || (mask & HB_TREAT_ALL) == 0)
		return hb_api_bad(call, "EINVAL");
	if ((mask & DEBUG_TREATMENTS) != 0 && client->peer.uid != 0)
		return hb_api_bad(call, "EPERM");
	client->mask = (guint32)mask & HB_TREAT_ALL;
	hb_api_count_masks(call->api);
	return HB_API_DONE;
}

/* The reply is the first message that brings the new signal. */
HbApiAnswer
hb_api_on_setsignal(HbApiCall *call)
{
	guint64 sig;

	if (!hb_apimsg_get_dec(call->request, "signal", G_MAXINT, &sig))
		return hb_api_bad(call, hb_msg_get(call->request, "signal") != NULL &&
		                        hb_msg_get(call->request, "signal")[0] == '-' ? "EINVAL" : NULL);
	if (sig >= SIGNALS_MAX || sig == 9 || sig == 19)
		return hb_api_bad(call, "EINVAL");
	call->client->sig = (int)sig;
	return HB_API_DONE;
}

HbApiAnswer
hb_api_on_set_sendqlen(HbApiCall *call)
{
	guint64 len;
	int kib, bytes;

	if (!hb_apimsg_get_dec(call->request, "sendqlen", SENDQ_MAX, &len) || len == 0) {
		hb_api_say_bad(call->api, call->client, "set_sendqlen without a length, or out of range");
		return HB_API_SILENT;
	}
	hb_ipc_set_queue_max(call->client->ipc, (guint)len);
	kib = (int)(len < SNDBUF_SHORT ? len + SNDBUF_PLUS : len);
	bytes = kib * 1024;
	(void)setsockopt(hb_ipc_fd(call->client->ipc), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	return HB_API_SILENT;
}

/* Of a node elsewhere, or of a live one, the answer comes from there, as a message. */
HbApiAnswer
hb_api_on_clientstatus(HbApiCall *call)
{
	const char *name = hb_msg_get(call->request, "node");
	const char *id = hb_msg_get(call->request, "cn");
	int node = name != NULL ? hb_api_node_index(call->api, name) : -1;
	const HbView *view;
	gboolean is_online;

	if (id == NULL || node < 0)
		return hb_api_bad(call, "EINVAL");
	view = hb_api_view(call->api);
	if ((guint)node != call->api->config->self && (guint)node < view->n_nodes &&
	    view->node[node].st == HB_ST_ACTIVE) {
		hb_api_query(call->api, call->api->config->nodes[node].name, id, call->client->id);
		return HB_API_SILENT;
	}
	is_online = (guint)node == call->api->config->self && hb_api_find_id(call->api, id) != NULL;
	(void)hb_msg_add_string(call->reply, "subt", HB_API_RESPOND);
	(void)hb_msg_add_string(call->reply, "cs", is_online ? "online" : "offline");
	return HB_API_DONE;
}
