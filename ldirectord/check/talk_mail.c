/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_mail.c - smtp, pop, imap and nntp: greeting, login if there is one, goodbye (doc/ldirectord.md 3.4).
 *
 * Nothing is changed on the server: no mail, no EXPUNGE.
 */
#include <string.h>

#include "ldirectord/check/talk.h"
#include "util/banned.h"

enum { STEP_GREETING, STEP_HELLO, STEP_OLD_HELLO, STEP_TLS, STEP_USER, STEP_PASS };

static void
say_nothing(LdirTalk *talk)
{
	(void)talk;
}

static gboolean
has_login(const LdirTalk *talk)
{
	return talk->ask->login != NULL && talk->ask->login[0] != '\0';
}

static const char *
password(const LdirTalk *talk)
{
	return talk->ask->passwd != NULL ? talk->ask->passwd : "";
}

/* Of any of them: the words with which @line refuses. */
static void
refuse_tls(LdirTalk *talk, const char *line)
{
	ldir_talk_bad(talk, "STARTTLS: %s", line);
}

/* ---- smtp and nntp: replies with a code ---- */

static void
say_hello(LdirTalk *talk)
{
	ldir_talk_say(talk, "EHLO localhost.localdomain\r\n");
	talk->step = STEP_HELLO;
}

static void
smtp_begin(LdirTalk *talk)
{
	if (talk->is_secured)
		say_hello(talk);
}

static void
smtp_reply(LdirTalk *talk, guint code, const char *line)
{
	gboolean is_fine = code / 100 == 2;

	if (talk->step == STEP_GREETING && is_fine) {
		say_hello(talk);
	} else if (talk->step == STEP_HELLO && is_fine && ldir_talk_is_to_secure(talk)) {
		ldir_talk_say(talk, "STARTTLS\r\n");
		talk->step = STEP_TLS;
	} else if (talk->step == STEP_TLS && code == 220) {
		ldir_talk_want_tls(talk);
	} else if (talk->step == STEP_TLS || (!is_fine && ldir_talk_is_to_secure(talk))) {
		ldir_talk_say(talk, "QUIT\r\n");
		refuse_tls(talk, line);
	} else if (talk->step == STEP_HELLO && code / 100 == 5) {
		ldir_talk_say(talk, "HELO localhost.localdomain\r\n");
		talk->step = STEP_OLD_HELLO;
	} else {
		ldir_talk_say(talk, "QUIT\r\n");
		if (is_fine)
			ldir_talk_good(talk, "%s", line);
		else
			ldir_talk_bad(talk, "%s", line);
	}
}

static void
smtp_input(LdirTalk *talk, gboolean is_end)
{
	guint code;
	char *line;

	while (talk->verdict == LDIR_TALK_GOING && !talk->wants_tls && ldir_talk_reply(talk, is_end, &code, &line)) {
		smtp_reply(talk, code, line);
		g_free(line);
	}
}

static void
nntp_input(LdirTalk *talk, gboolean is_end)
{
	g_autofree char *line = NULL;

	if (!ldir_talk_line(talk, is_end, &line))
		return;
	ldir_talk_say(talk, "QUIT\r\n");
	if (line[0] == '2')
		ldir_talk_good(talk, "%s", line);
	else
		ldir_talk_bad(talk, "%s", line);
}

/* ---- pop ---- */

/* As far as the login, from a good line on. */
static void
pop_login(LdirTalk *talk, const char *line)
{
	if (has_login(talk)) {
		ldir_talk_say(talk, "USER %s\r\n", talk->ask->login);
		talk->step = STEP_USER;
		return;
	}
	ldir_talk_say(talk, "QUIT\r\n");
	ldir_talk_good(talk, "%s", line);
}

static void
pop_begin(LdirTalk *talk)
{
	if (talk->is_secured)
		pop_login(talk, "+OK over TLS");
}

