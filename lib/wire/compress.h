/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * compress.h - compressed messages and compressed fields (doc/wire-protocol.md 1.5).
 *
 * What comes out of inflating is bounded by HB_MSG_INFLATED_MAX, whatever goes in. Inflate
 * authenticated octets only.
 */
#ifndef HB_WIRE_COMPRESS_H
#define HB_WIRE_COMPRESS_H

#include "wire/msg.h"

#define HB_FIELD_NAME_PAYLOAD   "_compressed_payload"
#define HB_FIELD_NAME_ALGORITHM "_compression_algorithm"

/* (transfer full) @algorithm is "zlib" or "bz2"; NULL: it is neither. */
GByteArray *hb_compress(const char *algorithm, const guint8 *data, gsize len);
/* (transfer full) NULL: unknown algorithm, no such stream, something behind it, or too much in it. */
GByteArray *hb_compress_inflate(const char *algorithm, const guint8 *data, gsize len);

/* (transfer full) The message whose compressed form is @data: string form with one NUL behind it, or
 * netstring form. NULL: as above, or what is inside is no message. */
HbMsg *hb_compress_unpack(const char *algorithm, const guint8 *data, gsize len);

/* (transfer full) @msg with every UNCOMPRESSED field turned into a COMPRESSED one, and the field that
 * names the algorithm; @algorithm is used when @msg names none. NULL: unknown algorithm, or over a
 * limit of the container. */
HbMsg *hb_compress_fields(const HbMsg *msg, const char *algorithm);

#endif
