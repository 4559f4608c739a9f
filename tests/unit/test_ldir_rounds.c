/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Several checks of one server (check=): started together, bad as soon as one is, good when all are (doc/ldirectord.md 3.8). */
#include <glib.h>

#include "ldir_fixture.h"
#include "ldirectord/check/schedule_parts.h"
#include "util/banned.h"

typedef struct {
	LdirConfig *config;
	LdirSchedule *schedule;
	GArray *effects;
	guint64 ids[8][4];      /* of the checks of each target that were started last */
} Fixture;

static LdirConfig *
parse(const char *text)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	LdirConfig *config = fixture_parse(text, strlen(text), problems);
	g_autofree char *said = fixture_problems(problems);

	if (config == NULL)
		g_error("%s", said);
	return config;
}

static Fixture
fixture(const char *text)
{
	Fixture f = { .config = parse(text), .effects = ldir_schedule_effects_new() };

	f.schedule = ldir_schedule_new(f.config, NULL);
	ldir_schedule_start(f.schedule, 0, f.effects);
	return f;
}

static void
fixture_done(Fixture *f)
{
	ldir_schedule_free(f->schedule);
	ldir_config_free(f->config);
	g_array_unref(f->effects);
}

/* The check with @id among those that were started: "0b", the second of target 0 */
static void
append_check(const Fixture *f, GString *out, guint64 id)
{
	guint target = (guint)(id & G_MAXUINT32);

	for (guint i = 0; i < G_N_ELEMENTS(f->ids[0]); i++)
		if (f->ids[target][i] == id) {
			g_string_append_printf(out, "%u%c", target, 'a' + i);
			return;
		}
}

/* Service and server are both as the section has them, or both as a line sees them. */
static void
expect_seen_alike(const Fixture *f, const LdirScheduleEffect *fx)
{
	const LdirVirtual *vs = f->config->virtuals->pdata[fx->service];
	const LdirReal *real = ldir_virtual_server(vs, fx->server);

	g_assert_true((fx->vs == vs) == (fx->real == real));
	g_assert_true(ldir_address_equal(&fx->real->addr, &real->addr));
}

/* What came out since: "c0b:22" a connect to port 22 starts, the second check of target 0 (n negotiate, p ping, e external), "x0b" it
 * is cancelled, "+1.0[why]" server 0 of service 1 is good, "-1.0[why]" bad, "=5" behind it: with weight 5, "%" of the configured one, "d"
 * days of a certificate. */
static void
expect(Fixture *f, const char *wanted)
{
	static const char letters[LDIR_N_CHECKS] = { 'n', 'c', 'p', 'e', 'E', '?', '?', '?' };
	g_autoptr(GString) out = g_string_new(NULL);
	guint n_started[8] = { 0 };

	for (guint i = 0; i < f->effects->len; i++) {
		const LdirScheduleEffect *fx = &g_array_index(f->effects, LdirScheduleEffect, i);
		guint target = (guint)(fx->id & G_MAXUINT32);

		if (fx->kind == LDIR_SCHEDULE_START) {
			f->ids[target][n_started[target]++] = fx->id;
			expect_seen_alike(f, fx);
			g_string_append_c(out, letters[fx->check]);
			append_check(f, out, fx->id);
			g_string_append_printf(out, ":%u ", fx->real->check_port);
		} else if (fx->kind == LDIR_SCHEDULE_CANCEL) {
			g_string_append_c(out, 'x');
			append_check(f, out, fx->id);
			g_string_append_c(out, ' ');
		} else {
			g_string_append_printf(out, "%c%u.%u[%s]", fx->is_good ? '+' : '-', fx->service, fx->server, fx->why);
			if (fx->said.kind != LDIR_SAID_NOTHING)
				g_string_append_printf(out, "=%u%s", fx->said.n, fx->said.kind == LDIR_SAID_PERCENT ? "%" : "");
			if (fx->said.has_certificate)
				g_string_append_printf(out, "%dd", (int)fx->said.certificate_days);
			g_string_append_c(out, ' ');
		}
	}
	g_assert_cmpstr(out->str, ==, wanted);
	g_array_set_size(f->effects, 0);
}

