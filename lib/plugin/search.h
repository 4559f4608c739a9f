/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * search.h - where the file of a plugin is, and whether it may be trusted. Private to lib/plugin.
 */
#ifndef HB_PLUGIN_SEARCH_H
#define HB_PLUGIN_SEARCH_H

#include <glib.h>

typedef enum {
	HB_PLUGIN_MEDIUM,
	HB_PLUGIN_AUTH,
	HB_PLUGIN_STONITH,
	HB_PLUGIN_N_KINDS
} HbPluginKind;

void hb_plugin_search_set_dir(const char *dir);
/* (transfer full) Path of @name's file, or NULL with @error (NAME, MISSING, UNSAFE). */
char *hb_plugin_search(HbPluginKind kind, const char *name, GError **error);
/* (transfer full) Names of the files there are, in no order. */
char **hb_plugin_search_list(HbPluginKind kind);

#endif
