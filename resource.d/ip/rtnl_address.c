/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtnl_address.c - addresses of interfaces, see rtnl.h */
#include <errno.h>
#include <unistd.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "resource.d/ip/rtnl_parts.h"
#include "util/banned.h"

#define DUMP_TRIES_MAX 5        /* a list that changes while it is read is read again */

/* Goes through the addresses of a family (and, where the kernel can, of one interface). */
static int
list_addresses(HbRtnl *rtnl, int family, int index, HbRtnlReader *reader, void *data)
{
	struct ifaddrmsg info = { .ifa_family = (uint8_t)family, .ifa_index = (uint32_t)index };

	return hb_rtnl_ask(rtnl, hb_rtnl_message(RTM_GETADDR, NLM_F_DUMP, &info, sizeof info), reader, data);
}

static bool
read_entry(struct nlmsghdr *header, HbRtnlEntry *ret)
{
	struct nlattr *attr[IFA_MAX + 1];
	const struct ifaddrmsg *info;

	if (header->nlmsg_type != RTM_NEWADDR ||
	    nlmsg_parse(header, sizeof *info, attr, IFA_MAX, NULL) < 0)
		return false;
	info = nlmsg_data(header);
	*ret = (HbRtnlEntry){
		.index = (int)info->ifa_index,
		.prefix_len = info->ifa_prefixlen,
		.flags = attr[IFA_FLAGS] != NULL ? nla_get_u32(attr[IFA_FLAGS]) : info->ifa_flags,
	};
	if (!hb_rtnl_get_addr(attr[IFA_ADDRESS], info->ifa_family, &ret->peer))
		return false;
	if (!hb_rtnl_get_addr(attr[IFA_LOCAL], info->ifa_family, &ret->local))
		ret->local = ret->peer;
	return true;
}

typedef struct {
	const HbIpAddr *addr;
	int index;
	HbRtnlEntry *entries;
	int n;
} Search;

static void
on_address(struct nlmsghdr *header, void *data)
{
	Search *search = data;
	HbRtnlEntry entry;

	if (!read_entry(header, &entry) || !hb_ip_addr_equal(&entry.local, search->addr))
		return;
	if (search->index == HB_RTNL_ANY ? entry.index == HB_RTNL_LOOPBACK
	                                 : entry.index != search->index)
		return;
	if (search->n < HB_RTNL_ENTRIES_MAX)
		search->entries[search->n++] = entry;
}

int
hb_rtnl_find(HbRtnl *rtnl, const HbIpAddr *addr, int index,
             HbRtnlEntry ret_entries[HB_RTNL_ENTRIES_MAX])
{
	Search search = { .addr = addr, .index = index, .entries = ret_entries };
	int result = -EINTR;

	for (int i = 0; i < DUMP_TRIES_MAX && result == -EINTR; i++) {
		search.n = 0;
		result = list_addresses(rtnl, addr->family, index, on_address, &search);
	}
	/* An interface that is not there has no address. */
	if (result == -ENODEV)
		return 0;
	return result < 0 ? result : search.n;
}

typedef struct {
	const HbIpAddr *addr;
	HbRtnlRoute route;
} Around;

static void
on_neighbour(struct nlmsghdr *header, void *data)
{
	Around *around = data;
	HbRtnlEntry entry;

	if (!read_entry(header, &entry) || entry.index == HB_RTNL_LOOPBACK ||
	    entry.prefix_len <= around->route.prefix_len ||
	    !hb_ip_addr_same_net(&entry.peer, around->addr, entry.prefix_len))
		return;
	around->route.index = entry.index;
	around->route.prefix_len = entry.prefix_len;
}

int
hb_rtnl_neighbour(HbRtnl *rtnl, const HbIpAddr *addr, HbRtnlRoute *ret_route)
{
	Around around = { .addr = addr };
	int result = -EINTR;

	for (int i = 0; i < DUMP_TRIES_MAX && result == -EINTR; i++) {
		around.route = (HbRtnlRoute){ .index = HB_RTNL_ANY, .connected = true };
		result = list_addresses(rtnl, addr->family, HB_RTNL_ANY, on_neighbour, &around);
	}
	if (result == 0 && around.route.index == HB_RTNL_ANY)
		result = -ENETUNREACH;
	if (result == 0)
		*ret_route = around.route;
	return result;
}

