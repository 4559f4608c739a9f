/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_text.c - simpletcp: a text is sent, a line of the answer fits receive=; sip: OPTIONS is answered with
 * 200 (doc/ldirectord.md 3.4).
 */
#include <string.h>

#include "ldirectord/check/talk.h"
#include "util/banned.h"

#define HEAD_MAX 32768           /* octets of the headers of SIP */

/* ---- simpletcp ---- */

/* request= with its "\n" as ends of lines; then we send no more. */
static void
simpletcp_begin(LdirTalk *talk)
{
	g_auto(GStrv) lines = g_strsplit(ldir_talk_request(talk->ask), "\\n", -1);
	g_autofree char *text = g_strjoinv("\n", lines);

	ldir_talk_say(talk, "%s", text);
	talk->is_half_closed = TRUE;
}

/* Looked at when it is complete: what fits half a line need not fit the whole. */
static void
simpletcp_input(LdirTalk *talk, gboolean is_end)
{
	if (!is_end && !talk->is_full)
		return;
	if (talk->in->len == 0)
		ldir_talk_bad(talk, "no answer");
	else
		ldir_talk_judge_lines(talk, talk->in->data, talk->in->len, "answered");
}

/* ---- sip ---- */

static void
sip_begin(LdirTalk *talk)
{
	const LdirAsk *ask = talk->ask;
	const char *login = ask->login != NULL ? ask->login : "ldirectord@localhost";
	const guint32 *random = ask->random;

	ldir_talk_say(talk,
	              "OPTIONS sip:%s SIP/2.0\r\n"
	              "Via: SIP/2.0/%s localhost;branch=z9hG4bK%08x;rport\r\n"
	              "Max-Forwards: 70\r\n"
	              "To: <sip:%s>\r\n"
	              "From: <sip:%s>;tag=%08x\r\n"
	              "Call-ID: %08x%08x\r\n"
	              "CSeq: 63104 OPTIONS\r\n"
	              "Contact: <sip:%s>\r\n"
	              "Accept: application/sdp\r\n"
	              "Content-Length: 0\r\n\r\n",
	              login, ask->is_stream ? "TCP" : "UDP", random[0], login, login, random[1], random[2], random[3], login);
}

/* The first line of the next message, FALSE: it is not complete (transfer full) */
static gboolean
next_message(LdirTalk *talk, char **ret_line)
{
	gsize len = talk->in->len - talk->pos;
	g_autofree char *text = len > 0 ? g_strndup((const char *)talk->in->data + talk->pos, len) : g_strdup("");
	const char *end = strstr(text, "\r\n\r\n");

	if (end == NULL)
		return FALSE;
	talk->pos += (guint)(end - text) + 4;
	*ret_line = g_strndup(text, strcspn(text, "\r\n"));
	return TRUE;
}

/* 1xx comes before the answer: over UDP as a datagram of its own. */
static void
sip_input(LdirTalk *talk, gboolean is_end)
{
	char *line;

	while (talk->verdict == LDIR_TALK_GOING && next_message(talk, &line)) {
		if (strncmp(line, "SIP/2.0 200 OK", 14) == 0)
			ldir_talk_good(talk, "%s", line + 8);
		else if (strncmp(line, "SIP/2.0 1", 9) != 0)
			ldir_talk_bad(talk, "%s", strncmp(line, "SIP/2.0 ", 8) == 0 ? line + 8 : "no answer of SIP");
		g_free(line);
	}
	if (talk->verdict != LDIR_TALK_GOING)
		return;
	if (is_end || talk->in->len - talk->pos > HEAD_MAX || (!talk->ask->is_stream && talk->pos == 0))
		ldir_talk_bad(talk, "no answer of SIP");
}

const LdirTalkKind ldir_talk_simpletcp = { simpletcp_begin, simpletcp_input, NULL };
const LdirTalkKind ldir_talk_sip = { sip_begin, sip_input, NULL };
