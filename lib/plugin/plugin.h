/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plugin.h - finds and loads media and authentication plugins (libltdl), checks their ABI.
 *
 * Search path: HB_PLUGIN_DIR/HBcomm and HBauth, or the directory named by hb_plugin_set_dir()
 * (tests, a build tree). Only root-owned directories nobody else may write are searched when the
 * process runs with rights; a plugin stays loaded until the process ends. Not for the core.
 */
#ifndef HB_PLUGIN_PLUGIN_H
#define HB_PLUGIN_PLUGIN_H

#include <glib.h>

#include "heartbeat/hb_auth.h"
#include "heartbeat/hb_medium.h"
#include "wire/frame.h"

struct HbConfig;
struct HbPluginJudge;

/* Before the first look-up. @dir holds HBcomm/ and HBauth/, or .libs of a build tree directly. */
void hb_plugin_set_dir(const char *dir);

/* (transfer none) NULL with @error: no such plugin, wrong ABI, cannot be loaded. */
const hb_medium_ops *hb_plugin_medium(const char *name, GError **error);
const hb_auth_ops *hb_plugin_auth(const char *name, GError **error);

/* The judge that conf asks about plugin-defined words. */
const struct HbPluginJudge *hb_plugin_judge(void);

/* Fills @ret_keys from the configuration's keys; strings are copied, free with hb_keyring_wipe(). */
gboolean hb_plugin_keyring(const struct HbConfig *config, HbKeyring *ret_keys, GError **error);
void hb_keyring_wipe(HbKeyring *keys);

#endif
