/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipfail - hands resources over to the node that reaches more ping nodes. A client of heartbeat on each
 * of two nodes, started by "respawn hacluster .../ipfail"; the messages are those of 3.0.6
 * (doc/client-api.md 6.2), the decisions are in ipfail_logic.c.
 */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include <hb_api.h>
#include <clplumbing/cl_log.h>
#include <clplumbing/cl_misc.h>

#include "clients/ipfail_logic.h"
#include "clients/life.h"
#include "util/time.h"

#include "util/banned.h"

#define T_COUNT  "num_ping_nodes"
#define T_DEAD   "you_are_dead"
#define T_ABORT  "abort_giveup"
#define F_COUNT  "num_ping"

typedef struct {
	ll_cluster_t *hb;
	HbIpfail *logic;
	char *me;
	char *partner;
	guint timer;
} Ipfail;

#define OPS(ipfail) (ipfail)->hb->llc_ops

/* ---- out ---- */

static void
send_to_partner(Ipfail *ipfail, struct ha_msg *msg)
{
	if (OPS(ipfail)->sendnodemsg(ipfail->hb, msg, ipfail->partner) != HA_OK)
		cl_log(LOG_ERR, "cannot send to %s: %s", ipfail->partner, OPS(ipfail)->errmsg(ipfail->hb));
	ha_msg_del(msg);
}

static void
ask_for_standby(Ipfail *ipfail, const char *what)
{
	struct ha_msg *msg = hb_client_msg(T_ASKRESOURCES);

	(void)ha_msg_add(msg, F_RESOURCES, what);
	(void)ha_msg_add(msg, F_ORIG, ipfail->me);
	(void)ha_msg_add(msg, F_COMMENT, "me");
	cl_log(LOG_WARNING, "giving up %s resources", what);
	if (OPS(ipfail)->sendclustermsg(ipfail->hb, msg) != HA_OK)
		cl_log(LOG_ERR, "cannot ask for standby: %s", OPS(ipfail)->errmsg(ipfail->hb));
	ha_msg_del(msg);
}

static void set_timer(Ipfail *ipfail);

static void
perform(Ipfail *ipfail, const HbIpfailTodo *todo)
{
	struct ha_msg *msg;

	if (todo->send_count) {
		msg = hb_client_msg(T_COUNT);
		(void)ha_msg_add(msg, F_ORIG, ipfail->me);
		(void)ha_msg_add_int(msg, F_COUNT, (int)todo->count);
		cl_log(LOG_INFO, "%u ping nodes answer", todo->count);
		send_to_partner(ipfail, msg);
	}
	if (todo->send_you_are_dead)
		send_to_partner(ipfail, hb_client_msg(T_DEAD));
	if (todo->send_abort) {
		msg = hb_client_msg(T_ABORT);
		(void)ha_msg_add(msg, F_ORIG, ipfail->me);
		send_to_partner(ipfail, msg);
	}
	if (todo->standby != NULL)
		ask_for_standby(ipfail, todo->standby);
	set_timer(ipfail);
}

/* ---- what is ---- */

/* Tells the logic which ping nodes answer. */
static void
look(Ipfail *ipfail, HbIpfailTodo *todo)
{
	g_autoptr(GArray) pings = g_array_new(FALSE, FALSE, sizeof(HbIpfailPing));
	const char *node, *type, *status;

	if (OPS(ipfail)->init_nodewalk(ipfail->hb) != HA_OK)
		return;
	while ((node = OPS(ipfail)->nextnode(ipfail->hb)) != NULL) {
		HbIpfailPing ping = { .name = node };

		type = OPS(ipfail)->node_type(ipfail->hb, node);
		if (type == NULL || strcmp(type, "ping") != 0)
			continue;
		status = OPS(ipfail)->node_status(ipfail->hb, node);
		ping.answers = status != NULL && strcmp(status, "ping") == 0;
		g_array_append_val(pings, ping);
	}
	hb_ipfail_pings(ipfail->logic, (HbIpfailPing *)(void *)pings->data, pings->len, hb_time_now_ms(), todo);
	(void)OPS(ipfail)->end_nodewalk(ipfail->hb);
}

