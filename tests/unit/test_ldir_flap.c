/* SPDX-License-Identifier: GPL-2.0-or-later */
/* flapmax=: a server that goes down too often. */
#include "ldir_service_fixture.h"
#include "util/banned.h"

static gint64 now_ms;

static void
at(Fixture *f, gint64 seconds, guint real, gboolean is_good)
{
	now_ms = seconds * 1000;
	ldir_run_verdict(f->run, real, is_good, now_ms, f->effects);
}

/* Both are up at 0; server 0 is down the third time at 50, and flaps. */
static Fixture
flapping(const char *text)
{
	Fixture f = fixture(text);

	start(&f);
	at(&f, 0, 0, TRUE);
	at(&f, 0, 1, TRUE);
	for (int i = 0; i < 2; i++) {
		at(&f, 10 + 20 * i, 0, FALSE);
		at(&f, 20 + 20 * i, 0, TRUE);
	}
	expect(&f, "+s +0w3 +1w5 -0 +0w3 -0 +0w3 ");
	g_assert_false(ldir_run_is_flapping(f.run, 0));
	at(&f, 50, 0, FALSE);
	g_assert_true(has_said(&f, "Flapping real server: 10.0.0.2:80 (10.0.0.1:80) was down more than 2 times in 60 s"));
	g_assert_true(ldir_run_is_flapping(f.run, 0));
	expect(&f, "-0 ");
	return f;
}

static void
test_it_stays_out_until_it_is_steady(void)
{
	Fixture f = flapping("flapmax=2/60\n" SECTION);

	at(&f, 60, 0, TRUE);
	at(&f, 110, 0, TRUE);
	expect(&f, "");
	at(&f, 115, 0, FALSE);          /* from the beginning */
	at(&f, 120, 0, TRUE);
	at(&f, 179, 0, TRUE);
	g_assert_cmpint(ldir_run_real_state(f.run, 0), ==, LDIR_REAL_DOWN);
	g_assert_false(ldir_run_is_undecided(f.run, 0));
	expect(&f, "");
	at(&f, 180, 0, TRUE);
	g_assert_true(has_said(&f, "Steady real server: 10.0.0.2:80 (10.0.0.1:80)"));
	g_assert_false(ldir_run_is_flapping(f.run, 0));
	expect(&f, "+0w3 ");
	at(&f, 190, 0, FALSE);          /* and counts anew */
	at(&f, 200, 0, TRUE);
	expect(&f, "-0 +0w3 ");
	fixture_done(&f);
}

static void
test_seldom_is_not_too_often(void)
{
	Fixture f = fixture("flapmax=2/60\n" SECTION);

	start(&f);
	at(&f, 0, 1, TRUE);
	for (int i = 0; i < 60; i++) {
		at(&f, i * 31, 0, TRUE);
		at(&f, i * 31 + 1, 0, FALSE);
		at(&f, i * 31 + 2, 0, FALSE);
		g_assert_false(ldir_run_is_flapping(f.run, 0));
	}
	fixture_done(&f);
}

static void
test_the_last_one_is_used_before_the_fallback(void)
{
	Fixture f = flapping("flapmax=2/60\n" SECTION);

	at(&f, 60, 0, TRUE);
	expect(&f, "");
	at(&f, 61, 1, FALSE);
	expect(&f, "+0w3 -1 ");
	g_assert_true(ldir_run_is_flapping(f.run, 0));
	at(&f, 62, 1, TRUE);            /* nobody is taken out for it */
	expect(&f, "+1w5 ");
	at(&f, 63, 0, FALSE);
	at(&f, 64, 0, TRUE);
	expect(&f, "-0 ");
	at(&f, 65, 0, FALSE);           /* no good for anybody now */
	at(&f, 66, 1, FALSE);
	expect(&f, "+f +c -1 ");
	at(&f, 67, 0, TRUE);
	expect(&f, "+0w3 -f -c ");
	fixture_done(&f);
}

