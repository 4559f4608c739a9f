/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_medium_ucast6.c - UDP to one other node by IPv6. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "medium_suite.h"

#include "util/banned.h"

static const hb_medium_ops *ops;

static const MediumBad bad[] = {
	{ "", "needs 2 words, has 0; write e.g. ucast6 eth0 fd00::2" },
	{ "eth0", "needs 2 words, has 1" },
	{ "eth0 no-such-host.invalid", "cannot resolve host \"no-such-host.invalid\"" },
	{ "eth0 10.0.0.2", "is an IPv4 address; this medium needs an IPv6 one" },
	{ "eth0 fe80::1%eth1", "\"%eth1\" behind the address is not the interface eth0" },
	{ "eth0 fe80::1%eth0x", "is not the interface eth0" },
	{ "eth0 fe80::1%", "is not the interface eth0" },
	{ "eth0 ::1", "the address of no other node" },
	{ "eth0 ::", "the address of no other node" },
	{ "eth0 ff02::1", "the address of no other node" },
	{ "eth0:1 fd00::2", "label" },
	{ NULL, NULL },
};

static const MediumSuite suite = {
	.name = "ucast6",
	.words = { MEDIUM_DEVICE " fd77::2", MEDIUM_DEVICE " fd77::1" },
	.missing_words = "hbm9 fd77::9",
	.link_name = MEDIUM_DEVICE,
	.want = { .kind = HB_WANT_UDP, .family = AF_INET6, .port = MEDIUM_UDPPORT, .device = MEDIUM_DEVICE,
	          .reuse_port = 1 },
	.bad = bad,
};

static void
assert_reaches(const char *words)
{
	hb_medium *from = medium_suite_open(0, words);
	hb_medium *to = medium_suite_open(1, MEDIUM_DEVICE " fd77::1");
	char buf[16];

	g_assert_cmpint(medium_suite_insist(from, to, "link", buf, sizeof buf), ==, 4);
	ops->close(to);
	ops->close(from);
}

static void
test_a_link_local_address_is_that_of_the_interface(void)
{
	if (!medium_hosts_has_hosts())
		return;
	assert_reaches(MEDIUM_DEVICE " fe80::2");
	assert_reaches(MEDIUM_DEVICE " fe80::2%" MEDIUM_DEVICE);
	assert_reaches(MEDIUM_DEVICE " fe80::2%" MEDIUM_DEVICE " ignored");
}

static void
test_an_own_address_is_allowed(void)
{
	hb_medium *own;
	char buf[16];

	if (!medium_hosts_has_hosts())
		return;
	own = medium_suite_open(0, MEDIUM_DEVICE " fd77::1");
	g_assert_cmpint(ops->write(own, "own", 3), ==, 0);
	g_assert_cmpint(medium_suite_await(own, buf, sizeof buf), ==, 3);
	ops->close(own);
}

static void
test_packets_ask_for_low_delay(void)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(MEDIUM_UDPPORT) };
	union {
		char bytes[CMSG_SPACE(64)];
		struct cmsghdr align;
	} control;
	char buf[16];
	struct iovec iov = { .iov_base = buf, .iov_len = sizeof buf };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		              .msg_controllen = sizeof control };
	struct timeval limit = { .tv_sec = 2 };
	int on = 1;
	hb_medium *medium;
	int fd;

	if (!medium_hosts_has_hosts())
		return;
	medium_hosts_enter(1);
	fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(setsockopt(fd, IPPROTO_IPV6, IPV6_RECVTCLASS, &on, sizeof on), ==, 0);
	g_assert_cmpint(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), ==, 0);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
	medium = medium_suite_open(0, MEDIUM_DEVICE " fd77::2");
	g_assert_cmpint(ops->write(medium, "x", 1), ==, 0);
	g_assert_cmpint(recvmsg(fd, &msg, 0), ==, 1);
	g_assert_nonnull(CMSG_FIRSTHDR(&msg));
	g_assert_cmpint(CMSG_FIRSTHDR(&msg)->cmsg_type, ==, IPV6_TCLASS);
	g_assert_cmpint(*CMSG_DATA(CMSG_FIRSTHDR(&msg)), ==, 0x10);
	ops->close(medium);
	(void)close(fd);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ops = medium_suite_init(&suite);
	g_test_add_func("/ucast6/a_link_local_address_is_that_of_the_interface",
	                test_a_link_local_address_is_that_of_the_interface);
	g_test_add_func("/ucast6/an_own_address_is_allowed", test_an_own_address_is_allowed);
	g_test_add_func("/ucast6/packets_ask_for_low_delay", test_packets_ask_for_low_delay);
	return g_test_run();
}
