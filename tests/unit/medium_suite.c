/* SPDX-License-Identifier: GPL-2.0-or-later */
/* medium_suite.c - what every medium plugin must do. */
#define _GNU_SOURCE
#include "medium_suite.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plugin/plugin.h"

#include "util/banned.h"

#define WAIT_MS 10000
#define AGAIN_MS 500

static const MediumSuite *suite;
static const hb_medium_ops *ops;
static hb_medium *sender;       /* of the packet that is awaited, where it does not send at once */

static void
fill_address(const hb_medium_want *want, struct sockaddr_storage *address, socklen_t *len)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;

	memset(address, 0, sizeof *address);
	address->ss_family = (sa_family_t)want->family;
	if (want->family == AF_INET6) {
		v6->sin6_port = htons(want->port);
		*len = sizeof *v6;
	} else {
		v4->sin_port = htons(want->port);
		*len = sizeof *v4;
	}
	if (want->address[0] != '\0')
		g_assert_cmpint(inet_pton(want->family, want->address,
		                          want->family == AF_INET6 ? (void *)&v6->sin6_addr : (void *)&v4->sin_addr),
		                ==, 1);
}

static int
open_udp(const hb_medium_want *want)
{
	int fd = socket(want->family, SOCK_DGRAM, 0);
	struct sockaddr_storage address;
	socklen_t len;
	int on = 1;

	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), ==, 0);
	if (want->reuse_port)
		g_assert_cmpint(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on), ==, 0);
	if (want->family == AF_INET6)
		g_assert_cmpint(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on), ==, 0);
	/* An interface that is missing is found out by open(). */
	if (want->device[0] != '\0')
		(void)setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, want->device, (socklen_t)strlen(want->device));
	fill_address(want, &address, &len);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&address, len), ==, 0);
	return fd;
}

int
medium_suite_open_want(const hb_medium_want *want)
{
	switch (want->kind) {
	case HB_WANT_TTY:
		return open(want->path, O_RDWR | O_NOCTTY);
	case HB_WANT_ICMP:
		return socket(want->family, SOCK_RAW, want->family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
	default:
		g_assert_cmpint(want->kind, ==, HB_WANT_UDP);
		return open_udp(want);
	}
}

hb_medium *
medium_suite_parse(const char *words)
{
	const hb_medium_defaults defaults = { .udpport = MEDIUM_UDPPORT, .baud = MEDIUM_BAUD };
	char err[HB_MEDIUM_ERR_MAX] = "";
	hb_medium *medium = ops->parse(words, &defaults, err);

	g_assert_cmpstr(err, ==, "");
	g_assert_nonnull(medium);
	return medium;
}

static void
reopen(guint host, hb_medium *medium)
{
	char err[HB_MEDIUM_ERR_MAX] = "";
	hb_medium_want want = { 0 };

	medium_hosts_enter(host);
	ops->wants(medium, &want);
	g_assert_cmpint(ops->open(medium, medium_suite_open_want(&want), err), ==, 0);
	g_assert_cmpstr(err, ==, "");
	g_assert_cmpint(ops->poll_fd(medium), >=, 0);
}

hb_medium *
medium_suite_open(guint host, const char *words)
{
	hb_medium *medium = medium_suite_parse(words);

	reopen(host, medium);
	return medium;
}

static gssize
await_for(hb_medium *medium, void *buf, gsize len, int limit_ms)
{
	struct pollfd pfd = { .fd = ops->poll_fd(medium), .events = POLLIN };
	gint64 end_us = g_get_monotonic_time() + (gint64)limit_ms * 1000;

	while (g_get_monotonic_time() < end_us) {
		gssize got = ops->read(medium, buf, len);
		int wait_ms = ops->flush != NULL && sender != NULL ? ops->flush(sender) : 0;

		if (got != -1)
			return got;
		(void)poll(&pfd, 1, wait_ms > 0 ? wait_ms : limit_ms);
	}
	return -3;
}

gssize
medium_suite_await(hb_medium *medium, void *buf, gsize len)
{
	return await_for(medium, buf, len, WAIT_MS);
}

gssize
medium_suite_insist(hb_medium *from, hb_medium *to, const char *text, void *buf, gsize len)
{
	gssize got = -3;

	for (guint i = 0; i < WAIT_MS / AGAIN_MS && got == -3; i++) {
		g_assert_cmpint(ops->write(from, text, strlen(text)), ==, 0);
		got = await_for(to, buf, len, AGAIN_MS);
	}
	return got;
}

/* Two ends, or one that answers itself. */
typedef struct {
	hb_medium *from;
	hb_medium *to;
} Ends;

static Ends
open_ends(void)
{
	Ends ends = { .from = medium_suite_open(0, suite->words[0]) };

	ends.to = suite->answers_itself ? ends.from : medium_suite_open(1, suite->words[1]);
	return ends;
}

static void
close_ends(Ends *ends)
{
	sender = NULL;
	if (ends->to != ends->from)
		ops->close(ends->to);
	ops->close(ends->from);
}

/* A packet of the given length; of a stream one with its marks, and no shorter than these. */
static gsize
fill_packet(guint8 *packet, gsize len)
{
	static const char begin[] = ">>>\n", end[] = "\n<<<\n";
	gsize marks = sizeof begin - 1 + sizeof end - 1;

	if (!(ops->flags & HB_MEDIUM_STRING)) {
		for (gsize i = 0; i < len; i++)
			packet[i] = (guint8)(i * 7 + len);
		return len;
	}
	len = MAX(len, marks);
	memset(packet, 'a' + (int)(len % 26), len);
	memcpy(packet, begin, sizeof begin - 1);
	memcpy(packet + len - (sizeof end - 1), end, sizeof end - 1);
	return len;
}

int
medium_suite_write(hb_medium *medium, const void *data, gsize len)
{
	int result = ops->write(medium, data, len);

	sender = medium;
	if (ops->flush != NULL)
		(void)ops->flush(medium);
	return result;
}

static void
assert_arrives(Ends *ends, gsize len)
{
	g_autofree guint8 *sent = g_malloc(len + 16);
	g_autofree guint8 *got = g_malloc0(len + 16);

	len = fill_packet(sent, len);
	g_assert_cmpint(medium_suite_write(ends->from, sent, len), ==, 0);
	g_assert_cmpint(medium_suite_await(ends->to, got, len + 1), ==, (gssize)len);
	g_assert_cmpmem(got, len, sent, len);
}

static void
test_a_good_line_is_read(void)
{
	hb_medium *medium = medium_suite_parse(suite->words[0]);
	hb_medium_want want = { 0 };

	g_assert_cmpstr(ops->link_name(medium), ==, suite->link_name);
	g_assert_cmpstr(ops->far_name(medium), ==, suite->far_name);
	g_assert_cmpint(ops->poll_fd(medium), ==, -1);
	ops->wants(medium, &want);
	g_assert_cmpmem(&want, sizeof want, &suite->want, sizeof suite->want);
	ops->close(medium);
}

static void
test_a_bad_line_is_refused_with_the_cure(void)
{
	const hb_medium_defaults defaults = { .udpport = MEDIUM_UDPPORT, .baud = MEDIUM_BAUD };

	for (const MediumBad *bad = suite->bad; bad->words != NULL; bad++) {
		char err[HB_MEDIUM_ERR_MAX + 1];

		memset(err, 'x', sizeof err);
		g_assert_null(ops->parse(bad->words, &defaults, err));
		g_assert_cmpint(err[HB_MEDIUM_ERR_MAX], ==, 'x');
		err[HB_MEDIUM_ERR_MAX] = '\0';
		g_assert_nonnull(strstr(err, bad->complaint));
	}
}

static void
test_nothing_is_closed_twice(void)
{
	hb_medium *medium = medium_suite_parse(suite->words[0]);

	ops->shut(medium);
	ops->shut(medium);
	ops->close(medium);
	ops->close(NULL);
}

static void
test_before_open_nothing_is_sent_or_read(void)
{
	hb_medium *medium = medium_suite_parse(suite->words[0]);
	char buf[8];

	g_assert_cmpint(ops->write(medium, "x", 1), <, 0);
	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -2);
	ops->close(medium);
}

