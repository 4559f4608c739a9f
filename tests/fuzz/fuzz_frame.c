/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * No packet but a signed one is opened; what is in a packet can be sealed in every way and opened
 * again; and compressed octets, once signed, do no harm.
 */
#include <string.h>

#include <glib.h>

#include "wire/compress.h"
#include "wire/digest.h"
#include "wire/frame.h"
#include "wire/netstring.h"
#include "wire/text.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

static const HbKeyring keys = {
	.key = {
		[1] = { hb_digest_crc, NULL, 0 },
		[2] = { hb_digest_sha1, (char *)"SecretKeyOne", 12 },
	},
	.sign = 2,
	.accept_306_roll = TRUE,
};

static void
seal_and_open(const HbMsg *msg, const HbFrameOptions *options)
{
	g_autoptr(GByteArray) pkt = hb_frame_seal(msg, &keys, options);
	HbFrame frame;
	HbField payload;
	HbFrameVerdict verdict;

	if (pkt == NULL)
		return;
	verdict = hb_frame_open(pkt->data, pkt->len, &keys, &frame);
	if (verdict == HB_FRAME_OK) {
		hb_msg_free(frame.msg);
		return;
	}
	/* Only what pretended to be compressed may turn out not to be. */
	g_assert_cmpint(verdict, ==, HB_FRAME_MALFORMED);
	g_assert_true(hb_msg_find(msg, HB_FIELD_NAME_PAYLOAD, &payload));
}

static void
open_as_it_is(const guint8 *data, size_t len)
{
	HbFrame frame;

	if (hb_frame_open(data, len, &keys, &frame) == HB_FRAME_OK)
		hb_msg_free(frame.msg);
}

/* With the octets as what a signed packet holds compressed. */
static void
open_as_payload(const guint8 *data, size_t len, const char *algorithm)
{
	g_autoptr(HbMsg) msg = hb_msg_new();
	HbFrameOptions options = { .sign = 2 };

	if (hb_msg_add(msg, HB_FIELD_BINARY, HB_FIELD_NAME_PAYLOAD, data, len) &&
	    hb_msg_add_string(msg, HB_FIELD_NAME_ALGORITHM, algorithm))
		seal_and_open(msg, &options);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	HbFrameOptions options = { .sign = 2 };
	g_autoptr(HbMsg) msg = NULL;
	guint variant = len > 0 ? data[len - 1] : 0;
	gsize used;

	open_as_it_is(data, len);
	open_as_payload(data, len, (variant & 1) != 0 ? "zlib" : "bz2");
	msg = hb_netstring_decode(data, len, &used);
	if (msg == NULL)
		msg = hb_text_decode(data, len, &used);
	if (msg == NULL)
		return 0;
	options.sign = 1 + (variant & 1);
	options.hmac = (variant & 2) != 0;
	options.netstring_only = (variant & 4) != 0;
	options.string_framing = (variant & 24) == 8;
	options.compress = (variant & 24) == 16 ? "zlib" : NULL;
	seal_and_open(msg, &options);
	return 0;
}
