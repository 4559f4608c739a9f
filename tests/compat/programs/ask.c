/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ask.c - a program as one writes them for Debian's headers: signs on, asks, sends to its like on all
 * nodes, which is itself, prints what comes back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <glib.h>

#include <hb_api.h>
#include <ha_msg.h>
#include <clplumbing/cl_log.h>

static GMainLoop *loop;
static int n_got;

static void
on_client(const char *node, const char *client, const char *status, void *data)
{
	(void)data;
	printf("client %s %s %s\n", node, client, status);
}

static void
on_msg(struct ha_msg *msg, void *data)
{
	int list[3];
	size_t n = 3;

	(void)data;
	if (cl_msg_get_list_int(msg, "list", list, &n) != HA_OK)
		exit(3);
	printf("got %s %d %d %d\n", ha_msg_value(msg, F_TYPE), list[0], list[1], list[2]);
	if (++n_got == 2)
		g_main_loop_quit(loop);
}

static gboolean
on_ready(ll_cluster_t *hb, gpointer data)
{
	struct ha_msg *msg;

	(void)data;
	while (hb->llc_ops->msgready(hb)) {
		msg = hb->llc_ops->readmsg(hb, 0);
		if (msg != NULL)
			ha_msg_del(msg);
		else if (!hb->llc_ops->chan_is_connected(hb))
			exit(4);
	}
	return TRUE;
}

static gboolean
too_late(gpointer data)
{
	(void)data;
	exit(5);
}

int
main(void)
{
	ll_cluster_t *hb = ll_cluster_new("heartbeat");
	int numbers[] = { 1, 2, 3 };
	struct ha_msg *msg;
	const char *node;
	cl_uuid_t uuid;
	char name[64];

	cl_log_set_entity("ask");
	cl_log_enable_stderr(TRUE);
	if (hb->llc_ops->signon(hb, "ask") != HA_OK) {
		cl_log(LOG_ERR, "cannot sign on: %s", hb->llc_ops->errmsg(hb));
		return 1;
	}
	hb->llc_ops->set_cstatus_callback(hb, on_client, NULL);
	hb->llc_ops->set_msg_callback(hb, "ask-all", on_msg, NULL);
	hb->llc_ops->setfmode(hb, LLC_FILTER_DEFAULT);
	printf("%s %ld %ld %s %d\n", hb->llc_ops->get_mynodeid(hb), hb->llc_ops->get_deadtime(hb),
	       hb->llc_ops->get_keepalive(hb), hb->llc_ops->get_resources(hb), hb->llc_ops->num_nodes(hb));
	hb->llc_ops->init_nodewalk(hb);
	while ((node = hb->llc_ops->nextnode(hb)) != NULL) {
		printf("%s %s %s", node, hb->llc_ops->node_type(hb, node), hb->llc_ops->node_status(hb, node));
		if (hb->llc_ops->get_uuid_by_name(hb, node, &uuid) == HA_OK &&
		    hb->llc_ops->get_name_by_uuid(hb, &uuid, name, sizeof(name)) == HA_OK)
			printf(" %s", name);
		printf("\n");
	}
	hb->llc_ops->end_nodewalk(hb);

	msg = ha_msg_new(0);
	ha_msg_add(msg, F_TYPE, "ask-all");
	cl_msg_add_list_int(msg, "list", numbers, 3);
	hb->llc_ops->sendclustermsg(hb, msg);
	hb->llc_ops->send_ordered_clustermsg(hb, msg);
	ha_msg_del(msg);
	loop = g_main_loop_new(NULL, FALSE);
	g_timeout_add(30000, too_late, NULL);
	if (G_main_add_ll_cluster(G_PRIORITY_DEFAULT, hb, FALSE, on_ready, NULL, NULL) == NULL)
		return 2;
	g_main_loop_run(loop);
	hb->llc_ops->signoff(hb, TRUE);
	return 0;
}
