/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* hmac-sha256.c - authkeys method hmac-sha256: unknown to heartbeat 3.0.6. */
#include <glib.h>

#include "heartbeat/hb_auth.h"
#include "wire/digest.h"

#include "util/banned.h"

G_STATIC_ASSERT(HB_AUTH_HEX_MAX == HB_DIGEST_HEX_MAX);

extern const hb_auth_ops hb_auth_plugin;
__attribute__((visibility("default"))) const hb_auth_ops hb_auth_plugin = {
	.abi = HB_AUTH_ABI,
	.name = "hmac-sha256",
	.needs_key = 1,
	.digest = hb_digest_hmac_sha256,
};
