/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as the answer of a server, for each protocol: there is a verdict at the end, with a reason,
 * and it does not depend on how the answer was cut into pieces. */
#include <string.h>

#include "ldirectord/talk.h"
#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

static const LdirTalkKind *const kinds[] = { &ldir_talk_http, &ldir_talk_http_proxy };

static LdirPattern *pattern;

static LdirTalk *
answer(const LdirTalkKind *kind, const LdirAsk *ask, const guint8 *data, size_t len, size_t piece)
{
	LdirTalk *talk = ldir_talk_new(kind, ask);

	for (size_t i = 0; i < len; i += piece)
		ldir_talk_feed(talk, data + i, MIN(piece, len - i));
	ldir_talk_end(talk);
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

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	LdirAsk ask = {
		.server = "10.0.0.2", .request = "cn=a,dc=example", .login = "user", .passwd = "word", .database = "d",
		.secret = "shared", .is_stream = TRUE, .random = { 1, 2, 3, 4 },
	};
	char *error = NULL;

	if (pattern == NULL)
		pattern = ldir_pattern_new("a+b?", &error);
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		ask.pattern = NULL;
		try(kinds[i], &ask, data, len);
		ask.pattern = pattern;
		try(kinds[i], &ask, data, len);
	}
	return 0;
}
