/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every operation of hb_api.h, with a daemon that is played by a child of this test. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "hbclient/client.h"

#include "util/banned.h"

#define OPS(hb) (hb)->llc_ops

/* ---- the played daemon ---- */

static void
answer(IPC_Channel *ch, const char *reqtype, const char *result, ...)
{
	struct ha_msg *msg = ha_msg_new(0);
	const char *name;
	va_list args;

	(void)ha_msg_add(msg, F_TYPE, T_APIRESP);
	(void)ha_msg_add(msg, F_APIREQ, reqtype);
	va_start(args, result);
	while ((name = va_arg(args, const char *)) != NULL)
		(void)ha_msg_add(msg, name, va_arg(args, const char *));
	va_end(args);
	(void)ha_msg_add(msg, F_APIRESULT, result);
	(void)msg2ipcchan(msg, ch);
	ha_msg_del(msg);
}

static void
tell(IPC_Channel *ch, const char *text)
{
	IPC_Message *msg = ch->ops->new_ipcmsg(ch, text, (int)strlen(text) + 1, NULL);

	(void)ch->ops->send(ch, msg);
}

static void
answer_signon(IPC_Channel *ch, const char *id)
{
	gboolean is_refused = strcmp(id, "stranger") == 0;

	if (!is_refused)
		tell(ch, ">>>\nt=hbapi-clstat\nst=join\nfrom_id=me\nto_id=me\nsrc=here\n<<<\n");
	answer(ch, "signon", is_refused ? "badreq" : "OK", F_DEADTIME, "3e8", F_KEEPALIVE, "c8", F_NODE, "here",
	       KEY_HBVERSION, "4 (test)", KEY_PACEMAKER, "off", F_LOGFACILITY, "24",
	       is_refused ? F_COMMENT : NULL, "no default client auth", NULL);
}

static void
answer_uuid(IPC_Channel *ch, const char *reqtype, const struct ha_msg *msg)
{
	struct ha_msg *reply = ha_msg_new(0);
	cl_uuid_t uuid = { "0123456789abcde" };

	(void)ha_msg_add(reply, F_TYPE, T_APIRESP);
	(void)ha_msg_add(reply, F_APIREQ, reqtype);
	if (strcmp(reqtype, "getnodename") == 0)
		(void)ha_msg_add(reply, "queryname", "there");
	else if (strcmp(cl_get_string(msg, "queryname"), "there") == 0)
		(void)ha_msg_adduuid(reply, "queryuuid", &uuid);
	(void)ha_msg_add(reply, F_APIRESULT, "OK");
	(void)msg2ipcchan(reply, ch);
	ha_msg_del(reply);
}

static void
answer_list(IPC_Channel *ch, const char *reqtype, const char *node)
{
	if (strcmp(reqtype, "nodelist") == 0) {
		answer(ch, reqtype, "ok/more", F_NODE, "here", F_NODETYPE, "normal", F_STATUS, "active", NULL);
		tell(ch, ">>>\nt=status\nsrc=there\nst=dead\n<<<\n");        /* in between */
		answer(ch, reqtype, "OK", F_NODE, "there", F_NODETYPE, "normal", F_STATUS, "up", NULL);
	} else if (strcmp(node, "nosuch") == 0) {
		answer(ch, reqtype, "badreq", F_COMMENT, "EINVAL", NULL);
	} else {
		answer(ch, reqtype, "ok/more", F_IFNAME, "eth0", F_STATUS, "up", NULL);
		answer(ch, reqtype, "ok/more", F_IFNAME, "eth1", F_STATUS, "dead", NULL);
		answer(ch, reqtype, "OK", F_IFNAME, "eth1", F_STATUS, "dead", NULL);
	}
}

