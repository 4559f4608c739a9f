/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - what ha.cf, haresources and authkeys say, as immutable data.
 *
 * Made by conf/load.h, never changed afterwards: a reload makes a new one. The core and both
 * processes read it. Times are milliseconds. Strings are owned by the HbConfig.
 * Nodes and groups are called by their index here; an index is valid for this HbConfig only.
 */
#ifndef HB_CONF_CONFIG_H
#define HB_CONF_CONFIG_H

#include <glib.h>

#include "util/limits.h"

typedef enum {
	HB_FAILBACK_LEGACY,     /* default when the directive is missing */
	HB_FAILBACK_ON,
	HB_FAILBACK_OFF
} HbFailback;

/* A word that 3.0.6 would parse itself, kept with its place for messages. */
typedef struct {
	char *kind;             /* plugin name: bcast, mcast, ucast, ping, ... */
	char *words;            /* rest of the line, comment stripped, blanks trimmed */
	guint32 udpport;        /* in force at that line */
	guint32 baud;
	guint line;             /* of ha.cf */
} HbMediumConf;

typedef struct {
	char *name;             /* script: "IPaddr" */
	char **args;            /* NULL-terminated, without the action: {"10.0.0.1/24/eth0", NULL} */
	guint n_args;
	char *token;            /* as written: "IPaddr::10.0.0.1/24/eth0" */
} HbResourceConf;

typedef struct {
	guint32 id;             /* hb_id_of(key) */
	char *key;              /* first token of the line, as written */
	guint home;             /* index of the node that stands first on the line */
	guint n_resources;
	HbResourceConf *resources;
	guint line;
} HbGroupConf;

typedef struct {
	char *name;             /* lower case */
	guint32 id;             /* hb_id_of(name) */
	guint place;            /* among nodes and ping nodes, as they stand in the files */
	gboolean can_fence;     /* this node has a STONITH device that may fence it; never of this node itself */
} HbNodeConf;

typedef struct {
	gboolean set;
	char *method;           /* crc md5 sha1 hmac-sha256 */
	char *key;              /* NULL for crc; wiped on free */
} HbKeyConf;

typedef struct {
	char *user;
	char *command;          /* as written */
	gboolean failfast;
	guint line;
} HbRespawnConf;

/* A whole line, kept as it is: apiauth, stonith, stonith_host. */
typedef struct {
	char *name;             /* directive */
	char *words;            /* rest of the line, as HbMediumConf.words */
	guint line;
} HbLineConf;

/* The fencing device of this node: the last stonith or stonith_host line that speaks of it. */
typedef struct {
	char *type;             /* "external/ipmi"; NULL: this node has no device */
	char *words;            /* its settings as on the line; NULL: they are in .file */
	char *file;
	guint line;
} HbFenceConf;

typedef struct {
	char *name;             /* directive */
	char *value;            /* as written, for HA_<name>=<value> */
} HbRecordedConf;

/* Who may join that is not listed. */
typedef enum {
	HB_AUTOJOIN_NONE,
	HB_AUTOJOIN_OTHER,      /* other nodes */
	HB_AUTOJOIN_ANY         /* this node need not be listed either */
} HbAutojoin;

/* Packets lost on purpose, for tests; all 0: none. */
typedef struct {
	double send_loss;       /* probabilities */
	double receive_loss;
	char **allowed;         /* nodes that are heard in any case; NULL: the file says nothing of it */
} HbTestingConf;

typedef struct HbConfig {
	/* cluster */
	guint n_nodes;
	HbNodeConf *nodes;      /* in file order, lower case, no duplicates */
	guint self;             /* index of this node */
	guint32 autojoin;       /* HbAutojoin */
	guint n_ping_nodes;
	char **ping_nodes;      /* names of ping nodes and ping groups, as configured */
	guint *ping_places;     /* as HbNodeConf.place; NULL: behind all nodes */
	HbFailback failback;

	/* timing, all in ms */
	guint32 keepalive_ms;
	guint32 deadtime_ms;
	guint32 warntime_ms;
	guint32 initdead_ms;
	guint32 deadping_ms;
	guint32 max_rexmit_delay_ms;
	guint32 resource_timeout_ms;    /* ours; default 60000 */
	guint32 hopfudge;

	/* media */
	guint n_media;
	HbMediumConf *media;            /* in file order; one entry per interface of a bcast line */

	/* resources */
	guint n_groups;
	HbGroupConf *groups;            /* in file order */

	HbTestingConf testing;

	/* keys */
	HbKeyConf keys[HB_AUTH_KEYS_MAX];
	guint sign_key;                 /* index into keys */

	/* clients, in file order (functions come later; parsed and checked now) */
	guint n_respawn;
	HbRespawnConf *respawn;

	/* apiauth, stonith and stonith_host, in file order */
	guint n_lines;
	HbLineConf *lines;
	HbFenceConf fence;

	/* log */
	char *logfile;                  /* NULL: none */
	char *debugfile;
	char *logfacility;              /* "local0", NULL: none */
	gboolean use_logd;
	guint32 conn_logd_time_ms;
	gboolean log_badpack;
	gboolean syslogmsgfmt;
	guint32 debug;

	/* process and wire */
	gboolean realtime;
	guint32 rtprio;                 /* 0: choose */
	gboolean coredumps;
	char *coreroot;                 /* NULL: the usual place */
	gboolean msgfmt_netstring;
	char *compression;              /* "zlib", "bz2" */
	guint32 compression_threshold;  /* KiB */
	gboolean traditional_compression;
	gboolean hbgenmethod_time;
	gboolean uuid_from_name;
	char *watchdog;                 /* NULL: none */

	/* every recorded ha.cf directive incl. defaults, in table order, for HA_... and the API */
	guint n_recorded;
	HbRecordedConf *recorded;
	char **env;                     /* NULL-terminated "NAME=VALUE" of env lines */

	guint8 hash[32];                /* over the normal form without keys: root and node compare it */
} HbConfig;

void hb_config_fence_clear(HbFenceConf *fence);

/* (transfer full) Wipes the keys. NULL is allowed. */
void hb_config_free(HbConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HbConfig, hb_config_free)

/* Index of the node called @name (any case), or -1. */
int hb_config_node_index(const HbConfig *config, const char *name);

/* Index of the group called @word: its key, or any token or address that occurs in one group only.
 * -1: none; -2: ambiguous. */
int hb_config_group_index(const HbConfig *config, const char *word);

/* The text of a recorded directive, as ha.cf has it or its default; NULL: not set, or not recorded. */
const char *hb_config_recorded(const HbConfig *config, const char *name);

#endif
