/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as the answer of a server, for each protocol: there is a verdict at the end, with a reason,
 * and it does not depend on how the answer was cut into pieces. */
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/check/icmp_echo.h"
#include "ldirectord/check/name.h"
#include "ldirectord/check/talk.h"
#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

static const LdirTalkKind *const kinds[] = {
	&ldir_talk_http, &ldir_talk_http2, &ldir_talk_http_proxy, &ldir_talk_smtp, &ldir_talk_pop, &ldir_talk_imap, &ldir_talk_nntp,
	&ldir_talk_ftp, &ldir_talk_simpletcp, &ldir_talk_agent, &ldir_talk_sip, &ldir_talk_dns, &ldir_talk_ldap,
};
static const LdirTalkKind *const datagrams[] = { &ldir_talk_sip, &ldir_talk_dns, &ldir_talk_radius };

static LdirPattern *pattern;

/* To the verdict, of one that waits for nothing more. */
static void
settle(LdirTalk *talk)
{
	while (talk->verdict == LDIR_TALK_SEARCHING)
		ldir_talk_search(talk);
}

static LdirTalk *
answer(const LdirTalkKind *kind, const LdirAsk *ask, const guint8 *data, size_t len, size_t piece)
{
	LdirTalk *talk = ldir_talk_new(kind, ask);

	for (size_t i = 0; i < len; i += piece)
		ldir_talk_feed(talk, data + i, MIN(piece, len - i));
	ldir_talk_end(talk);
	settle(talk);
	g_assert_cmpint(talk->verdict, !=, LDIR_TALK_GOING);
	g_assert_nonnull(talk->why);
	g_assert_true((talk->verdict == LDIR_TALK_MOVED) == (talk->moved_to != NULL));
	g_assert_cmpuint(talk->in->len, <=, LDIR_ANSWER_MAX);
	return talk;
}

static void
try(const LdirTalkKind *kind, const LdirAsk *ask, const guint8 *data, size_t len)
{
	g_autoptr(LdirTalk) whole = answer(kind, ask, data, len, len + 1);
	g_autoptr(LdirTalk) cut = answer(kind, ask, data, len, 1 + len / 7);

	g_assert_cmpint(whole->verdict, ==, cut->verdict);
	g_assert_cmpstr(whole->moved_to, ==, cut->moved_to);
}

/* There need be no verdict: what is not for us is not looked at. */
static void
try_datagram(const LdirTalkKind *kind, LdirAsk ask, const guint8 *data, size_t len)
{
	g_autoptr(LdirTalk) talk = NULL;

	ask.is_stream = FALSE;
	talk = ldir_talk_new(kind, &ask);
	ldir_talk_datagram(talk, data, len);
	ldir_talk_datagram(talk, data, len / 2);
	settle(talk);
	g_assert_true((talk->verdict != LDIR_TALK_GOING) == (talk->why != NULL));
}

/* The same as a file of ftp. */
static void
try_file(const LdirAsk *ask, const guint8 *data, size_t len)
{
	static const char before[] = "220 a\r\n230 b\r\n200 c\r\n229 (|||9|)\r\n226 d\r\n";
	g_autoptr(LdirTalk) talk = ldir_talk_new(&ldir_talk_ftp, ask);

	ldir_talk_feed(talk, before, sizeof before - 1);
	g_assert_cmpuint(talk->data_port, ==, 9);
	ldir_talk_feed_data(talk, data, len);
	ldir_talk_end_data(talk);
	settle(talk);
	g_assert_cmpint(talk->verdict, !=, LDIR_TALK_GOING);
}

/* Behind STARTTLS */
static void
try_secured(LdirAsk ask, const guint8 *data, size_t len)
{
	static const struct {
		const LdirTalkKind *kind;
		const char *before;
		gsize len;
	} rows[] = {
		{ &ldir_talk_smtp, "220 a\r\n250 b\r\n220 c\r\n", 21 },
		{ &ldir_talk_pop, "+OK a\r\n+OK b\r\n", 14 },
		{ &ldir_talk_imap, "* OK a\r\na0 OK b\r\n", 17 },
		{ &ldir_talk_ldap, "\x30\x08\x02\x01\x04\x78\x03\x0a\x01\x00", 10 },
	};

	ask.is_starttls = TRUE;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(LdirTalk) talk = ldir_talk_new(rows[i].kind, &ask);

		ldir_talk_feed(talk, rows[i].before, rows[i].len);
		g_assert_true(talk->wants_tls);
		ldir_talk_secured(talk);
		ldir_talk_feed(talk, data, len);
		g_assert_false(talk->wants_tls);
		ldir_talk_end(talk);
		settle(talk);
		g_assert_cmpint(talk->verdict, !=, LDIR_TALK_GOING);
	}
}

static void
try_others(const guint8 *data, size_t len)
{
	LdirEcho echo;
	LdirAddress addr;

	(void)ldir_echo_read(data, len, AF_INET, TRUE, -1, 0, &echo);
	(void)ldir_echo_read(data, len, AF_INET6, FALSE, 1, 0, &echo);
	(void)ldir_name_read((const char *)data, len, AF_INET, &addr);
	(void)ldir_name_read((const char *)data, len, AF_INET6, &addr);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	LdirAsk ask = {
		.server = "10.0.0.2", .request = "cn=a,dc=example", .login = "user", .passwd = "word", .database = "d",
		.secret = "shared", .is_stream = TRUE, .random = { 0x1234, 2, 3, 4 },
	};
	char *error = NULL;

	if (pattern == NULL)
		pattern = ldir_pattern_new("a+b?", &error);
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		ask.pattern = NULL;
		try(kinds[i], &ask, data, len);
		ask.pattern = pattern;
		try(kinds[i], &ask, data, len);
		ask.pattern = NULL;
		ask.forbidden = pattern;
		try(kinds[i], &ask, data, len);
		ask.forbidden = NULL;
		ask.is_starttls = TRUE;
		try(kinds[i], &ask, data, len);
		ask.is_starttls = FALSE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(datagrams); i++)
		try_datagram(datagrams[i], ask, data, len);
	try_file(&ask, data, len);
	try_secured(ask, data, len);
	try_others(data, len);
	return 0;
}
