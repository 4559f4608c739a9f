/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands_parts.h - what the files of the commands share.
 */
#ifndef LDIR_COMMANDS_PARTS_H
#define LDIR_COMMANDS_PARTS_H

#include "ldirectord/conf/config.h"
#include "ldirectord/run/commands.h"
#include "ldirectord/run/instance.h"

#define LDIR_EXIT_FINE    0
#define LDIR_EXIT_FAILED  1
#define LDIR_EXIT_BROKEN  2
#define LDIR_EXIT_STOPPED 3
#define LDIR_EXIT_WARNED  4

#define LDIR_ANSWER_MS    10000
#define LDIR_FOLLOW_MS    2000    /* for one that may be another's */

typedef struct {
	const LdirCall *call;
	LdirInstance *instance;
	LdirConfig *config;     /* NULL: the file cannot be used */
	gboolean is_nameless;   /* read without a resolver */
	char *digest;
	const char *shown;      /* the file as messages name it */
	LdirInstanceState state;
	pid_t pid;              /* RUNNING */
} LdirContext;

/* commands_ask.c. @code, which is logged with @why if it is a bad end, as 4.12 does it. */
int ldir_command_leave(int code, const char *why);
/* The daemon that runs may have begun when links led to another file: it is that of the same name all the same. */
void ldir_command_follow(LdirContext *context);
/* Tells the daemon @line. FALSE: it does not obey, and @ret_why tells (transfer full). */
gboolean ldir_command_tell(const LdirContext *context, const char *line, guint limit_ms, char **ret_why);

/* Exit codes of the process */
int ldir_command_status(LdirContext *context);
int ldir_command_order(LdirContext *context);

#endif
