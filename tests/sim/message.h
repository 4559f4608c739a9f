/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.h - a message on its way: one copy, shared by all that will receive it and by the history of
 * its sender. Copies only what is used: an HbTyped is 2.5 KB, most of it room.
 */
#ifndef HB_SIM_MESSAGE_H
#define HB_SIM_MESSAGE_H

#include "wire/typed.h"

typedef struct SimMessage SimMessage;
struct SimMessage {
	guint refs;
	guint8 from;
	gint64 sent_ms;         /* world time */
	SimMessage *next_free;
	HbTyped typed;
};

/* Messages given back, for the next ones. */
typedef struct {
	SimMessage *free;
	guint n_out;
} SimMessagePool;

/* (transfer full) */
SimMessage *sim_message_new(SimMessagePool *pool, const HbTyped *typed, guint from, gint64 now_ms);
void sim_message_unref(SimMessagePool *pool, SimMessage *msg);
void sim_message_pool_done(SimMessagePool *pool);

static inline SimMessage *
sim_message_ref(SimMessage *msg)
{
	msg->refs++;
	return msg;
}

/* What @status says of the group, or NULL. */
const HbGroupWord *sim_message_word(const SimMessage *status, guint32 group_id);
/* The same from bytes: sealed, opened and judged as between two machines. FALSE: it did not survive. */
gboolean sim_message_through_bytes(const HbTyped *typed, HbTyped *ret_typed);

#endif
