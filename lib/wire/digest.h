/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * digest.h - the authentication methods by name: crc md5 sha1 (doc/wire-protocol.md 2.4) and hmac-sha256.
 *
 * Each is an HbDigestFunc; the authentication plugins are thin shells around them.
 */
#ifndef HB_WIRE_DIGEST_H
#define HB_WIRE_DIGEST_H

#include "wire/frame.h"

/* CRC-32, not reflected, without the leading zeros. The key is ignored. Protects from accidents only. */
HbDigestFunc hb_digest_crc;
HbDigestFunc hb_digest_md5;             /* HMAC */
HbDigestFunc hb_digest_sha1;            /* HMAC */
HbDigestFunc hb_digest_hmac_sha256;

/* Compares in a time that depends on the lengths alone. */
gboolean hb_digest_equal(const char *a, gsize a_len, const char *b, gsize b_len);

#endif
