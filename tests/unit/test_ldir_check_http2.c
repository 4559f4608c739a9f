/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks by HTTP/2 against servers of it, with TLS and without: who is asked in which version, and what follows (doc/ldirectord.md 3.4). */
#define _GNU_SOURCE     /* unshare() */
#include <signal.h>

#include "ldir_check_fixture.h"
#include "ldir_h2_fixture.h"
#include "ldir_tls_fixture.h"
#include "util/banned.h"

#define HTTP  "\tservice=http\n\thttpversion=2\n"
#define HTTPS "\tservice=https\n\thttpversion=2\n\tsslverify=none\n"

/* Each connection gets the next answer, and then the last one again. */
typedef struct {
	CheckServer base;       /* its thread is ours */
	gboolean is_tls;
	const char *answers[3];
	guint n;                /* connections */
	GString *heard;         /* by all of them */
} Server;

/* 0 the client has ended, < 0 nothing just now */
static int
read_some(int fd, SSL *ssl, void *data, int len)
{
	struct pollfd poll_fd = { fd, POLLIN, 0 };

	if ((ssl == NULL || SSL_pending(ssl) == 0) && poll(&poll_fd, 1, 20) <= 0)
		return -1;
	len = ssl != NULL ? SSL_read(ssl, data, len) : (int)recv(fd, data, (gsize)len, 0);
	return MAX(len, 0);
}

static void
serve(Server *server, int fd, SSL *ssl)
{
	guint at = MIN(server->n, G_N_ELEMENTS(server->answers) - 1);
	guint8 octets[4096];
	const guint8 *data;
	H2Server h2;
	gsize len;
	int n;

	while (server->answers[at] == NULL)
		at--;
	h2_server_init(&h2, server->answers[at], 0);
	while (g_atomic_int_get(&server->base.is_over) == 0) {
		while (h2_server_say(&h2, &data, &len))
			(void)(ssl != NULL ? SSL_write(ssl, data, (int)len) : (int)send(fd, data, len, MSG_NOSIGNAL));
		n = read_some(fd, ssl, octets, sizeof octets);
		if (n == 0 || (n > 0 && !h2_server_take(&h2, octets, (gsize)n)))
			break;
	}
	g_string_append(server->heard, h2.heard->str);
	h2_server_done(&h2);
	server->n++;
}

static gpointer
server_main(gpointer data)
{
	Server *server = data;

	while (g_atomic_int_get(&server->base.is_over) == 0) {
		struct pollfd poll_fd = { server->base.fd, POLLIN, 0 };
		const struct timeval limit = { 10, 0 };
		SSL *ssl = NULL;
		int fd;

		if (poll(&poll_fd, 1, 20) <= 0)
			continue;
		fd = accept(server->base.fd, NULL, NULL);
		if (fd < 0)
			continue;
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
		if (server->is_tls) {
			ssl = SSL_new(context);
			(void)SSL_set_fd(ssl, fd);
		}
		if (ssl == NULL || SSL_accept(ssl) == 1)
			serve(server, fd, ssl);
		SSL_free(ssl);
		(void)close(fd);
	}
	return NULL;
}

static void
start(Server *server, gboolean is_tls, const char *first, const char *second)
{
	*server = (Server){ .is_tls = is_tls, .answers = { first, second }, .heard = g_string_new(NULL) };
	server_start(&server->base, NULL);
	g_assert_cmpint(listen(server->base.fd, 16), ==, 0);
	server->base.thread = g_thread_new("http2", server_main, server);
}

/* What all connections have said until now (transfer full) */
static char *
stop(Server *server)
{
	char *heard;

	g_atomic_int_set(&server->base.is_over, 1);
	g_thread_join(g_steal_pointer(&server->base.thread));
	heard = g_string_free(g_steal_pointer(&server->heard), FALSE);
	server_stop(&server->base);
	return heard;
}

static char *
ask(gboolean is_tls, const char *answer, const char *section, gboolean is_good, const char *why)
{
	Server server;

	start(&server, is_tls, answer, NULL);
	check_expect_port(server.base.port, section, is_good, why);
	return stop(&server);
}

/* ---- which version ---- */

