/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_known.c - a packet is known again by all of its octets, for a while, until the keys change. */
#include "node/known.h"

#include <string.h>

#include "util/banned.h"

static const char octets[] = "###\n8:(0)t=one,%%%\n9:1 abcdef0,";

static HbTyped
numbered(guint64 seq)
{
	HbTyped typed = { .type = HB_MSG_STATUS, .src = "beta", .seq = seq };

	return typed;
}

static void
add(HbKnown *known, guint64 seq)
{
	HbTyped typed = numbered(seq);

	hb_known_add(known, &seq, sizeof seq, &typed, hb_msg_new());
}

static void
test_packet_is_known_again_with_its_message(void)
{
	g_autoptr(HbKnown) known = hb_known_new();
	HbTyped typed = numbered(7);
	HbMsg *msg = hb_msg_new();
	const HbTyped *again;

	g_assert_true(hb_msg_add_string(msg, "t", "one"));
	g_assert_null(hb_known_find(known, octets, sizeof octets));
	hb_known_add(known, octets, sizeof octets, &typed, msg);
	again = hb_known_find(known, octets, sizeof octets);
	g_assert_nonnull(again);
	g_assert_cmpuint(again->seq, ==, 7);
	g_assert_cmpstr(again->src, ==, "beta");
	g_assert_cmpstr(hb_msg_get(again->raw, "t"), ==, "one");
}

static void
test_no_octet_may_differ(void)
{
	g_autoptr(HbKnown) known = hb_known_new();
	HbTyped typed = numbered(7);
	char other[sizeof octets + 1] = "";

	hb_known_add(known, octets, sizeof octets, &typed, NULL);
	g_assert_null(hb_known_find(known, octets, 0));
	g_assert_null(hb_known_find(known, octets, sizeof octets - 1));
	memcpy(other, octets, sizeof octets);
	g_assert_null(hb_known_find(known, other, sizeof other));
	for (gsize i = 0; i < sizeof octets; i++) {
		other[i] ^= 1;
		g_assert_null(hb_known_find(known, other, sizeof octets));
		other[i] ^= 1;
	}
	g_assert_nonnull(hb_known_find(known, other, sizeof octets));
}

static void
test_the_last_ones_are_known_and_no_more(void)
{
	g_autoptr(HbKnown) known = hb_known_new();

	for (guint64 seq = 1; seq <= 3 * HB_KNOWN_MAX + 5; seq++) {
		add(known, seq);
		for (guint64 old = 1; old <= seq; old++) {
			const HbTyped *again = hb_known_find(known, &old, sizeof old);

			g_assert_true((again != NULL) == (old + HB_KNOWN_MAX > seq));
			g_assert_true(again == NULL || again->seq == old);
		}
	}
}

static void
test_nothing_is_known_after_a_flush(void)
{
	g_autoptr(HbKnown) known = hb_known_new();

	for (guint64 seq = 1; seq <= 5; seq++)
		add(known, seq);
	hb_known_flush(known);
	for (guint64 seq = 1; seq <= 5; seq++)
		g_assert_null(hb_known_find(known, &seq, sizeof seq));
	add(known, 6);
	g_assert_nonnull(hb_known_find(known, &(guint64){ 6 }, sizeof(guint64)));
}

static void
test_packets_that_are_too_long_are_not_kept(void)
{
	g_autoptr(HbKnown) known = hb_known_new();
	g_autofree char *data = g_strnfill(HB_KNOWN_LEN_MAX + 1, 'x');
	HbTyped typed = numbered(1);

	hb_known_add(known, data, HB_KNOWN_LEN_MAX + 1, &typed, hb_msg_new());
	g_assert_null(hb_known_find(known, data, HB_KNOWN_LEN_MAX + 1));
	hb_known_add(known, data, 0, &typed, hb_msg_new());
	g_assert_null(hb_known_find(known, data, 0));
	hb_known_add(known, data, HB_KNOWN_LEN_MAX, &typed, hb_msg_new());
	g_assert_nonnull(hb_known_find(known, data, HB_KNOWN_LEN_MAX));
}

/* What was borrowed from the core does not outlive the step. */
static void
test_borrowed_parts_are_not_kept(void)
{
	g_autoptr(HbKnown) known = hb_known_new();
	g_autoptr(HbMsg) raw = hb_msg_new();
	const char *names[] = { "alpha" };
	HbTyped typed = numbered(1);
	const HbTyped *again;

	typed.raw = raw;
	typed.names = names;
	typed.n_names = 1;
	hb_known_add(known, octets, sizeof octets, &typed, NULL);
	again = hb_known_find(known, octets, sizeof octets);
	g_assert_nonnull(again);
	g_assert_null(again->raw);
	g_assert_null(again->names);
	g_assert_cmpuint(again->n_names, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/known/" #name, test_##name)
	ADD(packet_is_known_again_with_its_message);
	ADD(no_octet_may_differ);
	ADD(the_last_ones_are_known_and_no_more);
	ADD(nothing_is_known_after_a_flush);
	ADD(packets_that_are_too_long_are_not_kept);
	ADD(borrowed_parts_are_not_kept);
	return g_test_run();
}
