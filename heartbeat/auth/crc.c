/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* crc.c - authkeys method crc: finds accidents, authenticates nothing. */
#include <glib.h>

#include "heartbeat/hb_auth.h"
#include "wire/digest.h"

#include "util/banned.h"

G_STATIC_ASSERT(HB_AUTH_HEX_MAX == HB_DIGEST_HEX_MAX);

extern const hb_auth_ops hb_auth_plugin;
__attribute__((visibility("default"))) const hb_auth_ops hb_auth_plugin = {
	.abi = HB_AUTH_ABI,
	.name = "crc",
	.needs_key = 0,
	.digest = hb_digest_crc,
};
