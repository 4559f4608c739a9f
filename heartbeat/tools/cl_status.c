/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cl_status - one question to the heartbeat of this machine; output and exit codes are those of 3.0.6
 * (doc/client-api.md 6.1), since scripts read them.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include <hb_api.h>
#include <clplumbing/cl_log.h>

#include "util/banned.h"

enum {
	EXIT_OK = 0,
	EXIT_NO = 1,            /* stopped, dead, down, offline, not set */
	EXIT_JOIN = 2,
	EXIT_LEAVE = 3,
	EXIT_USAGE = 11,
	EXIT_LATE = 12,
	EXIT_FAULT = 13
};

#define LIMIT_S            5    /* of the whole run */
#define CLIENT_TIMEOUT_MS  500

typedef struct {
	gboolean for_humans;    /* -m */
	gboolean verbose;       /* -v */
	gboolean normal_only;   /* -n */
	gboolean ping_only;     /* -p */
	const char *parameter;  /* -p NAME */
	char **words;
	int n_words;
} Options;

static const char usage[] =
	"Usage: cl_status <sub-command> [<options>] [<parameters>]\n"
	"\n"
	"Sub-commands:\n"
	"clientstatus <node-name> <client-id> [<timeout>]\n"
	"\tShow the status of heartbeat clients.\n"
	"hblinkstatus <node-name> <link-name>\n"
	"\tShow the status of a heartbeat link\n"
	"hbstatus\n"
	"\tIndicate if heartbeat is running on the local system.\n"
	"\tOptions:\n"
	"\t\t-v\tverbose: also add \"listnodes -v\" output\n"
	"listnodes [<option>]\n"
	"\tList the nodes in the cluster.\n"
	"\tOptions:\n"
	"\t\t-p\tlist only 'ping' type nodes\n"
	"\t\t-n\tlist only 'normal' type nodes\n"
	"\t\t-v\tverbose: also list type and status,\n"
	"\t\t\tthen add \"listhblinks -v\" output\n"
	"listhblinks <node-name>\n"
	"\tList the network interfaces used as hearbeat links.\n"
	"\tOptions:\n"
	"\t\t-v\tverbose: list link status as well\n"
	"nodestatus <node-name>\n"
	"\tList the node status.\n"
	"nodeweight <node-name>\n"
	"\tList the node weight.\n"
	"nodesite <node-name>\n"
	"\tList the node site.\n"
	"nodetype <node-name>\n"
	"\tList the nodes of a given type.\n"
	"rscstatus\n"
	"\tShow the status of cluster resources.\n"
	"hbparameter -p <parameter-name>\n"
	"\tRetrieve the value of a cluster parameter.\n"
	"\tAs for the valid parameter names, please refer to the man page.\n";

/* The reason of what has just failed follows @text in the log. */
static int
fault(ll_cluster_t *hb, int rc, const char *text)
{
	cl_log(LOG_ERR, "%s", text);
	cl_log(LOG_ERR, "REASON: %s", hb->llc_ops->errmsg(hb));
	return rc;
}

static int
wrong_node(const char *text)
{
	fprintf(stderr, "%s\n", text);
	return EXIT_USAGE;
}

/* ---- nodes ---- */

static int
show_nodestatus(ll_cluster_t *hb, const Options *opt)
{
	const char *node = opt->words[0];
	const char *status = hb->llc_ops->node_status(hb, node);

	if (status == NULL)
		return wrong_node("Error. May be due to incorrect node name");
	if (opt->for_humans)
		printf("The cluster node %s is %s\n", node, status);
	else
		printf("%s\n", status);
	return strcmp(status, "active") == 0 || strcmp(status, "up") == 0 || strcmp(status, "ping") == 0 ? EXIT_OK : EXIT_NO;
}

static int
show_nodeweight(ll_cluster_t *hb, const Options *opt)
{
	int weight = hb->llc_ops->node_weight(hb, opt->words[0]);

	if (weight == -1)
		return wrong_node("Error. Maybe due to incorrect node name.");
	if (opt->for_humans)
		printf("The weight of the cluster node %s is %d\n", opt->words[0], weight);
	else
		printf("%d\n", weight);
	return EXIT_OK;
}

static int
show_nodesite(ll_cluster_t *hb, const Options *opt)
{
	const char *site = hb->llc_ops->node_site(hb, opt->words[0]);

	if (site == NULL)
		return wrong_node("Error. May be due to incorrect node name");
	if (opt->for_humans)
		printf("The site of the cluster node %s is %s\n", opt->words[0], site);
	else
		printf("%s\n", site);
	return EXIT_OK;
}

static int
show_nodetype(ll_cluster_t *hb, const Options *opt)
{
	const char *type = hb->llc_ops->node_type(hb, opt->words[0]);

	if (type == NULL)
		return wrong_node("Error. May be due to incorrect node name");
	if (opt->for_humans)
		printf("The node %s's type: %s\n", opt->words[0], type);
	else
		printf("%s\n", type);
	return EXIT_OK;
}

/* ---- lists ---- */

