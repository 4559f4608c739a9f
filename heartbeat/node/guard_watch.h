/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard_watch.h - tells the guard when root no longer answers.
 */
#ifndef HB_NODE_GUARD_WATCH_H
#define HB_NODE_GUARD_WATCH_H

#include "node/node.h"

HbGuardWatch *hb_guard_watch_new(HbNode *node);
void hb_guard_watch_free(HbGuardWatch *watch);

#endif
