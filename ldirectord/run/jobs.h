/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * jobs.h - programs that are run and never waited for: commands of the configuration, the mailer, other instances.
 *
 * Those of one lane run one after the other, in their order; lanes run side by side. Each has a process group of its own and a
 * limit; at its end come TERM and, a second later, KILL.
 */
#ifndef LDIR_JOBS_H
#define LDIR_JOBS_H

#include <glib.h>

typedef struct LdirJobs LdirJobs;

/* @why: NULL for exit status 0, else what was the matter. */
typedef void (*LdirJobDone)(const char *name, const char *why, gpointer user);

LdirJobs *ldir_jobs_new(LdirJobDone done, gpointer user);       /* (transfer full) */
/* Those that run are left alone. NULL is allowed. */
void ldir_jobs_free(LdirJobs *jobs);

/* @name: for the report. @input: standard input, or NULL. A lane takes a thousand; then the oldest that waits is given up. */
void ldir_jobs_add(LdirJobs *jobs, const char *lane, const char *name, const char *const *argv, const char *input, guint limit_ms);

/* The jobs of @lane are no longer ours: a process of their own sees to those that wait, for a minute at most, and nobody is told. */
void ldir_jobs_leave(LdirJobs *jobs, const char *lane);

/* Running and waiting */
guint ldir_jobs_n(const LdirJobs *jobs);

#endif
