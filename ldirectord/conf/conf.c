/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf.c - the file line by line: outside of sections, within one, and what a misplaced line was meant to be.
 */
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/conf/conf_parts.h"
#include "ldirectord/conf/lines.h"
#include "util/banned.h"

#define KEY_CHARS "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_-"

#define HOST_SHAPE "[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+|[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+\\]"
#define REAL_SHAPE "(" HOST_SHAPE ")(?:->(" HOST_SHAPE "))?(?::([0-9A-Za-z_-]+))?[ \\t]+(.*)"
#define PAIR_SHAPE "[ \\t]+\"(.*)\"(?:,|[ \\t])[ \\t]*\"(.*)\""

#define IN(member) G_STRUCT_OFFSET(LdirSettings, member)
#define NOWHERE    LDIR_NOWHERE
#define G          LDIR_IN_GLOBAL
#define V          LDIR_IN_SECTION
#define OURS       LDIR_FLAG_OURS
#define MS         LDIR_FLAG_MS
#define UDP        LDIR_FLAG_UDP
#define HASH       LDIR_FLAG_HASH
#define DIGIT      LDIR_FLAG_DIGIT
#define ZEROS_V    LDIR_FLAG_ZEROS_V
#define ZEROS_G    LDIR_FLAG_ZEROS_G
#define NUMBER_MAX G_MAXUINT32

