/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_shots.c - how often this node has fenced of late: a list of times that anybody may have spoiled. */
#include <string.h>

#include <glib.h>

#include "exec/shots.h"

#include "util/banned.h"

#define NOW 1700000000

static void
test_only_what_is_six_hours_old_or_less_counts(void)
{
	g_assert_cmpuint(hb_shots_count(NULL, NOW), ==, 0);
	g_assert_cmpuint(hb_shots_count("", NOW), ==, 0);
	g_assert_cmpuint(hb_shots_count("1699999999\n1700000000\n", NOW), ==, 2);
	g_assert_cmpuint(hb_shots_count("1699978399\n1699978401\n", NOW), ==, 1);
	g_assert_cmpuint(hb_shots_count("1700000001\n", NOW), ==, 0);  /* the clock went back */
}

static void
test_nonsense_is_skipped(void)
{
	g_assert_cmpuint(hb_shots_count("x\n\n-5\n1699999999 2\n99999999999999999999\n1699999999", NOW), ==, 1);
}

static void
test_the_newest_are_kept(void)
{
	g_autofree char *text = hb_shots_with("x\n1699999990\n", NOW);
	guint n = 0;

	g_assert_cmpstr(text, ==, "1699999990\n1700000000\n");
	for (guint i = 1; i < 100; i++) {
		char *more = hb_shots_with(text, NOW + i);

		g_free(text);
		text = more;
	}
	for (const char *at = text; *at != '\0'; at++)
		n += *at == '\n';
	g_assert_cmpuint(n, <=, 17);
	g_assert_true(g_str_has_suffix(text, "1700000098\n1700000099\n"));
	g_assert_cmpuint(hb_shots_count(text, NOW + 100), >=, 10);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/shots/only-what-is-recent-counts", test_only_what_is_six_hours_old_or_less_counts);
	g_test_add_func("/shots/nonsense-is-skipped", test_nonsense_is_skipped);
	g_test_add_func("/shots/the-newest-are-kept", test_the_newest_are_kept);
	return g_test_run();
}
