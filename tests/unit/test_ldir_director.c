/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Services and the table together, on a table in files: start, adoption, reload, repair, stop. */
#include "ldir_director_fixture.h"
#include "ldirectord/director/report.h"
#include "util/banned.h"

#define SEVEN "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 7\n"

static void
test_servers_enter_and_leave(void)
{
	Fixture f;

	fixture_init(&f, "", WEB);
	expect_table(&f, TABLE);
	expect_said(&f, "Added virtual server: 10.0.0.1:80\n");
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE TWO);
	expect_said(&f, "mail Added real server: 10.0.0.3:80 (10.0.0.1:80) (Weight set to 5)\nnotify 1 up\n");
	verdict(&f, 1, FALSE);
	expect_table(&f, TABLE BACK);
	expect_said(&f, "mail Added fallback server: 127.0.0.1:80 (10.0.0.1:80) (Weight set to 1)\ncommand start\n");
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE ONE);
	ldir_director_stop(f.director);
	expect_table(&f, "");
	expect_said(&f, "Purged virtual server (stop): 10.0.0.1:80\n");
	fixture_done(&f);
}

static void
test_a_table_is_adopted_without_a_step(void)
{
	Fixture f;
	g_autofree char *calls_text = NULL;

	fixture_init(&f, "-A -f 9 -s rr\n" TABLE ONE TWO, WEB);
	calls_text = ipvs_dry_read(f.dir, "calls");
	g_assert_cmpstr(calls_text, ==, "");
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	expect_table(&f, "-A -f 9 -s rr\n" TABLE ONE);
	fixture_done(&f);
}

static void
test_a_fallback_is_adopted_until_somebody_is_up(void)
{
	Fixture f;

	fixture_init(&f, TABLE BACK, WEB);
	expect_table(&f, TABLE BACK);
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE ONE);
	fixture_done(&f);
}

static void
test_foreign_servers_go_at_the_start(void)
{
	Fixture f;

	fixture_init(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.9:80 -g -w 1\n" ONE, WEB);
	expect_table(&f, TABLE ONE);
	expect_said(&f, "Purged real server (start): 10.0.0.9:80 (10.0.0.1:80)\n");
	fixture_done(&f);
}

static void
test_a_reload_keeps_what_stays(void)
{
	Fixture f;
	g_autofree char *calls_text = NULL;

	fixture_init(&f, "", WEB "\nvirtual=7\n\treal=10.0.0.2 gate\n");
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE ONE TWO "-A -f 7 -s wrr\n");
	/* one server goes, one comes, one service goes */
	configure(&f, "virtual=10.0.0.1:80\n\treal=10.0.0.3:80 gate 5\n\treal=10.0.0.4:80 gate 1\n\tfallback=127.0.0.1:80\n");
	expect_table(&f, TABLE TWO);
	expect_said(&f, "Purged virtual server (start): 7\n");
	g_assert_cmpint(ldir_run_real_state(ldir_director_run(f.director, 0), 0), ==, LDIR_REAL_UP);
	g_assert_cmpint(ldir_run_real_state(ldir_director_run(f.director, 0), 1), ==, LDIR_REAL_UNPROVEN);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE TWO "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.4:80 -g -w 1\n");
	/* nothing new, nothing to do */
	calls_text = ipvs_dry_read(f.dir, "calls");
	configure(&f, "virtual=10.0.0.1:80\n\treal=10.0.0.3:80 gate 5\n\treal=10.0.0.4:80 gate 1\n\tfallback=127.0.0.1:80\n");
	{
		g_autofree char *after = ipvs_dry_read(f.dir, "calls");

		g_assert_cmpstr(after, ==, calls_text);
	}
	fixture_done(&f);
}

