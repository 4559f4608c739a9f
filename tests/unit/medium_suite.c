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
static int hosts[MEDIUM_N_HOSTS] = { -1, -1 };
static gboolean has_hosts;
static hb_medium *sender;       /* of the packet that is awaited, where it does not send at once */

gboolean
medium_suite_has_hosts(void)
{
	if (!has_hosts)
		g_test_skip("network namespaces cannot be made here");
	return has_hosts;
}

void
medium_suite_enter(guint host)
{
	if (hosts[host] < 0)    /* terminals are where they are */
		return;
	g_assert_cmpint(setns(hosts[host], CLONE_NEWNET), ==, 0);
}

static gboolean
run(const char *command)
{
	int status = -1;

	return g_spawn_command_line_sync(command, NULL, NULL, &status, NULL) &&
	       g_spawn_check_wait_status(status, NULL);
}

void
medium_suite_run(guint host, const char *command)
{
	medium_suite_enter(host);
	if (!run(command))
		g_error("failed: %s", command);
}

/* Until the kernel has noticed the cable, up to a second after both ends are up, it throws away what is sent. */
static gboolean
await_carrier(const char *name)
{
	g_autofree char *show = g_strdup_printf("ip link show dev %s", name);
	gint64 end_us = g_get_monotonic_time() + (gint64)WAIT_MS * 1000;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { 0 };

	g_strlcpy(ifr.ifr_name, name, sizeof ifr.ifr_name);
	while (ioctl(fd, SIOCGIFFLAGS, &ifr) == 0 && (ifr.ifr_flags & IFF_RUNNING) == 0 && g_get_monotonic_time() < end_us)
		g_usleep(5000);
	(void)close(fd);
	/* It sends when the work is over that has set the flag; this waits for its lock. */
	return (ifr.ifr_flags & IFF_RUNNING) != 0 && run(show);
}

/* A veth pair with both ends here: not every kernel has dummy interfaces. */
void
medium_suite_add_link(guint host, const char *name, const char *address)
{
	g_autofree char *link = g_strdup_printf("ip link add %s type veth peer name %sx", name, name);
	g_autofree char *near_up = g_strdup_printf("ip link set %s up", name);
	g_autofree char *far_up = g_strdup_printf("ip link set %sx up", name);
	g_autofree char *add = g_strdup_printf("ip address add %s dev %s", address != NULL ? address : "", name);

	medium_suite_run(host, link);
	medium_suite_run(host, near_up);
	medium_suite_run(host, far_up);
	if (address != NULL)
		medium_suite_run(host, add);
	g_assert_true(await_carrier(name));
}

void
medium_suite_remove_link(guint host, const char *name)
{
	g_autofree char *command = g_strdup_printf("ip link delete %s", name);

	medium_suite_run(host, command);
}

static gboolean
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	gssize done = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		(void)close(fd);
	return done == (gssize)strlen(text);
}

/* Becomes root of a user namespace of its own, if it is not root already. */
static gboolean
get_rights(void)
{
	g_autofree char *uids = g_strdup_printf("0 %u 1", (guint)geteuid());
	g_autofree char *gids = g_strdup_printf("0 %u 1", (guint)getegid());

	if (geteuid() == 0)
		return TRUE;
	return unshare(CLONE_NEWUSER) == 0 && put("/proc/self/setgroups", "deny") &&
	       put("/proc/self/uid_map", uids) && put("/proc/self/gid_map", gids);
}

static gboolean
make_host(guint host)
{
	if (unshare(CLONE_NEWNET) < 0)
		return FALSE;
	hosts[host] = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	return hosts[host] >= 0 && run("ip link set lo up");
}

/* Unlike those of IPv4 they are lost whenever the interface goes down. */
static gboolean
address_host_v6(guint host)
{
	g_autofree char *wide = g_strdup_printf("ip address replace fd77::%u/64 nodad dev " MEDIUM_DEVICE, host + 1);
	g_autofree char *link = g_strdup_printf("ip address replace fe80::%u/64 nodad dev " MEDIUM_DEVICE, host + 1);

	medium_suite_enter(host);
	return run(wide) && run(link);
}

static gboolean
address_host(guint host, const char *address)
{
	g_autofree char *add = g_strdup_printf("ip address add %s/24 dev " MEDIUM_DEVICE, address);

	medium_suite_enter(host);
	/* Nothing on the cable but what the tests send. */
	(void)run("ip link set " MEDIUM_DEVICE " addrgenmode none");
	return run(add) && run("ip link set " MEDIUM_DEVICE " up") && address_host_v6(host);
}

static gboolean
make_hosts(void)
{
	g_autofree char *cable = NULL;

	if (!get_rights() || !make_host(0) || !make_host(1))
		return FALSE;
	cable = g_strdup_printf("ip link add " MEDIUM_DEVICE " type veth peer name " MEDIUM_DEVICE
	                        " netns /proc/%d/fd/%d", (int)getpid(), hosts[0]);
	if (!run(cable) || !address_host(0, MEDIUM_ADDRESS_0) || !address_host(1, MEDIUM_ADDRESS_1))
		return FALSE;
	for (guint host = 0; host < MEDIUM_N_HOSTS; host++) {
		medium_suite_enter(host);
		if (!await_carrier(MEDIUM_DEVICE))
			return FALSE;
	}
	return TRUE;
}

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

	medium_suite_enter(host);
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

	if (!medium_suite_has_hosts())
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

	if (!medium_suite_has_hosts())
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

	if (!medium_suite_has_hosts())
		return;
	medium = medium_suite_open(0, suite->words[0]);
	g_assert_cmpint(ops->read(medium, buf, sizeof buf), ==, -1);
	ops->close(medium);
}

static void
test_it_can_be_opened_again_after_shut(void)
{
	Ends ends;

	if (!medium_suite_has_hosts())
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

	if (!medium_suite_has_hosts())
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

	if (!medium_suite_has_hosts())
		return;
	medium_suite_enter(0);
	medium = medium_suite_parse(suite->missing_words);
	ops->wants(medium, &want);
	fd = medium_suite_open_want(&want);
	g_assert_cmpint(ops->open(medium, fd, err), ==, -1);
	g_assert_nonnull(strstr(err, "interface hbm9 does not exist"));
	g_assert_cmpint(fcntl(fd, F_GETFD), ==, -1);
	g_assert_cmpint(ops->poll_fd(medium), ==, -1);

	medium_suite_add_link(0, "hbm9", NULL);
	err[0] = '\0';
	if (suite->wants_address) {
		g_assert_cmpint(ops->open(medium, medium_suite_open_want(&want), err), ==, -1);
		g_assert_nonnull(strstr(err, "interface hbm9 has no IPv4 address"));
	}
	medium_suite_run(0, "ip address add 10.79.0.1/24 dev hbm9");
	reopen(0, medium);
	ops->close(medium);
	medium_suite_remove_link(0, "hbm9");
}

static void
test_a_cut_cable_ends_packets_and_a_mended_one_brings_them_back(void)
{
	Ends ends;
	char buf[64];

	if (!medium_suite_has_hosts())
		return;
	ends = open_ends();
	assert_arrives(&ends, 30);
	medium_suite_run(1, "ip link set " MEDIUM_DEVICE " down");
	(void)ops->write(ends.from, "lost", 4);
	g_assert_cmpint(ops->read(ends.to, buf, sizeof buf), ==, -1);
	medium_suite_run(1, "ip link set " MEDIUM_DEVICE " up");
	g_assert_true(address_host_v6(1));
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
	has_hosts = suite->want.kind == HB_WANT_TTY || make_hosts();
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
