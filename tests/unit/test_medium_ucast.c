/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_medium_ucast.c - UDP to one other node. */
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "medium_suite.h"

#include "util/banned.h"

static const hb_medium_ops *ops;

static const MediumBad bad[] = {
	{ "", "needs 2 words, has 0; write e.g. ucast eth0 10.0.0.2" },
	{ "eth0", "needs 2 words, has 1" },
	{ "eth0 no-such-host.invalid", "cannot resolve host \"no-such-host.invalid\"" },
	{ "eth0 fe80::1", "IPv6 address" },
	{ "eth0:1 10.0.0.2", "label" },
	{ "10.0.0.2/24 eth0", "cannot be the name of an interface" },
	{ NULL, NULL },
};

static const MediumSuite suite = {
	.name = "ucast",
	.words = { MEDIUM_DEVICE " " MEDIUM_ADDRESS_1, MEDIUM_DEVICE " " MEDIUM_ADDRESS_0 },
	.missing_words = "hbm9 10.0.0.2",
	.link_name = MEDIUM_DEVICE,
	.want = { .kind = HB_WANT_UDP, .family = AF_INET, .port = MEDIUM_UDPPORT, .device = MEDIUM_DEVICE,
	          .reuse_port = 1 },
	.bad = bad,
};

static void
test_an_own_address_is_allowed_and_names_are_resolved(void)
{
	hb_medium *own;
	char buf[16];

	ops->close(medium_suite_parse("eth0 localhost"));
	ops->close(medium_suite_parse("eth0 10.0.0.2 ignored as 3.0.6 does"));
	if (!medium_hosts_has_hosts())
		return;
	own = medium_suite_open(0, MEDIUM_DEVICE " " MEDIUM_ADDRESS_0);
	/* So that all nodes may have the same ha.cf. */
	g_assert_cmpint(ops->write(own, "own", 3), ==, 0);
	g_assert_cmpint(medium_suite_await(own, buf, sizeof buf), ==, 3);
	ops->close(own);
}

static void
test_two_lines_share_the_port(void)
{
	hb_medium *one;
	hb_medium *two;
	hb_medium *peer;
	struct pollfd poll_fds[2] = { { .events = POLLIN }, { .events = POLLIN } };
	char buf[16];
	gssize got;

	if (!medium_hosts_has_hosts())
		return;
	one = medium_suite_open(0, MEDIUM_DEVICE " " MEDIUM_ADDRESS_1);
	two = medium_suite_open(0, MEDIUM_DEVICE " 10.77.0.9");
	peer = medium_suite_open(1, MEDIUM_DEVICE " " MEDIUM_ADDRESS_0);
	g_assert_cmpint(ops->write(peer, "x", 1), ==, 0);
	poll_fds[0].fd = ops->poll_fd(one);
	poll_fds[1].fd = ops->poll_fd(two);
	g_assert_cmpint(poll(poll_fds, 2, 2000), ==, 1);
	got = ops->read(one, buf, sizeof buf);
	if (got == -1)
		got = ops->read(two, buf, sizeof buf);
	g_assert_cmpint(got, ==, 1);
	ops->close(peer);
	ops->close(two);
	ops->close(one);
}

/* A peer whose daemon is down answers by ICMP: that neither breaks the link nor is a packet. */
static void
test_a_closed_port_is_no_error(void)
{
	hb_medium *medium;
	char buf[16];

	if (!medium_hosts_has_hosts())
		return;
	medium = medium_suite_open(0, MEDIUM_DEVICE " " MEDIUM_ADDRESS_1);
	for (guint i = 0; i < 20; i++) {
		g_assert_cmpint(ops->write(medium, "x", 1), ==, 0);
		g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	}
	ops->close(medium);
}

static void
test_packets_ask_for_low_delay(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(MEDIUM_UDPPORT) };
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
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(setsockopt(fd, IPPROTO_IP, IP_RECVTOS, &on, sizeof on), ==, 0);
	g_assert_cmpint(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), ==, 0);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
	medium = medium_suite_open(0, MEDIUM_DEVICE " " MEDIUM_ADDRESS_1);
	g_assert_cmpint(ops->write(medium, "x", 1), ==, 0);
	g_assert_cmpint(recvmsg(fd, &msg, 0), ==, 1);
	g_assert_nonnull(CMSG_FIRSTHDR(&msg));
	g_assert_cmpint(CMSG_FIRSTHDR(&msg)->cmsg_type, ==, IP_TOS);
	g_assert_cmpint(*CMSG_DATA(CMSG_FIRSTHDR(&msg)), ==, 0x10);
	ops->close(medium);
	(void)close(fd);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ops = medium_suite_init(&suite);
	g_test_add_func("/ucast/an_own_address_is_allowed_and_names_are_resolved",
	                test_an_own_address_is_allowed_and_names_are_resolved);
	g_test_add_func("/ucast/two_lines_share_the_port", test_two_lines_share_the_port);
	g_test_add_func("/ucast/a_closed_port_is_no_error", test_a_closed_port_is_no_error);
	g_test_add_func("/ucast/packets_ask_for_low_delay", test_packets_ask_for_low_delay);
	return g_test_run();
}
