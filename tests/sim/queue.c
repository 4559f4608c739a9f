/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/queue.h"

#include "util/banned.h"

static gboolean
is_before(const SimWill *a, const SimWill *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

void
sim_queue_add(SimQueue *queue, const SimWill *will)
{
	guint i = queue->n++;
	SimWill new = *will;

	if (queue->n > queue->room) {
		queue->room = MAX(256, 2 * queue->room);
		queue->heap = g_renew(SimWill, queue->heap, queue->room);
	}
	new.order = queue->order++;
	for (; i > 0 && is_before(&new, &queue->heap[(i - 1) / 2]); i = (i - 1) / 2)
		queue->heap[i] = queue->heap[(i - 1) / 2];
	queue->heap[i] = new;
}

SimWill
sim_queue_take(SimQueue *queue)
{
	SimWill first = queue->heap[0], last;
	guint i = 0;

	g_assert(queue->n > 0);
	last = queue->heap[--queue->n];
	for (;;) {
		guint child = 2 * i + 1;

		if (child >= queue->n)
			break;
		if (child + 1 < queue->n && is_before(&queue->heap[child + 1], &queue->heap[child]))
			child++;
		if (!is_before(&queue->heap[child], &last))
			break;
		queue->heap[i] = queue->heap[child];
		i = child;
	}
	queue->heap[i] = last;
	return first;
}

void
sim_queue_clear(SimQueue *queue, SimMessagePool *pool)
{
	for (guint i = 0; i < queue->n; i++)
		if (queue->heap[i].msg != NULL)
			sim_message_unref(pool, queue->heap[i].msg);
	queue->n = 0;
	queue->order = 0;
}

void
sim_queue_done(SimQueue *queue)
{
	g_free(queue->heap);
}
