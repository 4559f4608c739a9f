/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * order.h - ordered messages of a client on another node, in the order in which it sent them
 * (doc/client-api.md 5.4). Pure.
 *
 * Each source counts what it sends to one node and what it sends to all apart. The first message
 * heard says where the count begins; what comes early is held, HB_ORDER_GAP_MAX at most.
 */
#ifndef HB_HBCLIENT_ORDER_H
#define HB_HBCLIENT_ORDER_H

#include <glib.h>

#include <ha_msg.h>

#define HB_ORDER_GAP_MAX 500

typedef struct HbOrder HbOrder;

HbOrder *hb_order_new(void);
void hb_order_free(HbOrder *order);

/* Takes @msg (transfer full) and appends what can be delivered now, @msg among it or not, to @out.
 * Messages without a number pass at once. */
void hb_order_put(HbOrder *order, struct ha_msg *msg, GQueue *out);

#endif
