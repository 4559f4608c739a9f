/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_medium_ping6.c - ICMPv6 echo. */
#include <arpa/inet.h>
#include <netinet/icmp6.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "medium_suite.h"

#include "util/banned.h"

static const hb_medium_ops *ops;

static const MediumBad bad[] = {
	{ "", "needs 1 word, has 0; write e.g. ping6 fd00::fe" },
	{ "fd00::1 fd00::2", "one word too many" },
	{ "no-such-host.invalid", "cannot resolve host \"no-such-host.invalid\"" },
	{ "10.0.0.1", "is an IPv4 address; this medium needs an IPv6 one" },
	{ "fe80::1", "is on every link; write which, as in fe80::1%eth0" },
	{ "fe80::1%an-interface-much-too-long", "cannot be the name" },
	{ NULL, NULL },
};

static const MediumSuite suite = {
	.name = "ping6",
	.words = { "fd77::2", "fd77::1" },
	.missing_words = NULL,
	.link_name = "fd77::2",
	.far_name = "fd77::2",
	.answers_itself = TRUE,
	.want = { .kind = HB_WANT_ICMP, .family = AF_INET6 },
	.bad = bad,
};

static void
test_a_link_local_host_is_named_as_written(void)
{
	hb_medium *medium;
	char buf[16];

	g_assert_cmpint(ops->word_each, ==, 1);
	if (!medium_hosts_has_hosts())
		return;
	medium = medium_suite_open(0, "fe80::2%" MEDIUM_DEVICE);
	g_assert_cmpstr(ops->far_name(medium), ==, "fe80::2%" MEDIUM_DEVICE);
	g_assert_cmpint(medium_suite_insist(medium, medium, "link", buf, sizeof buf), ==, 4);
	ops->close(medium);
}

static void
test_answers_of_another_host_do_not_wake_it(void)
{
	hb_medium *medium;
	hb_medium *other;
	struct pollfd pfd = { .events = POLLIN };
	char buf[64];

	if (!medium_hosts_has_hosts())
		return;
	medium_hosts_run(1, "ip address add fd77::1:2/64 nodad dev " MEDIUM_DEVICE);
	medium = medium_suite_open(0, "fd77::2");
	other = medium_suite_open(0, "fd77::1:2");
	g_assert_cmpint(medium_suite_insist(other, other, "other", buf, sizeof buf), ==, 5);
	pfd.fd = ops->poll_fd(medium);
	g_assert_cmpint(poll(&pfd, 1, 0), ==, 0);
	ops->close(other);
	ops->close(medium);
	medium_hosts_run(1, "ip address delete fd77::1:2/64 dev " MEDIUM_DEVICE);
}

static void
test_a_missing_interface_is_named(void)
{
	hb_medium *medium = medium_suite_parse("fe80::2%hbm9");
	char err[HB_MEDIUM_ERR_MAX] = "";
	hb_medium_want want = { 0 };

	if (medium_hosts_has_hosts()) {
		ops->wants(medium, &want);
		g_assert_cmpint(ops->open(medium, medium_suite_open_want(&want), err), ==, -1);
		g_assert_cmpstr(err, ==, "interface hbm9 does not exist");
		g_assert_cmpint(ops->poll_fd(medium), ==, -1);
	}
	ops->close(medium);
}

static void
send_forged(int fd, const char *from, guint8 type, guint16 id, gsize len)
{
	struct sockaddr_in6 source = { .sin6_family = AF_INET6 };
	struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
	struct icmp6_hdr icmp = { .icmp6_type = type };

	icmp.icmp6_id = id;
	g_assert_cmpint(inet_pton(AF_INET6, from, &source.sin6_addr), ==, 1);
	g_assert_cmpint(inet_pton(AF_INET6, "fd77::1", &to.sin6_addr), ==, 1);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&source, sizeof source), ==, 0);
	g_assert_cmpint(sendto(fd, &icmp, len, 0, (struct sockaddr *)&to, sizeof to), ==, (gssize)len);
}

static void
test_only_the_hosts_own_answers_to_us_count(void)
{
	guint16 id = (guint16)getpid();
	hb_medium *medium;
	char buf[64];
	int fd;

	if (!medium_hosts_has_hosts())
		return;
	medium_hosts_run(1, "ip address add fd77::77/64 nodad dev " MEDIUM_DEVICE);
	fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6);
	g_assert_cmpint(fd, >=, 0);
	medium = medium_suite_open(0, "fd77::2");
	send_forged(fd, "fd77::2", ICMP6_ECHO_REPLY, (guint16)(id + 1), 8);
	send_forged(fd, "fd77::77", ICMP6_ECHO_REPLY, id, 8);
	send_forged(fd, "fd77::2", ICMP6_ECHO_REQUEST, id, 8);
	g_assert_cmpint(ops->write(medium, "real", 4), ==, 0);
	g_assert_cmpint(medium_suite_await(medium, buf, sizeof buf), ==, 4);
	g_assert_cmpmem(buf, 4, "real", 4);
	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	ops->close(medium);
	(void)close(fd);
	medium_hosts_run(1, "ip address delete fd77::77/64 dev " MEDIUM_DEVICE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ops = medium_suite_init(&suite);
	g_test_add_func("/ping6/a_link_local_host_is_named_as_written", test_a_link_local_host_is_named_as_written);
	g_test_add_func("/ping6/answers_of_another_host_do_not_wake_it", test_answers_of_another_host_do_not_wake_it);
	g_test_add_func("/ping6/a_missing_interface_is_named", test_a_missing_interface_is_named);
	g_test_add_func("/ping6/only_the_hosts_own_answers_to_us_count", test_only_the_hosts_own_answers_to_us_count);
	return g_test_run();
}
