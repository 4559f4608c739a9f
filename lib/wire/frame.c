/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * frame.c - see frame.h. Opening; sealing is in seal.c.
 *
 * Three signatures may be on a packet (doc/wire-protocol.md 2, doc/hb4-extensions.md 2):
 *   inner  field auth: over the lines of the string form; decides for string framing alone
 *   outer  behind a netstring message: over its octets; decides for netstring framing
 *   ours   field hb4hmac: over the same lines as the inner one; where it is present it must be right
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

/* "<index><between><hexdigest>" */
typedef struct {
	guint index;
	const char *hex;
	gsize hex_len;
} Signature;

static gboolean
parse_signature(const guint8 *text, gsize len, char between, Signature *ret)
{
	guint index = 0;
	gsize n = 0;

	while (n < len && n < 2 && g_ascii_isdigit(text[n]))
		index = index * 10 + (guint)(text[n++] - '0');
	if (n == 0 || (n == 2 && text[0] == '0') || n == len || text[n] != between)
		return FALSE;
	if (index >= HB_AUTH_KEYS_MAX || len - n - 1 > HB_DIGEST_HEX_MAX)
		return FALSE;
	ret->index = index;
	ret->hex = (const char *)text + n + 1;
	ret->hex_len = len - n - 1;
	return TRUE;
}

static gboolean
is_digest(HbDigestFunc *digest, const HbKey *key, const Signature *sig, const void *data, gsize len)
{
	char hex[HB_DIGEST_HEX_MAX + 1];

	digest(key->key, key->key_len, data, len, hex);
	return hb_digest_equal(hex, strlen(hex), sig->hex, sig->hex_len);
}

/*
 * By the method and key of its own index (2.5); during a key roll also as 3.0.6 makes and checks it,
 * which @ret_as_306 tells.
 */
static gboolean
is_signed(const HbKeyring *keys, const Signature *sig, const void *data, gsize len, gboolean *ret_as_306)
{
	const HbKey *key = &keys->key[sig->index];
	const HbKey *own = &keys->key[keys->sign];

	if (key->digest == NULL)
		return FALSE;
	if (is_digest(key->digest, key, sig, data, len))
		return TRUE;
	*ret_as_306 = keys->accept_306_roll && sig->index != keys->sign && key->key != NULL &&
	              own->key != NULL && is_digest(key->digest, own, sig, data, len);
	return *ret_as_306;
}

/* The only field of that name, as a signature. FALSE: absent, more than one, or malformed. */
static gboolean
find_signature(const HbMsg *msg, const char *name, char between, guint *ret_n, Signature *ret)
{
	gboolean is_good = FALSE;

	*ret_n = 0;
	for (guint i = 0; i < hb_msg_n_fields(msg); i++) {
		HbField field = hb_msg_field(msg, i);

		if (strcmp(field.name, name) != 0)
			continue;
		(*ret_n)++;
		is_good = field.type == HB_FIELD_STRING &&
		          parse_signature(field.value, field.len, between, ret);
	}
	return *ret_n == 1 && is_good;
}

static gboolean
check_inner(const HbMsg *msg, const HbKeyring *keys, guint *ret_index, gboolean *ret_as_306)
{
	g_autoptr(GByteArray) lines = NULL;
	Signature sig;
	guint n;

	if (!find_signature(msg, HB_FIELD_NAME_AUTH, ' ', &n, &sig))
		return FALSE;
	lines = g_byte_array_sized_new((guint)hb_msg_netstring_len(msg));
	if (!hb_text_put_signed_lines(lines, msg, HB_TEXT_FOR_AUTH))
		return FALSE;
	*ret_index = sig.index;
	return is_signed(keys, &sig, lines->data, lines->len, ret_as_306);
}

/* FALSE: our signature is there and wrong. */
static gboolean
check_hmac(const HbMsg *msg, const HbKeyring *keys, gboolean *ret_has_hmac)
{
	g_autoptr(GByteArray) lines = NULL;
	const HbKey *key;
	Signature sig;
	guint n;

	*ret_has_hmac = FALSE;
	if (!find_signature(msg, HB_FIELD_NAME_HMAC, ':', &n, &sig))
		return n == 0;
	key = &keys->key[sig.index];
	if (key->digest == NULL || key->key == NULL || key->key_len == 0)
		return FALSE;
	lines = g_byte_array_sized_new((guint)hb_msg_netstring_len(msg));
	if (!hb_text_put_signed_lines(lines, msg, HB_TEXT_FOR_HMAC))
		return FALSE;
	*ret_has_hmac = is_digest(hb_digest_hmac_sha256, key, &sig, lines->data, lines->len);
	return *ret_has_hmac;
}

