/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probes.h - schedule and checker together: verdicts come for as long as there is a configuration.
 */
#ifndef LDIR_PROBES_H
#define LDIR_PROBES_H

#include "ldirectord/check/checker.h"
#include "ldirectord/check/schedule.h"

typedef struct LdirProbes LdirProbes;

/* @verdict: .kind is VERDICT, .said is set; valid for this call. */
typedef void (*LdirProbesVerdict)(const LdirScheduleEffect *verdict, gpointer user);

/* What is known of that server: "new", "up" or "down" (static). */
typedef const char *(*LdirProbesState)(guint service, guint server, gpointer user);

LdirProbes *ldir_probes_new(LdirProbesVerdict verdict, LdirProbesState state, gpointer user);   /* (transfer full) */
void ldir_probes_free(LdirProbes *probes);                              /* NULL is allowed */

/* Gives up the configuration until now (it is not looked at behind this call, and must be there still) for @config, which
 * must live until the next call. No verdict comes before ldir_probes_begin(). */
void ldir_probes_configure(LdirProbes *probes, const LdirConfig *config);
void ldir_probes_begin(LdirProbes *probes, gint64 now_ms);

/* Readable, or at its time: call ldir_probes_run(). */
int ldir_probes_fd(LdirProbes *probes);
gint64 ldir_probes_deadline_ms(LdirProbes *probes);
void ldir_probes_run(LdirProbes *probes, gint64 now_ms);

/* Checks that server at @at_ms, if that is earlier than it would be; _put_off(): whenever it would be. */
void ldir_probes_hurry(LdirProbes *probes, guint service, guint server, gint64 at_ms);
void ldir_probes_put_off(LdirProbes *probes, guint service, guint server, gint64 at_ms);

#endif
