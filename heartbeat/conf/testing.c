/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * testing.c - OnlyForTesting, the file with which test suites of heartbeat lose packets (doc/config.md 5): what is
 * wrong in it is warned of and has no effect.
 */
#include <string.h>

#include <glib.h>

#include "conf/draft.h"
#include "conf/lines.h"

#include "util/banned.h"

/* FALSE: no probability. */
static gboolean
read_loss(const char *text, double *ret_loss)
{
	char *end;
	double loss = g_ascii_strtod(text, &end);

	if (*text == '\0' || *end != '\0' || !(loss >= 0.0 && loss <= 1.0))
		return FALSE;
	*ret_loss = loss;
	return TRUE;
}

static char **
read_names(const char *text)
{
	g_autofree char *lower = g_ascii_strdown(text, -1);

	return hb_line_words(lower, ";" HB_BLANKS);
}

static void
take_line(HbDraft *draft, const char *line)
{
	HbTestingConf *testing = &draft->config->testing;
	g_auto(GStrv) words = g_strsplit(line, "=", 2);
	gboolean is_known = TRUE;

	if (words[0] == NULL || *words[0] == '\0')
		return;
	if (words[1] == NULL)
		is_known = FALSE;
	else if (strcmp(words[0], "xmitloss") == 0)
		is_known = read_loss(words[1], &testing->send_loss);
	else if (strcmp(words[0], "rcvloss") == 0)
		is_known = read_loss(words[1], &testing->receive_loss);
	else if (strcmp(words[0], "allownodes") == 0) {
		g_strfreev(testing->allowed);
		testing->allowed = read_names(words[1]);
	} else
		is_known = FALSE;
	if (!is_known)
		hb_draft_warn(draft, line, "has no effect; write xmitloss=P or rcvloss=P, P from 0 to 1, or allownodes=NAME;");
}

void
hb_testing_parse(HbDraft *draft, const HbFile *file)
{
	const char *fault;
	HbLines lines;
	char *line;

	draft->at.file = file->path;
	draft->at.line = 0;
	draft->at.directive = NULL;
	fault = hb_lines_init(&lines, file->bytes, 0);
	if (fault != NULL) {
		hb_draft_warn(draft, NULL, "has no effect: %s", fault);
		return;
	}
	while ((line = hb_lines_next(&lines)) != NULL) {
		draft->at.line++;
		take_line(draft, line);
		g_free(line);
	}
	draft->at.line = 0;
	hb_draft_warn(draft, NULL, "is for tests only, and is in force: packets may be lost on purpose; remove it");
}
