/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One request of HTTP/2, without a network: what is asked, which answers are good, and what a server may cost (doc/ldirectord.md 3.4). */
#include <string.h>

#include <glib.h>

#include "ldir_h2_fixture.h"
#include "ldirectord/check/talk.h"
#include "util/banned.h"

/* ---- frames: length, type, flags, stream, payload ---- */

#define SETTINGS  "000000 04 00 00000000 "
#define ACK       "000000 04 01 00000000 "
#define PUSH      "000007 05 04 00000001 00000002 828684 "      /* GET http / */
#define HEAD      "000001 01 04 00000001 88 "           /* :status 200 */
#define HEAD_END  "000001 01 05 00000001 88 "           /* and nothing more */
#define HEAD_404  "000001 01 05 00000001 8d "
#define HEAD_103  "000005 01 04 00000001 0803313033 "
#define HEAD_302  "00000a 01 04 00000001 0803333032 0f1f022f62 "        /* location: /b */
#define HEAD_END_302 "00000a 01 05 00000001 0803333032 0f1f022f62 "
#define HELLO     "000005 00 01 00000001 68656c6c6f "
#define HEL       "000003 00 00 00000001 68656c "
#define LO_PADDED "000005 00 09 00000001 02 6c6f 0000 "
#define TRAILERS  "000005 01 05 00000001 0001780179 "   /* x: y */
#define PING      "000008 06 00 00000000 0102030405060708 "
#define GOAWAY(last, error) "000008 07 00 00000000 0000000" last " 000000" error " "

static GByteArray *
octets_of(const char *hex)
{
	GByteArray *octets = g_byte_array_new();

	for (; *hex != '\0'; hex++) {
		guint8 octet;

		if (*hex == ' ')
			continue;
		octet = (guint8)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
		g_byte_array_append(octets, &octet, 1);
		hex++;
	}
	return octets;
}

static LdirTalk *
answered(const LdirAsk *ask, const GByteArray *octets, gsize piece, gboolean is_end)
{
	LdirTalk *talk = ldir_talk_new(&ldir_talk_http2, ask);

	for (gsize i = 0; i < octets->len; i += piece)
		ldir_talk_feed(talk, octets->data + i, MIN(piece, octets->len - i));
	if (is_end)
		ldir_talk_end(talk);
	while (talk->verdict == LDIR_TALK_SEARCHING)
		ldir_talk_search(talk);
	return talk;
}

static const LdirAsk plain = { .server = "10.0.0.2", .is_stream = TRUE };

/* All of @octets at once and octet by octet: the same. (transfer full) */
static LdirTalk *
judged(const LdirAsk *ask, const GByteArray *octets, gboolean is_end)
{
	g_autoptr(LdirTalk) single = answered(ask, octets, 1, is_end);
	LdirTalk *talk = answered(ask, octets, octets->len + 1, is_end);

	g_assert_cmpint(talk->verdict, ==, single->verdict);
	g_assert_cmpstr(talk->why, ==, single->why);
	return talk;
}

/* ---- answers ---- */

typedef struct {
	const char *hex;
	LdirTalkVerdict verdict;
	const char *why;        /* how it begins */
	gboolean is_end;        /* and then the server ends */
} Row;

static void
try_rows(const LdirAsk *ask, const Row *rows, guint n)
{
	for (guint i = 0; i < n; i++) {
		g_autoptr(GByteArray) octets = octets_of(rows[i].hex);
		g_autoptr(LdirTalk) talk = judged(ask, octets, rows[i].is_end);

		g_test_message("%s: %s", rows[i].hex, talk->why);
		g_assert_cmpint(talk->verdict, ==, rows[i].verdict);
		g_assert_true(rows[i].why == NULL || g_str_has_prefix(talk->why, rows[i].why));
	}
}