static void
test_packets_arrive_as_they_were_sent(void)
{
	const gsize lens[] = { 1, 2, 390, 1472, 4001, 0 };
	Ends ends;

	if (!medium_hosts_has_hosts())
		return;
	ends = open_ends();
	for (guint i = 0; i < G_N_ELEMENTS(lens); i++)
		assert_arrives(&ends, lens[i]);
	close_ends(&ends);
}

static void
test_an_oversize_packet_fills_the_buffer_and_harms_nothing(void)
{
	guint8 buf[65];
	guint8 long_one[200];
	Ends ends;

	if (!medium_hosts_has_hosts())
		return;
	ends = open_ends();
	fill_packet(long_one, sizeof long_one);
	memset(buf, 0, sizeof buf);
	g_assert_cmpint(medium_suite_write(ends.from, long_one, sizeof long_one), ==, 0);
	g_assert_cmpint(medium_suite_await(ends.to, buf, 64), ==, 64);
	g_assert_cmpint(buf[63], ==, long_one[63]);
	g_assert_cmpint(buf[64], ==, 0);
	assert_arrives(&ends, 10);
	g_assert_cmpint(ops->write(ends.from, buf, 300000), ==, -EMSGSIZE);
	close_ends(&ends);
}

static void
test_with_nothing_there_read_says_so_at_once(void)
{
	hb_medium *medium;
	char buf[64];

	if (!medium_hosts_has_hosts())
		return;
	medium = medium_suite_open(0, suite->words[0]);
	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	ops->close(medium);
}

static void
test_it_can_be_opened_again_after_shut(void)
{
	Ends ends;

	if (!medium_hosts_has_hosts())
		return;
	ends = open_ends();
	for (guint i = 0; i < 3; i++) {
		assert_arrives(&ends, 20 + i);
		ops->shut(ends.from);
		g_assert_cmpint(ops->poll_fd(ends.from), ==, -1);
		reopen(0, ends.from);
	}
	close_ends(&ends);
}

