/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ldirectord/check/timers.h"
#include "util/banned.h"

static LdirTimer *
at(const LdirTimers *timers, guint place)
{
	return timers->heap->pdata[place];
}

static void
put(LdirTimers *timers, guint place, LdirTimer *timer)
{
	timers->heap->pdata[place] = timer;
	timer->place = place;
}

static void
sift_up(LdirTimers *timers, LdirTimer *timer)
{
	guint place = timer->place;

	for (; place > 1 && at(timers, place / 2)->due_ms > timer->due_ms; place /= 2)
		put(timers, place, at(timers, place / 2));
	put(timers, place, timer);
}

static void
sift_down(LdirTimers *timers, LdirTimer *timer)
{
	guint place = timer->place;
	guint last = timers->heap->len - 1;

	while (2 * place <= last) {
		guint child = 2 * place;

		if (child < last && at(timers, child + 1)->due_ms < at(timers, child)->due_ms)
			child++;
		if (at(timers, child)->due_ms >= timer->due_ms)
			break;
		put(timers, place, at(timers, child));
		place = child;
	}
	put(timers, place, timer);
}

void
ldir_timers_init(LdirTimers *timers)
{
	timers->heap = g_ptr_array_new();
	g_ptr_array_add(timers->heap, NULL);
}

void
ldir_timers_done(LdirTimers *timers)
{
	g_ptr_array_unref(timers->heap);
}

void
ldir_timer_set(LdirTimers *timers, LdirTimer *timer, gint64 due_ms)
{
	timer->due_ms = due_ms;
	if (timer->place == 0) {
		g_ptr_array_add(timers->heap, timer);
		timer->place = timers->heap->len - 1;
	}
	sift_up(timers, timer);
	sift_down(timers, timer);
}

void
ldir_timer_stop(LdirTimers *timers, LdirTimer *timer)
{
	guint place = timer->place;
	LdirTimer *last;

	if (place == 0)
		return;
	last = at(timers, timers->heap->len - 1);
	g_ptr_array_set_size(timers->heap, (gint)timers->heap->len - 1);
	timer->place = 0;
	if (last == timer)
		return;
	put(timers, place, last);
	sift_up(timers, last);
	sift_down(timers, last);
}

gint64
ldir_timers_first_ms(const LdirTimers *timers)
{
	return timers->heap->len > 1 ? at(timers, 1)->due_ms : G_MAXINT64;
}

LdirTimer *
ldir_timers_take(LdirTimers *timers, gint64 now_ms)
{
	LdirTimer *timer;

	if (ldir_timers_first_ms(timers) > now_ms || timers->heap->len == 1)
		return NULL;
	timer = at(timers, 1);
	ldir_timer_stop(timers, timer);
	return timer;
}
