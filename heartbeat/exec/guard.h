/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard.h - the process that starts root again when root ends without farewell.
 *
 * It only waits: for root's end (a pidfd), and for a byte of hb-node that says "root does not answer any
 * more", upon which it kills root. Then it becomes the next root by running heartbeat again with the
 * arguments and environment of the first start. Root watches the guard in turn.
 * Where somebody else starts root again (systemd) the guard leaves it to them, except while root stops: then
 * nobody else would, and hb-node would be left alone.
 */
#ifndef HB_EXEC_GUARD_H
#define HB_EXEC_GUARD_H

#include <sys/types.h>

#include <glib.h>

#include "exec/state.h"

typedef struct {
	const char *program;            /* path of heartbeat */
	char **argv;                    /* as started; borrowed for the life of the process */
	const HbState *state;           /* .farewell, .stopping */
	gboolean others_restart;        /* who started us starts root again when it dies */
	int pipe_read, pipe_write;      /* close-on-exec; the write end is handed to hb-node */
	int rt_priority;                /* 0: ordinary */
} HbGuard;

/* Forks a guard for this process. Its pid and pidfd, or -1 with @error. */
pid_t hb_guard_start(const HbGuard *guard, int *ret_pidfd, GError **error);

#endif
