/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtnl.c - see rtnl.h */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <net/if_arp.h>
#include <linux/ip.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "resource.d/ip/rtnl.h"
#include "util/banned.h"

#define REPLY_BYTES_MAX 32768   /* the kernel never writes more into one answer */
#define DUMP_TRIES_MAX 5        /* a list that changes while it is read is read again */

typedef void RtnlReader(struct nlmsghdr *header, void *data);

/* One request and its answer. */
typedef struct {
	RtnlReader *reader;
	void *data;
	int error;                      /* -errno as the kernel says it */
	bool over;
} Talk;

static int
on_message(struct nl_msg *msg, void *arg)
{
	Talk *talk = arg;

	if (talk->reader != NULL)
		talk->reader(nlmsg_hdr(msg), talk->data);
	return NL_OK;
}

static int
on_end(struct nl_msg *msg, void *arg)
{
	Talk *talk = arg;

	(void)msg;
	talk->over = true;
	return NL_STOP;
}

/* libnl's own codes forget which errno it was. */
static int
on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *arg)
{
	Talk *talk = arg;

	(void)from;
	talk->error = error->error;
	talk->over = true;
	return NL_STOP;
}

static int
receive(HbRtnl *rtnl, Talk *talk)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int result = 0;

	if (cb == NULL)
		return -ENOMEM;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, talk);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, talk);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, talk);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, talk);
	while (result >= 0 && !talk->over)
		result = nl_recvmsgs(rtnl->sock, cb);
	nl_cb_put(cb);

	if (talk->error != 0)
		return talk->error;
	if (result == -NLE_DUMP_INTR)
		return -EINTR;
	return talk->over ? 0 : -EIO;
}

/* Sends @msg (transfer full, NULL is out of memory) and hands each answer to @reader. */
static int
ask(HbRtnl *rtnl, struct nl_msg *msg, RtnlReader *reader, void *data)
{
	Talk talk = { .reader = reader, .data = data };
	int result = msg != NULL ? nl_send_auto(rtnl->sock, msg) : -NLE_NOMEM;

	nlmsg_free(msg);
	return result < 0 ? -EIO : receive(rtnl, &talk);
}

