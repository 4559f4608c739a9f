/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_dns.c - one question: a name is asked for A, an IPv4 address for PTR; one of the answers fits receive=
 * (doc/ldirectord.md 3.4, RFC 1035). Over TCP with two octets of length in front.
 */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/check/talk.h"
#include "util/banned.h"

#define HEADER_LEN   12
#define NAME_MAX_LEN 255
#define LABEL_MAX    63
#define JUMPS_MAX    32         /* compression pointers of one name */
#define TYPE_A       1
#define TYPE_PTR     12
#define CLASS_IN     1

typedef struct {
	const guint8 *data;
	gsize len, pos;
} Reader;

/* What is asked: "www.example.com", "2.0.0.10.in-addr.arpa" (transfer full) */
static char *
question_of(const LdirAsk *ask, guint16 *ret_type)
{
	const char *request = ldir_talk_request(ask);
	struct in_addr addr;
	guint8 octets[4];

	*ret_type = TYPE_A;
	if (inet_pton(AF_INET, request, &addr) != 1)
		return g_strdup(request);
	*ret_type = TYPE_PTR;
	memcpy(octets, &addr, sizeof octets);
	return g_strdup_printf("%u.%u.%u.%u.in-addr.arpa", octets[3], octets[2], octets[1], octets[0]);
}

static void
put16(GByteArray *out, guint value)
{
	const guint8 octets[2] = { (guint8)(value >> 8), (guint8)value };

	g_byte_array_append(out, octets, 2);
}

/* FALSE: no name of DNS. */
static gboolean
put_name(GByteArray *out, const char *name)
{
	g_auto(GStrv) labels = g_strsplit(name, ".", -1);
	guint start = out->len;

	for (guint i = 0; labels[i] != NULL; i++) {
		gsize len = strlen(labels[i]);
		guint8 octet = (guint8)len;

		if (len == 0 && labels[i + 1] == NULL)  /* a dot at the end */
			break;
		if (len == 0 || len > LABEL_MAX)
			return FALSE;
		g_byte_array_append(out, &octet, 1);
		g_byte_array_append(out, (const guint8 *)labels[i], (guint)len);
	}
	g_byte_array_append(out, (const guint8 *)"", 1);
	return out->len - start <= NAME_MAX_LEN;
}

static void
dns_begin(LdirTalk *talk)
{
	guint16 type;
	g_autofree char *name = question_of(talk->ask, &type);
	GByteArray *out = talk->out;

	if (talk->ask->is_stream)
		put16(out, 0);
	put16(out, talk->ask->random[0] & 0xffff);
	put16(out, 0x0100);     /* recursion desired */
	put16(out, 1);
	put16(out, 0);
	put16(out, 0);
	put16(out, 0);
	if (!put_name(out, name)) {
		ldir_talk_bad(talk, "request= is no name: %s", name);
		return;
	}
	put16(out, type);
	put16(out, CLASS_IN);
	if (talk->ask->is_stream) {
		out->data[0] = (guint8)((out->len - 2) >> 8);
		out->data[1] = (guint8)(out->len - 2);
	}
}

static gboolean
read16(Reader *reader, guint *ret_value)
{
	if (reader->len - reader->pos < 2)
		return FALSE;
	*ret_value = (guint)(reader->data[reader->pos] << 8 | reader->data[reader->pos + 1]);
	reader->pos += 2;
	return TRUE;
}

/* A name, wherever its parts are; with @out NULL it is skipped. */
static gboolean
read_name(Reader *reader, GString *out)
{
	gsize pos = reader->pos;
	gboolean has_jumped = FALSE;
	guint jumps = 0;
	gsize total = 0;

	for (;;) {
		guint8 octet;

		if (pos >= reader->len)
			return FALSE;
		octet = reader->data[pos];
		if ((octet & 0xc0) == 0xc0) {
			if (pos + 1 >= reader->len || ++jumps > JUMPS_MAX)
				return FALSE;
			if (!has_jumped)
				reader->pos = pos + 2;
			has_jumped = TRUE;
			pos = (gsize)(octet & 0x3f) << 8 | reader->data[pos + 1];
			continue;
		}
		if (octet > LABEL_MAX || reader->len - pos <= octet || (total += octet + 1u) > NAME_MAX_LEN)
			return FALSE;
		if (octet == 0) {
			if (!has_jumped)
				reader->pos = pos + 1;
			return TRUE;
		}
		if (out != NULL && out->len > 0)
			g_string_append_c(out, '.');
		if (out != NULL)
			g_string_append_len(out, (const char *)reader->data + pos + 1, octet);
		pos += octet + 1u;
	}
}

