/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said to servers, and which answers are good, without any network (doc/ldirectord.md 3.4). */
#include <string.h>

#include <glib.h>

#include "ldirectord/check/talk.h"
#include "util/banned.h"

/* A dialogue: "<TEXT" is said by the server, ">TEXT" must have been said by us, "." the server ends. */
typedef struct {
	const LdirTalkKind *kind;
	const char *request, *login, *passwd, *receive;
	const char *steps[12];
	LdirTalkVerdict verdict;
	const char *why;        /* a part of it, or NULL */
} Row;

#define GOOD LDIR_TALK_GOOD
#define BAD  LDIR_TALK_BAD

static const Row rows[] = {
	{ &ldir_talk_smtp, NULL, NULL, NULL, NULL,
	  { "<220 mail ESMTP\r\n", ">EHLO localhost.localdomain\r\n", "<250-mail\r\n250-SIZE\r\n250 HELP\r\n", ">QUIT\r\n" },
	  GOOD, "250 HELP" },
	{ &ldir_talk_smtp, NULL, NULL, NULL, NULL,
	  { "<220-a\r\n220-b\r\n220 c\r\n", ">EHLO localhost.localdomain\r\n", "<502 what\r\n", ">HELO localhost.localdomain\r\n",
	    "<250 ok\r\n", ">QUIT\r\n" }, GOOD, "250 ok" },
	{ &ldir_talk_smtp, NULL, NULL, NULL, NULL, { "<554 go away\r\n", ">QUIT\r\n" }, BAD, "554 go away" },
	{ &ldir_talk_smtp, NULL, NULL, NULL, NULL, { "<220 x\r\n", ">EHLO localhost.localdomain\r\n", "<421 busy\r\n" }, BAD, "421 busy" },
	{ &ldir_talk_smtp, NULL, NULL, NULL, NULL, { "<SSH-2.0-x\r\n" }, BAD, "no reply" },
	{ &ldir_talk_smtp, NULL, NULL, NULL, NULL, { "<220-a\r\n", "." }, BAD, "ended" },
	{ &ldir_talk_nntp, NULL, NULL, NULL, NULL, { "<201 no posting\r\n", ">QUIT\r\n" }, GOOD, "201" },
	{ &ldir_talk_nntp, NULL, NULL, NULL, NULL, { "<400 no\r\n" }, BAD, "400" },
	{ &ldir_talk_pop, NULL, NULL, NULL, NULL, { "<+OK ready\r\n", ">QUIT\r\n" }, GOOD, "+OK" },
	{ &ldir_talk_pop, NULL, NULL, NULL, NULL, { "<-ERR busy\r\n" }, BAD, "-ERR busy" },
	{ &ldir_talk_pop, NULL, "joe", "pw", NULL,
	  { "<+OK ready\r\n", ">USER joe\r\n", "<+OK\r\n", ">PASS pw\r\n", "<+OK in\r\n", ">QUIT\r\n" }, GOOD, "+OK in" },
	{ &ldir_talk_pop, NULL, "joe", "pw", NULL, { "<+OK\r\n", ">USER joe\r\n", "<+OK\r\n", ">PASS pw\r\n", "<-ERR no\r\n" }, BAD, "-ERR" },
	{ &ldir_talk_imap, NULL, NULL, NULL, NULL, { "<* OK hi\r\n", ">a2 LOGOUT\r\n" }, GOOD, "* OK" },
	{ &ldir_talk_imap, NULL, NULL, NULL, NULL, { "<* BYE\r\n" }, BAD, "BYE" },
	{ &ldir_talk_imap, NULL, "jo\"e", "p\\w", NULL,
	  { "<* OK hi\r\n", ">a1 LOGIN \"jo\\\"e\" \"p\\\\w\"\r\n", "<* CAPABILITY x\r\na1 OK in\r\n", ">a2 LOGOUT\r\n" }, GOOD, "a1 OK" },
	{ &ldir_talk_imap, NULL, "joe", NULL, NULL, { "<* OK hi\r\n", ">a1 LOGIN \"joe\" \"\"\r\n", "<a1 NO\r\n" }, BAD, "a1 NO" },
	{ &ldir_talk_simpletcp, "GET it\\nnow\\n", NULL, NULL, "^b.d$", { ">GET it\nnow\n", "<abc\nbad\n", "." }, GOOD, NULL },
	{ &ldir_talk_simpletcp, "x", NULL, NULL, "a.b", { ">x", "<a\nb\n", "." }, BAD, "receive=" },
	{ &ldir_talk_simpletcp, "x", NULL, NULL, NULL, { ">x", "." }, BAD, "no answer" },
	{ &ldir_talk_simpletcp, "x", NULL, NULL, NULL, { ">x", "<y", "." }, GOOD, NULL },
	{ &ldir_talk_agent, NULL, NULL, NULL, NULL, { "<75% up\n" }, GOOD, "75% up" },
	{ &ldir_talk_agent, "web1\n", NULL, NULL, NULL, { ">web1\n", "<down # disk\n" }, BAD, "down # disk" },
	{ &ldir_talk_agent, NULL, NULL, NULL, NULL, { "." }, BAD, "no answer" },
	{ &ldir_talk_sip, NULL, "a@b", NULL, NULL, { "<SIP/2.0 100 Trying\r\n\r\nSIP/2.0 200 OK\r\nTo: x\r\n\r\n" }, GOOD, "200 OK" },
	{ &ldir_talk_sip, NULL, "a@b", NULL, NULL, { "<SIP/2.0 503 Service Unavailable\r\n\r\n" }, BAD, "503" },
	{ &ldir_talk_sip, NULL, "a@b", NULL, NULL, { "<SIP/2.0 200 OK\r\n", "." }, BAD, "no answer" },
	{ &ldir_talk_ftp, NULL, NULL, NULL, NULL, { "<220 hi\r\n", ">QUIT\r\n" }, GOOD, "220" },
	{ &ldir_talk_ftp, NULL, "joe", "pw", NULL,
	  { "<220 hi\r\n", ">USER joe\r\n", "<331 pw\r\n", ">PASS pw\r\n", "<230 in\r\n", ">QUIT\r\n" }, GOOD, "230" },
	{ &ldir_talk_ftp, NULL, "joe", "pw", NULL,
	  { "<220 hi\r\n", ">USER joe\r\n", "<331 pw\r\n", ">PASS pw\r\n", "<530 no\r\n" }, BAD, "530" },
	{ &ldir_talk_ftp, "f", "joe", "pw", NULL,
	  { "<220 hi\r\n", ">USER joe\r\n", "<230 in\r\n", ">TYPE I\r\n", "<200 k\r\n", ">EPSV\r\n", "<229 x (|||0|)\r\n" }, BAD, "229" },
	{ &ldir_talk_ftp, "f", "joe", "pw", NULL,
	  { "<220 hi\r\n", ">USER joe\r\n", "<230 in\r\n", ">TYPE I\r\n", "<200 k\r\n", ">EPSV\r\n", "<500 what\r\n", ">PASV\r\n",
	    "<227 x (10,0,0,2,1,2)\r\n", ">RETR /f\r\n", "<550 none\r\n" }, BAD, "550" },
};

