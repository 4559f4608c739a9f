/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time and verdicts in, checks to start and verdicts for servers out (doc/ldirectord.md 3.2). */
#include <glib.h>

#include "ldir_fixture.h"
#include "ldirectord/check/schedule.h"
#include "util/banned.h"

typedef struct {
	LdirConfig *config;
	LdirSchedule *schedule;
	GArray *effects;
	guint64 last_id[16];    /* of the check of each target */
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
	return f;
}

static void
fixture_done(Fixture *f)
{
	ldir_schedule_free(f->schedule);
	ldir_config_free(f->config);
	g_array_unref(f->effects);
}

/* What came out since: "n0" a negotiate of target 0 starts, c connect, p ping, e external, "x0" it is
 * cancelled, "+1.0" server 0 of service 1 is good, "-1.0" bad. */
static void
expect(Fixture *f, const char *wanted)
{
	static const char letters[LDIR_N_CHECKS] = { 'n', 'c', 'p', 'e', 'E', '?', '?', '?' };
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; i < f->effects->len; i++) {
		const LdirScheduleEffect *fx = &g_array_index(f->effects, LdirScheduleEffect, i);
		guint target = (guint)(fx->id & G_MAXUINT32);

		if (fx->kind == LDIR_SCHEDULE_START) {
			g_string_append_printf(out, "%c%u ", letters[fx->check], target);
			g_assert_cmpuint(target, <, G_N_ELEMENTS(f->last_id));
			g_assert_true(fx->real == fx->vs->reals->pdata[0] || fx->vs->reals->len > 1);
			f->last_id[target] = fx->id;
		} else if (fx->kind == LDIR_SCHEDULE_CANCEL) {
			g_string_append_printf(out, "x%u ", target);
		} else {
			g_assert_nonnull(fx->why);
			g_string_append_printf(out, "%c%u.%u ", fx->is_good ? '+' : '-', fx->service, fx->server);
		}
	}
	g_assert_cmpstr(out->str, ==, wanted);
	g_array_set_size(f->effects, 0);
}

static void
done(Fixture *f, guint target, gboolean is_good, gint64 now_ms)
{
	const LdirSaid nothing = { .kind = LDIR_SAID_NOTHING };

	ldir_schedule_done(f->schedule, f->last_id[target], is_good, "text", &nothing, now_ms, f->effects);
}

static void
pass(Fixture *f, gint64 now_ms)
{
	ldir_schedule_time(f->schedule, now_ms, f->effects);
}

#define CONNECT "\tchecktype=connect\n"

static void
test_all_start_at_once_and_then_are_spread(void)
{
	Fixture f = fixture("checkinterval=4\nvirtual=10.0.0.1:80\n\treal=10.0.1.1->10.0.1.4:80 gate\n" CONNECT);

	ldir_schedule_start(f.schedule, 1000, f.effects);
	expect(&f, "c0 c1 c2 c3 ");
	for (guint i = 0; i < 4; i++)
		done(&f, i, TRUE, 1010);
	expect(&f, "+0.0 +0.1 +0.2 +0.3 ");
	for (guint i = 0; i < 8; i++) {
		g_autofree char *started = g_strdup_printf("c%u ", i % 4);
		g_autofree char *told = g_strdup_printf("+0.%u ", i % 4);
		gint64 at_ms = 2000 + 1000 * (gint64)i;

		g_assert_cmpint(ldir_schedule_deadline_ms(f.schedule), ==, at_ms);
		g_assert_cmpint(ldir_schedule_wake_ms(f.schedule), ==, (at_ms + 4) / 5 * 5);
		pass(&f, at_ms - 1);
		expect(&f, "");
		pass(&f, at_ms);
		expect(&f, started);
		done(&f, i % 4, TRUE, at_ms);
		expect(&f, told);
	}
	fixture_done(&f);
}

static void
test_one_server_behind_two_services_is_checked_once(void)
{
	Fixture f = fixture("virtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate 3\n" CONNECT
	                    "virtual=10.0.0.2:80\n\treal=10.0.1.1:80 masq 7\n\treal=10.0.1.2:80 gate\n" CONNECT);

	g_assert_cmpuint(ldir_schedule_n_targets(f.schedule), ==, 2);
	ldir_schedule_start(f.schedule, 0, f.effects);
	expect(&f, "c0 c1 ");
	done(&f, 0, FALSE, 5);
	expect(&f, "-0.0 -1.0 ");
	fixture_done(&f);
}

