/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_check.c - a line check=TYPE [WORD=VALUE ...]: words are directives of sections, and are read as these (doc/ldirectord.md 3.8).
 */
#include <string.h>

#include "ldirectord/conf/conf_parts.h"
#include "ldirectord/conf/lines.h"
#include "util/banned.h"

#define LINES_MAX  16           /* of one section */
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"

#define BIT(check) (1u << LDIR_CHECK_##check)
#define TALK       BIT(NEGOTIATE)
#define PROGRAM    (BIT(EXTERNAL) | BIT(EXTERNAL_PERL))
#define ALL        (TALK | PROGRAM | BIT(CONNECT) | BIT(PING))

const LdirCheckWord ldir_check_words[] = {
	/* name               for                   not said */
	{ "checkport",        TALK | BIT(CONNECT),  LDIR_TAKE_NOTHING },        /* the server has one */
	{ "checktimeout",     ALL,                  LDIR_TAKE_SECTION },
	{ "negotiatetimeout", TALK,                 LDIR_TAKE_SECTION },
	{ "checkcount",       BIT(PING),            LDIR_TAKE_SECTION },
	{ "checkcommand",     PROGRAM,              LDIR_TAKE_NOTHING },
	{ "externalweight",   PROGRAM,              LDIR_TAKE_SECTION },
	{ "service",          TALK,                 LDIR_TAKE_SECTION },
	{ "protocol",         TALK,                 LDIR_TAKE_SECTION },
	/* what is asked, and what is a good answer */
	{ "request",          TALK,                 LDIR_TAKE_NOTHING },
	{ "receive",          TALK,                 LDIR_TAKE_NOTHING },
	{ "receivenot",       TALK,                 LDIR_TAKE_NOTHING },
	{ "httpmethod",       TALK,                 LDIR_TAKE_NOTHING },
	{ "httpbody",         TALK,                 LDIR_TAKE_NOTHING },
	{ "httpstatus",       TALK,                 LDIR_TAKE_NOTHING },
	{ "httpredirect",     TALK,                 LDIR_TAKE_NOTHING },
	/* what no other service may be told */
	{ "httpheader",       TALK,                 LDIR_TAKE_SAME },
	{ "login",            TALK,                 LDIR_TAKE_SAME },
	{ "passwd",           TALK,                 LDIR_TAKE_SAME },
	{ "database",         TALK,                 LDIR_TAKE_SAME },
	{ "secret",           TALK,                 LDIR_TAKE_SAME },
	{ "starttls",         TALK,                 LDIR_TAKE_SAME },
	{ "httpversion",      TALK,                 LDIR_TAKE_SAME },
	/* who is asked, and who asks */
	{ "virtualhost",      TALK,                 LDIR_TAKE_SECTION },
	{ "sslverify",        TALK,                 LDIR_TAKE_SECTION },
	{ "sslca",            TALK,                 LDIR_TAKE_SECTION },
	{ "sslcert",          TALK,                 LDIR_TAKE_SECTION },
	{ "sslkey",           TALK,                 LDIR_TAKE_SECTION },
};
const guint ldir_n_check_words = G_N_ELEMENTS(ldir_check_words);

static const LdirCheckWord *
find_word(const char *name)
{
	for (guint i = 0; i < ldir_n_check_words; i++)
		if (strcmp(ldir_check_words[i].name, name) == 0)
			return &ldir_check_words[i];
	return NULL;
}

gboolean
ldir_check_says(const LdirCheckLine *line, const char *word)
{
	return g_ptr_array_find(line->words, ldir_directive_find(word), NULL);
}

/* ---- the type */

static const char *
type_advice(const char *word)
{
	if (strchr(word, '=') != NULL)
		return "the type stands first, as in check=connect checkport=22";
	if (strcmp(word, "on") == 0)
		return "leave the line out: it would say nothing";
	if (strcmp(word, "off") == 0)
		return "checktype=off takes out all servers of the section, maintenancedir= one of them";
	if (g_ascii_isdigit(word[0]))
		return "a number is for checktype=";
	return "write check=TYPE [WORD=VALUE ...], as in check=connect checkport=22";
}

