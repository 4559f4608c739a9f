/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api_signon.c - the first request of a connection (doc/client-api.md 2.2).
 */
#include "config.h"

#include <string.h>

#include <glib.h>

#include "log/log.h"
#include "node/api_parts.h"
#include "util/limits.h"

#include "util/banned.h"

/* In the form of 3.0.6, which has the identity of its build there. */
#define HBVERSION PACKAGE_VERSION " (node: heartbeat 4)"

typedef struct {
	HbApi *api;
	HbApiClient *client;
	const HbMsg *request;
	gint64 pid;
} Signon;

static const char *
check_pid(Signon *signon)
{
	guint64 pid;

	if (!hb_apimsg_get_dec(signon->request, "pid", G_MAXINT, &pid) || pid == 0)
		return "bad pid";
	signon->pid = (gint64)pid;
	return signon->api->hooks->process_lives(signon->api->data, (pid_t)pid) ? NULL : "bad pid";
}

/* A name that begins with the number of the process is none. */
static const char *
check_id(Signon *signon)
{
	HbApiClient *client = signon->client;
	const char *id = hb_msg_get(signon->request, "from_id");
	char text[HB_API_ID_MAX + 1];

	client->is_named = id != NULL && g_ascii_strtoll(id, NULL, 10) != signon->pid;
	if (client->is_named)
		g_strlcpy(text, id, sizeof text);
	else
		g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, signon->pid);
	if (hb_api_find_id(signon->api, text) != NULL)
		return "duplicate add request";
	g_strlcpy(client->id, text, sizeof client->id);
	return NULL;
}

static const char *
check_credentials(Signon *signon)
{
	guint64 uid, gid;

	if (!hb_apimsg_get_dec(signon->request, "uid", G_MAXUINT32, &uid) ||
	    !hb_apimsg_get_dec(signon->request, "gid", G_MAXUINT32, &gid))
		return "invalid id info";
	if (signon->client->peer.uid != (uid_t)uid || signon->client->peer.gid != (gid_t)gid)
		return "incorrect/false credentials";
	return NULL;
}

static const char *
check_right(Signon *signon)
{
	const HbApiClient *client = signon->client;

	return hb_api_auth_refuses(signon->api, client->id, client->is_named, client->peer.uid, client->peer.gid);
}

static const char *
check_process(Signon *signon)
{
	return signon->client->peer.pid == (pid_t)signon->pid ? NULL : "pid mismatch";
}

/* In the order of the reference: the first reason is the one that is told. */
static const char *(*const checks[])(Signon *signon) = {
	check_pid,
	check_id,
	check_credentials,
	check_right,
	check_process,
};

static void
put(HbMsg *msg, const char *name, const char *value)
{
	(void)hb_msg_add_string(msg, name, value);
}

static void
put_facility(HbMsg *reply, const char *facility)
{
	int number = facility != NULL ? hb_log_facility_number(facility) : 0;

	/* "none" is 0 with 3.0.6, and what is not there -1 */
	if (facility == NULL)
		put(reply, "logfacility", "-1");
	else
		(void)hb_msg_add_dec(reply, "logfacility", (guint64)MAX(number, 0));
}

static void
reply(Signon *signon, const char *refusal)
{
	const HbConfig *config = signon->api->config;
	g_autoptr(HbMsg) msg = hb_apimsg_reply_new(HB_API_SIGNON);

	if (refusal != NULL)
		put(msg, "info", refusal);
	put(msg, "result", refusal != NULL ? HB_API_BADREQ : HB_API_OK);
	(void)hb_msg_add_hex(msg, "deadtime", config->deadtime_ms);
	(void)hb_msg_add_hex(msg, "keepalive", config->keepalive_ms);
	put(msg, "node", config->nodes[config->self].name);
	put(msg, "hbversion", HBVERSION);
	put(msg, "pacemaker", hb_config_recorded(config, "pacemaker"));
	put_facility(msg, hb_config_recorded(config, "logfacility"));
	hb_api_send(signon->api, signon->client, msg);
}

static void
refuse(Signon *signon, const char *why)
{
	g_autofree char *text = g_strdup_printf("sign-on refused: %s", why);

	hb_api_say_bad(signon->api, signon->client, text);
	reply(signon, why);
	hb_api_remove(signon->api, signon->client, why);
}

void
hb_api_signon(HbApi *api, HbApiClient *client, const HbMsg *request)
{
	Signon signon = { .api = api, .client = client, .request = request };

	client->generation = api->next_generation++;
	for (guint i = 0; i < G_N_ELEMENTS(checks); i++) {
		const char *why = checks[i](&signon);

		if (why != NULL) {
			refuse(&signon, why);
			return;
		}
	}
	client->is_signed_on = TRUE;
	client->mask = HB_TREAT_KEEP;
	hb_api_count_masks(api);
	/* Its own notice comes before the reply. */
	if (client->is_named) {
		client->has_joined = TRUE;
		hb_api_tell_join(api, client);
		hb_api_flush(api);
	}
	reply(&signon, NULL);
}
