/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.h - all that "heartbeat --check [DIR]" says about a configuration.
 */
#ifndef HB_CONF_CHECK_H
#define HB_CONF_CHECK_H

#include "conf/load.h"

/* Checks the files below @dir strictly and against this machine, and appends to @out: every problem,
 * sorted by file and line; one line of counts; the lines that bar the way back to heartbeat 3.0.6.
 * Returns the exit code: 0 fine, 6 not, 4 not because something may not be read. */
int hb_conf_check(const char *dir, const HbPluginJudge *judge, const char *node_name, GString *out);

#endif
