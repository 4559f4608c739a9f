/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nextfallback= and fallbackcheck=: several fallbacks, and which of them is in the table. */
#include "ldir_director_fixture.h"
#include "util/banned.h"

#define NEXTS "\tnextfallback=10.0.0.8:80 masq\n\tnextfallback=10.0.0.9\n\tfallbackcheck=yes\n"
#define SECOND "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.8:80 -m -w 1\n"
#define THIRD "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.9:80 -g -w 1\n"

static void
answers(Fixture *f, guint n, gboolean is_good)
{
	ldir_director_fallback_verdict(f->director, 0, n, is_good);
	ldir_director_flush(f->director);
}

/* Both servers are down. */
static void
fixture_down(Fixture *f, const char *text)
{
	fixture_init(f, "", text);
	verdict(f, 0, FALSE);
	verdict(f, 1, FALSE);
}

static void
test_the_first_that_answers_is_used(void)
{
	Fixture f;

	fixture_down(&f, WEB NEXTS);
	expect_table(&f, TABLE BACK);
	answers(&f, 1, TRUE);
	expect_table(&f, TABLE BACK);
	g_string_truncate(f.said, 0);
	answers(&f, 0, FALSE);
	expect_table(&f, TABLE SECOND);
	expect_said(&f, "Fallback server: 127.0.0.1:80 (10.0.0.1:80) does not answer\n"
	                "mail Added fallback server: 10.0.0.8:80 (10.0.0.1:80) (Weight set to 1)\n"
	                "mail Deleted fallback server: 127.0.0.1:80 (10.0.0.1:80)\n");
	answers(&f, 1, FALSE);
	expect_table(&f, TABLE THIRD);
	answers(&f, 2, FALSE);          /* none */
	expect_table(&f, TABLE BACK);
	answers(&f, 2, TRUE);
	expect_table(&f, TABLE THIRD);
	answers(&f, 0, TRUE);
	expect_table(&f, TABLE BACK);
	answers(&f, 0, FALSE);
	expect_table(&f, TABLE THIRD);
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE ONE);
	answers(&f, 1, TRUE);           /* known for the next time */
	expect_table(&f, TABLE ONE);
	verdict(&f, 0, FALSE);
	expect_table(&f, TABLE SECOND);
	ldir_director_stop(f.director);
	expect_table(&f, "");
	fixture_done(&f);
}

static void
test_failurecount_is_patience_with_them_too(void)
{
	Fixture f;

	fixture_down(&f, "failurecount=2\n" WEB NEXTS);
	answers(&f, 0, FALSE);
	answers(&f, 0, TRUE);
	answers(&f, 0, FALSE);
	expect_table(&f, TABLE BACK);
	answers(&f, 0, FALSE);
	expect_table(&f, TABLE SECOND);
	fixture_done(&f);
}

static void
test_two_at_one_place_are_one_entry(void)
{
	Fixture f;

	fixture_down(&f, "virtual=10.0.0.1:80\n" REALS "\tfallback=127.0.0.1:81\n\tnextfallback=127.0.0.1:82\n\tnextfallback=10.0.0.2\n");
	expect_table(&f, TABLE BACK);
	answers(&f, 0, FALSE);
	expect_table(&f, TABLE BACK);
	answers(&f, 1, FALSE);          /* the next one is a server as well */
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 1\n");
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE ONE);
	fixture_done(&f);
}

static void
test_a_reload_keeps_what_is_known(void)
{
	Fixture f;

	fixture_down(&f, WEB NEXTS);
	answers(&f, 0, FALSE);
	expect_table(&f, TABLE SECOND);
	configure(&f, WEB NEXTS);
	expect_table(&f, TABLE SECOND);
	configure(&f, WEB "\tnextfallback=10.0.0.9\n\tfallbackcheck=yes\n");
	expect_table(&f, TABLE THIRD);
	configure(&f, WEB "\tnextfallback=10.0.0.9\n");
	expect_table(&f, TABLE BACK);
	fixture_done(&f);
}

static void
test_a_start_goes_on_with_the_one_that_is_there(void)
{
	Fixture f;
	g_autofree char *calls_text = NULL;

	fixture_init(&f, TABLE THIRD, WEB NEXTS);
	answers(&f, 2, TRUE);
	calls_text = ipvs_dry_read(f.dir, "calls");
	g_assert_cmpstr(calls_text, ==, "");
	answers(&f, 1, TRUE);
	expect_table(&f, TABLE SECOND);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE TWO);
	fixture_done(&f);
}

