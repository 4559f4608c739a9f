/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot.h - the start of the daemon, up to where hb-node can be started: a readable list of steps.
 *
 * What can be known is known before the first thing is changed; where a step fails nothing is half started.
 */
#ifndef HB_EXEC_BOOT_H
#define HB_EXEC_BOOT_H

#include <signal.h>

#include "exec/exec.h"

/* @ex has options, argv, program, node_name; bundle and config as far as they were checked. HB_EXIT_OK, or the
 * exit code with @error. */
int hb_boot(HbExec *ex, GError **error);

/* Undoes what would make this node look alive: pid file, sockets, memory (@clean: nothing runs any more), and
 * says farewell to the guard. */
void hb_boot_undo(HbExec *ex, gboolean clean);

/* Blocks what the daemon hears by a descriptor, or not at all (SIGPIPE). */
void hb_boot_hold_signals(sigset_t *ret_held);

/* Logger settings from the configuration in force. */
void hb_boot_log_setup(const HbExec *ex);

#endif
