/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fake_auth.c - an authentication method whose digest is the key's length and the data's. */
#include "heartbeat/hb_auth.h"

#include <stdio.h>

static void
fake_digest(const void *key, size_t key_len, const void *data, size_t len, char hex[HB_AUTH_HEX_MAX + 1])
{
	(void)key, (void)data;
	(void)snprintf(hex, HB_AUTH_HEX_MAX + 1, "%zx%zx", key_len, len);
}

extern const hb_auth_ops hb_auth_plugin;
__attribute__((visibility("default"))) const hb_auth_ops hb_auth_plugin = {
	.abi = HB_AUTH_ABI,
	.name = FAKE_NAME,
	.needs_key = FAKE_NEEDS_KEY,
	.digest = fake_digest,
};