static void
done_saying(Fixture *f, guint target, guint check, gboolean is_good, LdirSaid said)
{
	ldir_schedule_done(f->schedule, f->ids[target][check], is_good, "text", &said, 1, f->effects);
}

static void
done(Fixture *f, guint target, guint check, gboolean is_good)
{
	done_saying(f, target, check, is_good, (LdirSaid){ .kind = LDIR_SAID_NOTHING });
}

#define HEAD "checkinterval=1\nvirtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate 10\n"
#define THREE HEAD "\tcheck=connect checkport=22\n\tcheck=negotiate checkport=8080 request=\"/health\"\n"

static void
test_all_begin_together_and_all_must_be_good(void)
{
	Fixture f = fixture(THREE);

	g_assert_cmpuint(ldir_schedule_n_targets(f.schedule), ==, 1);
	expect(&f, "n0a:80 c0b:22 n0c:8080 ");
	done(&f, 0, 2, TRUE);
	expect(&f, "");
	done(&f, 0, 0, TRUE);
	expect(&f, "");
	done(&f, 0, 1, TRUE);
	expect(&f, "+0.0[3 checks are good] ");
	ldir_schedule_time(f.schedule, 1000, f.effects);
	expect(&f, "n0a:80 c0b:22 n0c:8080 ");
	done(&f, 0, 0, TRUE);
	done(&f, 0, 1, TRUE);
	expect(&f, "");
	done(&f, 0, 2, TRUE);
	expect(&f, "+0.0[3 checks are good] ");
	fixture_done(&f);
}

static void
test_one_that_fails_is_enough_and_the_others_end(void)
{
	static const struct {
		guint bad;
		const char *wanted;
	} rounds[] = {
		{ 0, "x0b x0c -0.0[http 80: text] " }, { 1, "x0a x0c -0.0[connect 22: text] " },
		{ 2, "x0a x0b -0.0[http 8080 /health: text] " },
	};
	Fixture f = fixture(THREE);

	expect(&f, "n0a:80 c0b:22 n0c:8080 ");
	for (guint i = 0; i < G_N_ELEMENTS(rounds); i++) {
		done(&f, 0, rounds[i].bad, FALSE);
		expect(&f, rounds[i].wanted);
		for (guint j = 0; j < 3; j++)   /* what comes too late is nobody's */
			done(&f, 0, j, TRUE);
		expect(&f, "");
		ldir_schedule_time(f.schedule, 1000 + 1000 * i, f.effects);
		expect(&f, "n0a:80 c0b:22 n0c:8080 ");
	}
	/* the last one, when the others were good */
	done(&f, 0, 0, TRUE);
	done(&f, 0, 1, TRUE);
	done(&f, 0, 2, FALSE);
	expect(&f, "-0.0[http 8080 /health: text] ");
	fixture_done(&f);
}