/* Finds the end of the message and what is signed behind it; builds nothing before that is right. */
static HbFrameVerdict
open_netstring(const guint8 *pkt, gsize len, const HbKeyring *keys, HbFrame *frame, gboolean *ret_as_306)
{
	gsize body_len = hb_netscan_extent(pkt, len);
	HbNetscan rest = { .pos = pkt + body_len, .end = pkt + len };
	const guint8 *text;
	gsize text_len;
	Signature sig;

	if (body_len == 0)
		return HB_FRAME_MALFORMED;
	if (!hb_netscan_text(&rest, &text, &text_len) || !parse_signature(text, text_len, ' ', &sig))
		return HB_FRAME_BAD_AUTH;
	if (!is_signed(keys, &sig, pkt, body_len, ret_as_306))
		return HB_FRAME_BAD_AUTH;
	frame->auth_index = sig.index;
	frame->msg = hb_netstring_decode(pkt, body_len, NULL);
	return frame->msg == NULL ? HB_FRAME_MALFORMED : HB_FRAME_OK;
}

static HbFrameVerdict
open_string(const guint8 *pkt, gsize len, const HbKeyring *keys, HbFrame *frame, gboolean *ret_as_306)
{
	gsize used;

	frame->is_string = TRUE;
	frame->msg = hb_text_decode(pkt, len, &used);
	if (frame->msg == NULL)
		return HB_FRAME_MALFORMED;
	return check_inner(frame->msg, keys, &frame->auth_index, ret_as_306) ? HB_FRAME_OK
	                                                                     : HB_FRAME_BAD_AUTH;
}

/* Replaces a compressed message by what is in it. Once: nobody sends one inside another. */
static HbFrameVerdict
unpack(HbFrame *frame)
{
	const char *algorithm = hb_msg_get(frame->msg, HB_FIELD_NAME_ALGORITHM);
	HbMsg *inside;
	HbField payload;

	if (!hb_msg_find(frame->msg, HB_FIELD_NAME_PAYLOAD, &payload))
		return HB_FRAME_OK;
	if (algorithm == NULL || payload.type != HB_FIELD_BINARY)
		return HB_FRAME_MALFORMED;
	inside = hb_compress_unpack(algorithm, payload.value, payload.len);
	if (inside == NULL)
		return HB_FRAME_MALFORMED;
	hb_msg_free(frame->msg);
	frame->msg = inside;
	return hb_msg_find(inside, HB_FIELD_NAME_PAYLOAD, &payload) ? HB_FRAME_MALFORMED : HB_FRAME_OK;
}

HbFrameVerdict
hb_frame_open(const guint8 *pkt, gsize len, const HbKeyring *keys, HbFrame *ret_frame)
{
	HbFrame frame = { 0 };
	HbFrameVerdict verdict;
	gboolean as_306 = FALSE;

	if (len > HB_MSG_MAX)
		return HB_FRAME_OVERSIZE;
	if (len == 0)
		return HB_FRAME_MALFORMED;
	/* The octets decide, not the configuration (1.3). */
	if (pkt[0] == HB_TEXT_HEAD[0])
		verdict = open_string(pkt, len, keys, &frame, &as_306);
	else
		verdict = open_netstring(pkt, len, keys, &frame, &as_306);
	if (verdict == HB_FRAME_OK)
		verdict = unpack(&frame);
	if (verdict == HB_FRAME_OK && !check_hmac(frame.msg, keys, &frame.has_hmac))
		verdict = HB_FRAME_BAD_AUTH;
	/* A node of ours signs with the key of the index it names, roll or not. */
	if (verdict == HB_FRAME_OK && as_306 && frame.has_hmac)
		verdict = HB_FRAME_BAD_AUTH;

	if (verdict == HB_FRAME_OK)
		*ret_frame = frame;
	else
		hb_msg_free(frame.msg);
	return verdict;
}
