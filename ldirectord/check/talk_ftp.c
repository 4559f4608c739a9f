/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_ftp.c - the file request= is fetched, by a connection that we open (doc/ldirectord.md 3.4).
 *
 * Without request= a login, or where none is configured a good greeting, is enough.
 */
#include <string.h>

#include "ldirectord/check/talk.h"
#include "util/banned.h"

enum { STEP_GREETING, STEP_USER, STEP_PASS, STEP_TYPE, STEP_EPSV, STEP_PASV, STEP_FILE, STEP_DONE };

static void
ftp_begin(LdirTalk *talk)
{
	(void)talk;
}

static gboolean
wants_file(const LdirTalk *talk)
{
	return ldir_talk_request(talk->ask)[0] != '\0';
}

static const char *
or_else(const char *text, const char *otherwise)
{
	return text != NULL && text[0] != '\0' ? text : otherwise;
}

static void
finish(LdirTalk *talk, gboolean is_good, const char *line)
{
	ldir_talk_say(talk, "QUIT\r\n");
	if (is_good)
		ldir_talk_good(talk, "%s", line);
	else
		ldir_talk_bad(talk, "%s", line);
}

/* "229 Entering Extended Passive Mode (|||6446|)": 6446; 0: it is not that */
static guint16
epsv_port(const char *line)
{
	const char *at = strchr(line, '(');
	g_autofree char *digits = NULL;
	guint64 port;

	if (at == NULL || at[1] == '\0' || at[2] != at[1] || at[3] != at[1])
		return 0;
	digits = g_strndup(at + 4, strspn(at + 4, "0123456789"));
	return g_ascii_string_to_unsigned(digits, 10, 1, G_MAXUINT16, &port, NULL) ? (guint16)port : 0;
}

/* "227 Entering Passive Mode (10,0,0,2,25,46)". The address is not used: it is the server's, or a lie. */
static guint16
pasv_port(const char *line)
{
	g_autofree char *list = g_strdup(strlen(line) > 4 ? line + 4 : "");
	g_auto(GStrv) parts = NULL;
	guint64 high, low;

	g_strstrip(g_strdelimit(list, "()", ' '));
	for (char *c = list; *c != '\0'; c++)
		if (!g_ascii_isdigit(*c) && *c != ',')
			*c = ' ';
	parts = g_strsplit(g_strstrip(list), ",", 8);
	if (g_strv_length(parts) != 6 || !g_ascii_string_to_unsigned(g_strstrip(parts[4]), 10, 0, 255, &high, NULL) ||
	    !g_ascii_string_to_unsigned(g_strstrip(parts[5]), 10, 0, 255, &low, NULL))
		return 0;
	return (guint16)(high << 8 | low);
}

static void
fetch(LdirTalk *talk, guint16 port, const char *line)
{
	if (port == 0) {
		finish(talk, FALSE, line);
		return;
	}
	talk->data_port = port;
	ldir_talk_say(talk, "RETR /%s\r\n", ldir_talk_request(talk->ask));
	talk->step = STEP_FILE;
}

static void
logged_in(LdirTalk *talk, const char *line)
{
	if (!wants_file(talk)) {
		finish(talk, TRUE, line);
		return;
	}
	ldir_talk_say(talk, "TYPE I\r\n");
	talk->step = STEP_TYPE;
}

/* What follows a reply that is not a refusal. */
static void
go_on(LdirTalk *talk, guint code, const char *line)
{
	switch (talk->step) {
	case STEP_GREETING:
		if (!wants_file(talk) && talk->ask->login == NULL) {
			finish(talk, TRUE, line);
			return;
		}
		ldir_talk_say(talk, "USER %s\r\n", or_else(talk->ask->login, "anonymous"));
		talk->step = STEP_USER;
		return;
	case STEP_USER:
		if (code / 100 == 2) {
			logged_in(talk, line);
			return;
		}
		ldir_talk_say(talk, "PASS %s\r\n", or_else(talk->ask->passwd, "ldirectord@localhost"));
		talk->step = STEP_PASS;
		return;
	case STEP_PASS:
		logged_in(talk, line);
		return;
	case STEP_TYPE:
		ldir_talk_say(talk, "EPSV\r\n");
		talk->step = STEP_EPSV;
		return;
	case STEP_EPSV:
		fetch(talk, epsv_port(line), line);
		return;
	case STEP_PASV:
		fetch(talk, pasv_port(line), line);
		return;
	default:
		talk->step = STEP_DONE;
	}
}

static void
ftp_reply(LdirTalk *talk, guint code, const char *line)
{
	guint class = code / 100;

	if (class == 1)         /* "150 here it comes", "120 ready in five minutes" */
		return;
	if (talk->step == STEP_EPSV && class == 5) {
		ldir_talk_say(talk, "PASV\r\n");
		talk->step = STEP_PASV;
	} else if (class == 2 || (class == 3 && talk->step == STEP_USER)) {
		go_on(talk, code, line);
	} else {
		finish(talk, FALSE, line);
	}
}

/* The reply on one connection, the end of the file on the other; or more of it than is looked at. */
static void
look_at_file(LdirTalk *talk)
{
	const GByteArray *data = talk->data;
	gboolean is_enough = data != NULL && data->len == LDIR_ANSWER_MAX;

	if (!is_enough && (talk->step != STEP_DONE || !talk->is_data_over))
		return;
	ldir_talk_say(talk, "QUIT\r\n");
	ldir_talk_judge(talk, data != NULL ? data->data : (const guint8 *)"", data != NULL ? data->len : 0, "transferred");
}

static void
ftp_input(LdirTalk *talk, gboolean is_end)
{
	guint code;
	char *line;

	while (talk->verdict == LDIR_TALK_GOING && talk->step != STEP_DONE && ldir_talk_reply(talk, is_end, &code, &line)) {
		ftp_reply(talk, code, line);
		g_free(line);
	}
	if (talk->verdict == LDIR_TALK_GOING)
		look_at_file(talk);
}

const LdirTalkKind ldir_talk_ftp = { ftp_begin, ftp_input, NULL };