static void
test_status_and_body_decide(void)
{
	static const Row rows[] = {
		{ SETTINGS HEAD HELLO, LDIR_TALK_GOOD, "HTTP/2 200", FALSE },
		{ SETTINGS HEAD HEL LO_PADDED, LDIR_TALK_GOOD, "HTTP/2 200", FALSE },
		{ SETTINGS HEAD_103 HEAD_103 HEAD HELLO, LDIR_TALK_GOOD, "HTTP/2 200", FALSE },
		{ SETTINGS HEAD HELLO TRAILERS, LDIR_TALK_GOOD, "HTTP/2 200", FALSE },
		{ SETTINGS HEAD HEL "000002 00 00 00000001 6c6f" TRAILERS, LDIR_TALK_GOOD, "HTTP/2 200", FALSE },
		/* headers in two pieces, and what else may be said in between */
		{ SETTINGS "000000 01 00 00000001 000001 09 04 00000001 88" PING HELLO, LDIR_TALK_GOOD, "HTTP/2 200", FALSE },
		{ SETTINGS "000000 ee 00 00000001" HEAD "000004 08 00 00000000 00000001" HELLO, LDIR_TALK_GOOD, NULL, FALSE },
		{ SETTINGS GOAWAY("1", "00") HEAD HELLO, LDIR_TALK_GOOD, "HTTP/2 200", FALSE },
		{ SETTINGS HEAD_END, LDIR_TALK_BAD, "the answer does not hold what receive= wants", FALSE },
		{ SETTINGS HEAD "000005 00 01 00000001 48656c6c6f", LDIR_TALK_BAD, "the answer does not hold", FALSE },
		{ SETTINGS HEAD_404, LDIR_TALK_BAD, "HTTP/2 404", FALSE },
		{ SETTINGS HEAD, LDIR_TALK_GOING, NULL, FALSE },
		{ SETTINGS HEAD HEL, LDIR_TALK_GOING, NULL, FALSE },
	};
	char *error = NULL;
	LdirPattern *pattern = ldir_pattern_new("^hello$", &error), *nothing = ldir_pattern_new("^$", &error);
	LdirAsk ask = plain;

	ask.pattern = pattern;
	try_rows(&ask, rows, G_N_ELEMENTS(rows));
	ask.pattern = nothing;
	try_rows(&ask, (const Row[]){ { SETTINGS HEAD_END, LDIR_TALK_GOOD, "HTTP/2 200", FALSE } }, 1);
	ldir_pattern_free(pattern);
	ldir_pattern_free(nothing);
}

static void
test_half_an_answer_is_none(void)
{
	static const Row rows[] = {
		{ "", LDIR_TALK_BAD, "no answer", TRUE },
		{ "000000", LDIR_TALK_BAD, "the answer ends too early", TRUE },
		{ SETTINGS, LDIR_TALK_BAD, "the answer ends too early", TRUE },
		{ SETTINGS HEAD_103, LDIR_TALK_BAD, "the answer ends too early", TRUE },
		{ SETTINGS HEAD, LDIR_TALK_BAD, "the body ends too early", TRUE },
		{ SETTINGS HEAD HEL, LDIR_TALK_BAD, "the body ends too early", TRUE },
		{ SETTINGS HEAD "000005 00 01 00000001 68656c6c", LDIR_TALK_BAD, "the body ends too early", TRUE },
		{ SETTINGS HEAD HEL "000004 03 00 00000001 00000008", LDIR_TALK_BAD, "the server has reset the stream: CANCEL", FALSE },
		{ SETTINGS "000004 03 00 00000001 0000000d", LDIR_TALK_BAD, "the server has reset the stream: HTTP_1_1_REQUIRED", FALSE },
		{ SETTINGS GOAWAY("0", "00"), LDIR_TALK_BAD, "the server ends the connection: NO_ERROR", FALSE },
		{ SETTINGS GOAWAY("1", "0b"), LDIR_TALK_BAD, "the server ends the connection: ENHANCE_YOUR_CALM", FALSE },
	};

	try_rows(&plain, rows, G_N_ELEMENTS(rows));
}

