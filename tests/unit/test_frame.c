/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "wire/digest.h"
#include "wire/frame.h"
#include "wire/netstring.h"
#include "wire/text.h"

#include "util/banned.h"

/* 0 crc, 1 sha1, 2 md5, 3 hmac-sha256; nothing behind. */
static HbKeyring
four_keys(void)
{
	HbKeyring keys = {
		.key = {
			{ hb_digest_crc, NULL, 0 },
			{ hb_digest_sha1, (char *)"SecretKeyOne", 12 },
			{ hb_digest_md5, (char *)"KeyTwo", 6 },
			{ hb_digest_hmac_sha256, (char *)"KeyThree", 8 },
		},
		.sign = 1,
	};

	return keys;
}

static HbMsg *
some_message(void)
{
	HbMsg *msg = hb_msg_new();

	g_assert_true(hb_msg_add_string(msg, "t", "test"));
	g_assert_true(hb_msg_add_string(msg, "text", "two\nlines"));
	g_assert_true(hb_msg_add(msg, HB_FIELD_BINARY, "srcuuid", "\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", 16));
	g_assert_true(hb_msg_add(msg, HB_FIELD_LIST, "list", "3:one,3:two,", 12));
	g_assert_true(hb_msg_add_string(msg, "src", "n1"));
	return msg;
}

static HbFrameVerdict
open_it(const GByteArray *pkt, const HbKeyring *keys, HbFrame *frame)
{
	memset(frame, 0, sizeof *frame);
	return hb_frame_open(pkt->data, pkt->len, keys, frame);
}

/* Every field of @msg is in @opened, in order; behind them stand signatures only. */
static void
assert_same_fields(const HbMsg *msg, const HbMsg *opened)
{
	g_assert_cmpuint(hb_msg_n_fields(opened), >=, hb_msg_n_fields(msg));
	for (guint i = 0; i < hb_msg_n_fields(msg); i++) {
		HbField a = hb_msg_field(msg, i);
		HbField b = hb_msg_field(opened, i);

		g_assert_cmpint(a.type, ==, b.type);
		g_assert_cmpstr(a.name, ==, b.name);
		g_assert_cmpmem(a.value, a.len, b.value, b.len);
	}
	for (guint i = hb_msg_n_fields(msg); i < hb_msg_n_fields(opened); i++) {
		const char *name = hb_msg_field(opened, i).name;

		g_assert_true(strcmp(name, "auth") == 0 || strcmp(name, "hb4hmac") == 0);
	}
}

