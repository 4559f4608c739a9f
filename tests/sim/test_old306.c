/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_old306.c - our core beside a partner that runs 3.0.6: plain stories in both roles and all modes of
 * auto_failback; and random histories, as many as OLD306_HISTORIES says, else HISTORIES, from the seed OLD306_FIRST on. One
 * seed again, with all that is said: OLD306_TRACE=1 OLD306_SEED=n.
 */
#include "sim/duo.h"

#include "util/banned.h"

#define SCRIPT_MS   300
#define SLOW_MS     3000
#define START_MS    40000       /* initdead, or ten seconds of settling, and the scripts */
#define CRASH_MS    10000       /* it announces two seconds more in its first five */
#define MOVE_MS     20000
#define PROMPT_MS   3000        /* under the time after which a group that nobody claims is started */
#define RETRY_MS    120000      /* three failed starts, and the pause after them */
#define SEEDS       6           /* of each story: other timing */
#define HISTORIES   3000
#define VANISH_EVERY 3

typedef void Story(Duo *duo);

enum { ON = 1, OFF = 2, LEGACY = 4, NICE = ON | OFF, EVERY = NICE | LEGACY };

typedef struct {
	const char *name;
	Story *story;
	guint modes;
	gint64 script_max_ms;
} StoryRow;

/* Where all is after the one that was away is back: @stays without fail-back. */
static DuoPlace
after_rejoin(const Duo *duo, DuoPlace stays)
{
	return duo->failback == HB_FAILBACK_OFF ? stays : DUO_HOME;
}

static void
start_both(Duo *duo)
{
	duo_boot(duo);
	duo_pass(duo, sim_rng_between(&duo->rng, 0, 400));
	duo_old_boot(duo);
	duo_expect_all(duo, DUO_HOME, START_MS);
}

static void
story_start_together(Duo *duo)
{
	duo_old_boot(duo);
	duo_pass(duo, sim_rng_between(&duo->rng, 0, 400));
	duo_boot(duo);
	duo_expect_all(duo, DUO_HOME, START_MS);
}

static void
story_ours_alone(Duo *duo)
{
	duo_boot(duo);
	duo_expect_all(duo, DUO_OURS, START_MS);
	duo_old_boot(duo);
	duo_expect_all(duo, after_rejoin(duo, DUO_OURS), START_MS);
}

static void
story_old_alone(Duo *duo)
{
	duo_old_boot(duo);
	duo_expect_all(duo, DUO_OLD, START_MS);
	duo_boot(duo);
	duo_expect_all(duo, after_rejoin(duo, DUO_OLD), START_MS);
}

static void
story_late_join(Duo *duo)
{
	duo_old_boot(duo);
	duo_pass(duo, sim_rng_between(&duo->rng, 5000, 16000));
	duo_boot(duo);
	duo_settle(duo, START_MS);
}

static void
story_crash_ours(Duo *duo)
{
	start_both(duo);
	duo_crash(duo);
	duo_expect_all(duo, DUO_OLD, CRASH_MS);
	duo_boot(duo);
	duo_expect_all(duo, after_rejoin(duo, DUO_OLD), START_MS);
}

static void
story_crash_old(Duo *duo)
{
	start_both(duo);
	duo_old_crash(duo);
	duo_expect_all(duo, DUO_OURS, CRASH_MS);
	duo_old_boot(duo);
	duo_expect_all(duo, after_rejoin(duo, DUO_OURS), START_MS);
}

static void
story_stop_ours(Duo *duo)
{
	start_both(duo);
	duo_stop(duo);
	duo_expect_all(duo, DUO_OLD, MOVE_MS);
	duo_boot(duo);
	duo_expect_all(duo, after_rejoin(duo, DUO_OLD), START_MS);
}

static void
story_stop_old(Duo *duo)
{
	start_both(duo);
	duo_old_stop(duo);
	duo_expect_all(duo, DUO_OURS, MOVE_MS);
	duo_old_boot(duo);
	duo_expect_all(duo, after_rejoin(duo, DUO_OURS), START_MS);
}

static void
story_stop_ours_with_all(Duo *duo)
{
	start_both(duo);
	duo_old_crash(duo);
	duo_expect_all(duo, DUO_OURS, CRASH_MS);
	duo_old_boot(duo);
	duo_pass(duo, sim_rng_between(&duo->rng, 100, 3000));
	duo_stop(duo);
	duo_expect_all(duo, DUO_OLD, START_MS);
}

