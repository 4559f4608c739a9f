/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mcast6.c - UDP multicasts by IPv6: "mcast6 eth0 ff02::694 694 1 0". doc/wire-protocol.md 8.2 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "heartbeat/hb_medium.h"
#include "media/sock.h"
#include "media/udp.h"
#include "media/words.h"

#include "util/banned.h"

#define USAGE "mcast6 eth0 ff02::694 694 1 0 (interface group port hops loop)"

static int
read_group(const char *word, hb_medium *medium, char err[HB_MEDIUM_ERR_MAX])
{
	struct in6_addr *group = &medium->to.v6.sin6_addr;

	if (hb_words_scope(word) != NULL)
		return hb_media_fail(err, "the interface stands in front; leave out \"%%%.15s\" behind the group",
		                     hb_words_scope(word));
	if (inet_pton(AF_INET6, word, group) != 1 || !IN6_IS_ADDR_MULTICAST(group))
		return hb_media_fail(err, "\"%.50s\" is not an IPv6 multicast group (ff00::/8); write e.g. " USAGE, word);
	/* Scope 0 is reserved, 1 does not leave this machine: nobody would hear it. */
	if ((group->s6_addr[1] & 0x0f) < 2)
		return hb_media_fail(err, "the group %.50s does not leave this machine; write one of ff02:: and up", word);
	return 0;
}

static hb_medium *
mcast6_parse(const char *text, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX])
{
	(void)defaults; /* the port stands in the line */
	return hb_udp_parse_group(AF_INET6, text, USAGE, read_group, err);
}

/* Bound to the interface; which groups come in, the membership says. */
static void
mcast6_wants(const hb_medium *medium, hb_medium_want *want)
{
	want->kind = HB_WANT_UDP;
	want->family = AF_INET6;
	want->port = medium->port;
	memcpy(want->device, medium->device, sizeof medium->device);
}

static int
join(hb_medium *medium, char err[HB_MEDIUM_ERR_MAX])
{
	unsigned int index = medium->to.v6.sin6_scope_id;
	struct ipv6_mreq group = { .ipv6mr_multiaddr = medium->to.v6.sin6_addr, .ipv6mr_interface = index };

	if (setsockopt(medium->receive_fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group, sizeof group) == 0)
		return 0;
	return hb_media_fail(err, "cannot join the multicast group on %s: %s", medium->device, strerror(errno));
}

static int
mcast6_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX])
{
	if (hb_udp_open(medium, fd, err) == 0 && hb_udp_scope(medium, err) == 0 &&
	    hb_sock_option(medium->send_fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, (int)medium->to.v6.sin6_scope_id,
	                   "IPV6_MULTICAST_IF", err) == 0 &&
	    hb_sock_option(medium->send_fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, medium->ttl, "IPV6_MULTICAST_HOPS",
	                   err) == 0 &&
	    hb_sock_option(medium->send_fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, medium->loop, "IPV6_MULTICAST_LOOP",
	                   err) == 0 &&
	    join(medium, err) == 0)
		return 0;
	hb_udp_shut(medium);
	return -1;
}

extern const hb_medium_ops hb_medium_plugin;
__attribute__((visibility("default"))) const hb_medium_ops hb_medium_plugin = {
	HB_UDP_OPS,
	.name = "mcast6",
	.parse = mcast6_parse,
	.wants = mcast6_wants,
	.open = mcast6_open,
};