static void
read_type(LdirReader *reader, const LdirDirective *directive, LdirCheckLine *line, const char **p)
{
	gsize len = strcspn(*p, LDIR_BLANKS);
	g_autofree char *word = g_strndup(*p, len);

	for (int i = 0; i < LDIR_N_CHECKS; i++)
		if ((ALL & (1u << i)) != 0 && strcmp(ldir_check_name((LdirCheck)i), word) == 0)
			line->as->own.checktype = i;
	if (line->as->own.checktype == LDIR_UNSET)
		ldir_value_bad(reader, directive, type_advice(word));
	if (strchr(word, '=') == NULL)
		*p += len;
}

/* ---- words */

/* Names of the types in @types, "external or external-perl" (transfer full) */
static char *
types_text(guint types)
{
	GString *out = g_string_new(NULL);

	for (int i = 0; i < LDIR_N_CHECKS; i++)
		if ((types & (1u << i)) != 0)
			g_string_append_printf(out, "%s%s", out->len > 0 ? " or " : "", ldir_check_name((LdirCheck)i));
	return g_string_free(out, FALSE);
}

/* What the writer may have meant (transfer full) */
static char *
word_advice(const char *name)
{
	const LdirDirective *directive = ldir_directive_find(name);

	if (strcmp(name, "checktype") == 0)
		return g_strdup("the type stands first, as in check=connect checkport=22");
	if (directive != NULL)
		return g_strdup_printf("%s is not for one check: it is a line of its own", name);
	for (guint i = 0; i < ldir_n_check_words; i++)
		if (ldir_word_distance(name, ldir_check_words[i].name) < 3)
			return g_strdup_printf("did you mean %s?", ldir_check_words[i].name);
	return g_strdup("words are names of directives about checks, as in check=connect checkport=22");
}

/* FALSE: it may not stand there, and that has been said. */
static gboolean
word_fits(LdirReader *reader, const LdirCheckLine *line, const char *name)
{
	const LdirCheckWord *word = find_word(name);
	gint64 type = line->as->own.checktype;
	g_autofree char *advice = NULL;

	if (word == NULL) {
		advice = word_advice(name);
		ldir_error(reader, advice, "check: unknown word \"%s\"", name);
	} else if (type != LDIR_UNSET && (word->types & (1u << type)) == 0) {
		g_autofree char *types = types_text(word->types);

		advice = g_strdup_printf("it is for %s", types);
		ldir_error(reader, advice, "check: %s has no %s", ldir_check_name((LdirCheck)type), name);
	} else if (ldir_check_says(line, name) && strcmp(name, "httpheader") != 0) {
		ldir_error(reader, "leave one of them out", "check: %s is written twice", name);
	} else {
		return TRUE;
	}
	return FALSE;
}

static gboolean
takes_quotes(LdirKind kind)
{
	return kind == LDIR_KIND_QUOTED || kind == LDIR_KIND_PATTERN || kind == LDIR_KIND_HEADER || kind == LDIR_KIND_BODY ||
	       kind == LDIR_KIND_UNQUOTED || kind == LDIR_KIND_COMMAND;
}

/* Where '#' is within quotes all quotes count, and those of a value would have it in a comment if the words stood in another order. */
static gboolean
has_quote_and_hash(LdirReader *reader, const char *name, const char *value, gboolean has_hash)
{
	if (!has_hash || strchr(value, '"') == NULL)
		return FALSE;
	ldir_error(reader, "write checkcommand= with a program that asks so, or leave one of them out",
	           "check: a quote within the value of %s, and '#' in the same line", name);
	return TRUE;
}

