/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load.h - reads the three files into an HbConfig, or says everything that is wrong with them.
 *
 * Pure but for hb_bundle_read(), which reads files, and the checks of with_system. Problems are collected, never logged:
 * the caller prints them. Source: doc/config.md.
 */
#ifndef HB_CONF_LOAD_H
#define HB_CONF_LOAD_H

#include "conf/config.h"

typedef enum {
	HB_PROBLEM_ERROR,       /* start is refused */
	HB_PROBLEM_WARNING
} HbProblemKind;

typedef struct {
	HbProblemKind kind;
	char *file;             /* path as opened */
	guint line;             /* 0: the file as a whole */
	char *directive;        /* NULL: none */
	char *value;            /* NULL: none */
	char *text;             /* what is wrong and what to write instead */
	gboolean is_permission; /* EPERM or EACCES: exit code 4 instead of 6 */
	gboolean blocks_306;    /* taken here, but heartbeat 3.0.6 would refuse or misread the line */
} HbProblem;

/* "ha.cf:12: error: deadtime 1: must be more than 2 x keepalive (1000ms); write deadtime 3" (transfer full) */
char *hb_problem_text(const HbProblem *problem);

/* One file as bytes. */
typedef enum {
	HB_FILE_HACF,           /* ha.cf, then ha.cf.d/x.cf in order of names: read as if appended */
	HB_FILE_HARESOURCES,
	HB_FILE_AUTHKEYS,
	HB_FILE_NODES,          /* made by root: nodes that came ("+NAME ...") or went ("-NAME ...") since ha.cf was read */
	HB_FILE_TESTING         /* OnlyForTesting, which need not exist */
} HbFileKind;

typedef struct {
	HbFileKind kind;
	char *path;             /* for messages */
	GBytes *bytes;
} HbFile;

/* The files of one configuration, read once by root and handed to hb-node as they are, so that
 * both processes judge the same bytes. */
typedef struct {
	GPtrArray *files;       /* HbFile *, in the order in which they are to be parsed */
} HbBundle;

/* Reads ha.cf, ha.cf.d, haresources and authkeys (with its mode check) below @dir. What cannot be read
 * becomes a problem. Never NULL. */
HbBundle *hb_bundle_read(const char *dir, GPtrArray *problems);
void hb_bundle_free(HbBundle *bundle);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HbBundle, hb_bundle_free)
GBytes *hb_bundle_pack(const HbBundle *bundle);                         /* (transfer full) for the channel */
HbBundle *hb_bundle_unpack(GBytes *packed);                             /* NULL: not a bundle */

typedef struct {
	const HbBundle *files;
	const char *node_name;          /* uname -n or nodeinfo; lower-cased here */
	/* Directories in which resource scripts are looked for, NULL-terminated; NULL: do not check. */
	const char *const *resource_dirs;
	gboolean with_system;           /* check users, programs, terminals, interfaces of this machine */
	gboolean strict_media;          /* with_system: a missing interface or terminal is an error, not a warning */
	/* Put before /run, /etc and /lib where units of systemd are looked for (tests); NULL: nothing. */
	const char *system_root;
	/* Media and authentication plugins judge their own words; NULL: accept any word of the well-known list.
	 * medium: returns FALSE with @err; splits into one medium per word where the plugin says so. */
	const struct HbPluginJudge *judge;
} HbConfInput;

/* What a plugin host answers (lib/plugin fills it in; tests use a fake). */
typedef struct HbPluginJudge {
	gboolean (*medium_known)(const char *kind);
	gboolean (*medium_word_each)(const char *kind);
	gboolean (*medium_check)(const char *kind, const char *words, guint32 udpport, guint32 baud,
	                         char **ret_far_name, char **ret_err);
	gboolean (*auth_known)(const char *method);
	gboolean (*auth_needs_key)(const char *method);
	/* The names of the settings of a fencing device, in order (transfer full); NULL with *ret_err. May be NULL: not asked. */
	char **(*stonith_names)(const char *type, char **ret_err);
} HbPluginJudge;

/* (transfer full), or NULL when a problem is an error. @problems: GPtrArray of HbProblem* with its
 * element destructor set (hb_problem_free); problems are appended in the order of the files. */
HbConfig *hb_config_parse(const HbConfInput *input, GPtrArray *problems);

GPtrArray *hb_problems_new(void);
void hb_problem_free(gpointer problem);
gboolean hb_problems_have_error(const GPtrArray *problems);

/* The normal form of the configuration, which parses again to an equal one. Keys are never printed. (transfer full) */
char *hb_config_print(const HbConfig *config);

#endif
