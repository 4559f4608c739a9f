/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipvs_wire.h - generic netlink messages of IPVS (doc/ldirectord.md 4.9): structs to attributes and back.
 *
 * Pure. What the kernel says is judged attribute by attribute; one that is missing has its default, since kernels
 * differ in what they know, one of a wrong length refuses the message.
 */
#ifndef LDIR_IPVS_WIRE_H
#define LDIR_IPVS_WIRE_H

#include <netlink/msg.h>

#include "ldirectord/ipvs/ipvs.h"

/* Requests, ready but for number and sender (transfer full). NULL: out of memory. */
struct nl_msg *ldir_wire_family_request(void);
struct nl_msg *ldir_wire_op_request(guint16 family_id, const LdirIpvsOp *op);
struct nl_msg *ldir_wire_services_request(guint16 family_id);
struct nl_msg *ldir_wire_dests_request(guint16 family_id, const LdirIpvsKey *key);

struct nl_msg *ldir_wire_sync_request(guint16 family_id, LdirIpvsRole role, gboolean is_start, const LdirIpvsSync *sync);
struct nl_msg *ldir_wire_syncs_request(guint16 family_id);

/* Answers; FALSE: that is none. The header's own length has been checked against what was received. */
gboolean ldir_wire_family_reply(const struct nlmsghdr *header, guint16 *ret_id);
gboolean ldir_wire_service_reply(const struct nlmsghdr *header, LdirIpvsVirtual *ret_vs);
gboolean ldir_wire_dest_reply(const struct nlmsghdr *header, int family, LdirIpvsDest *ret_dest);
gboolean ldir_wire_sync_reply(const struct nlmsghdr *header, LdirIpvsRole *ret_role, LdirIpvsSync *ret_sync);

#endif
