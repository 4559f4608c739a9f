/* SPDX-License-Identifier: GPL-2.0-or-later */
/* receive=: Perl's syntax without flags, on bytes, under limits (doc/ldirectord.md 3.3). */
#include <string.h>

#include <glib.h>

#include "ldirectord/conf/pattern.h"
#include "util/banned.h"

#define SLICE_US 100

/* In slices, to the end; @ret_slices: how many, or NULL */
static LdirPatternVerdict
search_in(const char *pattern, LdirSearchUnit unit, const void *data, gsize len, guint *ret_slices)
{
	g_autofree char *why = NULL;
	g_autoptr(LdirPattern) compiled = ldir_pattern_new(pattern, &why);
	LdirSearch search = { 0 };
	LdirPatternVerdict verdict = LDIR_PATTERN_UNSETTLED;
	guint n;

	g_assert_nonnull(compiled);
	ldir_search_begin(&search, compiled, unit, data, len);
	for (n = 0; verdict == LDIR_PATTERN_UNSETTLED; n++)
		verdict = ldir_search_go_on(&search, SLICE_US);
	if (ret_slices != NULL)
		*ret_slices = n;
	return verdict;
}

static LdirPatternVerdict
search(const char *pattern, const char *text)
{
	return search_in(pattern, LDIR_SEARCH_WHOLE, text, strlen(text), NULL);
}

static void
test_rows(void)
{
	static const struct {
		const char *pattern, *text;
		LdirPatternVerdict verdict;
	} rows[] = {
		{ "Test", "a Test page", LDIR_PATTERN_FOUND },
		{ "test", "a Test page", LDIR_PATTERN_ABSENT },
		{ "(?i)test", "a Test page", LDIR_PATTERN_FOUND },
		{ "^Test", "first\nTest", LDIR_PATTERN_ABSENT },
		{ "one.Test", "one\nTest", LDIR_PATTERN_ABSENT },
		{ "one\\sTest", "one\nTest", LDIR_PATTERN_FOUND },
		{ "page$", "a page\n", LDIR_PATTERN_FOUND },
		{ "page$", "a page\n\n", LDIR_PATTERN_ABSENT },
		{ "\\d{3}", "a 12 b 345", LDIR_PATTERN_FOUND },
		{ "", "", LDIR_PATTERN_FOUND },
		{ "", "anything", LDIR_PATTERN_FOUND },
		{ "^.{2}$", "\xc3\xa4", LDIR_PATTERN_FOUND },
		{ "a#b", "a#b", LDIR_PATTERN_FOUND },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s in %s", rows[i].pattern, rows[i].text);
		g_assert_cmpint(search(rows[i].pattern, rows[i].text), ==, rows[i].verdict);
	}
}

static void
test_zero_bytes_are_bytes(void)
{
	g_assert_cmpint(search_in("b$", LDIR_SEARCH_WHOLE, "a\0b", 3, NULL), ==, LDIR_PATTERN_FOUND);
	g_assert_cmpint(search_in("b$", LDIR_SEARCH_WHOLE, NULL, 0, NULL), ==, LDIR_PATTERN_ABSENT);
}

static void
test_lines_and_names(void)
{
	static const struct {
		const char *pattern, *text;
		LdirPatternVerdict line, name;
	} rows[] = {
		{ "^two$", "one\ntwo\n", LDIR_PATTERN_FOUND, LDIR_PATTERN_FOUND },
		{ "^two$", "one\ntwo", LDIR_PATTERN_FOUND, LDIR_PATTERN_FOUND },
		{ "e\\nt", "one\ntwo\n", LDIR_PATTERN_ABSENT, LDIR_PATTERN_ABSENT },
		{ "^two\\n", "one\ntwo\n", LDIR_PATTERN_FOUND, LDIR_PATTERN_ABSENT },
		{ "^two\\z", "one\ntwo\n", LDIR_PATTERN_ABSENT, LDIR_PATTERN_FOUND },
		{ "^\\z", "one\n\ntwo\n", LDIR_PATTERN_ABSENT, LDIR_PATTERN_FOUND },
		{ "", "", LDIR_PATTERN_ABSENT, LDIR_PATTERN_ABSENT },
		{ "three", "one\ntwo\n", LDIR_PATTERN_ABSENT, LDIR_PATTERN_ABSENT },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		gsize len = strlen(rows[i].text);

		g_test_message("%s in %s", rows[i].pattern, rows[i].text);
		g_assert_cmpint(search_in(rows[i].pattern, LDIR_SEARCH_LINES, rows[i].text, len, NULL), ==, rows[i].line);
		g_assert_cmpint(search_in(rows[i].pattern, LDIR_SEARCH_NAMES, rows[i].text, len, NULL), ==, rows[i].name);
	}
}

static void
test_catastrophe_ends_at_a_limit(void)
{
	g_autofree char *body = g_strnfill(5000, 'a');

	body[4999] = 'b';
	g_assert_cmpint(search("(a+)+$", body), ==, LDIR_PATTERN_TOO_COSTLY);
}

/* Each start stays below the limit, and there are many; without a bound of the whole this takes seconds. */
static void
test_many_small_catastrophes_end_at_a_limit(void)
{
	g_autofree char *body = g_strnfill(262144, 'a');
	guint n_slices;

	for (gsize i = 15; i < 262144; i += 16)
		body[i] = '!';
	g_assert_cmpint(search_in("(a+)+$", LDIR_SEARCH_WHOLE, body, 262144, &n_slices), ==, LDIR_PATTERN_TOO_COSTLY);
	g_assert_cmpuint(n_slices, >, 1);       /* others have been served meanwhile */
	for (gsize i = 15; i < 262144; i += 16)
		body[i] = '\n';
	g_assert_cmpint(search_in("(a+)+b|x", LDIR_SEARCH_NAMES, body, 262144, &n_slices), ==, LDIR_PATTERN_TOO_COSTLY);
	g_assert_cmpuint(n_slices, >, 1);
	/* a costly part is no obstacle */
	g_assert_cmpint(search("(a+)+$", "aaaaaaaaaaaa!aaaaaaaaaaaa!b a"), ==, LDIR_PATTERN_FOUND);
}

static void
test_bad_patterns_are_refused(void)
{
	static const char *const bad[] = { "a(b", "[", "*", "(*UTF)a", "(?<n", "a{2,1}" };
	g_autofree char *deep = g_strnfill(300, '(');
	g_autofree char *long_one = g_strnfill(5000, 'a');
	char *why = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_assert_null(ldir_pattern_new(bad[i], &why));
		g_assert_nonnull(strstr(why, "characters)"));
		g_clear_pointer(&why, g_free);
	}
	g_assert_null(ldir_pattern_new(deep, &why));
	g_clear_pointer(&why, g_free);
	g_assert_null(ldir_pattern_new(long_one, &why));
	g_clear_pointer(&why, g_free);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/pattern/rows", test_rows);
	g_test_add_func("/ldir/pattern/zero-bytes", test_zero_bytes_are_bytes);
	g_test_add_func("/ldir/pattern/lines", test_lines_and_names);
	g_test_add_func("/ldir/pattern/catastrophe", test_catastrophe_ends_at_a_limit);
	g_test_add_func("/ldir/pattern/catastrophes", test_many_small_catastrophes_end_at_a_limit);
	g_test_add_func("/ldir/pattern/bad", test_bad_patterns_are_refused);
	return g_test_run();
}
