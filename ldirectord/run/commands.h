/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands.h - start, stop, status and the rest, with the exit codes and texts of ldirectord 4.12 (doc/ldirectord.md 1.4).
 */
#ifndef LDIR_COMMANDS_H
#define LDIR_COMMANDS_H

#include <stdio.h>

#include <glib.h>

typedef struct {
	const char *operand;    /* NULL: none */
	const char *command;
	const char *invoked_as; /* for the log */
	char *const *words;     /* behind the command, NULL at the end */
	const char *form;       /* "json", "metrics": for status, instead of its text; NULL */
	gboolean is_debug;
} LdirCall;

/* The exit code. */
int ldir_command(const LdirCall *call);
gboolean ldir_command_is_known(const char *command);

/* One that a daemon answers: it has words of its own. */
gboolean ldir_command_has_words(const char *command);

/* --check and --dump-config */
int ldir_command_check(const char *operand, gboolean is_dump);

#endif
