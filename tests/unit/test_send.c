/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_send.c - from a message of the core to signed bytes and their history. */
#include "node/send.h"

#include <string.h>

#include "tests/unit/node_fixture.h"
#include "wire/typedio.h"

#include "util/banned.h"

static const guint8 uuid[HB_UUID_LEN] = "0123456789abcde";
static const guint8 peer_uuid[HB_UUID_LEN] = "abcdefghijklmno";

/* Any digest does: both ends of the test use it. */
static void
sum(const void *key, gsize key_len, const void *data, gsize len, char ret_hex[HB_DIGEST_HEX_MAX + 1])
{
	guint32 n = 0;

	(void)key, (void)key_len;
	for (gsize i = 0; i < len; i++)
		n = n * 31 + ((const guint8 *)data)[i];
	g_snprintf(ret_hex, HB_DIGEST_HEX_MAX + 1, "%08x", n);
}

static HbKeyring
keyring(void)
{
	HbKeyring keys = { .sign = 1 };

	keys.key[1].digest = sum;
	return keys;
}

static HbTyped
status(guint64 seq)
{
	HbTyped msg = { .type = HB_MSG_STATUS, .src = "alpha", .seq = seq };

	msg.u.status.st = HB_ST_ACTIVE;
	msg.u.status.deadtime_ms = 3000;
	msg.u.status.protocol = 1;
	return msg;
}

static HbMsg *
opened(const HbSealed *sealed, HbFraming framing, const HbKeyring *keys)
{
	HbFrame frame = { 0 };

	g_assert_nonnull(sealed);
	g_assert_cmpint(hb_frame_open(sealed->data[framing], sealed->len[framing], keys, &frame), ==, HB_FRAME_OK);
	return frame.msg;
}

static void
test_sealed_message_has_the_envelope(void)
{
	HbConfig config = fixture_config();
	HbKeyring keys = keyring();
	g_autoptr(HbSender) sender = hb_sender_new(&config, &keys, 0x77, uuid);
	HbTyped msg = status(0x1f);
	g_autoptr(HbMsg) got = opened(hb_sender_seal(sender, &msg, 0x6b01, 0), HB_FRAMING_NETSTRING, &keys);

	g_assert_cmpstr(hb_msg_get(got, "t"), ==, "status");
	g_assert_cmpstr(hb_msg_get(got, "src"), ==, "alpha");
	g_assert_cmpstr(hb_msg_get(got, "seq"), ==, "1f");
	g_assert_cmpstr(hb_msg_get(got, "hg"), ==, "77");
	g_assert_cmpstr(hb_msg_get(got, "ts"), ==, "6b01");
	g_assert_cmpstr(hb_msg_get(got, "ttl"), ==, "4");
	g_assert_nonnull(hb_msg_get(got, "ld"));
	g_assert_null(strchr(hb_msg_get(got, "ld"), '\n'));
}

static void
test_only_framings_in_use_are_sealed(void)
{
	HbConfig config = fixture_config();
	HbKeyring keys = keyring();
	g_autoptr(HbSender) sender = hb_sender_new(&config, &keys, 1, uuid);
	HbTyped msg = status(1);
	const HbSealed *sealed = hb_sender_seal(sender, &msg, 1, 0);

	g_assert_null(sealed->data[HB_FRAMING_STRING]);
	hb_sender_use_framing(sender, HB_FRAMING_STRING, TRUE);
	msg.seq = 2;
	sealed = hb_sender_seal(sender, &msg, 1, 0);
	g_assert_nonnull(sealed->data[HB_FRAMING_NETSTRING]);
	g_assert_cmpint(memcmp(sealed->data[HB_FRAMING_STRING], ">>>\n", 4), ==, 0);
	hb_msg_free(opened(sealed, HB_FRAMING_STRING, &keys));
}

static void
test_history_keeps_the_last_messages_and_no_older_ones(void)
{
	HbConfig config = fixture_config();
	HbKeyring keys = keyring();
	g_autoptr(HbSender) sender = hb_sender_new(&config, &keys, 1, uuid);

	for (guint64 seq = 1; seq <= HB_HISTORY_MAX + 5; seq++) {
		HbTyped msg = status(seq);

		g_assert_nonnull(hb_sender_seal(sender, &msg, 1, 0));
	}
	g_assert_null(hb_sender_find(sender, 5));
	g_assert_nonnull(hb_sender_find(sender, 6));
	g_assert_cmpuint(hb_sender_find(sender, HB_HISTORY_MAX + 5)->seq, ==, HB_HISTORY_MAX + 5);
	g_assert_null(hb_sender_find(sender, HB_HISTORY_MAX + 6));
	g_assert_null(hb_sender_find(sender, 0));
}

