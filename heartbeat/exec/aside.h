/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * aside.h - a child of this process, without a program of its own, that writes a file: a disk that hangs must not hold
 * up the root process.
 */
#ifndef HB_EXEC_ASIDE_H
#define HB_EXEC_ASIDE_H

#include <sys/types.h>

#include <glib.h>

/* @status: as of waitpid */
typedef void HbAsideEnded(int status, gpointer data);

/* Calls @ended once when the child @pid has ended, which is reaped with that. Cannot fail. */
void hb_aside_watch(pid_t pid, HbAsideEnded *ended, gpointer data);

#endif