static LdirPattern *
pattern_of(const char *text)
{
	g_autofree char *why = NULL;

	return text != NULL ? ldir_pattern_new(text, &why) : NULL;
}

/* Octet by octet: the end of a line may be anywhere. */
static void
hear(LdirTalk *talk, const char *text)
{
	for (; *text != '\0'; text++)
		ldir_talk_feed(talk, text, 1);
}

static void
play(const Row *row, gboolean is_starttls)
{
	g_autoptr(LdirPattern) pattern = pattern_of(row->receive);
	const LdirAsk ask = {
		.server = "10.0.0.2", .request = row->request, .login = row->login, .passwd = row->passwd,
		.pattern = pattern, .is_stream = TRUE, .is_starttls = is_starttls,
	};
	g_autoptr(LdirTalk) talk = ldir_talk_new(row->kind, &ask);
	guint said = row->kind == &ldir_talk_sip ? talk->out->len : 0;

	for (guint i = 0; row->steps[i] != NULL; i++) {
		const char *step = row->steps[i];

		if (step[0] == '<') {
			hear(talk, step + 1);
		} else if (step[0] == '!') {
			g_assert_true(talk->wants_tls);
			ldir_talk_secured(talk);
		} else if (step[0] == '.') {
			ldir_talk_end(talk);
		} else {
			g_autofree char *out = g_strndup((const char *)talk->out->data + said, talk->out->len - said);

			g_assert_cmpstr(out, ==, step + 1);
			said = talk->out->len;
		}
	}
	if (talk->verdict != row->verdict || (row->why != NULL && strstr(talk->why, row->why) == NULL))
		g_error("%s: verdict %d, %s", row->steps[0], talk->verdict, talk->why);
}

