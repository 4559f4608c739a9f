/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mcast.c - UDP multicasts: "mcast eth0 239.0.0.1 694 1 0". doc/wire-protocol.md 8.2 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "heartbeat/hb_medium.h"
#include "media/sock.h"
#include "media/udp.h"
#include "media/words.h"

#include "util/banned.h"

#define USAGE "mcast eth0 239.0.0.1 694 1 0 (interface group port ttl loop)"

static int
read_group(const char *word, hb_medium *medium, char err[HB_MEDIUM_ERR_MAX])
{
	struct in_addr *group = &medium->to.v4.sin_addr;

	if (inet_pton(AF_INET, word, group) == 1 && IN_MULTICAST(ntohl(group->s_addr)))
		return 0;
	return hb_media_fail(err, "\"%.40s\" is not an IPv4 multicast group (224.0.0.0 to 239.255.255.255); "
	                     "write e.g. " USAGE, word);
}

static hb_medium *
mcast_parse(const char *text, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX])
{
	(void)defaults; /* the port stands in the line */
	return hb_udp_parse_group(AF_INET, text, USAGE, read_group, err);
}

/* Not bound to the interface: the membership says where the group is listened to. */
static void
mcast_wants(const hb_medium *medium, hb_medium_want *want)
{
	want->kind = HB_WANT_UDP;
	want->family = AF_INET;
	want->port = medium->port;
	(void)inet_ntop(AF_INET, &medium->to.v4.sin_addr, want->address, sizeof want->address);
}

static int
find_index(int fd, const char *device, int *ret_index, char err[HB_MEDIUM_ERR_MAX])
{
	struct ifreq ifr = { .ifr_addr.sa_family = AF_INET };

	memcpy(ifr.ifr_name, device, IFNAMSIZ);
	if (ioctl(fd, SIOCGIFADDR, &ifr) < 0)
		return hb_media_fail(err, errno == ENODEV ? "interface %s does not exist"
		                                          : "interface %s has no IPv4 address",
		                     device);
	if (ioctl(fd, SIOCGIFINDEX, &ifr) < 0)
		return hb_media_fail(err, "interface %s: %s", device, strerror(errno));
	*ret_index = ifr.ifr_ifindex;
	return 0;
}

/* By index, not by address: the interface may get another address while we run. */
static int
join(hb_medium *medium, char err[HB_MEDIUM_ERR_MAX])
{
	struct ip_mreqn group = { .imr_multiaddr = medium->to.v4.sin_addr };

	if (find_index(medium->send_fd, medium->device, &group.imr_ifindex, err) < 0)
		return -1;
	if (setsockopt(medium->send_fd, IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof group) < 0)
		return hb_media_fail(err, "cannot send multicasts on %s: %s", medium->device, strerror(errno));
	if (setsockopt(medium->receive_fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) < 0)
		return hb_media_fail(err, "cannot join the multicast group on %s: %s", medium->device,
		                     strerror(errno));
	return 0;
}

static int
mcast_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX])
{
	if (hb_udp_open(medium, fd, err) == 0 &&
	    hb_sock_option(medium->send_fd, IPPROTO_IP, IP_MULTICAST_TTL, medium->ttl, "IP_MULTICAST_TTL", err) == 0 &&
	    hb_sock_option(medium->send_fd, IPPROTO_IP, IP_MULTICAST_LOOP, medium->loop, "IP_MULTICAST_LOOP", err) == 0 &&
	    join(medium, err) == 0)
		return 0;
	hb_udp_shut(medium);
	return -1;
}

extern const hb_medium_ops hb_medium_plugin;
__attribute__((visibility("default"))) const hb_medium_ops hb_medium_plugin = {
	HB_UDP_OPS,
	.name = "mcast",
	.parse = mcast_parse,
	.wants = mcast_wants,
	.open = mcast_open,
};