/* Orders: legacy mode refuses them all */

static DuoPlace
moved(const Duo *duo, DuoPlace to)
{
	return duo->failback == HB_FAILBACK_LEGACY ? DUO_HOME : to;
}

static void
story_standby_ours_all(Duo *duo)
{
	start_both(duo);
	duo_standby(duo, HB_HOLD_ALL);
	duo_expect_all(duo, moved(duo, DUO_OLD), MOVE_MS);
}

static void
story_standby_ours_local(Duo *duo)
{
	start_both(duo);
	duo_standby(duo, HB_HOLD_LOCAL);
	duo_expect_all(duo, moved(duo, DUO_OLD), MOVE_MS);
	duo_takeover(duo, HB_HOLD_LOCAL, FALSE);
	duo_expect_all(duo, DUO_HOME, MOVE_MS);
}

static void
story_standby_ours_foreign(Duo *duo)
{
	start_both(duo);
	duo_standby(duo, HB_HOLD_FOREIGN);
	duo_expect_all(duo, DUO_HOME, MOVE_MS);
	duo_takeover(duo, HB_HOLD_ALL, FALSE);
	duo_expect_all(duo, moved(duo, DUO_OURS), MOVE_MS);
	duo_standby(duo, HB_HOLD_FOREIGN);
	duo_expect_all(duo, DUO_HOME, MOVE_MS);
}

static void
old_standby(Duo *duo, HbHold what)
{
	old306_standby(duo->old, what, duo->now_ms);
}

static void
story_standby_old_all(Duo *duo)
{
	start_both(duo);
	old_standby(duo, HB_HOLD_ALL);
	duo_expect_all(duo, moved(duo, DUO_OURS), MOVE_MS);
}

static void
story_standby_old_local(Duo *duo)
{
	start_both(duo);
	old_standby(duo, HB_HOLD_LOCAL);
	duo_expect_all(duo, moved(duo, DUO_OURS), MOVE_MS);
	old306_takeover(duo->old, HB_HOLD_LOCAL, duo->now_ms);
	duo_expect_all(duo, DUO_HOME, MOVE_MS);
}

static void
story_standby_old_foreign(Duo *duo)
{
	start_both(duo);
	old_standby(duo, HB_HOLD_FOREIGN);
	duo_expect_all(duo, DUO_HOME, MOVE_MS);
	old306_takeover(duo->old, HB_HOLD_ALL, duo->now_ms);
	duo_expect_all(duo, moved(duo, DUO_OLD), MOVE_MS);
	old_standby(duo, HB_HOLD_FOREIGN);
	duo_expect_all(duo, DUO_HOME, MOVE_MS);
}

/* Each runs what stands under the other's name. */
static void
expect_swapped(Duo *duo, gint64 ms)
{
	DuoPlace places[DUO_GROUPS];

	for (guint g = 0; g < DUO_GROUPS; g++)
		places[g] = duo_home(duo, g) == duo->ours ? DUO_OLD : DUO_OURS;
	duo_expect(duo, places, ms);
}

/* Orders one after another: the newest counts at once, nobody waits for the other to take what it may. */
static void
story_standby_to_and_fro(Duo *duo)
{
	start_both(duo);
	duo_standby(duo, HB_HOLD_ALL);
	duo_expect_all(duo, DUO_OLD, PROMPT_MS);
	old_standby(duo, HB_HOLD_ALL);
	duo_expect_all(duo, DUO_OURS, PROMPT_MS);
	duo_standby(duo, HB_HOLD_ALL);
	duo_expect_all(duo, DUO_OLD, PROMPT_MS);
	old_standby(duo, HB_HOLD_LOCAL);
	expect_swapped(duo, PROMPT_MS);
}

static void
story_takeover_ours(Duo *duo)
{
	start_both(duo);
	duo_takeover(duo, HB_HOLD_FOREIGN, FALSE);
	duo_expect_all(duo, moved(duo, DUO_OURS), MOVE_MS);
	old306_takeover(duo->old, HB_HOLD_ALL, duo->now_ms);
	duo_expect_all(duo, moved(duo, DUO_OLD), MOVE_MS);
	duo_takeover(duo, HB_HOLD_ALL, FALSE);
	duo_expect_all(duo, moved(duo, DUO_OURS), MOVE_MS);
}