static void
test_what_is_kept_is_signed_with_the_key_in_force(void)
{
	HbConfig config = fixture_config();
	HbKeyring old = keyring();
	HbKeyring keys = { .sign = 2 };
	g_autoptr(HbSender) sender = hb_sender_new(&config, &old, 1, uuid);
	g_autoptr(HbMsg) before = NULL, after = NULL;
	HbTyped msg = status(7);

	keys.key[2].digest = sum;
	hb_sender_use_framing(sender, HB_FRAMING_STRING, TRUE);
	before = opened(hb_sender_seal(sender, &msg, 1, 0), HB_FRAMING_NETSTRING, &old);
	hb_sender_set_config(sender, &config, &keys);
	hb_sender_sign_anew(sender, &old);
	after = opened(hb_sender_find(sender, 7), HB_FRAMING_NETSTRING, &keys);
	for (guint i = 0; i < hb_msg_n_fields(before); i++) {
		HbField field = hb_msg_field(before, i), now;

		if (g_str_equal(field.name, "auth"))
			continue;
		g_assert_true(hb_msg_find(after, field.name, &now));
		g_assert_cmpmem(now.value, now.len, field.value, field.len);
	}
	g_assert_cmpuint(hb_msg_n_fields(after), ==, hb_msg_n_fields(before));
	hb_msg_free(opened(hb_sender_find(sender, 7), HB_FRAMING_STRING, &keys));
}

static void
test_unnumbered_messages_do_not_enter_the_history(void)
{
	HbConfig config = fixture_config();
	HbKeyring keys = keyring();
	g_autoptr(HbSender) sender = hb_sender_new(&config, &keys, 1, uuid);
	HbTyped msg = status(HB_HISTORY_MAX);
	HbTyped ack = { .type = HB_MSG_NS_ACKMSG, .src = "alpha", .dest = "beta" };

	ack.u.range.last_seq = 10;
	g_assert_nonnull(hb_sender_seal(sender, &msg, 1, 0));
	g_assert_nonnull(hb_sender_seal(sender, &ack, 1, 0));
	g_assert_cmpuint(hb_sender_find(sender, HB_HISTORY_MAX)->seq, ==, HB_HISTORY_MAX);
}

static void
learn(HbSender *sender, guint64 generation, const guint8 *from)
{
	HbTyped msg = { .type = HB_MSG_STATUS, .src = "beta", .has_src_uuid = TRUE, .generation = generation };

	memcpy(msg.src_uuid, from, HB_UUID_LEN);
	hb_sender_learn(sender, &msg);
}

static void
test_destuuid_is_the_newest_uuid_heard_of_that_node(void)
{
	HbConfig config = fixture_config();
	HbKeyring keys = keyring();
	g_autoptr(HbSender) sender = hb_sender_new(&config, &keys, 1, uuid);
	HbTyped msg = { .type = HB_MSG_REQNODES, .src = "alpha", .dest = "beta", .seq = 1 };
	g_autoptr(HbMsg) before = opened(hb_sender_seal(sender, &msg, 1, 0), HB_FRAMING_NETSTRING, &keys);
	g_autoptr(HbMsg) after = NULL;
	HbField field;

	if (hb_msg_find(before, "destuuid", &field))
		for (gsize i = 0; i < field.len; i++)
			g_assert_cmpuint(field.value[i], ==, 0);
	learn(sender, 5, peer_uuid);
	learn(sender, 4, uuid);         /* an old packet, played again */
	msg.seq = 2;
	after = opened(hb_sender_seal(sender, &msg, 1, 0), HB_FRAMING_NETSTRING, &keys);
	g_assert_true(hb_msg_find(after, "destuuid", &field));
	g_assert_cmpmem(field.value, field.len, peer_uuid, HB_UUID_LEN);
}

static void
test_ping_payload_opens_as_status_of_the_ping_node(void)
{
	HbConfig config = fixture_config();
	HbKeyring keys = keyring();
	g_autoptr(HbSender) sender = hb_sender_new(&config, &keys, 1, uuid);
	g_autoptr(GByteArray) payload = hb_sender_seal_ping(sender, "10.0.0.254", "ping", 0x6b01);
	HbFrame frame = { 0 };
	g_autoptr(HbMsg) msg = NULL;
	HbTyped typed;

	g_assert_nonnull(payload);
	g_assert_cmpint(hb_frame_open(payload->data, payload->len, &keys, &frame), ==, HB_FRAME_OK);
	msg = frame.msg;
	g_assert_cmpint(hb_typed_parse(msg, &typed), ==, HB_TYPED_OK);
	g_assert_cmpint(typed.type, ==, HB_MSG_NS_ST);
	g_assert_cmpstr(typed.src, ==, "10.0.0.254");
	g_assert_cmpint(typed.u.status.st, ==, HB_ST_PING);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/send/envelope", test_sealed_message_has_the_envelope);
	g_test_add_func("/send/framings", test_only_framings_in_use_are_sealed);
	g_test_add_func("/send/history", test_history_keeps_the_last_messages_and_no_older_ones);
	g_test_add_func("/send/signed_anew", test_what_is_kept_is_signed_with_the_key_in_force);
	g_test_add_func("/send/unnumbered", test_unnumbered_messages_do_not_enter_the_history);
	g_test_add_func("/send/destuuid", test_destuuid_is_the_newest_uuid_heard_of_that_node);
	g_test_add_func("/send/ping", test_ping_payload_opens_as_status_of_the_ping_node);
	return g_test_run();
}
