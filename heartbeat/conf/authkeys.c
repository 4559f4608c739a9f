/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * authkeys.c - the keys, and which of them signs (doc/config.md 4). Key texts never get into a report.
 */
#include <string.h>

#include <glib.h>

#include "conf/draft.h"
#include "conf/lines.h"
#include "conf/value.h"
#include "util/banned.h"

typedef struct {
	int wanted;             /* of the last "auth N" line, -1: none yet */
	guint wanted_line;
	gboolean found;         /* a key line has been selected */
} Selection;

static gboolean
method_needs_key(const HbDraft *draft, const char *method)
{
	const HbPluginJudge *judge = draft->input->judge;

	return judge != NULL ? judge->auth_needs_key(method) : strcmp(method, "crc") != 0;
}

/* Reports a method that is not there. */
static gboolean
method_is_known(HbDraft *draft, const char *method)
{
	const HbPluginJudge *judge = draft->input->judge;
	gboolean is_ours = hb_value_choice("crc|md5|sha1|hmac-sha256", method, FALSE) >= 0;

	if (judge != NULL ? judge->auth_known(method) : is_ours)
		return TRUE;
	if (is_ours)
		hb_draft_error(draft, method, "the plugin %s.so is not installed", method);
	else
		hb_draft_error(draft, method, "is not a method; write crc, md5, sha1 or hmac-sha256");
	return FALSE;
}

/* How far @word is a number. */
static gsize
number_length(const char *word)
{
	gsize sign = *word == '-' || *word == '+' ? 1 : 0;
	gsize digits = strspn(word + sign, "0123456789");

	return digits > 0 ? sign + digits : 0;
}

/* 0 to 15, or -1 and a report. */
static int
key_number(HbDraft *draft, const char *word)
{
	gint64 n;

	if (!hb_value_int(word, &n)) {
		hb_draft_error(draft, NULL, "the line begins neither with auth nor with the number of a key");
		return -1;
	}
	if (n < 0 || n >= HB_AUTH_KEYS_MAX) {
		hb_draft_error(draft, word, "a key has a number from 0 to %d", HB_AUTH_KEYS_MAX - 1);
		return -1;
	}
	return (int)n;
}

/* @text: what follows "auth", which may be glued to its number. */
static void
take_auth(HbDraft *draft, const char *text, Selection *selection)
{
	const char *ignored;
	g_autofree char *number = hb_line_first_word(text, &ignored);
	gsize len = number_length(number);
	int n;

	if (*number == '\0' || *number == '#') {
		hb_draft_error(draft, NULL, "auth names no key; write auth 1");
		return;
	}
	/* As 3.0.6 takes it, which reads a number as far as it goes. */
	if (len > 0 && number[len] != '\0') {
		number[len] = '\0';
		hb_draft_warn(draft, NULL, "the number of the key is taken for %s", number);
	}
	n = key_number(draft, number);
	if (n < 0)
		return;
	if (selection->wanted >= 0)
		hb_draft_warn(draft, number, "is the second auth line, the first is line %u; the last one wins",
		              selection->wanted_line);
	selection->wanted = n;
	selection->wanted_line = draft->at.line;
}

/* Is the key as the method wants it? */
static gboolean
key_fits(HbDraft *draft, const char *method, const char *key)
{
	gboolean needs = method_needs_key(draft, method);

	if (needs && *key == '\0') {
		hb_draft_error(draft, method, "needs a key; write a long random word behind it");
		return FALSE;
	}
	if (!needs && *key != '\0') {
		hb_draft_error(draft, method, "%s", *key == '#'
		               ? "takes no key, and a comment cannot stand behind it; put it on a line of its own"
		               : "takes no key; delete what follows");
		return FALSE;
	}
	if (*key == '#')
		hb_draft_warn(draft, method, "the # is taken for the key: comments are lines of their own here");
	return TRUE;
}

static void
store_key(HbDraft *draft, int n, const char *method, const char *key)
{
	HbKeyConf *slot = &draft->config->keys[n];

	if (slot->set) {
		hb_draft_warn(draft, NULL, "key %d is given for the second time; the last one wins", n);
		if (slot->key != NULL)
			explicit_bzero(slot->key, strlen(slot->key));
		g_free(slot->key);
		g_free(slot->method);
	}
	slot->set = TRUE;
	slot->method = g_strdup(method);
	slot->key = *key != '\0' ? g_strdup(key) : NULL;
}

