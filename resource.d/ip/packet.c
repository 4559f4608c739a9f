/* SPDX-License-Identifier: GPL-2.0-or-later */
/* packet.c - see packet.h */
#include <netinet/icmp6.h>
#include <netinet/ip6.h>
#include <net/if_arp.h>
#include <linux/if_ether.h>
#include <arpa/inet.h>

#include "resource.d/ip/packet.h"
#include "util/banned.h"

typedef struct {
	uint16_t hardware;
	uint16_t protocol;
	uint8_t hardware_len;
	uint8_t protocol_len;
	uint16_t operation;
	uint8_t sender_mac[HB_IP_MAC_LEN];
	uint8_t sender_ip[4];
	uint8_t target_mac[HB_IP_MAC_LEN];
	uint8_t target_ip[4];
} __attribute__((packed)) ArpPacket;

typedef struct {
	struct ip6_hdr ip;
	struct icmp6_hdr icmp;          /* its data: the flags of an advertisement */
	uint8_t target[16];
} __attribute__((packed)) NdPacket;

typedef struct {
	uint8_t type;
	uint8_t eights;                 /* length in units of 8 bytes */
	uint8_t mac[HB_IP_MAC_LEN];
} __attribute__((packed)) NdMacOption;

_Static_assert(sizeof(ArpPacket) == 28, "ARP over Ethernet");
_Static_assert(sizeof(NdPacket) + sizeof(NdMacOption) == HB_IP_FRAME_MAX, "the longest frame");

static const uint8_t all_nodes[16] = { 0xff, 0x02, [15] = 1 };
static const uint8_t zeros[16];

static void
arp_packet(uint16_t operation, const uint8_t *sender_ip, const uint8_t *mac,
           const uint8_t *target_mac, const HbIpAddr *addr, HbIpFrame *ret)
{
	ArpPacket arp = {
		.hardware = htons(ARPHRD_ETHER),
		.protocol = htons(ETH_P_IP),
		.hardware_len = HB_IP_MAC_LEN,
		.protocol_len = 4,
		.operation = htons(operation),
	};

	memcpy(arp.sender_mac, mac, sizeof arp.sender_mac);
	memcpy(arp.sender_ip, sender_ip, sizeof arp.sender_ip);
	memcpy(arp.target_mac, target_mac, sizeof arp.target_mac);
	memcpy(arp.target_ip, addr->bytes, sizeof arp.target_ip);

	*ret = (HbIpFrame){ .protocol = ETH_P_ARP, .len = sizeof arp };
	memset(ret->dest, 0xff, sizeof ret->dest);
	memcpy(ret->data, &arp, sizeof arp);
}

static uint32_t
sum16(uint32_t sum, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	return sum;
}