/* Who holds all by an order has it until that order is taken back, or the other one dies. */
static void
story_crash_after_standby(Duo *duo)
{
	start_both(duo);
	duo_standby(duo, HB_HOLD_ALL);
	duo_expect_all(duo, DUO_OLD, MOVE_MS);
	duo_old_crash(duo);
	duo_expect_all(duo, DUO_OURS, CRASH_MS);
	duo_old_boot(duo);
	duo_expect_all(duo, after_rejoin(duo, DUO_OURS), START_MS);
	old_standby(duo, HB_HOLD_ALL);
	duo_expect_all(duo, DUO_OURS, MOVE_MS);
	duo_crash(duo);
	duo_expect_all(duo, DUO_OLD, CRASH_MS);
}

static void
story_force(Duo *duo)
{
	start_both(duo);
	duo_takeover(duo, HB_HOLD_ALL, TRUE);
	duo_expect_all(duo, moved(duo, DUO_OURS), MOVE_MS);
	duo_standby(duo, HB_HOLD_ALL);
	duo_expect_all(duo, moved(duo, DUO_OLD), MOVE_MS);
}

/* Cuts */

static void
story_cut(Duo *duo)
{
	start_both(duo);
	duo_cut(duo, TRUE);
	duo_pass(duo, sim_rng_between(&duo->rng, 4000, 9000));
	duo_cut(duo, FALSE);
	duo_settle(duo, START_MS);
}

static void
story_flap(Duo *duo)
{
	start_both(duo);
	duo_cut(duo, TRUE);
	duo_pass(duo, sim_rng_between(&duo->rng, 700, 1400));
	duo_cut(duo, FALSE);
	duo_settle(duo, START_MS);
}

static void
story_lost_messages(Duo *duo)
{
	start_both(duo);
	duo_standby(duo, HB_HOLD_ALL);
	duo_pass(duo, sim_rng_between(&duo->rng, 0, 1200));
	duo_cut(duo, TRUE);
	duo_pass(duo, sim_rng_between(&duo->rng, 50, 450));
	duo_cut(duo, FALSE);
	duo_settle(duo, START_MS);
}

/* What is special about ours */

static void
story_reload(Duo *duo)
{
	start_both(duo);
	g_assert_true(duo_reload(duo));
	duo_expect_all(duo, DUO_HOME, MOVE_MS);
	duo_old_crash(duo);
	duo_expect_all(duo, DUO_OURS, CRASH_MS);
	duo_old_boot(duo);
	duo_expect_all(duo, after_rejoin(duo, DUO_OURS), START_MS);
	g_assert_true(duo_reload(duo));
	duo_expect_all(duo, after_rejoin(duo, DUO_OURS), MOVE_MS);
}

static void
story_reload_with_all(Duo *duo)
{
	start_both(duo);
	old_standby(duo, HB_HOLD_ALL);
	duo_expect_all(duo, DUO_OURS, MOVE_MS);
	g_assert_true(duo_reload(duo));
	duo_expect_all(duo, DUO_OURS, MOVE_MS);
	old306_takeover(duo->old, HB_HOLD_ALL, duo->now_ms);
	duo_expect_all(duo, DUO_OLD, MOVE_MS);
	g_assert_true(duo_reload(duo));
	duo_expect_all(duo, DUO_OLD, MOVE_MS);
}

static void
story_failed_start(Duo *duo)
{
	duo->fails = (guint)sim_rng_between(&duo->rng, 1, 5);
	duo_boot(duo);
	duo_old_boot(duo);
	duo_expect_all(duo, DUO_HOME, RETRY_MS);
}

static void
story_failed_start_of_parked(Duo *duo)
{
	start_both(duo);
	duo->fails = (guint)sim_rng_between(&duo->rng, 3, 8);
	old_standby(duo, HB_HOLD_LOCAL);
	duo_expect_all(duo, DUO_OURS, RETRY_MS);
	duo_standby(duo, HB_HOLD_ALL);
	duo_expect_all(duo, DUO_OLD, MOVE_MS);
}

