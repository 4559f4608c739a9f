/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <getopt.h>
#include <stdio.h>

#include <glib.h>

#include "exec/options.h"

#include "util/banned.h"

enum { OPT_CHECK = 256, OPT_CHECK_START, OPT_HELP, OPT_NODE, OPT_REVIVE, OPT_INSECURE, OPT_VERSION, OPT_GROUP_ID };

static const struct option long_options[] = {
	{ "check",              optional_argument, NULL, OPT_CHECK },
	{ "check-start",        required_argument, NULL, OPT_CHECK_START },
	{ "help",               no_argument,       NULL, OPT_HELP },
	{ "version",            no_argument,       NULL, OPT_VERSION },
	{ "node",               required_argument, NULL, OPT_NODE },
	{ "group-id",           required_argument, NULL, OPT_GROUP_ID },
	{ "revive",             no_argument,       NULL, OPT_REVIVE },
	{ "insecure-root-node", no_argument,       NULL, OPT_INSECURE },
	{ NULL,                 0,                 NULL, 0 }
};

/* Which of several modes wins, the first one first (as in 3.0.6). */
static const HbMode precedence[] = {
	HB_MODE_HELP, HB_MODE_VERSION, HB_MODE_CHECK, HB_MODE_CHECK_START, HB_MODE_GROUP_ID, HB_MODE_DEFAULTS,
	HB_MODE_KILL, HB_MODE_STATUS, HB_MODE_OLD_RESTART, HB_MODE_RELOAD, HB_MODE_START
};

void
hb_options_usage(gboolean to_stderr)
{
	static const char text[] =
		"usage: heartbeat [OPTION]...\n"
		"Starts the heartbeat daemon of this node; returns when the cluster software is up.\n"
		"  -f                     stay in the foreground\n"
		"  -s                     say whether it is running (exit 0 yes, 3 no, 1 died)\n"
		"  -k                     stop it, and wait until it has stopped\n"
		"  -r                     check the configuration, then have it read again\n"
		"  -d                     one more level of debugging (may be repeated)\n"
		"  -v                     print the resulting configuration at start\n"
		"  -D                     print the default values\n"
		"  -M                     do not manage resources\n"
		"  -l                     no real-time scheduling\n"
		"  -V, --version          print the version\n"
		"  --check[=DIR]          check the configuration (in DIR) and exit 0, 6 (wrong) or 4 (unreadable)\n"
		"  --check-start DIR      the same as a start does it: what may come later is only warned of\n"
		"  --group-id WORD        print the number of the resource group called WORD\n"
		"  --insecure-root-node   run hb-node as root where its user is missing\n"
		"  --node PATH            run this hb-node instead of the installed one\n"
		"  --help                 print this text\n";

	fputs(text, to_stderr ? stderr : stdout);
}

gboolean
hb_options_parse(int argc, char **argv, HbOptions *ret_options)
{
	HbOptions o = { .dir = HB_HA_DIR, .node_path = HB_BIN_DIR "/hb-node" };
	guint modes = 1u << HB_MODE_START;
	int c;

	while ((c = getopt_long(argc, argv, "dDkMrRsvWlVC:f", long_options, NULL)) != -1) {
		switch (c) {
		case 'd': o.debug++; break;
		case 'D': modes |= 1u << HB_MODE_DEFAULTS; break;
		case 'k': modes |= 1u << HB_MODE_KILL; break;
		case 'M': o.no_resources = TRUE; break;
		case 'r': modes |= 1u << HB_MODE_RELOAD; break;
		case 'R':
		case 'C': modes |= 1u << HB_MODE_OLD_RESTART; break;
		case 's': modes |= 1u << HB_MODE_STATUS; break;
		case 'v': o.show_config = TRUE; break;
		case 'W': break;        /* -DW: one form of the table is enough */
		case 'l': o.no_realtime = TRUE; break;
		case 'V':
		case OPT_VERSION: modes |= 1u << HB_MODE_VERSION; break;
		case 'f': o.foreground = TRUE; break;
		case OPT_CHECK:
			modes |= 1u << HB_MODE_CHECK;
			if (optarg != NULL)
				o.dir = optarg;
			break;
		case OPT_CHECK_START:
			modes |= 1u << HB_MODE_CHECK_START;
			o.dir = optarg;
			break;
		case OPT_GROUP_ID:
			modes |= 1u << HB_MODE_GROUP_ID;
			o.group = optarg;
			break;
		case OPT_HELP: modes |= 1u << HB_MODE_HELP; break;
		case OPT_NODE: o.node_path = optarg; break;
		case OPT_REVIVE: o.revive = TRUE; break;
		case OPT_INSECURE: o.insecure_root_node = TRUE; break;
		default:
			hb_options_usage(TRUE);
			return FALSE;
		}
	}
	for (guint i = G_N_ELEMENTS(precedence); i-- > 0;)
		if (modes & (1u << precedence[i]))
			o.mode = precedence[i];
	/* A program that we are in the foreground of; who goes into the background is nobody's to watch. */
	o.others_restart = o.foreground && g_getenv("HB_RESTARTED_BY") != NULL;
	/* "--check DIR" as well as "--check=DIR". Other extra words are ignored, as ever. */
	if (o.mode == HB_MODE_CHECK && optind < argc)
		o.dir = argv[optind];
	*ret_options = o;
	return TRUE;
}
