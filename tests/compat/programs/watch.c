/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.c - a program as one writes them for Debian's headers, with a loop of its own around poll(): walks nodes and links,
 * asks for what it can, sends to its own node by name and by uuid, in order, and provokes failures. Prints what it is told.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <glib.h>

#include <hb_api.h>
#include <ha_msg.h>
#include <clplumbing/cl_log.h>

#define WAIT_MS  20000
#define N_WANTED 7

static int n_got;
static int n_ordered;

static const char *
known(const char *text)
{
	return text != NULL ? text : "(none)";
}

static void
on_status(const char *node, const char *status, void *data)
{
	printf("%s: node %s %s\n", (const char *)data, node, status);
}

static void
on_ifstatus(const char *node, const char *link, const char *status, void *data)
{
	printf("%s: link %s %s %s\n", (const char *)data, node, link, status);
}

static void
on_msg(struct ha_msg *msg, void *data)
{
	const char *number = ha_msg_value(msg, "number");

	printf("%s %s from %s of %s, ordered %s\n", (const char *)data, known(number), known(ha_msg_value(msg, F_ORIG)),
	       known(ha_msg_value(msg, F_FROMID)), ha_msg_value(msg, F_ORDERSEQ) != NULL ? "yes" : "no");
	if (ha_msg_value(msg, F_ORDERSEQ) != NULL && atoi(number) < n_ordered)
		printf("out of order\n");
	n_ordered = ha_msg_value(msg, F_ORDERSEQ) != NULL ? atoi(number) : n_ordered;
	n_got++;
}

static void
walk(ll_cluster_t *hb)
{
	struct llc_ops *ops = hb->llc_ops;
	const char *node, *link;
	char *names[16];
	int n = 0;

	printf("walk %d\n", ops->init_nodewalk(hb));
	while ((node = ops->nextnode(hb)) != NULL && n < 16)
		names[n++] = strdup(node);
	printf("end %d\n", ops->end_nodewalk(hb));
	for (int i = 0; i < n; i++) {
		printf("%s is %s, %s, weight %d, site '%s'\n", names[i], known(ops->node_type(hb, names[i])),
		       known(ops->node_status(hb, names[i])), ops->node_weight(hb, names[i]), known(ops->node_site(hb, names[i])));
		printf("  links %d\n", ops->init_ifwalk(hb, names[i]));
		while ((link = ops->nextif(hb)) != NULL)
			printf("  %s\n", link);
		printf("  end %d\n", ops->end_ifwalk(hb));
		free(names[i]);
	}
}

static void
ask(ll_cluster_t *hb)
{
	static const char *const parameters[] = { "keepalive", "auto_failback", "nosuch", "udpport", "node" };
	struct llc_ops *ops = hb->llc_ops;
	const char *me = ops->get_mynodeid(hb);

	for (unsigned i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
		char *value = ops->get_parameter(hb, parameters[i]);

		printf("parameter %s: %s\n", parameters[i], known(value));
		free(value);
	}
	printf("status of nobody: %s\n", known(ops->node_status(hb, "nobody")));
	printf("weight of nobody: %d\n", ops->node_weight(hb, "nobody"));
	printf("link of nobody: %s\n", known(ops->if_status(hb, "nobody", "eth0")));
	printf("links of nobody: %d\n", ops->init_ifwalk(hb, "nobody"));
	printf("facility %d, connected %d, descriptor %d\n", ops->get_logfacility(hb), ops->chan_is_connected(hb),
	       ops->inputfd(hb) >= 0);
	printf("me %s, nobody %s\n", known(ops->client_status(hb, me, "ask", 3000)),
	       known(ops->client_status(hb, me, "nobody", 3000)));
	printf("queue %d %d, signal %d %d, filter %d %d\n", ops->set_sendq_len(hb, 200), ops->set_sendq_len(hb, -1),
	       ops->setmsgsignal(hb, 0), ops->setmsgsignal(hb, 9), ops->setfmode(hb, LLC_FILTER_DEFAULT), ops->setfmode(hb, 77));
}

static void
send_all(ll_cluster_t *hb)
{
	struct llc_ops *ops = hb->llc_ops;
	const char *me = ops->get_mynodeid(hb);
	struct ha_msg *msg = ha_msg_new(4);
	cl_uuid_t uuid;

	ha_msg_add(msg, F_TYPE, "note");
	ha_msg_add_int(msg, "number", 1);
	printf("to all %d\n", ops->sendclustermsg(hb, msg));
	ha_msg_mod_int(msg, "number", 2);
	printf("to me %d\n", ops->sendnodemsg(hb, msg, me));
	printf("uuid %d\n", ops->get_uuid_by_name(hb, me, &uuid));
	ha_msg_mod_int(msg, "number", 3);
	printf("to my uuid %d\n", ops->sendnodemsg_byuuid(hb, msg, &uuid));
	for (int i = 4; i <= N_WANTED; i++) {
		ha_msg_mod_int(msg, "number", i);
		printf("in order %d\n", i % 2 != 0 ? ops->send_ordered_clustermsg(hb, msg) : ops->send_ordered_nodemsg(hb, msg, me));
	}
	printf("nothing %d\n", ops->sendclustermsg(hb, NULL));
	ha_msg_del(msg);
}

int
main(int argc, char **argv)
{
	ll_cluster_t *hb = ll_cluster_new("heartbeat");
	struct llc_ops *ops = hb->llc_ops;
	const char *name = argc > 1 ? argv[1] : "ask";

	setvbuf(stdout, NULL, _IOLBF, 0);
	cl_log_set_entity("watch");
	if (ops->signon(hb, name) != HA_OK) {
		printf("cannot sign on: %s\n", ops->errmsg(hb));
		return 1;
	}
	ops->set_nstatus_callback(hb, on_status, (void *)"told");
	ops->set_ifstatus_callback(hb, on_ifstatus, (void *)"told");
	ops->set_msg_callback(hb, "note", on_msg, (void *)"note");
	walk(hb);
	ask(hb);
	send_all(hb);
	while (n_got < N_WANTED) {
		struct pollfd wait = { .fd = ops->inputfd(hb), .events = POLLIN };

		if (!ops->msgready(hb) && poll(&wait, 1, WAIT_MS) <= 0) {
			printf("nothing comes\n");
			return 2;
		}
		while (ops->msgready(hb))
			if (ops->rcvmsg(hb, 0) < 0)
				return 3;
	}
	printf("off %d", ops->signoff(hb, FALSE));
	printf(", again %d", ops->signon(hb, name));
	printf(", resources %s", known(ops->get_resources(hb)));
	printf(", off %d\n", ops->signoff(hb, FALSE));
	printf("gone %d\n", ops->delete(hb));
	return 0;
}
