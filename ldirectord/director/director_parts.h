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
	LdirRealState state;    /* as it was told last */
	gboolean was_bad;       /* the last check */
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
	gint64 now_ms;          /* the latest time that anybody said */
	gint64 repair_ms;
	gint64 mail_ms;         /* first deadline of a service */
	gboolean is_mail_known;
	GHashTable *refused;    /* steps that could not be made -> why; make.c */
	gboolean is_refused_anew;
	gint64 retry_ms;        /* wait before the next try */
	gboolean is_standing_by;
	LdirHandover *handover; /* for the first configuration; NULL: nothing */
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
/* The weights of weightfile=, of each server (transfer full) */
gint64 *ldir_served_file_weights(const LdirServed *served, const LdirWeights *weights);
/* What was seen of the servers that are in both: counters go on, and programs were told of the states in it. */
void ldir_served_keep_seen(LdirServed *served, const LdirServed *before);
/* Nobody is to be told of the states that its servers have now, but of those that are other ones than was @known (NULL: nothing was). */
void ldir_served_note_states(LdirServed *served, const LdirRun *known);
/* Server number @i with @weight as the table has it */
LdirIpvsDest ldir_served_real(const LdirServed *served, guint i, guint32 weight);
/* Brings .wanted to what the effect asks for; the step is added to @ops, unless that is NULL. */
void ldir_director_effect(LdirDirector *director, LdirServed *served, const LdirEffect *fx, GArray *ops);
gboolean ldir_director_readds(const LdirDirector *director);

/* Something happens to one service: .run is told between begin and end. */
typedef struct {
	LdirDirector *director;
	LdirServed *served;
	LdirRun *run;
	guint real;             /* to this server of it; LDIR_NOT_ONE: to none, or to more than one */
	GPtrArray *effects;
} LdirEvent;

#define LDIR_NOT_ONE G_MAXUINT

/* director.c: what follows from the effects, but for the steps in the table: those wait for ldir_director_flush(). Then whose state is
 * another one is told, which may be others than .real: one that comes in for it, say. */
LdirEvent ldir_event_begin(LdirDirector *director, LdirServed *served, guint real);
void ldir_event_end(LdirEvent *event);
/* The end where the table is made as a whole: whoever is to hear of it hears of it. */
void ldir_event_tell(LdirEvent *event);

void ldir_director_call(LdirDirector *director, const LdirServed *served, const LdirEffect *fx);

/* handover.c: what it knows of @served, which has not been started, as a service that was (transfer full); NULL: nothing */
LdirRun *ldir_handover_recall(const LdirHandover *handover, const LdirConfig *config, const LdirServed *served);

/* configure.c: what is for the table of @served when it begins with @there, and with what is @known: NULL, nothing. */
void ldir_director_begin(LdirServed *served, const LdirRun *known, const LdirIpvsTable *there, gint64 now_ms, GPtrArray *effects);
void ldir_director_put_all(LdirDirector *director, LdirServed *served, const GPtrArray *effects);
/* From the table that is @there to the one that is wanted, without services of @old that are wanted no more. */
void ldir_director_make_all(LdirDirector *director, const GPtrArray *old, const LdirIpvsTable *there);

/* repair.c. @what: what is the matter, for kinds that do not tell by themselves */
void ldir_director_say_found(LdirDirector *director, const LdirFound *found, const char *what);

#endif