static void
test_dialogues(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		play(&rows[i], FALSE);
}

/* In rows with STARTTLS "!" stands where TLS must begin. */
static const Row secure_rows[] = {
	{ &ldir_talk_smtp, NULL, NULL, NULL, NULL,
	  { "<220 mail\r\n", ">EHLO localhost.localdomain\r\n", "<250-mail\r\n250 STARTTLS\r\n", ">STARTTLS\r\n", "<220 go\r\n", "!",
	    ">EHLO localhost.localdomain\r\n", "<250 fine\r\n", ">QUIT\r\n" }, GOOD, "250 fine" },
	{ &ldir_talk_smtp, NULL, NULL, NULL, NULL,
	  { "<220 mail\r\n", "<250 mail\r\n", "<454 not now\r\n" }, BAD, "STARTTLS: 454 not now" },
	{ &ldir_talk_smtp, NULL, NULL, NULL, NULL, { "<220 mail\r\n", "<502 no ehlo\r\n" }, BAD, "STARTTLS: 502" },
	/* what somebody puts in before TLS must not be taken for the server's word behind it */
	{ &ldir_talk_smtp, NULL, NULL, NULL, NULL,
	  { "<220 mail\r\n", "<250 mail\r\n", "<220 go\r\n250 injected\r\n" }, BAD, "goes on in the clear" },
	{ &ldir_talk_smtp, NULL, NULL, NULL, NULL,
	  { "<220 mail\r\n", "<250 mail\r\n", "<220 go\r\n", "<250 injected\r\n" }, BAD, "goes on in the clear" },
	{ &ldir_talk_smtp, NULL, NULL, NULL, NULL, { "<220 mail\r\n", "<250 mail\r\n", "<220 go\r\n", "." }, BAD, "ended" },
	{ &ldir_talk_pop, NULL, NULL, NULL, NULL, { "<+OK\r\n", ">STLS\r\n", "<+OK go\r\n", "!", ">QUIT\r\n" }, GOOD, "+OK over TLS" },
	{ &ldir_talk_pop, NULL, "joe", "pw", NULL,
	  { "<+OK\r\n", ">STLS\r\n", "<+OK go\r\n", "!", ">USER joe\r\n", "<+OK\r\n", ">PASS pw\r\n", "<+OK in\r\n" }, GOOD, "+OK in" },
	{ &ldir_talk_pop, NULL, "joe", "pw", NULL, { "<+OK\r\n", ">STLS\r\n", "<-ERR what\r\n", ">QUIT\r\n" }, BAD, "STARTTLS: -ERR what" },
	{ &ldir_talk_imap, NULL, NULL, NULL, NULL,
	  { "<* OK hi\r\n", ">a0 STARTTLS\r\n", "<* news\r\na0 OK go\r\n", "!", ">a2 LOGOUT\r\n" }, GOOD, "* OK over TLS" },
	{ &ldir_talk_imap, NULL, "joe", "pw", NULL,
	  { "<* OK hi\r\n", ">a0 STARTTLS\r\n", "<a0 OK go\r\n", "!", ">a1 LOGIN \"joe\" \"pw\"\r\n", "<a1 OK in\r\n" }, GOOD, "a1 OK" },
	{ &ldir_talk_imap, NULL, "joe", "pw", NULL, { "<* OK hi\r\n", ">a0 STARTTLS\r\n", "<a0 BAD no\r\n" }, BAD, "STARTTLS: a0 BAD" },
	{ &ldir_talk_imap, NULL, "joe", "pw", NULL, { "<* PREAUTH hi\r\n" }, BAD, "STARTTLS: * PREAUTH" },
};

