/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timers.h - many deadlines, of which the first is wanted: a binary heap of timers that live elsewhere.
 */
#ifndef LDIR_TIMERS_H
#define LDIR_TIMERS_H

#include <glib.h>

typedef struct LdirTimer LdirTimer;
typedef void (*LdirTimerFire)(LdirTimer *timer, gint64 now_ms);

/* Embedded in what waits; all 0: not set. */
struct LdirTimer {
	gint64 due_ms;
	guint place;            /* in the heap, from 1; 0: not set */
	LdirTimerFire fire;     /* for who takes it */
};

typedef struct {
	GPtrArray *heap;        /* LdirTimer *, [0] is not used */
} LdirTimers;

void ldir_timers_init(LdirTimers *timers);
void ldir_timers_done(LdirTimers *timers);

/* Sets @timer, whether it was set or not. */
void ldir_timer_set(LdirTimers *timers, LdirTimer *timer, gint64 due_ms);
void ldir_timer_stop(LdirTimers *timers, LdirTimer *timer);

/* G_MAXINT64: none is set. */
gint64 ldir_timers_first_ms(const LdirTimers *timers);

/* The earliest that is due, stopped; NULL: there is none (transfer none). */
LdirTimer *ldir_timers_take(LdirTimers *timers, gint64 now_ms);

#endif
