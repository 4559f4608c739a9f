/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * child.h - another program, run for a check: its own process group, ended by a deadline that its user keeps.
 *
 * Never waited for: its end is an event. A child that nobody wants any more gets TERM, with all of its
 * group, and a second later KILL.
 */
#ifndef LDIR_CHILD_H
#define LDIR_CHILD_H

#include "ldirectord/check/checker_parts.h"

#define LDIR_CHILDREN_MAX     64        /* of one checker, at once */
#define LDIR_DOWN_MAX         32        /* beside them, for servers that are down: many of them may hang until their deadline */
#define LDIR_NAMES_MAX        32        /* and names, which are asked for as servers want it that send us elsewhere */
#define LDIR_CHILD_OUTPUT_MAX 4096

/* The program has ended with @status, as of waitpid(). @output: the beginning of its standard output. */
typedef void (*LdirChildDone)(gpointer user, int status, const char *output, gsize len);

typedef struct {
	const char *const *argv;        /* [0] without a slash is looked for in PATH; no shell */
	const char *const *envp;        /* NULL: our own */
	const char *input;              /* its standard input; NULL: nothing */
	gboolean wants_output;          /* else it goes to /dev/null, as errors always do */
	LdirPool pool;                  /* for which of these it counts */
} LdirChildSpec;

/* Where the program of @task has its place. Servers that are down have half of the others', too, as long as that is free. */
LdirPool ldir_pool_of(const LdirTask *task);
gboolean ldir_pool_is_full(const LdirChecker *checker, LdirPool pool);

/* (transfer none) NULL: it cannot be run, errno tells; EAGAIN: too many run already. */
LdirChild *ldir_child_start(LdirChecker *checker, const LdirChildSpec *spec, LdirChildDone done, gpointer user);

/* The done function will not be called. */
void ldir_child_abandon(LdirChild *child);

/* Kills all, at the end of @checker. */
void ldir_children_end(LdirChecker *checker);

#endif
