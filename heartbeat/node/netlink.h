/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netlink.h - news of the kernel about interfaces and addresses, and its answers about all there are.
 */
#ifndef HB_NODE_NETLINK_H
#define HB_NODE_NETLINK_H

#include <linux/netlink.h>

#include "node/node.h"

typedef struct HbNetlink HbNetlink;

typedef struct {
	const char *name;       /* of its source, for the log */
	guint32 groups;         /* RTMGRP_... that are heard */
	void (*take)(gpointer owner, const struct nlmsghdr *head);
	/* The kernel dropped news; an answer it does not drop, but goes on with it as we read. */
	void (*lost)(gpointer owner);
} HbNetlinkHooks;

/* NULL with errno. @hooks must last. */
HbNetlink *hb_netlink_new(HbNode *node, const HbNetlinkHooks *hooks, gpointer owner);
void hb_netlink_free(HbNetlink *netlink);       /* NULL is allowed */

/* Asks for all of @type, RTM_GETLINK or RTM_GETADDR. The answer ends with NLMSG_DONE, or is NLMSG_ERROR. */
gboolean hb_netlink_ask(HbNetlink *netlink, guint16 type);
/* Hands out what has come, at once; FALSE: nothing more now. */
gboolean hb_netlink_read(HbNetlink *netlink);

#endif