static void
test_what_is_not_http2_is_said(void)
{
	static const Row rows[] = {
		{ "485454502f312e31 2034 3030", LDIR_TALK_BAD, "the server answers by HTTP/1", FALSE },
		{ "323230206d61696c 0d0a", LDIR_TALK_BAD, "this is not HTTP/2", FALSE },
		{ HEAD HELLO, LDIR_TALK_BAD, "this is not HTTP/2", FALSE },
		{ "000000 04 01 00000000", LDIR_TALK_BAD, "this is not HTTP/2", FALSE },
		{ "000000 04 00 00000001", LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },
		{ "000005 04 00 00000000 0000000000", LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },
		{ SETTINGS "000005 01 05 00000001 0001780179", LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },         /* no status */
		{ SETTINGS "000005 01 05 00000001 0803303939", LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },         /* 099 */
		{ SETTINGS "000005 01 05 00000001 0803313033", LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },         /* only 103 */
		{ SETTINGS "000005 01 04 00000001 88 0f0d0139" HELLO, LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },  /* 9 octets */
		{ SETTINGS "000001 01 05 00000001 ff", LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },
		{ SETTINGS "000001 01 05 00000003 88", LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },                 /* nobody has asked */
		{ SETTINGS HELLO, LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },
		{ SETTINGS "004001 00 00 00000001", LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },
		{ SETTINGS "000001 01 00 00000001 88" PING, LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },
		{ SETTINGS ACK PUSH, LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },                                   /* switched off */
		{ SETTINGS PUSH "000003 00 01 00000002 61 62 63" HEAD_END, LDIR_TALK_GOOD, NULL, FALSE },
		{ SETTINGS "000004 08 00 00000000 00000000", LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },
		{ SETTINGS "000004 08 00 00000000 7fffffff", LDIR_TALK_BAD, "this breaks HTTP/2: ", FALSE },
		{ SETTINGS HEAD HELLO "ffffff ff ff ffffffff", LDIR_TALK_GOOD, "HTTP/2 200", FALSE },                  /* behind the end */
	};

	try_rows(&plain, rows, G_N_ELEMENTS(rows));
}

static void
test_a_redirect_is_a_move_unless_it_is_wanted(void)
{
	static const Row moved[] = {
		{ SETTINGS HEAD_302, LDIR_TALK_MOVED, "HTTP/2 302", FALSE },
		{ SETTINGS HEAD_END_302, LDIR_TALK_MOVED, "HTTP/2 302", FALSE },
		{ SETTINGS "00000a 01 04 00000001 0803313033 0f1f022f63" HEAD_302, LDIR_TALK_MOVED, "HTTP/2 302", FALSE },
		{ SETTINGS "00000f 01 05 00000001 0803333032 0f1f022f62 0f1f022f63", LDIR_TALK_MOVED, "HTTP/2 302", FALSE },
		/* behind the body it comes too late */
		{ SETTINGS "000005 01 04 00000001 0803333032" HEL "000005 01 05 00000001 0f1f022f62", LDIR_TALK_BAD, "HTTP/2 302", FALSE },
		{ SETTINGS HEAD_END, LDIR_TALK_GOOD, "HTTP/2 200", FALSE },
	};
	static const Row taken[] = {
		{ SETTINGS HEAD_302, LDIR_TALK_GOING, NULL, FALSE },
		{ SETTINGS HEAD_END_302, LDIR_TALK_GOOD, "HTTP/2 302", FALSE },
		{ SETTINGS HEAD_404, LDIR_TALK_BAD, "HTTP/2 404", FALSE },
	};
	LdirAsk ask = plain;

	try_rows(&ask, moved, G_N_ELEMENTS(moved));
	for (guint i = 0; i < 4; i++) {
		g_autoptr(GByteArray) octets = octets_of(moved[i].hex);
		g_autoptr(LdirTalk) talk = judged(&ask, octets, FALSE);

		g_assert_cmpstr(talk->moved_to, ==, "http://10.0.0.2/b");
		g_assert_cmpuint(talk->code, ==, 302);
	}
	ask.httpstatus = "300-399";
	try_rows(&ask, taken, G_N_ELEMENTS(taken));
}