/* ---- whatever takes server 1, the last one, away: server 0 is there before */

static void by_verdict(Fixture *f) { at(f, 61, 1, FALSE); }
static void by_maintenance(Fixture *f) { ldir_run_maintain(f->run, 1, TRUE, 61000, f->effects); }
static void by_drain(Fixture *f) { ldir_run_drain(f->run, 1, TRUE, f->effects); }
static void by_disable(Fixture *f) { ldir_run_disable(f->run, 1, TRUE, 61000, f->effects); }
static void by_hand(Fixture *f) { ldir_run_set_weight(f->run, 1, 0, f->effects); }
static void by_file(Fixture *f) { ldir_run_file_weights(f->run, (const gint64[]){ -1, 0 }, f->effects); }
static void by_agent(Fixture *f) { ldir_run_said(f->run, 1, (LdirSaid){ .kind = LDIR_SAID_WEIGHT, .n = 0 }, f->effects); }

/* The same service by another text. */
static void
reload(Fixture *f, const char *text, const gint64 *weights)
{
	Fixture next = fixture(text);

	ldir_run_carry(next.run, f->run, weights, next.effects);
	fixture_done(f);
	*f = next;
}

#define ALONE "flapmax=2/60\nvirtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate 3\n\tfallback=127.0.0.1:80\n"

static void by_reload(Fixture *f) { reload(f, ALONE, NULL); }
static void by_reload_of_weights(Fixture *f) { reload(f, "flapmax=2/60\n" SECTION, (const gint64[]){ -1, 0 }); }
static void by_reload_to_quorum(Fixture *f) { reload(f, "flapmax=2/60\nquorum=8\n" SECTION, NULL); }

/* Another process that knows all but has not seen the last one go. */
static void
by_start(Fixture *f)
{
	LdirRun *known = f->run;

	ldir_run_disable(known, 1, TRUE, 61000, f->effects);
	g_ptr_array_set_size(f->effects, 0);
	f->run = ldir_run_new(f->config, f->config->virtuals->pdata[0]);
	ldir_run_start_knowing(f->run, known, (const gint64[]){ -1, 5 }, FALSE, 61000, f->effects);
	ldir_run_free(known);
}

static void
test_in_whatever_way_the_last_one_leaves_it_comes_in(void)
{
	static const struct {
		void (*leave)(Fixture *f);
		const char *wanted;
	} rows[] = {
		{ by_verdict, "+0w3 -1 " },
		{ by_maintenance, "+0w3 -1 " },
		{ by_drain, "+0w3 +1w0 " },
		{ by_disable, "+0w3 -1 " },
		{ by_hand, "+0w3 +1w0 " },
		{ by_file, "+0w3 +1w0 " },
		{ by_agent, "+0w3 +1w0 " },
		{ by_reload, "+s +0w3 " },
		{ by_reload_of_weights, "+s +1w0 +0w3 " },      /* a table that is made as a whole */
		{ by_reload_to_quorum, "+s +1w5 +0w3 +q " },
		{ by_start, "+s +1w5 +0w3 -1 " },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		Fixture f = flapping("flapmax=2/60\n" SECTION);

		at(&f, 60, 0, TRUE);
		expect(&f, "");
		rows[i].leave(&f);
		g_assert_cmpint(ldir_run_real_state(f.run, 0), ==, LDIR_REAL_UP);
		expect(&f, rows[i].wanted);
		fixture_done(&f);
	}
}

#define TWO_AND_ONE "flapmax=1/60\nquorum=6\n" SECTION "\treal=10.0.0.4:80 gate 9\n"

