/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon.h - the process that goes on: loop, signals, reload, and the programs that are told.
 */
#ifndef LDIR_DAEMON_H
#define LDIR_DAEMON_H

#include "ldirectord/director/director.h"
#include "ldirectord/run/instance.h"

typedef struct {
	LdirInstance *instance;         /* locked */
	LdirIpvs *ipvs;
	const char *digest;             /* of the file */
	const char *program;            /* ourselves, for execute= */
	gboolean is_foreground;
	gboolean is_standing_by;        /* begins with checks alone */
} LdirDaemonInput;

/* Runs @config (transfer full) until it is told to end. @ready: called once the table is in step, with NULL, or with why
 * that could not be. Returns the exit code of the process. */
int ldir_daemon_run(const LdirDaemonInput *input, LdirConfig *config, void (*ready)(const char *why, gpointer user), gpointer user);

#endif
