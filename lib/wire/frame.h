/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * frame.h - packet = body + authentication (doc/wire-protocol.md 1 and 2).
 *
 * The rungs length, framing, authentication of the trust ladder. Pure: keys come in as HbKeyring.
 */
#ifndef HB_WIRE_FRAME_H
#define HB_WIRE_FRAME_H

#include "wire/msg.h"

#define HB_DIGEST_HEX_MAX 128

/* An authentication method as the wire needs it; plugins are wrapped into this by lib/plugin.
 * Writes the lower-case hex digest of @data with @key, NUL-terminated. */
typedef void HbDigestFunc(const void *key, gsize key_len, const void *data, gsize len,
                          char ret_hex[HB_DIGEST_HEX_MAX + 1]);

typedef struct {
	HbDigestFunc *digest;   /* NULL: no such key */
	char *key;              /* NULL: method without key */
	gsize key_len;
} HbKey;

typedef struct {
	HbKey key[HB_AUTH_KEYS_MAX];
	guint sign;             /* index that signs */
	gboolean accept_306_roll; /* also accept method of index i with the text of the signing key (2.5),
	                           * from 3.0.6: never of a message with hb4hmac */
} HbKeyring;

typedef enum {
	HB_FRAME_OK,
	HB_FRAME_MALFORMED,     /* not a message */
	HB_FRAME_OVERSIZE,
	HB_FRAME_BAD_AUTH,      /* unsigned, unknown index, wrong digest, wrong hmac of ours */
	HB_FRAME_N
} HbFrameVerdict;

typedef struct {
	HbMsg *msg;             /* (transfer full) unpacked, the compression removed */
	guint auth_index;
	gboolean is_string;     /* came in string framing */
	gboolean has_hmac;      /* carried our hmac-sha256 and it was right */
} HbFrame;

/* One packet in either framing. @ret_frame is set on HB_FRAME_OK only. */
HbFrameVerdict hb_frame_open(const guint8 *pkt, gsize len, const HbKeyring *keys, HbFrame *ret_frame);

typedef struct {
	gboolean netstring_only;        /* msgfmt netstring: no inner signature */
	gboolean string_framing;        /* serial lines, key roll */
	gboolean hmac;                  /* add hb4hmac (string msgs and netstring alike) */
	guint sign;                     /* key index, normally keys->sign */
	const char *compress;           /* NULL, "zlib" or "bz2" */
	gsize compress_over;            /* octets; used with .compress */
} HbFrameOptions;

/* (transfer full) The signed packet, or NULL when it is too large for @options. */
GByteArray *hb_frame_seal(const HbMsg *msg, const HbKeyring *keys, const HbFrameOptions *options);

#endif
