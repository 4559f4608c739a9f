/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schedule_parts.h - what the files of the schedule share.
 */
#ifndef LDIR_SCHEDULE_PARTS_H
#define LDIR_SCHEDULE_PARTS_H

#include "ldirectord/check/round.h"
#include "ldirectord/check/schedule.h"
#include "ldirectord/check/timers.h"

#define LDIR_NOBODY G_MAXUINT

typedef struct {
	guint service, server;
	guint next;             /* of the same target; LDIR_NOBODY: the last */
} LdirScheduleSubscriber;

typedef struct {
	LdirTimer timer;
	const LdirVirtual *vs;  /* of the first subscriber */
	const LdirReal *real;
	gint64 interval_ms;
	gint64 place_ms;        /* when it is due by its interval */
	gint64 connects;        /* of COMBINED: still to come before the next negotiate */
	guint64 id;             /* of the check that runs; 0: none does. Of several: of part 0, the others are those that follow */
	LdirRound *round;       /* of one with check= lines; NULL: it has one check */
	guint number;           /* of itself */
	guint first, last;      /* subscribers */
	guint neighbour;        /* the next target on the same address, in a ring */
	guint who;              /* hash of who they are */
	LdirCheck check;
	gboolean was_good;      /* its last verdict */
	gboolean is_kept;       /* from the schedule before: not due at the start */
} LdirScheduleTarget;

struct LdirSchedule {
	const LdirConfig *config;
	GPtrArray *targets;     /* LdirScheduleTarget *, owned */
	GArray *subscribers;
	GArray *offsets;        /* guint, per service: where its servers begin in .of_server */
	GPtrArray *of_server;   /* LdirScheduleTarget *, NULL: settled */
	GArray *settled;        /* LdirScheduleSettled: verdicts that need no check */
	LdirTimers timers;
	guint64 n_checks;       /* ever started, with all schedules before */
};

typedef struct {
	guint service, server;
	gboolean is_good;
} LdirScheduleSettled;

#endif