static void
test_passwords_wait_for_tls(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(secure_rows); i++)
		play(&secure_rows[i], TRUE);
}

static void
test_ldap_begins_tls_before_the_bind(void)
{
	static const guint8 asked[] = "\x30\x82\x00\x23\x02\x82\x00\x01\x04\x77\x82\x00\x1a\x80\x82\x00\x16" "1.3.6.1.4.1.1466.20037";
	const LdirAsk ask = { .server = "10.0.0.2", .login = "cn=a", .passwd = "secret", .is_stream = TRUE, .is_starttls = TRUE };
	g_autoptr(LdirTalk) talk = ldir_talk_new(&ldir_talk_ldap, &ask);
	g_autoptr(LdirTalk) refused = ldir_talk_new(&ldir_talk_ldap, &ask);
	guint said = talk->out->len;

	g_assert_cmpmem(talk->out->data, talk->out->len, asked, sizeof asked - 1);
	ldir_talk_feed(talk, "\x30\x08\x02\x01\x04\x78\x03\x0a\x01\x00", 10);
	g_assert_true(talk->wants_tls);
	g_assert_cmpuint(talk->out->len, ==, said);     /* the password is still ours */
	ldir_talk_secured(talk);
	g_assert_cmpuint(talk->out->len, >, said);
	ldir_talk_feed(refused, "\x30\x08\x02\x01\x04\x78\x03\x0a\x01\x02", 10);
	g_assert_cmpint(refused->verdict, ==, BAD);
	g_assert_cmpstr(refused->why, ==, "STARTTLS failed");
}

static void
test_ftp_fetches_a_file(void)
{
	g_autoptr(LdirPattern) pattern = pattern_of("hello");
	const LdirAsk ask = { .server = "10.0.0.2", .request = "/dir/f", .pattern = pattern, .is_stream = TRUE };
	g_autoptr(LdirTalk) talk = ldir_talk_new(&ldir_talk_ftp, &ask);

	hear(talk, "220 hi\r\n230 in\r\n200 binary\r\n229 Entering (|||6446|)\r\n");
	g_assert_cmpuint(talk->data_port, ==, 6446);
	hear(talk, "150 comes\r\n226 done\r\n");
	g_assert_cmpint(talk->verdict, ==, LDIR_TALK_GOING);
	ldir_talk_feed_data(talk, "say hel", 7);
	ldir_talk_feed_data(talk, "lo", 2);
	g_assert_cmpint(talk->verdict, ==, LDIR_TALK_GOING);
	ldir_talk_end_data(talk);
	g_assert_cmpint(talk->verdict, ==, GOOD);
}

static LdirTalkVerdict
dns_not(const char *request, const char *receive, const char *receivenot, const guint8 *answer, gsize len)
{
	g_autoptr(LdirPattern) pattern = pattern_of(receive);
	g_autoptr(LdirPattern) forbidden = pattern_of(receivenot);
	const LdirAsk ask = { .request = request, .pattern = pattern, .forbidden = forbidden, .random = { 0x1234 } };
	g_autoptr(LdirTalk) talk = ldir_talk_new(&ldir_talk_dns, &ask);

	ldir_talk_datagram(talk, answer, len);
	return talk->verdict;
}

