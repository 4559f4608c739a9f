/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk_judge.c - is the answer good by receive= and receivenot=?
 *
 * Most answers are settled at once. One that makes a pattern costly is searched in slices, when its carrier says so
 * (LDIR_TALK_SEARCHING): what others have to say is heard in between.
 */
#include <string.h>

#include "ldirectord/check/talk.h"
#include "util/banned.h"

#define FIRST_US 500    /* of processor time, */
#define SLICE_US 2000   /* and of each slice after that */

/* Why an answer is not the one that is asked for, NULL: it is. */
static const char *
objection(const LdirTalk *talk, LdirPatternVerdict found)
{
	if (found == LDIR_PATTERN_TOO_COSTLY)
		return talk->is_forbidden ? "receivenot= is too costly to search in this answer"
		                          : "receive= is too costly to search in this answer";
	if (talk->is_forbidden)
		return found == LDIR_PATTERN_FOUND ? "the answer holds what receivenot= forbids" : NULL;
	return found == LDIR_PATTERN_ABSENT ? "the answer does not hold what receive= wants" : NULL;
}

static void
settle(LdirTalk *talk, const char *why)
{
	talk->verdict = LDIR_TALK_GOING;
	if (why == NULL)
		ldir_talk_good(talk, "%s", talk->good);
	else
		ldir_talk_bad(talk, "%s", talk->mismatch != NULL ? talk->mismatch : why);
	g_clear_pointer(&talk->good, g_free);
}

/* What was found is the reason where it is a name. */
static void
note_name(LdirTalk *talk)
{
	const LdirSearch *search = &talk->search;
	const char *names = (const char *)search->data;

	if (talk->good == NULL && talk->ask->pattern != NULL)
		talk->good = g_strndup(names + search->begin, search->end - search->begin);
	else if (talk->good == NULL)
		talk->good = g_strndup(names, strcspn(names, "\n"));
}

/* receive= first, then receivenot=; as far as @slice_us goes. */
static void
advance(LdirTalk *talk, gint64 slice_us)
{
	const LdirAsk *ask = talk->ask;
	LdirSearch *search = &talk->search;

	for (;;) {
		LdirPatternVerdict found = talk->is_forbidden ? LDIR_PATTERN_ABSENT : LDIR_PATTERN_FOUND;
		const char *why;

		if (search->pattern != NULL)
			found = ldir_search_go_on(search, slice_us);
		if (found == LDIR_PATTERN_UNSETTLED)
			return;
		why = objection(talk, found);
		if (why == NULL && !talk->is_forbidden)
			note_name(talk);
		if (why != NULL || talk->is_forbidden) {
			settle(talk, why);
			return;
		}
		talk->is_forbidden = TRUE;
		ldir_search_begin(search, ask->forbidden, search->unit, search->data, search->len);
	}
}

static void
begin(LdirTalk *talk, LdirSearchUnit unit, const void *data, gsize len, const char *good)
{
	g_assert(talk->verdict == LDIR_TALK_GOING);
	talk->verdict = LDIR_TALK_SEARCHING;
	talk->good = g_strdup(good);
	ldir_search_begin(&talk->search, talk->ask->pattern, unit, data, len);
	advance(talk, FIRST_US);
}

void
ldir_talk_search(LdirTalk *talk)
{
	if (talk->verdict == LDIR_TALK_SEARCHING)
		advance(talk, SLICE_US);
}

void
ldir_talk_judge(LdirTalk *talk, const void *data, gsize len, const char *good)
{
	begin(talk, LDIR_SEARCH_WHOLE, data, len, good);
}

void
ldir_talk_judge_lines(LdirTalk *talk, const void *data, gsize len, const char *good)
{
	begin(talk, LDIR_SEARCH_LINES, data, len, good);
}

void
ldir_talk_judge_names(LdirTalk *talk, GString *names, const char *good)
{
	talk->names = names;
	talk->mismatch = "Response mismatch";
	begin(talk, LDIR_SEARCH_NAMES, names->str, names->len, good);
}
