/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib.h>

#include "node/api_order.h"

#include "util/banned.h"

typedef struct {
	guint64 seq;
	guint64 generation;
	gint64 since_ms;
	HbMsg *msg;
} Held;

struct HbApiOrder {
	struct {
		GQueue held;    /* Held *, ascending */
		gsize len;
	} node[HB_NODES_MAX];
};

HbApiOrder *
hb_api_order_new(void)
{
	HbApiOrder *order = g_new0(HbApiOrder, 1);

	for (guint i = 0; i < HB_NODES_MAX; i++)
		g_queue_init(&order->node[i].held);
	return order;
}

static void
held_free(gpointer data)
{
	Held *held = data;

	hb_msg_free(held->msg);
	g_free(held);
}

void
hb_api_order_free(HbApiOrder *order)
{
	for (guint i = 0; i < HB_NODES_MAX; i++)
		g_queue_clear_full(&order->node[i].held, held_free);
	g_free(order);
}

static int
by_seq(gconstpointer a, gconstpointer b, gpointer data)
{
	const Held *x = a, *y = b;

	(void)data;
	if (x->generation != y->generation)
		return x->generation < y->generation ? -1 : 1;
	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

void
hb_api_order_hold(HbApiOrder *order, guint node, guint64 seq, guint64 generation, HbMsg *msg, gint64 now_ms)
{
	Held *held = g_new(Held, 1);

	g_assert(node < HB_NODES_MAX);
	*held = (Held){ .seq = seq, .generation = generation, .since_ms = now_ms, .msg = msg };
	g_queue_insert_sorted(&order->node[node].held, held, by_seq, NULL);
	order->node[node].len += hb_msg_netstring_len(msg);
}

HbMsg *
hb_api_order_next(HbApiOrder *order, guint node, guint64 complete, guint64 generation, gint64 now_ms)
{
	GQueue *queue = &order->node[node].held;
	Held *first = g_queue_peek_head(queue);
	HbMsg *msg;

	if (first == NULL ||
	    (first->generation == generation && first->seq > complete && queue->length <= HB_API_HELD_MAX &&
	     order->node[node].len <= HB_API_HELD_LEN_MAX && now_ms - first->since_ms < HB_API_HELD_MS_MAX))
		return NULL;
	g_queue_pop_head(queue);
	msg = first->msg;
	order->node[node].len -= hb_msg_netstring_len(msg);
	g_free(first);
	return msg;
}

gboolean
hb_api_order_is_empty(const HbApiOrder *order, guint node)
{
	return order->node[node].held.length == 0;
}
