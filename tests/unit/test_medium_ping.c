/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_medium_ping.c - ICMP echo. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "medium_suite.h"

#include "util/banned.h"

static const hb_medium_ops *ops;

static const MediumBad bad[] = {
	{ "", "needs 1 word, has 0; write e.g. ping 10.0.0.254" },
	{ "10.0.0.1 10.0.0.2", "one word too many" },
	{ "no-such-host.invalid", "cannot resolve host \"no-such-host.invalid\"" },
	{ "::1", "IPv6 address" },
	{ NULL, NULL },
};

static const MediumSuite suite = {
	.name = "ping",
	.words = { MEDIUM_ADDRESS_1, MEDIUM_ADDRESS_0 },
	.link_name = MEDIUM_ADDRESS_1,
	.far_name = MEDIUM_ADDRESS_1,
	.answers_itself = TRUE,
	.want = { .kind = HB_WANT_ICMP, .family = AF_INET },
	.bad = bad,
};

/* A raw ICMP socket on the far host, which sees what comes and can send what it likes. */
static int
far_socket(void)
{
	struct timeval limit = { .tv_sec = 2 };
	int fd;

	medium_hosts_enter(1);
	fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), ==, 0);
	return fd;
}

static struct icmphdr
next_request(int fd)
{
	guint8 pkt[256];
	struct icmphdr icmp;

	do
		g_assert_cmpint(recv(fd, pkt, sizeof pkt, 0), >=, 28);
	while (pkt[20] != ICMP_ECHO);
	memcpy(&icmp, pkt + 20, sizeof icmp);
	return icmp;
}

static void
test_requests_carry_the_pid_and_count_from_zero(void)
{
	hb_medium *medium;
	int fd;

	if (!medium_hosts_has_hosts())
		return;
	fd = far_socket();
	medium = medium_suite_open(0, MEDIUM_ADDRESS_1);
	for (guint i = 0; i < 3; i++) {
		struct icmphdr icmp;

		g_assert_cmpint(ops->write(medium, "abc", 3), ==, 0);
		icmp = next_request(fd);
		g_assert_cmpuint(icmp.code, ==, 0);
		g_assert_cmpuint(icmp.un.echo.id, ==, (guint16)getpid());
		g_assert_cmpuint(ntohs(icmp.un.echo.sequence), ==, i);
	}
	ops->close(medium);
	(void)close(fd);
}

static void
send_forged(int fd, const char *from, guint8 type, guint16 id, gsize len)
{
	struct sockaddr_in source = { .sin_family = AF_INET };
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct icmphdr icmp = { .type = type };

	icmp.un.echo.id = id;
	g_assert_cmpint(inet_pton(AF_INET, from, &source.sin_addr), ==, 1);
	g_assert_cmpint(inet_pton(AF_INET, MEDIUM_ADDRESS_0, &to.sin_addr), ==, 1);
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
	medium_hosts_run(1, "ip address add 10.77.0.77/24 dev " MEDIUM_DEVICE);
	fd = far_socket();
	medium = medium_suite_open(0, MEDIUM_ADDRESS_1);
	send_forged(fd, MEDIUM_ADDRESS_1, ICMP_ECHOREPLY, (guint16)(id + 1), 8);
	send_forged(fd, "10.77.0.77", ICMP_ECHOREPLY, id, 8);
	send_forged(fd, MEDIUM_ADDRESS_1, ICMP_ECHO, id, 8);
	send_forged(fd, MEDIUM_ADDRESS_1, ICMP_ECHOREPLY, id, 4);
	g_assert_cmpint(ops->write(medium, "real", 4), ==, 0);
	g_assert_cmpint(medium_suite_await(medium, buf, sizeof buf), ==, 4);
	g_assert_cmpmem(buf, 4, "real", 4);
	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	ops->close(medium);
	(void)close(fd);
	medium_hosts_run(1, "ip address delete 10.77.0.77/24 dev " MEDIUM_DEVICE);
}

/* Answers to one socket are seen by all: those of other hosts must not even wake us. */
static void
test_answers_of_another_host_do_not_wake_it(void)
{
	hb_medium *medium;
	hb_medium *other;
	struct pollfd pfd = { .events = POLLIN };
	char buf[64];

	if (!medium_hosts_has_hosts())
		return;
	medium_hosts_run(1, "ip address add 10.77.0.77/24 dev " MEDIUM_DEVICE);
	medium = medium_suite_open(0, MEDIUM_ADDRESS_1);
	other = medium_suite_open(0, "10.77.0.77");
	g_assert_cmpint(ops->write(other, "other", 5), ==, 0);
	g_assert_cmpint(medium_suite_await(other, buf, sizeof buf), ==, 5);
	pfd.fd = ops->poll_fd(medium);
	g_assert_cmpint(poll(&pfd, 1, 0), ==, 0);
	ops->close(other);
	ops->close(medium);
	medium_hosts_run(1, "ip address delete 10.77.0.77/24 dev " MEDIUM_DEVICE);
}

static void
test_a_host_that_is_not_there_is_no_error(void)
{
	hb_medium *medium;
	char buf[64];

	if (!medium_hosts_has_hosts())
		return;
	medium = medium_suite_open(0, "10.77.0.200");
	g_assert_cmpint(ops->write(medium, "x", 1), ==, 0);
	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	ops->close(medium);
}

static void
test_it_is_a_ping_medium_named_as_written(void)
{
	hb_medium *medium = medium_suite_parse("localhost");

	g_assert_cmpuint(ops->flags, ==, HB_MEDIUM_PING);
	g_assert_cmpint(ops->word_each, ==, 1);
	g_assert_cmpstr(ops->far_name(medium), ==, "localhost");
	ops->close(medium);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ops = medium_suite_init(&suite);
	g_test_add_func("/ping/requests_carry_the_pid_and_count_from_zero",
	                test_requests_carry_the_pid_and_count_from_zero);
	g_test_add_func("/ping/only_the_hosts_own_answers_to_us_count",
	                test_only_the_hosts_own_answers_to_us_count);
	g_test_add_func("/ping/answers_of_another_host_do_not_wake_it", test_answers_of_another_host_do_not_wake_it);
	g_test_add_func("/ping/a_host_that_is_not_there_is_no_error",
	                test_a_host_that_is_not_there_is_no_error);
	g_test_add_func("/ping/it_is_a_ping_medium_named_as_written",
	                test_it_is_a_ping_medium_named_as_written);
	return g_test_run();
}
