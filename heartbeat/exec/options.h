/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the command line of heartbeat (doc/resource-manager.md 7.1, heartbeat(8)).
 */
#ifndef HB_EXEC_OPTIONS_H
#define HB_EXEC_OPTIONS_H

#include <glib.h>

#define HB_EXIT_OK         0
#define HB_EXIT_FAILED     1
#define HB_EXIT_USAGE      2
#define HB_EXIT_STOPPED    3    /* -s: not running */
#define HB_EXIT_PERMISSION 4
#define HB_EXIT_CONFIG     6
#define HB_EXIT_RUNNING    -1   /* within the program: another one was faster, and is up */
#define HB_EXIT_AGAIN      75   /* hb-node and groups may be up, and want a root process: start it again */

typedef enum {
	HB_MODE_START,
	HB_MODE_DEFAULTS,       /* -D */
	HB_MODE_KILL,           /* -k */
	HB_MODE_STATUS,         /* -s */
	HB_MODE_OLD_RESTART,    /* -R, -C */
	HB_MODE_RELOAD,         /* -r */
	HB_MODE_VERSION,        /* -V */
	HB_MODE_CHECK,          /* --check */
	HB_MODE_CHECK_START,    /* --check-start, for the daemon when it reloads */
	HB_MODE_GROUP_ID,       /* --group-id, for hb_standby and hb_takeover */
	HB_MODE_HELP
} HbMode;

typedef struct {
	HbMode mode;
	gboolean foreground;            /* -f */
	gboolean no_resources;          /* -M */
	gboolean no_realtime;           /* -l */
	gboolean show_config;           /* -v */
	gboolean revive;                /* the root process before us died; set by the guard */
	gboolean others_restart;        /* who started us starts us again when we die: -f and HB_RESTARTED_BY */
	gboolean insecure_root_node;
	guint debug;                    /* -d, counted */
	const char *dir;                /* of the three files */
	const char *node_path;          /* program hb-node */
	const char *group;              /* of --group-id */
} HbOptions;

/* FALSE: the usage has been printed; exit with HB_EXIT_USAGE. */
gboolean hb_options_parse(int argc, char **argv, HbOptions *ret_options);
void hb_options_usage(gboolean to_stderr);

#endif
