/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * draft.h - a configuration while it is being read. Inside of conf only.
 */
#ifndef HB_CONF_DRAFT_H
#define HB_CONF_DRAFT_H

#include "conf/hacf.h"
#include "conf/lines.h"
#include "conf/report.h"

/* Where and how often a directive was taken. */
typedef struct {
	guint times;
	const char *file;       /* borrowed from the bundle */
	guint line;
	char *text;             /* value as written last */
	gboolean refused;       /* a value was given and not taken: checks against it would only mislead */
	gboolean defaulted;     /* nobody wrote it */
} HbSeen;

typedef struct {
	const HbConfInput *input;
	HbReport at;
	gboolean in_main_file;  /* in ha.cf itself, not below ha.cf.d */
	gboolean unread;        /* a file is no text: what it leaves unsaid is not missing */
	HbConfig *config;       /* scalars are stored at once, lists when all is read */
	HbSeen seen[HB_HACF_N];
	guint32 udpport;        /* in force now */
	guint32 baud;
	gboolean medium_refused; /* a line was wrong, which has been said */
	guint n_usable_media;   /* heartbeat media whose device exists */
	guint n_heartbeat_media;
	GArray *nodes;          /* HbNodeConf */
	GArray *media;          /* HbMediumConf */
	GArray *respawn;        /* HbRespawnConf */
	GArray *lines;          /* HbLineConf */
	GArray *groups;         /* HbGroupConf */
	GPtrArray *ping_nodes;  /* char * */
	GArray *ping_places;    /* guint, of ping_nodes */
	guint n_listed;         /* nodes and ping nodes so far */
	GPtrArray *env;         /* char * */
} HbDraft;

/* An error at the place now, with the directive's name. */
#define hb_draft_error(draft, value, ...) \
	hb_report(&(draft)->at, HB_PROBLEM_ERROR, value, __VA_ARGS__)
#define hb_draft_warn(draft, value, ...) \
	hb_report(&(draft)->at, HB_PROBLEM_WARNING, value, __VA_ARGS__)

/* load.c: makes reports speak of @file and @lines give its lines, cut after @max characters. FALSE: it is no text, which
 * has been reported. */
gboolean hb_draft_open(HbDraft *draft, const HbFile *file, gsize max, HbLines *lines);

/* hacf.c: reads one file of ha.cf lines */
void hb_hacf_parse(HbDraft *draft, const HbFile *file);
/* hacf_value.c: takes one value for a directive, as if it stood alone on a line */
void hb_hacf_apply(HbDraft *draft, HbDirectiveId id, const char *text);

/* media.c, clients.c: the directives that are whole lines */
void hb_hacf_medium(HbDraft *draft, const HbDirective *row, const char *kind, const char *words);
void hb_hacf_line(HbDraft *draft, HbDirectiveId id, const char *words);
void hb_hacf_env(HbDraft *draft, const char *text);

/* fence.c: stonith, stonith_host */
void hb_hacf_fence(HbDraft *draft, HbDirectiveId id, const char *words);
/* fence.c: whom this node can fence, when all nodes are known */
void hb_hacf_fence_finish(HbDraft *draft);

/* cross.c: "server5" and "server5.example.com" are one machine; two full names are not */
gboolean hb_hacf_is_short_form(const char *a, const char *b);
/* cross.c: defaults, and the checks between directives, after the last line of ha.cf */
void hb_hacf_finish(HbDraft *draft);

/* haresources.c, authkeys.c, nodes.c */
void hb_nodes_parse(HbDraft *draft, const HbFile *file);
/* Adds @name (lower case), unless there is one of that name, or one that may be the same machine. */
void hb_nodes_add_self(HbDraft *draft, const char *name);
void hb_haresources_parse(HbDraft *draft, const HbFile *file);
void hb_authkeys_parse(HbDraft *draft, const HbFile *file);
void hb_testing_parse(HbDraft *draft, const HbFile *file);

/* system.c: questions to this machine */
gboolean hb_system_has_interface(const char *name);
/* NULL: a character device. Else what it is instead (static text). */
const char *hb_system_terminal_fault(const char *path);
/* NULL: a character device. Else what ails it (static text). */
const char *hb_system_device_fault(const char *path);
/* NULL: lines can be written there. Else why not (static text). */
const char *hb_system_log_fault(const char *path);
gboolean hb_system_has_user(const char *name);
gboolean hb_system_has_group(const char *name);
gboolean hb_system_is_program(const char *path);
/* Is @name a script in one of @dirs? */
gboolean hb_system_has_script(const char *const *dirs, const char *name);
/* Why what is called @name in @dirs cannot be run (transfer full); NULL: it can, or nothing is called so. */
char *hb_system_script_fault(const char *const *dirs, const char *name);
GPtrArray *hb_system_script_names(const char *const *dirs);
gboolean hb_system_has_unit(const char *root, const char *name);
/* "ocf:PROVIDER:AGENT" */
gboolean hb_system_has_agent(const char *root, const char *name);
/* The port that the services database has for ha-cluster; ours when it does not know the service. */
guint16 hb_system_cluster_port(void);
/* Does the services database know @port under another name than ours? (transfer full) that name, or NULL */
char *hb_system_port_owner(guint16 port);

#endif