/* They are numbered behind the servers of their service. */
static void
test_several_fallbacks_are_checked_where_asked_for(void)
{
	Fixture f = fixture("virtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate\n\treal=10.0.1.2:80 gate\n\tservice=http\n\tfallback=10.0.2.1\n"
	                    "\tnextfallback=10.0.2.2:81\n\tfallbackcheck=yes\n"
	                    "virtual=7\n\treal=10.0.1.1 gate\n\treal=10.0.2.1:80 gate\n" CONNECT
	                    "\tfallback=10.0.2.1\n\tnextfallback=10.0.2.2\n\tfallbackcheck=yes\n"
	                    "virtual=8\n\treal=10.0.1.1:90 gate\n\treal=10.0.1.1:91 gate\n\tchecktype=off\n"
	                    "\tfallback=10.0.2.1\n\tfallbackcheck=yes\n");

	ldir_schedule_start(f.schedule, 0, f.effects);
	expect(&f, "-2.0 -2.1 n0 n1 c2 c3 c4 p5 p6 ");
	done(&f, 2, TRUE, 5);   /* a server of the other service as well */
	done(&f, 3, FALSE, 5);
	done(&f, 6, TRUE, 5);
	expect(&f, "+0.2 +1.1 -0.3 +1.3 ");
	fixture_done(&f);
}

/* Where the check of the section says nothing about them: as without. */
static void
test_fallbacks_may_be_asked_as_servers(void)
{
	static const struct {
		const char *section, *wanted;
	} rows[] = {
		{ "virtual=10.0.0.1:80\n\tservice=http\n", "n0 n1 n2 n3 " },
		{ "virtual=10.0.0.1:80\n\tservice=http\n\tcheckport=99\n", "n0 n1 n2 n3 " },
		{ "virtual=10.0.0.1:80\n\tchecktype=external\n\tcheckcommand=/bin/x\n", "e0 e1 e2 e3 " },
		{ "virtual=10.0.0.1:80\n\tchecktype=ping\n", "p0 p1 p2 p3 " },
		{ "virtual=10.0.0.1:80\n\tservice=none\n", "+0.0 +0.1 c0 c1 " },
		{ "virtual=10.0.0.1:80\n\tchecktype=off\n", "-0.0 -0.1 c0 c1 " },
		{ "virtual=7\n\tservice=http\n", "n0 n1 p2 n3 " },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strconcat(rows[i].section, "\treal=10.0.1.1:80 gate\n\treal=10.0.1.2:80 gate\n"
		                                    "\tfallback=10.0.2.1\n\tnextfallback=10.0.2.2:81\n\tfallbackcheck=service\n", NULL);
		Fixture f = fixture(text);
		const LdirVirtual *vs = f.config->virtuals->pdata[0];

		ldir_schedule_start(f.schedule, 0, f.effects);
		expect(&f, rows[i].wanted);
		g_assert_cmpuint(((const LdirReal *)vs->spares->pdata[1])->check_port, ==, 81);
		fixture_done(&f);
	}
}

static guint
targets_of(const char *section)
{
	g_autofree char *text = g_strdup_printf("virtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n%s", section);
	Fixture f = fixture(text);
	guint n = ldir_schedule_n_targets(f.schedule);

	fixture_done(&f);
	return n;
}

static void
test_who_is_asked_something_else_is_another_target(void)
{
	static const char *const other[] = {
		"\treal=10.0.1.2:80 gate\n\trequest=\"a\"\n", "\treal=10.0.1.1:81 masq\n\trequest=\"a\"\n",
		"\treal=10.0.1.1:80 gate\n\trequest=\"b\"\n", "\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\treceive=\"x\"\n",
		"\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\tvirtualhost=w\n", ("\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n" CONNECT),
		"\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\tchecktimeout=2\n", "\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\tcheckinterval=2\n",
		"\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\tcheckport=2\n", "\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\tservice=https\n",
		"\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\treceivenot=\"x\"\n",
		"\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\thttpredirect=no\n",
		"\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\thttpversion=2\n",
		"\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\thttpheader=\"A: b\"\n",
		"\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\thttpmethod=POST\n",
		"\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\thttpmethod=HEAD\n", "\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\tchecktype=2\n",
	};
	static const char *const same[] = {
		"\treal=10.0.1.1:80 ipip 9\n\trequest=\"a\"\n", "\treal=10.0.1.1:80 gate 1 l:2 u:9\n\trequest=\"a\"\n",
		"\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\tscheduler=rr\n", "\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\thttpredirect=yes\n",
		"\treal=10.0.1.1:80 gate\n\trequest=\"a\"\n\thttpversion=1.1\n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(other); i++) {
		g_autofree char *text = g_strconcat("virtual=10.0.0.2:80\n", other[i], NULL);

		if (targets_of(text) != 2)
			g_error("not another target: %s", other[i]);
	}
	for (guint i = 0; i < G_N_ELEMENTS(same); i++) {
		g_autofree char *text = g_strconcat("virtual=10.0.0.2:80\n", same[i], NULL);

		if (targets_of(text) != 1)
			g_error("not the same target: %s", same[i]);
	}
}

