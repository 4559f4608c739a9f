/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dopd - asks the other node to mark its data of a DRBD resource as outdated, when DRBD has lost it
 * (doc/client-api.md 6.3). A client of heartbeat on both nodes; drbd-peer-outdater, which DRBD calls, talks
 * to it. drbdadm runs beside the loop, without a shell.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <glib.h>

#include <hb_api.h>
#include <clplumbing/GSource.h>
#include <clplumbing/cl_log.h>

#include "clients/dopd_logic.h"
#include "clients/dopd_msg.h"
#include "clients/life.h"

#include "util/banned.h"

#define SOCKET_DIR_MODE 0750
#define CHILDREN_MAX    32

typedef struct {
	ll_cluster_t *hb;
	HbDopdWaiting *waiting;
	char *me;
	guint n_children;
} Dopd;

/* One run of drbdadm for another node. */
typedef struct {
	Dopd *dopd;
	char *resource;
	char *asker;
} Job;

#define OPS(dopd) (dopd)->hb->llc_ops

/* ---- between the nodes ---- */

static void
send_to_node(Dopd *dopd, struct ha_msg *msg, const char *node)
{
	if (OPS(dopd)->sendnodemsg(dopd->hb, msg, node) != HA_OK)
		cl_log(LOG_ERR, "cannot send to %s: %s", node, OPS(dopd)->errmsg(dopd->hb));
	ha_msg_del(msg);
}

static void
tell_code(Dopd *dopd, const char *node, const char *resource, int code)
{
	struct ha_msg *msg = hb_client_msg(HB_DOPD_T_CODE);

	(void)ha_msg_add_int(msg, HB_DOPD_F_CODE, code);
	(void)ha_msg_add(msg, HB_DOPD_F_RESOURCE, resource);
	(void)ha_msg_add(msg, F_ORIG, dopd->me);
	send_to_node(dopd, msg, node);
}

static void
on_child(GPid pid, gint wait_status, gpointer data)
{
	Job *job = data;
	int code = hb_dopd_code_of_status(wait_status);

	g_spawn_close_pid(pid);
	job->dopd->n_children--;
	cl_log(LOG_INFO, "drbdadm outdate %s: answer %d to %s", job->resource, code, job->asker);
	tell_code(job->dopd, job->asker, job->resource, code);
	g_free(job->resource);
	g_free(job->asker);
	g_free(job);
}

