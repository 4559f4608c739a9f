/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address.h - which address a resource of haresources puts on this machine.
 *
 * Pure. Known are IPaddr, IPaddr2 and IPv6addr, as scripts and as agents (ocf:heartbeat:IPaddr2::ip=10.0.0.1).
 */
#ifndef HB_NODE_ADDRESS_H
#define HB_NODE_ADDRESS_H

#include <net/if.h>

#include "conf/config.h"
#include "resource.d/ip/addr.h"

/* FALSE: none, or none that can be told. @ret_nic "": on any interface but the loopback. */
gboolean hb_address_of(const HbResourceConf *resource, HbIpAddr *ret_addr, char ret_nic[IFNAMSIZ]);

#endif
