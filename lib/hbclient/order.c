/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * order.c - see order.h.
 *
 * A client that was started again may be heard before its leaving is: its messages then wait in a
 * second place until the leave notice of the first.
 */
#include "hbclient/order.h"

#include <string.h>

#include "util/banned.h"

typedef struct {
	guint64 next;           /* 0: nothing heard yet */
	GQueue held;            /* of Held, by number */
} Stream;

typedef struct {
	guint64 number;
	struct ha_msg *msg;
} Held;

typedef struct {
	guint64 generation;     /* of the client */
	Stream streams[2];      /* to one node, to all */
} Life;

typedef struct {
	guint64 node_generation;
	Life now;
	Life then;              /* of the next start; generation 0: none heard */
} Source;

struct HbOrder {
	GHashTable *sources;    /* node -> Source */
};

static void
free_held(gpointer data)
{
	Held *held = data;

	ha_msg_del(held->msg);
	g_free(held);
}

static void
clear_life(Life *life)
{
	for (int i = 0; i < 2; i++) {
		g_queue_clear_full(&life->streams[i].held, free_held);
		life->streams[i].next = 0;
	}
	life->generation = 0;
}

static void
free_source(gpointer data)
{
	Source *source = data;

	clear_life(&source->now);
	clear_life(&source->then);
	g_free(source);
}

HbOrder *
hb_order_new(void)
{
	HbOrder *order = g_new0(HbOrder, 1);

	order->sources = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_source);
	return order;
}

void
hb_order_free(HbOrder *order)
{
	if (order == NULL)
		return;
	g_hash_table_unref(order->sources);
	g_free(order);
}

static gboolean
get_number(const struct ha_msg *msg, const char *name, guint base, guint64 *ret)
{
	const char *text = cl_get_string(msg, name);

	return text != NULL && g_ascii_string_to_unsigned(text, base, 0, G_MAXUINT64 - 1, ret, NULL);
}

static void
hold(Stream *stream, guint64 number, struct ha_msg *msg)
{
	Held *held;
	GList *place = stream->held.head;

	while (place != NULL && ((Held *)place->data)->number < number)
		place = place->next;
	if (place != NULL && ((Held *)place->data)->number == number) {
		ha_msg_del(msg);        /* the same once more */
		return;
	}
	held = g_new(Held, 1);
	*held = (Held){ .number = number, .msg = msg };
	g_queue_insert_before(&stream->held, place, held);
}

/* Delivers what is held: as far as it is without a gap, or all of it. */
static void
release(Stream *stream, gboolean all, GQueue *out)
{
	Held *held;

	while ((held = g_queue_peek_head(&stream->held)) != NULL && (all || held->number <= stream->next)) {
		if (held->number >= stream->next) {
			stream->next = held->number + 1;
			g_queue_push_tail(out, g_steal_pointer(&held->msg));
		}
		free_held(g_queue_pop_head(&stream->held));
	}
}

static void
put_numbered(Stream *stream, guint64 number, struct ha_msg *msg, gboolean may_deliver, GQueue *out)
{
	if (!may_deliver) {
		if (stream->held.length < HB_ORDER_GAP_MAX)
			hold(stream, number, msg);
		else
			ha_msg_del(msg);
		return;
	}
	if (stream->next == 0)
		stream->next = number;
	if (number < stream->next) {
		ha_msg_del(msg);
		return;
	}
	if (number - stream->next >= HB_ORDER_GAP_MAX) {
		release(stream, TRUE, out);     /* what is missing will not come any more */
		stream->next = MAX(stream->next, number);
	}
	hold(stream, number, msg);
	release(stream, FALSE, out);
}

/* What was held for the next start of the client is its present now. */
static void
begin_next_life(Source *source, GQueue *out)
{
	clear_life(&source->now);
	source->now = source->then;
	source->then = (Life){ 0 };
	for (int i = 0; i < 2; i++) {
		Held *first = g_queue_peek_head(&source->now.streams[i].held);

		if (first == NULL)
			continue;
		source->now.streams[i].next = first->number;
		release(&source->now.streams[i], FALSE, out);
	}
}

static Source *
source_of(HbOrder *order, const char *node)
{
	Source *source = g_hash_table_lookup(order->sources, node);

	if (source == NULL) {
		source = g_new0(Source, 1);
		g_hash_table_insert(order->sources, g_strdup(node), source);
	}
	return source;
}

static void
put_of_client(HbOrder *order, struct ha_msg *msg, guint64 number, GQueue *out)
{
	Source *source = source_of(order, cl_get_string(msg, F_ORIG));
	gboolean to_all = cl_get_string(msg, F_TO) == NULL;
	guint64 node_generation = 0, generation = 0;

	(void)get_number(msg, F_HBGENERATION, 16, &node_generation);
	(void)get_number(msg, F_CLIENT_GENERATION, 10, &generation);
	generation++;           /* they count from 0 */
	if (node_generation < source->node_generation) {
		ha_msg_del(msg);
		return;
	}
	if (node_generation > source->node_generation) {
		clear_life(&source->now);
		clear_life(&source->then);
		source->node_generation = node_generation;
	}
	if (source->now.generation == 0)
		source->now.generation = generation;
	if (generation == source->now.generation) {
		put_numbered(&source->now.streams[to_all], number, msg, TRUE, out);
	} else if (generation > source->now.generation && generation >= source->then.generation) {
		if (generation > source->then.generation) {
			clear_life(&source->then);
			source->then.generation = generation;
		}
		put_numbered(&source->then.streams[to_all], number, msg, FALSE, out);
	} else {
		ha_msg_del(msg);
	}
}

/* Its last messages come before the notice that it left, those of its next start behind it. */
static void
put_leave(HbOrder *order, struct ha_msg *msg, GQueue *out)
{
	const char *node = cl_get_string(msg, F_ORIG);
	Source *source = node == NULL ? NULL : g_hash_table_lookup(order->sources, node);

	for (int i = 0; source != NULL && i < 2; i++)
		release(&source->now.streams[i], TRUE, out);
	g_queue_push_tail(out, msg);
	if (source != NULL)
		begin_next_life(source, out);
}

static gboolean
says(const struct ha_msg *msg, const char *type, const char *status)
{
	const char *t = cl_get_string(msg, F_TYPE);
	const char *st = cl_get_string(msg, F_STATUS);

	return t != NULL && st != NULL && g_ascii_strcasecmp(t, type) == 0 && strcmp(st, status) == 0;
}

void
hb_order_put(HbOrder *order, struct ha_msg *msg, GQueue *out)
{
	const char *node = cl_get_string(msg, F_ORIG);
	guint64 number;

	if (says(msg, T_APICLISTAT, "leave")) {
		put_leave(order, msg, out);
		return;
	}
	if (node != NULL && says(msg, T_STATUS, "dead"))
		(void)g_hash_table_remove(order->sources, node);
	if (node != NULL && get_number(msg, F_ORDERSEQ, 16, &number) && cl_get_string(msg, F_CLIENT_GENERATION) != NULL)
		put_of_client(order, msg, number, out);
	else
		g_queue_push_tail(out, msg);
}