static void
answer_client_status(IPC_Channel *ch, const char *node, const char *id)
{
	if (strcmp(node, "here") == 0) {
		answer(ch, "clientstatus", "OK", F_SUBTYPE, T_RCSTATUS, F_CLIENTSTATUS, "offline", NULL);
	} else if (strcmp(node, "there") == 0) {
		tell(ch, ">>>\nt=respond-cstatus\ncn=older\ncs=offline\nsrc=there\n<<<\n");
		tell(ch, id[0] == 'm' ? ">>>\nt=respond-cstatus\ncn=me\ncs=online\nsrc=there\n<<<\n" : "junk");
	} else if (strcmp(node, "nosuch") == 0) {
		answer(ch, "clientstatus", "badreq", F_COMMENT, "EINVAL", NULL);
	}       /* else: it never answers */
}

static const struct {
	const char *reqtype, *field, *value;
} simple[] = {
	{ "nodestatus", F_STATUS, "active" }, { "nodeweight", F_WEIGHT, "100" }, { "nodesite", F_SITE, "" },
	{ "nodetype", F_NODETYPE, "ping" }, { "numnodes", F_NUMNODES, "2" }, { "ifstatus", F_STATUS, "up" },
	{ "getrsc", F_RESOURCES, "local" },
};

static void
answer_request(IPC_Channel *ch, const struct ha_msg *msg)
{
	const char *reqtype = cl_get_string(msg, F_APIREQ);
	const char *node = cl_get_string(msg, F_NODE);
	const char *text;

	for (gsize i = 0; i < G_N_ELEMENTS(simple); i++) {
		if (strcmp(simple[i].reqtype, reqtype) != 0)
			continue;
		if (node != NULL && strcmp(node, "nosuch") == 0)
			answer(ch, reqtype, "badreq", F_COMMENT, "EINVAL", NULL);
		else
			answer(ch, reqtype, "OK", simple[i].field, simple[i].value, NULL);
		return;
	}
	if (strcmp(reqtype, "signon") == 0)
		answer_signon(ch, cl_get_string(msg, F_FROMID));
	else if (strcmp(reqtype, "nodelist") == 0 || strcmp(reqtype, "iflist") == 0)
		answer_list(ch, reqtype, node);
	else if (strcmp(reqtype, "getuuid") == 0 || strcmp(reqtype, "getnodename") == 0)
		answer_uuid(ch, reqtype, msg);
	else if (strcmp(reqtype, "clientstatus") == 0)
		answer_client_status(ch, node, cl_get_string(msg, F_CLIENTNAME));
	else if (strcmp(reqtype, "getparm") == 0)
		answer(ch, reqtype, "OK", strcmp(cl_get_string(msg, F_PNAME), "keepalive") == 0 ? F_PVALUE : NULL, "200ms", NULL);
	else if (strcmp(reqtype, "setfilter") == 0)     /* only the default is for everybody */
		answer(ch, reqtype, strcmp(cl_get_string(msg, "fmask"), "1") == 0 ? "OK" : "badreq", F_COMMENT, "EPERM", NULL);
	else if (strcmp(reqtype, "setsignal") == 0)
		answer(ch, reqtype, (text = cl_get_string(msg, "signal")) && strcmp(text, "9") != 0 ? "OK" : "badreq", NULL);
}

static void
play_daemon(IPC_Channel *ch)
{
	struct ha_msg *msg;

	while ((msg = msgfromIPC_noauth(ch)) != NULL) {
		if (strcmp(cl_get_string(msg, F_TYPE), T_APIREQ) == 0) {
			answer_request(ch, msg);
		} else if (strcmp(cl_get_string(msg, F_TYPE), "go") == 0) {
			break;
		} else {                /* to everybody, the sender too */
			(void)ha_msg_mod(msg, F_ORIG, "here");
			(void)ha_msg_mod(msg, F_CLIENT_GENERATION, "0");
			(void)msg2ipcchan(msg, ch);
		}
		ha_msg_del(msg);
	}
	ha_msg_del(msg);
	ch->ops->destroy(ch);
}

static char *dir, *path;
static pid_t daemon_pid;

