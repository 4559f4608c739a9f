/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watchdog.h - tends the watchdog device as long as this node can be trusted with what it holds.
 *
 * Proof of life: this loop turns, the core is not behind its own deadline, and root has been heard within three seconds.
 * What is missing one of them does not get its groups stopped, so the machine is better rebooted: the other nodes count
 * on it that what they take after the deadtime runs nowhere else.
 */
#ifndef HB_NODE_WATCHDOG_H
#define HB_NODE_WATCHDOG_H

#include "node/node.h"

/* The time that the device gives us, in whole seconds: not more than the deadtime, so that the reboot comes before
 * others take what runs here. A second is the least that devices know. */
guint hb_watchdog_timeout_s(guint32 deadtime_ms);

/* Takes the device from here on. @fd (transfer full); -1: NULL, there is none. */
HbWatchdog *hb_watchdog_new(HbNode *node, int fd);
/* Closes our end of it; root stops it, or nobody does. NULL is allowed. */
void hb_watchdog_free(HbWatchdog *watchdog);

#endif
