/* SPDX-License-Identifier: GPL-2.0-or-later */
/* quorum=: weight that must be alive; and servers that an operator takes out. */
#include "ldir_service_fixture.h"
#include "util/banned.h"

#define PLAIN "virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate 3\n\treal=10.0.0.3:80 gate 5\n"

static void
test_hysteresis_is_a_band(void)
{
	LdirQuorum q;

	ldir_quorum_init(&q, 5, 2);
	g_assert_false(ldir_quorum_step(&q, 4, TRUE));
	g_assert_cmpint(q.state, ==, LDIR_QUORUM_UNKNOWN);
	g_assert_true(ldir_quorum_step(&q, 5, TRUE));           /* at the beginning the number itself counts */
	g_assert_cmpint(q.state, ==, LDIR_QUORUM_THERE);
	g_assert_false(ldir_quorum_step(&q, 3, FALSE));
	g_assert_true(ldir_quorum_step(&q, 2, FALSE));
	g_assert_cmpint(q.state, ==, LDIR_QUORUM_LOST);
	g_assert_false(ldir_quorum_step(&q, 6, FALSE));
	g_assert_true(ldir_quorum_step(&q, 7, FALSE));
	g_assert_cmpint(q.state, ==, LDIR_QUORUM_THERE);

	ldir_quorum_init(&q, 5, 9);                             /* one that could never be lost */
	g_assert_true(ldir_quorum_step(&q, 0, FALSE));
	g_assert_cmpint(q.state, ==, LDIR_QUORUM_LOST);
	g_assert_true(ldir_quorum_step(&q, 9, FALSE));
	g_assert_false(ldir_quorum_step(&q, 1, FALSE));
	g_assert_true(ldir_quorum_step(&q, 0, FALSE));

	ldir_quorum_init(&q, 0, 3);
	g_assert_false(ldir_quorum_step(&q, 0, FALSE));
	g_assert_cmpint(q.state, ==, LDIR_QUORUM_OFF);
}

static void
test_without_a_fallback_who_is_left_serves_on(void)
{
	Fixture f = fixture("quorum=6\n" PLAIN);

	start(&f);
	verdict(&f, 0, TRUE);
	expect(&f, "+s +0w3 ");
	verdict(&f, 1, TRUE);
	g_assert_true(has_said(&f, "Gained quorum of virtual server: 10.0.0.1:80 (weight 8 of 6)"));
	expect(&f, "+1w5 +q ");
	verdict(&f, 0, FALSE);
	g_assert_true(has_said(&f, "Lost quorum of virtual server: 10.0.0.1:80 (weight 5 of 6)"));
	expect(&f, "-q -0 ");
	verdict(&f, 1, FALSE);
	expect(&f, "+c -1 ");
	verdict(&f, 1, TRUE);
	expect(&f, "+1w5 -c ");
	verdict(&f, 0, TRUE);
	expect(&f, "+0w3 +q ");
	fixture_done(&f);
}