static void
test_digests_are_those_of_the_specification(void)
{
	static const char fox[] = "The quick brown fox jumps over the lazy dog";
	g_autofree char *long_key = g_strnfill(70, 'k');
	const struct {
		HbDigestFunc *digest;
		const char *key;
		const char *data;
		const char *hex;
	} cases[] = {
		{ hb_digest_crc, "", "", "ffffffff" },
		{ hb_digest_crc, "", "abc", "d3e8c673" },
		{ hb_digest_crc, "", "123456789", "765e7680" },
		{ hb_digest_md5, "key", fox, "80070713463e7749b90c2dc24911e275" },
		{ hb_digest_sha1, "key", fox, "de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9" },
		{ hb_digest_md5, long_key, "abc", "471841a4651ddfb8cea9d5132f4636fc" },
		{ hb_digest_sha1, long_key, "abc", "2200fc7e6fa8d60e6f74b14ec3e2a813b2e3fff1" },
		{ hb_digest_hmac_sha256, "key", fox,
		  "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		char hex[HB_DIGEST_HEX_MAX + 1];

		cases[i].digest(cases[i].key, strlen(cases[i].key), cases[i].data, strlen(cases[i].data), hex);
		g_assert_cmpstr(hex, ==, cases[i].hex);
	}
}

static void
test_crc_has_no_leading_zeros(void)
{
	gboolean saw_short = FALSE;

	for (guint i = 0; i < 1000; i++) {
		char hex[HB_DIGEST_HEX_MAX + 1];

		hb_digest_crc(NULL, 0, &i, sizeof i, hex);
		g_assert_cmpint(hex[0], !=, '0');
		saw_short = saw_short || strlen(hex) < 8;
	}
	g_assert_true(saw_short);
}

static void
test_digests_are_equal_only_as_a_whole(void)
{
	g_assert_true(hb_digest_equal("abc", 3, "abc", 3));
	g_assert_true(hb_digest_equal("", 0, "", 0));
	g_assert_false(hb_digest_equal("abc", 3, "abd", 3));
	g_assert_false(hb_digest_equal("abc", 3, "abcd", 4));
	g_assert_false(hb_digest_equal("abc", 3, "ab", 2));
	g_assert_false(hb_digest_equal("abc", 3, "ABC", 3));
}

static void
test_every_way_of_sealing_can_be_opened(void)
{
	HbKeyring keys = four_keys();
	g_autoptr(HbMsg) msg = some_message();

	for (guint i = 0; i < 4 * 2 * 2 * 2 * 3; i++) {
		static const char *const compress[] = { NULL, "zlib", "bz2" };
		HbFrameOptions options = {
			.sign = i % 4,
			.netstring_only = i / 4 % 2,
			.string_framing = i / 8 % 2,
			.hmac = i / 16 % 2,
			.compress = compress[i / 32],
		};
		g_autoptr(GByteArray) pkt = hb_frame_seal(msg, &keys, &options);
		HbFrame frame;

		g_assert_nonnull(pkt);
		g_assert_cmpint(open_it(pkt, &keys, &frame), ==, HB_FRAME_OK);
		g_assert_cmpuint(frame.auth_index, ==, options.sign);
		g_assert_cmpint(frame.is_string, ==, options.string_framing);
		g_assert_cmpint(frame.has_hmac, ==, options.hmac && options.sign != 0);
		assert_same_fields(msg, frame.msg);
		hb_msg_free(frame.msg);
	}
}

static void
test_hmac_stands_last_before_the_inner_signature(void)
{
	HbKeyring keys = four_keys();
	HbFrameOptions options = { .sign = 1, .hmac = TRUE };
	g_autoptr(HbMsg) msg = some_message();
	g_autoptr(GByteArray) pkt = hb_frame_seal(msg, &keys, &options);
	static const char lines[] = "t=test\ntext=two\x13lines\n(1)srcuuid=AAECAwQFBgcICQoLDA0ODw==\n"
	                            "(3)list=3:one,3:two,\nsrc=n1\n";
	g_autofree char *expected = NULL;
	char hex[HB_DIGEST_HEX_MAX + 1];
	HbFrame frame;
	guint n;

	g_assert_cmpint(open_it(pkt, &keys, &frame), ==, HB_FRAME_OK);
	n = hb_msg_n_fields(frame.msg);
	g_assert_cmpstr(hb_msg_field(frame.msg, n - 1).name, ==, "auth");
	g_assert_cmpstr(hb_msg_field(frame.msg, n - 2).name, ==, "hb4hmac");
	hb_digest_hmac_sha256("SecretKeyOne", 12, lines, sizeof lines - 1, hex);
	expected = g_strconcat("1:", hex, NULL);
	g_assert_cmpstr(hb_msg_get(frame.msg, "hb4hmac"), ==, expected);
	hb_msg_free(frame.msg);
}

/* Signed well by somebody who knows the key, but with @hmac. */
static HbFrameVerdict
open_with_hmac(const char *hmac, guint n_times, gboolean is_string, HbFrame *frame)
{
	HbKeyring keys = four_keys();
	g_autoptr(HbMsg) msg = some_message();
	g_autoptr(GByteArray) pkt = NULL;
	char outer[HB_DIGEST_HEX_MAX + 1];
	g_autofree char *tail = NULL;

	for (guint i = 0; i < n_times; i++)
		g_assert_true(hb_msg_add_string(msg, "hb4hmac", hmac));
	if (is_string) {
		g_autoptr(GByteArray) lines = g_byte_array_new();

		g_assert_true(hb_text_put_signed_lines(lines, msg, HB_TEXT_FOR_AUTH));
		hb_digest_sha1("SecretKeyOne", 12, lines->data, lines->len, outer);
		tail = g_strdup_printf("1 %s", outer);
		g_assert_true(hb_msg_add_string(msg, "auth", tail));
		pkt = hb_text_encode(msg);
	} else {
		pkt = hb_netstring_encode(msg);
		hb_digest_sha1("SecretKeyOne", 12, pkt->data, pkt->len, outer);
		tail = g_strdup_printf("42:1 %s,", outer);
		g_byte_array_append(pkt, (const guint8 *)tail, (guint)strlen(tail));
	}
	return open_it(pkt, &keys, frame);
}

static void
test_a_wrong_hmac_is_refused_whatever_else_is_right(void)
{
	g_autoptr(HbMsg) msg = some_message();
	g_autoptr(GByteArray) lines = g_byte_array_new();
	g_autofree char *good = NULL;
	char hex[HB_DIGEST_HEX_MAX + 1];
	HbFrame frame;

	g_assert_true(hb_text_put_signed_lines(lines, msg, HB_TEXT_FOR_HMAC));
	hb_digest_hmac_sha256("SecretKeyOne", 12, lines->data, lines->len, hex);
	good = g_strconcat("1:", hex, NULL);
	for (guint is_string = 0; is_string < 2; is_string++) {
		const char *rest = good + 2;
		g_autofree char *other_key = g_strconcat("2:", rest, NULL);
		g_autofree char *keyless = g_strconcat("0:", rest, NULL);
		g_autofree char *unknown = g_strconcat("7:", rest, NULL);
		g_autofree char *blank = g_strconcat("1 ", rest, NULL);
		g_autofree char *cut = g_strndup(good, strlen(good) - 1);
		const char *const wrong[] = { other_key, keyless, unknown, blank, cut, "", "1:", "16:aa", "01:aa" };

		g_assert_cmpint(open_with_hmac(good, 1, is_string, &frame), ==, HB_FRAME_OK);
		g_assert_true(frame.has_hmac);
		hb_msg_free(frame.msg);
		g_assert_cmpint(open_with_hmac(good, 0, is_string, &frame), ==, HB_FRAME_OK);
		g_assert_false(frame.has_hmac);
		hb_msg_free(frame.msg);
		g_assert_cmpint(open_with_hmac(good, 2, is_string, &frame), ==, HB_FRAME_BAD_AUTH);
		for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
			g_assert_cmpint(open_with_hmac(wrong[i], 1, is_string, &frame), ==, HB_FRAME_BAD_AUTH);
	}
}

/* Outside the method of index 2 with the text of the signing key, as 3.0.6 has it in a key roll. */
static void
test_a_306_roll_is_not_for_messages_with_our_hmac(void)
{
	HbKeyring keys = four_keys();

	keys.accept_306_roll = TRUE;
	for (guint with_hmac = 0; with_hmac < 2; with_hmac++) {
		g_autoptr(HbMsg) msg = some_message();
		g_autoptr(GByteArray) lines = g_byte_array_new();
		g_autoptr(GByteArray) pkt = NULL;
		g_autofree char *hmac = NULL;
		g_autofree char *tail = NULL;
		char hex[HB_DIGEST_HEX_MAX + 1];
		HbFrame frame;

		g_assert_true(hb_text_put_signed_lines(lines, msg, HB_TEXT_FOR_HMAC));
		hb_digest_hmac_sha256("SecretKeyOne", 12, lines->data, lines->len, hex);
		hmac = g_strconcat("1:", hex, NULL);
		if (with_hmac)
			g_assert_true(hb_msg_add_string(msg, "hb4hmac", hmac));
		pkt = hb_netstring_encode(msg);
		hb_digest_md5("SecretKeyOne", 12, pkt->data, pkt->len, hex);
		tail = g_strdup_printf("34:2 %s,", hex);
		g_byte_array_append(pkt, (const guint8 *)tail, (guint)strlen(tail));
		if (with_hmac) {
			g_assert_cmpint(open_it(pkt, &keys, &frame), ==, HB_FRAME_BAD_AUTH);
		} else {
			g_assert_cmpint(open_it(pkt, &keys, &frame), ==, HB_FRAME_OK);
			hb_msg_free(frame.msg);
		}
	}
}

static void
test_unsigned_packets_are_refused(void)
{
	HbKeyring keys = four_keys();
	g_autoptr(HbMsg) msg = some_message();
	g_autoptr(GByteArray) text = hb_text_encode(msg);
	g_autoptr(GByteArray) octets = hb_netstring_encode(msg);
	HbFrame frame;

	g_assert_cmpint(open_it(text, &keys, &frame), ==, HB_FRAME_BAD_AUTH);
	g_assert_cmpint(open_it(octets, &keys, &frame), ==, HB_FRAME_BAD_AUTH);
}

static void
test_a_second_inner_signature_is_refused(void)
{
	HbKeyring keys = four_keys();
	HbFrameOptions options = { .sign = 1, .string_framing = TRUE };
	g_autoptr(HbMsg) msg = some_message();
	g_autoptr(GByteArray) pkt = hb_frame_seal(msg, &keys, &options);
	g_autoptr(HbMsg) opened = hb_text_decode(pkt->data, pkt->len, NULL);
	g_autoptr(GByteArray) twice = NULL;
	HbFrame frame;

	g_assert_true(hb_msg_add_string(opened, "auth", hb_msg_get(opened, "auth")));
	twice = hb_text_encode(opened);
	g_assert_cmpint(open_it(twice, &keys, &frame), ==, HB_FRAME_BAD_AUTH);
}

static void
test_what_stands_behind_the_signature_is_ignored(void)
{
	HbKeyring keys = four_keys();
	HbFrameOptions options = { .sign = 1 };
	g_autoptr(HbMsg) msg = some_message();
	g_autoptr(GByteArray) pkt = hb_frame_seal(msg, &keys, &options);
	HbFrame frame;

	g_byte_array_append(pkt, (const guint8 *)"\0rest", 5);
	g_assert_cmpint(open_it(pkt, &keys, &frame), ==, HB_FRAME_OK);
	hb_msg_free(frame.msg);
}

static void
test_own_signatures_in_a_message_are_made_new(void)
{
	HbKeyring keys = four_keys();
	HbFrameOptions options = { .sign = 2, .hmac = TRUE };
	g_autoptr(HbMsg) msg = some_message();
	g_autoptr(GByteArray) fresh = hb_frame_seal(msg, &keys, &options);
	g_autoptr(GByteArray) again = NULL;

	g_assert_true(hb_msg_add_string(msg, "hb4hmac", "1:00"));
	g_assert_true(hb_msg_add_string(msg, "auth", "1 00"));
	again = hb_frame_seal(msg, &keys, &options);
	g_assert_cmpmem(fresh->data, fresh->len, again->data, again->len);
}

/* 1.2: 3.0.6 leaves the inner one out when a field of these types is there. */
static void
test_nested_messages_have_no_inner_signature_but_travel(void)
{
	HbKeyring keys = four_keys();
	static const HbFieldType types[] = { HB_FIELD_STRUCT, HB_FIELD_COMPRESSED, HB_FIELD_UNCOMPRESSED };

	for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
		for (guint is_string = 0; is_string < 2; is_string++) {
			HbFrameOptions options = { .sign = 1, .hmac = TRUE, .string_framing = is_string };
			g_autoptr(HbMsg) msg = some_message();
			g_autoptr(GByteArray) pkt = NULL;
			HbFrame frame;
			HbField field;

			g_assert_true(hb_msg_add(msg, types[i], "m", "###\n6:(0)a=v,%%%\n", 17));
			pkt = hb_frame_seal(msg, &keys, &options);
			g_assert_cmpint(open_it(pkt, &keys, &frame), ==, HB_FRAME_OK);
			g_assert_true(frame.has_hmac);
			g_assert_cmpint(hb_msg_get(frame.msg, "auth") != NULL, ==, is_string);
			g_assert_true(hb_msg_find(frame.msg, "m", &field));
			g_assert_cmpint(field.type, !=, HB_FIELD_UNCOMPRESSED);
			hb_msg_free(frame.msg);
		}
	}
}

