/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * order.h - the numbered stream of one sender: duplicates, gaps, requests (doc/wire-protocol.md 5.3).
 *
 * A message is handed on when it arrives, also behind a gap, as 3.0.6 does: no decision here depends
 * on the order of messages, because what ours say in status is always the whole state, and an older
 * status is never looked at after a newer one.
 */
#ifndef HB_CORE_ORDER_H
#define HB_CORE_ORDER_H

#include <glib.h>

#include "core/rng.h"

#define HB_ORDER_MISSING_MAX 250        /* a larger gap means: start again from here */

typedef enum {
	HB_ORDER_NEW,           /* next, or first, or behind a gap, or filling one */
	HB_ORDER_DUPLICATE,     /* the newest once more (another medium) */
	HB_ORDER_STALE,         /* older and not missing */
	HB_ORDER_LOST_MANY      /* new, but the gap was too large to ask for */
} HbOrderVerdict;

typedef struct {
	guint64 seq;
	gint64 ask_ms;          /* when to ask (again) */
	guint n_asked;          /* so often so far */
} HbMissing;

typedef struct {
	guint64 last;           /* highest number seen; 0: none yet */
	guint n_missing;
	HbMissing missing[HB_ORDER_MISSING_MAX];        /* ascending by seq */
} HbOrder;

void hb_order_reset(HbOrder *order);
/* Takes note of @seq (>= 1) and says what it is. */
HbOrderVerdict hb_order_accept(HbOrder *order, guint64 seq, guint32 max_delay_ms, gint64 now_ms, HbRng *rng);
/* The owner of the stream cannot send it again. TRUE: it was missing. */
gboolean hb_order_give_up(HbOrder *order, guint64 seq);
/* The next number to be asked for at @now_ms, or 0; schedules the repetition: @max_delay_ms later, twice as long each time. */
guint64 hb_order_due(HbOrder *order, guint32 max_delay_ms, gint64 now_ms);
gint64 hb_order_deadline_ms(const HbOrder *order);      /* G_MAXINT64: nothing is missing */
/* The highest number up to which nothing is missing. */
guint64 hb_order_complete(const HbOrder *order);

#endif
