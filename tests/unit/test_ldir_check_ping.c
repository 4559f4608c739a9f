/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks by ICMP echo (doc/ldirectord.md 3.2). */
#define _GNU_SOURCE     /* unshare() */
#include "ldir_check_fixture.h"
#include "ldirectord/check/icmp_echo.h"
#include "util/banned.h"

static void
expect(const char *text, gboolean is_good, const char *why)
{
	CheckFixture f = check_once(text);

	if (f.is_good != is_good || strstr(f.why, why) == NULL)
		g_error("%s: %d %s", text, f.is_good, f.why);
	check_done(&f);
}

static void
test_who_answers_is_good(void)
{
	expect("virtual=10.0.0.1:80\n\treal=127.0.0.1:80 masq\n\tchecktype=ping\n", TRUE, "answered");
	expect("virtual=10.0.0.1:80\n\treal=127.0.0.3:80 masq\n\tchecktype=ping\n", TRUE, "answered");
	/* nothing can be connected to over UDP */
	expect("virtual=10.0.0.1:5000\n\treal=127.0.0.1:5000 masq\n\tchecktype=connect\n\tprotocol=udp\n", TRUE, "answered");
	if (g_file_test("/proc/net/if_inet6", G_FILE_TEST_EXISTS))
		expect("virtual6=[fd77::1]:80\n\treal6=[::1]:80 masq\n\tchecktype=ping\n", TRUE, "answered");
}

/* In the network of this test alone. FALSE: that cannot be had here. */
static gboolean
hush(void)
{
	g_auto(HbFd) fd = open("/proc/sys/net/ipv4/icmp_echo_ignore_all", O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, "1", 1) == 1;
}

static void
test_who_does_not_answer_is_bad_after_all_tries(void)
{
	gint64 began_ms = hb_time_now_ms();

	expect("virtual=10.0.0.1:80\n\treal=192.0.2.1:80 masq\n\tchecktype=ping\n", FALSE, "cannot ping");
	if (!hush()) {
		g_test_skip("this kernel answers always");
		return;
	}
	expect("virtual=10.0.0.1:80\n\treal=127.0.0.1:80 masq\n\tchecktype=ping\n\tchecktimeout=1\n\tcheckcount=2\n",
	       FALSE, "no answer");
	g_assert_cmpint(hb_time_now_ms() - began_ms, >=, 2000);
}

static void
test_only_our_own_answers_count(void)
{
	const LdirEcho sent = { 0x1122334455667788, 42, 7 };
	guint8 packet[20 + LDIR_ECHO_LEN] = { 0x45 };
	guint8 *icmp = packet + 20;
	LdirEcho got = { 0 };

	ldir_echo_write(icmp, AF_INET, 0x1234, 1, &sent);
	g_assert_false(ldir_echo_read(packet, sizeof packet, AF_INET, TRUE, 0x1234, sent.secret, &got));    /* a request */
	icmp[0] = 0;
	g_assert_true(ldir_echo_read(packet, sizeof packet, AF_INET, TRUE, 0x1234, sent.secret, &got));
	g_assert_cmpuint(got.id, ==, 42);
	g_assert_cmpuint(got.nonce, ==, 7);
	g_assert_true(ldir_echo_read(icmp, LDIR_ECHO_LEN, AF_INET, FALSE, -1, sent.secret, &got));
	g_assert_false(ldir_echo_read(packet, sizeof packet, AF_INET, TRUE, 0x1235, sent.secret, &got));
	g_assert_false(ldir_echo_read(packet, sizeof packet, AF_INET, TRUE, 0x1234, sent.secret + 1, &got));
	for (gsize len = 0; len < sizeof packet; len++)
		g_assert_false(ldir_echo_read(packet, len, AF_INET, TRUE, 0x1234, sent.secret, &got));
	packet[0] = 0x4f;       /* a header longer than the packet says */
	g_assert_false(ldir_echo_read(packet, sizeof packet, AF_INET, TRUE, 0x1234, sent.secret, &got));
}

int
main(int argc, char **argv)
{
	if (!check_network())
		return EXIT_SKIPPED;
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir_check_ping/who_answers_is_good", test_who_answers_is_good);
	g_test_add_func("/ldir_check_ping/who_does_not_answer_is_bad_after_all_tries",
	                test_who_does_not_answer_is_bad_after_all_tries);
	g_test_add_func("/ldir_check_ping/only_our_own_answers_count", test_only_our_own_answers_count);
	return g_test_run();
}