static void
test_who_asks_for_no_body_waits_for_none(void)
{
	static const Row rows[] = {
		{ SETTINGS "000005 01 04 00000001 88 0f0d0139", LDIR_TALK_GOOD, "HTTP/2 200", FALSE },         /* of 9 octets */
		{ SETTINGS "000005 01 05 00000001 88 0f0d0139", LDIR_TALK_GOOD, "HTTP/2 200", FALSE },
		{ SETTINGS HEAD_404, LDIR_TALK_BAD, "HTTP/2 404", FALSE },
	};
	static const Row others[] = {
		{ SETTINGS "000001 01 04 00000001 89", LDIR_TALK_GOOD, "HTTP/2 204", FALSE },
		{ SETTINGS "000001 01 04 00000001 8b", LDIR_TALK_BAD, "HTTP/2 304", FALSE },
	};
	LdirAsk ask = plain;

	try_rows(&ask, others, G_N_ELEMENTS(others));
	ask.method = LDIR_METHOD_HEAD;
	try_rows(&ask, rows, G_N_ELEMENTS(rows));
}

/* ---- what is asked ---- */

/* Both sides say what they have to say until nobody has more. */
static void
converse(LdirTalk *talk, H2Server *server)
{
	guint taken = 0;
	const guint8 *data;
	gsize len;

	do {
		if (talk->out->len > taken)
			g_assert_true(h2_server_take(server, talk->out->data + taken, talk->out->len - taken));
		taken = talk->out->len;
		while (h2_server_say(server, &data, &len))
			ldir_talk_feed(talk, data, len);
	} while (talk->verdict == LDIR_TALK_GOING && talk->out->len > taken);
	while (talk->verdict == LDIR_TALK_SEARCHING)
		ldir_talk_search(talk);
}

#define FIRST(method, scheme, host, path) ":method: " method "\n:scheme: " scheme "\n:authority: " host "\n:path: " path "\n"
#define AGENT "user-agent: ldirectord/"

