/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * problem.h - what is wrong with a configuration: all of it, by line.
 *
 * Pure. The first sentence of a text is that of ldirectord 4.12 where it has one
 * (doc/ldirectord.md 2.4), since tools look for it; the advice is ours.
 */
#ifndef LDIR_PROBLEM_H
#define LDIR_PROBLEM_H

#include <glib.h>

typedef enum {
	LDIR_ERROR,             /* the file is refused */
	LDIR_WARNING
} LdirProblemKind;

typedef struct {
	LdirProblemKind kind;
	guint line;             /* 0: the file as a whole */
	char *text;             /* what is wrong */
	char *advice;           /* what to write instead; NULL: the text says it */
} LdirProblem;

/* An empty list of LdirProblem (transfer full) */
GPtrArray *ldir_problems_new(void);

/* Appends; unprintable bytes become \xNN, long texts are cut. @advice may be NULL. */
void ldir_problem_add(GPtrArray *problems, LdirProblemKind kind, guint line, const char *advice,
                      const char *format, ...) G_GNUC_PRINTF(5, 6);

guint ldir_problems_count(const GPtrArray *problems, LdirProblemKind kind);

/* All warnings become errors (strict=yes). */
void ldir_problems_harden(GPtrArray *problems);

/* "Error [PID] reading file F at line N: TEXT; ADVICE", without [PID] for @pid 0. (transfer full) */
char *ldir_problem_line(const LdirProblem *problem, const char *file, guint pid);

#endif
