/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schedule.h - which checks there are, and when each is due.
 *
 * Pure: time and verdicts go in, checks to start and verdicts for servers come out. A server that stands
 * behind several services and is asked the same there is one target: checked once, and the verdict goes to
 * all of them. Weight, forwarding method and thresholds do not make another target of it.
 * A server with lines check= has several checks, which are started together, each with an id: its verdict is bad, and the others are
 * cancelled, as soon as one is bad, and good when all are good.
 * After the start, when all are due, the targets with the same interval are spread evenly over it and keep
 * their place: a check that takes long delays only its own target, to its next place. When a target fails
 * that was good the other targets on its address are due at once: a machine seldom loses one service only.
 * Times are monotonic milliseconds and never go backwards. doc/ldirectord.md 3.2.
 */
#ifndef LDIR_SCHEDULE_H
#define LDIR_SCHEDULE_H

#include "ldirectord/conf/config.h"

typedef struct LdirSchedule LdirSchedule;

typedef enum {
	LDIR_SCHEDULE_START,    /* check .id of .real of .vs, a check of kind .check */
	LDIR_SCHEDULE_CANCEL,   /* check .id */
	LDIR_SCHEDULE_VERDICT   /* for server number .server of virtual service number .service: .is_good, .why */
} LdirScheduleKind;

typedef struct {
	LdirScheduleKind kind;
	guint64 id;
	const LdirVirtual *vs;
	const LdirReal *real;
	LdirCheck check;
	guint service, server;  /* LdirConfig.virtuals, ldir_virtual_server(); of a START the first of those it is for */
	gboolean is_good;
	const char *why;        /* that of the verdict, or a constant */
	LdirSaid said;          /* of a VERDICT: what the check, or all of them, have said */
} LdirScheduleEffect;

/* An empty list of LdirScheduleEffect (transfer full) */
GArray *ldir_schedule_effects_new(void);

/* @config must live as long. @previous: that of the configuration until now, or NULL; its targets that are
 * still wanted keep their time, but for those whose check runs (ldir_schedule_stop() cancels it): they are
 * due at once, as all that are new. Ids of checks never come again. (transfer full) */
LdirSchedule *ldir_schedule_new(const LdirConfig *config, const LdirSchedule *previous);
void ldir_schedule_free(LdirSchedule *schedule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LdirSchedule, ldir_schedule_free)

/* The beginning: verdicts of on, off and of checks that ask nothing, and all that is due. */
void ldir_schedule_start(LdirSchedule *schedule, gint64 now_ms, GArray *effects);

/* Check @id has ended, and has said @said; ids that are not running are ignored. */
void ldir_schedule_done(LdirSchedule *schedule, guint64 id, gboolean is_good, const char *why, const LdirSaid *said, gint64 now_ms,
                        GArray *effects);

/* Time has passed. */
void ldir_schedule_time(LdirSchedule *schedule, gint64 now_ms, GArray *effects);

/* When ldir_schedule_time() has something to do; G_MAXINT64: never. */
gint64 ldir_schedule_deadline_ms(const LdirSchedule *schedule);
/* The same for who has nothing else to do: up to 5 ms later, so that checks that are due close to each other begin in one turn. */
gint64 ldir_schedule_wake_ms(const LdirSchedule *schedule);

/* Server number @server of service number @service is to be checked again at @at_ms, if that is earlier. */
void ldir_schedule_hurry(LdirSchedule *schedule, guint service, guint server, gint64 at_ms);

/* The same, but later if that is later: at @at_ms, whatever the interval says; after that by the interval again. */
void ldir_schedule_put_off(LdirSchedule *schedule, guint service, guint server, gint64 at_ms);

/* All running checks are cancelled. */
void ldir_schedule_stop(LdirSchedule *schedule, GArray *effects);

/* Distinct targets, those without anything to ask not counted. */
guint ldir_schedule_n_targets(const LdirSchedule *schedule);

#endif
