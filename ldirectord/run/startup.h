/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * startup.h - from the call "start" to a daemon whose table is in step, or the reason why there is none.
 */
#ifndef LDIR_STARTUP_H
#define LDIR_STARTUP_H

#include "ldirectord/conf/config.h"
#include "ldirectord/run/instance.h"

typedef struct {
	LdirInstance *instance;
	const char *digest;     /* of the file */
	const char *shown;
	gboolean is_standing_by;        /* checks alone, nothing in the table */
	gboolean is_debug;      /* stays in the foreground, as with supervised=yes */
} LdirStartup;

/* Returns the exit code of the caller, once the daemon is ready, and of the daemon at its end: the process may have forked. @config
 * (transfer full). */
int ldir_startup(const LdirStartup *startup, LdirConfig *config);

/* What a daemon that had to be killed has left in the table. */
void ldir_startup_purge(LdirConfig *config);

#endif