static void
story_failed_takeover(Duo *duo)
{
	start_both(duo);
	duo->fails = (guint)sim_rng_between(&duo->rng, 3, 8);
	duo_old_crash(duo);
	duo_pass(duo, sim_rng_between(&duo->rng, 0, 20000));
	duo_old_boot(duo);
	duo_settle(duo, RETRY_MS);
}

static void
story_quick_restart_ours(Duo *duo)
{
	start_both(duo);
	duo_crash(duo);
	duo_pass(duo, sim_rng_between(&duo->rng, 1, 500));
	duo_boot(duo);
	duo_settle(duo, START_MS);
}

static void
story_quick_restart_old(Duo *duo)
{
	start_both(duo);
	duo_old_crash(duo);
	duo_pass(duo, sim_rng_between(&duo->rng, 1, 500));
	duo_old_boot(duo);
	duo_settle(duo, START_MS);
}

static void
story_quick_restart_ours_with_all(Duo *duo)
{
	duo_boot(duo);
	duo_expect_all(duo, DUO_OURS, START_MS);
	duo_old_boot(duo);
	duo_expect_all(duo, after_rejoin(duo, DUO_OURS), START_MS);
	duo_takeover(duo, HB_HOLD_ALL, FALSE);
	duo_expect_all(duo, moved(duo, DUO_OURS), MOVE_MS);
	duo_crash(duo);
	duo_pass(duo, sim_rng_between(&duo->rng, 1, 500));
	duo_boot(duo);
	duo_settle(duo, START_MS);
}

static void
story_quick_restart_old_with_all(Duo *duo)
{
	start_both(duo);
	old306_takeover(duo->old, HB_HOLD_ALL, duo->now_ms);
	duo_expect_all(duo, moved(duo, DUO_OLD), MOVE_MS);
	duo_old_crash(duo);
	duo_pass(duo, sim_rng_between(&duo->rng, 1, 500));
	duo_old_boot(duo);
	duo_settle(duo, START_MS);
}

static void
story_replaced(Duo *duo)
{
	start_both(duo);
	duo_replace(duo);
	duo_expect_all(duo, DUO_HOME, MOVE_MS);
	duo_takeover(duo, HB_HOLD_ALL, FALSE);
	duo_expect_all(duo, moved(duo, DUO_OURS), MOVE_MS);
	duo_replace(duo);
	duo_expect_all(duo, moved(duo, DUO_OURS), MOVE_MS);
}

static void
story_replaced_in_handover(Duo *duo)
{
	start_both(duo);
	if (sim_rng_chance(&duo->rng, 500))
		duo_standby(duo, HB_HOLD_ALL);
	else
		old_standby(duo, HB_HOLD_ALL);
	duo_pass(duo, sim_rng_between(&duo->rng, 0, 1500));
	duo_replace(duo);
	duo_settle(duo, START_MS);
}

static void
story_vanish(Duo *duo)
{
	start_both(duo);
	duo_vanish(duo, duo->ours, 0);
	duo_expect_all(duo, DUO_HOME, PROMPT_MS);
	duo_old_crash(duo);
	duo_expect_all(duo, DUO_OURS, CRASH_MS);
	duo_vanish(duo, 1 - duo->ours, 1);
	duo_expect_all(duo, DUO_OURS, PROMPT_MS);
}

/* It does not come back: the old one would not take the group. */
static void
story_vanish_for_long(Duo *duo)
{
	start_both(duo);
	duo->fails = 6;         /* five in a row, and one after a pause of ten seconds */
	duo_vanish(duo, duo->ours, 1);
	duo_pass(duo, 8000);
	g_assert_true(duo->is_up[duo->ours][0]);        /* what is left goes on */
	duo_expect_all(duo, DUO_HOME, 22000);
}