static gboolean
run_drbdadm(Dopd *dopd, const char *resource, const char *asker)
{
	const char *argv[] = { "drbdadm", "outdate", resource, NULL };
	g_autoptr(GError) error = NULL;
	Job *job;
	GPid pid;

	if (dopd->n_children >= CHILDREN_MAX)
		return FALSE;
	if (!g_spawn_async("/", (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
	                   &error)) {
		cl_log(LOG_ERR, "cannot run drbdadm: %s", error->message);
		return FALSE;
	}
	job = g_new(Job, 1);
	*job = (Job){ .dopd = dopd, .resource = g_strdup(resource), .asker = g_strdup(asker) };
	dopd->n_children++;
	(void)g_child_watch_add(pid, on_child, job);
	return TRUE;
}

/* Another node has lost us and wants our data to be outdated. */
static void
on_start(struct ha_msg *msg, void *data)
{
	const char *resource = cl_get_string(msg, HB_DOPD_F_RESOURCE);
	const char *asker = cl_get_string(msg, F_ORIG);

	if (asker == NULL || resource == NULL)
		return;
	if (!hb_dopd_resource_is_legal(resource) || !run_drbdadm(data, resource, asker))
		tell_code(data, asker, resource, HB_DOPD_FAILED);
}

static void
answer(Dopd *dopd, IPC_Channel *ch, int code)
{
	struct ha_msg *msg = hb_client_msg(HB_DOPD_T_ANSWER);

	(void)ha_msg_add(msg, F_ORIG, dopd->me);
	(void)ha_msg_add_int(msg, HB_DOPD_F_CODE, code);
	if (msg2ipcchan(msg, ch) != HA_OK)
		cl_log(LOG_ERR, "drbd-peer-outdater (process %d) does not hear answer %d", (int)ch->farside_pid, code);
	ha_msg_del(msg);
}

static void
on_code(struct ha_msg *msg, void *data)
{
	Dopd *dopd = data;
	const char *resource = cl_get_string(msg, HB_DOPD_F_RESOURCE);
	const char *peer = cl_get_string(msg, F_ORIG);
	IPC_Channel *ch;

	if (resource == NULL || peer == NULL)
		return;
	ch = hb_dopd_waiting_take(dopd->waiting, resource, peer);
	if (ch != NULL)
		answer(dopd, ch, hb_dopd_code_of_text(cl_get_string(msg, HB_DOPD_F_CODE)));
}

/* Who waits for a node that has died waits in vain. */
static void
on_node(const char *node, const char *status, void *data)
{
	Dopd *dopd = data;
	IPC_Channel *ch;

	while (strcmp(status, "dead") == 0 && (ch = hb_dopd_waiting_take_any(dopd->waiting, node)) != NULL)
		answer(dopd, ch, HB_DOPD_UNREACHABLE);
}

/* ---- drbd-peer-outdater ---- */

/* (transfer full) The peer's name as the cluster knows it, or NULL: it cannot be asked. */
static char *
find_peer(Dopd *dopd, const char *wanted)
{
	char *found = NULL;
	const char *node;

	if (OPS(dopd)->init_nodewalk(dopd->hb) != HA_OK)
		return NULL;
	while ((node = OPS(dopd)->nextnode(dopd->hb)) != NULL) {
		const char *type, *status;

		if (g_ascii_strcasecmp(node, wanted) != 0)
			continue;
		type = OPS(dopd)->node_type(dopd->hb, node);
		status = OPS(dopd)->node_status(dopd->hb, node);
		if (found == NULL && hb_dopd_peer_can_be_asked(type, status, g_ascii_strcasecmp(node, dopd->me) == 0))
			found = g_strdup(node);
	}
	(void)OPS(dopd)->end_nodewalk(dopd->hb);
	return found;
}

static void
take_request(Dopd *dopd, IPC_Channel *ch, const struct ha_msg *request)
{
	const char *resource = cl_get_string(request, HB_DOPD_F_WANTED_RESOURCE);
	const char *wanted = cl_get_string(request, HB_DOPD_F_WANTED_PEER);
	g_autofree char *peer = wanted == NULL ? NULL : find_peer(dopd, wanted);
	struct ha_msg *msg;

	if (!hb_dopd_resource_is_legal(resource)) {
		answer(dopd, ch, HB_DOPD_FAILED);
	} else if (peer == NULL) {
		answer(dopd, ch, HB_DOPD_UNREACHABLE);
	} else if (!hb_dopd_waiting_add(dopd->waiting, resource, peer, ch)) {
		answer(dopd, ch, HB_DOPD_BUSY);
	} else {
		msg = hb_client_msg(HB_DOPD_T_START);
		(void)ha_msg_add(msg, F_ORIG, dopd->me);
		(void)ha_msg_add(msg, HB_DOPD_F_RESOURCE, resource);
		send_to_node(dopd, msg, peer);
	}
}

typedef struct {
	Dopd *dopd;
	IPC_Channel *ch;
} Asker;

static gboolean
on_asker(IPC_Channel *ch, gpointer data)
{
	Asker *asker = data;
	IPC_Message *frame;
	struct ha_msg *msg;
	const char *type;
	int rc = ch->ops->recv(ch, &frame);

	if (rc != IPC_OK)
		return rc != IPC_BROKEN;
	msg = wirefmt2msg(frame->msg_body, frame->msg_len, 0);
	frame->msg_done(frame);
	type = cl_get_string(msg, F_TYPE);
	if (type != NULL && strcmp(type, HB_DOPD_T_REQUEST) == 0)
		take_request(asker->dopd, ch, msg);
	ha_msg_del(msg);
	return TRUE;
}

static void
asker_gone(gpointer data)
{
	Asker *asker = data;

	hb_dopd_waiting_forget(asker->dopd->waiting, asker->ch);
	g_free(asker);
}

static gboolean
on_connection(IPC_Channel *ch, gpointer data)
{
	Asker *asker = g_new(Asker, 1);

	*asker = (Asker){ .dopd = data, .ch = ch };
	(void)G_main_add_IPC_Channel(G_PRIORITY_DEFAULT, ch, FALSE, on_asker, asker, asker_gone);
	return TRUE;
}

static gboolean
listen_for_askers(Dopd *dopd)
{
	g_autoptr(GHashTable) attributes = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *dir = g_path_get_dirname(HB_DOPD_SOCKET);
	IPC_WaitConnection *wait_conn;

	(void)mkdir(dir, SOCKET_DIR_MODE);
	g_hash_table_insert(attributes, (gpointer)IPC_PATH_ATTR, (gpointer)HB_DOPD_SOCKET);
	wait_conn = ipc_wait_conn_constructor(IPC_ANYTYPE, attributes);
	if (wait_conn == NULL) {
		cl_log(LOG_ERR, "cannot listen at %s: %s (the directory has to belong to the user that dopd runs as)",
		       HB_DOPD_SOCKET, g_strerror(errno));
		return FALSE;
	}
	(void)G_main_add_IPC_WaitConnection(G_PRIORITY_DEFAULT, wait_conn, NULL, FALSE, on_connection, dopd, NULL);
	return TRUE;
}

/* ---- start ---- */

static int
begin(void *data)
{
	Dopd *dopd = data;

	if (OPS(dopd)->signon(dopd->hb, "dopd") != HA_OK) {
		cl_log(LOG_ERR, "cannot sign on with heartbeat: %s (ha.cf needs: apiauth dopd gid=haclient uid=hacluster)",
		       OPS(dopd)->errmsg(dopd->hb));
		return HB_CLIENT_FAULT;
	}
	dopd->me = g_strdup(OPS(dopd)->get_mynodeid(dopd->hb));
	hb_client_core_dir(dopd->hb);
	(void)OPS(dopd)->set_nstatus_callback(dopd->hb, on_node, dopd);
	(void)OPS(dopd)->set_msg_callback(dopd->hb, HB_DOPD_T_START, on_start, dopd);
	(void)OPS(dopd)->set_msg_callback(dopd->hb, HB_DOPD_T_CODE, on_code, dopd);
	if (OPS(dopd)->setfmode(dopd->hb, LLC_FILTER_DEFAULT) != HA_OK || OPS(dopd)->setmsgsignal(dopd->hb, 0) != HA_OK)
		return HB_CLIENT_FAULT;
	return listen_for_askers(dopd) ? HB_CLIENT_OK : HB_CLIENT_FAULT;
}

int
main(void)
{
	Dopd dopd = { .hb = ll_cluster_new("heartbeat"), .waiting = hb_dopd_waiting_new() };
	g_autofree char *path = g_strconcat(g_getenv("PATH") != NULL ? g_getenv("PATH") : "/usr/bin:/bin", ":/usr/sbin:/sbin", NULL);

	(void)g_setenv("PATH", path, TRUE);
	return hb_client_life("dopd", dopd.hb, begin, &dopd);
}