static gboolean
partner_is_active(Ipfail *ipfail)
{
	const char *status = OPS(ipfail)->node_status(ipfail->hb, ipfail->partner);

	return status != NULL && strcmp(status, "active") == 0;
}

static gboolean
on_timer(gpointer data)
{
	Ipfail *ipfail = data;
	HbIpfailTodo todo = { 0 };
	const char *resources;
	gboolean is_active;

	ipfail->timer = 0;
	look(ipfail, &todo);
	is_active = partner_is_active(ipfail);
	resources = OPS(ipfail)->get_resources(ipfail->hb);
	hb_ipfail_time(ipfail->logic, resources, is_active, hb_time_now_ms(), &todo);
	perform(ipfail, &todo);
	return G_SOURCE_REMOVE;
}

static void
set_timer(Ipfail *ipfail)
{
	gint64 deadline_ms = hb_ipfail_deadline_ms(ipfail->logic);

	if (ipfail->timer != 0)
		(void)g_source_remove(ipfail->timer);
	ipfail->timer = 0;
	if (deadline_ms != HB_IPFAIL_NEVER)
		ipfail->timer = g_timeout_add((guint)MAX(deadline_ms - hb_time_now_ms(), 0), on_timer, ipfail);
}

/* ---- in ---- */

static void
look_and_perform(Ipfail *ipfail)
{
	HbIpfailTodo todo = { 0 };

	look(ipfail, &todo);
	perform(ipfail, &todo);
}

/* Both: a ping node's link may be given up for dead before the node is, and after it. */
static void
on_node(const char *node, const char *status, void *data)
{
	cl_log(LOG_DEBUG, "node %s is %s", node, status);
	look_and_perform(data);
}

static void
on_link(const char *node, const char *link, const char *status, void *data)
{
	cl_log(LOG_DEBUG, "link %s of %s is %s", link, node, status);
	look_and_perform(data);
}

static void
on_client(const char *node, const char *client, const char *status, void *data)
{
	Ipfail *ipfail = data;
	HbIpfailTodo todo = { 0 };

	(void)client;
	if (g_ascii_strcasecmp(node, ipfail->partner) != 0 || strcmp(status, "join") != 0)
		return;
	look(ipfail, &todo);
	hb_ipfail_joined(ipfail->logic, hb_time_now_ms(), &todo);
	perform(ipfail, &todo);
}

static gboolean
is_from_partner(const Ipfail *ipfail, const struct ha_msg *msg)
{
	const char *from = cl_get_string(msg, F_ORIG);

	return from != NULL && g_ascii_strcasecmp(from, ipfail->partner) == 0;
}

static void
on_count(struct ha_msg *msg, void *data)
{
	Ipfail *ipfail = data;
	HbIpfailTodo todo = { 0 };
	int theirs;

	if (!is_from_partner(ipfail, msg) || ha_msg_value_int(msg, F_COUNT, &theirs) != HA_OK)
		return;
	look(ipfail, &todo);
	hb_ipfail_told_count(ipfail->logic, theirs, hb_time_now_ms(), &todo);
	perform(ipfail, &todo);
}

static void
on_dead(struct ha_msg *msg, void *data)
{
	Ipfail *ipfail = data;
	HbIpfailTodo todo = { 0 };

	if (!is_from_partner(ipfail, msg))
		return;
	hb_ipfail_told_dead(ipfail->logic, hb_time_now_ms());
	perform(ipfail, &todo);
}

static void
on_abort(struct ha_msg *msg, void *data)
{
	Ipfail *ipfail = data;
	HbIpfailTodo todo = { 0 };

	if (!is_from_partner(ipfail, msg))
		return;
	hb_ipfail_told_abort(ipfail->logic);
	perform(ipfail, &todo);
}