static const StoryRow stories[] = {
	{ "start together", story_start_together, EVERY, SCRIPT_MS },
	{ "ours starts alone, the old one joins", story_ours_alone, EVERY, SCRIPT_MS },
	{ "the old one starts alone, ours joins", story_old_alone, EVERY, SCRIPT_MS },
	{ "ours joins while the old one settles", story_late_join, EVERY, SCRIPT_MS },
	{ "ours crashes and returns", story_crash_ours, EVERY, SCRIPT_MS },
	{ "ours crashes and returns, slow scripts", story_crash_ours, EVERY, SLOW_MS },
	{ "the old one crashes and returns", story_crash_old, EVERY, SCRIPT_MS },
	{ "the old one crashes and returns, slow scripts", story_crash_old, EVERY, SLOW_MS },
	{ "ours stops and returns", story_stop_ours, EVERY, SCRIPT_MS },
	{ "the old one stops and returns", story_stop_old, EVERY, SCRIPT_MS },
	{ "ours stops while it gives back", story_stop_ours_with_all, EVERY, SCRIPT_MS },
	{ "stand-by all on ours", story_standby_ours_all, EVERY, SCRIPT_MS },
	{ "stand-by all on ours, slow scripts", story_standby_ours_all, EVERY, SLOW_MS },
	{ "stand-by local on ours, and back", story_standby_ours_local, EVERY, SCRIPT_MS },
	{ "stand-by foreign on ours", story_standby_ours_foreign, EVERY, SCRIPT_MS },
	{ "stand-by all on the old one", story_standby_old_all, EVERY, SCRIPT_MS },
	{ "stand-by all on the old one, slow scripts", story_standby_old_all, EVERY, SLOW_MS },
	{ "stand-by local on the old one, and back", story_standby_old_local, EVERY, SCRIPT_MS },
	{ "stand-by foreign on the old one", story_standby_old_foreign, EVERY, SCRIPT_MS },
	{ "take-over by ours, and back", story_takeover_ours, EVERY, SCRIPT_MS },
	{ "stand-by of one, of the other, of the first", story_standby_to_and_fro, NICE, SCRIPT_MS },
	{ "a crash after a stand-by", story_crash_after_standby, NICE, SCRIPT_MS },
	{ "take-over by force", story_force, EVERY, SCRIPT_MS },
	{ "cut and healed", story_cut, EVERY, SCRIPT_MS },
	{ "a cut as long as the deadtime", story_flap, NICE, SCRIPT_MS },
	{ "messages lost in a hand-over", story_lost_messages, NICE, SCRIPT_MS },
	{ "reload", story_reload, EVERY, SCRIPT_MS },
	{ "reload while one has all", story_reload_with_all, NICE, SCRIPT_MS },
	{ "a start of ours fails", story_failed_start, EVERY, SCRIPT_MS },
	{ "a start of what was parked here fails", story_failed_start_of_parked, NICE, SCRIPT_MS },
	{ "a resource of ours vanishes", story_vanish, EVERY, SCRIPT_MS },
	{ "a resource of ours vanishes and does not come back", story_vanish_for_long, EVERY, SCRIPT_MS },
	{ "a take-over fails", story_failed_takeover, EVERY, SCRIPT_MS },
	{ "ours restarts within deadtime", story_quick_restart_ours, EVERY, SCRIPT_MS },
	{ "the old one restarts within deadtime", story_quick_restart_old, EVERY, SCRIPT_MS },
	{ "ours has all and restarts within deadtime", story_quick_restart_ours_with_all, EVERY, SCRIPT_MS },
	{ "the old one has all and restarts within deadtime", story_quick_restart_old_with_all, EVERY, SCRIPT_MS },
	{ "hb-node is replaced", story_replaced, EVERY, SCRIPT_MS },
	{ "hb-node is replaced in a hand-over", story_replaced_in_handover, NICE, SCRIPT_MS },
};

typedef struct {
	const StoryRow *row;
	guint ours;
	HbFailback failback;
} Case;

/* OLD306_SEED: only this one */
static guint64
only_seed(void)
{
	const char *word = g_getenv("OLD306_SEED");

	return word != NULL ? g_ascii_strtoull(word, NULL, 10) : 0;
}

static void
tell(Duo *duo, guint64 seed)
{
	if (duo->broken[0] == '\0')
		return;
	g_test_message("seed %d: %s", (int)seed, duo->broken);
	g_test_fail();
}

static void
test_story(gconstpointer data)
{
	const Case *c = data;

	for (guint64 seed = 1; seed <= SEEDS && !g_test_failed(); seed++) {
		Duo *duo;

		if (only_seed() != 0 && seed != only_seed())
			continue;
		duo = duo_new(c->ours, c->failback, c->row->script_max_ms, seed);
		c->row->story(duo);
		tell(duo, seed);
		duo_free(duo);
	}
}

/* Random histories */

static HbHold
any_hold(Duo *duo)
{
	return (HbHold)sim_rng_between(&duo->rng, HB_HOLD_LOCAL, HB_HOLD_ALL);
}

