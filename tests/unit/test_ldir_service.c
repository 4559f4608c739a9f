/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verdicts of checks in, changes of the table out (doc/ldirectord.md 4.3, 4.4). */
#include "ldir_service_fixture.h"
#include "util/banned.h"

static void
test_a_server_enters_after_its_first_good_check(void)
{
	Fixture f = fixture(SECTION);

	start(&f);
	expect(&f, "+s ");
	verdict(&f, 1, TRUE);
	g_assert_true(has_said(&f, "Added real server: 10.0.0.3:80 (10.0.0.1:80) (Weight set to 5)"));
	expect(&f, "+1w5 ");
	verdict(&f, 1, TRUE);
	expect(&f, "");
	verdict(&f, 0, FALSE);
	expect(&f, "");
	g_assert_cmpint(ldir_run_real_state(f.run, 0), ==, LDIR_REAL_DOWN);
	fixture_done(&f);
}

static void
test_the_fallback_waits_for_the_first_round(void)
{
	Fixture f = fixture(SECTION);

	start(&f);
	expect(&f, "+s ");
	verdict(&f, 0, FALSE);
	expect(&f, "");
	verdict(&f, 1, FALSE);
	g_assert_true(has_said(&f, "Added fallback server: 127.0.0.1:80 (10.0.0.1:80) (Weight set to 1)"));
	expect(&f, "+f +c ");
	verdict(&f, 0, TRUE);
	expect(&f, "+0w3 -f -c ");
	g_assert_false(ldir_run_has_fallback(f.run));
	fixture_done(&f);
}

