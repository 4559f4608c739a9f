/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fifo_watch.h - the FIFO for scripts stays where they look for it, whatever is done to it.
 *
 * inotify on its directory, which is root's; what is removed or replaced is made again, and hb-node gets the new one.
 */
#ifndef HB_EXEC_FIFO_WATCH_H
#define HB_EXEC_FIFO_WATCH_H

#include "exec/supervisor.h"

/* Never fails: what the kernel will not tell is not noticed. */
void hb_fifo_watch_begin(HbSupervisor *sup);
/* hb-node is ready: one that was made again since its WELCOME is handed over. */
void hb_fifo_watch_tell(HbSupervisor *sup);

#endif
