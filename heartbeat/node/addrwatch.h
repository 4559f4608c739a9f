/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * addrwatch.h - are the addresses of our resources on this machine? Tells the core when one goes or comes.
 *
 * Asked for is what address.h knows, in the way in which its "status" looks: on the interface that is named, else on any but
 * the loopback. What starts an address and is not ours is believed to put it here once it was seen. Each message of the
 * kernel about one of them is only the occasion to ask it for all that are there: one way to learn it, also after lost
 * messages, a reload, or another hb-node before this one.
 */
#ifndef HB_NODE_ADDRWATCH_H
#define HB_NODE_ADDRWATCH_H

#include "node/node.h"

/* The core has begun. Never fails: without netlink nothing is noticed, as is said in the log. */
HbAddrWatch *hb_addrwatch_new(HbNode *node);
void hb_addrwatch_free(HbAddrWatch *watch);     /* NULL is allowed */

/* Another configuration is in force, also in the core. */
void hb_addrwatch_reload(HbAddrWatch *watch);
/* The interface is usable (again): what is not here may be had again. NULL is allowed. */
void hb_addrwatch_interface_up(HbAddrWatch *watch, const char *name);

#endif
