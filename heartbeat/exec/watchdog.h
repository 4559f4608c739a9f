/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watchdog.h - root's end of the watchdog device: opens it, and stops it last.
 *
 * Root keeps the device open as long as it lives, so that a new hb-node goes on with the same one; hb-node sets its time
 * and tends it (node/watchdog.h). When both are gone nobody stops it, and the machine reboots.
 */
#ifndef HB_EXEC_WATCHDOG_H
#define HB_EXEC_WATCHDOG_H

#include <glib.h>

/* Opens @path, which starts it. @fresh: hb-node may take a while to be ready, so it gets a long time; else the time is left as
 * it was. A descriptor (transfer full), or -1 with a message in the log: the node runs without. */
int hb_watchdog_open(const char *path, gboolean fresh);

/* Stops it (@fd is closed), or says why the machine will reboot. */
void hb_watchdog_stop(int fd);

#endif