/* What an answer says, "" if that is nothing for us; NULL: it is broken (transfer full) */
static char *
read_answer(Reader *reader)
{
	guint type, class, ttl_high, ttl_low, len;
	g_autoptr(GString) text = g_string_new(NULL);
	Reader data;

	if (!read_name(reader, NULL) || !read16(reader, &type) || !read16(reader, &class) || !read16(reader, &ttl_high) ||
	    !read16(reader, &ttl_low) || !read16(reader, &len) || reader->len - reader->pos < len)
		return NULL;
	data = *reader;
	reader->pos += len;
	if (class != CLASS_IN)
		return g_strdup("");
	if (type == TYPE_A && len == 4) {
		const guint8 *octets = data.data + data.pos;

		g_string_printf(text, "%u.%u.%u.%u", octets[0], octets[1], octets[2], octets[3]);
	} else if (type == TYPE_PTR && !read_name(&data, text)) {
		return NULL;
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* One that fits will do, but none must fit receivenot=. */
static void
judge_answers(LdirTalk *talk, Reader *reader, guint n_answers)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 0; i < n_answers; i++) {
		g_autofree char *text = read_answer(reader);

		if (text == NULL && (names->len == 0 || talk->ask->forbidden != NULL)) {
			ldir_talk_bad(talk, "a broken answer");
			return;
		}
		if (text == NULL)
			break;          /* what came before it may do */
		if (text[0] != '\0')
			g_string_append_printf(names, "%s\n", g_strdelimit(text, "\n", '?'));
	}
	if (names->len > 0)
		ldir_talk_judge_names(talk, g_steal_pointer(&names), NULL);
	else
		ldir_talk_bad(talk, "Response mismatch");
}

static void
judge_message(LdirTalk *talk, Reader *reader)
{
	guint flags, n_questions, n_answers, n_others;

	reader->pos = 2;
	if (!read16(reader, &flags) || !read16(reader, &n_questions) || !read16(reader, &n_answers) ||
	    !read16(reader, &n_others) || !read16(reader, &n_others)) {
		ldir_talk_bad(talk, "a broken answer");
		return;
	}
	if ((flags & 0x0f) != 0) {
		ldir_talk_bad(talk, "error %u of the name server", flags & 0x0f);
		return;
	}
	for (guint i = 0; i < n_questions; i++)
		if (!read_name(reader, NULL) || !read16(reader, &n_others) || !read16(reader, &n_others)) {
			ldir_talk_bad(talk, "a broken answer");
			return;
		}
	judge_answers(talk, reader, n_answers);
}

/* An answer to another question is not looked at: anybody can send a datagram. */
static gboolean
is_ours(const LdirTalk *talk, const Reader *reader)
{
	guint id = talk->ask->random[0] & 0xffff;

	return reader->len >= HEADER_LEN && reader->data[0] == id >> 8 && reader->data[1] == (id & 0xff) &&
	       (reader->data[2] & 0x80) != 0;
}

static void
dns_input(LdirTalk *talk, gboolean is_end)
{
	Reader reader = { talk->in->data, talk->in->len, 0 };
	guint len;

	(void)is_end;
	if (talk->ask->is_stream) {
		if (!read16(&reader, &len) || reader.len - 2 < len)
			return;
		reader = (Reader){ talk->in->data + 2, len, 0 };
	}
	if (is_ours(talk, &reader))
		judge_message(talk, &reader);
	else if (talk->ask->is_stream)
		ldir_talk_bad(talk, "a broken answer");
}

const LdirTalkKind ldir_talk_dns = { dns_begin, dns_input, NULL };
