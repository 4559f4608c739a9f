/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sync.h - the kernel's daemon that passes connections on to the other director (syncdaemon=).
 *
 * A director that serves sends (master), one that does not listens (backup). A daemon that runs with other words than ours was
 * started by somebody else, by LVSSyncDaemonSwap or by hand: it is left alone.
 */
#ifndef LDIR_SYNC_H
#define LDIR_SYNC_H

#include "ldirectord/ipvs/ipvs.h"

/* What is to be done, at most two steps. */
typedef struct {
	gboolean is_start;
	LdirIpvsRole role;
} LdirSyncStep;

#define LDIR_SYNC_STEPS_MAX 2

/* Pure: from what is @there to @role (NONE: neither of the two) with the words of @ours. @ret_foreign: the daemon of that role is
 * not ours. Returns how many of @steps. */
guint ldir_sync_steps(const LdirIpvsSync there[LDIR_N_ROLES], const LdirIpvsSync *ours, LdirIpvsRole role,
                      LdirSyncStep steps[LDIR_SYNC_STEPS_MAX], gboolean *ret_foreign);

/* Does it for @words, as in syncdaemon=; NULL: nothing is to be done. What is to be told the operator is in @ret_text (transfer full;
 * NULL: nothing is new). FALSE: it has to be tried again. */
gboolean ldir_sync_apply(LdirIpvs *ipvs, const char *words, LdirIpvsRole role, char **ret_text);

#endif
