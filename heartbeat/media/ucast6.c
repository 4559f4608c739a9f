/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ucast6.c - UDP to one other node by IPv6: "ucast6 eth0 fd00::2". doc/wire-protocol.md 8.3 */
#include <string.h>
#include <sys/socket.h>

#include "heartbeat/hb_medium.h"
#include "media/sock.h"
#include "media/udp.h"
#include "media/words.h"

#include "util/banned.h"

#define USAGE     "ucast6 eth0 fd00::2 (interface and address of the other node)"
#define LOW_DELAY 0x10

static int
is_nobody(const struct in6_addr *address)
{
	return IN6_IS_ADDR_LOOPBACK(address) || IN6_IS_ADDR_UNSPECIFIED(address) || IN6_IS_ADDR_MULTICAST(address);
}

static hb_medium *
ucast6_parse(const char *text, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX])
{
	hb_medium *medium = hb_udp_parse_host(AF_INET6, text, USAGE, defaults, err);
	const char *scope;

	if (medium == NULL)
		return NULL;
	/* 3.0.6 refuses them, too. */
	if (is_nobody(&medium->to.v6.sin6_addr)) {
		hb_media_fail(err, "that is the address of no other node; write e.g. %s", USAGE);
		hb_udp_close(medium);
		return NULL;
	}
	scope = hb_words_scope(text);
	if (scope == NULL)
		return medium;
	/* The address is the second word: its scope ends where it does. */
	if (strcspn(scope, " \t") != strlen(medium->device) ||
	    strncmp(scope, medium->device, strlen(medium->device)) != 0) {
		hb_media_fail(err, "\"%%%.15s\" behind the address is not the interface %s; leave it out", scope,
		              medium->device);
		hb_udp_close(medium);
		return NULL;
	}
	return medium;
}

static void
ucast6_wants(const hb_medium *medium, hb_medium_want *want)
{
	want->kind = HB_WANT_UDP;
	want->family = AF_INET6;
	want->port = medium->port;
	want->reuse_port = 1;
	memcpy(want->device, medium->device, sizeof medium->device);
}

static int
ucast6_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX])
{
	if (hb_udp_open(medium, fd, err) == 0 && hb_udp_scope(medium, err) == 0 &&
	    hb_sock_option(medium->send_fd, IPPROTO_IPV6, IPV6_TCLASS, LOW_DELAY, "IPV6_TCLASS", err) == 0)
		return 0;
	hb_udp_shut(medium);
	return -1;
}

extern const hb_medium_ops hb_medium_plugin;
__attribute__((visibility("default"))) const hb_medium_ops hb_medium_plugin = {
	HB_UDP_OPS,
	.name = "ucast6",
	.parse = ucast6_parse,
	.wants = ucast6_wants,
	.open = ucast6_open,
};
