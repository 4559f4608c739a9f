/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_medium_mcast6.c - UDP multicasts by IPv6. */
#include <string.h>
#include <sys/socket.h>

#include "medium_suite.h"

#include "util/banned.h"

#define LINE MEDIUM_DEVICE " ff02::42 694 1 0"

static const hb_medium_ops *ops;

static const MediumBad bad[] = {
	{ "", "needs 5 words, has 0; write e.g. mcast6 eth0 ff02::694 694 1 0" },
	{ "eth0 ff02::1 694 1", "needs 5 words, has 4" },
	{ "eth0 ff02::1 694 1 0 0", "one word too many" },
	{ "eth0 fe80::1 694 1 0", "not an IPv6 multicast group" },
	{ "eth0 group 694 1 0", "not an IPv6 multicast group" },
	{ "eth0 239.0.0.1 694 1 0", "not an IPv6 multicast group" },
	{ "eth0 ff02::1%eth0 694 1 0", "leave out \"%eth0\" behind the group" },
	{ "eth0 ff01::1 694 1 0", "does not leave this machine" },
	{ "eth0 ff02::1 0 1 0", "port \"0\" must be a number from 1 to 65535" },
	{ "eth0 ff02::1 70000 1 0", "port \"70000\" must be a number from 1 to 65535" },
	{ "eth0 ff02::1 694 5 0", "hops \"5\" must be a number from 0 to 4" },
	{ "eth0 ff02::1 694 1 2", "loop \"2\" must be a number from 0 to 1" },
	{ "eth0:1 ff02::1 694 1 0", "label" },
	{ NULL, NULL },
};

static const MediumSuite suite = {
	.name = "mcast6",
	.words = { LINE, LINE },
	.missing_words = "hbm9 ff02::42 694 1 0",
	.link_name = MEDIUM_DEVICE,
	.want = { .kind = HB_WANT_UDP, .family = AF_INET6, .port = 694, .device = MEDIUM_DEVICE },
	.bad = bad,
};

static void
test_a_group_of_wider_scope_will_do(void)
{
	hb_medium *from, *to;
	char buf[16];

	if (!medium_hosts_has_hosts())
		return;
	from = medium_suite_open(0, MEDIUM_DEVICE " ff15::694 694 1 0");
	to = medium_suite_open(1, MEDIUM_DEVICE " FF15:0::0694 694 1 0");
	g_assert_cmpint(ops->write(from, "wide", 4), ==, 0);
	g_assert_cmpint(medium_suite_await(to, buf, sizeof buf), ==, 4);
	ops->close(to);
	ops->close(from);
}

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
	with = medium_suite_open(0, MEDIUM_DEVICE " ff02::42 694 1 1");
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
	medium_hosts_add_link(0, "hbm8", "fd78::1/64 nodad");
	medium_hosts_run(0, "ip address add fe80::78/64 nodad dev hbm8");
	medium = medium_suite_open(0, LINE);
	other = medium_suite_open(0, "hbm8 ff02::42 694 1 1");
	g_assert_cmpint(ops->write(other, "other", 5), ==, 0);
	g_assert_cmpint(medium_suite_await(other, buf, sizeof buf), ==, 5);
	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	ops->close(other);
	ops->close(medium);
	medium_hosts_remove_link(0, "hbm8");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ops = medium_suite_init(&suite);
	g_test_add_func("/mcast6/a_group_of_wider_scope_will_do", test_a_group_of_wider_scope_will_do);
	g_test_add_func("/mcast6/own_multicasts_come_back_only_with_loop",
	                test_own_multicasts_come_back_only_with_loop);
	g_test_add_func("/mcast6/multicasts_of_another_interface_are_not_heard",
	                test_multicasts_of_another_interface_are_not_heard);
	return g_test_run();
}