/* What tells them apart may be anything, of any length. */
static void
test_a_check_has_a_short_name(void)
{
	static const struct {
		const char *request, *name;
	} rows[] = {
		{ "/a\x01\xc3\xa4%\x7f", "/a???%?" },
		{ "/2345678901234567890123456789012345678901", "/234567890123456789012345678901234567890" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf("%s\tcheck=negotiate checkport=81 request=\"%s\"\n", HEAD, rows[i].request);
		g_autofree char *wanted = g_strdup_printf("x0a -0.0[http 81 %s: text] ", rows[i].name);
		Fixture f = fixture(text);

		expect(&f, "n0a:80 n0b:81 ");
		done(&f, 0, 1, FALSE);
		expect(&f, wanted);
		fixture_done(&f);
	}
}

static void
test_a_check_ends_once(void)
{
	Fixture f = fixture(THREE);
	guint64 old;

	expect(&f, "n0a:80 c0b:22 n0c:8080 ");
	old = f.ids[0][2];
	for (guint i = 0; i < 3; i++)
		done(&f, 0, 0, TRUE);
	done(&f, 0, 1, TRUE);
	expect(&f, "");
	done(&f, 0, 2, TRUE);
	expect(&f, "+0.0[3 checks are good] ");
	ldir_schedule_time(f.schedule, 1000, f.effects);
	expect(&f, "n0a:80 c0b:22 n0c:8080 ");
	f.ids[0][3] = old;
	done(&f, 0, 3, FALSE);
	f.ids[0][3] = f.ids[0][2] + ((guint64)1 << 32);         /* of the next round, if anybody's */
	done(&f, 0, 3, FALSE);
	expect(&f, "");
	fixture_done(&f);
}

/* A day and a half of 30,000 checks a second */
static void
test_numbers_of_checks_may_begin_again(void)
{
	for (guint i = 0; i < 5; i++) {
		Fixture f = fixture(THREE);

		expect(&f, "n0a:80 c0b:22 n0c:8080 ");
		done(&f, 0, 0, FALSE);
		expect(&f, "x0b x0c -0.0[http 80: text] ");
		f.schedule->n_checks = G_MAXUINT32 - i;
		ldir_schedule_time(f.schedule, 1000, f.effects);
		expect(&f, "n0a:80 c0b:22 n0c:8080 ");
		for (guint j = 0; j < 3; j++)
			done(&f, 0, j, TRUE);
		expect(&f, "+0.0[3 checks are good] ");
		fixture_done(&f);
	}
}

static void
test_a_round_is_waited_for_as_one_check(void)
{
	Fixture f = fixture(THREE);

	expect(&f, "n0a:80 c0b:22 n0c:8080 ");
	done(&f, 0, 0, TRUE);
	ldir_schedule_time(f.schedule, 1000, f.effects);
	expect(&f, "");
	done(&f, 0, 1, FALSE);
	expect(&f, "x0c -0.0[connect 22: text] ");
	fixture_done(&f);
}

static void
test_a_stop_ends_what_runs(void)
{
	Fixture f = fixture(THREE);

	expect(&f, "n0a:80 c0b:22 n0c:8080 ");
	done(&f, 0, 1, TRUE);
	ldir_schedule_stop(f.schedule, f.effects);
	expect(&f, "x0a x0c ");
	done(&f, 0, 0, FALSE);
	expect(&f, "");
	fixture_done(&f);
}

static void
test_of_what_asks_nothing_only_the_lines_count(void)
{
	Fixture f = fixture(HEAD "\tchecktype=on\n\tcheck=connect checkport=22\n"
	                    "virtual=10.0.0.1:81\n\treal=10.0.1.2:81 gate\n\tcheck=ping\n\tcheck=external checkcommand=\"/bin/a b\"\n"
	                    "virtual=10.0.0.1:82\n\treal=10.0.1.3:82 gate\n\tchecktype=off\n\tcheck=ping\n");

	expect(&f, "-2.0[no check is configured] c0a:22 p1a:81 e1b:81 ");
	done(&f, 0, 0, TRUE);
	expect(&f, "+0.0[text] ");
	done(&f, 1, 0, TRUE);
	done(&f, 1, 1, FALSE);
	expect(&f, "-1.0[external /bin/a b: text] ");
	fixture_done(&f);
}

static void
test_combined_goes_on_with_them(void)
{
	static const struct {
		guint bad;      /* 2: none */
		const char *next;
	} rounds[] = {
		{ 2, "c0a:80 p0b:80 " }, { 2, "c0a:80 p0b:80 " }, { 2, "n0a:80 p0b:80 " }, { 2, "c0a:80 p0b:80 " },
		{ 1, "n0a:80 p0b:80 " }, { 0, "n0a:80 p0b:80 " }, { 2, "c0a:80 p0b:80 " },
	};
	Fixture f = fixture(HEAD "\tchecktype=2\n\tcheck=ping\n");

	expect(&f, "n0a:80 p0b:80 ");
	for (guint i = 0; i < G_N_ELEMENTS(rounds); i++) {
		done(&f, 0, 0, rounds[i].bad != 0);
		done(&f, 0, 1, rounds[i].bad != 1);
		g_array_set_size(f.effects, 0);
		ldir_schedule_time(f.schedule, 1000 + 1000 * i, f.effects);
		expect(&f, rounds[i].next);
	}
	done(&f, 0, 0, FALSE);
	expect(&f, "x0b -0.0[connect 80: text] ");
	fixture_done(&f);
}

#define WEIGHT(w) ((LdirSaid){ .kind = LDIR_SAID_WEIGHT, .n = (w) })
#define PERCENT(p) ((LdirSaid){ .kind = LDIR_SAID_PERCENT, .n = (p) })
#define DAYS(d) ((LdirSaid){ .has_certificate = TRUE, .certificate_days = (d) })

static void
test_the_lowest_of_what_is_said_counts(void)
{
	static const LdirSaid nothing = { .kind = LDIR_SAID_NOTHING };
	const struct {
		LdirSaid said[3];
		const char *wanted;
	} rows[] = {
		{ { WEIGHT(7), nothing, WEIGHT(5) }, "=5" }, { { WEIGHT(5), nothing, WEIGHT(7) }, "=5" },
		{ { nothing, nothing, WEIGHT(0) }, "=0" },
		{ { PERCENT(50), PERCENT(40), PERCENT(60) }, "=40%" },
		/* of a server with weight 10 */
		{ { PERCENT(50), WEIGHT(4), nothing }, "=4" }, { { PERCENT(50), WEIGHT(6), nothing }, "=50%" },
		{ { nothing, PERCENT(0), WEIGHT(6) }, "=0%" },
		{ { DAYS(9), DAYS(-3), DAYS(8) }, "-3d" }, { { WEIGHT(5), DAYS(8), DAYS(9) }, "=58d" },
		{ { DAYS(8), PERCENT(20), nothing }, "=20%8d" },
	};
	Fixture f = fixture(THREE);

	expect(&f, "n0a:80 c0b:22 n0c:8080 ");
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *wanted = g_strdup_printf("+0.0[3 checks are good]%s ", rows[i].wanted);

		for (guint j = 0; j < 3; j++)
			done_saying(&f, 0, j, TRUE, rows[i].said[j]);
		expect(&f, wanted);
		ldir_schedule_time(f.schedule, 1000 + 1000 * i, f.effects);
		expect(&f, "n0a:80 c0b:22 n0c:8080 ");
	}
	fixture_done(&f);
}

