/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_medium_mcast.c - UDP multicasts. */
#include <string.h>
#include <sys/socket.h>

#include "medium_suite.h"

#include "util/banned.h"

#define LINE MEDIUM_DEVICE " 239.0.0.42 694 1 0"

static const hb_medium_ops *ops;

static const MediumBad bad[] = {
	{ "", "needs 5 words, has 0; write e.g. mcast eth0 239.0.0.1 694 1 0" },
	{ "eth0", "needs 5 words, has 1" },
	{ "eth0 239.0.0.1 694 1", "needs 5 words, has 4" },
	{ "eth0 239.0.0.1 694 1 0 0", "one word too many" },
	{ "eth0 10.0.0.1 694 1 0", "not an IPv4 multicast group" },
	{ "eth0 group 694 1 0", "not an IPv4 multicast group" },
	{ "eth0 ff02::1 694 1 0", "not an IPv4 multicast group" },
	{ "eth0 239.0.0.1 0 1 0", "port \"0\" must be a number from 1 to 65535" },
	{ "eth0 239.0.0.1 70000 1 0", "port \"70000\" must be a number from 1 to 65535" },
	{ "eth0 239.0.0.1 99999999999999999999 1 0", "port" },
	{ "eth0 239.0.0.1 -1 1 0", "port" },
	{ "eth0 239.0.0.1 694 5 0", "ttl \"5\" must be a number from 0 to 4" },
	{ "eth0 239.0.0.1 694 256 0", "ttl" },
	{ "eth0 239.0.0.1 694 1 2", "loop \"2\" must be a number from 0 to 1" },
	{ "eth0 239.0.0.1 694 1 on", "loop" },
	{ "eth0:1 239.0.0.1 694 1 0", "label" },
	{ NULL, NULL },
};

static const MediumSuite suite = {
	.name = "mcast",
	.words = { LINE, LINE },
	.missing_words = "hbm9 239.0.0.42 694 1 0",
	.wants_address = TRUE,
	.link_name = MEDIUM_DEVICE,
	.want = { .kind = HB_WANT_UDP, .family = AF_INET, .port = 694, .address = "239.0.0.42" },
	.bad = bad,
};

static void
test_own_multicasts_come_back_only_with_loop(void)
{
	hb_medium *without;
	hb_medium *with;
	char buf[16];

	if (!medium_hosts_has_hosts())
		return;
	without = medium_suite_open(0, LINE);
	g_assert_cmpint(ops->write(without, "quiet", 5), ==, 0);
	g_assert_cmpint(ops->read(without, buf, sizeof buf), ==, -1);
	with = medium_suite_open(0, MEDIUM_DEVICE " 239.0.0.42 694 0 1");
	g_assert_cmpint(ops->write(with, "own", 3), ==, 0);
	g_assert_cmpint(medium_suite_await(with, buf, sizeof buf), ==, 3);
	ops->close(with);
	ops->close(without);
}

/* Same group and port on two interfaces: what comes by one must not count for the other. */
static void
test_multicasts_of_another_interface_are_not_heard(void)
{
	hb_medium *medium;
	hb_medium *other;
	char buf[16];

	if (!medium_hosts_has_hosts())
		return;
	medium_hosts_add_link(0, "hbm8", "10.78.0.1/24");
	medium = medium_suite_open(0, LINE);
	other = medium_suite_open(0, "hbm8 239.0.0.42 694 1 1");
	g_assert_cmpint(ops->write(other, "other", 5), ==, 0);
	g_assert_cmpint(medium_suite_await(other, buf, sizeof buf), ==, 5);
	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	ops->close(other);
	ops->close(medium);
	medium_hosts_remove_link(0, "hbm8");
}

static void
test_a_new_address_of_the_interface_needs_no_new_open(void)
{
	hb_medium *from;
	hb_medium *to;
	char buf[16];

	if (!medium_hosts_has_hosts())
		return;
	to = medium_suite_open(1, LINE);
	from = medium_suite_open(0, LINE);
	medium_hosts_run(0, "ip address add 10.77.0.3/24 dev " MEDIUM_DEVICE);
	medium_hosts_run(0, "ip address delete " MEDIUM_ADDRESS_0 "/24 dev " MEDIUM_DEVICE);
	medium_hosts_run(0, "ip address replace 10.77.0.3/24 dev " MEDIUM_DEVICE);
	g_assert_cmpint(ops->write(from, "new", 3), ==, 0);
	g_assert_cmpint(medium_suite_await(to, buf, sizeof buf), ==, 3);
	medium_hosts_run(0, "ip address add " MEDIUM_ADDRESS_0 "/24 dev " MEDIUM_DEVICE);
	medium_hosts_run(0, "ip address delete 10.77.0.3/24 dev " MEDIUM_DEVICE);
	medium_hosts_run(0, "ip address replace " MEDIUM_ADDRESS_0 "/24 dev " MEDIUM_DEVICE);
	ops->close(from);
	ops->close(to);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ops = medium_suite_init(&suite);
	g_test_add_func("/mcast/own_multicasts_come_back_only_with_loop",
	                test_own_multicasts_come_back_only_with_loop);
	g_test_add_func("/mcast/multicasts_of_another_interface_are_not_heard",
	                test_multicasts_of_another_interface_are_not_heard);
	g_test_add_func("/mcast/a_new_address_of_the_interface_needs_no_new_open",
	                test_a_new_address_of_the_interface_needs_no_new_open);
	return g_test_run();
}
