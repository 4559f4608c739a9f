/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * digest.c - see digest.h.
 */
#include <string.h>

#include <glib.h>

#include "wire/digest.h"

#include "util/banned.h"

#define CRC_POLYNOMIAL 0x04c11db7u

static guint32 crc_table[256];

static void
make_crc_table(void)
{
	for (guint32 i = 0; i < 256; i++) {
		guint32 crc = i << 24;

		for (guint bit = 0; bit < 8; bit++)
			crc = (crc << 1) ^ ((crc & 0x80000000u) != 0 ? CRC_POLYNOMIAL : 0);
		crc_table[i] = crc;
	}
}

void
hb_digest_crc(const void *key, gsize key_len, const void *data, gsize len,
              char ret_hex[HB_DIGEST_HEX_MAX + 1])
{
	static gsize is_ready;
	const guint8 *p = data;
	guint32 crc = 0;

	(void)key, (void)key_len;
	if (g_once_init_enter(&is_ready)) {
		make_crc_table();
		g_once_init_leave(&is_ready, 1);
	}
	for (gsize i = 0; i < len; i++)
		crc = (crc << 8) ^ crc_table[(crc >> 24) ^ p[i]];
	g_snprintf(ret_hex, HB_DIGEST_HEX_MAX + 1, "%x", ~crc);
}

static void
hmac(GChecksumType type, const void *key, gsize key_len, const void *data, gsize len,
     char ret_hex[HB_DIGEST_HEX_MAX + 1])
{
	GHmac *state = g_hmac_new(type, key, key_len);

	if (len > 0)
		g_hmac_update(state, data, (gssize)len);
	g_strlcpy(ret_hex, g_hmac_get_string(state), HB_DIGEST_HEX_MAX + 1);
	g_hmac_unref(state);
}

void
hb_digest_md5(const void *key, gsize key_len, const void *data, gsize len,
              char ret_hex[HB_DIGEST_HEX_MAX + 1])
{
	hmac(G_CHECKSUM_MD5, key, key_len, data, len, ret_hex);
}

void
hb_digest_sha1(const void *key, gsize key_len, const void *data, gsize len,
               char ret_hex[HB_DIGEST_HEX_MAX + 1])
{
	hmac(G_CHECKSUM_SHA1, key, key_len, data, len, ret_hex);
}

void
hb_digest_hmac_sha256(const void *key, gsize key_len, const void *data, gsize len,
                      char ret_hex[HB_DIGEST_HEX_MAX + 1])
{
	hmac(G_CHECKSUM_SHA256, key, key_len, data, len, ret_hex);
}

gboolean
hb_digest_equal(const char *a, gsize a_len, const char *b, gsize b_len)
{
	volatile guint8 diff = 0;

	if (a_len != b_len)
		return FALSE;
	for (gsize i = 0; i < a_len; i++)
		diff = (guint8)(diff | (guint8)(a[i] ^ b[i]));
	return diff == 0;
}
