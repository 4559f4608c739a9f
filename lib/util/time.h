/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * time.h - the only place with factors of 1000.
 */
#ifndef HB_UTIL_TIME_H
#define HB_UTIL_TIME_H

#include <glib.h>

#define HB_MS_PER_S 1000

static inline gint64
hb_ms_from_us(gint64 us)
{
	return us / 1000;
}

static inline gint64
hb_us_from_ms(gint64 ms)
{
	return ms * 1000;
}

/* The monotonic clock in milliseconds. For shells only: the core is told the time. */
static inline gint64
hb_time_now_ms(void)
{
	return hb_ms_from_us(g_get_monotonic_time());
}

#endif