static void
use_word(LdirReader *reader, LdirCheckLine *line, const char *name, const char *value)
{
	const LdirDirective *directive = ldir_directive_find(name);
	g_autofree char *quoted = g_strdup_printf("\"%s\"", value);

	if (!word_fits(reader, line, name))
		return;
	ldir_value_read(reader, directive, takes_quotes(directive->kind) ? quoted : value, &line->as->own);
	if (!ldir_check_says(line, name))
		g_ptr_array_add(line->words, (gpointer)directive);
}

/* Where a value ends that begins at @from behind a quote: at the first quote behind which nothing follows, or another word. A page
 * or a body may have quotes of its own. NULL: nowhere. */
static const char *
closing_quote(const char *from)
{
	for (const char *q = strchr(from, '"'); q != NULL; q = strchr(q + 1, '"')) {
		const char *next = q + 1 + strspn(q + 1, LDIR_BLANKS);
		gsize len = strspn(next, NAME_CHARS);

		if (*next == '\0' || (next > q + 1 && len > 0 && next[len] == '='))
			return q;
	}
	return NULL;
}

/* The value at *@p, which moves behind it, without its quotes (transfer full). NULL: it has no end, and that has been said. */
static char *
take_value(LdirReader *reader, const char *name, const char **p)
{
	gboolean is_quoted = **p == '"';
	const char *from = is_quoted ? *p + 1 : *p;
	const char *end = is_quoted ? closing_quote(from) : from + strcspn(from, LDIR_BLANKS);

	if (end == NULL) {
		*p += strlen(*p);
		ldir_error(reader, "behind a closing quote there is a blank and the next WORD=VALUE, or nothing",
		           "check: the value of %s has no end", name);
		return NULL;
	}
	*p = is_quoted ? end + 1 : end;
	return g_strndup(from, (gsize)(end - from));
}

/* The next word. FALSE: there is none. */
static gboolean
read_word(LdirReader *reader, LdirCheckLine *line, const char **p, gboolean has_hash)
{
	const char *from = *p + strspn(*p, LDIR_BLANKS);
	gsize len = strspn(from, NAME_CHARS);
	g_autofree char *name = g_strndup(from, len);
	g_autofree char *value = NULL;

	if (*from == '\0')
		return FALSE;
	if (len == 0 || from[len] != '=') {
		*p = from + strcspn(from, LDIR_BLANKS);
		ldir_error(reader, "write WORD=VALUE, without blanks around =, a value with blanks in double quotes",
		           "check: \"%.*s\" says nothing", (int)(*p - from), from);
		return TRUE;
	}
	*p = from + len + 1;
	value = take_value(reader, name, p);
	if (value != NULL && !has_quote_and_hash(reader, name, value, has_hash))
		use_word(reader, line, name, value);
	return TRUE;
}

/* ---- the line */

static LdirCheckLine *
line_new(const LdirReader *reader)
{
	const LdirVirtual *section = reader->section;
	LdirCheckLine *line = g_new0(LdirCheckLine, 1);

	line->words = g_ptr_array_new();
	line->as = ldir_virtual_new();
	line->as->line = reader->line;
	line->as->family = section->family;
	line->as->is_mark = section->is_mark;
	line->as->mark = section->mark;
	return line;
}

void
ldir_check_read(LdirReader *reader, const LdirDirective *directive, const char *value, LdirSettings *out)
{
	LdirVirtual *section = reader->section;
	guint n_before = ldir_problems_count(reader->problems, LDIR_ERROR);
	LdirCheckLine *line;
	const char *p = value;

	if (out->checks->len == LINES_MAX) {
		ldir_error(reader, "write some of them as one program, check=external", "check: more than %d in one section", LINES_MAX);
		return;
	}
	line = line_new(reader);
	g_ptr_array_add(out->checks, line);
	reader->section = line->as;     /* readers keep there what is no member of LdirSettings */
	read_type(reader, directive, line, &p);
	while (read_word(reader, line, &p, strchr(value, '#') != NULL))
		;
	reader->section = section;
	line->is_broken = ldir_problems_count(reader->problems, LDIR_ERROR) > n_before;
}