/* Thousands of names, each of which costs a pattern much, are one answer: what others have to say is heard in between, and soon it is over. */
static void
test_names_that_are_costly_together(void)
{
	g_autoptr(LdirPattern) pattern = pattern_of("^(a+)+$");
	const LdirAsk ask = { .request = "10.0.0.2", .pattern = pattern, .random = { 0x1234 } };
	g_autoptr(LdirTalk) talk = ldir_talk_new(&ldir_talk_dns, &ask);
	g_autoptr(GByteArray) answer = g_byte_array_new();
	static const guint8 head[] = { 0x12, 0x34, 0x81, 0x80, 0, 0, 0x0f, 0xa0, 0, 0, 0, 0 };
	/* 15 of them and another one: the first of 4,000 has it in full, the others point at it */
	static const guint8 first[] = { 0, 0, 12, 0, 1, 0, 0, 0, 9, 0, 18, 16, 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a',
	                                'a', 'a', 'a', '!', 0 };
	static const guint8 other[] = { 0, 0, 12, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 23 };
	guint n = 0;

	g_byte_array_append(answer, head, sizeof head);
	g_byte_array_append(answer, first, sizeof first);
	for (guint i = 1; i < 4000; i++)
		g_byte_array_append(answer, other, sizeof other);
	ldir_talk_datagram(talk, answer->data, answer->len);
	g_assert_cmpint(talk->verdict, ==, LDIR_TALK_SEARCHING);
	ldir_talk_datagram(talk, answer->data, answer->len);    /* comes too late */
	for (; talk->verdict == LDIR_TALK_SEARCHING; n++)
		ldir_talk_search(talk);
	g_assert_cmpuint(n, >, 1);
	g_assert_cmpint(talk->verdict, ==, BAD);
	g_assert_cmpstr(talk->why, ==, "Response mismatch");
}

static LdirTalkVerdict
dns(const char *request, const char *receive, const guint8 *answer, gsize len)
{
	return dns_not(request, receive, NULL, answer, len);
}

static void
test_dns(void)
{
	static const guint8 asked[] = { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 2, 'b', 'c', 0, 0, 1, 0, 1 };
	static const guint8 answer[] = {
		0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0, 1, 'a', 2, 'b', 'c', 0, 0, 1, 0, 1,
		0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, 4, 1, 'd', 0xc0, 14,
		0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 1, 2, 3,
	};
	static const guint8 pointer[] = {
		0x12, 0x34, 0x81, 0x80, 0, 0, 0, 1, 0, 0, 0, 0,
		1, 'x', 0, 0, 12, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 25,        /* a name that points at itself */
	};
	static const guint8 ptr[] = {
		0x12, 0x34, 0x81, 0x80, 0, 0, 0, 1, 0, 0, 0, 0,
		1, 'x', 0, 0, 12, 0, 1, 0, 0, 0, 9, 0, 8, 3, 'w', 'w', 'w', 2, 'd', 'e', 0,
	};
	static const guint8 two[] = {
		0x12, 0x34, 0x81, 0x80, 0, 0, 0, 2, 0, 0, 0, 0,
		1, 'x', 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 1, 2, 3,
		1, 'x', 0, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 10, 1, 2, 4,
	};
	const LdirAsk ask = { .request = "a.bc.", .random = { 0x1234 } };
	g_autoptr(LdirTalk) talk = ldir_talk_new(&ldir_talk_dns, &ask);
	const LdirAsk bad = { .request = "a..b", .random = { 0x1234 } };
	g_autoptr(LdirTalk) refused = ldir_talk_new(&ldir_talk_dns, &bad);
	const LdirAsk reverse = { .request = "10.0.0.2", .random = { 0x1234 } };
	g_autoptr(LdirTalk) back = ldir_talk_new(&ldir_talk_dns, &reverse);

	g_assert_cmpmem(talk->out->data, talk->out->len, asked, sizeof asked);
	g_assert_cmpint(refused->verdict, ==, BAD);
	g_assert_cmpmem(back->out->data + 12, 10, "\0012\0010\0010\00210\007", 10);
	g_assert_cmpint(dns("a.bc", NULL, answer, sizeof answer), ==, GOOD);
	g_assert_cmpint(dns("a.bc", "^10.1.2.3$", answer, sizeof answer), ==, GOOD);
	g_assert_cmpint(dns("a.bc", "^10.1.2.4$", answer, sizeof answer), ==, BAD);
	g_assert_cmpint(dns("a.bc", NULL, answer, sizeof answer - 1), ==, BAD);
	g_assert_cmpint(dns("10.0.0.2", "^www.de$", ptr, sizeof ptr), ==, GOOD);
	g_assert_cmpint(dns("10.0.0.2", NULL, pointer, sizeof pointer), ==, BAD);
	/* one that fits, and none that must not */
	g_assert_cmpint(dns_not("x", "3$", "4$", two, sizeof two), ==, BAD);
	g_assert_cmpint(dns_not("x", "3$", "5$", two, sizeof two), ==, GOOD);
	g_assert_cmpint(dns_not("x", "5$", "6$", two, sizeof two), ==, BAD);
	/* not an answer to our question: somebody else's datagram */
	g_assert_cmpint(dns("a.bc", NULL, answer + 1, sizeof answer - 1), ==, LDIR_TALK_GOING);
	g_assert_cmpint(dns("a.bc", NULL, asked, sizeof asked), ==, LDIR_TALK_GOING);
	g_assert_cmpint(dns("a.bc", NULL, NULL, 0), ==, BAD);
}

