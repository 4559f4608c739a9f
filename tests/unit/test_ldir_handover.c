/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A restart: what the process before knew. */
#include "ldir_director_fixture.h"
#include "ldirectord/director/handover.h"
#include "util/banned.h"

#define DRAINED "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 0\n"
#define ONLY_ONE "virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate 3\n\tfallback=127.0.0.1:80\n"

/* Another director goes on with @text, @later_ms behind the end of the first; the table stays. What it does is in .said and "calls". */
static void
restart(Fixture *f, const char *text, gint64 later_ms)
{
	g_autofree char *memory = ldir_handover_write(f->director, f->now_ms);
	g_autofree char *why = NULL;
	g_autofree char *done = g_build_filename(f->dir, "calls", NULL);
	LdirHandover *handover = ldir_handover_parse(memory, f->now_ms += later_ms, &why);

	if (handover == NULL)
		g_error("%s of\n%s", why, memory);
	ldir_director_free(f->director);
	f->director = ldir_director_new(f->ipvs, &calls, f);
	(void)remove(done);
	g_string_truncate(f->said, 0);
	ldir_director_inherit(f->director, handover);
	configure(f, text);
}

static void
expect_silence(const Fixture *f)
{
	g_autofree char *done = ipvs_dry_read(f->dir, "calls");

	g_assert_cmpstr(done, ==, "");
	g_assert_null(strstr(f->said->str, "mail "));
	g_assert_null(strstr(f->said->str, "notify "));
	g_assert_null(strstr(f->said->str, "command "));
	g_assert_null(strstr(f->said->str, "quorum "));
}

static LdirRealState
state_of(const Fixture *f, guint real)
{
	return ldir_run_real_state(ldir_director_run(f->director, 0), real);
}

static void
test_orders_hold(void)
{
	Fixture f;

	fixture_init(&f, "", WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	(void)ldir_director_set_weight(f.director, "10.0.0.2", NULL, 0);
	ldir_director_flush(f.director);
	expect_table(&f, TABLE DRAINED TWO);
	restart(&f, WEB, 2000);
	expect_silence(&f);
	expect_said(&f, "Weight of real server: 10.0.0.2:80 (10.0.0.1:80) set to 0 by hand, before the restart\n");
	g_assert_cmpint(state_of(&f, 0), ==, LDIR_REAL_UP);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE DRAINED TWO);            /* it keeps its connections, and gets no new ones */
	(void)ldir_director_disable(f.director, "10.0.0.3", NULL, TRUE, f.now_ms, NULL, NULL);
	ldir_director_flush(f.director);
	restart(&f, WEB, 3600000);                      /* however long it took */
	expect_said(&f, "Disabled real server: 10.0.0.3:80 (10.0.0.1:80) by hand, before the restart\n");
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE DRAINED);
	(void)ldir_director_set_weight(f.director, "10.0.0.2", NULL, -1);
	(void)ldir_director_disable(f.director, "10.0.0.3", NULL, FALSE, f.now_ms, NULL, NULL);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE ONE TWO);
	fixture_done(&f);
}

static void
test_states_hold_for_a_while(void)
{
	static const char text[] = "failurecount=2\nquiescent=yes\n" WEB;
	Fixture f;

	fixture_init(&f, "", text);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	verdict(&f, 0, FALSE);
	restart(&f, text, 1000);
	expect_silence(&f);
	g_assert_cmpint(state_of(&f, 0), ==, LDIR_REAL_UP);
	g_assert_cmpint(state_of(&f, 1), ==, LDIR_REAL_DOWN);
	verdict(&f, 0, FALSE);                          /* the second one */
	g_assert_cmpint(state_of(&f, 0), ==, LDIR_REAL_DOWN);
	verdict(&f, 0, TRUE);
	restart(&f, text, 61000);                       /* who knows */
	expect_silence(&f);
	g_assert_cmpint(state_of(&f, 0), ==, LDIR_REAL_ADOPTED);
	g_assert_cmpint(state_of(&f, 1), ==, LDIR_REAL_UNPROVEN);
	fixture_done(&f);
}

/* By ipvsadm, while one process was there or the other */
static void
test_what_others_have_drained_stays_so(void)
{
	Fixture f;

	fixture_init(&f, "", WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	ipvs_dry_write(f.dir, TABLE DRAINED TWO);
	restart(&f, WEB, 1000);
	expect_silence(&f);
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE DRAINED TWO);
	verdict(&f, 0, FALSE);
	verdict(&f, 0, TRUE);                           /* until it comes up the next time */
	expect_table(&f, TABLE TWO ONE);
	fixture_done(&f);
}

