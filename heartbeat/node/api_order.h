/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api_order.h - messages that came before others of their sender which are still missing.
 *
 * Clients get the messages of a node in the order in which it sent them. The core hands each on as it comes; what lies
 * behind a gap waits here, within bounds: then it is shown all the same, as 3.0.6 does at once.
 */
#ifndef HB_NODE_API_ORDER_H
#define HB_NODE_API_ORDER_H

#include "util/limits.h"
#include "wire/msg.h"

#define HB_API_HELD_MAX     256         /* messages of one sender */
#define HB_API_HELD_LEN_MAX 1048576     /* octets of one sender */
#define HB_API_HELD_MS_MAX  5000

typedef struct HbApiOrder HbApiOrder;

HbApiOrder *hb_api_order_new(void);
void hb_api_order_free(HbApiOrder *order);

/* @msg (transfer full) of node @node waits for what is before @seq. */
void hb_api_order_hold(HbApiOrder *order, guint node, guint64 seq, guint64 generation, HbMsg *msg, gint64 now_ms);
/* (transfer full) The next message of @node that may be shown: all up to @complete of this generation, all of
 * another, all that is over a bound. NULL: none. */
HbMsg *hb_api_order_next(HbApiOrder *order, guint node, guint64 complete, guint64 generation, gint64 now_ms);
gboolean hb_api_order_is_empty(const HbApiOrder *order, guint node);

#endif