static void
test_the_last_server_leaves_after_the_fallback_is_in(void)
{
	Fixture f = fixture(SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect(&f, "+s +0w3 +1w5 ");
	verdict(&f, 0, FALSE);
	g_assert_true(has_said(&f, "Deleted real server: 10.0.0.2:80 (10.0.0.1:80)"));
	expect(&f, "-0 ");
	verdict(&f, 1, FALSE);
	expect(&f, "+f +c -1 ");
	verdict(&f, 1, FALSE);
	expect(&f, "");
	verdict(&f, 1, TRUE);
	g_assert_true(has_said(&f, "Added real server: 10.0.0.3:80 (10.0.0.1:80) (Weight set to 5)"));
	expect(&f, "+1w5 -f -c ");
	fixture_done(&f);
}

static void
test_nobody_waits_for_an_unproven_server_later(void)
{
	Fixture f = fixture(SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	expect(&f, "+s +0w3 ");
	verdict(&f, 0, FALSE);
	expect(&f, "+f +c -0 ");
	fixture_done(&f);
}

static void
test_quiescent_servers_keep_weight_0(void)
{
	Fixture f = fixture("quiescent=yes\n" SECTION);

	start(&f);
	expect(&f, "+s +0w0 +1w0 ");
	verdict(&f, 0, TRUE);
	g_assert_true(has_said(&f, "Restored real server: 10.0.0.2:80 (10.0.0.1:80) (Weight set to 3)"));
	expect(&f, "+0w3 ");
	verdict(&f, 0, FALSE);
	g_assert_true(has_said(&f, "Quiescent real server: 10.0.0.2:80 (10.0.0.1:80) (Weight set to 0)"));
	expect(&f, "+f +c +0w0 ");
	fixture_done(&f);
}

static void
test_failurecount_gives_patience_to_who_serves(void)
{
	Fixture f = fixture("failurecount=3\n" SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	expect(&f, "+s +0w3 ");
	g_assert_cmpint(ldir_run_real_state(f.run, 1), ==, LDIR_REAL_DOWN);
	verdict(&f, 0, FALSE);
	verdict(&f, 0, FALSE);
	g_assert_true(has_said(&f, "Soft failure real server: 10.0.0.2:80 (tcp:10.0.0.1:80) failure 2/3"));
	expect(&f, "");
	verdict(&f, 0, TRUE);
	g_assert_true(has_said(&f, "Resetting soft failure count: 10.0.0.2:80 (tcp:10.0.0.1:80)"));
	expect(&f, "");
	for (int i = 0; i < 2; i++)
		verdict(&f, 0, FALSE);
	expect(&f, "");
	verdict(&f, 0, FALSE);
	expect(&f, "+f +c -0 ");
	fixture_done(&f);
}

static void
test_risecount_asks_more_of_who_has_failed(void)
{
	Fixture f = fixture("risecount=3\n" SECTION);

	start(&f);
	verdict(&f, 0, TRUE);           /* a new one proves itself at once */
	expect(&f, "+s +0w3 ");
	verdict(&f, 0, FALSE);
	expect(&f, "+f +c -0 ");
	g_assert_false(ldir_run_is_undecided(f.run, 0));
	verdict(&f, 0, TRUE);
	g_assert_true(ldir_run_is_undecided(f.run, 0));
	verdict(&f, 0, TRUE);
	verdict(&f, 0, FALSE);
	verdict(&f, 0, TRUE);
	verdict(&f, 0, TRUE);
	expect(&f, "");
	verdict(&f, 0, TRUE);
	expect(&f, "+0w3 -f -c ");
	g_assert_false(ldir_run_is_undecided(f.run, 0));
	fixture_done(&f);
}

static void
test_slowstart_lets_the_weight_grow(void)
{
	Fixture f = fixture("slowstart=10\n" SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);           /* at the beginning all are new */
	expect(&f, "+s +0w3 +1w5 ");
	ldir_run_verdict(f.run, 1, FALSE, 1000, f.effects);
	expect(&f, "-1 ");
	ldir_run_verdict(f.run, 1, TRUE, 2000, f.effects);
	expect(&f, "+1w1 ");
	g_assert_cmpint(ldir_run_deadline_ms(f.run), ==, 6000);
	ldir_run_time(f.run, 5999, f.effects);
	expect(&f, "");
	ldir_run_time(f.run, 6000, f.effects);
	expect(&f, "+1w2 ");
	ldir_run_time(f.run, 11000, f.effects);
	expect(&f, "+1w4 ");
	ldir_run_time(f.run, 12000, f.effects);
	expect(&f, "+1w5 ");
	g_assert_cmpint(ldir_run_deadline_ms(f.run), ==, G_MAXINT64);
	/* alone it gets all at once */
	ldir_run_verdict(f.run, 0, FALSE, 13000, f.effects);
	ldir_run_verdict(f.run, 1, FALSE, 13000, f.effects);
	expect(&f, "-0 +f +c -1 ");
	ldir_run_verdict(f.run, 1, TRUE, 14000, f.effects);
	expect(&f, "+1w5 -f -c ");
	fixture_done(&f);
}

static void
test_a_weight_by_hand_holds_while_it_is_up(void)
{
	Fixture f = fixture(SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	expect(&f, "+s +0w3 ");
	ldir_run_set_weight(f.run, 0, 0, f.effects);
	g_assert_true(has_said(&f, "Weight of real server: 10.0.0.2:80 (10.0.0.1:80) set to 0 by hand"));
	expect(&f, "+0w0 ");
	verdict(&f, 0, TRUE);
	expect(&f, "");
	ldir_run_set_weight(f.run, 1, 9, f.effects);    /* not up: later */
	expect(&f, "");
	verdict(&f, 1, TRUE);
	expect(&f, "+1w9 ");
	ldir_run_set_weight(f.run, 0, -1, f.effects);
	expect(&f, "+0w3 ");
	fixture_done(&f);
}

static void
test_a_check_may_set_the_weight(void)
{
	Fixture f = fixture("quorum=4\n" SECTION);

	start(&f);
	ldir_run_said(f.run, 1, (LdirSaid){ .kind = LDIR_SAID_PERCENT, .n = 50 }, f.effects);
	g_assert_true(has_said(&f, "Weight of real server: 10.0.0.3:80 (10.0.0.1:80) set to 3 by its check"));
	expect(&f, "+s ");
	verdict(&f, 1, TRUE);
	verdict(&f, 0, TRUE);
	expect(&f, "+1w3 +0w3 +q ");
	ldir_run_said(f.run, 1, (LdirSaid){ .kind = LDIR_SAID_PERCENT, .n = 50 }, f.effects);
	expect(&f, "");
	ldir_run_said(f.run, 1, (LdirSaid){ .kind = LDIR_SAID_WEIGHT, .n = 0 }, f.effects);
	expect(&f, "+f +c -0 -1 -q ");
	ldir_run_said(f.run, 1, (LdirSaid){ .kind = LDIR_SAID_PERCENT, .n = 100 }, f.effects);
	expect(&f, "+0w3 +1w5 -f -c +q ");
	ldir_run_set_weight(f.run, 1, 9, f.effects);    /* what operators want comes first */
	expect(&f, "+1w9 ");
	ldir_run_said(f.run, 1, (LdirSaid){ .kind = LDIR_SAID_WEIGHT, .n = 4 }, f.effects);
	expect(&f, "");
	ldir_run_set_weight(f.run, 1, -1, f.effects);
	expect(&f, "+1w4 ");
	fixture_done(&f);
}

static void
test_a_slow_start_goes_where_the_weight_is(void)
{
	Fixture f = fixture("slowstart=10\n" SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	expect(&f, "+s +0w3 ");
	ldir_run_verdict(f.run, 1, TRUE, 2000, f.effects);
	expect(&f, "+1w1 ");
	ldir_run_said(f.run, 1, (LdirSaid){ .kind = LDIR_SAID_WEIGHT, .n = 10 }, f.effects);
	g_assert_cmpint(ldir_run_deadline_ms(f.run), ==, 4000);
	ldir_run_time(f.run, 7000, f.effects);
	expect(&f, "+1w1 +1w5 ");
	ldir_run_said(f.run, 1, (LdirSaid){ .kind = LDIR_SAID_WEIGHT, .n = 0 }, f.effects);
	expect(&f, "+1w0 ");
	g_assert_cmpint(ldir_run_deadline_ms(f.run), ==, G_MAXINT64);
	fixture_done(&f);
}

static void
test_a_server_that_is_drained_for_maintenance_keeps_weight_0(void)
{
	Fixture f = fixture("slowstart=10\n" SECTION);
	Fixture after = fixture(SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect(&f, "+s +0w3 +1w5 ");
	ldir_run_drain(f.run, 1, TRUE, f.effects);
	g_assert_true(has_said(&f, "Drained real server: 10.0.0.3:80 (10.0.0.1:80) for maintenance"));
	expect(&f, "+1w0 ");
	ldir_run_set_weight(f.run, 1, 9, f.effects);    /* what operators want of it waits */
	expect(&f, "+1w0 ");
	verdict(&f, 1, FALSE);
	verdict(&f, 1, TRUE);
	expect(&f, "-1 +1w0 ");
	/* after a reload it stays so until all is known */
	ldir_run_carry(after.run, f.run, NULL, after.effects);
	expect(&after, "+s +0w3 +1w0 ");
	ldir_run_drain(after.run, 1, TRUE, after.effects);
	ldir_run_maintenance_known(after.run, after.effects);
	expect(&after, "");
	ldir_run_drain(after.run, 1, FALSE, after.effects);
	expect(&after, "+1w9 ");
	ldir_run_drain(f.run, 0, TRUE, f.effects);
	ldir_run_free(after.run);
	after.run = ldir_run_new(after.config, after.config->virtuals->pdata[0]);
	ldir_run_carry(after.run, f.run, NULL, after.effects);
	expect(&after, "+s +0w0 +1w0 ");
	ldir_run_maintenance_known(after.run, after.effects);
	expect(&after, "+0w3 +1w9 ");
	fixture_done(&after);
	fixture_done(&f);
}

static void
test_the_end_of_a_certificate_is_told_once_a_day(void)
{
	Fixture f = fixture("sslexpiry=30\n" SECTION);
	gint64 days;

	start(&f);
	g_assert_false(ldir_run_certificate_days(f.run, 0, &days));
	ldir_run_certificate(f.run, 0, 30, f.effects);
	g_assert_true(ldir_run_certificate_days(f.run, 0, &days));
	g_assert_cmpint(days, ==, 30);
	g_assert_false(has_said(&f, "Certificate of real server: 10.0.0.2:80 (10.0.0.1:80) ends in 30 days"));
	for (guint i = 0; i < 2; i++) {
		ldir_run_certificate(f.run, 0, 29, f.effects);
		g_assert_true(has_said(&f, "Certificate of real server: 10.0.0.2:80 (10.0.0.1:80) ends in 29 days") == (i == 0));
		g_ptr_array_set_size(f.effects, 0);
	}
	ldir_run_certificate(f.run, 0, -1, f.effects);
	g_assert_true(has_said(&f, "Certificate of real server: 10.0.0.2:80 (10.0.0.1:80) has ended"));
	expect(&f, "");
	g_ptr_array_set_size(f.effects, 0);
	ldir_run_certificate(f.run, 0, 90, f.effects);  /* a new one, whose turn comes as well */
	ldir_run_certificate(f.run, 0, -1, f.effects);
	g_assert_true(has_said(&f, "Certificate of real server: 10.0.0.2:80 (10.0.0.1:80) has ended"));
	fixture_done(&f);

	f = fixture(SECTION);           /* nobody wants to know */
	start(&f);
	ldir_run_certificate(f.run, 0, -1, f.effects);
	g_assert_false(has_said(&f, "Certificate of real server: 10.0.0.2:80 (10.0.0.1:80) has ended"));
	fixture_done(&f);
}

static void
test_a_table_that_is_there_is_adopted_without_a_hole(void)
{
	static const gint64 weights[] = { 7, 0 };
	Fixture f = fixture(SECTION);

	ldir_run_start(f.run, weights, TRUE, 0, f.effects);
	expect(&f, "+s +0w3 -1 ");
	g_assert_cmpint(ldir_run_real_state(f.run, 0), ==, LDIR_REAL_ADOPTED);
	g_assert_true(ldir_run_has_fallback(f.run));
	verdict(&f, 0, TRUE);
	expect(&f, "-f ");
	fixture_done(&f);

	f = fixture(SECTION);
	ldir_run_start(f.run, weights, FALSE, 0, f.effects);
	expect(&f, "+s +0w3 -1 ");
	verdict(&f, 0, FALSE);
	expect(&f, "+f +c -0 ");
	fixture_done(&f);
}

static void
test_mails_are_repeated_while_a_server_is_down(void)
{
	Fixture f = fixture("emailalertfreq=60\n" SECTION);

	start(&f);
	g_assert_cmpint(ldir_run_deadline_ms(f.run), ==, G_MAXINT64);
	ldir_run_verdict(f.run, 0, FALSE, 1000, f.effects);
	g_assert_true(has_said(&f, "Inaccessible real server: 10.0.0.2:80 (10.0.0.1:80)"));     /* it was never there */
	g_assert_cmpint(ldir_run_deadline_ms(f.run), ==, 61000);
	expect(&f, "+s ");
	ldir_run_time(f.run, 60999, f.effects);
	g_assert_cmpuint(f.effects->len, ==, 0);
	ldir_run_time(f.run, 61000, f.effects);
	g_assert_true(has_said(&f, "Inaccessible real server: 10.0.0.2:80 (10.0.0.1:80)"));
	g_assert_cmpint(ldir_run_deadline_ms(f.run), ==, 121000);
	verdict(&f, 0, TRUE);
	g_assert_cmpint(ldir_run_deadline_ms(f.run), ==, G_MAXINT64);
	g_ptr_array_set_size(f.effects, 0);
	verdict(&f, 0, FALSE);
	g_assert_false(has_said(&f, "Inaccessible real server: 10.0.0.2:80 (10.0.0.1:80)"));    /* but deleted */
	fixture_done(&f);
}

static void
test_marks_use_the_fallback_of_the_file(void)
{
	Fixture f = fixture("fallback=127.0.0.1\nvirtual=7\n\treal=10.0.0.2 gate\n");

	start(&f);
	verdict(&f, 0, FALSE);
	g_assert_true(has_said(&f, "Added fallback server: 127.0.0.1:0 (7) (Weight set to 1)"));
	expect(&f, "+s +f +c ");
	fixture_done(&f);
}

static void
test_the_end_takes_the_service_away_or_nothing(void)
{
	Fixture f = fixture(SECTION);

	ldir_run_stop(f.run, f.effects);
	g_assert_true(has_said(&f, "Purged virtual server (stop): 10.0.0.1:80"));
	g_assert_false(has_said(&f, "Purged real server (stop): 10.0.0.2:80 (10.0.0.1:80)"));
	expect(&f, "-s ");
	fixture_done(&f);
	f = fixture(SECTION);
	start(&f);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	ldir_run_stop(f.run, f.effects);
	g_assert_true(has_said(&f, "Purged real server (stop): 10.0.0.2:80 (10.0.0.1:80)"));
	g_assert_false(has_said(&f, "Purged real server (stop): 10.0.0.3:80 (10.0.0.1:80)"));
	fixture_done(&f);
	f = fixture(SECTION "\tcleanstop=no\n");
	ldir_run_stop(f.run, f.effects);
	expect(&f, "");
	fixture_done(&f);
	f = fixture("fallbackcommandonstop=yes\n" SECTION);
	start(&f);
	verdict(&f, 0, FALSE);
	verdict(&f, 1, FALSE);
	expect(&f, "+s +f +c ");
	ldir_run_stop(f.run, f.effects);
	expect(&f, "-c -s ");
	fixture_done(&f);
	f = fixture("fallbackcommandonstop=yes\n" SECTION);
	start(&f);
	verdict(&f, 0, TRUE);
	ldir_run_stop(f.run, f.effects);        /* it does not run */
	expect(&f, "+s +0w3 -s ");
	fixture_done(&f);
}

/* A thousand verdicts by chance: weight only for who is up, and never nobody without a fallback. */
static void
test_invariants_hold_for_any_verdicts(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(4);

	for (int round = 0; round < 100; round++) {
		Fixture f = fixture(g_rand_boolean(rand) ? "quiescent=yes\nfailurecount=2\n" SECTION : SECTION);
		Shown shown = NOTHING_SHOWN;

		start(&f);
		for (int step = 0; step < 30; step++) {
			verdict(&f, (guint)g_rand_int_range(rand, 0, 2), g_rand_boolean(rand));
			follow(&f, &shown);
			for (guint i = 0; i < 2; i++)
				g_assert_true((shown.weight[i] > 0) == (ldir_run_real_state(f.run, i) == LDIR_REAL_UP));
			g_assert_true(!shown.is_fallback || (shown.weight[0] <= 0 && shown.weight[1] <= 0));
		}
		fixture_done(&f);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/service/first-good-check", test_a_server_enters_after_its_first_good_check);
	g_test_add_func("/ldir/service/first-round", test_the_fallback_waits_for_the_first_round);
	g_test_add_func("/ldir/service/last-server", test_the_last_server_leaves_after_the_fallback_is_in);
	g_test_add_func("/ldir/service/unproven", test_nobody_waits_for_an_unproven_server_later);
	g_test_add_func("/ldir/service/quiescent", test_quiescent_servers_keep_weight_0);
	g_test_add_func("/ldir/service/failurecount", test_failurecount_gives_patience_to_who_serves);
	g_test_add_func("/ldir/service/risecount", test_risecount_asks_more_of_who_has_failed);
	g_test_add_func("/ldir/service/slowstart", test_slowstart_lets_the_weight_grow);
	g_test_add_func("/ldir/service/by-hand", test_a_weight_by_hand_holds_while_it_is_up);
	g_test_add_func("/ldir/service/said", test_a_check_may_set_the_weight);
	g_test_add_func("/ldir/service/said-slowly", test_a_slow_start_goes_where_the_weight_is);
	g_test_add_func("/ldir/service/adopted", test_a_table_that_is_there_is_adopted_without_a_hole);
	g_test_add_func("/ldir/service/drained", test_a_server_that_is_drained_for_maintenance_keeps_weight_0);
	g_test_add_func("/ldir/service/certificate", test_the_end_of_a_certificate_is_told_once_a_day);
	g_test_add_func("/ldir/service/mails", test_mails_are_repeated_while_a_server_is_down);
	g_test_add_func("/ldir/service/marks", test_marks_use_the_fallback_of_the_file);
	g_test_add_func("/ldir/service/stop", test_the_end_takes_the_service_away_or_nothing);
	g_test_add_func("/ldir/service/invariants", test_invariants_hold_for_any_verdicts);
	return g_test_run();
}
