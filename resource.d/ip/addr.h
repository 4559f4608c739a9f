/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * addr.h - one IPv4 or IPv6 address, and the few questions asked about it.
 *
 * Pure. Memory: plain values; bytes beyond the family's length are zero.
 */
#ifndef HB_IP_ADDR_H
#define HB_IP_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define HB_IP_ADDR_BYTES 16
#define HB_IP_ADDR_TEXT 46      /* the longest text, with its end */

typedef struct {
	int family;                             /* AF_INET or AF_INET6 */
	uint8_t bytes[HB_IP_ADDR_BYTES];        /* network order */
} HbIpAddr;

static inline size_t
hb_ip_addr_len(int family)
{
	return family == AF_INET ? 4 : 16;
}

static inline int
hb_ip_addr_bits(int family)
{
	return family == AF_INET ? 32 : 128;
}

static inline bool
hb_ip_addr_equal(const HbIpAddr *a, const HbIpAddr *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* Is it valid on one link only (169.254/16, fe80::/10)? */
static inline bool
hb_ip_addr_is_linklocal(const HbIpAddr *addr)
{
	if (addr->family == AF_INET)
		return addr->bytes[0] == 169 && addr->bytes[1] == 254;
	return addr->bytes[0] == 0xfe && (addr->bytes[1] & 0xc0) == 0x80;
}

/* The text of @addr in @text, which is returned. */
const char *hb_ip_addr_text(const HbIpAddr *addr, char text[HB_IP_ADDR_TEXT]);

/* Reads a text strictly: the whole of it is one address, which one machine can have. */
bool hb_ip_addr_parse(const char *text, HbIpAddr *ret_addr);

/* The broadcast address of the network of @addr (IPv4); false where there is none (/31, /32). */
bool hb_ip_addr_broadcast(const HbIpAddr *addr, int prefix_len, HbIpAddr *ret_broadcast);

/* Do both lie in the same network of this length? */
bool hb_ip_addr_same_net(const HbIpAddr *a, const HbIpAddr *b, int prefix_len);

#endif