#define POST "virtual=10.0.0.%u:80\n\treal=10.0.1.1:80 gate\n\thttpmethod=POST\n"

static void
test_requests_that_differ_in_a_header_or_the_body_are_not_shared(void)
{
	static const struct {
		const char *one, *other;
		guint n;
	} rows[] = {
		{ "\thttpheader=\"A: b\"\n", "\thttpheader=\"A:b\"\n", 1 },
		{ "\thttpheader=\"A: b\"\n", "\thttpheader=\"A: c\"\n", 2 },
		{ "\thttpheader=\"A: b\"\n\thttpheader=\"C: d\"\n", "\thttpheader=\"C: d\"\n\thttpheader=\"A: b\"\n", 2 },
		{ "\thttpbody=\"a\"\n", "\thttpbody=\"b\"\n", 2 },
		{ "\thttpbody=\"a\"\n", "\thttpbody=\"a\"\n", 1 },
		{ "\thttpbody=\"a\"\n", "", 2 },
	};

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf(POST "%s" POST "%s", 1u, rows[i].one, 2u, rows[i].other);
		Fixture f = fixture(text);

		g_assert_cmpuint(ldir_schedule_n_targets(f.schedule), ==, rows[i].n);
		fixture_done(&f);
	}
}

/* A check of the connection is one by echo requests where there is none. */
static void
test_checks_that_try_another_number_of_times_are_not_shared(void)
{
	static const char *const types[] = { "connect", "ping", "3" };

	for (guint i = 0; i < G_N_ELEMENTS(types); i++) {
		g_autofree char *text = g_strdup_printf(
			"virtual=10.0.0.1:53\n\tprotocol=udp\n\treal=10.0.1.1:53 gate\n\tchecktype=%s\n\tcheckcount=1\n"
			"virtual=10.0.0.2:53\n\tprotocol=udp\n\treal=10.0.1.1:53 gate\n\tchecktype=%s\n\tcheckcount=3\n", types[i], types[i]);
		Fixture f = fixture(text);

		g_assert_cmpuint(ldir_schedule_n_targets(f.schedule), ==, 2);
		fixture_done(&f);
	}
}

static void
test_a_check_that_takes_longer_delays_only_itself(void)
{
	Fixture f = fixture("checkinterval=2\nvirtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate\n\treal=10.0.1.2:80 gate\n" CONNECT);

	ldir_schedule_start(f.schedule, 0, f.effects);
	expect(&f, "c0 c1 ");
	done(&f, 1, TRUE, 10);
	expect(&f, "+0.1 ");
	pass(&f, 1000); /* the place of target 0, which is still busy */
	expect(&f, "");
	pass(&f, 2000);
	expect(&f, "c1 ");
	done(&f, 1, TRUE, 2010);
	expect(&f, "+0.1 ");
	pass(&f, 3000);
	expect(&f, "");
	done(&f, 0, FALSE, 3500);
	expect(&f, "-0.0 ");
	pass(&f, 4000);
	expect(&f, "c1 ");
	pass(&f, 5000);
	expect(&f, "c0 ");
	fixture_done(&f);
}

