/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apart.h - what plugins say about their own words, asked of a process without rights.
 *
 * Root loads no plugin. The process is a fork that gives up its rights before it loads one, and then answers
 * what conf asks. If a plugin ends it, every further question is answered with a refusal that says so.
 * Start it before files are read that it must not see. One at a time.
 */
#ifndef HB_EXEC_APART_H
#define HB_EXEC_APART_H

#include <glib.h>

#include "conf/load.h"

gboolean hb_apart_start(GError **error);
/* Asks the process; for conf, between start and stop. */
const HbPluginJudge *hb_apart_judge(void);
void hb_apart_stop(void);

#endif
