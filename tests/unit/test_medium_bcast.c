/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_medium_bcast.c - UDP broadcasts. */
#include <string.h>
#include <sys/socket.h>

#include "medium_suite.h"

#include "util/banned.h"

static const hb_medium_ops *ops;

static const MediumBad bad[] = {
	{ "", "write e.g. bcast eth0" },
	{ "eth0 eth1", "\"eth1\" is one word too many" },
	{ "eth0:1", "label" },
	{ "an-interface-much-too-long", "cannot be the name" },
	{ "../eth0", "cannot be the name" },
	{ "eth\0330", "odd character" },
	{ NULL, NULL },
};

static const MediumSuite suite = {
	.name = "bcast",
	.words = { MEDIUM_DEVICE, MEDIUM_DEVICE },
	.missing_words = "hbm9",
	.wants_address = TRUE,
	.link_name = MEDIUM_DEVICE,
	.want = { .kind = HB_WANT_UDP, .family = AF_INET, .port = MEDIUM_UDPPORT, .device = MEDIUM_DEVICE },
	.bad = bad,
};

static void
test_own_broadcasts_reach_others_and_not_the_sender(void)
{
	hb_medium *medium;
	hb_medium *second;
	char buf[16];

	if (!medium_hosts_has_hosts())
		return;
	medium = medium_suite_open(0, MEDIUM_DEVICE);
	second = medium_suite_open(0, MEDIUM_DEVICE);
	g_assert_cmpint(ops->write(medium, "own", 3), ==, 0);
	/* delivered to all sockets of this machine at once: when one has it, the other was passed over */
	g_assert_cmpint(medium_suite_await(second, buf, sizeof buf), ==, 3);
	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	ops->close(second);
	ops->close(medium);
}

static void
test_broadcasts_of_another_interface_are_not_heard(void)
{
	hb_medium *medium;
	hb_medium *other;
	hb_medium *second;
	char buf[16];

	if (!medium_hosts_has_hosts())
		return;
	medium_hosts_add_link(0, "hbm8", "10.78.0.1/24 brd +");
	medium = medium_suite_open(0, MEDIUM_DEVICE);
	other = medium_suite_open(0, "hbm8");
	second = medium_suite_open(0, "hbm8");
	g_assert_cmpint(ops->write(other, "other", 5), ==, 0);
	g_assert_cmpint(medium_suite_await(second, buf, sizeof buf), ==, 5);
	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	ops->close(second);
	ops->close(other);
	ops->close(medium);
	medium_hosts_remove_link(0, "hbm8");
}

static void
test_the_loopback_interface_will_do(void)
{
	hb_medium *medium;
	hb_medium *second;
	char buf[16];

	if (!medium_hosts_has_hosts())
		return;
	medium = medium_suite_open(0, "lo");
	second = medium_suite_open(0, "lo");
	g_assert_cmpint(ops->write(medium, "own", 3), ==, 0);
	g_assert_cmpint(medium_suite_await(second, buf, sizeof buf), ==, 3);
	ops->close(second);
	ops->close(medium);
}

static void
test_an_interface_without_a_broadcast_address_is_refused(void)
{
	char err[HB_MEDIUM_ERR_MAX] = "";
	hb_medium_want want = { 0 };
	hb_medium *medium;

	if (!medium_hosts_has_hosts())
		return;
	medium_hosts_add_link(0, "hbm8", "10.78.0.1/32");
	medium = medium_suite_parse("hbm8");
	ops->wants(medium, &want);
	g_assert_cmpint(ops->open(medium, medium_suite_open_want(&want), err), ==, -1);
	g_assert_nonnull(strstr(err, "hbm8 has no broadcast address; use ucast or mcast"));
	ops->close(medium);
	medium_hosts_remove_link(0, "hbm8");
}

static void
test_each_word_is_a_medium(void)
{
	const hb_medium_defaults no_port = { .baud = 19200 };
	char err[HB_MEDIUM_ERR_MAX] = "";

	g_assert_cmpint(ops->word_each, ==, 1);
	g_assert_null(ops->parse("eth0", &no_port, err));
	g_assert_nonnull(strstr(err, "udpport 694"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ops = medium_suite_init(&suite);
	g_test_add_func("/bcast/own_broadcasts_reach_others_and_not_the_sender",
	                test_own_broadcasts_reach_others_and_not_the_sender);
	g_test_add_func("/bcast/broadcasts_of_another_interface_are_not_heard",
	                test_broadcasts_of_another_interface_are_not_heard);
	g_test_add_func("/bcast/the_loopback_interface_will_do", test_the_loopback_interface_will_do);
	g_test_add_func("/bcast/an_interface_without_a_broadcast_address_is_refused",
	                test_an_interface_without_a_broadcast_address_is_refused);
	g_test_add_func("/bcast/each_word_is_a_medium", test_each_word_is_a_medium);
	return g_test_run();
}