/* The answer of code @code, signed with @secret. */
static void
radius_answer(LdirTalk *talk, guint8 code, const char *secret)
{
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_MD5);
	guint8 packet[20] = { code, talk->out->data[1], 0, 20 };
	gsize len = 16;

	memcpy(packet + 4, talk->out->data + 4, 16);
	g_checksum_update(checksum, packet, sizeof packet);
	g_checksum_update(checksum, (const guchar *)secret, (gssize)strlen(secret));
	g_checksum_get_digest(checksum, packet + 4, &len);
	ldir_talk_datagram(talk, packet, sizeof packet);
}

static void
test_radius(void)
{
	const LdirAsk ask = { .login = "joe", .passwd = "a password of more than 16", .secret = "xyzzy", .random = { 1, 2, 3, 4 } };
	g_autoptr(LdirTalk) accepted = ldir_talk_new(&ldir_talk_radius, &ask);
	g_autoptr(LdirTalk) rejected = ldir_talk_new(&ldir_talk_radius, &ask);

	g_assert_cmpuint(accepted->out->len, ==, 20 + 5 + 34 + 6 + 18);
	radius_answer(accepted, 2, "another");
	g_assert_cmpint(accepted->verdict, ==, LDIR_TALK_GOING);
	radius_answer(accepted, 2, "xyzzy");
	g_assert_cmpint(accepted->verdict, ==, GOOD);
	radius_answer(rejected, 3, "xyzzy");
	g_assert_cmpint(rejected->verdict, ==, BAD);
}

static LdirTalkVerdict
ldap(const char *receive, const char *receivenot, const void *answer, gsize len, char **ret_why)
{
	g_autoptr(LdirPattern) pattern = pattern_of(receive);
	g_autoptr(LdirPattern) forbidden = pattern_of(receivenot);
	const LdirAsk ask = { .request = "dc=x", .pattern = pattern, .forbidden = forbidden, .is_stream = TRUE };
	g_autoptr(LdirTalk) talk = ldir_talk_new(&ldir_talk_ldap, &ask);

	for (gsize i = 0; i < len; i++)
		ldir_talk_feed(talk, (const guint8 *)answer + i, 1);
	ldir_talk_end(talk);
	g_free(*ret_why);
	*ret_why = g_strdup(talk->why);
	return talk->verdict;
}

#define BOUND "\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00"
#define ENTRY "\x30\x0d\x02\x01\x02\x64\x08\x04\x04" "dc=x" "\x30\x00"
#define DONE  "\x30\x0c\x02\x01\x02\x65\x07\x0a\x01\x00\x04\x00\x04\x00"