static void
test_what_is_asked(void)
{
	static char probe[] = "X-Probe: a b", agent[] = "User-AGENT: me", type[] = "Content-Type: text/plain", empty[] = "X-Empty: ";
	static gpointer own[] = { probe, agent, type, empty };
	GPtrArray headers = { own, G_N_ELEMENTS(own) };
	const struct {
		LdirAsk ask;
		const char *begin, *end;        /* of what is heard */
	} rows[] = {
		{ { .server = "10.0.0.2" }, FIRST("GET", "http", "10.0.0.2", "/") AGENT, "\n\n" },
		{ { .server = "10.0.0.2", .request = "/a/b?c=d", .virtualhost = "www.example.com", .is_tls = TRUE },
		  FIRST("GET", "https", "www.example.com", "/a/b?c=d") AGENT, "\n\n" },
		{ { .server = "10.0.0.2", .request = "https://[::1]:8443/x", .method = LDIR_METHOD_HEAD },
		  FIRST("HEAD", "https", "[::1]:8443", "/x") AGENT, "\n\n" },
		{ { .server = "10.0.0.2", .headers = &headers, .method = LDIR_METHOD_POST, .body = "a=1" },
		  FIRST("POST", "http", "10.0.0.2", "/") "x-probe: a b\n" "user-agent: me\n" "content-type: text/plain\n" "x-empty: \n",
		  "content-length: 3\n\na=1" },
		{ { .server = "10.0.0.2", .method = LDIR_METHOD_PUT, .body = "{}" }, FIRST("PUT", "http", "10.0.0.2", "/") AGENT,
		  "content-type: application/x-www-form-urlencoded\ncontent-length: 2\n\n{}" },
		{ { .server = "10.0.0.2", .method = LDIR_METHOD_POST }, FIRST("POST", "http", "10.0.0.2", "/") AGENT,
		  "\ncontent-length: 0\n\n" },
		{ { .server = "10.0.0.2", .body = "not for GET" }, FIRST("GET", "http", "10.0.0.2", "/") AGENT, "\n\n" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(LdirTalk) talk = ldir_talk_new(&ldir_talk_http2, &rows[i].ask);
		H2Server server;

		h2_server_init(&server, "200\n\nhello", 0);
		converse(talk, &server);
		g_test_message("%s", server.heard->str);
		g_assert_true(g_str_has_prefix(server.heard->str, rows[i].begin));
		g_assert_true(g_str_has_suffix(server.heard->str, rows[i].end));
		g_assert_null(strstr(server.heard->str, "connection:"));
		g_assert_null(strstr(server.heard->str, "host:"));
		g_assert_cmpint(talk->verdict, ==, LDIR_TALK_GOOD);
		g_assert_cmpstr(talk->why, ==, "HTTP/2 200");
		h2_server_done(&server);
	}
}

/* More than a server has windows for at first, and more headers than fit into one frame. */
static void
test_a_large_request_arrives_whole(void)
{
	g_autofree char *body = g_strnfill(65536, 'b');
	g_autofree char *value = g_strnfill(4000, 'v');
	g_autofree char *header = g_strconcat("X: ", value, NULL);
	g_autoptr(GPtrArray) headers = g_ptr_array_new();
	const LdirAsk ask = { .server = "10.0.0.2", .headers = headers, .method = LDIR_METHOD_POST, .body = body };
	g_autoptr(LdirTalk) talk = NULL;
	H2Server server;

	for (guint i = 0; i < 10; i++)
		g_ptr_array_add(headers, header);
	talk = ldir_talk_new(&ldir_talk_http2, &ask);
	g_assert_cmpuint(talk->out->len, <, 65536 + 10 * 4000);
	h2_server_init(&server, "200\n\nhello", 0);
	converse(talk, &server);
	g_assert_cmpint(talk->verdict, ==, LDIR_TALK_GOOD);
	g_assert_true(g_str_has_suffix(server.heard->str, body));
	g_assert_cmpuint(server.heard->len, >, 65536 + 10 * 4000);
	h2_server_done(&server);
	/* as many as a section may have: no server of the library takes them, but they are said */
	for (guint i = 10; i < 32; i++)
		g_ptr_array_add(headers, header);
	ldir_talk_free(talk);
	talk = ldir_talk_new(&ldir_talk_http2, &ask);
	g_assert_cmpint(talk->verdict, ==, LDIR_TALK_GOING);
	g_assert_cmpuint(talk->out->len, >, 32 * 4000 * 7 / 8 + 65535);         /* Huffman's code of a v has 7 bits */
}

static void
test_a_request_that_nobody_can_send_is_bad_at_once(void)
{
	g_autofree char *request = g_strnfill(2097152, 'r');
	const LdirAsk ask = { .server = "10.0.0.2", .request = request };
	g_autoptr(LdirTalk) talk = ldir_talk_new(&ldir_talk_http2, &ask);

	g_assert_cmpint(talk->verdict, ==, LDIR_TALK_BAD);
	ldir_talk_feed(talk, "x", 1);
	ldir_talk_end(talk);
}

static void
test_an_answer_need_not_wait_for_the_body(void)
{
	g_autofree char *body = g_strnfill(65536, 'b');
	const LdirAsk ask = { .server = "10.0.0.2", .method = LDIR_METHOD_POST, .body = body };

	try_rows(&ask, (const Row[]){ { SETTINGS HEAD_404, LDIR_TALK_BAD, "HTTP/2 404", FALSE },
	                              { SETTINGS HEAD_END, LDIR_TALK_GOOD, "HTTP/2 200", FALSE } }, 2);
}

static gboolean
has_octets(const GByteArray *in, const char *hex)
{
	g_autoptr(GByteArray) wanted = octets_of(hex);

	for (guint i = 0; i + wanted->len <= in->len; i++)
		if (memcmp(in->data + i, wanted->data, wanted->len) == 0)
			return TRUE;
	return FALSE;
}

static void
test_what_the_server_wants_to_be_told_is_told(void)
{
	g_autoptr(GByteArray) octets = octets_of(SETTINGS PING);
	g_autoptr(GByteArray) whole = octets_of(SETTINGS HEAD_END);
	g_autoptr(LdirTalk) talk = judged(&plain, octets, FALSE);
	g_autoptr(LdirTalk) good = judged(&plain, whole, FALSE);

	g_assert_true(has_octets(talk->out, "000000 04 01 00000000"));
	g_assert_true(has_octets(talk->out, "000008 06 01 00000000 0102030405060708"));
	/* a good answer has the last word: else the end would be one that keeps a port */
	g_assert_false(has_octets(good->out, "000000 04 01 00000000"));
}

/* ---- what a server may cost ---- */

#define OUT_MAX (LDIR_ANSWER_MAX + 4096)

static void
test_floods_are_bounded(void)
{
	static const struct {
		const char *before, *again, *why;       /* NULL: what came before is good */
		gboolean is_told;       /* there is something to be acknowledged */
	} rows[] = {
		{ SETTINGS, PING, "the answer is too long", TRUE },
		{ "", SETTINGS, "the answer is too long", TRUE },
		{ SETTINGS, "000006 04 00 00000000 000400000001", "the answer is too long", TRUE },
		{ SETTINGS, "000004 08 00 00000000 00000001", "the answer is too long", FALSE },
		{ SETTINGS, "000005 02 00 00000001 0000000000", "the answer is too long", FALSE },     /* PRIORITY */
		{ SETTINGS, "000000 ee 00 00000001", "the answer is too long", FALSE },
		{ SETTINGS, HEAD_103, "the answer is too long", FALSE },
		{ SETTINGS, GOAWAY("1", "00"), "the answer is too long", FALSE },
		{ SETTINGS, "000004 03 00 00000003 00000000", "this breaks HTTP/2: ", FALSE },
		{ SETTINGS, "000008 06 01 00000000 0102030405060708", "the answer is too long", FALSE },
		{ SETTINGS "000000 01 00 00000001", "000000 09 00 00000001", NULL, FALSE },
		{ SETTINGS "000001 01 00 00000001 88", "000005 09 00 00000001 0001780179", NULL, FALSE },
		{ SETTINGS HEAD, "000000 00 00 00000001", NULL, FALSE },
		{ SETTINGS HEAD, "000008 00 08 00000001 07 00000000000000", NULL, FALSE },
		{ SETTINGS HEAD, PING, NULL, TRUE },
		{ SETTINGS HEAD, HEL, NULL, FALSE },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GByteArray) octets = octets_of(rows[i].before);
		g_autoptr(GByteArray) again = octets_of(rows[i].again);
		g_autoptr(LdirTalk) talk = NULL;

		while (octets->len <= LDIR_ANSWER_MAX)
			g_byte_array_append(octets, again->data, again->len);
		talk = judged(&plain, octets, FALSE);
		g_test_message("%s%s: %s, %u octets to be sent", rows[i].before, rows[i].again, talk->why, talk->out->len);
		g_assert_cmpint(talk->verdict, !=, LDIR_TALK_GOING);
		g_assert_cmpuint(talk->out->len, <, rows[i].is_told ? OUT_MAX : 200);
		g_assert_cmpuint(talk->in->len, <=, LDIR_ANSWER_MAX);
		if (rows[i].why != NULL)
			g_assert_true(g_str_has_prefix(talk->why, rows[i].why));
	}
}