static void
test_a_reload_that_takes_the_last_server_brings_the_fallback(void)
{
	Fixture f;

	fixture_init(&f, "", WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	configure(&f, "virtual=10.0.0.1:80\n\treal=10.0.0.3:80 gate 5\n\tfallback=127.0.0.1:80\n");
	expect_table(&f, TABLE BACK);
	fixture_done(&f);
}

static void
test_a_reload_that_takes_a_service_ends_its_command(void)
{
	static const char *const texts[] = { "fallbackcommandonstop=yes\nfallbackcommand=/bin/x\n" WEB, "fallbackcommand=/bin/x\n" WEB };

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		Fixture f;

		fixture_init(&f, "", texts[i]);
		verdict(&f, 0, FALSE);
		verdict(&f, 1, FALSE);
		expect_said(&f, "command start\n");
		configure(&f, texts[i]);
		g_assert_null(strstr(f.said->str, "command"));
		configure(&f, "virtual=10.0.0.7:80\n" REALS);
		g_assert_true((strstr(f.said->str, "command stop\n") != NULL) == (i == 0));
		fixture_done(&f);
	}
}

static void
test_a_weight_that_was_0_by_our_own_wish_may_grow_again(void)
{
	Fixture f;

	fixture_init(&f, "", "virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate 0\n\treal=10.0.0.3:80 gate 5\n");
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 0\n" TWO);
	configure(&f, "virtual=10.0.0.1:80\n" REALS);
	expect_table(&f, TABLE ONE TWO);
	/* but somebody else's stays */
	ipvs_dry_write(f.dir, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 0\n" TWO);
	configure(&f, "virtual=10.0.0.1:80\n" REALS);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 0\n" TWO);
	fixture_done(&f);
}

static void
test_repair(void)
{
	Fixture f;

	fixture_init(&f, "", "quiescent=yes\n" WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	ipvs_dry_write(f.dir, "");
	ldir_director_repair(f.director);
	expect_table(&f, TABLE ONE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 0\n");
	expect_said(&f, "virtual server 10.0.0.1:80 was removed by somebody: added again\n");
	/* a quiescent server may be sent away, a weight may be changed, once told */
	ipvs_dry_write(f.dir, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 0\n");
	ldir_director_repair(f.director);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 0\n");
	expect_said(&f, "real server 10.0.0.2:80 (10.0.0.1:80) has weight 0 instead of 3: changed by hand, left as it is\n");
	ldir_director_repair(f.director);
	g_assert_cmpstr(f.said->str, ==, "");
	/* but none for who is down */
	ipvs_dry_write(f.dir, TABLE ONE TWO);
	ldir_director_repair(f.director);
	expect_table(&f, TABLE ONE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 0\n");
	fixture_done(&f);
}

static void
test_the_table_is_looked_at_each_minute(void)
{
	Fixture f;

	fixture_init(&f, "", WEB);
	verdict(&f, 0, TRUE);
	ipvs_dry_write(f.dir, "");
	f.now_ms = ldir_director_deadline_ms(f.director);
	g_assert_cmpint(f.now_ms, ==, 60000);
	ldir_director_time(f.director, f.now_ms - 1);
	expect_table(&f, "");
	ldir_director_time(f.director, f.now_ms);
	expect_table(&f, TABLE ONE);
	g_assert_cmpint(ldir_director_deadline_ms(f.director), ==, 120000);
	fixture_done(&f);
}

static void
test_a_drain_by_hand_outlives_a_reload(void)
{
	Fixture f;
	const char *drained = TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 0\n" TWO;

	fixture_init(&f, "", WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	ipvs_dry_write(f.dir, drained);
	configure(&f, WEB);
	expect_table(&f, drained);
	verdict(&f, 0, FALSE);
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE TWO ONE);
	fixture_done(&f);
}

static void
test_a_server_that_is_the_fallback_too(void)
{
	Fixture f;
	const char *text = "virtual=10.0.0.1:80\n\treal=127.0.0.1:80 gate 3\n\treal=10.0.0.3:80 gate 5\n\tfallback=127.0.0.1:80\n";

	fixture_init(&f, "", text);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.1:80 -g -w 3\n");
	verdict(&f, 0, FALSE);
	expect_table(&f, TABLE BACK);
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.1:80 -g -w 3\n");
	fixture_done(&f);
}

static void
test_maintenance_is_down_whatever_checks_say(void)
{
	Fixture f;

	fixture_init(&f, "", "failurecount=3\n" WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	ldir_director_maintain(f.director, 0, 0, TRUE, 0);
	ldir_director_flush(f.director);
	expect_table(&f, TABLE TWO);
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE TWO);
	ldir_director_maintain(f.director, 0, 0, FALSE, 0);
	expect_table(&f, TABLE TWO);
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE TWO ONE);
	fixture_done(&f);
}

static void
test_the_table_begins_with_the_weights_of_the_file(void)
{
	g_autofree char *why = NULL;
	g_autoptr(LdirWeights) weights = ldir_weights_parse("10.0.0.2 7\n", &why);
	g_autofree char *calls_text = NULL;
	Fixture f;

	fixture_begin(&f, TABLE SEVEN);
	f.weights = weights;
	configure(&f, WEB);
	calls_text = ipvs_dry_read(f.dir, "calls");
	g_assert_cmpstr(calls_text, ==, "");
	configure(&f, "virtual=10.0.0.5:80\n" REALS WEB);
	ldir_director_weights(f.director, NULL);
	ldir_director_flush(f.director);
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE ONE "-A -t 10.0.0.5:80 -s wrr\n-a -t 10.0.0.5:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 3\n");
	fixture_done(&f);
}

/* flapmax=: the one that waits comes in for the one that goes. */
static void
test_programs_hear_of_who_comes_in_for_another(void)
{
	Fixture f;

	fixture_init(&f, "", "flapmax=1/60\n" WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	for (int i = 0; i < 2; i++) {
		verdict(&f, 0, FALSE);
		verdict(&f, 0, TRUE);
	}
	expect_table(&f, TABLE TWO);
	g_string_truncate(f.said, 0);
	verdict(&f, 1, FALSE);
	expect_table(&f, TABLE ONE);
	expect_said(&f, "notify 0 up\nnotify 1 down\n");
	fixture_done(&f);
}

static void
test_a_reload_is_told_as_anything_else(void)
{
	Fixture f;

	fixture_init(&f, "", "flapmax=1/60\n" WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	for (int i = 0; i < 2; i++) {
		verdict(&f, 0, FALSE);
		verdict(&f, 0, TRUE);
	}
	expect_table(&f, TABLE TWO);
	g_string_truncate(f.said, 0);
	configure(&f, "flapmax=1/60\n" WEB);
	g_assert_cmpstr(f.said->str, ==, "");
	configure(&f, "flapmax=1/60\nvirtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate 3\n\tfallback=127.0.0.1:80\n");
	expect_table(&f, TABLE ONE);
	expect_said(&f, "mail Added real server: 10.0.0.2:80 (10.0.0.1:80) (Weight set to 3)\nnotify 0 up\n");
	fixture_done(&f);
}

static void
test_a_reload_keeps_what_was_seen(void)
{
	g_autofree char *json = NULL;
	Fixture f;

	fixture_init(&f, "", WEB);
	f.now_ms = 4000;
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	verdict(&f, 1, FALSE);
	configure(&f, "virtual=10.0.0.1:80\n\treal=10.0.0.4:80 gate 1\n\treal=10.0.0.3:80 gate 5\n\tfallback=127.0.0.1:80\n");
	json = ldir_report_json(&(LdirReportInput){ .director = f.director, .config = "/ha.cf", .status = "running", .now_ms = 9000 });
	g_assert_nonnull(strstr(json, "\"checks\":0,\"failed\":0}"));
	g_assert_nonnull(strstr(json, "\"checks\":2,\"failed\":1,\"since_s\":5,\"last\":\"why\"}"));
	fixture_done(&f);
}

/* Whether both forms of the report call server 0, and nobody else, flapping */
static void
expect_flapping(Fixture *f, gboolean is_flapping)
{
	const LdirReportInput input = { .director = f->director, .config = "/ha.cf", .status = "running", .now_ms = f->now_ms };
	g_autofree char *json = ldir_report_json(&input);
	g_autofree char *metrics = ldir_report_metrics(&input);
	g_auto(GStrv) parts = g_strsplit(json, "\"server\":", -1);

	g_assert_true(is_flapping == (strstr(parts[1], "\"flapping\":true") != NULL));
	g_assert_null(strstr(parts[2], "flapping"));
	g_assert_nonnull(strstr(metrics, is_flapping ? "\nldirectord_flapping{service=\"tcp:10.0.0.1:80\",server=\"10.0.0.2:80\"} 1\n"
	                                             : "\nldirectord_flapping{service=\"tcp:10.0.0.1:80\",server=\"10.0.0.2:80\"} 0\n"));
	g_assert_nonnull(strstr(metrics, "\nldirectord_flapping{service=\"tcp:10.0.0.1:80\",server=\"10.0.0.3:80\"} 0\n"));
}

static void
test_the_report_says_who_flaps(void)
{
	Fixture f;

	fixture_init(&f, "", "flapmax=1/60\n" WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	verdict(&f, 0, FALSE);
	verdict(&f, 0, TRUE);
	expect_flapping(&f, FALSE);
	verdict(&f, 0, FALSE);
	verdict(&f, 0, TRUE);
	expect_flapping(&f, TRUE);
	expect_table(&f, TABLE TWO);
	f.now_ms += 60000;
	verdict(&f, 0, TRUE);
	expect_flapping(&f, FALSE);
	fixture_done(&f);
}

/* Also while nothing follows from it. */
static void
test_why_a_server_fails_is_logged_where_it_begins_to(void)
{
	static const char line[] = "Failed check of real server: 10.0.0.2:80 (10.0.0.1:80): why\n";
	Fixture f;

	fixture_init(&f, "", "failurecount=3\n" WEB);
	verdict(&f, 0, TRUE);
	for (guint i = 0; i < 2; i++) {
		g_string_truncate(f.said, 0);
		verdict(&f, 0, FALSE);
		expect_said(&f, line);
		verdict(&f, 0, FALSE);
		verdict(&f, 0, TRUE);
		g_assert_null(strstr(f.said->str, line));
	}
	fixture_done(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/director/enter-leave", test_servers_enter_and_leave);
	g_test_add_func("/ldir/director/failed-check", test_why_a_server_fails_is_logged_where_it_begins_to);
	g_test_add_func("/ldir/director/adopt", test_a_table_is_adopted_without_a_step);
	g_test_add_func("/ldir/director/adopt-fallback", test_a_fallback_is_adopted_until_somebody_is_up);
	g_test_add_func("/ldir/director/foreign", test_foreign_servers_go_at_the_start);
	g_test_add_func("/ldir/director/reload", test_a_reload_keeps_what_stays);
	g_test_add_func("/ldir/director/reload-last", test_a_reload_that_takes_the_last_server_brings_the_fallback);
	g_test_add_func("/ldir/director/reload-command", test_a_reload_that_takes_a_service_ends_its_command);
	g_test_add_func("/ldir/director/weight-0", test_a_weight_that_was_0_by_our_own_wish_may_grow_again);
	g_test_add_func("/ldir/director/repair", test_repair);
	g_test_add_func("/ldir/director/each-minute", test_the_table_is_looked_at_each_minute);
	g_test_add_func("/ldir/director/drain", test_a_drain_by_hand_outlives_a_reload);
	g_test_add_func("/ldir/director/both", test_a_server_that_is_the_fallback_too);
	g_test_add_func("/ldir/director/maintenance", test_maintenance_is_down_whatever_checks_say);
	g_test_add_func("/ldir/director/weights", test_the_table_begins_with_the_weights_of_the_file);
	g_test_add_func("/ldir/director/notify-others", test_programs_hear_of_who_comes_in_for_another);
	g_test_add_func("/ldir/director/reload-notify", test_a_reload_is_told_as_anything_else);
	g_test_add_func("/ldir/director/reload-seen", test_a_reload_keeps_what_was_seen);
	g_test_add_func("/ldir/director/report-flapping", test_the_report_says_who_flaps);
	return g_test_run();
}
