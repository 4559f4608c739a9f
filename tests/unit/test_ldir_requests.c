/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests of http in ldirectord.cf: which headers and bodies are taken (doc/ldirectord.md 3.4). */
#include <glib.h>

#include "ldir_fixture.h"
#include "ldirectord/check/http_request.h"
#include "util/banned.h"

#define BASE "virtual=10.0.0.1:80\n\treal=10.0.0.9:80 gate\n"

typedef enum { GOOD, WARNED, REFUSED } Verdict;

static const struct {
	Verdict verdict;
	const char *line;
	const char *says;       /* NULL: nothing is said */
} rows[] = {
	{ GOOD, "\thttpmethod=POST", NULL },
	{ GOOD, "\thttpmethod=put\n\thttpbody=\"{\"a\": \"b\"}\"", NULL },
	{ REFUSED, "\thttpmethod=DELETE", "httpmethod must be GET or HEAD; POST and PUT" },
	{ REFUSED, "\tservice=smtp\n\thttpmethod=POST", "POST: service smtp has none" },
	{ REFUSED, "\thttpbody=\"a\"", "httpbody: GET and HEAD send none; add httpmethod=POST" },
	{ REFUSED, "\thttpmethod=POST\n\thttpbody=\"\"", "invalid http body" },
	{ REFUSED, "\thttpmethod=POST\n\thttpbody=a", "write httpbody=\"...\"" },
	{ GOOD, "\thttpheader=\"X-Empty:\"\n\thttpheader=\"Accept:text/plain\"", NULL },
	{ WARNED, "\thttpheader=\"Cookie: a=b#c\"", "'#' within quotes" },
	{ REFUSED, "\thttpheader=\"\"", "at line 3: invalid http header; write httpheader=\"Name: value\"" },
	{ REFUSED, "\thttpheader=\"no value\"", "invalid http header; write httpheader=" },
	{ REFUSED, "\thttpheader=\": x\"", "invalid http header" },
	{ REFUSED, "\thttpheader=\"A B: x\"", "invalid http header" },
	{ REFUSED, "\thttpheader=\"A : x\"", "invalid http header" },
	{ REFUSED, "\thttpheader=\"A: x\rEvil: y\"", "at line 3: invalid http header; a control character" },
	{ WARNED, "\tvirtualhost=a\rEvil:y",
	  "at line 3: virtualhost: a carriage return within the line is left out; ldirectord 4.12 uses it as it is; write the line anew" },
	{ WARNED, "\trequest=\"a\rb\"", "request: a carriage return within the line is left out" },
	{ WARNED, "\treal=10.0.0.8:80 gate \"a\rb\", \"c\"", "real: a carriage return within the line is left out" },
	{ GOOD, "\treceive=\"a\rb\"\r", NULL },
	{ GOOD, "\thttpmethod=POST\n\thttpbody=\"a\rb\"", NULL },
	{ REFUSED, "\thttpheader=\"A: \x7f\"", "a control character" },
	{ REFUSED, "\thttpheader=\"host: x\"", "invalid http header; write virtualhost=NAME" },
	{ REFUSED, "\thttpheader=\"Content-Length: 3\"", "it is that of httpbody=" },
	{ REFUSED, "\thttpheader=\"Transfer-Encoding: chunked\"", "leave the line out" },
	{ REFUSED, "\tservice=smtp\n\thttpheader=\"A: x\"", "httpheader: service smtp has none" },
	{ GOOD, "\thttpversion=2", NULL },
	{ GOOD, "\thttpversion=1.1", NULL },
	{ GOOD, "\tservice=https\n\thttpversion=2\n\thttpmethod=POST\n\thttpbody=\"a\"", NULL },
	{ WARNED, "\thttpversion=HTTP/2", "only \"2\" counts" },
	{ REFUSED, "\thttpversion=", "at line 3: httpversion must be 1.1 or 2" },
	{ REFUSED, "\thttpversion=1.0", "httpversion must be 1.1 or 2" },
	{ REFUSED, "\thttpversion=3", "httpversion must be 1.1 or 2" },
	{ REFUSED, "\tservice=http_proxy\n\thttpversion=2", "httpversion: service http_proxy has none; 2 is for http and https" },
	{ REFUSED, "\tservice=smtp\n\thttpversion=2", "httpversion: service smtp has none" },
	{ GOOD, "\tservice=http_proxy\n\thttpversion=1.1", NULL },
	{ GOOD, "\thttpheader=\"Keep-Alive: 5\"\n\thttpheader=\"TE: gzip\"", NULL },
	{ GOOD, "\thttpversion=2\n\thttpheader=\"te: Trailers\"", NULL },
	{ REFUSED, "\thttpversion=2\n\thttpheader=\"TE: gzip\"", "httpheader: \"TE: gzip\" is not for httpversion=2; leave the line out" },
	{ REFUSED, "\thttpheader=\"keep-alive: 5\"\n\thttpversion=2", "httpheader: \"keep-alive: 5\" is not for httpversion=2" },
	{ REFUSED, "\thttpversion=2\n\thttpheader=\"Proxy-Connection: x\"", "\"Proxy-Connection: x\" is not for httpversion=2" },
	{ REFUSED, "\thttpheader=\"Upgrade: h2c\"", "HTTP/2 is httpversion=2" },
};