static void
test_ldap(void)
{
	static const struct {
		const char *receive, *answer;
		gsize len;
		LdirTalkVerdict verdict;
		const char *why;
	} answers[] = {
		{ "dc=x", BOUND ENTRY DONE, sizeof BOUND ENTRY DONE - 1, GOOD, "Success" },
		{ NULL, BOUND ENTRY DONE, sizeof BOUND ENTRY DONE - 1, GOOD, "Success" },
		{ "dc=y", BOUND ENTRY DONE, sizeof BOUND ENTRY DONE - 1, BAD, "Response mismatch" },
		{ NULL, BOUND DONE, sizeof BOUND DONE - 1, BAD, "No answer received" },
		{ NULL, BOUND ENTRY ENTRY DONE, sizeof BOUND ENTRY ENTRY DONE - 1, BAD, "No answer received" },
		{ NULL, BOUND ENTRY, sizeof BOUND ENTRY - 1, BAD, "the server has ended the connection" },
		{ NULL, "\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x31\x04\x00\x04\x00", 14, BAD, "Bind failed" },
		{ NULL, "HTTP/1.1 400", 12, BAD, "the server has ended the connection" },
		{ NULL, "\x30\x84\xff\xff\xff\xff", 6, BAD, "a broken answer" },
	};
	g_autofree char *why = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
		g_test_message("answer %u", i);
		g_assert_cmpint(ldap(answers[i].receive, NULL, answers[i].answer, answers[i].len, &why), ==, answers[i].verdict);
		g_assert_cmpstr(why, ==, answers[i].why);
	}
	g_assert_cmpint(ldap(NULL, "^dc=x$", BOUND ENTRY DONE, sizeof BOUND ENTRY DONE - 1, &why), ==, BAD);
	g_assert_cmpstr(why, ==, "Response mismatch");
	g_assert_cmpint(ldap(NULL, "^dc=y$", BOUND ENTRY DONE, sizeof BOUND ENTRY DONE - 1, &why), ==, GOOD);
}

static void
test_an_agent_says_how_it_is_and_of_which_weight(void)
{
	static const struct {
		const char *line;
		LdirTalkVerdict verdict;
		guint percent;
	} lines[] = {
		{ "75%\n", GOOD, 75 }, { "up\n", GOOD, 100 }, { "ready,30%\r\n", GOOD, 30 }, { "UP 0%\n", GOOD, 0 },
		{ "drain\n", GOOD, 0 }, { "drain 50%\n", GOOD, 0 }, { "up maxconn:3\n", GOOD, 100 }, { "up # not down\n", GOOD, 100 },
		{ "down\n", BAD, 0 }, { "fail # disk\n", BAD, 0 }, { "stopped\n", BAD, 0 }, { "up maint\n", BAD, 0 },
		{ "\n", BAD, 0 }, { "hello\n", BAD, 0 }, { "7\n", BAD, 0 }, { "1001%\n", BAD, 0 }, { "-5%\n", BAD, 0 }, { "%\n", BAD, 0 },
	};
	static const LdirAsk ask = { .server = "10.0.0.2", .is_stream = TRUE };

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autoptr(LdirTalk) talk = ldir_talk_new(&ldir_talk_agent, &ask);

		ldir_talk_feed(talk, lines[i].line, strlen(lines[i].line) - 1);
		g_assert_cmpint(talk->verdict, ==, LDIR_TALK_GOING);    /* not before the end of the line */
		ldir_talk_feed(talk, "\n", 1);
		g_assert_cmpint(talk->verdict, ==, lines[i].verdict);
		g_assert_cmpint(talk->said.kind, ==, lines[i].verdict == GOOD ? LDIR_SAID_PERCENT : LDIR_SAID_NOTHING);
		g_assert_cmpuint(talk->said.n, ==, lines[i].percent);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir_talk/dialogues", test_dialogues);
	g_test_add_func("/ldir_talk/passwords_wait_for_tls", test_passwords_wait_for_tls);
	g_test_add_func("/ldir_talk/ldap_begins_tls_before_the_bind", test_ldap_begins_tls_before_the_bind);
	g_test_add_func("/ldir_talk/ftp_fetches_a_file", test_ftp_fetches_a_file);
	g_test_add_func("/ldir_talk/dns", test_dns);
	g_test_add_func("/ldir_talk/dns_costly", test_names_that_are_costly_together);
	g_test_add_func("/ldir_talk/radius", test_radius);
	g_test_add_func("/ldir_talk/ldap", test_ldap);
	g_test_add_func("/ldir_talk/agent", test_an_agent_says_how_it_is_and_of_which_weight);
	return g_test_run();
}