static void
test_the_fallback_takes_over_from_too_few(void)
{
	Fixture f = fixture("quorum=6\n" SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect(&f, "+s +0w3 +1w5 +q ");
	verdict(&f, 0, FALSE);          /* in first, out then */
	expect(&f, "+f +c -1 -q -0 ");
	g_assert_true(ldir_run_has_fallback(f.run));
	g_assert_cmpint(ldir_run_real_state(f.run, 1), ==, LDIR_REAL_UP);
	verdict(&f, 1, FALSE);
	expect(&f, "");
	verdict(&f, 0, TRUE);
	expect(&f, "");
	g_assert_cmpint(ldir_run_live_weight(f.run), ==, 3);
	verdict(&f, 1, TRUE);
	g_assert_true(has_said(&f, "Added real server: 10.0.0.2:80 (10.0.0.1:80) (Weight set to 3)"));
	expect(&f, "+0w3 +1w5 -f -c +q ");
	fixture_done(&f);
}

static void
test_the_first_round_is_waited_for(void)
{
	Fixture f = fixture("quorum=9\nquiescent=yes\n" SECTION);

	start(&f);
	expect(&f, "+s +0w0 +1w0 ");
	verdict(&f, 1, TRUE);           /* somebody has to serve meanwhile */
	expect(&f, "+1w5 ");
	verdict(&f, 0, FALSE);
	expect(&f, "+f +c +1w0 -q ");
	fixture_done(&f);
}

static void
test_a_fallback_that_was_there_stays_until_it_is_known(void)
{
	static const gint64 nothing[] = { -1, -1 };
	Fixture f = fixture("quorum=6\n" SECTION);

	ldir_run_start(f.run, nothing, TRUE, 0, f.effects);
	expect(&f, "+s ");
	verdict(&f, 1, TRUE);
	expect(&f, "");
	verdict(&f, 0, FALSE);
	expect(&f, "+c -q ");
	verdict(&f, 0, TRUE);
	expect(&f, "+0w3 +1w5 -f -c +q ");
	fixture_done(&f);
}

static void
test_an_adopted_table_counts(void)
{
	static const gint64 weights[] = { 3, 5 };
	Fixture f = fixture("quorum=6\n" SECTION);

	ldir_run_start(f.run, weights, FALSE, 0, f.effects);
	expect(&f, "+s +0w3 +1w5 +q ");
	verdict(&f, 0, TRUE);
	expect(&f, "");
	verdict(&f, 1, FALSE);
	expect(&f, "+f +c -0 -q -1 ");
	fixture_done(&f);
}

static void
test_a_weight_by_hand_is_weight(void)
{
	Fixture f = fixture("quorum=6\n" SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect(&f, "+s +0w3 +1w5 +q ");
	ldir_run_set_weight(f.run, 1, 0, f.effects);
	expect(&f, "+f +c -0 -1 -q ");
	ldir_run_set_weight(f.run, 1, 4, f.effects);
	expect(&f, "+0w3 +1w4 -f -c +q ");
	fixture_done(&f);
}

/* The same service by another text. */
static void
reload(Fixture *f, const char *text)
{
	Fixture next = fixture(text);

	ldir_run_carry(next.run, f->run, NULL, next.effects);
	fixture_done(f);
	*f = next;
}

static void
test_a_reload_keeps_the_quorum_or_judges_anew(void)
{
	Fixture f = fixture("quorum=6\n" SECTION);

	start(&f);
	verdict(&f, 0, FALSE);
	verdict(&f, 1, TRUE);
	expect(&f, "+s +f +c -q ");     /* it never was in */
	reload(&f, "quorum=6\n" SECTION);
	expect(&f, "+s +f ");
	reload(&f, "quorum=5\n" SECTION);
	expect(&f, "+s +f +1w5 -f -c +q ");
	reload(&f, "quorum=9\n" SECTION);
	expect(&f, "+s +1w5 +f +c -1 -q ");
	reload(&f, SECTION);
	expect(&f, "+s +1w5 +f -f -c ");
	fixture_done(&f);
}

static void
test_disabled_is_down_whatever_checks_say(void)
{
	Fixture f = fixture("emailalertfreq=60\n" SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect(&f, "+s +0w3 +1w5 ");
	ldir_run_disable(f.run, 0, TRUE, 0, f.effects);
	g_assert_true(has_said(&f, "Disabled real server: 10.0.0.2:80 (10.0.0.1:80) by hand"));
	expect(&f, "-0 ");
	g_assert_cmpint(ldir_run_deadline_ms(f.run), ==, G_MAXINT64);   /* no mails about what was wanted */
	verdict(&f, 0, TRUE);
	expect(&f, "");
	reload(&f, SECTION);
	expect(&f, "+s +1w5 ");
	verdict(&f, 0, TRUE);
	expect(&f, "");
	g_assert_true(ldir_run_is_disabled(f.run, 0));
	ldir_run_disable(f.run, 0, FALSE, 0, f.effects);
	expect(&f, "");
	verdict(&f, 0, TRUE);
	expect(&f, "+0w3 ");
	fixture_done(&f);
}

static void
test_who_is_disabled_before_its_first_check_is_not_waited_for(void)
{
	Fixture f = fixture(SECTION);

	start(&f);
	ldir_run_disable(f.run, 0, TRUE, 0, f.effects);
	expect(&f, "+s ");
	verdict(&f, 1, FALSE);
	expect(&f, "+f +c ");
	fixture_done(&f);
}

/* The commands that the effects until now ask for: never more than one for each thing that happens. */
static guint
n_commands(const Fixture *f)
{
	guint n = 0;

	for (guint i = 0; i < f->effects->len; i++) {
		LdirEffectKind kind = ((const LdirEffect *)f->effects->pdata[i])->kind;

		n += kind == LDIR_FX_QUORUM_UP || kind == LDIR_FX_QUORUM_DOWN;
	}
	return n;
}

/* Anything in any order: weight only for who is up, the fallback alone, and never nobody. */
static void
test_invariants_hold_for_any_verdicts(void)
{
	static const char *const texts[] = {
		"quorum=6\nquorumhysteresis=1\nquiescent=yes\n" SECTION, "quorum=4\n" SECTION, "flapmax=1/9\nquorum=4\n" SECTION,
		"flapmax=1/9\nquorum=7\nquorumhysteresis=1\n" SECTION,
	};
	g_autoptr(GRand) rand = g_rand_new_with_seed(11);

	for (int round = 0; round < 400; round++) {
		Fixture f = fixture(texts[round % (int)G_N_ELEMENTS(texts)]);
		Shown shown = NOTHING_SHOWN;

		start(&f);
		for (int step = 0; step < 40; step++) {
			guint who = (guint)g_rand_int_range(rand, 0, 2);

			if (g_rand_int_range(rand, 0, 5) == 0)
				ldir_run_disable(f.run, who, g_rand_boolean(rand), step * 1000, f.effects);
			else
				ldir_run_verdict(f.run, who, g_rand_int_range(rand, 0, 3) > 0, step * 1000, f.effects);
			g_assert_cmpuint(n_commands(&f), <=, 1);
			follow(&f, &shown);
			for (guint i = 0; i < 2; i++) {
				gboolean is_up = ldir_run_real_state(f.run, i) == LDIR_REAL_UP;

				g_assert_true((shown.weight[i] > 0) == (is_up && !shown.is_fallback));
				g_assert_false(is_up && ldir_run_is_disabled(f.run, i));
			}
		}
		fixture_done(&f);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/quorum/hysteresis", test_hysteresis_is_a_band);
	g_test_add_func("/ldir/quorum/no-fallback", test_without_a_fallback_who_is_left_serves_on);
	g_test_add_func("/ldir/quorum/fallback", test_the_fallback_takes_over_from_too_few);
	g_test_add_func("/ldir/quorum/first-round", test_the_first_round_is_waited_for);
	g_test_add_func("/ldir/quorum/fallback-there", test_a_fallback_that_was_there_stays_until_it_is_known);
	g_test_add_func("/ldir/quorum/adopted", test_an_adopted_table_counts);
	g_test_add_func("/ldir/quorum/by-hand", test_a_weight_by_hand_is_weight);
	g_test_add_func("/ldir/quorum/reload", test_a_reload_keeps_the_quorum_or_judges_anew);
	g_test_add_func("/ldir/disable/down", test_disabled_is_down_whatever_checks_say);
	g_test_add_func("/ldir/disable/first-round", test_who_is_disabled_before_its_first_check_is_not_waited_for);
	g_test_add_func("/ldir/quorum/invariants", test_invariants_hold_for_any_verdicts);
	return g_test_run();
}