/* What had no weight because the process before wanted that is no matter of somebody else: it gets what is wanted now. */
static void
test_what_we_gave_no_weight_gets_one(void)
{
	static const char none[] = "virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate 0\n\treal=10.0.0.3:80 gate 5\n";
	Fixture f;

	fixture_init(&f, "", none);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE DRAINED TWO);
	restart(&f, WEB, 1000);
	expect_table(&f, TABLE ONE TWO);
	fixture_done(&f);

	fixture_init(&f, "", "quiescent=yes\nquorum=6\n" WEB);      /* the fallback served in its place */
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	expect_table(&f, TABLE DRAINED "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 0\n" BACK);
	restart(&f, "quiescent=yes\nquorum=6\n" WEB, 1000);
	expect_silence(&f);
	restart(&f, "quiescent=yes\n" WEB, 1000);
	expect_table(&f, TABLE ONE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 0\n");
	fixture_done(&f);
}

/* maintenancedir=: as it was until somebody has looked there */
static void
test_maintenance_goes_on_until_it_is_known(void)
{
	Fixture f;

	fixture_init(&f, "", WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	ldir_director_maintain(f.director, 0, 0, TRUE, f.now_ms);
	ldir_director_drain(f.director, 0, 1, TRUE);
	ldir_director_flush(f.director);
	restart(&f, WEB, 1000);
	expect_silence(&f);
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 0\n");
	ldir_director_drain(f.director, 0, 1, TRUE);    /* that is still so */
	ldir_director_maintenance_known(f.director);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 0\n" ONE);
	fixture_done(&f);
}

/* Only what both processes know is up is in: a table that somebody has emptied is filled by checks. */
static void
test_old_news_puts_nobody_into_service(void)
{
	Fixture f;

	fixture_init(&f, "", WEB);
	verdict(&f, 0, TRUE);
	ipvs_dry_write(f.dir, "");
	restart(&f, WEB, 61000);
	expect_table(&f, TABLE);
	fixture_done(&f);
}

static void
test_who_flaps_goes_on_waiting(void)
{
	static const char text[] = "flapmax=1/60\n" WEB;
	Fixture f;

	fixture_init(&f, "", text);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	for (int i = 0; i < 2; i++) {
		verdict(&f, 0, FALSE);
		verdict(&f, 0, TRUE);
	}
	restart(&f, text, 1000);
	expect_silence(&f);
	g_assert_true(ldir_run_is_flapping(ldir_director_run(f.director, 0), 0));
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE TWO);
	restart(&f, "flapmax=1/60\n" ONLY_ONE, 1000);   /* and comes in with the configuration that has no other */
	expect_table(&f, TABLE ONE);
	expect_said(&f, "mail Added real server: 10.0.0.2:80 (10.0.0.1:80) (Weight set to 3)\nnotify 0 up\n");
	restart(&f, WEB, 1000);                         /* nobody counts any more */
	g_assert_false(ldir_run_is_flapping(ldir_director_run(f.director, 0), 0));
	fixture_done(&f);
}

static void
test_commands_are_not_run_again(void)
{
	static const char text[] = "quorum=6\nfallbackcommand=/bin/x\n" WEB;
	Fixture f;

	fixture_init(&f, "", text);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	restart(&f, text, 1000);
	expect_silence(&f);
	verdict(&f, 0, FALSE);
	expect_said(&f, "command start\n");
	expect_table(&f, TABLE BACK);
	restart(&f, text, 1000);
	expect_silence(&f);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE BACK);                   /* still too few */
	verdict(&f, 0, TRUE);
	g_assert_nonnull(strstr(f.said->str, "command stop\n"));
	expect_said(&f, "quorum up 8\n");
	expect_table(&f, TABLE ONE TWO);
	restart(&f, text, 61000);                       /* whoever has run it, and for whom */
	expect_said(&f, "quorum up 8\n");
	fixture_done(&f);
}

