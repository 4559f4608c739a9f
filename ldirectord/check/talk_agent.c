/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_agent.c - the line of an agent on the server, in the words of HAProxy's agent-check: "75%", "up", "drain", "down #disk full".
 *
 * Words are parted by blanks and commas. What is not known, as maxconn:N, is skipped; a line without any known word is none.
 */
#include <string.h>

#include "ldirectord/check/talk.h"
#include "util/banned.h"

#define PERCENT_MAX 1000

typedef enum { WORD_UNKNOWN, WORD_UP, WORD_DRAIN, WORD_DOWN } Word;

static Word
word_of(const char *text)
{
	static const struct {
		const char *text;
		Word word;
	} known[] = {
		{ "up", WORD_UP }, { "ready", WORD_UP }, { "drain", WORD_DRAIN }, { "down", WORD_DOWN }, { "fail", WORD_DOWN },
		{ "stopped", WORD_DOWN }, { "maint", WORD_DOWN },
	};

	for (guint i = 0; i < G_N_ELEMENTS(known); i++)
		if (g_ascii_strcasecmp(text, known[i].text) == 0)
			return known[i].word;
	return WORD_UNKNOWN;
}

static gboolean
read_percent(const char *text, guint32 *ret_percent)
{
	gsize len = strlen(text);
	g_autofree char *digits = len > 1 && text[len - 1] == '%' ? g_strndup(text, len - 1) : NULL;
	guint64 percent;

	if (digits == NULL || !g_ascii_string_to_unsigned(digits, 10, 0, PERCENT_MAX, &percent, NULL))
		return FALSE;
	*ret_percent = (guint32)percent;
	return TRUE;
}

/* The worst word of it counts. */
static void
judge(LdirTalk *talk, const char *line)
{
	g_autofree char *said = g_strndup(line, strcspn(line, "#"));
	g_auto(GStrv) words = g_strsplit_set(said, " \t,", -1);
	LdirSaid weight = { .kind = LDIR_SAID_PERCENT, .n = 100 };
	Word worst = WORD_UNKNOWN;

	for (guint i = 0; words[i] != NULL; i++) {
		gboolean is_percent = read_percent(words[i], &weight.n);

		worst = MAX(worst, is_percent ? WORD_UP : word_of(words[i]));
	}
	if (worst == WORD_DRAIN)
		weight.n = 0;
	if (worst == WORD_UP || worst == WORD_DRAIN) {
		talk->said = weight;
		ldir_talk_good(talk, "%s", line);
	} else {
		ldir_talk_bad(talk, worst == WORD_DOWN ? "%s" : "no words of an agent: %s", line);
	}
}

static void
agent_begin(LdirTalk *talk)
{
	ldir_talk_say(talk, "%s", ldir_talk_request(talk->ask));
}

static void
agent_input(LdirTalk *talk, gboolean is_end)
{
	char *line;

	if (ldir_talk_line(talk, is_end, &line)) {
		judge(talk, line);
		g_free(line);
	} else if (is_end && talk->verdict == LDIR_TALK_GOING) {
		ldir_talk_bad(talk, "no answer");
	}
}

const LdirTalkKind ldir_talk_agent = { agent_begin, agent_input, NULL };