static void
test_too_large_packets_are_not_sealed_and_not_opened(void)
{
	HbKeyring keys = four_keys();
	HbFrameOptions options = { .sign = 1 };
	g_autoptr(HbMsg) msg = some_message();
	g_autofree char *value = g_strnfill(70000, 'v');
	g_autofree guint8 *zeros = g_malloc0(HB_MSG_MAX + 1);
	g_autoptr(GByteArray) pkt = NULL;
	HbFrame frame;

	g_assert_true(hb_msg_add_string(msg, "big", value));
	g_assert_null(hb_frame_seal(msg, &keys, &options));
	options.compress = "bz2";
	options.compress_over = 2048;
	pkt = hb_frame_seal(msg, &keys, &options);
	g_assert_nonnull(pkt);
	g_assert_cmpint(open_it(pkt, &keys, &frame), ==, HB_FRAME_OK);
	assert_same_fields(msg, frame.msg);
	hb_msg_free(frame.msg);
	g_assert_cmpint(hb_frame_open(zeros, HB_MSG_MAX + 1, &keys, &frame), ==, HB_FRAME_OVERSIZE);
	g_assert_cmpint(hb_frame_open(zeros, HB_MSG_MAX, &keys, &frame), ==, HB_FRAME_MALFORMED);
	g_assert_cmpint(hb_frame_open(zeros, 0, &keys, &frame), ==, HB_FRAME_MALFORMED);
}

