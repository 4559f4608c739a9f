/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ifwatch.h - what the kernel tells of network interfaces: carrier, removal, addresses.
 */
#ifndef HB_NODE_IFWATCH_H
#define HB_NODE_IFWATCH_H

#include "node/node.h"

typedef enum {
	HB_IF_UNKNOWN,          /* no such interface */
	HB_IF_DOWN,             /* no carrier, or switched off */
	HB_IF_RUNNING
} HbIfState;

/* Never fails: without netlink all interfaces are unknown, and media are retried by time alone. */
HbIfWatch *hb_ifwatch_new(HbNode *node);
void hb_ifwatch_free(HbIfWatch *watch);

/* @ret_index: the kernel's number, another one when the interface was made anew; 0 when unknown. */
HbIfState hb_ifwatch_state(const HbIfWatch *watch, const char *name, guint *ret_index);

#endif