static void
test_weights_of_checks_and_of_a_file_are_kept(void)
{
	static const char text[] = "externalweight=yes\n" WEB "\tchecktype=external\n\tcheckcommand=/bin/x\n";
	g_autofree char *why = NULL;
	g_autoptr(LdirWeights) weights = ldir_weights_parse("10.0.0.2 7\n10.0.0.3 8\n", &why);
	Fixture f;

	fixture_begin(&f, "");
	f.weights = weights;
	configure(&f, text);
	ldir_director_said(f.director, 0, 1, (LdirSaid){ .kind = LDIR_SAID_WEIGHT, .n = 4 });
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	restart(&f, text, 1000);
	expect_silence(&f);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 7\n"
	                       "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 4\n");
	restart(&f, WEB, 1000);                         /* a check that says none any more */
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 7\n"
	                       "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 8\n");
	fixture_done(&f);
}

/* A line check= may say one where the check of the section does not. */
static void
test_weights_of_more_checks_are_kept(void)
{
	static const char *const lines[] = { "external checkcommand=/bin/x externalweight=yes", "negotiate service=agent checkport=777" };

	for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *text = g_strconcat(WEB "\tchecktype=connect\n\tcheck=", lines[i], "\n", NULL);
		Fixture f;

		fixture_init(&f, "", text);
		ldir_director_said(f.director, 0, 1, (LdirSaid){ .kind = LDIR_SAID_WEIGHT, .n = 4 });
		verdict(&f, 0, TRUE);
		verdict(&f, 1, TRUE);
		configure(&f, text);
		expect_table(&f, TABLE ONE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 4\n");
		restart(&f, text, 1000);
		expect_table(&f, TABLE ONE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 4\n");
		fixture_done(&f);
	}
}

static void
test_what_was_before_counts_for_flaps(void)
{
	static const char text[] = "flapmax=1/60\n" WEB;
	Fixture f;

	fixture_init(&f, "", text);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	verdict(&f, 0, FALSE);
	verdict(&f, 0, TRUE);
	restart(&f, text, 1000);
	verdict(&f, 0, FALSE);
	expect_said(&f, "mail Flapping real server: 10.0.0.2:80 (10.0.0.1:80) was down more than 1 times in 60 s\n");
	fixture_done(&f);
}

static void
test_a_slow_start_goes_on(void)
{
	static const char text[] = "slowstart=10\n" WEB;
	Fixture f;

	fixture_init(&f, "", text);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	verdict(&f, 1, FALSE);
	verdict(&f, 1, TRUE);
	restart(&f, text, 1000);
	expect_silence(&f);
	ldir_director_time(f.director, f.now_ms = 4000);
	ldir_director_flush(f.director);
	expect_table(&f, TABLE ONE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 2\n");
	fixture_done(&f);
}

static void
test_others_are_not_asked_for(void)
{
	Fixture f;

	fixture_init(&f, "", WEB "virtual=7\n\treal=10.0.0.2 gate\n");
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	restart(&f, "virtual=10.0.0.1:80\n\treal=10.0.0.4:80 gate 1\n\treal=10.0.0.3:80 gate 5\nvirtual=8\n\treal=10.0.0.2 gate\n", 1000);
	g_assert_cmpint(state_of(&f, 0), ==, LDIR_REAL_UNPROVEN);
	g_assert_cmpint(state_of(&f, 1), ==, LDIR_REAL_UP);
	g_assert_null(strstr(f.said->str, "notify "));
	fixture_done(&f);
}

#define REAL_REST " fails=0 goods=0 is_maintained=0 is_disabled=0 is_drained=0 hand_weight=-1 said_weight=-1 ramp_ms=9223372036854775807" \
	" ramp_weight=0"
#define SERVER_UP "server 10.0.0.2:80 state=2" REAL_REST \
	" is_flapping=0 is_waiting=0 steady_ms=9223372036854775807 is_held=0 had_weight=1 downs=1,5\n"
#define WAITING REAL_REST " is_flapping=1 is_waiting=1 steady_ms=1 is_held=0 had_weight=0"
#define GOOD_SERVICE "service tcp:10.0.0.1:80 quorum=2 command=0\n"

static void
test_what_is_broken_is_not_used(void)
{
	static const char *const wrong[] = {
		"", "\n", "end\n", "ldirectord 2 5\nend\n", "ldirectord 1 \nend\n", "ldirectord 1 11\nend\n", "ldirectord 1 -1\nend\n",
		"ldirectord 1 5\n", "ldirectord 1 5\nend\nend\n", "ldirectord 1 5\nwhat\nend\n",
		"ldirectord 1 5\n" SERVER_UP "end\n",
		"ldirectord 1 5\n" GOOD_SERVICE GOOD_SERVICE "end\n",
		"ldirectord 1 5\n" GOOD_SERVICE SERVER_UP SERVER_UP "end\n",
		"ldirectord 1 5\nservice tcp:10.0.0.1:80 quorum=4 command=0\nend\n",
		"ldirectord 1 5\nservice tcp:10.0.0.1:80 quorum=2 command=0 more=1\nend\n",
		"ldirectord 1 5\nservice\nend\n", "ldirectord 1 5\nservice \nend\n",
		"ldirectord 1 5\n" GOOD_SERVICE "server 10.0.0.2:80\nend\n",
		/* states that cannot be: another number, up and disabled, waiting and up, down and held, times to come, too many, backwards */
		"ldirectord 1 5\n" GOOD_SERVICE "server 10.0.0.2:80 state=4" REAL_REST
		" is_flapping=0 is_waiting=0 steady_ms=1 is_held=0 had_weight=0 downs=\nend\n",
		"ldirectord 1 5\n" GOOD_SERVICE "server 10.0.0.2:80 state=2" WAITING " downs=\nend\n",
		"ldirectord 1 5\n" GOOD_SERVICE "server 10.0.0.2:80 state=3" REAL_REST
		" is_flapping=0 is_waiting=0 steady_ms=1 is_held=1 had_weight=0 downs=\nend\n",
		"ldirectord 1 5\n" GOOD_SERVICE "server 10.0.0.2:80 state=3" REAL_REST
		" is_flapping=1 is_waiting=1 steady_ms=11 is_held=0 had_weight=0 downs=\nend\n",
		"ldirectord 1 5\n" GOOD_SERVICE "server 10.0.0.2:80 state=3" WAITING " downs=11\nend\n",
		"ldirectord 1 5\n" GOOD_SERVICE "server 10.0.0.2:80 state=3" WAITING " downs=5,1\nend\n",
		"ldirectord 1 5\n" GOOD_SERVICE "server 10.0.0.2:80 state=3" WAITING " downs=1,\nend\n",
		"ldirectord 1 5\n" GOOD_SERVICE "server 10.0.0.2:80 state=3" WAITING
		" downs=1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1\nend\n",
		"ldirectord 1 5\n" GOOD_SERVICE "server 10.0.0.2:80 state=99999999999999999999" REAL_REST "\nend\n",
	};
	static const char good[] = "ldirectord 1 5\n" GOOD_SERVICE SERVER_UP "end\n";
	g_autofree char *none = NULL;
	g_autoptr(LdirHandover) handover = ldir_handover_parse(good, 10, &none);

	g_assert_nonnull(handover);
	g_assert_null(none);
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autofree char *why = NULL;

		if (ldir_handover_parse(wrong[i], 10, &why) != NULL)
			g_error("was taken: %s", wrong[i]);
		g_assert_true(g_str_has_prefix(why, "line "));
	}
	for (gsize len = 0; len + 1 < sizeof good - 1; len++) {         /* wherever it was cut off */
		g_autofree char *part = g_strndup(good, len);
		g_autofree char *why = NULL;

		g_assert_null(ldir_handover_parse(part, 10, &why));
		g_assert_nonnull(why);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/handover/orders", test_orders_hold);
	g_test_add_func("/ldir/handover/states", test_states_hold_for_a_while);
	g_test_add_func("/ldir/handover/drained", test_what_others_have_drained_stays_so);
	g_test_add_func("/ldir/handover/idle", test_what_we_gave_no_weight_gets_one);
	g_test_add_func("/ldir/handover/maintenance", test_maintenance_goes_on_until_it_is_known);
	g_test_add_func("/ldir/handover/old", test_old_news_puts_nobody_into_service);
	g_test_add_func("/ldir/handover/flapping", test_who_flaps_goes_on_waiting);
	g_test_add_func("/ldir/handover/commands", test_commands_are_not_run_again);
	g_test_add_func("/ldir/handover/weights", test_weights_of_checks_and_of_a_file_are_kept);
	g_test_add_func("/ldir/handover/more-weights", test_weights_of_more_checks_are_kept);
	g_test_add_func("/ldir/handover/flaps", test_what_was_before_counts_for_flaps);
	g_test_add_func("/ldir/handover/slowstart", test_a_slow_start_goes_on);
	g_test_add_func("/ldir/handover/others", test_others_are_not_asked_for);
	g_test_add_func("/ldir/handover/broken", test_what_is_broken_is_not_used);
	return g_test_run();
}
