/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lan.c - see lan.h */
#define _GNU_SOURCE /* ppoll */

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip6.h>
#include <arpa/inet.h>

#include "resource.d/ip/lan.h"
#include "util/banned.h"

#define NS_PER_US 1000L
#define US_PER_S 1000000LL
#define PROBES 3
#define PROBE_EVERY_US 500
#define PROBE_END_US 2000       /* a neighbour on the same segment answers within 200 */
#define READS_PER_WAKE 64       /* a flood must not outlast the end of the probe */

static int64_t
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * US_PER_S + now.tv_nsec / NS_PER_US;
}

int
hb_lan_init(HbLan *lan, const HbRtnlLink *link, const HbIpAddr *addr, bool router)
{
	*lan = (HbLan){ .fd = -1, .link = *link, .addr = *addr, .router = router };
	if (!link->has_mac || (link->flags & (IFF_NOARP | IFF_LOOPBACK)) != 0)
		return 0;
	/* Protocol 0: it hears nothing until hb_lan_probe() asks something. */
	lan->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return lan->fd < 0 ? -errno : 0;
}

void
hb_lan_done(HbLan *lan)
{
	if (lan->fd >= 0)
		(void)close(lan->fd);
	lan->fd = -1;
}

static int
send_frame(const HbLan *lan, const HbIpFrame *frame)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(frame->protocol),
		.sll_ifindex = lan->link.index,
		.sll_halen = HB_IP_MAC_LEN,
	};

	memcpy(to.sll_addr, frame->dest, HB_IP_MAC_LEN);
	/* A full queue loses a frame as the wire does; there are others. */
	if (sendto(lan->fd, frame->data, frame->len, 0, (struct sockaddr *)&to, sizeof to) < 0 &&
	    errno != ENOBUFS)
		return -errno;
	return 0;
}

/* Of all IPv6 traffic only neighbour advertisements shall wake us. */
static int
hear_advertisements(int fd)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, offsetof(struct ip6_hdr, ip6_nxt)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMPV6, 0, 3),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, sizeof(struct ip6_hdr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ND_NEIGHBOR_ADVERT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffff),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog program = { .len = sizeof code / sizeof code[0], .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

static int
listen_for_claims(const HbLan *lan)
{
	bool v4 = lan->addr.family == AF_INET;
	struct sockaddr_ll here = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(v4 ? ETH_P_ARP : ETH_P_IPV6),
		.sll_ifindex = lan->link.index,
	};

	if (!v4 && hear_advertisements(lan->fd) < 0)
		return -errno;
	return bind(lan->fd, (struct sockaddr *)&here, sizeof here) < 0 ? -errno : 0;
}

static bool
read_claim(const HbLan *lan, uint8_t *ret_mac)
{
	for (int i = 0; i < READS_PER_WAKE; i++) {
		uint8_t data[128];
		struct sockaddr_ll from = { .sll_halen = 0 };
		socklen_t from_len = sizeof from;
		ssize_t len = recvfrom(lan->fd, data, sizeof data, 0, (struct sockaddr *)&from,
		                       &from_len);

		if (len < 0)
			return false;
		if (from.sll_pkttype != PACKET_OUTGOING &&
		    hb_ip_packet_is_claim(data, (size_t)len, &lan->addr, from.sll_addr,
		                          lan->link.mac, ret_mac))
			return true;
	}
	return false;
}

static bool
wait_readable(int fd, int64_t until_us)
{
	int64_t left_us = until_us - now_us();
	struct timespec left = { .tv_nsec = (left_us > 0 ? left_us : 0) * NS_PER_US };
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return ppoll(&poll_fd, 1, &left, NULL) > 0;
}

int
hb_lan_probe(HbLan *lan, uint8_t ret_mac[HB_IP_MAC_LEN])
{
	int64_t start_us = now_us();
	HbIpFrame frame;
	int result;

	if (lan->fd < 0)
		return 0;
	result = listen_for_claims(lan);
	hb_ip_packet_probe(&lan->addr, lan->link.mac, &frame);
	for (int i = 0; i < PROBES && result == 0; i++) {
		bool last = i == PROBES - 1;
		int64_t until_us = start_us + (last ? PROBE_END_US : (i + 1) * PROBE_EVERY_US);

		result = send_frame(lan, &frame);
		while (result == 0 && wait_readable(lan->fd, until_us)) {
			if (read_claim(lan, ret_mac))
				return 1;
			if (now_us() >= until_us)
				break;
		}
	}
	return result;
}

int
hb_lan_announce(const HbLan *lan)
{
	HbIpFrame frame;
	int forms = lan->fd < 0 ? 0 : 1;
	int result = 0;

	for (int form = 0; form < forms && result == 0; form++) {
		forms = hb_ip_packet_announce(&lan->addr, lan->link.mac, lan->router, form, &frame);
		result = send_frame(lan, &frame);
	}
	return result;
}
