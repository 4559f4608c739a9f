/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hacf.c - ha.cf, line by line: which directive, and what of the line is a value of it?
 */
#include <string.h>

#include <glib.h>

#include "conf/draft.h"
#include "conf/lines.h"
#include "conf/value.h"
#include "util/banned.h"
#include "util/id.h"

#define LIST_SEPARATORS HB_BLANKS ","
#define REST_MAX        4000            /* characters of a whole-line directive */

#define IN(member) offsetof(HbConfig, member)
#define NOWHERE    HB_NOWHERE
#define TIME_MAX   HB_TIME_MS_MAX
#define ONCE       HB_DIRECTIVE_ONCE
#define ANYCASE    HB_DIRECTIVE_ANYCASE
#define OURS       HB_DIRECTIVE_OURS
#define RESTART    HB_DIRECTIVE_RESTART
const HbDirective hb_directives[HB_HACF_N] = {
#define X(id, name, kind, target, unit, min, max, legal, fallback, flags, sentence)                \
	[HB_HACF_##id] = { name,     HB_KIND_##kind, target, unit, min, max, legal, fallback,      \
		           flags, sentence },
#include "conf/hacf.def"
#undef X
};

/* Refuses a word that is no directive, with the one that may have been meant. */
static void
unknown_directive(HbDraft *draft, const char *word)
{
	static const char *const known[] = {
#define X(id, name, ...) name,
#include "conf/hacf.def"
#undef X
		NULL
	};
	g_autofree char *lower = g_ascii_strdown(word, -1);
	const char *nearest = hb_value_nearest(known, word);

	draft->at.directive = NULL;
	if (g_strv_contains(known, lower))
		hb_draft_error(draft, word, "directives are written in small letters; write %s", lower);
	else if (strlen(word) > 1 && strchr("=:", word[strlen(word) - 1]) != NULL)
		hb_draft_error(draft, word, "is not a directive; name and value are parted by a blank");
	else if (nearest != NULL)
		hb_draft_error(draft, word, "is not a directive; did you mean %s?", nearest);
	else
		hb_draft_error(draft, word, "is not a directive");
}

static int
find_directive(const char *word)
{
	for (int i = 0; i < HB_HACF_N; i++)
		if (strcmp(hb_directives[i].name, word) == 0)
			return i;
	return -1;
}

static void
take_values(HbDraft *draft, HbDirectiveId id, const char *rest)
{
	const HbDirective *row = &hb_directives[id];
	g_auto(GStrv) values = hb_line_words(rest, LIST_SEPARATORS);
	guint n = g_strv_length(values);

	if (n == 0)
		hb_draft_warn(draft, NULL, "has no value, and is passed over; write %s %s", row->name,
		              row->legal);
	for (guint i = 0; i < n; i++)
		hb_hacf_apply(draft, id, values[i]);
	if (n > 1 && row->kind < HB_KIND_NODES && (row->flags & HB_DIRECTIVE_ONCE) == 0)
		hb_draft_warn(draft, rest, "only the last value counts");
}

static void
take_line(HbDraft *draft, char *line)
{
	const char *rest;
	g_autofree char *word = NULL;
	int id;

	(void)hb_line_strip_comment(line);
	word = hb_line_first_word(line, &rest);
	if (*word == '\0')
		return;
	draft->at.directive = word;
	if (strlen(rest) > REST_MAX) {
		hb_draft_error(draft, rest, "the line is longer than %d characters", REST_MAX);
		return;
	}
	if (strcmp(word, "udp") == 0) {
		hb_draft_warn(draft, rest, "is old; write bcast %s", rest);
		id = HB_HACF_BCAST;
	} else {
		id = find_directive(word);
	}
	if (id >= 0 && (hb_directives[id].flags & HB_DIRECTIVE_OURS) != 0 && draft->in_main_file)
		hb_draft_warn(draft, rest, "heartbeat 3.0.6 does not know this word; in a file below ha.cf.d it "
		              "does not see it")->blocks_306 = TRUE;
	if (id >= 0 && hb_directives[id].kind == HB_KIND_MEDIUM)
		hb_hacf_medium(draft, &hb_directives[id], hb_directives[id].name, rest);
	else if (id >= 0 && hb_directives[id].kind == HB_KIND_LINE)
		hb_hacf_line(draft, (HbDirectiveId)id, rest);
	else if (id >= 0)
		take_values(draft, (HbDirectiveId)id, rest);
	else if (draft->input->judge != NULL && draft->input->judge->medium_known(word))
		hb_hacf_medium(draft, NULL, word, rest);
	else
		unknown_directive(draft, word);
	draft->at.directive = NULL;
}

void
hb_hacf_parse(HbDraft *draft, const HbFile *file)
{
	HbLines lines;
	char *text;

	if (!hb_draft_open(draft, file, HB_LINE_MAX, &lines))
		return;
	while ((text = hb_lines_next(&lines)) != NULL) {
		g_autofree char *line = text;

		draft->at.line = lines.number;
		if (lines.was_cut)
			hb_draft_warn(draft, NULL, "the line is longer than %d characters; what follows is read "
			              "as a line of its own", HB_LINE_MAX);
		take_line(draft, line);
	}
	draft->at.line = 0;
}
