/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "exec/verdict.h"

#include "util/banned.h"

#define LSB_NOT_RUNNING 3
#define OCF_NOT_RUNNING 7
#define SYSTEMCTL_INACTIVE 3
#define SYSTEMCTL_NO_SUCH_UNIT 4

gboolean
hb_verdict_says_running(const char *text)
{
	static const char not[] = "not ";
	g_autofree char *lower = g_ascii_strdown(text, -1);
	const char *negation = strstr(lower, not);

	if (negation != NULL) {
		const char *rest = text + (negation - lower) + strlen(not);

		if (strstr(rest, "running") != NULL || strstr(rest, "Running") != NULL)
			return FALSE;
	}
	return strstr(text, "running") != NULL || strstr(text, "Running") != NULL || strstr(text, "OK") != NULL;
}

/* "not running" says that it is down; "could not be stopped" does not. */
static gboolean
line_says_down(const char *line)
{
	static const char *const words[] = { "stopped", "dead", "down", "unused" };
	g_autofree char *lower = g_ascii_strdown(line, -1);
	g_auto(GStrv) split = g_strsplit_set(lower, " \t\r,.;:!?()[]{}|/'\"", -1);
	gboolean negated = FALSE;

	for (char **word = split; *word != NULL; word++) {
		if (strcmp(*word, "running") == 0 && negated)
			return TRUE;
		for (guint i = 0; i < G_N_ELEMENTS(words); i++)
			if (strcmp(*word, words[i]) == 0 && !negated)
				return TRUE;
		negated = negated || g_str_has_suffix(*word, "not") || strcmp(*word, "t") == 0;
	}
	return FALSE;
}

static gboolean
says_down(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line != NULL; line++)
		if (line_says_down(*line))
			return TRUE;
	return FALSE;
}

/* It explains itself instead of answering; the exit status of that branch is 3 in many an old script. */
static gboolean
is_usage(const char *text)
{
	g_autofree char *lower = g_ascii_strdown(text, -1);

	return strstr(lower, "usage:") != NULL;
}

HbChildResult
hb_verdict_status(const char *text, const char *complaints, int code)
{
	if (hb_verdict_says_running(text))
		return HB_CHILD_OK;
	if (is_usage(text) || is_usage(complaints))
		return HB_CHILD_FAILED;
	if (code == LSB_NOT_RUNNING || code == OCF_NOT_RUNNING || says_down(text))
		return HB_CHILD_NOT_RUNNING;
	return HB_CHILD_FAILED;
}

HbChildResult
hb_verdict_unit_status(const char *text, int code)
{
	static const char *const down[] = { "inactive", "failed", "unknown" };
	g_autofree char *state = g_strstrip(g_strdup(text));

	if (code == 0)
		return HB_CHILD_OK;
	if (code == SYSTEMCTL_NO_SUCH_UNIT)
		return HB_CHILD_NOT_RUNNING;
	/* "deactivating" ends with the same code. */
	for (guint i = 0; i < G_N_ELEMENTS(down); i++)
		if (code == SYSTEMCTL_INACTIVE && strcmp(state, down[i]) == 0)
			return HB_CHILD_NOT_RUNNING;
	return HB_CHILD_FAILED;
}
