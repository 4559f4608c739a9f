/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rate.h - a warning that may be said once per interval, and how often it was swallowed since.
 */
#ifndef HB_NODE_RATE_H
#define HB_NODE_RATE_H

#include <glib.h>

#define HB_RATE_MS 60000

typedef struct {
	gint64 next_ms;         /* 0: never said */
	guint64 n_swallowed;
} HbRate;

/* TRUE: say it, with the number swallowed since the last time. */
static inline gboolean
hb_rate_allows(HbRate *rate, gint64 now_ms, guint64 *ret_n_swallowed)
{
	if (rate->next_ms != 0 && now_ms < rate->next_ms) {
		rate->n_swallowed++;
		return FALSE;
	}
	*ret_n_swallowed = rate->n_swallowed;
	rate->n_swallowed = 0;
	rate->next_ms = now_ms + HB_RATE_MS;
	return TRUE;
}

#endif