static void
test_combined_is_one_negotiate_and_n_connects(void)
{
	static const struct { gboolean is_good; const char *wanted; } rounds[] = {
		{ TRUE, "n0 " }, { TRUE, "c0 " }, { TRUE, "c0 " }, { TRUE, "n0 " }, { TRUE, "c0 " },
		{ FALSE, "c0 " }, { FALSE, "n0 " }, { TRUE, "n0 " }, { TRUE, "c0 " }, { TRUE, "c0 " }, { TRUE, "n0 " },
	};
	Fixture f = fixture("checkinterval=1\nvirtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate\n\tchecktype=2\n");

	for (guint i = 0; i < G_N_ELEMENTS(rounds); i++) {
		if (i == 0)
			ldir_schedule_start(f.schedule, 0, f.effects);
		else
			pass(&f, 1000 * i);
		expect(&f, rounds[i].wanted);
		done(&f, 0, rounds[i].is_good, 1000 * i + 1);
		expect(&f, rounds[i].is_good ? "+0.0 " : "-0.0 ");
	}
	fixture_done(&f);
}

static void
test_on_off_and_none_are_known_at_once(void)
{
	Fixture f = fixture("virtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate\n\tchecktype=on\n"
	                    "virtual=10.0.0.2:80\n\treal=10.0.1.1:80 gate\n\tchecktype=off\n"
	                    "virtual=10.0.0.3:81\n\treal=10.0.1.1:81 gate\n");

	ldir_schedule_start(f.schedule, 0, f.effects);
	expect(&f, "+0.0 -1.0 +2.0 ");
	g_assert_cmpint(ldir_schedule_deadline_ms(f.schedule), ==, G_MAXINT64);
	g_assert_cmpint(ldir_schedule_wake_ms(f.schedule), ==, G_MAXINT64);
	fixture_done(&f);
}

static void
test_an_old_verdict_is_nobodys(void)
{
	Fixture f = fixture("checkinterval=1\nvirtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate\n" CONNECT);
	const LdirSaid nothing = { .kind = LDIR_SAID_NOTHING };
	guint64 old;

	ldir_schedule_start(f.schedule, 0, f.effects);
	expect(&f, "c0 ");
	old = f.last_id[0];
	done(&f, 0, TRUE, 1);
	pass(&f, 1000);
	expect(&f, "+0.0 c0 ");
	ldir_schedule_done(f.schedule, old, FALSE, "late", &nothing, 1001, f.effects);
	ldir_schedule_done(f.schedule, 0, FALSE, "never", &nothing, 1001, f.effects);
	ldir_schedule_done(f.schedule, G_MAXUINT64, FALSE, "never", &nothing, 1001, f.effects);
	expect(&f, "");
	fixture_done(&f);
}

static void
test_a_hurry_leaves_the_place_as_it_is(void)
{
	Fixture f = fixture("checkinterval=10\nvirtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate\n" CONNECT);

	ldir_schedule_start(f.schedule, 0, f.effects);
	expect(&f, "c0 ");
	done(&f, 0, FALSE, 1);
	expect(&f, "-0.0 ");
	ldir_schedule_hurry(f.schedule, 0, 0, 100);
	ldir_schedule_hurry(f.schedule, 0, 0, 200);
	g_assert_cmpint(ldir_schedule_deadline_ms(f.schedule), ==, 100);
	pass(&f, 100);
	expect(&f, "c0 ");
	g_assert_cmpint(ldir_schedule_deadline_ms(f.schedule), ==, 10000);
	fixture_done(&f);
}

static void
test_what_is_put_off_is_due_then_and_by_its_interval_afterwards(void)
{
	Fixture f = fixture("checkinterval=10\nvirtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate\n" CONNECT);

	ldir_schedule_start(f.schedule, 0, f.effects);
	expect(&f, "c0 ");
	done(&f, 0, FALSE, 1);
	expect(&f, "-0.0 ");
	ldir_schedule_put_off(f.schedule, 0, 0, 35000);
	g_assert_cmpint(ldir_schedule_deadline_ms(f.schedule), ==, 35000);
	pass(&f, 35000);
	expect(&f, "c0 ");
	g_assert_cmpint(ldir_schedule_deadline_ms(f.schedule), ==, 40000);
	done(&f, 0, FALSE, 35001);
	ldir_schedule_put_off(f.schedule, 0, 0, 36000);
	pass(&f, 36000);
	expect(&f, "-0.0 c0 ");
	fixture_done(&f);
}

