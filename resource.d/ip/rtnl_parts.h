/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtnl_parts.h - what the files of rtnl share: one request and its answer.
 */
#ifndef HB_IP_RTNL_PARTS_H
#define HB_IP_RTNL_PARTS_H

#include "resource.d/ip/rtnl.h"

typedef void HbRtnlReader(struct nlmsghdr *header, void *data);

/* A message begun with its fixed part; NULL when memory is out, which hb_rtnl_ask() understands. */
struct nl_msg *hb_rtnl_message(int type, int flags, void *fixed, size_t fixed_len);
void hb_rtnl_put_addr(struct nl_msg *msg, int attr, const HbIpAddr *addr);
bool hb_rtnl_get_addr(const struct nlattr *attr, int family, HbIpAddr *ret);

/* Sends @msg (transfer full, NULL is out of memory) and hands each answer to @reader (NULL: none is wanted). 0 or -errno. */
int hb_rtnl_ask(HbRtnl *rtnl, struct nl_msg *msg, HbRtnlReader *reader, void *data);

#endif
