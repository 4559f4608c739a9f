/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any frames of HTTP/2 as the answer of a server: there is a verdict at the end, however they were cut, and what is kept and said is
 * bounded. Of the input each frame is its type, its flags, the length of its payload, and that; so a change within one leaves the
 * others what they are. Octets that are no frames: fuzz_ldir_talk.c. */
#include <string.h>

#include "ldirectord/check/talk.h"
#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

#define PER_CONNECTION 0xd0     /* types: SETTINGS, PING, GOAWAY */
#define OUT_MAX        (LDIR_ANSWER_MAX + 4096)

/* @flags: what HTTP/2 has, and 0x40: of the other stream. */
static void
add_frame(GByteArray *out, guint8 type, guint8 flags, const guint8 *payload, guint8 len)
{
	gboolean has_stream = type > 7 || (PER_CONNECTION >> type & 1) == 0;
	guint8 head[9] = { 0, 0, len, type, flags & 0x2d };

	head[8] = (guint8)((has_stream ? 1 : 0) ^ (flags >> 6 & 1));
	g_byte_array_append(out, head, sizeof head);
	g_byte_array_append(out, payload, len);
}

static GByteArray *
frames_of(const guint8 *data, size_t len)
{
	GByteArray *out = g_byte_array_new();

	add_frame(out, 4, 0, NULL, 0);
	for (size_t at = 0; at + 3 <= len;) {
		guint8 size = (guint8)MIN(data[at + 2], len - at - 3);

		add_frame(out, data[at] & 15, data[at + 1], data + at + 3, size);
		at += 3 + (size_t)size;
	}
	return out;
}

static LdirTalk *
answer(const LdirAsk *ask, const GByteArray *octets, guint piece)
{
	LdirTalk *talk = ldir_talk_new(&ldir_talk_http2, ask);

	for (guint i = 0; i < octets->len; i += piece)
		ldir_talk_feed(talk, octets->data + i, MIN(piece, octets->len - i));
	ldir_talk_end(talk);
	g_assert_cmpint(talk->verdict, !=, LDIR_TALK_GOING);
	g_assert_nonnull(talk->why);
	g_assert_true((talk->verdict == LDIR_TALK_MOVED) == (talk->moved_to != NULL));
	g_assert_cmpuint(talk->in->len, <=, LDIR_ANSWER_MAX);
	g_assert_cmpuint(talk->out->len, <=, OUT_MAX);
	return talk;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	static const LdirMethod methods[] = { LDIR_METHOD_GET, LDIR_METHOD_HEAD, LDIR_METHOD_POST };
	g_autoptr(GByteArray) octets = frames_of(data, len);

	for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
		LdirAsk ask = { .server = "10.0.0.2", .method = methods[i], .body = "a=1", .is_stream = TRUE };
		g_autoptr(LdirTalk) whole = answer(&ask, octets, octets->len);
		g_autoptr(LdirTalk) cut = answer(&ask, octets, 1 + octets->len / 7);
		g_autoptr(LdirTalk) single = answer(&ask, octets, 1);

		g_assert_cmpint(whole->verdict, ==, cut->verdict);
		g_assert_cmpstr(whole->why, ==, cut->why);
		g_assert_cmpstr(whole->why, ==, single->why);
		g_assert_cmpstr(whole->moved_to, ==, single->moved_to);
	}
	return 0;
}