static void
daemon_start(void)
{
	GHashTable *attrs = g_hash_table_new(g_str_hash, g_str_equal);
	IPC_WaitConnection *wait_conn;

	dir = g_dir_make_tmp("hb-api-XXXXXX", NULL);
	path = g_build_filename(dir, "register", NULL);
	g_hash_table_insert(attrs, (gpointer)IPC_PATH_ATTR, path);
	wait_conn = ipc_wait_conn_constructor(IPC_ANYTYPE, attrs);
	g_assert_nonnull(wait_conn);
	daemon_pid = fork();
	if (daemon_pid == 0) {
		for (;;) {
			GPollFD fd = { .fd = wait_conn->ops->get_select_fd(wait_conn), .events = G_IO_IN };
			IPC_Channel *ch;

			(void)g_poll(&fd, 1, -1);
			ch = wait_conn->ops->accept_connection(wait_conn, NULL);
			if (ch != NULL)
				play_daemon(ch);
		}
	}
	wait_conn->ops->destroy(wait_conn);
	g_hash_table_unref(attrs);
}

static void
daemon_stop(void)
{
	(void)kill(daemon_pid, SIGKILL);
	(void)waitpid(daemon_pid, NULL, 0);
	g_unlink(path);
	g_rmdir(dir);
	g_free(path);
	g_free(dir);
}

static ll_cluster_t *
client_new(const char *id)
{
	ll_cluster_t *hb = ll_cluster_new("heartbeat");

	hb_client_set_path(hb, path);
	if (id == NULL || id[0] != '\0')
		g_assert_cmpint(OPS(hb)->signon(hb, id), ==, HA_OK);
	return hb;
}

/* ---- tests ---- */

static void
test_object_without_a_daemon(void)
{
	ll_cluster_t *hb = ll_cluster_new("heartbeat");

	g_assert_null(ll_cluster_new("other"));
	g_assert_null(ll_cluster_new(NULL));
	hb_client_set_path(hb, "/nowhere/register");
	g_assert_cmpint(OPS(hb)->signon(hb, "me"), ==, HA_FAIL);
	g_assert_cmpstr(OPS(hb)->errmsg(hb), ==, "hb_api_signon: Can't initiate connection to heartbeat");
	g_assert_cmpint(OPS(hb)->get_deadtime(hb), ==, -1);
	g_assert_cmpint(OPS(hb)->get_keepalive(hb), ==, -1);
	g_assert_null(OPS(hb)->get_mynodeid(hb));
	g_assert_cmpstr(OPS(hb)->errmsg(hb), ==, "not signed on");
	g_assert_null(OPS(hb)->node_status(hb, "x"));
	g_assert_cmpint(OPS(hb)->num_nodes(hb), ==, -1);
	g_assert_cmpint(OPS(hb)->inputfd(hb), ==, -1);
	g_assert_null(OPS(hb)->ipcchan(hb));
	g_assert_cmpint(OPS(hb)->get_logfacility(hb), ==, -1);
	g_assert_false(OPS(hb)->chan_is_connected(hb));
	g_assert_cmpint(OPS(hb)->signoff(hb, TRUE), ==, HA_OK);
	g_assert_cmpint(OPS(hb)->delete(hb), ==, HA_OK);
}

static void
test_signon_and_what_it_tells(void)
{
	ll_cluster_t *hb = client_new("");
	char *value;

	g_assert_cmpint(OPS(hb)->signon(hb, "stranger"), ==, HA_FAIL);
	g_assert_cmpstr(OPS(hb)->errmsg(hb), ==, "no default client auth");
	g_assert_cmpint(OPS(hb)->get_deadtime(hb), ==, 1000);
	g_assert_cmpint(OPS(hb)->signon(hb, "me"), ==, HA_OK);
	g_assert_cmpint(OPS(hb)->get_keepalive(hb), ==, 200);
	g_assert_cmpstr(OPS(hb)->get_mynodeid(hb), ==, "here");
	g_assert_cmpint(OPS(hb)->get_logfacility(hb), ==, 24);
	g_assert_true(OPS(hb)->chan_is_connected(hb));
	g_assert_cmpint(OPS(hb)->inputfd(hb), >=, 0);
	g_assert_nonnull(OPS(hb)->ipcchan(hb));
	value = OPS(hb)->get_parameter(hb, KEY_HBVERSION);
	g_assert_cmpstr(value, ==, "4 (test)");
	free(value);
	value = OPS(hb)->get_parameter(hb, KEY_REL2);
	g_assert_cmpstr(value, ==, "off");
	free(value);
	value = OPS(hb)->get_parameter(hb, KEY_KEEPALIVE);
	g_assert_cmpstr(value, ==, "200ms");
	free(value);
	g_assert_null(OPS(hb)->get_parameter(hb, KEY_WATCHDOG));
	g_assert_cmpint(OPS(hb)->signoff(hb, FALSE), ==, HA_OK);
	g_assert_false(OPS(hb)->chan_is_connected(hb));
	OPS(hb)->delete(hb);
}