static void
test_small_messages_are_not_compressed(void)
{
	HbKeyring keys = four_keys();
	HbFrameOptions plain = { .sign = 1 };
	HbFrameOptions over = { .sign = 1, .compress = "zlib", .compress_over = 2048 };
	g_autoptr(HbMsg) msg = some_message();
	g_autoptr(GByteArray) a = hb_frame_seal(msg, &keys, &plain);
	g_autoptr(GByteArray) b = hb_frame_seal(msg, &keys, &over);

	g_assert_cmpmem(a->data, a->len, b->data, b->len);
}

static void
test_a_compressed_message_in_a_compressed_one_is_refused(void)
{
	HbKeyring keys = four_keys();
	HbFrameOptions options = { .sign = 1, .compress = "zlib" };
	g_autoptr(HbMsg) msg = hb_msg_new();
	g_autoptr(GByteArray) pkt = NULL;
	HbFrame frame;

	g_assert_true(hb_msg_add(msg, HB_FIELD_BINARY, "_compressed_payload", "x", 1));
	g_assert_true(hb_msg_add_string(msg, "_compression_algorithm", "zlib"));
	pkt = hb_frame_seal(msg, &keys, &options);
	g_assert_cmpint(open_it(pkt, &keys, &frame), ==, HB_FRAME_MALFORMED);
	options.compress = NULL;
	g_byte_array_unref(g_steal_pointer(&pkt));
	pkt = hb_frame_seal(msg, &keys, &options);
	g_assert_cmpint(open_it(pkt, &keys, &frame), ==, HB_FRAME_MALFORMED);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/digest/digests_are_those_of_the_specification",
	                test_digests_are_those_of_the_specification);
	g_test_add_func("/digest/crc_has_no_leading_zeros", test_crc_has_no_leading_zeros);
	g_test_add_func("/digest/digests_are_equal_only_as_a_whole", test_digests_are_equal_only_as_a_whole);
	g_test_add_func("/frame/every_way_of_sealing_can_be_opened", test_every_way_of_sealing_can_be_opened);
	g_test_add_func("/frame/hmac_stands_last_before_the_inner_signature",
	                test_hmac_stands_last_before_the_inner_signature);
	g_test_add_func("/frame/a_wrong_hmac_is_refused_whatever_else_is_right",
	                test_a_wrong_hmac_is_refused_whatever_else_is_right);
	g_test_add_func("/frame/a_306_roll_is_not_for_messages_with_our_hmac",
	                test_a_306_roll_is_not_for_messages_with_our_hmac);
	g_test_add_func("/frame/unsigned_packets_are_refused", test_unsigned_packets_are_refused);
	g_test_add_func("/frame/a_second_inner_signature_is_refused", test_a_second_inner_signature_is_refused);
	g_test_add_func("/frame/what_stands_behind_the_signature_is_ignored",
	                test_what_stands_behind_the_signature_is_ignored);
	g_test_add_func("/frame/own_signatures_in_a_message_are_made_new",
	                test_own_signatures_in_a_message_are_made_new);
	g_test_add_func("/frame/nested_messages_have_no_inner_signature_but_travel",
	                test_nested_messages_have_no_inner_signature_but_travel);
	g_test_add_func("/frame/too_large_packets_are_not_sealed_and_not_opened",
	                test_too_large_packets_are_not_sealed_and_not_opened);
	g_test_add_func("/frame/small_messages_are_not_compressed", test_small_messages_are_not_compressed);
	g_test_add_func("/frame/a_compressed_message_in_a_compressed_one_is_refused",
	                test_a_compressed_message_in_a_compressed_one_is_refused);
	return g_test_run();
}
