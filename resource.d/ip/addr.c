/* SPDX-License-Identifier: GPL-2.0-or-later */
/* addr.c - see addr.h */
#include <arpa/inet.h>

#include "resource.d/ip/addr.h"
#include "util/banned.h"

const char *
hb_ip_addr_text(const HbIpAddr *addr, char text[HB_IP_ADDR_TEXT])
{
	if (inet_ntop(addr->family, addr->bytes, text, HB_IP_ADDR_TEXT) == NULL)
		text[0] = '\0';
	return text;
}

/* "This network", multicast, reserved and broadcast belong to no single machine. */
static bool
is_unicast4(const uint8_t *bytes)
{
	return bytes[0] != 0 && bytes[0] < 224;
}

/* A mapped address (::ffff:0:0/96) is IPv4 in disguise: no network carries it. */
static bool
is_unicast6(const uint8_t *bytes)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t none[16];

	return bytes[0] != 0xff && memcmp(bytes, none, sizeof none) != 0 &&
	       memcmp(bytes, mapped, sizeof mapped) != 0;
}

bool
hb_ip_addr_parse(const char *text, HbIpAddr *ret_addr)
{
	HbIpAddr addr = { .family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET };

	if (inet_pton(addr.family, text, addr.bytes) != 1)
		return false;
	if (!(addr.family == AF_INET ? is_unicast4 : is_unicast6)(addr.bytes))
		return false;
	*ret_addr = addr;
	return true;
}

bool
hb_ip_addr_broadcast(const HbIpAddr *addr, int prefix_len, HbIpAddr *ret_broadcast)
{
	if (addr->family != AF_INET || prefix_len > 30)
		return false;
	*ret_broadcast = *addr;
	for (int bit = prefix_len; bit < 32; bit++)
		ret_broadcast->bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return true;
}

bool
hb_ip_addr_same_net(const HbIpAddr *a, const HbIpAddr *b, int prefix_len)
{
	int whole = prefix_len / 8;
	int rest = prefix_len % 8;

	if (a->family != b->family || memcmp(a->bytes, b->bytes, (size_t)whole) != 0)
		return false;
	return rest == 0 || ((a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest)) == 0;
}