static int
list_links(ll_cluster_t *hb, const char *node, const Options *opt)
{
	const char *link;

	if (hb->llc_ops->init_ifwalk(hb, node) != HA_OK)
		return fault(hb, EXIT_FAULT, "Cannot start heartbeat link interface walk.");
	if (opt->for_humans)
		printf("\tthis node has the following heartbeat links:\n");
	while ((link = hb->llc_ops->nextif(hb)) != NULL) {
		if (opt->verbose)
			printf("\t%s\t%s\n", link, hb->llc_ops->if_status(hb, node, link));
		else
			printf("\t%s\n", link);
	}
	(void)hb->llc_ops->end_ifwalk(hb);
	return EXIT_OK;
}

static int
show_listhblinks(ll_cluster_t *hb, const Options *opt)
{
	return list_links(hb, opt->words[0], opt);
}

static gboolean
is_wanted(const char *type, const Options *opt)
{
	if (opt->normal_only == opt->ping_only || type == NULL)
		return TRUE;
	return strcmp(type, opt->normal_only ? "normal" : "ping") == 0;
}

static int
show_listnodes(ll_cluster_t *hb, const Options *opt)
{
	const char *node;

	if (hb->llc_ops->init_nodewalk(hb) != HA_OK)
		return fault(hb, EXIT_FAULT, "Cannot start node walk");
	if (opt->for_humans)
		printf("The nodes are as follow:\n");
	while ((node = hb->llc_ops->nextnode(hb)) != NULL) {
		const char *type = hb->llc_ops->node_type(hb, node);

		if (!is_wanted(type, opt))
			continue;
		if (!opt->verbose) {
			printf("%s\n", node);
			continue;
		}
		printf("\n%s\t%s\t(nodetype: %s)\n", node, hb->llc_ops->node_status(hb, node), type);
		(void)list_links(hb, node, opt);
	}
	(void)hb->llc_ops->end_nodewalk(hb);
	return EXIT_OK;
}

/* ---- links, clients, resources, parameters ---- */

static int
show_hblinkstatus(ll_cluster_t *hb, const Options *opt)
{
	const char *status = hb->llc_ops->if_status(hb, opt->words[0], opt->words[1]);

	if (status == NULL) {
		/* 3.0.6 gives no reason here. */
		cl_log(LOG_ERR, "Cannot get heartbeat link status");
		cl_log(LOG_ERR, "REASON: ");
		return EXIT_FAULT;
	}
	if (opt->for_humans)
		printf("The node %s's heartbeat link %s is %s\n", opt->words[0], opt->words[1], status);
	else
		printf("%s\n", status);
	return strcmp(status, "up") == 0 ? EXIT_OK : EXIT_NO;
}

static int
show_clientstatus(ll_cluster_t *hb, const Options *opt)
{
	static const struct {
		const char *status;
		int rc;
	} codes[] = {
		{ "online", EXIT_OK }, { "offline", EXIT_NO }, { "join", EXIT_JOIN }, { "leave", EXIT_LEAVE },
	};
	int timeout_ms = opt->n_words > 2 ? (int)strtol(opt->words[2], NULL, 10) : CLIENT_TIMEOUT_MS;
	const char *status = hb->llc_ops->client_status(hb, opt->words[0], opt->words[1], timeout_ms);
	g_autofree char *text = NULL;

	if (status == NULL) {
		text = g_strdup_printf("Cannot get heartbeat client %s's status", opt->words[1]);
		return fault(hb, EXIT_FAULT, text);
	}
	printf("%s\n", status);
	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
		if (strcmp(status, codes[i].status) == 0)
			return codes[i].rc;
	return EXIT_FAULT;
}

static int
show_rscstatus(ll_cluster_t *hb, const Options *opt)
{
	const char *resources = hb->llc_ops->get_resources(hb);

	if (resources == NULL)
		return fault(hb, EXIT_NO, "Cannot get cluster resource status");
	if (opt->for_humans)
		printf("This node is holding %s resources.\n", resources);
	else
		printf("%s\n", resources);
	return EXIT_OK;
}

static int
show_hbparameter(ll_cluster_t *hb, const Options *opt)
{
	g_autofree char *text = NULL;
	char *value = hb->llc_ops->get_parameter(hb, opt->parameter);

	if (value == NULL) {
		text = g_strdup_printf("Cannot get parameter %s's value", opt->parameter);
		return fault(hb, EXIT_NO, text);
	}
	if (opt->for_humans)
		printf("Heartbeat parameter %s's value: %s\n", opt->parameter, value);
	else
		printf("%s\n", value);
	free(value);
	return EXIT_OK;
}

static int
show_test(ll_cluster_t *hb, const Options *opt)
{
	(void)opt;
	printf("Dead time: %ld\n", hb->llc_ops->get_deadtime(hb));
	printf(" keeplive time: %ld\n", hb->llc_ops->get_keepalive(hb));
	printf(" mynodeid: %s\n", hb->llc_ops->get_mynodeid(hb));
	printf(" rsc: %s\n", hb->llc_ops->get_resources(hb));
	return EXIT_OK;
}

