/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_medium_ping_group.c - one ping node of several hosts. */
#include <string.h>
#include <sys/socket.h>

#include "medium_suite.h"

#include "util/banned.h"

static const hb_medium_ops *ops;

static const MediumBad bad[] = {
	{ "", "needs 2 words, has 0; write e.g. ping_group routers 10.0.0.1 10.0.0.254" },
	{ "routers", "needs 2 words, has 1" },
	{ "routers 10.0.0.1 no-such-host.invalid", "cannot resolve host \"no-such-host.invalid\"" },
	{ "routers 10.0.0.1 ::1", "IPv6 address" },
	{ NULL, NULL },
};

static const MediumSuite suite = {
	.name = "ping_group",
	.words = { "far " MEDIUM_ADDRESS_1, "far " MEDIUM_ADDRESS_0 },
	.link_name = "far",
	.far_name = "far",
	.answers_itself = TRUE,
	.want = { .kind = HB_WANT_ICMP, .family = AF_INET },
	.bad = bad,
};

/* Hosts 10.77.0.200 and .201 do not exist. */
static void
test_one_host_that_answers_is_enough(void)
{
	hb_medium *medium;
	char buf[64];

	if (!medium_hosts_has_hosts())
		return;
	medium = medium_suite_open(0, "far 10.77.0.200 " MEDIUM_ADDRESS_1 "  10.77.0.201");
	g_assert_cmpstr(ops->far_name(medium), ==, "far");
	g_assert_cmpint(ops->write(medium, "x", 1), ==, 0);
	g_assert_cmpint(medium_suite_await(medium, buf, sizeof buf), ==, 1);
	ops->close(medium);
}

static void
test_of_each_round_one_answer_counts(void)
{
	hb_medium *medium;
	char buf[64];

	if (!medium_hosts_has_hosts())
		return;
	medium_hosts_run(1, "ip address add 10.77.0.77/24 dev " MEDIUM_DEVICE);
	medium = medium_suite_open(0, "far " MEDIUM_ADDRESS_1 " 10.77.0.77");
	for (guint i = 0; i < 3; i++) {
		g_assert_cmpint(ops->write(medium, "round", 5), ==, 0);
		g_assert_cmpint(medium_suite_await(medium, buf, sizeof buf), ==, 5);
		g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	}
	ops->close(medium);
	medium_hosts_run(1, "ip address delete 10.77.0.77/24 dev " MEDIUM_DEVICE);
}

static void
test_more_hosts_than_there_is_room_for_are_refused(void)
{
	const hb_medium_defaults defaults = { .udpport = MEDIUM_UDPPORT };
	g_autoptr(GString) line = g_string_new("g");
	char err[HB_MEDIUM_ERR_MAX] = "";
	hb_medium *medium;

	for (guint i = 0; i < 64; i++)
		g_string_append(line, " 1.2.3.4");
	medium = medium_suite_parse(line->str);
	ops->close(medium);
	g_string_assign(line, "g");
	for (guint i = 0; i < 65; i++)
		g_string_append(line, " 1.2.3.4");
	g_assert_null(ops->parse(line->str, &defaults, err));
	g_assert_nonnull(strstr(err, "\"1.2.3.4\" is one host more than 64"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ops = medium_suite_init(&suite);
	g_test_add_func("/ping_group/one_host_that_answers_is_enough", test_one_host_that_answers_is_enough);
	g_test_add_func("/ping_group/of_each_round_one_answer_counts", test_of_each_round_one_answer_counts);
	g_test_add_func("/ping_group/more_hosts_than_there_is_room_for_are_refused",
	                test_more_hosts_than_there_is_room_for_are_refused);
	return g_test_run();
}
