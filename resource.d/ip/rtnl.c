/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rtnl.c - interfaces and routes, see rtnl.h */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/ioctl.h>
#include <net/if_arp.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "resource.d/ip/rtnl_parts.h"
#include "util/banned.h"

#define REPLY_BYTES_MAX 32768   /* the kernel never writes more into one answer */

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

	return hb_rtnl_ask(rtnl, hb_rtnl_message(RTM_NEWLINK, NLM_F_ACK, &info, sizeof info), NULL, NULL);
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
	struct nl_msg *msg = hb_rtnl_message(RTM_GETNETCONF, NLM_F_ACK, &info, sizeof info);
	bool router = false;

	if (msg != NULL)
		(void)nla_put_s32(msg, NETCONFA_IFINDEX, index);
	return hb_rtnl_ask(rtnl, msg, on_netconf, &router) == 0 && router;
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
	struct nl_msg *msg = hb_rtnl_message(RTM_GETROUTE, NLM_F_ACK, &info, sizeof info);
	HbRtnlRoute route = { .index = HB_RTNL_ANY };
	int result;

	hb_rtnl_put_addr(msg, RTA_DST, addr);
	if (msg != NULL && index != HB_RTNL_ANY)
		(void)nla_put_u32(msg, RTA_OIF, (uint32_t)index);
	result = hb_rtnl_ask(rtnl, msg, on_route, &route);
	if (result == 0)
		*ret_route = route;
	return result;
}