static void
test_questions(void)
{
	ll_cluster_t *hb = client_new(NULL);
	cl_uuid_t uuid;
	char name[4];

	g_assert_cmpstr(OPS(hb)->node_status(hb, "here"), ==, "active");
	g_assert_null(OPS(hb)->node_status(hb, "nosuch"));
	g_assert_cmpstr(OPS(hb)->errmsg(hb), ==, "EINVAL");
	g_assert_cmpint(OPS(hb)->node_weight(hb, "here"), ==, 100);
	g_assert_cmpint(OPS(hb)->node_weight(hb, "nosuch"), ==, -1);
	g_assert_cmpstr(OPS(hb)->node_site(hb, "here"), ==, "");
	g_assert_cmpstr(OPS(hb)->node_type(hb, "here"), ==, "ping");
	g_assert_cmpint(OPS(hb)->num_nodes(hb), ==, 2);
	g_assert_cmpstr(OPS(hb)->if_status(hb, "here", "eth0"), ==, "up");
	g_assert_cmpstr(OPS(hb)->get_resources(hb), ==, "local");
	g_assert_cmpint(OPS(hb)->get_uuid_by_name(hb, "there", &uuid), ==, HA_OK);
	g_assert_cmpint(uuid.uuid[0], ==, '0');
	g_assert_cmpint(OPS(hb)->get_uuid_by_name(hb, "unknown", &uuid), ==, HA_FAIL);
	g_assert_cmpint(OPS(hb)->get_name_by_uuid(hb, &uuid, name, sizeof name), ==, HA_OK);
	g_assert_cmpstr(name, ==, "the");
	g_assert_cmpint(OPS(hb)->setmsgsignal(hb, 0), ==, HA_OK);
	g_assert_cmpint(OPS(hb)->setmsgsignal(hb, 9), ==, HA_FAIL);
	g_assert_cmpint(OPS(hb)->setfmode(hb, LLC_FILTER_DEFAULT), ==, HA_OK);
	g_assert_cmpint(OPS(hb)->setfmode(hb, LLC_FILTER_RAW), ==, HA_FAIL);
	g_assert_cmpstr(OPS(hb)->errmsg(hb), ==, "EPERM");
	g_assert_cmpint(OPS(hb)->setfmode(hb, 4), ==, HA_FAIL);
	g_assert_cmpint(OPS(hb)->set_sendq_len(hb, 1024), ==, HA_OK);
	g_assert_cmpint(OPS(hb)->set_sendq_len(hb, 0), ==, HA_FAIL);
	g_assert_cmpint(OPS(hb)->set_send_block_mode(hb, FALSE), ==, HA_OK);
	OPS(hb)->delete(hb);
}