const LdirDirective ldir_directives[] = {
#define X(name, kind, target, where, min, max, otherwise, flags, bad_global, bad_section, text) \
	{ name, LDIR_KIND_##kind, target, where, min, max, otherwise, flags, bad_global, bad_section, text },
#include "ldirectord/conf/directives.def"
#undef X
};
const guint ldir_n_directives = G_N_ELEMENTS(ldir_directives);

const LdirDirective *
ldir_directive_find(const char *name)
{
	for (guint i = 0; i < ldir_n_directives; i++)
		if (strcmp(ldir_directives[i].name, name) == 0)
			return &ldir_directives[i];
	return NULL;
}

/* "KEY = VALUE" -> key (transfer full), and where the value begins; NULL: it is not of that form. */
static char *
split_key(const char *text, const char **ret_value)
{
	gsize len = strspn(text, KEY_CHARS);
	const char *p = text + len + strspn(text + len, LDIR_BLANKS);

	if (len == 0 || *p != '=')
		return NULL;
	*ret_value = p + 1 + strspn(p + 1, LDIR_BLANKS);
	return g_strndup(text, len);
}

guint
ldir_word_distance(const char *a, const char *b)
{
	guint row[32];
	gsize len = strlen(b);

	if (len >= G_N_ELEMENTS(row) || strlen(a) >= G_N_ELEMENTS(row))
		return G_MAXUINT;
	for (guint j = 0; j <= len; j++)
		row[j] = j;
	for (guint i = 1; a[i - 1] != '\0'; i++) {
		guint diagonal = row[0];

		row[0] = i;
		for (guint j = 1; j <= len; j++) {
			guint changed = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = MIN(changed, MIN(row[j], row[j - 1]) + 1);
		}
	}
	return row[len];
}

/* "did you mean ...?" (transfer full) */
static char *
nearest(const char *key)
{
	const char *best = NULL;
	guint best_distance = 3;

	for (guint i = 0; i < ldir_n_directives; i++) {
		guint d = ldir_word_distance(key, ldir_directives[i].name);

		if (d < best_distance && d < strlen(key) / 2) {
			best_distance = d;
			best = ldir_directives[i].name;
		}
	}
	return best != NULL ? g_strdup_printf("did you mean %s?", best) : g_strdup("no directive has this name");
}

/* What the writer may have meant (transfer full) */
static char *
advice_for(const LdirReader *reader, const char *key)
{
	g_autofree char *small = key != NULL ? g_ascii_strdown(key, -1) : NULL;
	const LdirDirective *directive = small != NULL ? ldir_directive_find(small) : NULL;

	if (directive == NULL)
		return key != NULL ? nearest(small) : g_strdup("write NAME=VALUE");
	if (strcmp(small, key) != 0)
		return g_strdup_printf("write %s in small letters", small);
	if (reader->is_open)
		return g_strdup_printf("%s is not for a section: it stands in front of the first virtual=, not indented", key);
	if (reader->section != NULL)
		return g_strdup_printf("must be indented by 4 spaces or a tab: %s belongs to the virtual= of line %u", key,
		                       reader->section->line);
	return g_strdup_printf("%s belongs into a section: below virtual=, indented by 4 spaces or a tab", key);
}

static void
unknown(LdirReader *reader, const char *line, const char *key)
{
	g_autofree char *advice = advice_for(reader, key);

	if (!reader->is_open && g_str_has_prefix(line, "supervised"))   /* 4.12 knows it by its beginning */
		ldir_error(reader, "write supervised=yes, or leave the line out", "supervised must be 'yes' or 'no'");
	else
		ldir_error(reader, advice, reader->is_open ? "Unknown command \"%s\"" : "Unknown command %s", line);
}

/* Within what is sent a carriage return may be the end of a header or of a command, and another one begins behind it. In a pattern or a
 * body it is an octet as others are, and headers look by themselves. */
static void
leave_out_returns(LdirReader *reader, const LdirDirective *directive, char *value)
{
	char *to = value;

	if (directive->kind == LDIR_KIND_PATTERN || directive->kind == LDIR_KIND_BODY || directive->kind == LDIR_KIND_HEADER ||
	    strchr(value, '\r') == NULL)
		return;
	ldir_warn(reader, "write the line anew", "%s: a carriage return within the line is left out; ldirectord 4.12 uses it as it is",
	          directive->name);
	for (const char *from = value; *from != '\0'; from++)
		if (*from != '\r')
			*to++ = *from;
	*to = '\0';
}

/* @text: without indentation and comment; @line: as it stands, for messages. */
static void
read_directive(LdirReader *reader, char *text, const char *line)
{
	guint here = reader->is_open ? LDIR_IN_SECTION : LDIR_IN_GLOBAL;
	LdirSettings *out = reader->is_open ? &reader->section->own : &reader->config->global;
	const LdirDirective *directive = NULL;
	const char *value = NULL;
	g_autofree char *key = NULL;

	ldir_trim_end(text);
	key = split_key(text, &value);
	if (key == NULL && !reader->is_open && strcmp(text, "supervised") == 0) {
		ldir_warn(reader, "write supervised=yes", "please update your config not to use a bare supervised directive");
		reader->config->global.supervised = 1;
		return;
	}
	if (key != NULL)
		directive = ldir_directive_find(key);
	if (directive == NULL || (directive->where & here) == 0) {
		unknown(reader, line, key);
		return;
	}
	leave_out_returns(reader, directive, text + (value - text));
	ldir_value_read(reader, directive, value, out);
}

static void
read_body(LdirReader *reader, char *text, gboolean has_hash, const char *line)
{
	if (has_hash)
		ldir_warn(reader, NULL, "'#' within quotes counts here; ldirectord 4.12 cuts the line there");
	read_directive(reader, text, line);
}

static gboolean
keeps_hash(const char *line)
{
	const char *value;
	g_autofree char *key = split_key(line, &value);
	const LdirDirective *directive = key != NULL ? ldir_directive_find(key) : NULL;

	return directive != NULL && (directive->flags & LDIR_FLAG_HASH) != 0;
}

static void
close_section(LdirReader *reader)
{
	if (reader->is_open)
		reader->line_after = reader->line;
	if (reader->is_open && reader->end_place == G_MAXUINT) {
		reader->end_place = reader->problems->len;
		reader->end_line = reader->line;
	}
	reader->is_open = FALSE;
}

/* An indented line outside of a section: what a blank line has cut off is read on after one error. */
static void
read_stray(LdirReader *reader, const char *line)
{
	g_autofree char *text = NULL;
	g_autofree char *advice = NULL;
	gboolean has_hash = FALSE;

	if (reader->section == NULL) {
		ldir_error(reader, "outside of sections a directive begins in the first column", "Unknown command %s", line);
		return;
	}
	if (ldir_line_body(line, &text, &has_hash) != LDIR_BODY_TEXT) {
		ldir_error(reader, "must be indented by 4 spaces or a tab", "Unknown command %s", line);
		return;
	}
	advice = g_strdup_printf("line %u ends the section of line %u: a section has no blank lines, and all its lines are "
	                         "indented by 4 spaces or a tab", reader->line_after, reader->section->line);
	ldir_error(reader, advice, "Unknown command %s", line);
	reader->is_open = TRUE;
	read_body(reader, text, has_hash, line);
}

static void
read_global(LdirReader *reader, const char *line)
{
	g_autofree char *text = g_strdup(line);
	g_autofree char *key = NULL;
	const char *value;

	if (ldir_line_is_blank(line) || ldir_line_is_comment(line))
		return;
	if (strchr(LDIR_BLANKS, line[0]) != NULL) {
		read_stray(reader, line);
		return;
	}
	if (!keeps_hash(line))
		ldir_line_cut_comment(text);
	key = split_key(text, &value);
	if (key == NULL || (strcmp(key, "virtual") != 0 && strcmp(key, "virtual6") != 0)) {
		read_directive(reader, text, line);
		return;
	}
	ldir_section_finish(reader);
	ldir_section_open(reader, key[7] == '6', value);
}

static void
read_line(LdirReader *reader, const char *line)
{
	g_autofree char *text = NULL;
	gboolean has_hash = FALSE;

	if (reader->is_open)
		switch (ldir_line_body(line, &text, &has_hash)) {
		case LDIR_BODY_COMMENT:
			return;
		case LDIR_BODY_TEXT:
			read_body(reader, text, has_hash, line);
			return;
		case LDIR_BODY_END:
			close_section(reader);
			break;
		}
	read_global(reader, line);
}

static void
read_lines(LdirReader *reader)
{
	LdirLines lines;
	const char *bad;

	ldir_lines_init(&lines, reader->input->bytes);
	for (;;) {
		g_autofree char *line = ldir_lines_next(&lines, &bad);

		if (line == NULL)
			break;
		reader->line = lines.number;
		reader->raw = line;
		if (bad != NULL)
			ldir_error(reader, NULL, "%s", bad);
		else
			read_line(reader, line);
	}
	close_section(reader);
	ldir_section_finish(reader);
}

static void
judge_file(LdirReader *reader)
{
	LdirSettings *global = &reader->config->global;

	if (reader->config->virtuals->len == 0 && ldir_problems_count(reader->problems, LDIR_ERROR) == 0)
		ldir_problem_add(reader->problems, LDIR_WARNING, 0, "add virtual=ADDRESS:PORT and its real= lines",
		                 "no virtual services: nothing is balanced");
	if (global->strict == 1)
		ldir_problems_harden(reader->problems);
}

LdirConfig *
ldir_conf_parse(const LdirConfInput *input, GPtrArray *problems)
{
	g_autoptr(LdirConfig) config = ldir_config_new();
	LdirReader reader = {
		.input = input,
		.problems = problems,
		.config = config,
		.real_lines = g_ptr_array_new_with_free_func(ldir_real_line_free),
		.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.patterns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)ldir_pattern_free),
		.real_shape = g_regex_new(REAL_SHAPE, G_REGEX_RAW, 0, NULL),
		.real_pair = g_regex_new(PAIR_SHAPE, G_REGEX_RAW, 0, NULL),
	};

	read_lines(&reader);
	judge_file(&reader);
	ldir_conf_fallbacks(config);
	g_regex_unref(reader.real_shape);
	g_regex_unref(reader.real_pair);
	g_hash_table_unref(reader.seen);
	g_hash_table_unref(reader.patterns);
	g_ptr_array_unref(reader.real_lines);
	return ldir_problems_count(problems, LDIR_ERROR) == 0 ? g_steal_pointer(&config) : NULL;
}