/* Who has not answered yet has no patience to use up. */
static void
test_one_that_fails_for_the_first_time_does_not_take_over(void)
{
	Fixture f;

	fixture_init(&f, TABLE THIRD, "failurecount=2\n" WEB NEXTS);
	answers(&f, 0, FALSE);
	expect_table(&f, TABLE THIRD);
	fixture_done(&f);
}

static void
test_without_checks_the_first_takes_over_from_the_one_that_is_there(void)
{
	static const char text[] = WEB "\tnextfallback=10.0.0.8:80 masq\n\tnextfallback=10.0.0.9\n";
	Fixture f;

	fixture_init(&f, TABLE THIRD, text);
	expect_table(&f, TABLE BACK);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE TWO);
	fixture_done(&f);
	fixture_init(&f, TABLE ONE THIRD, text);        /* nobody needs it */
	expect_table(&f, TABLE ONE);
	fixture_done(&f);
}

static void
test_a_reload_replaces_the_one_that_was_found(void)
{
	Fixture f;

	fixture_init(&f, TABLE BACK, WEB);
	configure(&f, "virtual=10.0.0.1:80\n" REALS "\tfallback=10.0.0.9\n");
	expect_table(&f, TABLE THIRD);
	configure(&f, "virtual=10.0.0.1:80\n" REALS);
	expect_table(&f, TABLE);
	configure(&f, WEB);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE TWO);
	fixture_done(&f);
}

static void
test_who_stood_by_knows_them(void)
{
	Fixture f;
	g_autoptr(LdirIpvsTable) there = NULL;

	fixture_begin(&f, "");
	ldir_director_begin_standing_by(f.director);
	configure(&f, WEB NEXTS);
	verdict(&f, 0, FALSE);
	verdict(&f, 1, FALSE);
	answers(&f, 0, FALSE);
	expect_table(&f, "");
	there = ldir_ipvs_dump(f.ipvs, NULL);
	ldir_director_take(f.director, there, 0);
	expect_table(&f, TABLE SECOND);
	fixture_done(&f);
}

/* A section with one of its own has none of the file's. */
static void
test_whose_they_are(void)
{
	Fixture f;
	const LdirConfig *config;
	static const guint lens[] = { 2, 1, 3, 1 };

	fixture_init(&f, "", "fallback=127.0.0.1\nnextfallback=127.0.0.2\nnextfallback6=[::1]\nfallbackcheck=yes\n"
	                     "virtual=10.0.0.1:80\n" REALS "virtual=10.0.0.2:80\n" REALS "\tnextfallback=10.0.0.9\n"
	                     "virtual=10.0.0.3:80\n" REALS "\tfallback=10.0.0.7\n" NEXTS
	                     "virtual6=[::2]:80\n\treal6=[::3]:80 gate\n");
	config = ldir_director_config(f.director);
	for (guint i = 0; i < G_N_ELEMENTS(lens); i++) {
		const LdirVirtual *vs = config->virtuals->pdata[i];

		g_assert_cmpuint(vs->fallbacks->len, ==, lens[i]);
		g_assert_cmpuint(vs->spares->len, ==, lens[i] > 1 ? lens[i] : 0);
	}
	fixture_done(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/fallback/first", test_the_first_that_answers_is_used);
	g_test_add_func("/ldir/fallback/failurecount", test_failurecount_is_patience_with_them_too);
	g_test_add_func("/ldir/fallback/one-place", test_two_at_one_place_are_one_entry);
	g_test_add_func("/ldir/fallback/reload", test_a_reload_keeps_what_is_known);
	g_test_add_func("/ldir/fallback/adopted", test_a_start_goes_on_with_the_one_that_is_there);
	g_test_add_func("/ldir/fallback/start-and-first-failure", test_one_that_fails_for_the_first_time_does_not_take_over);
	g_test_add_func("/ldir/fallback/taken-over", test_without_checks_the_first_takes_over_from_the_one_that_is_there);
	g_test_add_func("/ldir/fallback/replaced", test_a_reload_replaces_the_one_that_was_found);
	g_test_add_func("/ldir/fallback/standby", test_who_stood_by_knows_them);
	g_test_add_func("/ldir/fallback/whose", test_whose_they_are);
	return g_test_run();
}
