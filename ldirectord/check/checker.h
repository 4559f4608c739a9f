/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checker.h - the checks that run now: all of them at once, in one thread, each with its own deadline.
 *
 * A descriptor to watch, a moment to be called at, and ldir_checker_run(): that is all a loop needs to
 * know. What a server does, or does not do, costs only the check of this server: every check ends at its
 * deadline, reads a bounded number of octets and searches them under limits.
 * Children (external, SQL) are ended by process id: no other part of the program may wait for any child.
 * Times are monotonic milliseconds. doc/ldirectord.md 3.
 */
#ifndef LDIR_CHECKER_H
#define LDIR_CHECKER_H

#include "ldirectord/conf/config.h"

typedef struct LdirChecker LdirChecker;

/* Check @id has ended. @why: a short text for the log, never NULL, valid for this call. Checks may be
 * started and cancelled from here. */
typedef void (*LdirCheckerVerdict)(guint64 id, gboolean is_good, const char *why, gpointer user);

/* Within that call: what the check has said of weight. */
LdirSaid ldir_checker_said(const LdirChecker *checker);

/* (transfer full) For the whole process the soft limit of open files is raised as far as it helps, and
 * SIGPIPE is ignored. */
LdirChecker *ldir_checker_new(LdirCheckerVerdict verdict, gpointer user);
/* All checks are cancelled, all children killed. */
void ldir_checker_free(LdirChecker *checker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LdirChecker, ldir_checker_free)

/* One check of one server begins. Exactly one verdict follows, from ldir_checker_run(), unless it is
 * cancelled. @id: not in use. @config, @vs, @real must live until then. @kind: NEGOTIATE, CONNECT, PING,
 * EXTERNAL or EXTERNAL_PERL; a CONNECT of a service with protocol=udp is a PING. @state: a constant, what
 * a program is told about the server ("up"), or NULL. */
void ldir_checker_start(LdirChecker *checker, guint64 id, const LdirConfig *config, const LdirVirtual *vs,
                        const LdirReal *real, LdirCheck kind, const char *state);

/* No verdict of @id follows; unknown ids are allowed. */
void ldir_checker_cancel(LdirChecker *checker, guint64 id);

/* An epoll descriptor (transfer none): readable = call ldir_checker_run(). */
int ldir_checker_fd(LdirChecker *checker);

/* When ldir_checker_run() has to be called at the latest; G_MAXINT64: no reason known. */
gint64 ldir_checker_deadline_ms(LdirChecker *checker);

/* Does what is due, and gives out verdicts. Bounded: what is left over makes the descriptor readable again. */
void ldir_checker_run(LdirChecker *checker, gint64 now_ms);

#endif
