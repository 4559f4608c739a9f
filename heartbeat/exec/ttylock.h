/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ttylock.h - the lock of a serial line that all programs for modems know: /run/lock/LCK..ttyS0 with a process id.
 *
 * It is not taken away at the end: a lock of a process that no longer lives counts for nobody.
 */
#ifndef HB_EXEC_TTYLOCK_H
#define HB_EXEC_TTYLOCK_H

#include <glib.h>

/* FALSE with errno EBUSY: another living process has it. Where no lock can be made there is none, and that is TRUE. */
gboolean hb_ttylock_take(const char *lock_dir, const char *tty);

#endif