/* One header of 4000 octets, and then one octet for each time it is meant. */
static void
test_a_header_bomb_is_found_where_it_goes_off(void)
{
	g_autoptr(GByteArray) octets = octets_of(SETTINGS "003000 01 00 00000001 88 4001787fa11e");
	g_autofree char *value = g_strnfill(4000, 'v');
	g_autoptr(LdirTalk) talk = NULL;
	const guint8 again = 0xbe;

	g_byte_array_append(octets, (const guint8 *)value, 4000);
	while (octets->len < 9 + 9 + 0x3000)
		g_byte_array_append(octets, &again, 1);
	talk = judged(&plain, octets, FALSE);
	g_assert_cmpstr(talk->why, ==, "the headers are too long");
}

static void
test_headers_may_be_large_but_not_endless(void)
{
	static const guint sizes[] = { 7, 9 };  /* times 4000 octets */

	for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(GString) answer = g_string_new("200\n");
		g_autofree char *value = g_strnfill(4000, 'v');
		g_autoptr(LdirTalk) talk = ldir_talk_new(&ldir_talk_http2, &plain);
		H2Server server;

		for (guint k = 0; k < sizes[i]; k++)
			g_string_append_printf(answer, "x: %s\n", value);
		g_string_append(answer, "\nhello");
		h2_server_init(&server, answer->str, 0);
		converse(talk, &server);
		g_assert_cmpstr(talk->why, ==, i == 0 ? "HTTP/2 200" : "the headers are too long");
		h2_server_done(&server);
	}
}