static void
show_manager(ll_cluster_t *hb, const Options *opt)
{
	char *version = hb->llc_ops->get_parameter(hb, KEY_HBVERSION);
	char *manager = hb->llc_ops->get_parameter(hb, KEY_PACEMAKER);
	gboolean is_own = manager == NULL || strcmp(manager, "off") == 0 || strcmp(manager, "no") == 0 ||
	                  strcmp(manager, "false") == 0;

	printf(opt->for_humans ? "Heartbeat version %s\n" : "version:\t%s\n", version != NULL ? version : "");
	if (is_own)
		printf(opt->for_humans ? "Resources controlled by \"haresources\"\n" : "managed by:\t\"haresources\"\n");
	else
		printf(opt->for_humans ? "Resources controlled by pacemaker (%s)\n" : "managed by:\tpacemaker\t(%s)\n", manager);
	free(version);
	free(manager);
}

static int
show_hbstatus(ll_cluster_t *hb, const Options *opt)
{
	if (!opt->verbose) {
		printf("Heartbeat is running on this machine.\n");
		return EXIT_OK;
	}
	show_manager(hb, opt);
	return show_listnodes(hb, opt);
}

/* ---- which question ---- */

typedef struct {
	const char *name;
	const char *options;
	int n_words;            /* needed */
	const char *too_few;
	int (*show)(ll_cluster_t *hb, const Options *opt);
} Command;

static const Command commands[] = {
	{ "clientstatus", "m", 2, "No enough parameter.", show_clientstatus },
	{ "hblinkstatus", "m", 2, "No enough parameter.", show_hblinkstatus },
	{ "hbstatus", "mv", 0, NULL, show_hbstatus },
	{ "listnodes", "mvnp", 0, NULL, show_listnodes },
	{ "listhblinks", "mv", 1, "No enough parameter.", show_listhblinks },
	{ "nodestatus", "m", 1, "Not enough parameters.", show_nodestatus },
	{ "nodeweight", "m", 1, "Not enough parameters.", show_nodeweight },
	{ "nodesite", "m", 1, "Not enough parameters.", show_nodesite },
	{ "nodetype", "m", 1, "No enough parameter.", show_nodetype },
	{ "rscstatus", "m", 0, NULL, show_rscstatus },
	{ "hbparameter", "mp:", 0, NULL, show_hbparameter },
	{ "test", "m", 0, NULL, show_test },
};

static const Command *
find_command(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* 0, or the exit code. @argv begins with the sub-command. */
static int
read_options(const Command *command, int argc, char **argv, Options *opt)
{
	int c;

	while ((c = getopt(argc, argv, command->options)) != -1) {
		switch (c) {
		case 'm': opt->for_humans = TRUE; break;
		case 'v': opt->verbose = TRUE; break;
		case 'n': opt->normal_only = TRUE; break;
		case 'p':
			opt->ping_only = TRUE;
			opt->parameter = optarg;
			break;
		default:
			cl_log(LOG_ERR, "Error: getopt returnedcharacter code %c.", c);
			return EXIT_USAGE;
		}
	}
	opt->words = argv + optind;
	opt->n_words = argc - optind;
	if (opt->n_words < command->n_words) {
		fprintf(stderr, "%s\n", command->too_few);
		return EXIT_USAGE;
	}
	if (command->show == show_hbparameter && opt->parameter == NULL) {
		cl_log(LOG_ERR, "parameter name required");
		return EXIT_USAGE;
	}
	return 0;
}

static int
not_signed_on(ll_cluster_t *hb, const Command *command, const Options *opt)
{
	if (command->show != show_hbstatus)
		return fault(hb, EXIT_NO, "Cannot signon with heartbeat");
	if (hb->llc_ops->get_deadtime(hb) <= 0) {
		printf("Heartbeat is stopped on this machine.\n");
		return EXIT_NO;
	}
	printf("Heartbeat is apparently running on this machine, but refuses my connection\n");
	if (opt->verbose)
		printf("(%s)\n", hb->llc_ops->errmsg(hb));
	return EXIT_OK;
}

static void
too_late(int signo)
{
	(void)signo;
	_exit(EXIT_LATE);
}

int
main(int argc, char **argv)
{
	const Command *command;
	Options opt = { 0 };
	ll_cluster_t *hb;
	int rc;

	cl_log_set_entity("cl_status");
	cl_log_enable_stderr(TRUE);
	if (argc < 2 || strcmp(argv[1], "-h") == 0) {
		fputs(usage, stdout);
		return EXIT_OK;
	}
	command = find_command(argv[1]);
	if (command == NULL) {
		cl_log(LOG_ERR, "%s: invalid sub-command.", argv[1]);
		return EXIT_USAGE;
	}
	rc = read_options(command, argc - 1, argv + 1, &opt);
	if (rc != 0)
		return rc;

	(void)signal(SIGALRM, too_late);
	(void)alarm(LIMIT_S);
	hb = ll_cluster_new("heartbeat");
	if (hb->llc_ops->signon(hb, NULL) == HA_OK)
		rc = command->show(hb, &opt);
	else
		rc = not_signed_on(hb, command, &opt);
	hb->llc_ops->delete(hb);
	return fflush(stdout) == 0 ? rc : EXIT_FAULT;
}
