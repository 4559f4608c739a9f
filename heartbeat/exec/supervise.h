/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * supervise.h - the life of the root process after its start: one hb-node at a time, kept alive.
 */
#ifndef HB_EXEC_SUPERVISE_H
#define HB_EXEC_SUPERVISE_H

#include "exec/exec.h"

/* Runs until shutdown. Signals are blocked from here on. The exit code. */
int hb_supervise(HbExec *ex);

#endif
