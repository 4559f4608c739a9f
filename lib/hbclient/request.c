/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * request.c - one request and its replies (doc/client-api.md 2.1).
 *
 * Replies come in the order of requests; what comes between them is kept for the program.
 */
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "hbclient/client.h"

#include "util/banned.h"

struct ha_msg *
hb_client_request(HbClient *client, const char *reqtype)
{
	struct ha_msg *msg = ha_msg_new(0);

	(void)ha_msg_add(msg, F_TYPE, T_APIREQ);
	(void)ha_msg_add(msg, F_APIREQ, reqtype);
	(void)ha_msg_add(msg, F_TO, client->node);
	(void)ha_msg_add_int(msg, F_PID, (int)getpid());
	(void)ha_msg_add(msg, F_FROMID, client->id);
	return msg;
}

int
hb_client_tell(HbClient *client, struct ha_msg *request)
{
	int rc = msg2ipcchan(request, client->ch);

	ha_msg_del(request);
	if (rc != HA_OK)
		hb_client_set_error(client, "cannot send to heartbeat");
	return rc;
}

struct ha_msg *
hb_client_next_reply(HbClient *client, const char *reqtype)
{
	for (;;) {
		struct ha_msg *msg = hb_client_receive(client, TRUE);
		const char *type = cl_get_string(msg, F_TYPE);
		const char *answered = cl_get_string(msg, F_APIREQ);

		if (msg == NULL) {
			if (client->ch->ch_status == IPC_CONNECT)
				continue;       /* a signal: the answer is still to come */
			hb_client_set_error(client, "connection to heartbeat lost");
			return NULL;
		}
		if (type != NULL && strcmp(type, T_APIRESP) == 0) {
			if (answered != NULL && strcmp(answered, reqtype) == 0)
				return msg;
			ha_msg_del(msg);        /* to a question that was given up */
		} else {
			hb_client_keep(client, msg);
		}
	}
}

struct ha_msg *
hb_client_ask(HbClient *client, struct ha_msg *request)
{
	g_autofree char *reqtype = g_strdup(cl_get_string(request, F_APIREQ));
	struct ha_msg *reply;
	const char *result, *info;

	if (hb_client_tell(client, request) != HA_OK)
		return NULL;
	reply = hb_client_next_reply(client, reqtype);
	if (reply == NULL)
		return NULL;
	result = cl_get_string(reply, F_APIRESULT);
	if (result != NULL && (strcmp(result, "OK") == 0 || strcmp(result, "ok/more") == 0))
		return reply;
	info = cl_get_string(reply, F_COMMENT);
	if (info != NULL)
		hb_client_set_error(client, info);
	ha_msg_del(reply);
	return NULL;
}
