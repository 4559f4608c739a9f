/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet.h - the bytes by which addresses are asked for and announced on an Ethernet.
 *
 * ARP as in RFC 826 and RFC 5227, neighbour discovery as in RFC 4861. Pure.
 * A frame is what follows the Ethernet header, and where it goes: the kernel writes the
 * header itself, also on VLANs.
 */
#ifndef HB_IP_PACKET_H
#define HB_IP_PACKET_H

#include "resource.d/ip/addr.h"

#define HB_IP_MAC_LEN 6
#define HB_IP_FRAME_MAX 72      /* IPv6 header, advertisement, one option */

typedef struct {
	uint8_t dest[HB_IP_MAC_LEN];
	uint16_t protocol;              /* ETH_P_..., host order */
	uint16_t len;
	uint8_t data[HB_IP_FRAME_MAX];
} HbIpFrame;

/* "Who has @addr?", asked by somebody who has no address yet. */
void hb_ip_packet_probe(const HbIpAddr *addr, const uint8_t mac[HB_IP_MAC_LEN], HbIpFrame *ret);

/*
 * "@addr is at @mac": the forms to send, one after the other, are 0 to the returned number - 1
 * (IPv4: request and reply, because some stacks hear only one of them; IPv6: one).
 * @router: we forward IPv6; a host that uses us as its router would drop us otherwise.
 */
int hb_ip_packet_announce(const HbIpAddr *addr, const uint8_t mac[HB_IP_MAC_LEN], bool router,
                          int form, HbIpFrame *ret);

/*
 * Do the @len bytes at @data (hostile) say that somebody else has @addr? Then his MAC is in
 * @ret_mac. @from: sender of the frame, @mac: our own, whose words do not count.
 */
bool hb_ip_packet_is_claim(const uint8_t *data, size_t len, const HbIpAddr *addr,
                           const uint8_t from[HB_IP_MAC_LEN], const uint8_t mac[HB_IP_MAC_LEN],
                           uint8_t ret_mac[HB_IP_MAC_LEN]);

#endif