static void
test_rows(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) problems = ldir_problems_new();
		g_autofree char *text = g_strconcat(BASE, rows[i].line, "\n", NULL);
		g_autoptr(LdirConfig) config = fixture_parse(text, strlen(text), problems);
		g_autofree char *said = fixture_problems(problems);

		g_test_message("[%s] %s", rows[i].line, said);
		g_assert_cmpint(config == NULL ? REFUSED : problems->len > 0 ? WARNED : GOOD, ==, rows[i].verdict);
		if (rows[i].says != NULL)
			g_assert_nonnull(strstr(said, rows[i].says));
		if (config != NULL)
			fixture_assert_normal(config);
	}
}

static gboolean
is_taken(const char *section)
{
	g_autofree char *text = g_strconcat(BASE "\thttpmethod=POST\n", section, NULL);
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) config = fixture_parse(text, strlen(text), problems);

	return config != NULL;
}

static void
test_requests_have_limits(void)
{
	static const char *const sizes[] = { "\thttpbody=\"%s\"\n", "\thttpheader=\"A:%s\"\n" };
	static const gsize limits[] = { 65536, 4096 - 2 };
	g_autoptr(GString) many = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autofree char *most = g_strnfill(limits[i], 'a');
		g_autofree char *more = g_strnfill(limits[i] + 1, 'a');
		g_auto(GStrv) parts = g_strsplit(sizes[i], "%s", 2);
		g_autofree char *good_text = g_strjoinv(most, parts);
		g_autofree char *bad_text = g_strjoinv(more, parts);

		g_assert_true(is_taken(good_text));
		g_assert_false(is_taken(bad_text));
	}
	for (guint i = 0; i < 32; i++)
		g_string_append(many, "\thttpheader=\"A: x\"\n");
	g_assert_true(is_taken(many->str));
	g_string_append(many, "\thttpheader=\"A: x\"\n");
	g_assert_false(is_taken(many->str));
}

static void
test_the_normal_form_has_them_as_they_are_sent(void)
{
	static const char text[] = BASE "\thttpmethod=post\n\thttpheader = \"X-Probe:  1 \"  # ours\n\thttpbody=\"{\"a\": 1}\"\n";
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) config = fixture_parse(text, sizeof text - 1, problems);
	g_autofree char *normal = ldir_conf_print(config);

	g_assert_nonnull(strstr(normal, "\thttpmethod=POST\n"));
	g_assert_nonnull(strstr(normal, "\thttpheader=\"X-Probe: 1\"\n"));
	g_assert_nonnull(strstr(normal, "\thttpbody=\"{\"a\": 1}\"\n"));
}

static void
test_headers_go_no_further_than_they_may(void)
{
	static const struct {
		const char *virtualhost, *request;
		gboolean is_tls;
		const char *url;
		gboolean has_headers;
	} moves[] = {
		{ NULL, "a", FALSE, "http://10.0.0.2:81/b", TRUE },
		{ NULL, "a", FALSE, "https://10.0.0.2/b", TRUE },
		{ NULL, "a", TRUE, "https://10.0.0.2/b", TRUE },
		{ NULL, "a", TRUE, "http://10.0.0.2/b", FALSE },
		{ "www.example.com:8080", "a", FALSE, "http://WWW.example.com/b", TRUE },
		{ "www.example.com", "a", FALSE, "http://www.example.com.evil.org/b", FALSE },
		{ "www.example.com", "a", FALSE, "http://www.example.co/b", FALSE },
		/* the request says where it went */
		{ NULL, "https://app.example.com/a", FALSE, "https://app.example.com/b", TRUE },
		{ NULL, "https://app.example.com/a", FALSE, "http://app.example.com/b", FALSE },
	};
	g_autoptr(GPtrArray) headers = g_ptr_array_new();

	for (guint i = 0; i < G_N_ELEMENTS(moves); i++) {
		LdirAsk ask = {
			.server = "10.0.0.2", .virtualhost = moves[i].virtualhost, .request = moves[i].request, .is_tls = moves[i].is_tls,
			.headers = headers, .body = "x", .method = LDIR_METHOD_PUT,
		};
		g_auto(LdirUrl) url = { 0 };

		g_test_message("%s", moves[i].url);
		g_assert_true(ldir_url_parse(moves[i].url, &url));
		g_assert_true(ldir_ask_move(&ask, &url, 307) == moves[i].has_headers);
		g_assert_true((ask.headers != NULL) == moves[i].has_headers);
	}
}

static void
test_a_carriage_return_ends_no_header(void)
{
	static const char text[] = BASE "\tvirtualhost=\"a\rEvil: y\"\r\n\trequest=\"b\r\r\"\r\n";
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) config = fixture_parse(text, sizeof text - 1, problems);
	const LdirVirtual *vs = config->virtuals->pdata[0];

	g_assert_cmpuint(problems->len, ==, 2);
	g_assert_cmpstr(vs->own.virtualhost, ==, "aEvil: y");
	g_assert_cmpstr(vs->own.request, ==, "b");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/requests/rows", test_rows);
	g_test_add_func("/ldir/requests/limits", test_requests_have_limits);
	g_test_add_func("/ldir/requests/normal", test_the_normal_form_has_them_as_they_are_sent);
	g_test_add_func("/ldir/requests/moves", test_headers_go_no_further_than_they_may);
	g_test_add_func("/ldir/requests/returns", test_a_carriage_return_ends_no_header);
	return g_test_run();
}
