/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ping.c - ICMP echo to a machine that is no node: "ping 10.0.0.254". doc/wire-protocol.md 8.4 */
#include <sys/socket.h>

#include "heartbeat/hb_medium.h"
#include "media/icmp.h"

#include "util/banned.h"

#define USAGE "ping 10.0.0.254"

static hb_medium *
ping_parse(const char *text, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX])
{
	(void)defaults;
	return hb_icmp_parse_host(AF_INET, text, USAGE, err);
}

extern const hb_medium_ops hb_medium_plugin;
__attribute__((visibility("default"))) const hb_medium_ops hb_medium_plugin = {
	HB_ICMP_OPS,
	.name = "ping",
	.word_each = 1,
	.parse = ping_parse,
};
