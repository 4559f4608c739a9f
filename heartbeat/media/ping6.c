/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ping6.c - ICMPv6 echo to a machine that is no node: "ping6 fd00::fe". doc/wire-protocol.md 8.4 */
#include <sys/socket.h>

#include "heartbeat/hb_medium.h"
#include "media/icmp.h"

#include "util/banned.h"

#define USAGE "ping6 fd00::fe"

static hb_medium *
ping6_parse(const char *text, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX])
{
	(void)defaults;
	return hb_icmp_parse_host(AF_INET6, text, USAGE, err);
}

extern const hb_medium_ops hb_medium_plugin;
__attribute__((visibility("default"))) const hb_medium_ops hb_medium_plugin = {
	HB_ICMP_OPS,
	.name = "ping6",
	.word_each = 1,
	.parse = ping6_parse,
};
