/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks of http, also of servers that mean no good (doc/ldirectord.md 3.3, 3.4). */
#define _GNU_SOURCE     /* unshare() */
#include "ldir_check_fixture.h"
#include "util/banned.h"

#define HTTP "\tservice=http\n\tnegotiatetimeout=20\n"
#define SHORT "\tservice=http\n\tnegotiatetimeout=1\n"
#define ASKED "<\\r\\n\\r\\n "
#define OK "HTTP/1.1_200_OK\\r\\n"

/* Whether names can be looked up here */
static gboolean
knows_names(void)
{
	g_autofree char *known = NULL;
	int status;

	return g_spawn_command_line_sync("getent -A ahostsv4 localhost", &known, NULL, &status, NULL) && status == 0;
}

static void
test_status_and_body_decide(void)
{
	static const CheckRow rows[] = {
		{ ASKED ">" OK "Content-Length:_5\\r\\n\\r\\nhello hang", HTTP, TRUE, "200 OK" },
		{ ASKED ">" OK "Content-Length:_5\\r\\n\\r\\nhello hang", HTTP "\treceive=\"ell\"\n", TRUE, "200 OK" },
		{ ASKED ">" OK "Content-Length:_5\\r\\n\\r\\nhello hang", HTTP "\treceive=\"^ell\"\n", FALSE, "receive=" },
		{ ASKED ">" OK "\\r\\nhello close", HTTP "\treceive=\"hello$\"\n", TRUE, "200 OK" },
		{ ASKED ">HTTP/1.0_204_No_Content\\r\\n\\r\\n hang", HTTP, TRUE, "204 No Content" },
		{ ASKED ">HTTP/1.1_404_Not_Found\\r\\nContent-Length:_0\\r\\n\\r\\n hang", HTTP, FALSE, "404 Not Found" },
		{ ASKED ">HTTP/1.1_503\\r\\n\\r\\n close", HTTP, FALSE, "503" },
		{ ASKED ">HTTP/1.1_100_Continue\\r\\n\\r\\n >" OK "\\r\\nx close", HTTP "\treceive=\"x\"\n", TRUE, "200 OK" },
		{ ASKED ">" OK "Transfer-Encoding:_chunked\\r\\n\\r\\n3\\r\\nhel\\r\\n2;a=b\\r\\nlo\\r\\n0\\r\\n\\r\\n hang",
		  HTTP "\treceive=\"^hello$\"\n", TRUE, "200 OK" },
		{ "<HEAD_/_HTTP/1.1 " ASKED ">" OK "Content-Length:_99\\r\\n\\r\\n hang",
		  HTTP "\thttpmethod=HEAD\n", TRUE, "200 OK" },
		{ ASKED ">HTTP/1.1_200_OK\\nContent-Length:_2\\n\\nab hang", HTTP "\treceive=\"ab\"\n", TRUE, "200 OK" },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_another_status_may_be_the_good_one(void)
{
	static const CheckRow rows[] = {
		{ ASKED ">HTTP/1.1_401_No\\r\\nContent-Length:_2\\r\\n\\r\\nok hang",
		  HTTP "\thttpstatus=200-299,401\n\treceive=\"ok\"\n", TRUE, "401 No" },
		{ ASKED ">HTTP/1.1_401_No\\r\\nContent-Length:_2\\r\\n\\r\\nok hang",
		  HTTP "\thttpstatus=401\n\treceive=\"no\"\n", FALSE, "receive=" },
		{ ASKED ">" OK "Content-Length:_0\\r\\n\\r\\n hang", HTTP "\thttpstatus=401\n", FALSE, "200 OK" },
		/* what is wanted is not followed */
		{ ASKED ">HTTP/1.1_302_Go\\r\\nLocation:_/x\\r\\nContent-Length:_5\\r\\n\\r\\nlogin hang",
		  HTTP "\thttpstatus=301-302\n\treceive=\"login\"\n", TRUE, "302 Go" },
		{ ASKED ">HTTP/1.1_302_Go\\r\\nLocation:_/x\\r\\n\\r\\n close", HTTP "\thttpstatus=200\n", FALSE, "302 Go" },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_what_must_not_be_there(void)
{
	static const CheckRow rows[] = {
		{ ASKED ">" OK "Content-Length:_5\\r\\n\\r\\nhello hang", HTTP "\treceivenot=\"[Ee]rror\"\n", TRUE, "200 OK" },
		{ ASKED ">" OK "Content-Length:_5\\r\\n\\r\\nhello hang", HTTP "\treceive=\"hell\"\n\treceivenot=\"lo$\"\n", FALSE,
		  "the answer holds what receivenot= forbids" },
		{ ASKED ">" OK "Content-Length:_5\\r\\n\\r\\nhello hang", HTTP "\treceive=\"bye\"\n\treceivenot=\"error\"\n", FALSE,
		  "what receive=" },
		{ ASKED ">" OK "\\r\\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab close", HTTP "\treceivenot=\"(a+)+$\"\n", FALSE,
		  "receivenot= is too costly" },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_a_redirect_may_be_an_answer_as_others(void)
{
	static const CheckRow rows[] = {
		{ ASKED ">HTTP/1.1_302_Go\\r\\nLocation:_/x\\r\\nContent-Length:_0\\r\\n\\r\\n hang", HTTP "\thttpredirect=no\n", FALSE,
		  "302 Go" },
		{ ASKED ">HTTP/1.1_302_Go\\r\\nLocation:_/x\\r\\nContent-Length:_5\\r\\n\\r\\nlogin hang",
		  HTTP "\thttpredirect=no\n\thttpstatus=200-399\n\treceive=\"login\"\n", TRUE, "302 Go" },
		{ ASKED ">HTTP/1.1_302_Go\\r\\nLocation:_/x\\r\\nContent-Length:_0\\r\\n\\r\\n hang", HTTP "\thttpredirect=yes\n", FALSE,
		  "redirected too often" },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_what_is_asked(void)
{
	static const CheckRow rows[] = {
		{ "<GET_/index.html_HTTP/1.1\\r\\n <Host:_127.0.0.1\\r\\n <Connection:_close " ASKED ">" OK "\\r\\n close",
		  HTTP "\trequest=\"index.html\"\n", TRUE, "200" },
		{ "<GET_/index.html_HTTP/1.1\\r\\n <Host:_www.example.com\\r\\n " ASKED ">" OK "\\r\\n close",
		  HTTP "\trequest=\"/index.html\"\n\tvirtualhost=www.example.com\n", TRUE, "200" },
		{ "<GET_http://www.example.com/x_HTTP/1.1\\r\\n <Host:_www.example.com\\r\\n " ASKED ">" OK "\\r\\n close",
		  "\tservice=http_proxy\n\trequest=\"http://www.example.com/x\"\n", TRUE, "200" },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

#define POST HTTP "\thttpmethod=POST\n"

static void
test_headers_and_a_body_are_sent(void)
{
	static const CheckRow rows[] = {
		{ "<Host:_127.0.0.1\\r\\n <User-Agent:_ldirectord <\\r\\nX-Probe:_a_b\\r\\nX-Probe:_c\\r\\n\\r\\n >" OK "\\r\\n close",
		  HTTP "\thttpheader=\"X-Probe:  a b \"\n\thttpheader=\"X-Probe: c\"\n", TRUE, "200" },
		{ "<Connection:_close\\r\\nuser-agent:_mine\\r\\n\\r\\n >" OK "\\r\\n close",
		  HTTP "\thttpheader=\"user-agent: mine\"\n", TRUE, "200" },
		{ "<POST_/_HTTP/1.1\\r\\n <Content-Type:_application/x-www-form-urlencoded\\r\\nContent-Length:_7\\r\\n\\r\\na=1&b=2 >" OK
		  "\\r\\n close",
		  POST "\thttpbody=\"a=1&b=2\"\n", TRUE, "200" },
		{ "<PUT_/_HTTP/1.1\\r\\n <content-type:_application/json\\r\\nContent-Length:_7\\r\\n\\r\\n{\"a\":1} >" OK "\\r\\n close",
		  HTTP "\thttpmethod=put\n\thttpbody=\"{\"a\":1}\"\n\thttpheader=\"content-type: application/json\"\n", TRUE, "200" },
		{ "<POST_/_HTTP/1.1\\r\\n <Connection:_close\\r\\nContent-Length:_0\\r\\n\\r\\n >" OK "\\r\\n close", POST, TRUE, "200" },
		{ "<POST_http://www.example.com/x_HTTP/1.1\\r\\n <\\r\\nX:_y\\r\\n <Content-Length:_1\\r\\n\\r\\nz >" OK "\\r\\n close",
		  "\tservice=http_proxy\n\trequest=\"http://www.example.com/x\"\n\thttpmethod=POST\n\thttpbody=\"z\"\n\thttpheader=\"X: y\"\n",
		  TRUE, "200" },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_a_large_body_arrives_whole(void)
{
	g_autofree char *body = g_strnfill(16383, 'b');
	g_autofree char *section = g_strdup_printf(POST "\thttpbody=\"%s!\"\n", body);

	check_expect("<Content-Length:_16384\\r\\n\\r\\n <! >" OK "\\r\\n close", section, TRUE, "200 OK");
	/* an answer that does not wait for it counts as well */
	check_expect(ASKED ">HTTP/1.1_413_Too_Large\\r\\nContent-Length:_0\\r\\n\\r\\n hang", section, FALSE, "413");
}

/* One server sends another path, or another host, after the first request; what is said then is heard. */
static char *
heard_after(const char *status, const char *to, const char *section, gboolean is_good, const char *why)
{
	CheckServer there, here;
	g_autofree char *script = NULL;
	g_autofree char *text = NULL;
	char *heard;

	server_start(&there, ASKED ">" OK "Content-Length:_2\\r\\n\\r\\nok hang");
	script = g_strdup_printf(ASKED ">HTTP/1.1_%s_Go\\r\\nLocation:_http://%s:%u/there\\r\\nContent-Length:_0\\r\\n\\r\\n hang", status, to,
	                         there.port);
	server_start(&here, script);
	text = g_strconcat(HTTP "\thttpheader=\"Authorization: Basic eHl6\"\n", section, NULL);
	check_expect_port(here.port, text, is_good, why);
	server_stop(&here);
	g_atomic_int_set(&there.is_over, 1);
	g_thread_join(g_steal_pointer(&there.thread));
	heard = g_strdup(there.heard->str);
	server_stop(&there);
	return heard;
}

static void
test_what_is_said_where_a_redirect_leads_to(void)
{
	static const struct {
		const char *status, *to, *section;
		gboolean is_good;
		const char *why, *line;         /* NULL: nobody is asked */
		gboolean has_header;
	} rows[] = {
		{ "302", "127.0.0.1", "", TRUE, "200 OK", "GET /there ", TRUE },
		{ "302", "127.0.0.2", "", FALSE, "Connection refused", NULL, FALSE },
		{ "302", "127.0.0.1", "\thttpredirect=no\n", FALSE, "302 Go", NULL, FALSE },
		{ "302", "localhost", "", TRUE, "200 OK", "GET /there ", FALSE },
		{ "302", "127.0.0.1", "\thttpmethod=POST\n\thttpbody=\"x\"\n", TRUE, "200 OK", "GET /there ", TRUE },
		{ "302", "127.0.0.1", "\thttpmethod=PUT\n\thttpbody=\"x\"\n", TRUE, "200 OK", "PUT /there ", TRUE },
		{ "303", "127.0.0.1", "\thttpmethod=PUT\n\thttpbody=\"x\"\n", TRUE, "200 OK", "GET /there ", TRUE },
		{ "303", "127.0.0.1", "\thttpmethod=HEAD\n", TRUE, "200 OK", "HEAD /there ", TRUE },
		{ "307", "127.0.0.1", "\thttpmethod=POST\n\thttpbody=\"x\"\n", TRUE, "200 OK", "POST /there ", TRUE },
		{ "308", "127.0.0.2", "\thttpmethod=POST\n\thttpbody=\"x\"\n", FALSE,
		  "308 Go (httpbody= is not for another host)", NULL, FALSE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *heard = NULL;

		if (strcmp(rows[i].to, "localhost") == 0 && !knows_names())
			continue;
		heard = heard_after(rows[i].status, rows[i].to, rows[i].section, rows[i].is_good, rows[i].why);
		g_test_message("%s to %s: %s", rows[i].status, rows[i].to, heard);
		g_assert_true(rows[i].line != NULL ? g_str_has_prefix(heard, rows[i].line) : heard[0] == '\0');
		g_assert_true(rows[i].has_header == (strstr(heard, "Authorization:") != NULL));
	}
}

static void
test_a_request_that_is_a_url_says_who_is_asked(void)
{
	CheckServer there;
	g_autofree char *text = NULL;
	CheckFixture f;

	server_start(&there, "<GET_/there_HTTP/1.1\\r\\n <Host:_www.example.com\\r\\n " ASKED ">" OK "Content-Length:_2\\r\\n\\r\\nok hang");
	text = g_strdup_printf("virtual=10.0.0.1:80\n\treal=127.0.0.2:1 masq 1 \"http://127.0.0.1:%u/there\",\"ok\"\n"
	                       "\tvirtualhost=www.example.com\n", there.port);
	f = check_once(text);
	g_assert_cmpstr(f.why, ==, "200 OK");
	check_done(&f);
	server_stop(&there);
}

static void
test_half_an_answer_is_none(void)
{
	static const CheckRow rows[] = {
		{ "close", HTTP, FALSE, NULL },
		{ ASKED "close", HTTP, FALSE, "no answer" },
		{ ASKED ">HTTP/1.1_200 close", HTTP, FALSE, "ends too early" },
		{ ASKED ">" OK "Content-Length:_5\\r\\n\\r\\nhell close", HTTP, FALSE, "ends too early" },
		{ ASKED ">" OK "Transfer-Encoding:_chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n close", HTTP, FALSE, "ends too early" },
		{ ASKED ">220_smtp.example.com\\r\\n hang", HTTP, FALSE, "not HTTP" },
		{ ASKED ">" OK "Content-Length:_-1\\r\\n\\r\\n hang", HTTP, FALSE, "Content-Length" },
		{ ASKED ">" OK "Content-Length:_1\\r\\nContent-Length:_2\\r\\n\\r\\n hang", HTTP, FALSE, "Content-Length" },
		{ ASKED ">" OK "Transfer-Encoding:_chunked\\r\\n\\r\\nxyz\\r\\n hang", HTTP, FALSE, "bad chunk" },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_hostile_servers_end_at_the_deadline_or_a_limit(void)
{
	static const CheckRow rows[] = {
		{ "hang", SHORT, FALSE, "500 Timeout Alarm" },
		{ ASKED ">" OK "Content-Length:_9999\\r\\n\\r\\n drip", SHORT, FALSE, "500 Timeout Alarm" },
		{ ASKED ">" OK "\\r\\n drip", SHORT, FALSE, "500 Timeout Alarm" },
		{ ASKED ">" OK "\\r\\nstart flood", HTTP "\treceive=\"^start\"\n", TRUE, "200 OK" },
		{ ASKED ">" OK "\\r\\nstart flood", HTTP "\treceive=\"end$\"\n", FALSE, "receive=" },
		{ ASKED ">" OK "Transfer-Encoding:_chunked\\r\\n\\r\\nfffffff\\r\\nstart flood",
		  HTTP "\treceive=\"^start\"\n", TRUE, "200 OK" },
		{ ASKED ">" OK "X-Big:_ flood", HTTP, FALSE, "too long" },
		{ "flood", HTTP, FALSE, "not HTTP" },
		{ ASKED "reset", HTTP, FALSE, "reset" },
		{ ASKED ">" OK " reset", HTTP, FALSE, "reset" },
		{ ASKED ">" OK "Content-Length:_9\\r\\n\\r\\nx reset", HTTP, FALSE, "reset" },
		{ ASKED ">" OK "\\r\\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab close", HTTP "\treceive=\"(a+)+$\"\n", FALSE, NULL },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_refused_is_said_in_the_words_of_4_12(void)
{
	check_expect(NULL, HTTP, FALSE, "500 Can't connect to 127.0.0.1:");
	check_expect(NULL, HTTP, FALSE, "(Connection refused)");
}

static void
test_redirects_are_followed_on_the_same_host(void)
{
	static const CheckRow rows[] = {
		/* the second connection reads the other path */
		{ "<\\r\\n\\r\\n >HTTP/1.1_302_Found\\r\\nLocation:_/b\\r\\n\\r\\n close", HTTP, FALSE, "302 Found (redirected too often)" },
		{ ASKED ">HTTP/1.1_302_Found\\r\\n\\r\\n close", HTTP, FALSE, "302 Found" },
		{ ASKED ">HTTP/1.1_302_Found\\r\\nLocation:_ftp://a/\\r\\n\\r\\n close", HTTP, FALSE, "302 Found" },
		{ ASKED ">HTTP/1.1_301_Gone\\r\\nLocation:_http://www.example.com/b\\r\\n\\r\\n close",
		  HTTP "\tvirtualhost=www.example.com\n", FALSE, "redirected too often" },
		{ ASKED ">HTTP/1.1_301_Gone\\r\\nLocation:_http://127.0.0.2:1/\\r\\n\\r\\n close", HTTP, FALSE,
		  "500 Can't connect to 127.0.0.2:1 (Connection refused)" },
		{ ASKED ">HTTP/1.1_301_Gone\\r\\nLocation:_http://no-such-name.invalid/\\r\\n\\r\\n close",
		  HTTP, FALSE, "no-such-name.invalid" },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

static void
test_a_redirect_leads_to_its_place(void)
{
	CheckServer there, here;
	g_autofree char *script = NULL;

	server_start(&there, "<GET_/there_HTTP/1.1\\r\\n >" OK "Content-Length:_2\\r\\n\\r\\nok hang");
	script = g_strdup_printf("<\\r\\n\\r\\n >HTTP/1.1_302_Found\\r\\nLocation:_http://127.0.0.1:%u/there\\r\\n\\r\\n close", there.port);
	server_start(&here, script);
	check_expect_port(here.port, HTTP "\treceive=\"ok\"\n", TRUE, "200 OK");
	server_stop(&here);
	server_stop(&there);
}

static void
test_the_name_of_another_host_is_looked_up(void)
{
	CheckServer there, here;
	g_autofree char *script = NULL;

	if (!knows_names()) {
		g_test_skip("no name is known here");
		return;
	}
	server_start(&there, "<GET_/there_HTTP/1.1\\r\\n " ASKED ">" OK "Content-Length:_2\\r\\n\\r\\nok hang");
	script = g_strdup_printf(ASKED ">HTTP/1.1_302_Found\\r\\nLocation:_http://localhost:%u/there\\r\\n\\r\\n close", there.port);
	server_start(&here, script);
	check_expect_port(here.port, HTTP "\treceive=\"ok\"\n", TRUE, "200 OK");
	server_stop(&here);
	server_stop(&there);
}

static void
test_no_tls_is_no_https(void)
{
	static const CheckRow rows[] = {
		{ ">220_hello\\r\\n hang", "\tservice=https\n", FALSE, "TLS: " },
		{ "hang", "\tservice=https\n\tnegotiatetimeout=1\n", FALSE, "500 Timeout Alarm" },
		{ "reset", "\tservice=https\n", FALSE, NULL },
		{ "close", "\tservice=https\n", FALSE, NULL },
	};

	check_rows(rows, G_N_ELEMENTS(rows));
}

int
main(int argc, char **argv)
{
	if (!check_network())
		return EXIT_SKIPPED;
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir_check_http/status_and_body_decide", test_status_and_body_decide);
	g_test_add_func("/ldir_check_http/another_status_may_be_the_good_one", test_another_status_may_be_the_good_one);
	g_test_add_func("/ldir_check_http/what_must_not_be_there", test_what_must_not_be_there);
	g_test_add_func("/ldir_check_http/a_redirect_may_be_an_answer_as_others", test_a_redirect_may_be_an_answer_as_others);
	g_test_add_func("/ldir_check_http/what_is_asked", test_what_is_asked);
	g_test_add_func("/ldir_check_http/headers_and_a_body_are_sent", test_headers_and_a_body_are_sent);
	g_test_add_func("/ldir_check_http/a_large_body_arrives_whole", test_a_large_body_arrives_whole);
	g_test_add_func("/ldir_check_http/what_is_said_where_a_redirect_leads_to", test_what_is_said_where_a_redirect_leads_to);
	g_test_add_func("/ldir_check_http/a_request_that_is_a_url_says_who_is_asked", test_a_request_that_is_a_url_says_who_is_asked);
	g_test_add_func("/ldir_check_http/half_an_answer_is_none", test_half_an_answer_is_none);
	g_test_add_func("/ldir_check_http/hostile_servers_end_at_the_deadline_or_a_limit", test_hostile_servers_end_at_the_deadline_or_a_limit);
	g_test_add_func("/ldir_check_http/refused_is_said_in_the_words_of_4_12", test_refused_is_said_in_the_words_of_4_12);
	g_test_add_func("/ldir_check_http/redirects_are_followed_on_the_same_host", test_redirects_are_followed_on_the_same_host);
	g_test_add_func("/ldir_check_http/a_redirect_leads_to_its_place", test_a_redirect_leads_to_its_place);
	g_test_add_func("/ldir_check_http/the_name_of_another_host_is_looked_up", test_the_name_of_another_host_is_looked_up);
	g_test_add_func("/ldir_check_http/no_tls_is_no_https", test_no_tls_is_no_https);
	return g_test_run();
}
