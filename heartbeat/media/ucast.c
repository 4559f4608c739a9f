/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ucast.c - UDP to one other node: "ucast eth0 10.0.0.2". doc/wire-protocol.md 8.3 */
#include <string.h>
#include <sys/socket.h>

#include "heartbeat/hb_medium.h"
#include "media/sock.h"
#include "media/udp.h"

#include "util/banned.h"

#define USAGE     "ucast eth0 10.0.0.2 (interface and address of the other node)"
#define LOW_DELAY 0x10

static hb_medium *
ucast_parse(const char *text, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX])
{
	return hb_udp_parse_host(AF_INET, text, USAGE, defaults, err);
}

/* Two lines with the same interface share the port: either socket may get a packet, and the
 * link is called the same. */
static void
ucast_wants(const hb_medium *medium, hb_medium_want *want)
{
	want->kind = HB_WANT_UDP;
	want->family = AF_INET;
	want->port = medium->port;
	want->reuse_port = 1;
	memcpy(want->device, medium->device, sizeof medium->device);
}

static int
ucast_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX])
{
	if (hb_udp_open(medium, fd, err) == 0 &&
	    hb_sock_option(medium->send_fd, IPPROTO_IP, IP_TOS, LOW_DELAY, "IP_TOS", err) == 0) {
		hb_sock_prefer(medium->send_fd);        /* IP_TOS has chosen another */
		return 0;
	}
	hb_udp_shut(medium);
	return -1;
}

extern const hb_medium_ops hb_medium_plugin;
__attribute__((visibility("default"))) const hb_medium_ops hb_medium_plugin = {
	HB_UDP_OPS,
	.name = "ucast",
	.parse = ucast_parse,
	.wants = ucast_wants,
	.open = ucast_open,
};
