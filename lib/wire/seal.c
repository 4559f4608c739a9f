/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * seal.c - the sending half of frame.h.
 */
#include <string.h>

#include <glib.h>

#include "wire/compress.h"
#include "wire/digest.h"
#include "wire/frame.h"
#include "wire/netscan.h"
#include "wire/netstring.h"
#include "wire/text.h"

#include "util/banned.h"

#define N_SIGNATURE_FIELDS 2
#define SIGNATURE_MAX  (3 + HB_DIGEST_HEX_MAX)  /* "15 " and the digest */
#define COMPRESSION_DEFAULT "zlib"

/* What hb_frame_seal() knows of the message while it puts it together. */
typedef struct {
	const HbMsg *msg;
	const HbKeyring *keys;
	const HbFrameOptions *options;
	GByteArray *lines;              /* string form, signed part; NULL: cannot be said */
	char hmac[SIGNATURE_MAX + 1];   /* "" none */
	char inner[SIGNATURE_MAX + 1];
} Seal;

static void
sign(const Seal *seal, HbDigestFunc *digest, char between, const GByteArray *data,
     char ret[SIGNATURE_MAX + 1])
{
	const HbKey *key = &seal->keys->key[seal->options->sign];
	char hex[HB_DIGEST_HEX_MAX + 1];

	digest(key->key, key->key_len, data->data, data->len, hex);
	g_snprintf(ret, SIGNATURE_MAX + 1, "%u%c%s", seal->options->sign, between, hex);
}

static void
put_text(GByteArray *out, const char *text)
{
	g_byte_array_append(out, (const guint8 *)text, (guint)strlen(text));
}

static void
put_text_field(GByteArray *out, const char *name, const char *value)
{
	put_text(out, name);
	put_text(out, "=");
	put_text(out, value);
	put_text(out, "\n");
}

static void
sign_inside(Seal *seal)
{
	const HbKey *key = &seal->keys->key[seal->options->sign];
	GByteArray *lines = g_byte_array_sized_new((guint)hb_msg_netstring_len(seal->msg) + SIGNATURE_MAX);

	if (!hb_text_put_signed_lines(lines, seal->msg, HB_TEXT_FOR_HMAC)) {
		g_byte_array_unref(lines);
		return;
	}
	seal->lines = lines;
	if (seal->options->hmac && key->key != NULL && key->key_len > 0) {
		sign(seal, hb_digest_hmac_sha256, ':', lines, seal->hmac);
		put_text_field(lines, HB_FIELD_NAME_HMAC, seal->hmac);
	}
	sign(seal, key->digest, ' ', lines, seal->inner);
}

/* (transfer full) */
static GByteArray *
make_string(const Seal *seal)
{
	GByteArray *out;

	if (seal->lines == NULL)
		return NULL;
	out = g_byte_array_sized_new(seal->lines->len + SIGNATURE_MAX + 16);
	put_text(out, HB_TEXT_HEAD);
	g_byte_array_append(out, seal->lines->data, seal->lines->len);
	put_text_field(out, HB_FIELD_NAME_AUTH, seal->inner);
	put_text(out, HB_TEXT_TAIL);
	return out;
}

/* 3.0.6 puts no inner signature on a message with nested or compressed fields (1.2). */
static gboolean
has_inner(const Seal *seal)
{
	if (seal->options->netstring_only || seal->lines == NULL)
		return FALSE;
	for (guint i = 0; i < hb_msg_n_fields(seal->msg); i++) {
		HbFieldType type = hb_msg_field(seal->msg, i).type;

		if (hb_netscan_type_nests(type) || type == HB_FIELD_COMPRESSED)
			return FALSE;
	}
	return TRUE;
}