static void
test_walks_go_backwards_and_remember(void)
{
	ll_cluster_t *hb = client_new(NULL);

	g_assert_cmpint(OPS(hb)->init_nodewalk(hb), ==, HA_OK);
	g_assert_cmpstr(OPS(hb)->nextnode(hb), ==, "there");
	g_assert_cmpstr(OPS(hb)->node_status(hb, "there"), ==, "up");      /* of the list */
	g_assert_cmpstr(OPS(hb)->node_type(hb, "there"), ==, "normal");
	g_assert_cmpstr(OPS(hb)->node_status(hb, "here"), ==, "active");   /* asked for */
	g_assert_cmpstr(OPS(hb)->nextnode(hb), ==, "here");
	g_assert_null(OPS(hb)->nextnode(hb));
	g_assert_cmpint(OPS(hb)->end_nodewalk(hb), ==, HA_OK);
	g_assert_null(OPS(hb)->nextnode(hb));

	g_assert_cmpint(OPS(hb)->init_ifwalk(hb, "nosuch"), ==, HA_FAIL);
	g_assert_cmpstr(OPS(hb)->errmsg(hb), ==, "EINVAL");
	g_assert_cmpint(OPS(hb)->init_ifwalk(hb, "here"), ==, HA_OK);
	g_assert_cmpstr(OPS(hb)->nextif(hb), ==, "eth1");
	g_assert_cmpstr(OPS(hb)->if_status(hb, "here", "eth1"), ==, "dead");
	g_assert_cmpstr(OPS(hb)->if_status(hb, "there", "eth1"), ==, "up");
	g_assert_cmpstr(OPS(hb)->nextif(hb), ==, "eth0");
	g_assert_null(OPS(hb)->nextif(hb));
	g_assert_cmpint(OPS(hb)->end_ifwalk(hb), ==, HA_OK);
	OPS(hb)->delete(hb);
}

static void
test_status_of_clients(void)
{
	ll_cluster_t *hb = client_new("me");

	g_assert_cmpstr(OPS(hb)->client_status(hb, "here", "other", 5000), ==, "offline");
	g_assert_cmpstr(OPS(hb)->client_status(hb, "there", NULL, -1), ==, "online");
	g_assert_null(OPS(hb)->client_status(hb, "silent", NULL, 20));
	g_assert_cmpstr(OPS(hb)->errmsg(hb), ==, "No timely response.");
	g_assert_null(OPS(hb)->client_status(hb, "nosuch", NULL, -1));
	g_assert_null(OPS(hb)->client_status(hb, NULL, "x", 0));
	OPS(hb)->delete(hb);
	hb = client_new(NULL);
	g_assert_null(OPS(hb)->client_status(hb, NULL, "x", 0));
	g_assert_cmpstr(OPS(hb)->errmsg(hb), !=, "");
	OPS(hb)->delete(hb);
}

static GString *seen;

static void
on_node(const char *node, const char *status, void *data)
{
	g_string_append_printf(seen, "%s %s %s;", (const char *)data, node, status);
}

static void
on_link(const char *node, const char *link, const char *status, void *data)
{
	g_string_append_printf(seen, "%s %s %s %s;", (const char *)data, node, link, status);
}

static void
on_msg(struct ha_msg *msg, void *data)
{
	g_string_append_printf(seen, "%s %s;", (const char *)data, cl_get_string(msg, "val"));
}

static void
send_one(ll_cluster_t *hb, const char *type, const char *name, const char *value)
{
	struct ha_msg *msg = ha_msg_new(0);

	(void)ha_msg_add(msg, F_TYPE, type);
	(void)ha_msg_add(msg, name, value);
	g_assert_cmpint(OPS(hb)->sendclustermsg(hb, msg), ==, HA_OK);
	ha_msg_del(msg);
}