/* Who has not ended yet might have said less. */
static void
test_a_round_that_fails_says_nothing_of_weight(void)
{
	Fixture f = fixture(THREE);

	expect(&f, "n0a:80 c0b:22 n0c:8080 ");
	done_saying(&f, 0, 0, TRUE, (LdirSaid){ LDIR_SAID_WEIGHT, 5, TRUE, 6 });
	done_saying(&f, 0, 1, FALSE, DAYS(5));
	expect(&f, "x0c -0.0[connect 22: text] ");
	ldir_schedule_time(f.schedule, 1000, f.effects);
	expect(&f, "n0a:80 c0b:22 n0c:8080 ");
	for (guint i = 0; i < 3; i++)
		done(&f, 0, i, TRUE);
	expect(&f, "+0.0[3 checks are good] ");
	fixture_done(&f);
}

static void
test_one_check_alone_says_what_it_says(void)
{
	Fixture f = fixture(HEAD);

	expect(&f, "n0a:80 ");
	f.ids[0][1] = f.ids[0][0] + ((guint64)1 << 32);         /* it has no second one */
	done(&f, 0, 1, FALSE);
	expect(&f, "");
	done_saying(&f, 0, 0, FALSE, PERCENT(30));
	expect(&f, "-0.0[text]=30% ");
	fixture_done(&f);
}