static void
take_key(HbDraft *draft, const char *line, Selection *selection)
{
	const char *rest;
	const char *after;
	const char *ignored;
	g_autofree char *word = hb_line_first_word(line, &rest);
	gsize len = number_length(word);
	g_autofree char *method = NULL;
	char *key;
	int n;

	/* "1sha1 KEY". What else is glued to the number may be a secret. */
	if (len > 0 && hb_value_choice("crc|md5|sha1", word + len, FALSE) >= 0) {
		hb_draft_warn(draft, word, "a blank is missing behind the number");
		rest = strstr(line, word) + len;
		word[len] = '\0';
	}
	method = hb_line_first_word(rest, &after);
	n = key_number(draft, word);
	if (n < 0)
		return;
	if (*method == '\0') {
		hb_draft_error(draft, word, "names no method; write %d sha1 and a key", n);
		return;
	}
	if (!method_is_known(draft, method))
		return;
	key = hb_line_first_word(after, &ignored);
	if (key_fits(draft, method, key)) {
		if (hb_value_choice("crc|md5|sha1", method, FALSE) < 0)
			hb_draft_warn(draft, method, "heartbeat 3.0.6 does not know it and refuses the whole file; use "
			              "sha1 while such a node is there")->blocks_306 = TRUE;
		store_key(draft, n, method, key);
		if (n == selection->wanted) {
			draft->config->sign_key = (guint)n;
			selection->found = TRUE;
		}
	}
	explicit_bzero(key, strlen(key));
	g_free(key);
}

static void
take_line(HbDraft *draft, const char *line, Selection *selection)
{
	const char *rest;
	g_autofree char *word = hb_line_first_word(line, &rest);

	if (*word == '\0' || *word == '#')
		return;
	if (strcmp(word, "auth") == 0)
		take_auth(draft, rest, selection);
	else if (g_str_has_prefix(word, "auth") && g_ascii_isdigit(word[strlen("auth")]))
		take_auth(draft, word + strlen("auth"), selection);
	else if (g_ascii_strcasecmp(word, "auth") == 0)
		hb_draft_error(draft, word, "is written in small letters: auth");
	else
		take_key(draft, line, selection);
}

static void
check_selection(HbDraft *draft, const Selection *selection, gboolean had_error)
{
	const HbKeyConf *slot = &draft->config->keys[MAX(selection->wanted, 0)];

	draft->at.line = selection->wanted_line;
	if (had_error)
		return;         /* what is missing here may be what was refused above */
	if (selection->wanted < 0)
		hb_draft_error(draft, NULL, "no key is selected; write auth 1 above the line of key 1");
	else if (!selection->found && slot->set)
		hb_draft_error(draft, NULL, "auth %d must stand above the line of key %d; move it to the top",
		               selection->wanted, selection->wanted);
	else if (!selection->found)
		hb_draft_error(draft, NULL, "auth %d selects a key that is not there; write %d sha1 and a key "
		               "below it", selection->wanted, selection->wanted);
	else if (selection->wanted != (int)draft->config->sign_key)
		hb_draft_warn(draft, NULL, "auth %d selects no key below it; key %u signs", selection->wanted,
		              draft->config->sign_key);
}

static void
check_method(HbDraft *draft)
{
	const HbKeyConf *key = &draft->config->keys[draft->config->sign_key];

	if (key->set && strcmp(key->method, "crc") == 0)
		hb_draft_warn(draft, NULL, "crc finds damaged packets, it does not keep anybody out: use it on a "
		              "cable of your own only, else sha1");
}

void
hb_authkeys_parse(HbDraft *draft, const HbFile *file)
{
	Selection selection = { .wanted = -1 };
	guint problems_before = draft->at.problems->len;
	gboolean had_error = FALSE;
	gboolean in_tail = FALSE;
	HbLines lines;
	char *line;

	if (!hb_draft_open(draft, file, HB_LINE_MAX, &lines))
		return;
	while ((line = hb_lines_next(&lines)) != NULL) {
		draft->at.line = lines.number;
		if (lines.was_cut)
			hb_draft_error(draft, NULL, "the line is longer than %d characters", HB_LINE_MAX);
		else if (!in_tail)
			take_line(draft, line, &selection);
		in_tail = lines.was_cut;
		explicit_bzero(line, strlen(line));
		g_free(line);
	}
	for (guint i = problems_before; i < draft->at.problems->len; i++)
		had_error |= ((HbProblem *)draft->at.problems->pdata[i])->kind == HB_PROBLEM_ERROR;
	check_selection(draft, &selection, had_error);
	check_method(draft);
	draft->at.line = 0;
}