static void
test_callbacks_and_the_rest(void)
{
	ll_cluster_t *hb = client_new("me");
	struct ha_msg *msg;

	seen = g_string_new(NULL);
	g_assert_cmpint(OPS(hb)->set_nstatus_callback(hb, on_node, (void *)"N"), ==, HA_OK);
	g_assert_cmpint(OPS(hb)->set_ifstatus_callback(hb, on_link, (void *)"L"), ==, HA_OK);
	g_assert_cmpint(OPS(hb)->set_cstatus_callback(hb, on_link, (void *)"C"), ==, HA_OK);
	g_assert_cmpint(OPS(hb)->set_msg_callback(hb, "mine", on_msg, (void *)"M"), ==, HA_OK);
	g_assert_cmpint(OPS(hb)->set_msg_callback(hb, "never", NULL, NULL), ==, HA_FAIL);

	g_assert_cmpint(OPS(hb)->msgready(hb), ==, 1);         /* the notice of our own joining */
	g_assert_null(OPS(hb)->readmsg(hb, 0));
	g_assert_cmpstr(seen->str, ==, "C here me join;");
	g_assert_cmpint(OPS(hb)->init_nodewalk(hb), ==, HA_OK);
	g_assert_cmpint(OPS(hb)->rcvmsg(hb, 0), ==, 0);        /* what came between the replies */
	g_assert_cmpstr(seen->str, ==, "C here me join;N there dead;");

	g_string_truncate(seen, 0);
	send_one(hb, "mine", "val", "1");
	send_one(hb, "NS_ST", F_STATUS, "ping");
	send_one(hb, "other", "val", "2");
	msg = OPS(hb)->readmsg(hb, 1);
	g_assert_cmpstr(cl_get_string(msg, F_TYPE), ==, "other");
	g_assert_cmpstr(seen->str, ==, "M 1;N here ping;");
	ha_msg_del(msg);
	g_assert_cmpint(OPS(hb)->set_msg_callback(hb, "mine", NULL, NULL), ==, HA_OK);
	send_one(hb, "mine", "val", "3");
	g_assert_cmpint(OPS(hb)->rcvmsg(hb, 1), ==, 1);
	g_assert_cmpint(OPS(hb)->msgready(hb), ==, 0);

	send_one(hb, "go", "val", "");                          /* the daemon ends the connection */
	g_assert_null(OPS(hb)->readmsg(hb, 1));
	g_assert_false(OPS(hb)->chan_is_connected(hb));
	OPS(hb)->delete(hb);
	g_string_free(seen, TRUE);
}

static void
test_sending(void)
{
	ll_cluster_t *hb = client_new("me"), *guest = client_new("");
	struct ha_msg *msg = ha_msg_new(0), *got;
	cl_uuid_t uuid;

	g_assert_cmpint(OPS(hb)->sendclustermsg(hb, msg), ==, HA_FAIL);    /* no type */
	(void)ha_msg_add(msg, F_TYPE, "x");
	g_assert_cmpint(OPS(guest)->sendclustermsg(guest, msg), ==, HA_FAIL);
	ha_msg_del(OPS(hb)->readmsg(hb, 1));
	cl_uuid_generate(&uuid);
	g_assert_cmpint(OPS(hb)->sendnodemsg(hb, msg, "here"), ==, HA_OK);
	got = OPS(hb)->readmsg(hb, 1);
	g_assert_cmpstr(cl_get_string(got, F_TO), ==, "here");
	ha_msg_del(got);
	g_assert_cmpint(OPS(hb)->send_ordered_nodemsg(hb, msg, "here"), ==, HA_OK);
	g_assert_cmpstr(cl_get_string(msg, F_ORDERSEQ), ==, "1");
	g_assert_cmpint(OPS(hb)->send_ordered_nodemsg(hb, msg, "here"), ==, HA_OK);
	g_assert_cmpstr(cl_get_string(msg, F_ORDERSEQ), ==, "2");
	ha_msg_del(msg);
	msg = ha_msg_new(0);
	(void)ha_msg_add(msg, F_TYPE, "x");
	g_assert_cmpint(OPS(hb)->send_ordered_clustermsg(hb, msg), ==, HA_OK);
	g_assert_cmpstr(cl_get_string(msg, F_ORDERSEQ), ==, "1");
	g_assert_cmpint(OPS(hb)->sendnodemsg_byuuid(hb, msg, &uuid), ==, HA_OK);
	g_assert_cmpint(cl_get_type(msg, F_TOUUID), ==, FT_BINARY);
	ha_msg_del(msg);
	OPS(hb)->delete(hb);
	OPS(guest)->delete(guest);
}

static gboolean
on_ready(ll_cluster_t *hb, gpointer data)
{
	ha_msg_del(OPS(hb)->readmsg(hb, 0));
	++*(guint *)data;
	return FALSE;
}

static void
count_end(gpointer data)
{
	*(guint *)data += 10;
}

static void
test_main_loop_deletes_the_object(void)
{
	ll_cluster_t *hb = client_new("me");
	guint n = 0;

	g_assert_nonnull(G_main_add_ll_cluster(G_PRIORITY_DEFAULT, hb, FALSE, on_ready, &n, count_end));
	while (n < 11)
		(void)g_main_context_iteration(NULL, TRUE);
	g_assert_cmpuint(n, ==, 11);
}