static void
do_something(Duo *duo)
{
	switch (sim_rng_below(&duo->rng, 15)) {
	case 0:
		duo_crash(duo);
		break;
	case 1:
		duo_old_crash(duo);
		break;
	case 2:
		duo_stop(duo);
		break;
	case 3:
		duo_old_stop(duo);
		break;
	case 4:
	case 5:
		duo_boot(duo);
		break;
	case 6:
	case 7:
		duo_old_boot(duo);
		break;
	case 8:
		duo_standby(duo, any_hold(duo));
		break;
	case 9:
		old_standby(duo, any_hold(duo));
		break;
	case 10:
		duo_takeover(duo, any_hold(duo), sim_rng_chance(&duo->rng, 300));
		break;
	case 11:
		old306_takeover(duo->old, any_hold(duo), duo->now_ms);
		break;
	case 12:
		duo_cut(duo, !duo->cut);
		break;
	case 13:
		(void)duo_reload(duo);
		break;
	default:
		if (sim_rng_chance(&duo->rng, 500))
			duo_replace(duo);
		else
			duo->fails = sim_rng_below(&duo->rng, 5);
		break;
	}
}

/* All comes to rest, with both there. */
static void
end_well(Duo *duo)
{
	duo_cut(duo, FALSE);
	duo->fails = 0;
	duo_pass(duo, 15000);   /* whoever stops has stopped */
	duo_boot(duo);
	duo_old_boot(duo);
	duo_settle(duo, RETRY_MS);
}

static void
run_history(guint64 seed)
{
	static const HbFailback modes[] = { HB_FAILBACK_ON, HB_FAILBACK_OFF, HB_FAILBACK_LEGACY };
	SimRng rng = sim_rng_of(seed, 1), vanish_rng = sim_rng_of(seed, 5);
	guint ours = sim_rng_below(&rng, 2);
	HbFailback failback = modes[sim_rng_below(&rng, 3)];
	Duo *duo = duo_new(ours, failback, sim_rng_between(&rng, 50, 2500), seed);

	duo_boot(duo);
	duo_old_boot(duo);
	duo_pass(duo, sim_rng_between(&rng, 1000, 20000));
	for (guint n = 3 + sim_rng_below(&rng, 6); n > 0 && duo->broken[0] == '\0'; n--) {
		do_something(duo);
		if (seed % VANISH_EVERY == 1)   /* by the seed itself: no other history changes by it */
			duo_vanish(duo, sim_rng_below(&vanish_rng, DUO_GROUPS), sim_rng_below(&vanish_rng, DUO_RESOURCES));
		duo_pass(duo, sim_rng_chance(&rng, 500) ? sim_rng_between(&rng, 0, 1500)
		                                        : sim_rng_between(&rng, 0, 20000));
	}
	end_well(duo);
	tell(duo, seed);
	duo_free(duo);
}

static void
test_histories(void)
{
	const char *word = g_getenv("OLD306_HISTORIES"), *first_word = g_getenv("OLD306_FIRST");
	guint64 n = word != NULL ? g_ascii_strtoull(word, NULL, 10) : HISTORIES;
	guint64 first = first_word != NULL ? g_ascii_strtoull(first_word, NULL, 10) : MAX(only_seed(), 1);

	for (guint64 seed = first; seed < first + n; seed++)
		if (only_seed() == 0 || only_seed() == seed)
			run_history(seed);
}

static void
add_story(const StoryRow *row, guint mode, HbFailback failback, const char *mode_name)
{
	if (!(row->modes & mode))
		return;
	for (guint ours = 0; ours < 2; ours++) {
		Case *c = g_new(Case, 1);
		g_autofree char *path =
			g_strdup_printf("/old306/%s/%s/ours is n%d", row->name, mode_name, (int)ours + 1);

		*c = (Case){ .row = row, .ours = ours, .failback = failback };
		g_test_add_data_func_full(path, c, test_story, g_free);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(stories); i++) {
		add_story(&stories[i], ON, HB_FAILBACK_ON, "on");
		add_story(&stories[i], OFF, HB_FAILBACK_OFF, "off");
		add_story(&stories[i], LEGACY, HB_FAILBACK_LEGACY, "legacy");
	}
	g_test_add_func("/old306/random histories", test_histories);
	return g_test_run();
}