typedef enum { CHOOSES, REFUSES, KNOWS_NOTHING } Alpn;

static int
choose(SSL *ssl, const unsigned char **out, unsigned char *out_len, const unsigned char *in, unsigned int len, void *user)
{
	static const unsigned char wanted[] = "\2h2";
	unsigned char *chosen;

	(void)ssl;
	if (GPOINTER_TO_INT(user) == REFUSES ||
	    SSL_select_next_proto(&chosen, out_len, wanted, sizeof wanted - 1, in, len) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

static void
servers_choose(Alpn alpn)
{
	SSL_CTX_set_alpn_select_cb(context, alpn == KNOWS_NOTHING ? NULL : choose, GINT_TO_POINTER((int)alpn));
}

#define PAGE "200\ncontent-length: 5\n\nhello"

static void
test_http2_is_spoken_in_the_clear_and_over_tls(void)
{
	g_autofree char *clear = ask(FALSE, PAGE, HTTP "\treceive=\"^hello$\"\n\trequest=\"a?b\"\n", TRUE, "HTTP/2 200");
	g_autofree char *tls = ask(TRUE, PAGE, HTTPS "\treceive=\"^hello$\"\n\tvirtualhost=" NAME "\n", TRUE, "HTTP/2 200");

	g_assert_true(g_str_has_prefix(clear, ":method: GET\n:scheme: http\n:authority: 127.0.0.1\n:path: /a?b\nuser-agent: "));
	g_assert_true(g_str_has_prefix(tls, ":method: GET\n:scheme: https\n:authority: " NAME "\n:path: /\nuser-agent: "));
	g_free(ask(FALSE, PAGE, HTTP "\treceive=\"bye\"\n", FALSE, "receive="));
	g_free(ask(FALSE, PAGE, HTTP "\treceivenot=\"hell\"\n", FALSE, "receivenot="));
	g_free(ask(TRUE, "503\n\n", HTTPS, FALSE, "HTTP/2 503"));
	g_free(ask(TRUE, "503\n\n", HTTPS "\thttpstatus=200-299,503\n", TRUE, "HTTP/2 503"));
	g_free(ask(TRUE, "200\ncontent-length: 9\n\n", HTTPS "\thttpmethod=HEAD\n", TRUE, "HTTP/2 200"));
	g_free(ask(FALSE, NULL, HTTP "\tcheckport=1\n", FALSE, "500 Can't connect to 127.0.0.1:1 (Connection refused)"));
}

static void
test_a_server_that_does_not_choose_it_is_bad(void)
{
	servers_choose(KNOWS_NOTHING);
	g_free(ask(TRUE, PAGE, HTTPS, FALSE, "(the server does not choose HTTP/2 (h2) by ALPN)"));
	servers_choose(REFUSES);
	g_free(ask(TRUE, PAGE, HTTPS, FALSE, "(the server does not choose HTTP/2 (h2) by ALPN)"));
	servers_choose(CHOOSES);
}

static void
test_a_server_of_another_version_is_bad(void)
{
	static const CheckRow rows[] = {
		{ "<SM >HTTP/1.1_400_Bad_Request\\r\\nContent-Length:_0\\r\\n\\r\\n hang", HTTP, FALSE, "the server answers by HTTP/1" },
		{ "<SM close", HTTP, FALSE, NULL },
		{ "hang", HTTP "\tnegotiatetimeout=300ms\n", FALSE, "500 Timeout Alarm" },
		/* one of HTTP/2 is not asked so unless it is said */
		{ "<GET_/_HTTP/1.1\\r\\n =000000040000000000 hang", "\tservice=http\n\thttpversion=1.1\n", FALSE, "this is not HTTP/1" },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

/* ---- what else a check has ---- */

static void
test_tls_is_as_for_the_other_version(void)
{
	g_autofree char *ours = g_strdup_printf("\tservice=https\n\thttpversion=2\n\tsslca=%s\n", ca_path);
	g_autofree char *with = g_strdup_printf(HTTPS "\tsslcert=%s\n", ca_path);
	Server server;
	g_autofree char *text = NULL;
	CheckFixture f;

	g_free(ask(TRUE, PAGE, "\tservice=https\n\thttpversion=2\n", FALSE, "certificate verify failed"));
	g_free(ask(TRUE, PAGE, ours, TRUE, "HTTP/2 200"));
	g_assert_cmpint(SSL_CTX_load_verify_locations(context, ca_path, NULL), ==, 1);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	g_free(ask(TRUE, PAGE, with, TRUE, "HTTP/2 200"));
	g_free(ask(TRUE, PAGE, HTTPS, FALSE, "TLS: "));
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);

	start(&server, TRUE, PAGE, NULL);
	text = g_strdup_printf("virtual=10.0.0.1:80\n\treal=127.0.0.1:%u masq\n" HTTPS, server.base.port);
	f = check_once(text);
	g_assert_true(f.is_good);
	g_assert_true(f.said.has_certificate);
	g_assert_cmpint(f.said.certificate_days, >=, 363);
	check_done(&f);
	g_free(stop(&server));
}

static void
test_a_large_body_arrives_whole(void)
{
	g_autofree char *body = g_strnfill(65535, 'b');
	g_autofree char *clear = g_strdup_printf(HTTP "\thttpmethod=POST\n\thttpheader=\"X-Probe: Yes\"\n\thttpbody=\"%s!\"\n", body);
	g_autofree char *tls = g_strdup_printf(HTTPS "\thttpmethod=PUT\n\thttpbody=\"%s!\"\n", body);
	g_autofree char *heard = ask(FALSE, PAGE, clear, TRUE, "HTTP/2 200");
	g_autofree char *heard_tls = ask(TRUE, PAGE, tls, TRUE, "HTTP/2 200");

	g_assert_nonnull(strstr(heard, "\nx-probe: Yes\n"));
	g_assert_nonnull(strstr(heard, "\ncontent-length: 65536\n\nbbb"));
	g_assert_true(g_str_has_suffix(heard, "b!"));
	g_assert_true(g_str_has_suffix(heard_tls, "b!"));
}

/* Thousands of checks a second would else take all ports there are. */
static void
test_no_port_is_kept_behind_a_check(void)
{
	g_autofree char *sockets = NULL;
	g_auto(GStrv) lines = NULL;
	guint n = 0;

	for (guint i = 0; i < 5; i++)
		g_free(ask(FALSE, PAGE, HTTP, TRUE, "HTTP/2 200"));
	g_assert_true(g_file_get_contents("/proc/self/net/tcp", &sockets, NULL, NULL));
	lines = g_strsplit(sockets, "\n", -1);
	for (guint i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++)
		n += strstr(lines[i], " 06 ") != NULL;
	g_assert_cmpuint(n, ==, 0);
}

/* ---- where a redirection leads to ---- */

typedef struct {
	gboolean from_tls, to_tls;
	const char *to, *section;
	const char *why, *heard;        /* by HTTP/2; NULL: that asks by HTTP/1.1 */
} Move;

static void
try_move(const Move *move)
{
	Server there, here;
	CheckServer old;
	guint16 port;
	g_autofree char *answer = NULL;
	g_autofree char *text = g_strconcat(move->from_tls ? HTTPS : HTTP, move->section, NULL);

	if (move->heard != NULL)
		start(&there, move->to_tls, PAGE, NULL);
	else
		server_start(&old, "<GET_/there_HTTP/1.1\\r\\n <\\r\\n\\r\\n >HTTP/1.1_200_OK\\r\\nContent-Length:_5\\r\\n\\r\\nhello hang");
	port = move->heard != NULL ? there.base.port : old.port;
	answer = g_strdup_printf("302\nlocation: %s://%s:%u/there\n\n", move->to_tls ? "https" : "http", move->to, port);
	start(&here, move->from_tls, answer, NULL);
	check_expect_port(here.base.port, text, TRUE, move->why);
	g_free(stop(&here));
	if (move->heard != NULL) {
		g_autofree char *heard = stop(&there);

		g_test_message("%s", heard);
		g_assert_true(g_str_has_prefix(heard, move->heard));
	} else {
		server_stop(&old);
	}
}

#define ASKED(scheme, host) ":method: GET\n:scheme: " scheme "\n:authority: " host

static void
test_where_a_redirect_leads_to(void)
{
	static const Move moves[] = {
		{ FALSE, FALSE, "127.0.0.1", "", "HTTP/2 200", ASKED("http", "127.0.0.1:") },
		{ FALSE, TRUE, "127.0.0.1", "\tsslverify=none\n", "HTTP/2 200", ASKED("https", "127.0.0.1:") },
		{ TRUE, TRUE, "127.0.0.1", "", "HTTP/2 200", ASKED("https", "127.0.0.1:") },
		{ TRUE, TRUE, NAME, "\tvirtualhost=" NAME "\n", "HTTP/2 200", ASKED("https", NAME "\n") },
		/* of these nobody has said that they speak it */
		{ TRUE, FALSE, "127.0.0.1", "", "200 OK", NULL },
		{ FALSE, FALSE, "127.0.0.1", "\tvirtualhost=" NAME "\n", "200 OK", NULL },
	};

	for (guint i = 0; i < G_N_ELEMENTS(moves); i++)
		try_move(&moves[i]);
}

static void
test_redirects_have_an_end(void)
{
	g_free(ask(FALSE, "302\nlocation: /b\n\n", HTTP, FALSE, "HTTP/2 302 (redirected too often)"));
	g_free(ask(FALSE, "302\nlocation: /b\n\n", HTTP "\thttpredirect=no\n", FALSE, "HTTP/2 302"));
	g_free(ask(FALSE, "302\nlocation: /b\n\nlogin", HTTP "\thttpredirect=no\n\thttpstatus=302\n\treceive=\"login\"\n", TRUE, "HTTP/2 302"));
	g_free(ask(FALSE, "308\nlocation: http://127.0.0.2:1/b\n\n", HTTP "\thttpmethod=POST\n\thttpbody=\"x\"\n", FALSE,
	           "HTTP/2 308 (httpbody= is not for another host)"));
}

static void
test_a_request_that_is_a_url_says_who_is_asked(void)
{
	Server there;
	g_autofree char *text = NULL;
	g_autofree char *heard = NULL;
	CheckFixture f;

	start(&there, TRUE, PAGE, NULL);
	text = g_strdup_printf("virtual=10.0.0.1:80\n\treal=127.0.0.2:1 masq 1 \"https://127.0.0.1:%u/there\",\"hello\"\n"
	                       "\tvirtualhost=" NAME "\n\tsslverify=none\n" HTTP, there.base.port);
	f = check_once(text);
	g_assert_cmpstr(f.why, ==, "HTTP/2 200");
	check_done(&f);
	heard = stop(&there);
	g_assert_true(g_str_has_prefix(heard, ASKED("https", NAME "\n")));
}

int
main(int argc, char **argv)
{
	int result;

	if (!check_network())
		return EXIT_SKIPPED;
	(void)signal(SIGPIPE, SIG_IGN);
	g_test_init(&argc, &argv, NULL);
	make_identity();
	servers_choose(CHOOSES);
	g_test_add_func("/ldir_check_http2/http2_is_spoken_in_the_clear_and_over_tls", test_http2_is_spoken_in_the_clear_and_over_tls);
	g_test_add_func("/ldir_check_http2/a_server_that_does_not_choose_it_is_bad", test_a_server_that_does_not_choose_it_is_bad);
	g_test_add_func("/ldir_check_http2/a_server_of_another_version_is_bad", test_a_server_of_another_version_is_bad);
	g_test_add_func("/ldir_check_http2/tls_is_as_for_the_other_version", test_tls_is_as_for_the_other_version);
	g_test_add_func("/ldir_check_http2/a_large_body_arrives_whole", test_a_large_body_arrives_whole);
	g_test_add_func("/ldir_check_http2/no_port_is_kept_behind_a_check", test_no_port_is_kept_behind_a_check);
	g_test_add_func("/ldir_check_http2/where_a_redirect_leads_to", test_where_a_redirect_leads_to);
	g_test_add_func("/ldir_check_http2/redirects_have_an_end", test_redirects_have_an_end);
	g_test_add_func("/ldir_check_http2/a_request_that_is_a_url_says_who_is_asked", test_a_request_that_is_a_url_says_who_is_asked);
	result = g_test_run();
	drop_identity();
	return result;
}