static void
pop_line(LdirTalk *talk, const char *line)
{
	gboolean is_fine = strncmp(line, "+OK", 3) == 0;

	if (talk->step == STEP_TLS && is_fine) {
		ldir_talk_want_tls(talk);
	} else if (talk->step == STEP_TLS) {
		ldir_talk_say(talk, "QUIT\r\n");
		refuse_tls(talk, line);
	} else if (!is_fine) {
		ldir_talk_say(talk, "QUIT\r\n");
		ldir_talk_bad(talk, "%s", line);
	} else if (talk->step == STEP_GREETING && ldir_talk_is_to_secure(talk)) {
		ldir_talk_say(talk, "STLS\r\n");
		talk->step = STEP_TLS;
	} else if (talk->step == STEP_GREETING) {
		pop_login(talk, line);
	} else if (talk->step == STEP_USER) {
		ldir_talk_say(talk, "PASS %s\r\n", password(talk));
		talk->step = STEP_PASS;
	} else {
		ldir_talk_say(talk, "QUIT\r\n");
		ldir_talk_good(talk, "%s", line);
	}
}

static void
pop_input(LdirTalk *talk, gboolean is_end)
{
	char *line;

	while (talk->verdict == LDIR_TALK_GOING && !talk->wants_tls && ldir_talk_line(talk, is_end, &line)) {
		pop_line(talk, line);
		g_free(line);
	}
}

/* ---- imap ---- */

/* "a\"b" (transfer full) */
static char *
quoted(const char *text)
{
	GString *out = g_string_new("\"");

	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *text);
	}
	g_string_append_c(out, '"');
	return g_string_free(out, FALSE);
}

static gboolean
begins(const char *line, const char *with)
{
	return g_ascii_strncasecmp(line, with, strlen(with)) == 0;
}

static void
imap_good(LdirTalk *talk, const char *line)
{
	ldir_talk_say(talk, "a2 LOGOUT\r\n");
	ldir_talk_good(talk, "%s", line);
}

static void
imap_login(LdirTalk *talk, const char *line)
{
	g_autofree char *login = has_login(talk) ? quoted(talk->ask->login) : NULL;
	g_autofree char *passwd = quoted(password(talk));

	if (login == NULL) {
		imap_good(talk, line);
		return;
	}
	ldir_talk_say(talk, "a1 LOGIN %s %s\r\n", login, passwd);
	talk->step = STEP_PASS;
}

static void
imap_begin(LdirTalk *talk)
{
	if (talk->is_secured)
		imap_login(talk, "* OK over TLS");
}

/* News, which nobody has asked for, may stand before the answer. */
static void
imap_tls_line(LdirTalk *talk, const char *line)
{
	if (begins(line, "a0 OK"))
		ldir_talk_want_tls(talk);
	else if (begins(line, "a0 ") || begins(line, "* BYE"))
		refuse_tls(talk, line);
}

static void
imap_line(LdirTalk *talk, const char *line)
{
	gboolean is_preauth = begins(line, "* PREAUTH");

	if (talk->step == STEP_PASS) {
		if (begins(line, "a1 OK"))
			imap_good(talk, line);
		else if (begins(line, "a1 "))
			ldir_talk_bad(talk, "%s", line);
		/* what begins otherwise is news, which nobody has asked for */
	} else if (talk->step == STEP_TLS) {
		imap_tls_line(talk, line);
	} else if (!begins(line, "* OK") && !is_preauth) {
		ldir_talk_bad(talk, "%s", line);
	} else if (ldir_talk_is_to_secure(talk) && is_preauth) {
		refuse_tls(talk, line);         /* then it is too late for it */
	} else if (ldir_talk_is_to_secure(talk)) {
		ldir_talk_say(talk, "a0 STARTTLS\r\n");
		talk->step = STEP_TLS;
	} else if (is_preauth) {
		imap_good(talk, line);
	} else {
		imap_login(talk, line);
	}
}

static void
imap_input(LdirTalk *talk, gboolean is_end)
{
	char *line;

	while (talk->verdict == LDIR_TALK_GOING && !talk->wants_tls && ldir_talk_line(talk, is_end, &line)) {
		imap_line(talk, line);
		g_free(line);
	}
}

const LdirTalkKind ldir_talk_smtp = { smtp_begin, smtp_input, NULL };
const LdirTalkKind ldir_talk_nntp = { say_nothing, nntp_input, NULL };
const LdirTalkKind ldir_talk_pop = { pop_begin, pop_input, NULL };
const LdirTalkKind ldir_talk_imap = { imap_begin, imap_input, NULL };