static void
test_its_descriptors_neither_block_nor_are_inherited(void)
{
	hb_medium *medium;

	if (!medium_hosts_has_hosts())
		return;
	medium = medium_suite_open(0, suite->words[0]);
	for (int fd = 3; fd < 64; fd++) {
		struct sockaddr_storage any;
		socklen_t len = sizeof any;

		if (fd != ops->poll_fd(medium) && getsockname(fd, (struct sockaddr *)&any, &len) < 0)
			continue;
		g_assert_cmpint(fcntl(fd, F_GETFD) & FD_CLOEXEC, !=, 0);
		g_assert_cmpint(fcntl(fd, F_GETFL) & O_NONBLOCK, !=, 0);
	}
	ops->close(medium);
}

static void
test_a_missing_interface_is_named_and_may_come_later(void)
{
	char err[HB_MEDIUM_ERR_MAX] = "";
	hb_medium_want want = { 0 };
	hb_medium *medium;
	int fd;

	if (!medium_hosts_has_hosts())
		return;
	medium_hosts_enter(0);
	medium = medium_suite_parse(suite->missing_words);
	ops->wants(medium, &want);
	fd = medium_suite_open_want(&want);
	g_assert_cmpint(ops->open(medium, fd, err), ==, -1);
	g_assert_nonnull(strstr(err, "interface hbm9 does not exist"));
	g_assert_cmpint(fcntl(fd, F_GETFD), ==, -1);
	g_assert_cmpint(ops->poll_fd(medium), ==, -1);

	medium_hosts_add_link(0, "hbm9", NULL);
	err[0] = '\0';
	if (suite->wants_address) {
		g_assert_cmpint(ops->open(medium, medium_suite_open_want(&want), err), ==, -1);
		g_assert_nonnull(strstr(err, "interface hbm9 has no IPv4 address"));
	}
	medium_hosts_run(0, "ip address add 10.79.0.1/24 dev hbm9");
	reopen(0, medium);
	ops->close(medium);
	medium_hosts_remove_link(0, "hbm9");
}

static void
test_a_cut_cable_ends_packets_and_a_mended_one_brings_them_back(void)
{
	Ends ends;
	char buf[64];

	if (!medium_hosts_has_hosts())
		return;
	ends = open_ends();
	assert_arrives(&ends, 30);
	medium_hosts_run(1, "ip link set " MEDIUM_DEVICE " down");
	(void)ops->write(ends.from, "lost", 4);
	g_assert_cmpint(ops->read(ends.to, buf, sizeof buf), ==, -1);
	medium_hosts_run(1, "ip link set " MEDIUM_DEVICE " up");
	g_assert_true(medium_hosts_address_v6(1));
	/* What was sent while the neighbour was unknown may come late. */
	for (guint i = 0; i < 100; i++)
		if (medium_suite_insist(ends.from, ends.to, "mended", buf, sizeof buf) == 6)
			break;
	g_assert_cmpmem(buf, 6, "mended", 6);
	close_ends(&ends);
}

static void
add(const char *name, void (*test)(void))
{
	g_autofree char *path = g_strdup_printf("/%s/%s", suite->name, name);

	g_test_add_func(path, test);
}

const hb_medium_ops *
medium_suite_init(const MediumSuite *the_suite)
{
	g_autoptr(GError) error = NULL;
	const char *top = g_getenv("HB_BUILDDIR");

	suite = the_suite;
	hb_plugin_set_dir(top != NULL ? top : ".");
	ops = hb_plugin_medium(suite->name, &error);
	g_assert_no_error(error);
	medium_hosts_make(suite->want.kind != HB_WANT_TTY);
	add("a_good_line_is_read", test_a_good_line_is_read);
	add("a_bad_line_is_refused_with_the_cure", test_a_bad_line_is_refused_with_the_cure);
	add("nothing_is_closed_twice", test_nothing_is_closed_twice);
	add("before_open_nothing_is_sent_or_read", test_before_open_nothing_is_sent_or_read);
	add("packets_arrive_as_they_were_sent", test_packets_arrive_as_they_were_sent);
	add("an_oversize_packet_fills_the_buffer_and_harms_nothing",
	    test_an_oversize_packet_fills_the_buffer_and_harms_nothing);
	add("with_nothing_there_read_says_so_at_once", test_with_nothing_there_read_says_so_at_once);
	add("it_can_be_opened_again_after_shut", test_it_can_be_opened_again_after_shut);
	add("its_descriptors_neither_block_nor_are_inherited",
	    test_its_descriptors_neither_block_nor_are_inherited);
	if (suite->want.kind != HB_WANT_TTY)
		add("a_cut_cable_ends_packets_and_a_mended_one_brings_them_back",
		    test_a_cut_cable_ends_packets_and_a_mended_one_brings_them_back);
	if (suite->missing_words != NULL)
		add("a_missing_interface_is_named_and_may_come_later",
		    test_a_missing_interface_is_named_and_may_come_later);
	return ops;
}