/* A percentage and a number may be another order for another weight. */
static void
test_each_service_has_its_own_lowest(void)
{
	Fixture f = fixture(HEAD "\tcheck=ping\nvirtual=10.0.0.2:80\n\treal=10.0.1.1:80 gate 100\n\tcheck=ping\n");

	expect(&f, "n0a:80 p0b:80 ");
	done_saying(&f, 0, 0, TRUE, PERCENT(50));
	done_saying(&f, 0, 1, TRUE, WEIGHT(20));
	expect(&f, "+0.0[2 checks are good]=50% +1.0[2 checks are good]=20 ");
	fixture_done(&f);
}

static guint
n_targets(const char *first, const char *second)
{
	g_autofree char *text = g_strdup_printf("virtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate\n%s"
	                                        "virtual=10.0.0.2:80\n\treal=10.0.1.1:80 masq 7\n%s", first, second);
	g_autoptr(LdirConfig) config = parse(text);
	g_autoptr(LdirSchedule) schedule = ldir_schedule_new(config, NULL);

	return ldir_schedule_n_targets(schedule);
}

static void
test_who_is_asked_the_same_is_one_target(void)
{
	static const struct {
		guint n;
		const char *first, *second;
	} rows[] = {
		{ 1, "\tcheck=ping\n", "\tcheck=ping\n" }, { 2, "\tcheck=ping\n", "" }, { 2, "", "\tcheck=ping\n" },
		{ 2, "\tcheck=ping\n", "\tcheck=connect checkport=22\n" },
		{ 2, "\tcheck=ping\n\tcheck=connect checkport=22\n", "\tcheck=ping\n" },
		{ 2, "\tcheck=connect checkport=22\n", "\tcheck=connect checkport=23\n" },
		{ 2, "\tcheck=connect checkport=22\n", "\tcheck=connect checkport=22 checktimeout=1\n" },
		{ 2, "\tcheck=negotiate request=/a\n", "\tcheck=negotiate request=/b\n" },
		{ 1, "\tcheck=negotiate request=/a service=http\n", "\tcheck=negotiate request=/a\n" },
		{ 2, "\tcheck=negotiate request=/a receive=x\n", "\tcheck=negotiate request=/a\n" },
		{ 2, "\tcheck=negotiate checkport=81\n", "\tcheck=negotiate checkport=82\n" },
		/* what the line takes over from its section */
		{ 2, "\tchecktype=connect\n\tcheck=negotiate\n", "\tchecktype=connect\n\tvirtualhost=v\n\tcheck=negotiate\n" },
		{ 1, "\tchecktype=connect\n\tcheck=connect checkport=22\n",
		  "\tchecktype=connect\n\tvirtualhost=v\n\tcheck=connect checkport=22\n" },
		/* a program is told which service it is for */
		{ 2, "\tcheck=external checkcommand=/a\n", "\tcheck=external checkcommand=/a\n" },
		/* one that asks nothing itself is as one that has only what the line says */
		{ 1, "\tchecktype=on\n\tcheck=connect\n", "\tchecktype=connect\n" },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s/%s", rows[i].first, rows[i].second);
		g_assert_cmpuint(n_targets(rows[i].first, rows[i].second), ==, rows[i].n);
	}
}

static void
test_a_verdict_goes_to_all_who_are_asked_the_same(void)
{
	Fixture f = fixture(THREE "virtual=10.0.0.2:80\n\treal=10.0.1.2:80 gate\n\treal=10.0.1.1:80 masq 3\n"
	                    "\tcheck=connect checkport=22\n\tcheck=negotiate checkport=8080 request=\"/health\"\n");

	expect(&f, "n0a:80 c0b:22 n0c:8080 n1a:80 c1b:22 n1c:8080 ");
	done(&f, 0, 1, FALSE);
	expect(&f, "x0a x0c -0.0[connect 22: text] -1.1[connect 22: text] ");
	fixture_done(&f);
}

