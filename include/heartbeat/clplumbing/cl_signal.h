/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cl_signal.h - signal handlers.
 */
#ifndef HB_CL_SIGNAL_H
#define HB_CL_SIGNAL_H

#include <signal.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All return 0, or -1 with errno. */

/* A handler that blocks nothing and restarts nothing. @oldact may be NULL. */
int cl_signal_set_simple_handler(int sig, void (*handler)(int), struct sigaction *oldact);
int cl_signal_set_handler(int sig, void (*handler)(int), sigset_t *mask, int flags, struct sigaction *oldact);
/* @flag: does the signal interrupt system calls? */
int cl_signal_set_interrupt(int sig, int flag);

#ifdef __cplusplus
}
#endif

#endif