/* ---- start ---- */

/* HB_CLIENT_OK, or why it cannot work here. */
static int
read_settings(Ipfail *ipfail)
{
	char *failback;
	int is_on = FALSE;

	if (OPS(ipfail)->get_resources(ipfail->hb) == NULL) {
		cl_log(LOG_ERR, "heartbeat does not manage resources here: %s", OPS(ipfail)->errmsg(ipfail->hb));
		return HB_CLIENT_NO_USE;
	}
	ipfail->me = g_strdup(OPS(ipfail)->get_mynodeid(ipfail->hb));
	failback = OPS(ipfail)->get_parameter(ipfail->hb, KEY_AUTOFAIL);
	if (failback != NULL && cl_str_to_boolean(failback, &is_on) != HA_OK) {
		cl_log(LOG_ERR, "auto_failback %s: ipfail works with on and off only", failback);
		free(failback);
		return HB_CLIENT_NO_USE;
	}
	free(failback);
	ipfail->logic = hb_ipfail_new(MAX(OPS(ipfail)->get_keepalive(ipfail->hb), 1), is_on);
	hb_client_core_dir(ipfail->hb);
	return OPS(ipfail)->setfmode(ipfail->hb, LLC_FILTER_DEFAULT) == HA_OK ? HB_CLIENT_OK : HB_CLIENT_FAULT;
}

static int
find_partner(Ipfail *ipfail)
{
	const char *node, *type;

	if (OPS(ipfail)->init_nodewalk(ipfail->hb) != HA_OK)
		return HB_CLIENT_FAULT;
	while ((node = OPS(ipfail)->nextnode(ipfail->hb)) != NULL) {
		type = OPS(ipfail)->node_type(ipfail->hb, node);
		if (type == NULL || strcmp(type, "normal") != 0 || g_ascii_strcasecmp(node, ipfail->me) == 0)
			continue;
		g_free(ipfail->partner);
		ipfail->partner = g_strdup(node);
	}
	(void)OPS(ipfail)->end_nodewalk(ipfail->hb);
	if (ipfail->partner == NULL)
		cl_log(LOG_ERR, "there is no other node: ipfail is for two");
	return ipfail->partner != NULL ? HB_CLIENT_OK : HB_CLIENT_NO_USE;
}

static int
begin(void *data)
{
	Ipfail *ipfail = data;
	int rc;

	if (OPS(ipfail)->signon(ipfail->hb, "ipfail") != HA_OK) {
		cl_log(LOG_ERR, "cannot sign on with heartbeat: %s", OPS(ipfail)->errmsg(ipfail->hb));
		return HB_CLIENT_FAULT;
	}
	rc = read_settings(ipfail);
	if (rc == HB_CLIENT_OK)
		rc = find_partner(ipfail);
	if (rc != HB_CLIENT_OK)
		return rc;
	(void)OPS(ipfail)->set_nstatus_callback(ipfail->hb, on_node, ipfail);
	(void)OPS(ipfail)->set_ifstatus_callback(ipfail->hb, on_link, ipfail);
	(void)OPS(ipfail)->set_cstatus_callback(ipfail->hb, on_client, ipfail);
	(void)OPS(ipfail)->set_msg_callback(ipfail->hb, T_COUNT, on_count, ipfail);
	(void)OPS(ipfail)->set_msg_callback(ipfail->hb, T_DEAD, on_dead, ipfail);
	(void)OPS(ipfail)->set_msg_callback(ipfail->hb, T_ABORT, on_abort, ipfail);
	if (OPS(ipfail)->setmsgsignal(ipfail->hb, 0) != HA_OK)
		return HB_CLIENT_FAULT;
	look_and_perform(ipfail);
	return HB_CLIENT_OK;
}

int
main(void)
{
	Ipfail ipfail = { .hb = ll_cluster_new("heartbeat") };

	return hb_client_life("ipfail", ipfail.hb, begin, &ipfail);
}
