/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * service_parts.h - what the files of a service at run time share.
 */
#ifndef LDIR_SERVICE_PARTS_H
#define LDIR_SERVICE_PARTS_H

#include "ldirectord/director/service.h"

#define NEVER_MS  G_MAXINT64
#define UNCHANGED (-1)
#define NO_DAYS   G_MAXINT64
#define FLAP_RING (LDIR_FLAPMAX_MAX + 1)

typedef struct {
	LdirRealState state;
	gint64 fails;           /* bad checks in a row */
	gint64 goods;           /* good ones in a row, while it is down */
	gboolean is_in_table;   /* with whatever weight */
	gboolean is_maintained; /* somebody works on it: down, whatever its checks say */
	gboolean is_disabled;   /* the same, by an order */
	gboolean is_held;       /* it is up, and the fallback serves in its place: there is no quorum */
	gint64 mail_ms;         /* when to say again that it is down */
	gint64 ramp_ms;         /* since when its weight grows; NEVER_MS: it is what it should be */
	guint32 ramp_weight;    /* how far it has come */
	gint64 file_weight;     /* weightfile= wants this one; UNCHANGED: that of the configuration */
	gint64 said_weight;     /* its check wants this one; UNCHANGED: none was said */
	gboolean is_drained;    /* weight 0 while it is up: somebody is to work on it */
	gboolean is_maintain_told, is_drain_told;       /* that has been said since the last reload, or the start */
	gint64 certificate_days, warned_days;   /* until it ends, and the last number that was told; NO_DAYS: none */
	gint64 down_ms[FLAP_RING];      /* flapmax=: when it went down, the last times; number n is at n % FLAP_RING */
	guint n_downs;
	gboolean is_flapping;   /* it went down too often, and has not been good for long enough since */
	gboolean is_waiting;    /* for that: its checks are good, and it is down because somebody else is up */
	gint64 steady_ms;       /* while it flaps: since when all checks are good; NEVER_MS: the last one was bad */
	gint64 hand_weight;     /* somebody wants this one while it is up; UNCHANGED: that of the configuration */
	gboolean had_weight;    /* behind a restart: the process before wanted some for it in the table */
} RealRun;

typedef struct {
	gboolean is_bad;        /* its last checks were */
	gint64 fails;
} FallbackRun;

struct LdirRun {
	const LdirVirtual *vs;
	const LdirFallback *fallback;   /* the one that is used where one is needed; NULL: there is none */
	guint fallback_at;              /* its number */
	FallbackRun *fallbacks;         /* of each that the service has */
	char *name;                     /* "10.0.0.1:80", or the mark */
	char *id;
	gboolean is_fallback_in;
	gboolean is_command_started;
	gboolean has_served;            /* some server has been in service */
	gboolean is_successor;          /* of one that has left its table as it was: whoever is up was in it */
	gint64 failurecount, risecount, mailfreq_ms, slowstart_ms, sslexpiry_days;
	gboolean is_quiescent, is_cleanstop, is_command_ended;  /* the last: fallbackcommandonstop= */
	gboolean hears_weight;          /* checks may say one */
	LdirQuorum quorum;
	guint flap_max;                 /* 0: nobody counts */
	gint64 flap_ms;
	RealRun *reals;
};

char *ldir_run_place(const LdirAddress *addr, guint16 port);    /* "10.0.0.2:80" (transfer full) */
const LdirReal *ldir_run_real(const LdirRun *run, guint i);
void ldir_run_came_up(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects);
void ldir_run_went_down(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects);
/* Their first halves: what follows for the table, of all that are marked, is up to ldir_run_settle(). */
void ldir_run_mark_up(LdirRun *run, guint i);
gboolean ldir_run_mark_down(LdirRun *run, guint i, gint64 now_ms);      /* TRUE: it is in the table, and has to leave */
gboolean ldir_run_is_serving(const LdirRun *run, guint i);      /* as far as its checks say */
gboolean ldir_run_is_in(const LdirRun *run, guint i);           /* and no fallback does in its place */

/* service_fallback.c: takes what @old knew of those that are in both. */
void ldir_run_fallbacks_carry(LdirRun *run, const LdirRun *old);
/* From now on the first that answers; @effects NULL: it is in no table yet. */
void ldir_run_fallback_choose(LdirRun *run, GPtrArray *effects);

/* service_weight.c: slowstart= lets the weight grow by one, as often as there are to be. */
guint32 ldir_run_full_weight(const LdirRun *run, guint i);      /* behind its slow start, if no operator wants another */
guint32 ldir_run_weight(const LdirRun *run, guint i);           /* that of a server that serves, now */
void ldir_run_ramp_start(LdirRun *run, guint i, gint64 now_ms);
gint64 ldir_run_ramp_step_ms(const LdirRun *run, guint i);
gboolean ldir_run_ramp_grow(LdirRun *run, guint i, gint64 now_ms);      /* TRUE: it has grown */

gboolean ldir_run_is_ordered(const LdirRun *run, guint i);      /* somebody, not its check, says which weight it has */
/* What weightfile= says of one server, and the line for the log; the table is up to others. */
void ldir_run_note_file_weight(LdirRun *run, guint i, gint64 weight, GPtrArray *effects);
/* ldir_run_weight() was @before: into the table with it, if the server is there. */
void ldir_run_reweigh(LdirRun *run, guint i, guint32 before, GPtrArray *effects);

/* service_flap.c: flapmax=. @words: as it is in the file, NULL: it is not. */
void ldir_run_flap_init(LdirRun *run, const char *words);
void ldir_run_flap_down(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects);      /* by its checks */
void ldir_run_flap_good(LdirRun *run, guint i, gint64 now_ms, GPtrArray *effects);
void ldir_run_flap_bad(LdirRun *run, guint i);
/* It could come in, and does not. */
gboolean ldir_run_flap_waits(LdirRun *run, guint i);
/* For ldir_run_settle(): those that wait are up (TRUE: there are some); the same only where nobody else serves. */
gboolean ldir_run_flap_call(LdirRun *run);
void ldir_run_flap_relieve(LdirRun *run);
void ldir_run_flap_carry(LdirRun *run, RealRun *state); /* from the configuration before */

/* service_table.c: who enters the table and who leaves it, with what is said of it */
void ldir_run_enter(LdirRun *run, guint i, GPtrArray *effects);
void ldir_run_leave(LdirRun *run, guint i, GPtrArray *effects);
void ldir_run_fallback_in(LdirRun *run, GPtrArray *effects);
void ldir_run_fallback_out(LdirRun *run, GPtrArray *effects);
void ldir_run_fallback_come(const LdirRun *run, GPtrArray *effects);             /* the one that is used */
void ldir_run_fallback_gone(const LdirRun *run, guint n, GPtrArray *effects);   /* number @n */
/* Nobody serves; at the beginning: and nobody is left whose first check may still be good. */
gboolean ldir_run_is_empty(const LdirRun *run);
/* The fallback serves, whoever is up. */
gboolean ldir_run_is_held(const LdirRun *run);
/* Behind each change of who is up, and of weights, whatever has changed them: those that wait for flapmax= are called where they are
 * needed, the quorum is judged, once, and who is up comes in, or is held. */
void ldir_run_settle(LdirRun *run, GPtrArray *effects);

#endif
