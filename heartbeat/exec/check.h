/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.h - reads the configuration, and has it judged.
 *
 * Words that plugins define are judged by the plugins, in a process without rights (apart.h). Root's own
 * parse, the one that it works with, takes such words as they are.
 */
#ifndef HB_EXEC_CHECK_H
#define HB_EXEC_CHECK_H

#include "conf/config.h"
#include "conf/load.h"
#include "exec/options.h"

/* This node's name: the file nodeinfo, else uname -n; lower case (transfer full). */
char *hb_check_node_name(const char *dir);

/* Reads the bundle with the changes that the options ask for (transfer full). */
HbBundle *hb_check_read(const HbOptions *options, GPtrArray *problems);

/* Root's parse of @bundle. NULL: see @problems. */
HbConfig *hb_check_parse(const HbBundle *bundle, const char *node_name, GPtrArray *problems);

/* May a daemon start with it, or go on? Prints all problems to standard error. HB_EXIT_OK, _CONFIG or
 * _PERMISSION; on success *ret_bundle and *ret_config (transfer full; NULL: not wanted). */
int hb_check_start(const HbOptions *options, const char *node_name, HbBundle **ret_bundle, HbConfig **ret_config);

/* "heartbeat --check": stricter than a start, with a summary, on standard output. The same codes. */
int hb_check_all(const char *dir, const char *node_name);

#endif