static void
test_a_failure_hurries_the_others_on_its_machine(void)
{
	Fixture f = fixture("checkinterval=9\nvirtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate\n\treal=10.0.1.2:80 gate\n" CONNECT
	                    "virtual=10.0.0.1:81\n\treal=10.0.1.1:81 gate\n" CONNECT);

	ldir_schedule_start(f.schedule, 0, f.effects);
	expect(&f, "c0 c1 c2 ");
	for (guint i = 0; i < 3; i++)
		done(&f, i, TRUE, 1);
	expect(&f, "+0.0 +0.1 +1.0 ");
	pass(&f, 3000);
	expect(&f, "c0 ");
	done(&f, 0, FALSE, 3001);
	expect(&f, "-0.0 ");
	pass(&f, 3001);
	expect(&f, "c2 ");
	done(&f, 2, FALSE, 3002);
	pass(&f, 3002); /* the first one has been looked at already */
	expect(&f, "-1.0 ");
	pass(&f, 6000);
	expect(&f, "c1 ");
	pass(&f, 9000); /* its place has not changed */
	expect(&f, "c2 ");
	fixture_done(&f);
}

static void
test_a_reload_keeps_what_is_the_same(void)
{
	Fixture f = fixture("checkinterval=4\nvirtual=10.0.0.1:80\n\treal=10.0.1.1:80 gate\n\treal=10.0.1.2:80 gate\n" CONNECT);
	g_autoptr(LdirConfig) config = parse("checkinterval=4\nvirtual=10.0.0.1:80\n\treal=10.0.1.3:80 gate\n"
	                                     "\treal=10.0.1.1:80 masq 5\n\treal=10.0.1.2:80 gate\n" CONNECT);
	LdirSchedule *next;

	ldir_schedule_start(f.schedule, 0, f.effects);
	expect(&f, "c0 c1 ");
	done(&f, 0, TRUE, 1);
	expect(&f, "+0.0 ");
	next = ldir_schedule_new(config, f.schedule);
	ldir_schedule_stop(f.schedule, f.effects);
	expect(&f, "x1 ");
	ldir_schedule_free(f.schedule);
	f.schedule = next;
	ldir_schedule_start(f.schedule, 100, f.effects);
	expect(&f, "c0 c2 ");   /* the new one, and the one whose check was cut off */
	pass(&f, 2000);
	expect(&f, "c1 ");      /* at its old place */
	fixture_done(&f);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/schedule/fallbacks", test_several_fallbacks_are_checked_where_asked_for);
	g_test_add_func("/ldir/schedule/fallbacks-service", test_fallbacks_may_be_asked_as_servers);
	g_test_add_func("/ldir_schedule/all_start_at_once_and_then_are_spread", test_all_start_at_once_and_then_are_spread);
	g_test_add_func("/ldir_schedule/one_server_behind_two_services_is_checked_once", test_one_server_behind_two_services_is_checked_once);
	g_test_add_func("/ldir_schedule/who_is_asked_something_else_is_another_target", test_who_is_asked_something_else_is_another_target);
	g_test_add_func("/ldir_schedule/requests",
	                test_requests_that_differ_in_a_header_or_the_body_are_not_shared);
	g_test_add_func("/ldir/schedule/tries", test_checks_that_try_another_number_of_times_are_not_shared);
	g_test_add_func("/ldir_schedule/a_check_that_takes_longer_delays_only_itself", test_a_check_that_takes_longer_delays_only_itself);
	g_test_add_func("/ldir_schedule/combined_is_one_negotiate_and_n_connects", test_combined_is_one_negotiate_and_n_connects);
	g_test_add_func("/ldir_schedule/on_off_and_none_are_known_at_once", test_on_off_and_none_are_known_at_once);
	g_test_add_func("/ldir_schedule/an_old_verdict_is_nobodys", test_an_old_verdict_is_nobodys);
	g_test_add_func("/ldir_schedule/a_hurry_leaves_the_place_as_it_is", test_a_hurry_leaves_the_place_as_it_is);
	g_test_add_func("/ldir_schedule/what_is_put_off", test_what_is_put_off_is_due_then_and_by_its_interval_afterwards);
	g_test_add_func("/ldir_schedule/a_failure_hurries_the_others_on_its_machine", test_a_failure_hurries_the_others_on_its_machine);
	g_test_add_func("/ldir_schedule/a_reload_keeps_what_is_the_same", test_a_reload_keeps_what_is_the_same);
	return g_test_run();
}
