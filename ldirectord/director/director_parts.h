/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * director_parts.h - what the files of the director share.
 */
#ifndef LDIR_DIRECTOR_PARTS_H
#define LDIR_DIRECTOR_PARTS_H

#include "ldirectord/director/director.h"
#include "ldirectord/ipvs/ipvs_diff.h"

/* What the last checks of a server have shown, for reports. */
typedef struct {
	char *why;              /* of the last one; NULL: none yet */
	guint64 n_checks, n_bad;
	gint64 since_ms;        /* when its state changed; 0: never */
} LdirSeen;

#define LDIR_ABSENT (-1)

/* One virtual service, and what is wanted of it in the table. */
typedef struct {
	const LdirVirtual *vs;
	LdirRun *run;
	LdirIpvsVirtual want;
	char *id;
	LdirSeen *seen;         /* of each server */
	gint64 *weights;        /* of each server as wanted, LDIR_ABSENT: not in the table */
	int fallback_in;        /* number of the fallback that is wanted in the table; -1: none */
	LdirIpvsDest *fallbacks;
	int *fallback_reals;    /* of each the server that is at the same place; -1: none */
} LdirServed;

struct LdirDirector {
	LdirIpvs *ipvs;
	const LdirDirectorCalls *calls;
	gpointer user;
	LdirConfig *config;
	GPtrArray *services;    /* LdirServed *, one for each of config->virtuals */
	LdirIpvsTable *wanted;
	GArray *pending;        /* LdirIpvsOp: steps to .wanted that are still to be made */
	gint64 repair_ms;
	gint64 mail_ms;         /* first deadline of a service */
	gboolean is_mail_known;
	GHashTable *refused;    /* steps that could not be made -> why; make.c */
	gboolean is_refused_anew;
	gint64 retry_ms;        /* wait before the next try */
	gboolean is_standing_by;
};

/* Between two looks at a table that others may change */
#define LDIR_REPAIR_MS 60000

/* Between two looks at a table that has refused something, at first; twice as much each time */
#define LDIR_RETRY_MIN_MS 1000

/* make.c: FALSE as ldir_ipvs_make(). _make_sure(): then the table is compared. */
gboolean ldir_director_make(LdirDirector *director, GArray *ops);
void ldir_director_make_sure(LdirDirector *director, GArray *ops);
/* The table has refused the server @dest of @key, or with .addr.family 0 the service. */
gboolean ldir_director_is_refused(const LdirDirector *director, const LdirIpvsKey *key, const LdirIpvsDest *dest);

/* served.c */
LdirServed *ldir_served_new(const LdirConfig *config, const LdirVirtual *vs);
void ldir_served_free(gpointer served);
/* Server number @i with @weight as the table has it */
LdirIpvsDest ldir_served_real(const LdirServed *served, guint i, guint32 weight);
/* Brings .wanted to what the effect asks for; the step is added to @ops, unless that is NULL. */
void ldir_director_effect(LdirDirector *director, LdirServed *served, const LdirEffect *fx, GArray *ops);
gboolean ldir_director_readds(const LdirDirector *director);

/* director.c: what follows from @effects, but for the steps in the table: those wait for ldir_director_flush(). */
void ldir_director_carry_out(LdirDirector *director, LdirServed *served, GPtrArray *effects);
/* Server number @real was @before. */
void ldir_director_note_change(LdirDirector *director, LdirServed *served, guint real, LdirRealState before, gint64 now_ms);

void ldir_director_call(LdirDirector *director, const LdirServed *served, const LdirEffect *fx);

/* configure.c: what is for the table of @served when it begins with @there. */
void ldir_director_begin(LdirServed *served, const LdirIpvsTable *there, gint64 now_ms, GPtrArray *effects);
void ldir_director_put_all(LdirDirector *director, LdirServed *served, const GPtrArray *effects);
/* From the table that is @there to the one that is wanted, without services of @old that are wanted no more. */
void ldir_director_make_all(LdirDirector *director, const GPtrArray *old, const LdirIpvsTable *there);

/* repair.c. @what: what is the matter, for kinds that do not tell by themselves */
void ldir_director_say_found(LdirDirector *director, const LdirFound *found, const char *what);

#endif