/* ---- order ---- */

static void
put(HbOrder *order, GQueue *out, const char *fields)
{
	g_autofree char *text = g_strdup_printf(">>>\nsrc=there\n%s\n<<<\n", fields);

	hb_order_put(order, string2msg(text, strlen(text)), out);
}

static char *
taken(GQueue *out)
{
	GString *text = g_string_new(NULL);
	struct ha_msg *msg;

	while ((msg = g_queue_pop_head(out)) != NULL) {
		const char *number = cl_get_string(msg, F_ORDERSEQ);

		g_string_append_printf(text, "%s ", number != NULL ? number : cl_get_string(msg, F_TYPE));
		ha_msg_del(msg);
	}
	return g_string_free(text, FALSE);
}

static void
test_order_is_that_of_the_sender(void)
{
	static const struct {
		const char *fields, *delivered;
	} steps[] = {
		{ "t=x\noseq=5\nhg=1\nclient_gen=0", "5 " },            /* the first says where it begins */
		{ "t=x\noseq=7\nhg=1\nclient_gen=0", "" },
		{ "t=x\noseq=7\nhg=1\nclient_gen=0", "" },
		{ "t=y", "y " },                                        /* no number: at once */
		{ "t=x\noseq=1\nhg=1\nclient_gen=0\ndest=here", "1 " }, /* a count of its own */
		{ "t=x\noseq=6\nhg=1\nclient_gen=0", "6 7 " },
		{ "t=x\noseq=6\nhg=1\nclient_gen=0", "" },
		{ "t=x\noseq=9\nhg=1\nclient_gen=0", "" },
		{ "t=x\noseq=1\nhg=1\nclient_gen=3", "" },              /* started again before it left */
		{ "t=hbapi-clstat\nst=leave", "9 hbapi-clstat 1 " },
		{ "t=x\noseq=2\nhg=1\nclient_gen=0", "" },              /* the past */
		{ "t=x\noseq=2\nhg=1\nclient_gen=3", "2 " },
		{ "t=x\noseq=300\nhg=1\nclient_gen=3", "300 " },        /* 0x300: too far to be waited for */
		{ "t=x\noseq=1\nhg=2\nclient_gen=0", "1 " },            /* the node was started again */
		{ "t=x\noseq=301\nhg=1\nclient_gen=3", "" },
		{ "t=x\noseq=3\nhg=2\nclient_gen=0", "" },
		{ "t=status\nst=dead", "status " },
		{ "t=x\noseq=8\nhg=2\nclient_gen=0", "8 " },
	};
	HbOrder *order = hb_order_new();
	GQueue out = G_QUEUE_INIT;

	for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
		g_autofree char *text = NULL;

		put(order, &out, steps[i].fields);
		text = taken(&out);
		g_assert_cmpstr(text, ==, steps[i].delivered);
	}
	put(order, &out, "t=x\noseq=a0\nhg=2\nclient_gen=0");
	hb_order_free(order);
	g_assert_true(g_queue_is_empty(&out));
}

int
main(int argc, char **argv)
{
	int rc;

	g_test_init(&argc, &argv, NULL);
	daemon_start();
	g_test_add_func("/api_cluster/alone", test_object_without_a_daemon);
	g_test_add_func("/api_cluster/signon", test_signon_and_what_it_tells);
	g_test_add_func("/api_cluster/questions", test_questions);
	g_test_add_func("/api_cluster/walks", test_walks_go_backwards_and_remember);
	g_test_add_func("/api_cluster/client_status", test_status_of_clients);
	g_test_add_func("/api_cluster/callbacks", test_callbacks_and_the_rest);
	g_test_add_func("/api_cluster/sending", test_sending);
	g_test_add_func("/api_cluster/main_loop", test_main_loop_deletes_the_object);
	g_test_add_func("/api_cluster/order", test_order_is_that_of_the_sender);
	rc = g_test_run();
	daemon_stop();
	return rc;
}