/* Servers 0 and 1 flap and wait, server 2 serves; quorum=6 needs it, or both of them. */
static Fixture
two_that_wait(const char *text)
{
	Fixture f = fixture(text);

	start(&f);
	at(&f, 0, 2, TRUE);
	for (guint i = 0; i < 2; i++)
		for (int j = 0; j < 3; j++) {
			at(&f, 2 * j, i, TRUE);
			at(&f, 2 * j + 1, i, j == 2);
		}
	g_assert_true(ldir_run_is_flapping(f.run, 0) && ldir_run_is_flapping(f.run, 1));
	g_assert_cmpint(ldir_run_real_state(f.run, 0), ==, LDIR_REAL_DOWN);
	g_ptr_array_set_size(f.effects, 0);
	return f;
}

static void
test_the_quorum_is_judged_when_all_are_called(void)
{
	Fixture f = two_that_wait(TWO_AND_ONE);

	at(&f, 20, 2, FALSE);
	expect(&f, "+0w3 +1w5 -2 ");            /* neither lost nor gained */
	fixture_done(&f);

	f = two_that_wait(TWO_AND_ONE);
	ldir_run_set_weight(f.run, 2, 1, f.effects);    /* somebody is up, but not enough of it */
	expect(&f, "+0w3 +1w5 +2w1 ");
	fixture_done(&f);

	f = two_that_wait("quorumhysteresis=2\n" TWO_AND_ONE);
	ldir_run_disable(f.run, 1, TRUE, 20000, f.effects);
	at(&f, 20, 2, FALSE);                   /* one is not enough: all serve, or the fallback */
	expect(&f, "+f +c -q -2 ");
	g_assert_cmpint(ldir_run_live_weight(f.run), ==, 3);
	at(&f, 21, 2, TRUE);
	expect(&f, "+0w3 +2w9 -f -c +q ");
	fixture_done(&f);
}

static void
test_who_is_held_is_no_other(void)
{
	Fixture f = fixture("flapmax=1/60\nquorum=6\n" SECTION);

	start(&f);
	at(&f, 0, 1, TRUE);
	for (int i = 0; i < 2; i++) {
		at(&f, 2 * i, 0, TRUE);
		at(&f, 2 * i + 1, 0, FALSE);
	}
	g_assert_true(ldir_run_is_flapping(f.run, 0));
	g_assert_true(ldir_run_has_fallback(f.run));            /* weight 5 of 6: nobody else serves */
	g_ptr_array_set_size(f.effects, 0);
	at(&f, 10, 0, TRUE);
	expect(&f, "+0w3 +1w5 -f -c +q ");
	fixture_done(&f);
}

static void
test_what_operators_do_does_not_count(void)
{
	Fixture f = fixture("flapmax=1/60\n" SECTION);

	start(&f);
	at(&f, 0, 1, TRUE);
	for (int i = 0; i < 5; i++) {
		at(&f, i, 0, TRUE);
		ldir_run_disable(f.run, 0, TRUE, now_ms, f.effects);
		at(&f, i, 0, FALSE);
		ldir_run_disable(f.run, 0, FALSE, now_ms, f.effects);
		at(&f, i, 0, TRUE);
		ldir_run_maintain(f.run, 0, TRUE, now_ms, f.effects);
		ldir_run_maintain(f.run, 0, FALSE, now_ms, f.effects);
	}
	g_assert_false(ldir_run_is_flapping(f.run, 0));
	fixture_done(&f);
}

static void
test_a_reload_keeps_it_as_long_as_it_is_asked_for(void)
{
	Fixture f = flapping("flapmax=2/60\n" SECTION);
	Fixture same = fixture("flapmax=2/60\n" SECTION);
	Fixture off = fixture("flapmax=2/60\n" SECTION "\tflapmax=0\n");

	at(&f, 60, 0, TRUE);
	ldir_run_carry(same.run, f.run, NULL, same.effects);
	g_assert_true(ldir_run_is_flapping(same.run, 0));
	expect(&same, "+s +1w5 ");
	at(&same, 70, 0, TRUE);
	expect(&same, "");
	at(&same, 71, 1, FALSE);
	expect(&same, "+0w3 -1 ");

	ldir_run_carry(off.run, f.run, NULL, off.effects);
	g_assert_false(ldir_run_is_flapping(off.run, 0));
	at(&off, 70, 0, TRUE);
	expect(&off, "+s +1w5 +0w3 ");
	fixture_done(&f);
	fixture_done(&same);
	fixture_done(&off);
}

