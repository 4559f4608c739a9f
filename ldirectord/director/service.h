/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * service.h - one virtual service at run time: which of its servers are in service, and the fallback.
 *
 * Pure: verdicts of checks go in with their time, effects come out. Times are monotonic milliseconds
 * and never go backwards. Two rules hold after every call (tests/unit/test_ldir_service.c):
 * a server has weight only between its first good check and its last bad one, or when it had it
 * already in a table that was adopted; and whatever leaves goes after what comes in its place.
 */
#ifndef LDIR_SERVICE_H
#define LDIR_SERVICE_H

#include "ldirectord/conf/config.h"
#include "ldirectord/director/effects.h"
#include "ldirectord/director/quorum.h"

typedef struct LdirRun LdirRun;

typedef enum {
	LDIR_REAL_UNPROVEN,     /* no verdict yet, and not in service */
	LDIR_REAL_ADOPTED,      /* no verdict yet, but it was in service when we came */
	LDIR_REAL_UP,
	LDIR_REAL_DOWN
} LdirRealState;

/* @vs and the fallbacks of @config must live as long. (transfer full) */
LdirRun *ldir_run_new(const LdirConfig *config, const LdirVirtual *vs);
void ldir_run_free(LdirRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LdirRun, ldir_run_free)

/* Puts the service into the table. @weights: what the kernel has for each server of the service, -1: it
 * is not there; NULL: the service was not there at all. @has_fallback: the fallback is there. */
void ldir_run_start(LdirRun *run, const gint64 *weights, gboolean has_fallback, gint64 now_ms, GPtrArray *effects);

/* The same after a reload, with what @old knew of the servers that are in both, found by address and port: they stay as they
 * are. Servers that are only in @old are no matter of this. @weights: as weightfile= wants them now, NULL: as before. */
void ldir_run_carry(LdirRun *run, const LdirRun *old, const gint64 *weights, GPtrArray *effects);

/* What @old calls server number @real of @run (-1: it has none), as ldir_run_carry() finds it. */
int ldir_run_find(const LdirRun *run, guint real, const LdirRun *old);

/* Instead of ldir_run_start(), with what @known (of the same service, whose effects nobody carried out) has found out: servers that are
 * up enter at once, those that are down leave, orders of operators hold. */
void ldir_run_start_knowing(LdirRun *run, const LdirRun *known, const gint64 *weights, gboolean has_fallback, gint64 now_ms,
                            GPtrArray *effects);

/* A check of server number @real has ended. */
void ldir_run_verdict(LdirRun *run, guint real, gboolean is_good, gint64 now_ms, GPtrArray *effects);

/* Somebody works on server number @real (maintenancedir=): it is down at once, and stays down until that is over and a check is good. After a
 * reload and at a start that knows others this is said anew of each server for which it is still so, then that all are known. */
void ldir_run_maintain(LdirRun *run, guint real, gboolean is_on, gint64 now_ms, GPtrArray *effects);

/* The same without cutting connections: while it is up it has weight 0. After a reload it is said anew of each server that is to stay
 * drained, and then that all are known. */
void ldir_run_drain(LdirRun *run, guint real, gboolean is_on, GPtrArray *effects);
void ldir_run_maintenance_known(LdirRun *run, GPtrArray *effects);
gboolean ldir_run_is_drained(const LdirRun *run, guint real);

/* The certificate that server number @real has shown ends in @days; below sslexpiry= that is told once for each number. */
void ldir_run_certificate(LdirRun *run, guint real, gint64 days, GPtrArray *effects);
gboolean ldir_run_certificate_days(const LdirRun *run, guint real, gint64 *ret_days);   /* FALSE: not known */

/* An operator wants @weight (0: drained) for server number @real while it is up, until he takes that back with -1. */
void ldir_run_set_weight(LdirRun *run, guint real, gint64 weight, GPtrArray *effects);

gboolean ldir_run_ordered_weight(const LdirRun *run, guint real, gint64 *ret_weight);   /* FALSE: he wants none */

/* A check wants that weight for server number @real, from now on; what an operator wants comes before it. */
void ldir_run_said(LdirRun *run, guint real, LdirSaid said, GPtrArray *effects);

/* weightfile= wants these weights, of each server, -1: as configured. What a check or an operator wants comes before it. */
void ldir_run_file_weights(LdirRun *run, const gint64 *weights, GPtrArray *effects);
/* The same in front of ldir_run_start(), when nobody serves yet. */
void ldir_run_begin_weights(LdirRun *run, const gint64 *weights, GPtrArray *effects);

/* An operator takes server number @real out of service, or gives it back: then the next good check counts. It is still checked meanwhile. */
void ldir_run_disable(LdirRun *run, guint real, gboolean is_on, gint64 now_ms, GPtrArray *effects);
gboolean ldir_run_is_disabled(const LdirRun *run, guint real);

/* flapmax=: it went down too often, and has not been good for long enough since. */
gboolean ldir_run_is_flapping(const LdirRun *run, guint real);

/* Time has passed: mails that are due again, weights that grow. */
void ldir_run_time(LdirRun *run, gint64 now_ms, GPtrArray *effects);

/* When ldir_run_time() has something to do; G_MAXINT64: never. */
gint64 ldir_run_deadline_ms(const LdirRun *run);

/* fallbackcommandonstop=: the command was started, and is to be stopped with the service. */
gboolean ldir_run_owes_command(const LdirRun *run);

/* The end. cleanstop=no: the table stays as it is. */
void ldir_run_stop(LdirRun *run, GPtrArray *effects);

/* A check of fallback number @n (of LdirVirtual.fallbacks) has ended: the first that answers is used, with none the first. */
void ldir_run_fallback_verdict(LdirRun *run, guint n, gboolean is_good, GPtrArray *effects);
/* In front of ldir_run_start(): number @n is in the table; those before it do not answer, if they are checked. */
void ldir_run_fallback_found(LdirRun *run, guint n);
guint ldir_run_fallback_number(const LdirRun *run);             /* of the one that is used */
char *ldir_run_fallback_place(const LdirRun *run, guint n);     /* as logs show it: "127.0.0.1:80" (transfer full) */
const LdirFallback *ldir_run_fallback(const LdirRun *run);      /* NULL: there is none. (transfer none) */
/* It has failed, or succeeded, but not often enough to change: the next check is of interest. */
gboolean ldir_run_is_undecided(const LdirRun *run, guint real);
LdirRealState ldir_run_real_state(const LdirRun *run, guint real);
gboolean ldir_run_has_fallback(const LdirRun *run);
/* Weight of the servers that are up, whether they may serve or not; what a slow start or an order makes of it counts at its end. */
gint64 ldir_run_live_weight(const LdirRun *run);
const LdirQuorum *ldir_run_quorum(const LdirRun *run);

#endif
