/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stonith.h - fencing devices: which there are, what settings they have, and one operation of one device.
 *
 * Three kinds of type: "external/NAME", a script of Debian's cluster-glue or of the administrator; what else
 * cluster-glue has, by its program stonith; plugins of ours (hb_stonith.h). Of one name the first one found counts.
 * For processes that may wait: hb-fence, hb_stonith, the check of the configuration. All waiting ends at a moment.
 * Strings are (transfer full). Moments are monotonic milliseconds.
 */
#ifndef HB_LIB_STONITH_H
#define HB_LIB_STONITH_H

#include <glib.h>

#include "heartbeat/hb_stonith.h"

#define HB_STONITH_ERROR g_quark_from_static_string("hb-stonith-error")

typedef enum {
	HB_STONITH_ERROR_TYPE,          /* no such type */
	HB_STONITH_ERROR_SETTINGS,      /* too few, or the file cannot be read */
	HB_STONITH_ERROR_RUN            /* could not be run, gave no sense, or was ended */
} HbStonithError;

typedef struct {
	char *type;
	char **names;           /* of the settings */
	char **values;          /* as many */
} HbStonith;

/* All types, sorted; with cluster-glue installed those that its "stonith -L" lists, and ours. */
char **hb_stonith_types(gint64 until_ms);
/* Names of the settings of @type, or NULL with @error. */
char **hb_stonith_names(const char *type, gint64 until_ms, GError **error);

typedef enum {
	HB_STONITH_INFO_ID,
	HB_STONITH_INFO_NAME,
	HB_STONITH_INFO_DESCR,
	HB_STONITH_INFO_URL,
	HB_STONITH_INFO_XML,            /* the <parameters> element */
	HB_STONITH_INFO_N
} HbStonithInfo;

/* What @type says of itself; empty where it says nothing. NULL with @error. */
char *hb_stonith_info(const char *type, HbStonithInfo what, gint64 until_ms, GError **error);

/* The settings of a file: its first line that is no comment. NULL with @error. */
char *hb_stonith_read_file(const char *path, GError **error);
/* A device from its settings in one line: blanks part them, the last takes the rest. NULL with @error. */
HbStonith *hb_stonith_new(const char *type, const char *words, gint64 until_ms, GError **error);
/* A device from "NAME=VALUE" words. */
HbStonith *hb_stonith_new_named(const char *type, char *const *words, gint64 until_ms, GError **error);
void hb_stonith_free(HbStonith *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HbStonith, hb_stonith_free)

/*
 * Does one operation: HB_STONITH_OK, _FAILED (@error set) or _BAD_HOST. @node: NULL for STATUS and HOSTS.
 * *ret_text (may be NULL): what HOSTS answered.
 * What the device says on the way goes to standard error.
 */
int hb_stonith_run(const HbStonith *device, hb_stonith_action action, const char *node, gint64 until_ms, char **ret_text,
                   GError **error);

/* Ends the program of a device that is running now, from a signal handler; for a process that is told to end. */
void hb_stonith_abort(void);

/* For tests: instead of the directory of external plugins and of cluster-glue's program. */
void hb_stonith_set_paths(const char *external_dir, const char *glue_program);

#endif
