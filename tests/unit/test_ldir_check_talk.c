/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conversations over real connections: whoever does not answer, or answers too much, costs only itself
 * (doc/ldirectord.md 3.4). What is said in them: test_ldir_talk.c. */
#define _GNU_SOURCE     /* unshare() */
#include "ldir_check_fixture.h"
#include "util/banned.h"

#define SHORT "\tnegotiatetimeout=1\n\tchecktimeout=1\n"

static void
test_dialogues_over_tcp(void)
{
	static const CheckRow rows[] = {
		{ ">220_hi\\r\\n <EHLO >250_ok\\r\\n <QUIT\\r\\n", "\tservice=smtp\n", TRUE, "250 ok" },
		{ ">+OK\\r\\n <USER_joe\\r\\n >+OK\\r\\n <PASS_pw\\r\\n >-ERR_no\\r\\n close",
		  "\tservice=pop\n\tlogin=\"joe\"\n\tpasswd=\"pw\"\n", FALSE, "-ERR no" },
		{ ">*_OK\\r\\n <LOGOUT\\r\\n", "\tservice=imap\n", TRUE, "* OK" },
		{ ">200_hi\\r\\n <QUIT\\r\\n", "\tservice=nntp\n", TRUE, "200 hi" },
		{ "<ask\\n >one\\ntwo\\n close", "\tservice=simpletcp\n\trequest=\"ask\\n\"\n\treceive=\"^two$\"\n", TRUE, NULL },
		{ ">one\\ntwo\\n close", "\tservice=simpletcp\n\treceivenot=\"^two$\"\n", FALSE, "receivenot=" },
		{ ">one\\ntwo\\n close", "\tservice=simpletcp\n\treceivenot=\"one.two\"\n", TRUE, NULL },
		{ ">75%_up\\n", "\tservice=agent\n", TRUE, "75% up" },
		{ ">drain\\n hang", "\tservice=agent\n", TRUE, "drain" },
		{ "close", "\tservice=agent\n", FALSE, "no answer" },
		{ "<\\r\\n\\r\\n >SIP/2.0_200_OK\\r\\n\\r\\n hang", "\tservice=sip\n\tprotocol=tcp\n", TRUE, "200 OK" },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_silence_refusal_and_floods_end(void)
{
	static const char *const services[] = { "smtp", "pop", "imap", "nntp", "ftp", "ldap", "simpletcp" };

	for (guint i = 0; i < G_N_ELEMENTS(services); i++) {
		g_autofree char *section = g_strdup_printf("\tservice=%s\n" SHORT, services[i]);

		if (i < 2)      /* the deadline is the same code for all */
			check_expect("hang", section, FALSE, "timed out");
		check_expect(NULL, section, FALSE, "Connection refused");
		if (strcmp(services[i], "simpletcp") != 0)
			check_expect("flood", section, FALSE, NULL);
		check_expect("reset", section, FALSE, NULL);
		check_expect("close", section, FALSE, NULL);
	}
	/* the beginning of an endless answer counts */
	check_expect(">good\\n flood", "\tservice=simpletcp\n\treceive=\"^good$\"\n", TRUE, NULL);
}

static void
test_ftp_takes_the_file_from_another_port(void)
{
	CheckServer data, control;
	g_autofree char *script = NULL;

	server_start(&data, ">say_hello close");
	script = g_strdup_printf(">220_hi\\r\\n <USER_anonymous\\r\\n >331_pw\\r\\n <PASS >230_in\\r\\n <TYPE_I\\r\\n >200_ok\\r\\n "
	                         "<EPSV\\r\\n >229_here_(|||%u|)\\r\\n <RETR_/f\\r\\n >150_comes\\r\\n >226_done\\r\\n <QUIT\\r\\n", data.port);
	server_start(&control, script);
	check_expect_port(control.port, "\tservice=ftp\n\trequest=\"f\"\n\treceive=\"hello\"\n", TRUE, "transferred");
	check_expect_port(control.port, "\tservice=ftp\n\trequest=\"f\"\n\treceive=\"bye\"\n", FALSE, "receive=");
	check_expect_port(control.port, "\tservice=ftp\n\trequest=\"f\"\n\treceivenot=\"hello\"\n", FALSE, "receivenot=");
	server_stop(&data);
	/* nobody there any more */
	check_expect_port(control.port, "\tservice=ftp\n\trequest=\"f\"\n", FALSE, "cannot connect for the file");
	server_stop(&control);
}

/* ---- UDP ---- */

typedef struct {
	CheckServer base;
	guint8 answer[64];      /* its first octets are those of the question, as many as .n_copied */
	gsize len, n_copied;
	guint n_ignored;        /* of the first questions */
} UdpServer;

static gpointer
udp_thread(gpointer data)
{
	UdpServer *server = data;

	while (g_atomic_int_get(&server->base.is_over) == 0) {
		struct pollfd poll_fd = { server->base.fd, POLLIN, 0 };
		struct sockaddr_in from;
		socklen_t from_len = sizeof from;
		guint8 question[2048];

		if (poll(&poll_fd, 1, 20) <= 0 ||
		    recvfrom(server->base.fd, question, sizeof question, 0, (struct sockaddr *)&from, &from_len) < 0)
			continue;
		if (server->n_ignored > 0) {
			server->n_ignored--;
			continue;
		}
		memcpy(server->answer, question, server->n_copied);
		(void)sendto(server->base.fd, server->answer, server->len, 0, (struct sockaddr *)&from, from_len);
	}
	return NULL;
}

static void
udp_start(UdpServer *server, const void *answer, gsize len, gsize n_copied, guint n_ignored)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t addr_len = sizeof addr;

	*server = (UdpServer){ .len = len, .n_copied = n_copied, .n_ignored = n_ignored };
	memcpy(server->answer, answer, len);
	server->base.heard = g_string_new(NULL);
	server->base.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	g_assert_cmpint(bind(server->base.fd, (struct sockaddr *)&addr, sizeof addr), ==, 0);
	g_assert_cmpint(getsockname(server->base.fd, (struct sockaddr *)&addr, &addr_len), ==, 0);
	server->base.port = ntohs(addr.sin_port);
	server->base.thread = g_thread_new("udp", udp_thread, server);
}

#define DNS "\tservice=dns\n\tprotocol=udp\n\trequest=\"a.bc\"\n"

static void
test_dns_asks_again_until_it_is_answered(void)
{
	static const guint8 answer[] = {
		0, 0, 0x81, 0x80, 0, 0, 0, 1, 0, 0, 0, 0, 1, 'a', 2, 'b', 'c', 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 1, 2, 3,
	};
	UdpServer server;

	udp_start(&server, answer, sizeof answer, 2, 1);
	check_expect_port(server.base.port, DNS "\treceive=\"^10.1.2.3$\"\n", TRUE, "10.1.2.3");
	check_expect_port(server.base.port, DNS "\treceive=\"^10.1.2.4$\"\n", FALSE, "Response mismatch");
	check_expect_port(server.base.port, DNS "\treceivenot=\"^10.1.2.3$\"\n", FALSE, "Response mismatch");
	check_expect_port(server.base.port, DNS "\treceivenot=\"^10.1.2.4$\"\n", TRUE, "10.1.2.3");
	server_stop(&server.base);
}

static void
test_a_closed_port_of_udp_is_bad_at_once(void)
{
	UdpServer server;
	guint16 port;

	udp_start(&server, "", 0, 0, 0);
	port = server.base.port;
	server_stop(&server.base);
	check_expect_port(port, DNS, FALSE, "the port is closed");
	check_expect_port(port, "\tservice=radius\n\tlogin=\"a\"\n\tpasswd=\"b\"\n\tsecret=\"c\"\n", FALSE, "the port is closed");
}

static void
test_what_is_not_for_us_is_not_heard(void)
{
	static const guint8 noise[] = { 9, 9, 9, 9 };
	UdpServer server;

	udp_start(&server, noise, sizeof noise, 0, 0);
	check_expect_port(server.base.port, DNS SHORT, FALSE, "timed out");
	check_expect_port(server.base.port, "\tservice=radius\n\tlogin=\"a\"\n\tsecret=\"c\"\n" SHORT, FALSE, "timed out");
	check_expect_port(server.base.port, "\tservice=sip\n\tprotocol=udp\n" SHORT, FALSE, "no answer of SIP");
	server_stop(&server.base);
}

int
main(int argc, char **argv)
{
	if (!check_network())
		return EXIT_SKIPPED;
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir_check_talk/dialogues_over_tcp", test_dialogues_over_tcp);
	g_test_add_func("/ldir_check_talk/silence_refusal_and_floods_end", test_silence_refusal_and_floods_end);
	g_test_add_func("/ldir_check_talk/ftp_takes_the_file_from_another_port", test_ftp_takes_the_file_from_another_port);
	g_test_add_func("/ldir_check_talk/dns_asks_again_until_it_is_answered", test_dns_asks_again_until_it_is_answered);
	g_test_add_func("/ldir_check_talk/a_closed_port_of_udp_is_bad_at_once", test_a_closed_port_of_udp_is_bad_at_once);
	g_test_add_func("/ldir_check_talk/what_is_not_for_us_is_not_heard", test_what_is_not_for_us_is_not_heard);
	return g_test_run();
}
