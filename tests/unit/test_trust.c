/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_trust.c - who may still be believed without the signature of heartbeat 4. */
#include "node/trust.h"

#include "tests/unit/node_fixture.h"
#include "wire/digest.h"
#include "wire/msg.h"

#include "util/banned.h"

typedef struct {
	HbConfig config;
	HbKeyring keys;
	HbTrust trust;
	HbMsg *plain;           /* as 3.0.6 would send it */
	HbMsg *ours;            /* with a field of ours */
} Fixture;

static void
setup(Fixture *f, gconstpointer data)
{
	(void)data;
	f->config = fixture_config();
	f->keys.sign = 1;
	f->keys.key[1] = (HbKey){ .digest = hb_digest_sha1, .key = (char *)"SecretKeyOne", .key_len = 12 };
	f->keys.key[2] = (HbKey){ .digest = hb_digest_crc };
	f->plain = hb_msg_new();
	g_assert_true(hb_msg_add_string(f->plain, "t", "status"));
	f->ours = hb_msg_new();
	g_assert_true(hb_msg_add_string(f->ours, "t", "status"));
	g_assert_true(hb_msg_add_string(f->ours, "hb4", "1"));
}

static void
teardown(Fixture *f, gconstpointer data)
{
	(void)data;
	hb_msg_free(f->plain);
	hb_msg_free(f->ours);
}

static gboolean
admits(Fixture *f, HbMsgType type, const HbMsg *raw, const char *src, guint64 generation, gboolean has_hmac)
{
	HbTyped msg = { .type = type, .generation = generation, .raw = raw };

	g_strlcpy(msg.src, src, sizeof msg.src);
	return hb_trust_admits(&f->trust, &f->config, &f->keys, &msg, has_hmac);
}

#define STATUS HB_MSG_STATUS
#define OTHER  HB_MSG_OTHER

static void
test_306_is_believed_without_it(Fixture *f, gconstpointer data)
{
	(void)data;
	g_assert_true(admits(f, STATUS, f->plain, "beta", 5, FALSE));
	g_assert_true(admits(f, OTHER, f->plain, "beta", 5, FALSE));
	g_assert_true(admits(f, STATUS, f->plain, "beta", 6, FALSE));
}

static void
test_status_with_words_of_ours_needs_it(Fixture *f, gconstpointer data)
{
	(void)data;
	g_assert_false(admits(f, STATUS, f->ours, "beta", 5, FALSE));
	g_assert_false(admits(f, HB_MSG_INVALID, f->ours, "beta", 5, FALSE));
	g_assert_false(admits(f, STATUS, f->ours, "stranger", 5, FALSE));
	g_assert_true(admits(f, STATUS, f->ours, "beta", 5, TRUE));
}

static void
test_once_heard_it_is_needed_in_every_message(Fixture *f, gconstpointer data)
{
	(void)data;
	g_assert_true(admits(f, STATUS, f->ours, "beta", 5, TRUE));
	g_assert_false(admits(f, STATUS, f->plain, "beta", 5, FALSE));
	g_assert_false(admits(f, STATUS, f->plain, "BETA", 5, FALSE));
	g_assert_false(admits(f, OTHER, f->plain, "beta", 5, FALSE));
	g_assert_false(admits(f, HB_MSG_INVALID, f->plain, "beta", 5, FALSE));
	g_assert_false(admits(f, OTHER, f->plain, "beta", 4, FALSE));
	g_assert_false(admits(f, HB_MSG_NS_ST, f->plain, "beta", 0, FALSE));
	g_assert_true(admits(f, OTHER, f->plain, "beta", 5, TRUE));
}

static void
test_it_is_needed_of_that_node_alone(Fixture *f, gconstpointer data)
{
	(void)data;
	g_assert_true(admits(f, STATUS, f->ours, "beta", 5, TRUE));
	g_assert_true(admits(f, STATUS, f->plain, "alpha", 5, FALSE));
	g_assert_true(admits(f, HB_MSG_NS_ST, f->plain, "10.0.0.254", 0, FALSE));
}

static void
test_306_may_take_the_place_in_a_later_generation(Fixture *f, gconstpointer data)
{
	(void)data;
	g_assert_true(admits(f, STATUS, f->ours, "beta", 5, TRUE));
	g_assert_false(admits(f, STATUS, f->ours, "beta", 6, FALSE));
	g_assert_false(admits(f, OTHER, f->ours, "beta", 6, FALSE));
	g_assert_true(admits(f, STATUS, f->plain, "beta", 6, FALSE));
	g_assert_true(admits(f, OTHER, f->plain, "beta", 6, FALSE));
}

static void
test_old_packet_of_ours_does_not_shut_306_out(Fixture *f, gconstpointer data)
{
	(void)data;
	g_assert_true(admits(f, STATUS, f->ours, "beta", 5, TRUE));
	g_assert_true(admits(f, STATUS, f->plain, "beta", 6, FALSE));
	g_assert_true(admits(f, STATUS, f->ours, "beta", 5, TRUE));
	g_assert_true(admits(f, STATUS, f->plain, "beta", 6, FALSE));
	/* and back to ours again */
	g_assert_true(admits(f, STATUS, f->ours, "beta", 7, TRUE));
	g_assert_false(admits(f, STATUS, f->plain, "beta", 6, FALSE));
}

static void
test_it_is_not_needed_where_nobody_can_make_it(Fixture *f, gconstpointer data)
{
	(void)data;
	g_assert_true(admits(f, STATUS, f->ours, "beta", 5, TRUE));
	f->keys.sign = 2;
	g_assert_true(admits(f, STATUS, f->ours, "beta", 5, FALSE));
	g_assert_true(admits(f, STATUS, f->plain, "beta", 5, FALSE));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add("/trust/" #name, Fixture, NULL, setup, test_##name, teardown)
	ADD(306_is_believed_without_it);
	ADD(status_with_words_of_ours_needs_it);
	ADD(once_heard_it_is_needed_in_every_message);
	ADD(it_is_needed_of_that_node_alone);
	ADD(306_may_take_the_place_in_a_later_generation);
	ADD(old_packet_of_ours_does_not_shut_306_out);
	ADD(it_is_not_needed_where_nobody_can_make_it);
	return g_test_run();
}
