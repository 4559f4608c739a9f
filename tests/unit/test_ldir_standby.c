/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A director that stands by writes nothing and knows everything. */
#include "ldir_director_fixture.h"
#include "ldirectord/run/startup.h"
#include "util/banned.h"

static void
expect_calls(Fixture *f, const char *wanted)
{
	g_autofree char *text = ipvs_dry_read(f->dir, "calls");

	g_assert_cmpstr(text, ==, wanted);
}

static void
take(Fixture *f)
{
	g_autoptr(LdirIpvsTable) there = ldir_ipvs_dump(f->ipvs, NULL);

	ldir_director_take(f->director, there, f->now_ms);
	ldir_director_flush(f->director);
}

static void
begin(Fixture *f, const char *table, const char *text)
{
	fixture_begin(f, table);
	ldir_director_begin_standing_by(f->director);
	configure(f, text);
}

static void
test_nothing_is_done_while_it_stands_by(void)
{
	Fixture f;

	begin(&f, "", "quorum=8\nfallbackcommand=/bin/x\n" WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	ldir_director_time(f.director, f.now_ms = 600000);
	configure(&f, WEB);
	expect_calls(&f, "");
	g_assert_cmpstr(f.said->str, ==, "standing by: real server 10.0.0.2:80 (10.0.0.1:80) is up\n"
	                "Failed check of real server: 10.0.0.3:80 (10.0.0.1:80): why\n"
	                                 "standing by: real server 10.0.0.3:80 (10.0.0.1:80) is down\n");
	ldir_director_stop(f.director);
	expect_calls(&f, "");
	fixture_done(&f);
}

static void
test_the_table_is_whole_at_once(void)
{
	Fixture f;

	begin(&f, "", WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	g_string_truncate(f.said, 0);
	take(&f);
	expect_calls(&f, TABLE ONE);            /* two steps, and the one that is down in none */
	expect_said(&f, "Added virtual server: 10.0.0.1:80\n"
	                "mail Added real server: 10.0.0.2:80 (10.0.0.1:80) (Weight set to 3)\n"
	                "notify 0 up\nnotify 1 down\n");
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE ONE TWO);
	verdict(&f, 0, FALSE);
	expect_table(&f, TABLE TWO);
	fixture_done(&f);
}

static void
test_an_unproven_server_waits_as_at_any_start(void)
{
	Fixture f;

	begin(&f, "", WEB);
	verdict(&f, 1, FALSE);
	take(&f);
	expect_table(&f, TABLE);
	verdict(&f, 0, FALSE);
	expect_table(&f, TABLE BACK);
	fixture_done(&f);
}

static void
test_the_fallback_comes_at_once_where_all_are_down(void)
{
	Fixture f;

	begin(&f, "", WEB);
	verdict(&f, 0, FALSE);
	verdict(&f, 1, FALSE);
	take(&f);
	expect_table(&f, TABLE BACK);
	expect_said(&f, "command start\n");
	fixture_done(&f);
}

static void
test_a_table_that_is_there_is_taken_over(void)
{
	Fixture f;

	begin(&f, TABLE ONE TWO, WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	expect_table(&f, TABLE ONE TWO);        /* not ours yet */
	take(&f);
	expect_table(&f, TABLE ONE);
	fixture_done(&f);
}

static void
test_a_quorum_is_known_at_once(void)
{
	Fixture f;

	begin(&f, "", "quorum=8\n" WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, FALSE);
	take(&f);
	expect_table(&f, TABLE BACK);
	expect_said(&f, "quorum down 3\n");
	fixture_done(&f);
	begin(&f, "", "quorum=8\n" WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	take(&f);
	expect_table(&f, TABLE ONE TWO);
	expect_said(&f, "quorum up 8\n");
	fixture_done(&f);
}

static void
test_there_and_back(void)
{
	Fixture f;

	fixture_init(&f, "", WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE ONE TWO);
	ldir_director_stand_by(f.director);
	expect_table(&f, "");
	expect_said(&f, "Purged virtual server (stop): 10.0.0.1:80\n");
	verdict(&f, 1, FALSE);
	expect_table(&f, "");
	g_assert_cmpint(ldir_director_deadline_ms(f.director), ==, G_MAXINT64);
	take(&f);
	expect_table(&f, TABLE ONE);
	take(&f);                               /* it is */
	expect_table(&f, TABLE ONE);
	g_assert_cmpint(ldir_director_deadline_ms(f.director), ==, 60000);
	fixture_done(&f);
}

static void
test_connections_are_held_without_a_service(void)
{
	Fixture f;

	begin(&f, "", WEB);
	ldir_director_hold_connections(f.director, TRUE);
	expect_table(&f, "-A -f 4294967295 -s wrr\n");
	ldir_director_hold_connections(f.director, TRUE);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	take(&f);
	expect_table(&f, "-A -f 4294967295 -s wrr\n" TABLE ONE TWO);
	ldir_director_hold_connections(f.director, FALSE);
	expect_table(&f, TABLE ONE TWO);
	ldir_director_hold_connections(f.director, FALSE);
	fixture_done(&f);
	begin(&f, "", "virtual6=[fd00::1]:80\n\treal6=[fd00::2]:80 gate\n\tscheduler=sh\n");
	ldir_director_hold_connections(f.director, TRUE);
	expect_table(&f, "-A -f 4294967295 -6 -s sh\n");
	configure(&f, WEB);             /* a family that nobody serves any more has nothing to hold */
	ldir_director_hold_connections(f.director, TRUE);
	expect_table(&f, "-A -f 4294967295 -s wrr\n");
	fixture_done(&f);
	fixture_init(&f, "", "virtual=4294967295\n\treal=10.0.0.2 gate\n");
	ldir_director_hold_connections(f.director, FALSE);
	expect_table(&f, "-A -f 4294967295 -s wrr\n");
	fixture_done(&f);
}

static void
test_orders_hold_in_both(void)
{
	Fixture f;

	begin(&f, "", "quiescent=yes\n" WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	g_assert_cmpuint(ldir_director_set_weight(f.director, "10.0.0.2", NULL, 7), ==, 1);
	g_assert_cmpuint(ldir_director_disable(f.director, "10.0.0.3", NULL, TRUE, 0, NULL, NULL), ==, 1);
	verdict(&f, 1, TRUE);
	take(&f);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 7\n"
	                       "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 0\n");
	verdict(&f, 1, TRUE);
	ldir_director_disable(f.director, "10.0.0.3", NULL, FALSE, 0, NULL, NULL);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 7\n" TWO);
	fixture_done(&f);
}

static void
test_orders_hold_for_whom_nobody_has_checked_yet(void)
{
	Fixture f;

	begin(&f, TABLE ONE TWO, WEB);
	g_assert_cmpuint(ldir_director_set_weight(f.director, "10.0.0.2", NULL, 0), ==, 1);
	take(&f);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 0\n" TWO);
	verdict(&f, 0, TRUE);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 0\n" TWO);
	fixture_done(&f);
}

static void
test_maintenance_holds_in_both(void)
{
	Fixture f;

	begin(&f, "", WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	ldir_director_drain(f.director, 0, 0, TRUE);
	ldir_director_maintain(f.director, 0, 1, TRUE, f.now_ms);
	take(&f);
	ldir_director_maintenance_known(f.director);    /* as after each look at the directory */
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect_table(&f, TABLE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 0\n");
	fixture_done(&f);
}

/* Alive, but too few: the table that is there says otherwise. */
static void
test_a_table_that_is_there_makes_no_quorum(void)
{
	Fixture f;

	begin(&f, TABLE ONE TWO, "quorum=9\n" WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	take(&f);
	expect_table(&f, TABLE BACK);
	fixture_done(&f);
}

static void
test_patience_does_not_begin_anew(void)
{
	Fixture f;

	begin(&f, "", "failurecount=2\n" WEB);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	verdict(&f, 0, FALSE);
	take(&f);
	expect_table(&f, TABLE ONE TWO);
	verdict(&f, 0, FALSE);
	expect_table(&f, TABLE TWO);
	fixture_done(&f);
}

static void
test_one_that_was_killed_leaves_nothing(void)
{
	static const char text[] = "syncdaemon=eth7,5\nstandby=yes\n" WEB;
	Fixture f;
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) config = fixture_parse(text, sizeof text - 1, problems);
	g_autofree char *where = NULL;
	g_autofree char *syncs = NULL;

	begin(&f, "-A -f 4294967295 -s wrr\n-A -f 9 -s rr\n" TABLE ONE, text);
	syncs = g_build_filename(f.dir, "syncs", NULL);
	g_assert_true(g_file_set_contents(syncs, "backup eth7 5\n", -1, NULL));
	where = g_strconcat("dry:", f.dir, NULL);
	g_setenv("LDIRECTORD_IPVS", where, TRUE);
	ldir_startup_purge(config);
	g_unsetenv("LDIRECTORD_IPVS");
	expect_table(&f, "-A -f 9 -s rr\n");
	g_clear_pointer(&where, g_free);
	where = ipvs_dry_read(f.dir, "syncs");
	g_assert_cmpstr(where, ==, "");
	(void)remove(syncs);
	fixture_done(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/standby/nothing", test_nothing_is_done_while_it_stands_by);
	g_test_add_func("/ldir/standby/whole", test_the_table_is_whole_at_once);
	g_test_add_func("/ldir/standby/unproven", test_an_unproven_server_waits_as_at_any_start);
	g_test_add_func("/ldir/standby/all-down", test_the_fallback_comes_at_once_where_all_are_down);
	g_test_add_func("/ldir/standby/adopt", test_a_table_that_is_there_is_taken_over);
	g_test_add_func("/ldir/standby/quorum", test_a_quorum_is_known_at_once);
	g_test_add_func("/ldir/standby/there-and-back", test_there_and_back);
	g_test_add_func("/ldir/standby/connections", test_connections_are_held_without_a_service);
	g_test_add_func("/ldir/standby/orders", test_orders_hold_in_both);
	g_test_add_func("/ldir/standby/maintenance", test_maintenance_holds_in_both);
	g_test_add_func("/ldir/standby/orders-unproven", test_orders_hold_for_whom_nobody_has_checked_yet);
	g_test_add_func("/ldir/standby/quorum-adopted", test_a_table_that_is_there_makes_no_quorum);
	g_test_add_func("/ldir/standby/patience", test_patience_does_not_begin_anew);
	g_test_add_func("/ldir/standby/killed", test_one_that_was_killed_leaves_nothing);
	return g_test_run();
}
