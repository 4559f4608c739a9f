/* SPDX-License-Identifier: GPL-2.0-or-later */
/* weightfile=: what is read of it, and what comes of it. */
#include "ldir_service_fixture.h"
#include "ldirectord/conf/weights.h"
#include "util/banned.h"

static gint64
weight_of(const char *text, guint real)
{
	Fixture f = fixture("virtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate 3\n\treal=10.0.0.2:81 masq 5\n"
	                    "virtual6=[::1]:80\n\treal6=[fe00::2]:80 gate 3\n");
	g_autofree char *why = NULL;
	g_autoptr(LdirWeights) weights = ldir_weights_parse(text, &why);
	const LdirVirtual *vs = f.config->virtuals->pdata[real / 2];
	gint64 weight;

	g_assert_nonnull(weights);
	g_assert_null(why);
	weight = ldir_weights_of(weights, vs->reals->pdata[real % 2]);
	fixture_done(&f);
	return weight;
}

static void
test_servers_are_called_by_address(void)
{
	g_assert_cmpint(weight_of("", 0), ==, LDIR_UNSET);
	g_assert_cmpint(weight_of("# all\n\n \t\n10.0.0.2 7 # for now\r\n", 0), ==, 7);
	g_assert_cmpint(weight_of("10.0.0.2:81\t0", 0), ==, LDIR_UNSET);
	g_assert_cmpint(weight_of("10.0.0.2:81\t0", 1), ==, 0);
	g_assert_cmpint(weight_of("10.0.0.2 7\n10.0.0.2:81 8\n", 1), ==, 8);
	g_assert_cmpint(weight_of("10.0.0.2:81 8\n10.0.0.2 7\n", 0), ==, 7);
	g_assert_cmpint(weight_of("  [fe00:0::2]:80   2147483647", 2), ==, G_MAXINT32);
	g_assert_cmpint(ldir_weights_of(NULL, NULL), ==, LDIR_UNSET);
}

static void
test_of_a_file_that_is_wrong_nothing_is_used(void)
{
	static const char *const wrong[] = {
		"10.0.0.2", "10.0.0.2 ", "10.0.0.2 -1", "10.0.0.2 +1", "10.0.0.2 2147483648", "10.0.0.2 99999999999999999999", "10.0.0.2 5 5",
		"10.0.0.2 5x", "web 5", "10.0.0 5", "10.0.0.2: 5", "10.0.0.2:80x 5", "10.0.0.2:65536 5", "[::1 5", "::1 5", "[] 5", "[::1]80 5",
		"10.0.0.2 5\n10.0.0.2 6", "[::1] 5\n[0::1] 5", "5", "\x80\xff 5", "10.0.0.2:80:80 5",
	};

	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autofree char *text = g_strdup_printf("10.0.0.9 1\n%s\n", wrong[i]);
		g_autofree char *why = NULL;

		if (ldir_weights_parse(text, &why) != NULL)
			g_error("\"%s\" was taken", wrong[i]);
		g_assert_true(g_str_has_prefix(why, "line 2: ") || g_str_has_prefix(why, "line 3: "));
		g_assert_true(g_utf8_validate(why, -1, NULL));
	}
}

static void
test_who_is_not_configured_is_told(void)
{
	static const struct {
		const char *text, *strangers;
	} rows[] = {
		{ "", NULL },
		{ "10.0.0.2 1\n10.0.0.3:80 1\n", NULL },
		{ "10.0.0.2 1\n10.0.0.33:80 1\n10.0.0.3:81 1\n", "10.0.0.33:80, 10.0.0.3:81" },
		{ "[::1] 1\n10.0.1.1 1\n10.0.1.2 1\n10.0.1.3 1\n10.0.1.4 1\n[::2] 1\n[::3] 0\n",
		  "10.0.1.1, 10.0.1.2, 10.0.1.3, 10.0.1.4, [::1] and 2 more" },
	};
	Fixture f = fixture(SECTION);

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *why = NULL;
		g_autoptr(LdirWeights) weights = ldir_weights_parse(rows[i].text, &why);
		g_autofree char *strangers = ldir_weights_strangers(weights, f.config);

		g_assert_cmpstr(strangers, ==, rows[i].strangers);
	}
	g_assert_null(ldir_weights_strangers(NULL, f.config));
	fixture_done(&f);
}

/* What the file says of both servers */
static void
file_weights(Fixture *f, gint64 one, gint64 two)
{
	ldir_run_file_weights(f->run, (const gint64[]){ one, two }, f->effects);
}