static uint8_t
scope_of(const HbIpAddr *addr)
{
	if (addr->family == AF_INET && addr->bytes[0] == 127)
		return RT_SCOPE_HOST;
	return hb_ip_addr_is_linklocal(addr) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
}

int
hb_rtnl_add(HbRtnl *rtnl, const HbRtnlAddress *address)
{
	bool v6 = address->addr.family == AF_INET6;
	struct ifaddrmsg info = {
		.ifa_family = (uint8_t)address->addr.family,
		.ifa_prefixlen = (uint8_t)address->prefix_len,
		.ifa_scope = scope_of(&address->addr),
		.ifa_index = (uint32_t)address->index,
		/* The kernel's own duplicate check takes a second in which nothing answers. */
		.ifa_flags = v6 ? IFA_F_NODAD : 0,
	};
	struct nl_msg *msg = hb_rtnl_message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, &info,
	                             sizeof info);

	hb_rtnl_put_addr(msg, IFA_LOCAL, &address->addr);
	hb_rtnl_put_addr(msg, IFA_ADDRESS, &address->addr);
	if (address->broadcast != NULL)
		hb_rtnl_put_addr(msg, IFA_BROADCAST, address->broadcast);
	if (msg != NULL && !v6 && address->label[0] != '\0')
		(void)nla_put_string(msg, IFA_LABEL, address->label);
	return hb_rtnl_ask(rtnl, msg, NULL, NULL);
}

int
hb_rtnl_remove(HbRtnl *rtnl, const HbRtnlEntry *entry)
{
	struct ifaddrmsg info = {
		.ifa_family = (uint8_t)entry->local.family,
		.ifa_prefixlen = (uint8_t)entry->prefix_len,
		.ifa_index = (uint32_t)entry->index,
	};
	struct nl_msg *msg = hb_rtnl_message(RTM_DELADDR, NLM_F_ACK, &info, sizeof info);

	hb_rtnl_put_addr(msg, IFA_LOCAL, &entry->local);
	hb_rtnl_put_addr(msg, IFA_ADDRESS, &entry->peer);
	return hb_rtnl_ask(rtnl, msg, NULL, NULL);
}

typedef struct {
	const HbRtnlEntry *entry;
	bool found;
} Others;

static void
on_other(struct nlmsghdr *header, void *data)
{
	Others *others = data;
	HbRtnlEntry other;

	if (read_entry(header, &other) && other.index == others->entry->index &&
	    (other.flags & IFA_F_SECONDARY) != 0 &&
	    other.prefix_len == others->entry->prefix_len &&
	    hb_ip_addr_same_net(&other.peer, &others->entry->peer, other.prefix_len))
		others->found = true;
}

/* The interface's sysctl promote_secondaries = 1, which needs no mounted /proc this way. */
static int
promote_secondaries(HbRtnl *rtnl, int index)
{
	struct ifinfomsg info = { .ifi_family = AF_UNSPEC, .ifi_index = index };
	struct nl_msg *msg = hb_rtnl_message(RTM_SETLINK, NLM_F_ACK, &info, sizeof info);
	struct nlattr *spec, *inet, *conf;

	if (msg != NULL) {
		spec = nla_nest_start(msg, IFLA_AF_SPEC);
		inet = nla_nest_start(msg, AF_INET);
		conf = nla_nest_start(msg, IFLA_INET_CONF);
		(void)nla_put_u32(msg, IPV4_DEVCONF_PROMOTE_SECONDARIES, 1);
		(void)nla_nest_end(msg, conf);
		(void)nla_nest_end(msg, inet);
		(void)nla_nest_end(msg, spec);
	}
	return hb_rtnl_ask(rtnl, msg, NULL, NULL);
}

int
hb_rtnl_keep_others(HbRtnl *rtnl, const HbRtnlEntry *entry)
{
	Others others = { .entry = entry };
	int result = -EINTR;

	if (entry->local.family != AF_INET || (entry->flags & IFA_F_SECONDARY) != 0)
		return 0;
	for (int i = 0; i < DUMP_TRIES_MAX && result == -EINTR; i++)
		result = list_addresses(rtnl, AF_INET, entry->index, on_other, &others);
	if (result == 0 && others.found)
		result = promote_secondaries(rtnl, entry->index);
	return result;
}

int
hb_rtnl_watch(int family)
{
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = family == AF_INET ? RTMGRP_IPV4_IFADDR : RTMGRP_IPV6_IFADDR,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0) {
		int error = errno;

		(void)close(fd);
		return -error;
	}
	return fd;
}