/* Over addresses, length, next header and message (RFC 4443 2.3); all lengths here are even. */
static uint16_t
icmp6_checksum(const HbIpFrame *frame)
{
	size_t message_len = frame->len - sizeof(struct ip6_hdr);
	uint32_t sum = (uint32_t)message_len + IPPROTO_ICMPV6;

	sum = sum16(sum, frame->data + offsetof(struct ip6_hdr, ip6_src), 32);
	sum = sum16(sum, frame->data + sizeof(struct ip6_hdr), message_len);
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static void
nd_packet(uint8_t type, uint32_t flags, const uint8_t *from, const uint8_t *to,
          const HbIpAddr *addr, const NdMacOption *option, HbIpFrame *ret)
{
	size_t option_len = option != NULL ? sizeof *option : 0;
	NdPacket nd = {
		.ip = {
			.ip6_flow = htonl(6U << 28),
			.ip6_plen = htons((uint16_t)(sizeof nd - sizeof nd.ip + option_len)),
			.ip6_nxt = IPPROTO_ICMPV6,
			.ip6_hlim = 255,
		},
		.icmp = { .icmp6_type = type },
	};
	uint16_t checksum;

	nd.icmp.icmp6_dataun.icmp6_un_data32[0] = flags;
	memcpy(&nd.ip.ip6_src, from, 16);
	memcpy(&nd.ip.ip6_dst, to, 16);
	memcpy(nd.target, addr->bytes, sizeof nd.target);

	*ret = (HbIpFrame){ .protocol = ETH_P_IPV6, .len = (uint16_t)(sizeof nd + option_len) };
	ret->dest[0] = ret->dest[1] = 0x33;     /* RFC 2464 7: multicast on Ethernet */
	memcpy(ret->dest + 2, to + 12, 4);
	memcpy(ret->data, &nd, sizeof nd);
	if (option != NULL)
		memcpy(ret->data + sizeof nd, option, sizeof *option);

	checksum = icmp6_checksum(ret);
	memcpy(ret->data + offsetof(NdPacket, icmp.icmp6_cksum), &checksum, sizeof checksum);
}

void
hb_ip_packet_probe(const HbIpAddr *addr, const uint8_t mac[HB_IP_MAC_LEN], HbIpFrame *ret)
{
	/* Solicited-node group of the address: its owner listens there. */
	uint8_t group[16] = { 0xff, 0x02, [11] = 1, [12] = 0xff };

	if (addr->family == AF_INET) {
		arp_packet(ARPOP_REQUEST, zeros, mac, zeros, addr, ret);
		return;
	}
	memcpy(group + 13, addr->bytes + 13, 3);
	/* Without our MAC: an option is forbidden where the sender has no address (4.3). */
	nd_packet(ND_NEIGHBOR_SOLICIT, 0, zeros, group, addr, NULL, ret);
}

int
hb_ip_packet_announce(const HbIpAddr *addr, const uint8_t mac[HB_IP_MAC_LEN], bool router, int form,
                      HbIpFrame *ret)
{
	NdMacOption option = { .type = ND_OPT_TARGET_LINKADDR, .eights = 1 };

	if (addr->family == AF_INET) {
		/* Linux takes a reply for an announcement only when both MACs are the same. */
		if (form == 0)
			arp_packet(ARPOP_REQUEST, addr->bytes, mac, zeros, addr, ret);
		else
			arp_packet(ARPOP_REPLY, addr->bytes, mac, mac, addr, ret);
		return 2;
	}
	memcpy(option.mac, mac, sizeof option.mac);
	nd_packet(ND_NEIGHBOR_ADVERT, ND_NA_FLAG_OVERRIDE | (router ? ND_NA_FLAG_ROUTER : 0),
	          addr->bytes, all_nodes, addr, &option, ret);
	return 1;
}

/* RFC 5227 2.1.1: any ARP packet whose sender uses the address. */
static bool
arp_claims(const uint8_t *data, size_t len, const HbIpAddr *addr, uint8_t *ret_mac)
{
	ArpPacket arp;

	if (len < sizeof arp)
		return false;
	memcpy(&arp, data, sizeof arp);
	if (arp.hardware != htons(ARPHRD_ETHER) || arp.protocol != htons(ETH_P_IP) ||
	    arp.hardware_len != HB_IP_MAC_LEN || arp.protocol_len != 4)
		return false;
	if (memcmp(arp.sender_ip, addr->bytes, sizeof arp.sender_ip) != 0)
		return false;
	memcpy(ret_mac, arp.sender_mac, HB_IP_MAC_LEN);
	return true;
}

/* RFC 4862 5.4.4: an advertisement of the address; a hop limit under 255 came from afar. */
static bool
nd_claims(const uint8_t *data, size_t len, const HbIpAddr *addr, const uint8_t *from,
          uint8_t *ret_mac)
{
	NdPacket nd;
	NdMacOption option;

	if (len < sizeof nd)
		return false;
	memcpy(&nd, data, sizeof nd);
	if (nd.ip.ip6_nxt != IPPROTO_ICMPV6 || nd.ip.ip6_hlim != 255 ||
	    nd.icmp.icmp6_type != ND_NEIGHBOR_ADVERT || nd.icmp.icmp6_code != 0)
		return false;
	if (memcmp(nd.target, addr->bytes, sizeof nd.target) != 0)
		return false;

	memcpy(ret_mac, from, HB_IP_MAC_LEN);
	if (len >= sizeof nd + sizeof option) {
		memcpy(&option, data + sizeof nd, sizeof option);
		if (option.type == ND_OPT_TARGET_LINKADDR && option.eights == 1)
			memcpy(ret_mac, option.mac, HB_IP_MAC_LEN);
	}
	return true;
}

bool
hb_ip_packet_is_claim(const uint8_t *data, size_t len, const HbIpAddr *addr,
                      const uint8_t from[HB_IP_MAC_LEN], const uint8_t mac[HB_IP_MAC_LEN],
                      uint8_t ret_mac[HB_IP_MAC_LEN])
{
	uint8_t claimant[HB_IP_MAC_LEN];
	bool claims = addr->family == AF_INET ? arp_claims(data, len, addr, claimant)
	                                      : nd_claims(data, len, addr, from, claimant);

	if (!claims || memcmp(claimant, mac, sizeof claimant) == 0)
		return false;
	memcpy(ret_mac, claimant, sizeof claimant);
	return true;
}
