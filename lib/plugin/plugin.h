/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plugin.h - finds and loads media, authentication and fencing plugins (libltdl), checks their ABI.
 *
 * Search path: the directories of the environment's HB_PLUGIN_PATH (a list with colons; not honoured
 * in a program that got rights by its file), then the one of hb_plugin_set_dir(), else HB_PLUGIN_DIR.
 * Root loads only what belongs to root and nobody else may write, directory and file.
 * A plugin stays loaded until the process ends. Not for the core. Not thread-safe.
 */
#ifndef HB_PLUGIN_PLUGIN_H
#define HB_PLUGIN_PLUGIN_H

#include <glib.h>

#include "heartbeat/hb_auth.h"
#include "heartbeat/hb_medium.h"
#include "heartbeat/hb_stonith.h"
#include "wire/frame.h"

struct HbConfig;
struct HbPluginJudge;

#define HB_PLUGIN_ERROR (hb_plugin_error_quark())
GQuark hb_plugin_error_quark(void);

typedef enum {
	HB_PLUGIN_ERROR_NAME,           /* not [a-z0-9_-]+ */
	HB_PLUGIN_ERROR_MISSING,        /* no such file: not a word of ours */
	HB_PLUGIN_ERROR_UNSAFE,         /* somebody else could have written it */
	HB_PLUGIN_ERROR_LOAD,
	HB_PLUGIN_ERROR_ABI,            /* made for another version, or incomplete */
	HB_PLUGIN_ERROR_KEY             /* authkeys: a key that must not be there, or none where one must */
} HbPluginError;

/* Instead of HB_PLUGIN_DIR; NULL: back to it. @dir holds HBcomm/, HBauth/ and HBstonith/ as installed, or is the top
 * of a build tree, or holds the plugins themselves. What is loaded already is not looked for again. */
void hb_plugin_set_dir(const char *dir);

/* (transfer none) NULL with @error: no such plugin, wrong ABI, cannot be loaded. */
const hb_medium_ops *hb_plugin_medium(const char *name, GError **error);
const hb_auth_ops *hb_plugin_auth(const char *name, GError **error);
const hb_stonith_ops *hb_plugin_stonith(const char *name, GError **error);
/* (transfer full) Names of the fencing plugins that are there, whether they can be loaded or not. */
char **hb_plugin_stonith_list(void);

/* The judge that conf asks about plugin-defined words. */
const struct HbPluginJudge *hb_plugin_judge(void);

/* Fills @ret_keys from the configuration's keys; strings are copied, free with hb_keyring_wipe().
 * .accept_306_roll is FALSE: that is the caller's decision. */
gboolean hb_plugin_keyring(const struct HbConfig *config, HbKeyring *ret_keys, GError **error);
void hb_keyring_wipe(HbKeyring *keys);

#endif