/* A message begun with its fixed part; NULL when memory is out, which ask() understands. */
static struct nl_msg *
message(int type, int flags, void *fixed, size_t fixed_len)
{
	struct nl_msg *msg = nlmsg_alloc_simple(type, NLM_F_REQUEST | flags);

	if (msg != NULL && nlmsg_append(msg, fixed, fixed_len, NLMSG_ALIGNTO) < 0) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

static void
put_addr(struct nl_msg *msg, int attr, const HbIpAddr *addr)
{
	if (msg != NULL)
		(void)nla_put(msg, attr, (int)hb_ip_addr_len(addr->family), addr->bytes);
}

static bool
get_addr(const struct nlattr *attr, int family, HbIpAddr *ret)
{
	if (attr == NULL || (size_t)nla_len(attr) != hb_ip_addr_len(family))
		return false;
	*ret = (HbIpAddr){ .family = family };
	memcpy(ret->bytes, nla_data(attr), hb_ip_addr_len(family));
	return true;
}

int
hb_rtnl_init(HbRtnl *rtnl)
{
	int yes = 1;

	rtnl->sock = nl_socket_alloc();
	if (rtnl->sock == NULL)
		return -ENOMEM;
	nl_socket_disable_msg_peek(rtnl->sock);
	if (nl_connect(rtnl->sock, NETLINK_ROUTE) < 0 ||
	    nl_socket_set_msg_buf_size(rtnl->sock, REPLY_BYTES_MAX) < 0) {
		hb_rtnl_done(rtnl);
		return -EIO;
	}
	/* Lets the kernel choose addresses by interface; where it cannot, we do (on_address). */
	(void)setsockopt(nl_socket_get_fd(rtnl->sock), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &yes,
	                 sizeof yes);
	return 0;
}

void
hb_rtnl_done(HbRtnl *rtnl)
{
	nl_socket_free(rtnl->sock);
	rtnl->sock = NULL;
}

/*
 * The old ioctls, because they need no lock. A netlink question about an interface waits for
 * the lock of all network configuration, which others hold for milliseconds while they set up
 * a container or a bridge.
 */
static int
ask_device(HbRtnl *rtnl, unsigned long question, struct ifreq *request)
{
	return ioctl(nl_socket_get_fd(rtnl->sock), question, request) < 0 ? -errno : 0;
}

int
hb_rtnl_index(HbRtnl *rtnl, const char *name)
{
	struct ifreq request = { .ifr_ifindex = HB_RTNL_ANY };
	int result;

	(void)snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
	result = ask_device(rtnl, SIOCGIFINDEX, &request);
	return result < 0 ? result : request.ifr_ifindex;
}

int
hb_rtnl_link(HbRtnl *rtnl, int index, HbRtnlLink *ret_link)
{
	HbRtnlLink link = { .index = index };
	struct ifreq request = { .ifr_ifindex = index };
	int result = ask_device(rtnl, SIOCGIFNAME, &request);

	if (result == 0)
		result = ask_device(rtnl, SIOCGIFFLAGS, &request);
	link.flags = (unsigned short)request.ifr_flags;
	if (result == 0)
		result = ask_device(rtnl, SIOCGIFHWADDR, &request);
	if (result < 0)
		return result;
	(void)snprintf(link.name, sizeof link.name, "%s", request.ifr_name);
	link.has_mac = request.ifr_hwaddr.sa_family == ARPHRD_ETHER;
	memcpy(link.mac, request.ifr_hwaddr.sa_data, sizeof link.mac);
	*ret_link = link;
	return 0;
}

int
hb_rtnl_switch_on(HbRtnl *rtnl, int index)
{
	struct ifinfomsg info = {
		.ifi_family = AF_UNSPEC, .ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP,
	};

	return ask(rtnl, message(RTM_NEWLINK, NLM_F_ACK, &info, sizeof info), NULL, NULL);
}

static void
on_netconf(struct nlmsghdr *header, void *data)
{
	bool *router = data;
	struct nlattr *forwarding = header->nlmsg_type == RTM_NEWNETCONF
		? nlmsg_find_attr(header, sizeof(struct netconfmsg), NETCONFA_FORWARDING) : NULL;

	if (forwarding != NULL && nla_len(forwarding) >= (int)sizeof(int32_t))
		*router = nla_get_s32(forwarding) != 0;
}

bool
hb_rtnl_is_router6(HbRtnl *rtnl, int index)
{
	struct netconfmsg info = { .ncm_family = AF_INET6 };
	struct nl_msg *msg = message(RTM_GETNETCONF, NLM_F_ACK, &info, sizeof info);
	bool router = false;

	if (msg != NULL)
		(void)nla_put_s32(msg, NETCONFA_IFINDEX, index);
	return ask(rtnl, msg, on_netconf, &router) == 0 && router;
}

/* Goes through the addresses of a family (and, where the kernel can, of one interface). */
static int
list_addresses(HbRtnl *rtnl, int family, int index, RtnlReader *reader, void *data)
{
	struct ifaddrmsg info = { .ifa_family = (uint8_t)family, .ifa_index = (uint32_t)index };

	return ask(rtnl, message(RTM_GETADDR, NLM_F_DUMP, &info, sizeof info), reader, data);
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
	if (!get_addr(attr[IFA_ADDRESS], info->ifa_family, &ret->peer))
		return false;
	if (!get_addr(attr[IFA_LOCAL], info->ifa_family, &ret->local))
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

static void
on_route(struct nlmsghdr *header, void *data)
{
	HbRtnlRoute *route = data;
	struct nlattr *attr[RTA_MAX + 1];
	const struct rtmsg *info;

	if (header->nlmsg_type != RTM_NEWROUTE ||
	    nlmsg_parse(header, sizeof *info, attr, RTA_MAX, NULL) < 0)
		return;
	info = nlmsg_data(header);
	*route = (HbRtnlRoute){
		.index = attr[RTA_OIF] != NULL ? (int)nla_get_u32(attr[RTA_OIF]) : HB_RTNL_ANY,
		.prefix_len = info->rtm_dst_len,
		.local = info->rtm_type == RTN_LOCAL,
	};
	route->leads = info->rtm_type == RTN_UNICAST && route->index != HB_RTNL_ANY;
	/* A default route without a gateway leads somewhere, but names no network. */
	route->connected = route->leads && info->rtm_dst_len > 0 && attr[RTA_GATEWAY] == NULL &&
	                   attr[RTA_VIA] == NULL;
}

int
hb_rtnl_route(HbRtnl *rtnl, const HbIpAddr *addr, int index, HbRtnlRoute *ret_route)
{
	struct rtmsg info = {
		.rtm_family = (uint8_t)addr->family,
		.rtm_dst_len = (uint8_t)hb_ip_addr_bits(addr->family),
		.rtm_flags = RTM_F_FIB_MATCH,   /* the route itself, not what it means for us */
	};
	struct nl_msg *msg = message(RTM_GETROUTE, NLM_F_ACK, &info, sizeof info);
	HbRtnlRoute route = { .index = HB_RTNL_ANY };
	int result;

	put_addr(msg, RTA_DST, addr);
	if (msg != NULL && index != HB_RTNL_ANY)
		(void)nla_put_u32(msg, RTA_OIF, (uint32_t)index);
	result = ask(rtnl, msg, on_route, &route);
	if (result == 0)
		*ret_route = route;
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
	struct nl_msg *msg = message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, &info,
	                             sizeof info);

	put_addr(msg, IFA_LOCAL, &address->addr);
	put_addr(msg, IFA_ADDRESS, &address->addr);
	if (address->broadcast != NULL)
		put_addr(msg, IFA_BROADCAST, address->broadcast);
	if (msg != NULL && !v6 && address->label[0] != '\0')
		(void)nla_put_string(msg, IFA_LABEL, address->label);
	return ask(rtnl, msg, NULL, NULL);
}

int
hb_rtnl_remove(HbRtnl *rtnl, const HbRtnlEntry *entry)
{
	struct ifaddrmsg info = {
		.ifa_family = (uint8_t)entry->local.family,
		.ifa_prefixlen = (uint8_t)entry->prefix_len,
		.ifa_index = (uint32_t)entry->index,
	};
	struct nl_msg *msg = message(RTM_DELADDR, NLM_F_ACK, &info, sizeof info);

	put_addr(msg, IFA_LOCAL, &entry->local);
	put_addr(msg, IFA_ADDRESS, &entry->peer);
	return ask(rtnl, msg, NULL, NULL);
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
	struct nl_msg *msg = message(RTM_SETLINK, NLM_F_ACK, &info, sizeof info);
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
	return ask(rtnl, msg, NULL, NULL);
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
