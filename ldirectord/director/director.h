/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * director.h - all virtual services of a configuration, and the table of IPVS in step with them.
 *
 * Verdicts and time in; the table is changed from here, all else that follows (lines for the log, mails, commands) is handed to
 * the caller by LdirDirectorCalls, never from within his own call to another director. Knows no clock, no file, no process.
 */
#ifndef LDIR_DIRECTOR_H
#define LDIR_DIRECTOR_H

#include "ldirectord/conf/weights.h"
#include "ldirectord/ipvs/ipvs.h"
#include "ldirectord/director/service.h"

typedef struct LdirDirector LdirDirector;
typedef struct LdirHandover LdirHandover;       /* handover.h */

typedef struct {
	void (*log)(const char *text, gpointer user);
	/* @vs: whose emailalert= it is; the text is logged as well */
	void (*mail)(const LdirConfig *config, const LdirVirtual *vs, const char *text, gpointer user);
	/* notify=: server number @real is up, or down */
	void (*notify)(const LdirConfig *config, const LdirVirtual *vs, guint real, gboolean is_up, gpointer user);
	void (*command)(const LdirConfig *config, const LdirVirtual *vs, gboolean is_start, gpointer user);
	/* quorumup=, quorumdown=: of the weight that is needed @live is there */
	void (*quorum)(const LdirConfig *config, const LdirVirtual *vs, gboolean is_up, gint64 live, gpointer user);
} LdirDirectorCalls;

/* @ipvs (transfer none) and @calls must live as long. (transfer full) */
LdirDirector *ldir_director_new(LdirIpvs *ipvs, const LdirDirectorCalls *calls, gpointer user);
void ldir_director_free(LdirDirector *director);

/* Before the first configuration: that begins with what another director knew (transfer full). */
void ldir_director_inherit(LdirDirector *director, LdirHandover *handover);

/* Takes @config (transfer full) with the table as it is @there (transfer none): at the start that is adopted, later what is known
 * of the servers that stay is kept. @weights: of weightfile=, NULL: none. The configuration before is freed. */
void ldir_director_configure(LdirDirector *director, LdirConfig *config, const LdirWeights *weights, const LdirIpvsTable *there,
                             gint64 now_ms);

/* Standing by: checks are followed and nothing is done of it, neither in the table, which is not looked at (@there of
 * ldir_director_configure() may be NULL), nor by programs. Before the first configuration: */
void ldir_director_begin_standing_by(LdirDirector *director);
gboolean ldir_director_is_standing_by(const LdirDirector *director);
/* Into service, with all that is known: the table is whole at once. Nothing to do where it is. */
void ldir_director_take(LdirDirector *director, const LdirIpvsTable *there, gint64 now_ms);
/* Out of service: the end, as far as the table is concerned. */
void ldir_director_stand_by(LdirDirector *director);

/* While a director without any service has a service of no address the kernel goes on with connections that it knows: packets that come
 * before the table is there, or after it has gone, are not answered by a reset. Adds it, or takes it away where it is. */
void ldir_director_hold_connections(LdirDirector *director, gboolean is_on);
/* That service, but for its scheduler */
LdirIpvsVirtual ldir_director_holder(int family);

/* The configuration in use (transfer none), NULL before the first. Services are counted as its virtuals. */
const LdirConfig *ldir_director_config(const LdirDirector *director);
const LdirRun *ldir_director_run(const LdirDirector *director, guint service);

/* @why: for reports */
void ldir_director_verdict(LdirDirector *director, guint service, guint real, gboolean is_good, const char *why, gint64 now_ms);
/* The same of fallback number @n. */
void ldir_director_fallback_verdict(LdirDirector *director, guint service, guint n, gboolean is_good);
/* In front of a good verdict: which weight the check wants, if it wants one. */
void ldir_director_said(LdirDirector *director, guint service, guint real, LdirSaid said);
void ldir_director_maintain(LdirDirector *director, guint service, guint real, gboolean is_on, gint64 now_ms);
/* The same with weight 0 only; after a reload all that are to stay drained are said anew, then that they are known. */
void ldir_director_drain(LdirDirector *director, guint service, guint real, gboolean is_on);
void ldir_director_maintenance_known(LdirDirector *director);

/* weightfile= is another one, NULL: it is gone. */
void ldir_director_weights(LdirDirector *director, const LdirWeights *weights);

/* Weight by hand, -1: as configured, for the servers called @server ("10.0.0.2", "[fe80::2]:80": with the port of real= or of the table)
 * of the service called @service ("tcp:10.0.0.1:80", "10.0.0.1:80"; NULL: of all). How many there are. */
guint ldir_director_set_weight(LdirDirector *director, const char *server, const char *service, gint64 weight);

gboolean ldir_director_has_service(const LdirDirector *director, const char *service);

/* The same servers taken out of service, or given back. @touched: called for each, with the numbers of service and server. */
typedef void LdirTouched(guint service, guint real, gpointer user);
guint ldir_director_disable(LdirDirector *director, const char *server, const char *service, gboolean is_on, gint64 now_ms,
                            LdirTouched *touched, gpointer user);

/* The steps that follow from all of this are made by ldir_director_flush(): many verdicts of one turn go to the kernel together. */
void ldir_director_flush(LdirDirector *director);

/* Mails that are due again, and the table compared when it is time. */
void ldir_director_time(LdirDirector *director, gint64 now_ms);
gint64 ldir_director_deadline_ms(LdirDirector *director);

/* Compares the table with what is wanted now, and repairs it. */
void ldir_director_repair(LdirDirector *director);

/* The end: what cleanstop= says. */
void ldir_director_stop(LdirDirector *director);

#endif
