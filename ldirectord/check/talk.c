/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "ldirectord/check/talk.h"
#include "util/banned.h"

LdirTalk *
ldir_talk_new(const LdirTalkKind *kind, const LdirAsk *ask)
{
	LdirTalk *talk = g_new0(LdirTalk, 1);

	talk->kind = kind;
	talk->ask = ask;
	talk->in = g_byte_array_new();
	talk->out = g_byte_array_new();
	kind->begin(talk);
	return talk;
}

void
ldir_talk_free(LdirTalk *talk)
{
	if (talk == NULL)
		return;
	if (talk->own != NULL)
		talk->kind->forget(talk->own);
	g_byte_array_unref(talk->in);
	g_byte_array_unref(talk->out);
	if (talk->data != NULL)
		g_byte_array_unref(talk->data);
	if (talk->names != NULL)
		g_string_free(talk->names, TRUE);
	g_free(talk->good);
	g_free(talk->why);
	g_free(talk->moved_to);
	g_free(talk);
}

/* What is beyond the limit is dropped. TRUE: something was. */
static gboolean
append(GByteArray *to, const void *data, gsize len)
{
	gsize room = LDIR_ANSWER_MAX - to->len;

	g_byte_array_append(to, data, (guint)MIN(len, room));
	return len > room;
}

static void
input(LdirTalk *talk, gboolean is_end)
{
	if (talk->wants_tls && !is_end)
		ldir_talk_bad(talk, "STARTTLS: the server goes on in the clear");
	if (talk->verdict == LDIR_TALK_GOING && !talk->wants_tls)
		talk->kind->input(talk, is_end);
	if (talk->verdict != LDIR_TALK_GOING)
		return;
	if (is_end)
		ldir_talk_bad(talk, "the server has ended the connection");
	else if (talk->is_full)
		ldir_talk_bad(talk, "the answer is too long");
}

void
ldir_talk_feed(LdirTalk *talk, const void *data, gsize len)
{
	if (talk->verdict != LDIR_TALK_GOING || len == 0)
		return;
	if (append(talk->in, data, len))
		talk->is_full = TRUE;
	input(talk, FALSE);
}

void
ldir_talk_end(LdirTalk *talk)
{
	input(talk, TRUE);
}

void
ldir_talk_want_tls(LdirTalk *talk)
{
	if (talk->pos < talk->in->len || talk->is_full)
		ldir_talk_bad(talk, "STARTTLS: the server goes on in the clear");
	else
		talk->wants_tls = TRUE;
}

gboolean
ldir_talk_is_to_secure(const LdirTalk *talk)
{
	return talk->ask->is_starttls && !talk->is_secured;
}

void
ldir_talk_secured(LdirTalk *talk)
{
	g_assert(talk->wants_tls);
	talk->wants_tls = FALSE;
	talk->is_secured = TRUE;
	talk->code = 0;
	talk->kind->begin(talk);
}

void
ldir_talk_feed_data(LdirTalk *talk, const void *data, gsize len)
{
	if (talk->verdict != LDIR_TALK_GOING || len == 0)
		return;
	if (talk->data == NULL)
		talk->data = g_byte_array_new();
	if (append(talk->data, data, len))
		ldir_talk_end_data(talk);
}

void
ldir_talk_end_data(LdirTalk *talk)
{
	talk->is_data_over = TRUE;
	input(talk, FALSE);
}

void
ldir_talk_datagram(LdirTalk *talk, const void *data, gsize len)
{
	if (talk->verdict != LDIR_TALK_GOING)
		return;
	if (data == NULL) {
		ldir_talk_bad(talk, "the port is closed");
		return;
	}
	g_byte_array_set_size(talk->in, 0);
	talk->pos = 0;
	append(talk->in, data, len);
	talk->kind->input(talk, FALSE);
}

/* ---- for kinds ---- */

static void G_GNUC_PRINTF(3, 0)
settle(LdirTalk *talk, LdirTalkVerdict verdict, const char *format, va_list args)
{
	g_assert(talk->verdict == LDIR_TALK_GOING);
	talk->verdict = verdict;
	talk->why = g_strdup_vprintf(format, args);
}

void
ldir_talk_good(LdirTalk *talk, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	settle(talk, LDIR_TALK_GOOD, format, args);
	va_end(args);
}

void
ldir_talk_bad(LdirTalk *talk, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	settle(talk, LDIR_TALK_BAD, format, args);
	va_end(args);
}

void
ldir_talk_say(LdirTalk *talk, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_byte_array_append(talk->out, (const guint8 *)text, (guint)strlen(text));
}

/* A NUL within becomes '?': it is in no protocol here. */
static char *
text_of(const guint8 *data, gsize len)
{
	char *text = g_strndup("", len);

	for (gsize i = 0; i < len; i++)
		text[i] = data[i] == '\0' ? '?' : (char)data[i];
	return text;
}

gboolean
ldir_talk_line(LdirTalk *talk, gboolean is_end, char **ret_line)
{
	const guint8 *from = talk->in->data + talk->pos;
	gsize left = talk->in->len - talk->pos;
	const guint8 *end = left > 0 ? memchr(from, '\n', MIN(left, LDIR_LINE_MAX)) : NULL;
	gsize len = end != NULL ? (gsize)(end - from) : left;

	if (end == NULL && left >= LDIR_LINE_MAX) {
		ldir_talk_bad(talk, "a line of the answer is too long");
		return FALSE;
	}
	if (end == NULL && (!is_end || left == 0))
		return FALSE;
	talk->pos += (guint)(end != NULL ? len + 1 : len);
	if (len > 0 && from[len - 1] == '\r')
		len--;
	*ret_line = text_of(from, len);
	return TRUE;
}

gboolean
ldir_talk_reply(LdirTalk *talk, gboolean is_end, guint *ret_code, char **ret_line)
{
	char *line;

	while (ldir_talk_line(talk, is_end, &line)) {
		gboolean has_code = strspn(line, "0123456789") == 3;
		guint code = has_code ? (guint)((line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0') : 0;

		if (has_code && (line[3] == ' ' || line[3] == '\0') && (talk->code == 0 || talk->code == code)) {
			talk->code = 0;
			*ret_code = code;
			*ret_line = line;
			return TRUE;
		}
		if (talk->code == 0 && (!has_code || line[3] != '-')) {
			ldir_talk_bad(talk, "this is no reply: %.60s", line);
			g_free(line);
			return FALSE;
		}
		if (talk->code == 0)
			talk->code = code;
		g_free(line);
	}
	return FALSE;
}

const char *
ldir_talk_request(const LdirAsk *ask)
{
	const char *request = ask->request != NULL ? ask->request : "";

	return request[0] == '/' ? request + 1 : request;
}