static void
test_it_replaces_the_weight_of_the_configuration(void)
{
	Fixture f = fixture(SECTION);

	start(&f);
	file_weights(&f, 7, -1);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect(&f, "+s +0w7 +1w5 ");
	file_weights(&f, 7, 0);
	g_assert_true(has_said(&f, "Weight of real server: 10.0.0.3:80 (10.0.0.1:80) set to 0 by weightfile"));
	expect(&f, "+1w0 ");
	file_weights(&f, 7, 0);
	expect(&f, "");
	g_assert_cmpint(ldir_run_live_weight(f.run), ==, 7);
	ldir_run_set_weight(f.run, 1, 2, f.effects);            /* operators first */
	expect(&f, "+1w2 ");
	file_weights(&f, 7, 9);
	expect(&f, "");
	ldir_run_set_weight(f.run, 1, -1, f.effects);
	expect(&f, "+1w9 ");
	ldir_run_said(f.run, 1, (LdirSaid){ .kind = LDIR_SAID_WEIGHT, .n = 4 }, f.effects);     /* then checks */
	expect(&f, "+1w4 ");
	file_weights(&f, 7, 20);
	expect(&f, "");
	ldir_run_said(f.run, 1, (LdirSaid){ .kind = LDIR_SAID_PERCENT, .n = 50 }, f.effects);
	expect(&f, "+1w10 ");
	file_weights(&f, -1, 20);
	expect(&f, "+0w3 ");
	fixture_done(&f);
}

static void
test_a_slow_start_ends_where_it_says(void)
{
	Fixture f = fixture("slowstart=10\n" SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	verdict(&f, 1, FALSE);
	verdict(&f, 1, TRUE);
	expect(&f, "+s +0w3 +1w5 -1 +1w1 ");
	ldir_run_time(f.run, 4000, f.effects);
	expect(&f, "+1w2 ");
	file_weights(&f, -1, 0);
	expect(&f, "+1w0 ");
	g_assert_cmpint(ldir_run_deadline_ms(f.run), ==, G_MAXINT64);
	file_weights(&f, -1, 8);
	expect(&f, "+1w8 ");
	fixture_done(&f);
}

static void
test_a_reload_keeps_it(void)
{
	Fixture f = fixture(SECTION);
	Fixture next = fixture(SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	file_weights(&f, 7, -1);
	ldir_run_carry(next.run, f.run, NULL, next.effects);
	expect(&next, "+s +0w7 ");
	fixture_done(&f);
	fixture_done(&next);
}

static void
test_a_reload_says_what_is_new_and_nothing_else(void)
{
	static const char text[] = "Weight of real server: 10.0.0.2:80 (10.0.0.1:80) set to 7 by weightfile";
	Fixture f = fixture(SECTION);
	Fixture same = fixture(SECTION);
	Fixture other = fixture(SECTION);

	ldir_run_begin_weights(f.run, (const gint64[]){ 7, -1 }, f.effects);
	start(&f);
	g_assert_true(has_said(&f, text));
	verdict(&f, 0, TRUE);
	ldir_run_carry(same.run, f.run, (const gint64[]){ 7, -1 }, same.effects);
	g_assert_false(has_said(&same, text));
	expect(&same, "+s +0w7 ");
	ldir_run_carry(other.run, f.run, (const gint64[]){ -1, -1 }, other.effects);
	g_assert_true(has_said(&other, "Weight of real server: 10.0.0.2:80 (10.0.0.1:80) set to 3 by weightfile"));
	expect(&other, "+s +0w3 ");
	fixture_done(&f);
	fixture_done(&same);
	fixture_done(&other);
}

/* From one server to the other: at no moment nobody has weight, and the quorum is not lost in between. */
static void
test_a_file_is_one_change(void)
{
	Fixture f = fixture("quorum=5\n" SECTION);

	start(&f);
	verdict(&f, 0, TRUE);
	verdict(&f, 1, TRUE);
	expect(&f, "+s +0w3 +1w5 +q ");
	file_weights(&f, 5, 0);
	expect(&f, "+0w5 +1w0 ");
	file_weights(&f, 0, 5);
	expect(&f, "+1w5 +0w0 ");
	file_weights(&f, 0, 4);
	expect(&f, "+f +c -0 -1 -q ");
	file_weights(&f, 6, 0);
	expect(&f, "+0w6 +1w0 -f -c +q ");
	fixture_done(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/weights/read", test_servers_are_called_by_address);
	g_test_add_func("/ldir/weights/wrong", test_of_a_file_that_is_wrong_nothing_is_used);
	g_test_add_func("/ldir/weights/strangers", test_who_is_not_configured_is_told);
	g_test_add_func("/ldir/weights/replaced", test_it_replaces_the_weight_of_the_configuration);
	g_test_add_func("/ldir/weights/slow-start", test_a_slow_start_ends_where_it_says);
	g_test_add_func("/ldir/weights/reload", test_a_reload_keeps_it);
	g_test_add_func("/ldir/weights/reload-says", test_a_reload_says_what_is_new_and_nothing_else);
	g_test_add_func("/ldir/weights/one-change", test_a_file_is_one_change);
	return g_test_run();
}
