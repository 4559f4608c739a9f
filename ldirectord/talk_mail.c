/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_mail.c - smtp, pop, imap and nntp: greeting, login if there is one, goodbye (doc/ldirectord.md 3.4).
 *
 * Nothing is changed on the server: no mail, no EXPUNGE.
 */
#include <string.h>

#include "ldirectord/talk.h"
#include "util/banned.h"

enum { STEP_GREETING, STEP_HELLO, STEP_OLD_HELLO, STEP_USER, STEP_PASS };

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

/* ---- smtp and nntp: replies with a code ---- */

static void
smtp_reply(LdirTalk *talk, guint code, const char *line)
{
	gboolean is_fine = code / 100 == 2;

	if (talk->step == STEP_GREETING && is_fine) {
		ldir_talk_say(talk, "EHLO localhost.localdomain\r\n");
		talk->step = STEP_HELLO;
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

	while (talk->verdict == LDIR_TALK_GOING && ldir_talk_reply(talk, is_end, &code, &line)) {
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

static void
pop_line(LdirTalk *talk, const char *line)
{
	if (strncmp(line, "+OK", 3) != 0) {
		ldir_talk_say(talk, "QUIT\r\n");
		ldir_talk_bad(talk, "%s", line);
	} else if (talk->step == STEP_GREETING && has_login(talk)) {
		ldir_talk_say(talk, "USER %s\r\n", talk->ask->login);
		talk->step = STEP_USER;
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

	while (talk->verdict == LDIR_TALK_GOING && ldir_talk_line(talk, is_end, &line)) {
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
imap_line(LdirTalk *talk, const char *line)
{
	gboolean is_preauth = begins(line, "* PREAUTH");

	if (talk->step == STEP_PASS) {
		if (begins(line, "a1 OK"))
			imap_good(talk, line);
		else if (begins(line, "a1 "))
			ldir_talk_bad(talk, "%s", line);
		/* what begins otherwise is news, which nobody has asked for */
	} else if (!begins(line, "* OK") && !is_preauth) {
		ldir_talk_bad(talk, "%s", line);
	} else if (has_login(talk) && !is_preauth) {
		g_autofree char *login = quoted(talk->ask->login);
		g_autofree char *passwd = quoted(password(talk));

		ldir_talk_say(talk, "a1 LOGIN %s %s\r\n", login, passwd);
		talk->step = STEP_PASS;
	} else {
		imap_good(talk, line);
	}
}

static void
imap_input(LdirTalk *talk, gboolean is_end)
{
	char *line;

	while (talk->verdict == LDIR_TALK_GOING && ldir_talk_line(talk, is_end, &line)) {
		imap_line(talk, line);
		g_free(line);
	}
}

const LdirTalkKind ldir_talk_smtp = { say_nothing, smtp_input, NULL };
const LdirTalkKind ldir_talk_nntp = { say_nothing, nntp_input, NULL };
const LdirTalkKind ldir_talk_pop = { say_nothing, pop_input, NULL };
const LdirTalkKind ldir_talk_imap = { say_nothing, imap_input, NULL };