static void
test_who_stood_by_knows_it(void)
{
	Fixture f = flapping("flapmax=2/60\n" SECTION);
	LdirRun *run = ldir_run_new(f.config, f.config->virtuals->pdata[0]);
	LdirRun *known = f.run;

	at(&f, 60, 0, TRUE);
	f.run = run;
	ldir_run_start_knowing(run, known, NULL, FALSE, 61000, f.effects);
	expect(&f, "+s +1w5 ");
	g_assert_true(ldir_run_is_flapping(run, 0));
	at(&f, 62, 1, FALSE);
	expect(&f, "+0w3 -1 ");
	ldir_run_free(known);
	fixture_done(&f);
}

/* Whatever happens: who is good, or was good last, is in where nobody else is. */
static void
test_nobody_is_missed(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);

	for (int round = 0; round < 300; round++) {
		Fixture f = fixture(g_rand_boolean(rand) ? "flapmax=1/20\nquiescent=yes\n" SECTION : "flapmax=2/30\n" SECTION);
		Shown shown = NOTHING_SHOWN;
		gboolean was_good[2] = { FALSE, FALSE };

		start(&f);
		for (int step = 0; step < 80; step++) {
			guint who = (guint)g_rand_int_range(rand, 0, 2);

			was_good[who] = g_rand_int_range(rand, 0, 3) > 0;
			at(&f, step * 3, who, was_good[who]);
			follow(&f, &shown);
			g_assert_true((was_good[0] || was_good[1]) == (shown.weight[0] > 0 || shown.weight[1] > 0));
			g_assert_false(shown.is_fallback && (shown.weight[0] > 0 || shown.weight[1] > 0));
			for (guint i = 0; i < 2; i++)
				g_assert_false(!was_good[i] && shown.weight[i] > 0);
		}
		fixture_done(&f);
	}
}

static void
test_who_waits_is_not_called_inaccessible(void)
{
	Fixture f = flapping("emailalertfreq=100\nflapmax=2/60\n" SECTION);
	static const char text[] = "Inaccessible real server: 10.0.0.2:80 (10.0.0.1:80)";

	at(&f, 60, 0, TRUE);
	ldir_run_time(f.run, 150000, f.effects);
	g_assert_false(has_said(&f, text));
	at(&f, 160, 0, FALSE);
	ldir_run_time(f.run, 250000, f.effects);
	g_assert_true(has_said(&f, text));
	fixture_done(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/flap/out", test_it_stays_out_until_it_is_steady);
	g_test_add_func("/ldir/flap/seldom", test_seldom_is_not_too_often);
	g_test_add_func("/ldir/flap/last", test_the_last_one_is_used_before_the_fallback);
	g_test_add_func("/ldir/flap/each-way", test_in_whatever_way_the_last_one_leaves_it_comes_in);
	g_test_add_func("/ldir/flap/quorum", test_the_quorum_is_judged_when_all_are_called);
	g_test_add_func("/ldir/flap/held", test_who_is_held_is_no_other);
	g_test_add_func("/ldir/flap/operators", test_what_operators_do_does_not_count);
	g_test_add_func("/ldir/flap/reload", test_a_reload_keeps_it_as_long_as_it_is_asked_for);
	g_test_add_func("/ldir/flap/standby", test_who_stood_by_knows_it);
	g_test_add_func("/ldir/flap/never-nobody", test_nobody_is_missed);
	g_test_add_func("/ldir/flap/mail", test_who_waits_is_not_called_inaccessible);
	return g_test_run();
}