/* The window is not opened again, so there must be a verdict before it is full. */
static void
test_of_a_body_without_end_the_beginning_is_judged(void)
{
	static const struct {
		const char *pattern;
		gsize more;
		LdirTalkVerdict verdict;
	} rows[] = {
		{ "^start", H2_ENDLESS, LDIR_TALK_GOOD }, { "end$", H2_ENDLESS, LDIR_TALK_BAD }, { "^start", 200000, LDIR_TALK_GOOD },
		{ "^start", LDIR_ANSWER_MAX, LDIR_TALK_GOOD }, { "x$", LDIR_ANSWER_MAX - 5, LDIR_TALK_GOOD }, { "x$", 0, LDIR_TALK_BAD },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *error = NULL;
		LdirPattern *pattern = ldir_pattern_new(rows[i].pattern, &error);
		const LdirAsk ask = { .server = "10.0.0.2", .pattern = pattern };
		g_autoptr(LdirTalk) talk = ldir_talk_new(&ldir_talk_http2, &ask);
		H2Server server;

		h2_server_init(&server, "200\n\nstart", rows[i].more);
		converse(talk, &server);
		g_test_message("%s: %s, %u octets", rows[i].pattern, talk->why, talk->in->len);
		g_assert_cmpint(talk->verdict, ==, rows[i].verdict);
		h2_server_done(&server);
		ldir_pattern_free(pattern);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir_http2/status_and_body_decide", test_status_and_body_decide);
	g_test_add_func("/ldir_http2/half_an_answer_is_none", test_half_an_answer_is_none);
	g_test_add_func("/ldir_http2/what_is_not_http2_is_said", test_what_is_not_http2_is_said);
	g_test_add_func("/ldir_http2/a_redirect_is_a_move_unless_it_is_wanted", test_a_redirect_is_a_move_unless_it_is_wanted);
	g_test_add_func("/ldir_http2/who_asks_for_no_body_waits_for_none", test_who_asks_for_no_body_waits_for_none);
	g_test_add_func("/ldir_http2/what_is_asked", test_what_is_asked);
	g_test_add_func("/ldir_http2/a_large_request_arrives_whole", test_a_large_request_arrives_whole);
	g_test_add_func("/ldir_http2/a_request_that_nobody_can_send_is_bad_at_once", test_a_request_that_nobody_can_send_is_bad_at_once);
	g_test_add_func("/ldir_http2/an_answer_need_not_wait_for_the_body", test_an_answer_need_not_wait_for_the_body);
	g_test_add_func("/ldir_http2/what_the_server_wants_to_be_told_is_told", test_what_the_server_wants_to_be_told_is_told);
	g_test_add_func("/ldir_http2/floods_are_bounded", test_floods_are_bounded);
	g_test_add_func("/ldir_http2/a_header_bomb_is_found_where_it_goes_off", test_a_header_bomb_is_found_where_it_goes_off);
	g_test_add_func("/ldir_http2/headers_may_be_large_but_not_endless", test_headers_may_be_large_but_not_endless);
	g_test_add_func("/ldir_http2/of_a_body_without_end_the_beginning_is_judged", test_of_a_body_without_end_the_beginning_is_judged);
	return g_test_run();
}