/* (transfer full) Without the outer signature. */
static GByteArray *
make_netstring(const Seal *seal)
{
	GByteArray *out = g_byte_array_sized_new((guint)hb_msg_netstring_len(seal->msg) + 3 * SIGNATURE_MAX);

	put_text(out, HB_NETSCAN_HEAD);
	for (guint i = 0; i < hb_msg_n_fields(seal->msg); i++) {
		HbField field = hb_msg_field(seal->msg, i);

		if (strcmp(field.name, HB_FIELD_NAME_AUTH) != 0 &&
		    strcmp(field.name, HB_FIELD_NAME_HMAC) != 0)
			hb_netstring_put(out, field.type, field.name, field.value, field.len);
	}
	if (seal->hmac[0] != '\0')
		hb_netstring_put(out, HB_FIELD_STRING, HB_FIELD_NAME_HMAC, seal->hmac,
		                 strlen(seal->hmac));
	if (has_inner(seal))
		hb_netstring_put(out, HB_FIELD_STRING, HB_FIELD_NAME_AUTH, seal->inner,
		                 strlen(seal->inner));
	put_text(out, HB_NETSCAN_TAIL);
	return out;
}

static void
put_outer(const Seal *seal, GByteArray *out)
{
	char outer[SIGNATURE_MAX + 1];
	char head[16];

	sign(seal, seal->keys->key[seal->options->sign].digest, ' ', out, outer);
	g_snprintf(head, sizeof head, "%" G_GSIZE_FORMAT ":", strlen(outer));
	put_text(out, head);
	put_text(out, outer);
	put_text(out, ",");
}

/* (transfer full) The message of two fields that carries @plain (netstring) or the string form. */
static GByteArray *
make_compressed(const Seal *seal, const GByteArray *plain)
{
	g_autoptr(GByteArray) text = has_inner(seal) ? make_string(seal) : NULL;
	g_autoptr(GByteArray) packed = NULL;
	GByteArray *out;

	if (text != NULL) {
		g_byte_array_append(text, (const guint8 *)"", 1);
		plain = text;
	}
	if (plain->len > HB_MSG_INFLATED_MAX)
		return NULL;
	packed = hb_compress(seal->options->compress, plain->data, plain->len);
	if (packed == NULL)
		return NULL;
	out = g_byte_array_sized_new(packed->len + 2 * SIGNATURE_MAX);
	put_text(out, HB_NETSCAN_HEAD);
	hb_netstring_put(out, HB_FIELD_BINARY, HB_FIELD_NAME_PAYLOAD, packed->data, packed->len);
	hb_netstring_put(out, HB_FIELD_STRING, HB_FIELD_NAME_ALGORITHM, seal->options->compress,
	                 strlen(seal->options->compress));
	put_text(out, HB_NETSCAN_TAIL);
	return out;
}

/* (transfer full) */
static GByteArray *
make_packet(const Seal *seal)
{
	g_autoptr(GByteArray) out = NULL;

	if (seal->options->string_framing) {
		out = make_string(seal);
		return out == NULL || out->len > HB_MSG_MAX ? NULL : g_steal_pointer(&out);
	}
	out = make_netstring(seal);
	if (seal->options->compress != NULL && out->len > seal->options->compress_over) {
		g_autoptr(GByteArray) packed = make_compressed(seal, out);

		if (packed == NULL)
			return NULL;
		g_byte_array_unref(out);
		out = g_steal_pointer(&packed);
	}
	put_outer(seal, out);
	return out->len > HB_DATAGRAM_MAX ? NULL : g_steal_pointer(&out);
}

static gboolean
has_uncompressed(const HbMsg *msg)
{
	for (guint i = 0; i < hb_msg_n_fields(msg); i++)
		if (hb_msg_field(msg, i).type == HB_FIELD_UNCOMPRESSED)
			return TRUE;
	return FALSE;
}

GByteArray *
hb_frame_seal(const HbMsg *msg, const HbKeyring *keys, const HbFrameOptions *options)
{
	Seal seal = { .msg = msg, .keys = keys, .options = options };
	g_autoptr(HbMsg) packed = NULL;
	GByteArray *out;

	g_assert(options->sign < HB_AUTH_KEYS_MAX);
	g_assert(keys->key[options->sign].digest != NULL);
	if (has_uncompressed(msg)) {
		packed = hb_compress_fields(msg, options->compress != NULL ? options->compress
		                                                           : COMPRESSION_DEFAULT);
		if (packed == NULL)
			return NULL;
		seal.msg = packed;
	}
	if (hb_msg_n_fields(seal.msg) > HB_MSG_FIELDS_MAX - N_SIGNATURE_FIELDS)
		return NULL;
	sign_inside(&seal);
	out = make_packet(&seal);
	if (seal.lines != NULL)
		g_byte_array_unref(seal.lines);
	return out;
}
