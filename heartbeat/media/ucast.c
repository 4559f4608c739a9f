/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ucast.c - UDP to one other node: "ucast eth0 10.0.0.2". doc/wire-protocol.md 8.3 */
#include <string.h>
#include <sys/socket.h>

#include "heartbeat/hb_medium.h"
#include "media/sock.h"
#include "media/udp.h"
#include "media/words.h"

#include "util/banned.h"

#define USAGE     "ucast eth0 10.0.0.2 (interface and address of the other node)"
#define LOW_DELAY 0x10

static hb_medium *
ucast_parse(const char *text, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX])
{
	hb_words words;
	hb_medium *medium;

	/* More words are ignored, as heartbeat 3.0.6 does: its files must work as they are. */
	if (hb_words_cut(text, 2, 1, USAGE, &words, err) < 0)
		return NULL;
	medium = hb_udp_new(defaults->udpport, err);
	if (medium != NULL && (hb_words_device(words.word[0], USAGE, medium->device, err) < 0 ||
	                       hb_words_host(words.word[1], &medium->to, err) < 0)) {
		hb_udp_close(medium);
		return NULL;
	}
	return medium;
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
	.abi = HB_MEDIUM_ABI,
	.name = "ucast",
	.parse = ucast_parse,
	.link_name = hb_udp_link_name,
	.far_name = hb_udp_far_name,
	.wants = ucast_wants,
	.open = ucast_open,
	.poll_fd = hb_udp_poll_fd,
	.read = hb_udp_read,
	.write = hb_udp_write,
	.shut = hb_udp_shut,
	.close = hb_udp_close,
};
