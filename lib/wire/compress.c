/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * compress.c - see compress.h.
 */
#include <string.h>

#include <bzlib.h>
#include <zlib.h>

#include <glib.h>

#include "wire/compress.h"
#include "wire/netstring.h"
#include "wire/text.h"

#include "util/banned.h"

#define BZ2_BLOCK_100K 9

typedef gboolean Deflate(const guint8 *data, gsize len, guint8 *buf, gsize *buf_len);
/* Inflates into at most *@buf_len octets. FALSE: bad, unfinished, or it does not fit; the latter
 * sets @ret_short. */
typedef gboolean Inflate(const guint8 *data, gsize len, guint8 *buf, gsize *buf_len,
                         gboolean *ret_short);

static gboolean
zlib_deflate(const guint8 *data, gsize len, guint8 *buf, gsize *buf_len)
{
	uLongf out_len = *buf_len;

	if (compress2(buf, &out_len, data, len, Z_DEFAULT_COMPRESSION) != Z_OK)
		return FALSE;
	*buf_len = out_len;
	return TRUE;
}

static gboolean
zlib_inflate(const guint8 *data, gsize len, guint8 *buf, gsize *buf_len, gboolean *ret_short)
{
	uLongf out_len = *buf_len;
	uLong in_len = len;
	int rc = uncompress2(buf, &out_len, data, &in_len);

	*ret_short = rc == Z_BUF_ERROR && out_len == *buf_len;
	*buf_len = out_len;
	return rc == Z_OK && in_len == len;
}

static gboolean
bz2_deflate(const guint8 *data, gsize len, guint8 *buf, gsize *buf_len)
{
	unsigned int out_len = (unsigned int)*buf_len;

	if (BZ2_bzBuffToBuffCompress((char *)buf, &out_len, (char *)data, (unsigned int)len,
	                             BZ2_BLOCK_100K, 0, 0) != BZ_OK)
		return FALSE;
	*buf_len = out_len;
	return TRUE;
}

static gboolean
bz2_inflate(const guint8 *data, gsize len, guint8 *buf, gsize *buf_len, gboolean *ret_short)
{
	bz_stream stream = {
		.next_in = (char *)data,
		.avail_in = (unsigned int)len,
		.next_out = (char *)buf,
		.avail_out = (unsigned int)*buf_len,
	};
	gboolean is_whole;
	int rc;

	*ret_short = FALSE;
	if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK)
		return FALSE;
	rc = BZ2_bzDecompress(&stream);
	*ret_short = rc == BZ_OK && stream.avail_out == 0;
	*buf_len -= stream.avail_out;
	is_whole = rc == BZ_STREAM_END && stream.avail_in == 0;
	BZ2_bzDecompressEnd(&stream);
	return is_whole;
}

static const struct Algorithm {
	const char *name;
	Deflate *deflate;
	Inflate *inflate;
} algorithms[] = {
	{ "zlib", zlib_deflate, zlib_inflate },
	{ "bz2", bz2_deflate, bz2_inflate },
};

static const struct Algorithm *
find_algorithm(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(algorithms); i++)
		if (strcmp(algorithms[i].name, name) == 0)
			return &algorithms[i];
	return NULL;
}

GByteArray *
hb_compress(const char *algorithm, const guint8 *data, gsize len)
{
	const struct Algorithm *found = find_algorithm(algorithm);
	gsize out_len = len + len / 50 + 700;   /* more than either library may need */
	g_autoptr(GByteArray) out = g_byte_array_new();

	if (found == NULL)
		return NULL;
	g_byte_array_set_size(out, (guint)out_len);
	if (!found->deflate(data, len, out->data, &out_len))
		return NULL;
	g_byte_array_set_size(out, (guint)out_len);
	return g_steal_pointer(&out);
}

/* Most messages grow less than eightfold; the rest is tried again with more room, up to the limit. */
GByteArray *
hb_compress_inflate(const char *algorithm, const guint8 *data, gsize len)
{
	const struct Algorithm *found = find_algorithm(algorithm);
	g_autoptr(GByteArray) out = g_byte_array_new();
	gsize room = MIN(8 * len + 4096, HB_MSG_INFLATED_MAX);

	if (found == NULL || len == 0 || len > HB_MSG_MAX)
		return NULL;
	for (;;) {
		gboolean is_short;
		gsize out_len = room;

		g_byte_array_set_size(out, (guint)room);
		if (found->inflate(data, len, out->data, &out_len, &is_short)) {
			g_byte_array_set_size(out, (guint)out_len);
			return g_steal_pointer(&out);
		}
		if (!is_short || room == HB_MSG_INFLATED_MAX)
			return NULL;
		room = MIN(8 * room, HB_MSG_INFLATED_MAX);
	}
}

HbMsg *
hb_compress_unpack(const char *algorithm, const guint8 *data, gsize len)
{
	g_autoptr(GByteArray) plain = hb_compress_inflate(algorithm, data, len);
	gsize plain_len;

	if (plain == NULL || plain->len == 0)
		return NULL;
	plain_len = plain->len;
	if (plain->data[0] != HB_TEXT_HEAD[0])
		return hb_netstring_decode(plain->data, plain_len, NULL);
	if (plain->data[plain_len - 1] == '\0')
		plain_len--;
	return hb_text_decode(plain->data, plain_len, NULL);
}

/* String form with its NUL where possible, as 3.0.6 does it. */
static GByteArray *
compress_nested(const HbField *field, const char *algorithm)
{
	g_autoptr(HbMsg) nested = hb_netstring_decode(field->value, field->len, NULL);
	g_autoptr(GByteArray) text = nested == NULL ? NULL : hb_text_encode(nested);

	if (text == NULL)
		return hb_compress(algorithm, field->value, field->len);
	g_byte_array_append(text, (const guint8 *)"", 1);
	return hb_compress(algorithm, text->data, text->len);
}

HbMsg *
hb_compress_fields(const HbMsg *msg, const char *algorithm)
{
	g_autoptr(HbMsg) out = hb_msg_new();
	const char *named = hb_msg_get(msg, HB_FIELD_NAME_ALGORITHM);

	if (named != NULL)
		algorithm = named;
	for (guint i = 0; i < hb_msg_n_fields(msg); i++) {
		HbField field = hb_msg_field(msg, i);
		g_autoptr(GByteArray) packed = NULL;

		if (field.type == HB_FIELD_UNCOMPRESSED) {
			packed = compress_nested(&field, algorithm);
			if (packed == NULL)
				return NULL;
			field.type = HB_FIELD_COMPRESSED;
			field.value = packed->data;
			field.len = packed->len;
		}
		if (!hb_msg_add(out, field.type, field.name, field.value, field.len))
			return NULL;
	}
	if (named == NULL && !hb_msg_add_string(out, HB_FIELD_NAME_ALGORITHM, algorithm))
		return NULL;
	return g_steal_pointer(&out);
}
