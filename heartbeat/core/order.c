/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/order.h"

#include <string.h>

#include "util/banned.h"

#define FIRST_ASK_MIN_MS 50     /* one packet out of order is normal: it comes within microseconds */
#define FIRST_ASK_SPREAD_MS 200
#define DOUBLINGS_MAX 5

void
hb_order_reset(HbOrder *order)
{
	order->last = 0;
	order->n_missing = 0;
}

static guint32
first_delay_ms(guint32 max_delay_ms, HbRng *rng)
{
	if (max_delay_ms < FIRST_ASK_MIN_MS + FIRST_ASK_SPREAD_MS)
		return hb_rng_below(rng, max_delay_ms + 1);
	return FIRST_ASK_MIN_MS + hb_rng_below(rng, FIRST_ASK_SPREAD_MS + 1);
}

static int
find_missing(const HbOrder *order, guint64 seq)
{
	for (guint i = 0; i < order->n_missing; i++)
		if (order->missing[i].seq == seq)
			return (int)i;
	return -1;
}

static void
drop_missing(HbOrder *order, guint i)
{
	order->n_missing--;
	memmove(&order->missing[i], &order->missing[i + 1],
	        (order->n_missing - i) * sizeof order->missing[0]);
}

static void
add_gap(HbOrder *order, guint64 from, guint64 to, guint32 max_delay_ms, gint64 now_ms, HbRng *rng)
{
	for (guint64 seq = from; seq < to; seq++) {
		if (order->n_missing == HB_ORDER_MISSING_MAX)
			drop_missing(order, 0);
		order->missing[order->n_missing++] = (HbMissing){
			.seq = seq,
			.ask_ms = now_ms + first_delay_ms(max_delay_ms, rng),
		};
	}
}

HbOrderVerdict
hb_order_accept(HbOrder *order, guint64 seq, guint32 max_delay_ms, gint64 now_ms, HbRng *rng)
{
	guint64 before = order->last;
	int i;

	g_assert(seq >= 1);
	if (before == 0 || seq == before + 1) {
		order->last = seq;
		return HB_ORDER_NEW;
	}
	if (seq == before)
		return HB_ORDER_DUPLICATE;
	if (seq > before) {
		order->last = seq;
		if (seq - before > HB_ORDER_MISSING_MAX) {
			order->n_missing = 0;
			return HB_ORDER_LOST_MANY;
		}
		add_gap(order, before + 1, seq, max_delay_ms, now_ms, rng);
		return HB_ORDER_NEW;
	}
	i = find_missing(order, seq);
	if (i < 0)
		return HB_ORDER_STALE;
	drop_missing(order, (guint)i);
	return HB_ORDER_NEW;
}

gboolean
hb_order_give_up(HbOrder *order, guint64 seq)
{
	int i = find_missing(order, seq);

	if (i < 0)
		return FALSE;
	drop_missing(order, (guint)i);
	return TRUE;
}

/* Longer each time: on a slow line the questions of both sides would leave no room for the answers. */
static gint64
pause_ms(guint n_asked, guint32 max_delay_ms)
{
	return (gint64)MAX(max_delay_ms, 1) << MIN(n_asked, DOUBLINGS_MAX);
}

guint64
hb_order_due(HbOrder *order, guint32 max_delay_ms, gint64 now_ms)
{
	for (guint i = 0; i < order->n_missing; i++)
		if (order->missing[i].ask_ms <= now_ms) {
			order->missing[i].ask_ms = now_ms + pause_ms(order->missing[i].n_asked++, max_delay_ms);
			return order->missing[i].seq;
		}
	return 0;
}

gint64
hb_order_deadline_ms(const HbOrder *order)
{
	gint64 deadline_ms = G_MAXINT64;

	for (guint i = 0; i < order->n_missing; i++)
		deadline_ms = MIN(deadline_ms, order->missing[i].ask_ms);
	return deadline_ms;
}

guint64
hb_order_complete(const HbOrder *order)
{
	return order->n_missing > 0 ? order->missing[0].seq - 1 : order->last;
}
