/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks over TLS: what of the certificate counts, and which name is sent (doc/ldirectord.md 3.4). */
#define _GNU_SOURCE     /* unshare() */
#include <signal.h>

#include "ldir_check_fixture.h"
#include "ldir_tls_fixture.h"
#include "util/banned.h"

typedef struct {
	CheckServer base;       /* its thread is ours */
	const char *answer;
	const char *const *clear;       /* what is said before TLS, a line of the client's between; NULL: nothing */
	char *sni;
	guint n_tickets;
} TlsServer;

/* TLS is well, and what is in it is not: "!drip", "!flood" until the client ends, "!hang", "!reset" and "!close" without a word. */
static void
be_hostile(TlsServer *server, SSL *ssl, const char *how)
{
	static const char octets[4096] = { 'x' };
	const struct linger at_once = { 1, 0 };
	int fd = SSL_get_fd(ssl);

	if (strcmp(how, "!reset") == 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	if (strcmp(how, "!reset") == 0 || strcmp(how, "!close") == 0)
		return;
	while (g_atomic_int_get(&server->base.is_over) == 0 && !server_is_gone(fd)) {
		if (strcmp(how, "!hang") != 0 && SSL_write(ssl, octets, how[1] == 'd' ? 1 : sizeof octets) <= 0)
			return;
		if (strcmp(how, "!flood") != 0)
			g_usleep(20000);
	}
}

static void
answer(TlsServer *server, SSL *ssl)
{
	char octets[2048];

	if (SSL_accept(ssl) != 1)
		return;
	g_free(server->sni);
	server->sni = g_strdup(SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
	if (server->answer[0] == '!') {
		be_hostile(server, ssl, server->answer);
		return;
	}
	if (server->answer[0] == '*')   /* imap speaks first */
		(void)SSL_write(ssl, server->answer, (int)strlen(server->answer));
	if (server->answer[0] == '\0')  /* tickets without end */
		while (g_atomic_int_get(&server->base.is_over) == 0 && SSL_new_session_ticket(ssl) == 1 && SSL_do_handshake(ssl) == 1)
			server->n_tickets++;
	if (SSL_read(ssl, octets, sizeof octets) > 0 && server->answer[0] != '*')
		(void)SSL_write(ssl, server->answer, (int)strlen(server->answer));
	(void)SSL_shutdown(ssl);
}

/* FALSE: the client has ended. */
static gboolean
speak_clear(const TlsServer *server, int fd)
{
	for (guint i = 0; server->clear != NULL && server->clear[i] != NULL; i++) {
		char octet = '\0';

		while (i > 0 && octet != '\n')
			if (recv(fd, &octet, 1, 0) != 1)
				return FALSE;
		if (send(fd, server->clear[i], strlen(server->clear[i]), MSG_NOSIGNAL) < 0)
			return FALSE;
	}
	return TRUE;
}

static gpointer
tls_thread(gpointer data)
{
	TlsServer *server = data;

	while (g_atomic_int_get(&server->base.is_over) == 0) {
		struct pollfd poll_fd = { server->base.fd, POLLIN, 0 };
		const struct timeval limit = { 10, 0 };
		SSL *ssl;
		int fd;

		if (poll(&poll_fd, 1, 20) <= 0)
			continue;
		fd = accept(server->base.fd, NULL, NULL);
		if (fd < 0)
			continue;
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
		ssl = SSL_new(context);
		(void)SSL_set_fd(ssl, fd);
		if (speak_clear(server, fd))
			answer(server, ssl);
		SSL_free(ssl);
		(void)close(fd);
	}
	return NULL;
}

static void
tls_start(TlsServer *server, const char *const *clear, const char *text)
{
	*server = (TlsServer){ .answer = text, .clear = clear };
	server_start(&server->base, NULL);
	g_assert_cmpint(listen(server->base.fd, 16), ==, 0);
	server->base.thread = g_thread_new("tls", tls_thread, server);
}

static void
tls_stop(TlsServer *server)
{
	server_stop(&server->base);
	g_free(server->sni);
}

#define PAGE "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

static char *
ask_after(const char *const *clear, const char *text, const char *section, gboolean is_good, const char *why)
{
	TlsServer server;
	char *sni;

	tls_start(&server, clear, text);
	check_expect_port(server.base.port, section, is_good, why);
	g_atomic_int_set(&server.base.is_over, 1);
	g_thread_join(g_steal_pointer(&server.base.thread));
	sni = g_steal_pointer(&server.sni);
	tls_stop(&server);
	return sni;
}

static char *
ask(const char *text, const char *section, gboolean is_good, const char *why)
{
	return ask_after(NULL, text, section, is_good, why);
}

#define HTTPS "\tservice=https\n\treceive=\"ok\"\n"

static void
test_a_chain_that_nobody_knows_is_bad(void)
{
	g_autofree char *sni = NULL;

	g_unsetenv("SSL_CERT_FILE");
	sni = ask(PAGE, HTTPS, FALSE, "certificate verify failed");
	g_assert_null(sni);
}

static void
test_who_does_not_verify_takes_it(void)
{
	g_autofree char *sni = ask(PAGE, HTTPS "\tsslverify=none\n\tvirtualhost=" NAME "\n", TRUE, "200 OK");

	g_assert_cmpstr(sni, ==, NAME);
	g_assert_null(ask(PAGE, HTTPS "\tsslverify=none\n", TRUE, "200 OK"));   /* an address is no name */
}

static void
test_the_name_counts_only_if_wanted(void)
{
	g_setenv("SSL_CERT_FILE", ca_path, TRUE);
	g_free(ask(PAGE, HTTPS, TRUE, "200 OK"));
	g_free(ask(PAGE, HTTPS "\tvirtualhost=other.example.com\n", TRUE, "200 OK"));
	g_free(ask(PAGE, HTTPS "\tsslverify=full\n\tvirtualhost=" NAME "\n", TRUE, "200 OK"));
	g_free(ask(PAGE, HTTPS "\tsslverify=full\n\tvirtualhost=other.example.com\n", FALSE, "certificate verify failed"));
	g_free(ask(PAGE, HTTPS "\tsslverify=full\n", FALSE, "certificate verify failed"));
	g_unsetenv("SSL_CERT_FILE");
}

static void
test_other_protocols_speak_it_too(void)
{
	g_free(ask("* OK ready\r\n", "\tservice=imaps\n\tsslverify=none\n", TRUE, "* OK"));
	g_free(ask("* BYE\r\n", "\tservice=imaps\n\tsslverify=none\n", FALSE, "* BYE"));
	g_free(ask("* OK ready\r\n", "\tservice=imaps\n", FALSE, "certificate verify failed"));
	g_free(ask("* OK ready\r\n", "\tservice=pops\n", FALSE, "certificate verify failed"));
	/* 4.12 takes any certificate there */
	g_free(ask("* OK ready\r\n", "\tservice=ldaps\n", FALSE, "the server has ended"));
}

#define DHE "DHE-RSA-AES128-GCM-SHA256"
#define ANY "\tservice=https\n\tsslverify=none\n"

/* Servers for whom a page is asked, with a key of RSA, as old exchanges want it */
static SSL_CTX *
rsa_context(void)
{
	SSL_CTX *rsa = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *cert = X509_dup(SSL_CTX_get0_certificate(context));

	(void)X509_set_pubkey(cert, key);
	g_assert_cmpint(X509_sign(cert, key, EVP_sha256()), >, 0);
	g_assert_cmpint(SSL_CTX_use_certificate(rsa, cert), ==, 1);
	g_assert_cmpint(SSL_CTX_use_PrivateKey(rsa, key), ==, 1);
	(void)SSL_CTX_set_dh_auto(rsa, 1);
	(void)SSL_CTX_set_options(rsa, SSL_OP_CIPHER_SERVER_PREFERENCE);
	X509_free(cert);
	EVP_PKEY_free(key);
	return rsa;
}

/* What a server may make as costly as it likes is not taken, and it is one that has nothing else who is down for it. */
static void
test_the_exchange_of_keys_has_a_known_cost(void)
{
	SSL_CTX *usual = context;

	context = rsa_context();
	g_assert_cmpint(SSL_CTX_set1_groups_list(context, "ffdhe2048"), ==, 1);
	g_free(ask(PAGE, ANY, FALSE, "handshake failure"));
	g_assert_cmpint(SSL_CTX_set1_groups_list(context, "ffdhe2048:P-521:P-384"), ==, 1);
	g_free(ask(PAGE, ANY, TRUE, "200 OK"));
	(void)SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
	g_assert_cmpint(SSL_CTX_set_cipher_list(context, DHE), ==, 1);
	g_free(ask(PAGE, ANY, FALSE, "handshake failure"));
	g_assert_cmpint(SSL_CTX_set_cipher_list(context, DHE ":ECDHE-RSA-AES128-GCM-SHA256"), ==, 1);
	g_free(ask(PAGE, ANY, TRUE, "200 OK"));
	g_assert_cmpint(SSL_CTX_set_cipher_list(context, DHE ":AES128-GCM-SHA256"), ==, 1);
	g_free(ask(PAGE, ANY, TRUE, "200 OK"));
	SSL_CTX_free(context);
	context = usual;
}

static void
test_tickets_without_end_cost_only_this_check(void)
{
	g_free(ask("", HTTPS "\tsslverify=none\n", FALSE, "TLS: the answer is too long"));
}

static void
test_a_page_that_has_moved_is_asked_for_over_tls_too(void)
{
	g_free(ask("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", HTTPS "\tsslverify=none\n", FALSE,
	           "302 Found (redirected too often)"));
}

/* ---- STARTTLS ---- */

#define START "\tstarttls=yes\n\tsslverify=none\n\tvirtualhost=" NAME "\n"

static const char *const smtp[] = { "220 mail\r\n", "250-mail\r\n250 STARTTLS\r\n", "220 go\r\n", NULL };
static const char *const pop[] = { "+OK hi\r\n", "+OK go\r\n", NULL };
static const char *const imap[] = { "* OK hi\r\n", "a0 OK go\r\n", NULL };

static void
test_what_begins_in_the_clear_goes_on_over_tls(void)
{
	g_autofree char *sni = ask_after(smtp, "250 fine\r\n", "\tservice=smtp\n" START, TRUE, "250 fine");

	g_assert_cmpstr(sni, ==, NAME);
	g_free(ask_after(smtp, "421 busy\r\n", "\tservice=submission\n" START, FALSE, "421 busy"));
	g_free(ask_after(pop, "", "\tservice=pop\n" START, TRUE, "+OK over TLS"));
	g_free(ask_after(imap, "a1 OK in\r\n", "\tservice=imap\n\tlogin=\"joe\"\n" START, TRUE, "a1 OK in"));
	/* and the certificate counts as elsewhere */
	g_free(ask_after(smtp, "250 fine\r\n", "\tservice=smtp\n\tstarttls=yes\n", FALSE, "certificate verify failed"));
	g_setenv("SSL_CERT_FILE", ca_path, TRUE);
	g_free(ask_after(smtp, "250 fine\r\n", "\tservice=smtp\n\tstarttls=yes\n\tsslverify=full\n\tvirtualhost=" NAME "\n", TRUE, "250"));
	g_free(ask_after(smtp, "250 fine\r\n", "\tservice=smtp\n\tstarttls=yes\n\tsslverify=full\n\tvirtualhost=x.org\n", FALSE, "verify"));
	g_unsetenv("SSL_CERT_FILE");
}

#define SOON "\tnegotiatetimeout=300ms\n\tservice=smtp\n" START
#define TO_TLS ">220_x\\r\\n <EHLO >250_x\\r\\n <STARTTLS "

static void
test_who_is_hostile_there_costs_only_this_check(void)
{
	static const CheckRow rows[] = {
		{ TO_TLS ">220_go\\r\\n hang", SOON, FALSE, "timed out" },
		{ TO_TLS ">220_go\\r\\n drip", SOON, FALSE, NULL },
		{ TO_TLS ">220_go\\r\\n flood", SOON, FALSE, NULL },
		{ TO_TLS ">220_go\\r\\n reset", SOON, FALSE, NULL },
		{ TO_TLS ">220_go\\r\\n close", SOON, FALSE, NULL },
		{ TO_TLS ">220_go\\r\\n250_injected\\r\\n hang", SOON, FALSE, "STARTTLS: the server goes on in the clear" },
		{ TO_TLS ">454_no\\r\\n hang", SOON, FALSE, "STARTTLS: 454 no" },
		{ TO_TLS "hang", SOON, FALSE, "timed out" },
		{ TO_TLS "flood", SOON, FALSE, NULL },
		{ TO_TLS "reset", SOON, FALSE, NULL },
		{ ">220_x\\r\\n <EHLO >250-x\\r\\n drip", SOON, FALSE, "timed out" },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_who_is_hostile_within_tls_costs_only_this_check(void)
{
	static const char *const services[] = { "https", "imaps", "pops", "ldaps" };
	static const char *const hostilities[] = { "!hang", "!drip", "!flood", "!reset", "!close" };

	for (guint i = 0; i < G_N_ELEMENTS(services); i++)
		for (guint j = 0; j < G_N_ELEMENTS(hostilities); j++) {
			g_autofree char *section = g_strdup_printf("\tservice=%s\n\treceive=\"needle\"\n\tsslverify=none\n"
			                                           "\tnegotiatetimeout=300ms\n\tchecktimeout=300ms\n", services[i]);

			g_free(ask(hostilities[j], section, FALSE, NULL));
		}
}

/* ---- who we are ---- */

static void
test_a_server_that_asks_who_we_are_is_told(void)
{
	g_autofree char *with = g_strdup_printf(HTTPS "\tsslverify=none\n\tsslcert=%s\n", ca_path);
	g_autofree char *apart = g_strdup_printf(HTTPS "\tsslverify=none\n\tsslcert=%s\n\tsslkey=\"%s\"\n", ca_path, key_path);
	g_autofree char *no_key = g_strdup_printf(HTTPS "\tsslverify=none\n\tsslcert=%s\n\tsslkey=/nonexistent/key\n", ca_path);

	g_assert_cmpint(SSL_CTX_load_verify_locations(context, ca_path, NULL), ==, 1);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	g_free(ask(PAGE, with, TRUE, "200 OK"));
	g_free(ask(PAGE, apart, TRUE, "200 OK"));
	g_free(ask(PAGE, HTTPS "\tsslverify=none\n", FALSE, "TLS: "));
	SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
	/* files that are not there are told, also by servers that would not have asked */
	g_free(ask(PAGE, HTTPS "\tsslverify=none\n\tsslcert=/nonexistent/cert\n", FALSE, "TLS: cannot use /nonexistent/cert: "));
	g_free(ask(PAGE, no_key, FALSE, "TLS: cannot use /nonexistent/key: "));
}

static void
test_a_file_of_authorities_takes_the_place_of_those_of_the_system(void)
{
	g_autofree char *ours = g_strdup_printf(HTTPS "\tsslca=%s\n", ca_path);
	g_autofree char *no_certificates = g_strdup_printf(HTTPS "\tsslca=%s\n", key_path);

	g_free(ask(PAGE, ours, TRUE, "200 OK"));
	g_setenv("SSL_CERT_FILE", ca_path, TRUE);       /* where the system knows it, and they do not */
	g_free(ask(PAGE, no_certificates, FALSE, "TLS: cannot use "));
	g_free(ask(PAGE, HTTPS "\tsslca=/nonexistent/ca\n", FALSE, "TLS: cannot use /nonexistent/ca: No such file"));
	g_free(ask(PAGE, HTTPS "\tsslca=/dev/null\n", FALSE, "TLS: cannot use /dev/null"));
	g_free(ask(PAGE, HTTPS "\tsslverify=none\n\tsslca=/nonexistent/ca\n", TRUE, "200 OK"));
	g_unsetenv("SSL_CERT_FILE");
}

/* From now on; that of make_identity(), but for this. */
static void
certificate_ends_in(long seconds)
{
	X509 *cert = X509_dup(SSL_CTX_get0_certificate(context));

	(void)X509_gmtime_adj(X509_getm_notAfter(cert), seconds);
	g_assert_cmpint(X509_sign(cert, SSL_CTX_get0_privatekey(context), EVP_sha256()), >, 0);
	g_assert_cmpint(SSL_CTX_use_certificate(context, cert), ==, 1);
	X509_free(cert);
}

static void
test_it_is_told_when_the_certificate_ends(void)
{
	static const struct {
		const char *const *clear;
		const char *section, *answer;
		long ends_s;
		gint64 days;
	} rows[] = {
		{ NULL, HTTPS "\tsslverify=none\n", PAGE, YEAR_S - 3600, 364 },
		{ smtp, "\tservice=smtp\n" START, "250 fine\r\n", YEAR_S - 3600, 364 },
		{ NULL, HTTPS "\tsslverify=none\n", PAGE, 3600, 0 },
		{ NULL, HTTPS "\tsslverify=none\n", PAGE, -3600, -1 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		TlsServer server;
		g_autofree char *text = NULL;
		CheckFixture f;

		certificate_ends_in(rows[i].ends_s);
		tls_start(&server, rows[i].clear, rows[i].answer);
		text = g_strdup_printf("virtual=10.0.0.1:80\n\treal=127.0.0.1:%u masq\n%s", server.base.port, rows[i].section);
		f = check_once(text);
		g_assert_true(f.is_good);
		g_assert_true(f.said.has_certificate);
		g_assert_cmpint(f.said.certificate_days, ==, rows[i].days);
		check_done(&f);
		tls_stop(&server);
	}
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
	g_test_add_func("/ldir_check_tls/a_chain_that_nobody_knows_is_bad", test_a_chain_that_nobody_knows_is_bad);
	g_test_add_func("/ldir_check_tls/who_does_not_verify_takes_it", test_who_does_not_verify_takes_it);
	g_test_add_func("/ldir_check_tls/the_name_counts_only_if_wanted", test_the_name_counts_only_if_wanted);
	g_test_add_func("/ldir_check_tls/other_protocols_speak_it_too", test_other_protocols_speak_it_too);
	g_test_add_func("/ldir_check_tls/the_exchange_of_keys_has_a_known_cost", test_the_exchange_of_keys_has_a_known_cost);
	g_test_add_func("/ldir_check_tls/tickets_without_end_cost_only_this_check", test_tickets_without_end_cost_only_this_check);
	g_test_add_func("/ldir_check_tls/a_page_that_has_moved_is_asked_for_over_tls_too",
	                test_a_page_that_has_moved_is_asked_for_over_tls_too);
	g_test_add_func("/ldir_check_tls/what_begins_in_the_clear_goes_on_over_tls", test_what_begins_in_the_clear_goes_on_over_tls);
	g_test_add_func("/ldir_check_tls/who_is_hostile_there_costs_only_this_check", test_who_is_hostile_there_costs_only_this_check);
	g_test_add_func("/ldir_check_tls/who_is_hostile_within_tls_costs_only_this_check",
	                test_who_is_hostile_within_tls_costs_only_this_check);
	g_test_add_func("/ldir_check_tls/a_server_that_asks_who_we_are_is_told", test_a_server_that_asks_who_we_are_is_told);
	g_test_add_func("/ldir_check_tls/a_file_of_authorities_takes_the_place_of_those_of_the_system",
	                test_a_file_of_authorities_takes_the_place_of_those_of_the_system);
	g_test_add_func("/ldir_check_tls/it_is_told_when_the_certificate_ends", test_it_is_told_when_the_certificate_ends);
	result = g_test_run();
	drop_identity();
	return result;
}