static void
test_a_reload_with_another_line_is_another_target(void)
{
	Fixture f = fixture(HEAD "\tcheck=ping\n");
	g_autoptr(LdirConfig) same = parse(HEAD "\tcheck=ping\n\tscheduler=rr\n");
	g_autoptr(LdirConfig) more = parse(HEAD "\tcheck=ping\n\tcheck=connect checkport=22\n");
	LdirSchedule *next;

	expect(&f, "n0a:80 p0b:80 ");
	done(&f, 0, 0, TRUE);
	done(&f, 0, 1, TRUE);
	expect(&f, "+0.0[2 checks are good] ");
	next = ldir_schedule_new(same, f.schedule);
	ldir_schedule_start(next, 100, f.effects);
	expect(&f, "");
	ldir_schedule_free(f.schedule);
	f.schedule = ldir_schedule_new(more, next);
	ldir_schedule_free(next);
	ldir_schedule_start(f.schedule, 200, f.effects);
	expect(&f, "n0a:80 p0b:80 c0c:22 ");
	ldir_schedule_free(f.schedule);
	f.schedule = NULL;
	fixture_done(&f);
}

static void
test_fallbacks_have_one_check(void)
{
	static const char *const own[] = { "", "\tchecktype=on\n" };

	for (guint i = 0; i < G_N_ELEMENTS(own); i++) {
		g_autofree char *text = g_strdup_printf("%s%s\tcheck=ping\n\tfallback=10.0.2.1:80\n\tnextfallback=10.0.2.2:80\n"
		                                        "\tfallbackcheck=yes\n", HEAD, own[i]);
		Fixture f = fixture(text);

		expect(&f, i == 0 ? "n0a:80 p0b:80 c1a:80 c2a:80 " : "p0a:80 c1a:80 c2a:80 ");
		done(&f, 1, 0, FALSE);
		expect(&f, "-0.1[text] ");
		fixture_done(&f);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/rounds/together", test_all_begin_together_and_all_must_be_good);
	g_test_add_func("/ldir/rounds/one-fails", test_one_that_fails_is_enough_and_the_others_end);
	g_test_add_func("/ldir/rounds/name", test_a_check_has_a_short_name);
	g_test_add_func("/ldir/rounds/once", test_a_check_ends_once);
	g_test_add_func("/ldir/rounds/numbers", test_numbers_of_checks_may_begin_again);
	g_test_add_func("/ldir/rounds/waited-for", test_a_round_is_waited_for_as_one_check);
	g_test_add_func("/ldir/rounds/stop", test_a_stop_ends_what_runs);
	g_test_add_func("/ldir/rounds/lines-only", test_of_what_asks_nothing_only_the_lines_count);
	g_test_add_func("/ldir/rounds/combined", test_combined_goes_on_with_them);
	g_test_add_func("/ldir/rounds/lowest", test_the_lowest_of_what_is_said_counts);
	g_test_add_func("/ldir/rounds/fails-silently", test_a_round_that_fails_says_nothing_of_weight);
	g_test_add_func("/ldir/rounds/alone", test_one_check_alone_says_what_it_says);
	g_test_add_func("/ldir/rounds/own-lowest", test_each_service_has_its_own_lowest);
	g_test_add_func("/ldir/rounds/same", test_who_is_asked_the_same_is_one_target);
	g_test_add_func("/ldir/rounds/shared", test_a_verdict_goes_to_all_who_are_asked_the_same);
	g_test_add_func("/ldir/rounds/reload", test_a_reload_with_another_line_is_another_target);
	g_test_add_func("/ldir/rounds/fallbacks", test_fallbacks_have_one_check);
	return g_test_run();
}
