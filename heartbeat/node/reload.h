/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reload.h - the configuration from root's bytes: at start, and anew while running.
 */
#ifndef HB_NODE_RELOAD_H
#define HB_NODE_RELOAD_H

#include "node/node.h"

/* (transfer full) All bytes behind @fd, within a limit. */
GBytes *hb_reload_read_fd(int fd, GError **error);

/* (transfer full) The configuration and its keys; NULL with @error, which names the first problem; all problems are
 * logged. */
HbConfig *hb_reload_parse(GBytes *bundle, const char *node_name, HbKeyring *ret_keys, GError **error);

/* RELOAD: takes the new configuration, or says why not and goes on with the old one. */
void hb_reload(HbNode *node, int fd);

#endif
