/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * queue.h - what will happen: a heap of future events, earliest first, in the order of their making
 * where the time is the same.
 */
#ifndef HB_SIM_QUEUE_H
#define HB_SIM_QUEUE_H

#include "sim/message.h"

typedef enum {
	SIM_WILL_ACT,           /* n: index of a planned action */
	SIM_WILL_UNDO,          /* n: index of the action whose end this is */
	SIM_WILL_PACKET,        /* node, msg, n: medium; life 0 */
	SIM_WILL_SCRIPT_END,    /* node, n: slot of the script; life of the machine */
	SIM_WILL_CHILD,         /* node, n: op, n2: HbChildResult, ms: took; life of the core */
	SIM_WILL_MEDIUM,        /* node, n: medium, n2: HbMediumState; life of the core */
	SIM_WILL_RELOAD,        /* node: what its disk has by now */
	SIM_WILL_RESOURCE,      /* node, n: place of the group, n2: resource; life of the core */
	SIM_WILL_FENCED,        /* node: who asked, n: op, n2: the other; life of the core */
	SIM_WILL_POWER,         /* node: is switched on again; life of the machine */
	SIM_WILL_HB_NODE,       /* node: a new hb-node starts; life of the daemon */
	SIM_WILL_DAEMON         /* node: heartbeat starts; life of the machine */
} SimWillKind;

typedef struct {
	gint64 at_ms;
	guint64 order;
	SimWillKind kind;
	guint8 node;
	guint8 n2;
	guint16 took_ms;
	guint32 n;
	guint32 life;
	SimMessage *msg;        /* (transfer full) or NULL */
} SimWill;

typedef struct {
	guint n;
	guint room;
	guint64 order;
	SimWill *heap;
} SimQueue;

void sim_queue_add(SimQueue *queue, const SimWill *will);
/* Earliest time, G_MAXINT64 when empty. */
static inline gint64
sim_queue_next_ms(const SimQueue *queue)
{
	return queue->n == 0 ? G_MAXINT64 : queue->heap[0].at_ms;
}
SimWill sim_queue_take(SimQueue *queue);
/* Empties it for the next run; the memory stays. */
void sim_queue_clear(SimQueue *queue, SimMessagePool *pool);
void sim_queue_done(SimQueue *queue);

#endif
