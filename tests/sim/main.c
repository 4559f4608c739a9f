/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hb-sim - a cluster in one process under a virtual clock: seeds, faults, rules.
 *
 *   hb-sim --runs 10000                seeds 1 .. 10000
 *   hb-sim --seed 4711 --trace         one history to read
 *   hb-sim --seed 4711 --shrink        the shortest of it that still breaks the same rule
 *   hb-sim --replay FILE               one run per line of arguments; # begins a comment
 */
#include <stdlib.h>
#include <string.h>

#include "sim/parts.h"
#include "sim/run.h"

#include "util/banned.h"

/* One run in so many is done twice. */
#define AGAIN_EVERY 16
/* Of each rule so many broken seeds are told. */
#define TOLD_MAX 2
/* The last lines of a transcript tell most. */
#define TOLD_LINES 60

typedef struct {
	gint64 seed, runs, until_ms, seconds;
	int n_nodes;
	gboolean fencing, trace, trace_all, shrink, keep_going, help_rules;
	char *drop, *calm, *replay;
} Options;

typedef struct {
	guint64 n_runs, n_broken, by_rule[SIM_RULE_N];
	gint64 began_us;
} Tally;

static gboolean
parse(Options *options, char **argv, GError **error)
{
	const GOptionEntry entries[] = {
		{ "seed", 0, 0, G_OPTION_ARG_INT64, &options->seed, "first seed", "N" },
		{ "runs", 0, 0, G_OPTION_ARG_INT64, &options->runs, "so many seeds from there", "M" },
		{ "seconds", 0, 0, G_OPTION_ARG_INT64, &options->seconds, "or as many as this time allows", "S" },
		{ "nodes", 0, 0, G_OPTION_ARG_INT, &options->n_nodes, "size of the cluster", "2..5" },
		{ "fencing", 0, 0, G_OPTION_ARG_NONE, &options->fencing, "every node has a fencing device", NULL },
		{ "trace", 0, 0, G_OPTION_ARG_NONE, &options->trace, "print the history", NULL },
		{ "trace-all", 0, 0, G_OPTION_ARG_NONE, &options->trace_all, "with every packet", NULL },
		{ "shrink", 0, 0, G_OPTION_ARG_NONE, &options->shrink, "look for a shorter one", NULL },
		{ "keep-going", 0, 0, G_OPTION_ARG_NONE, &options->keep_going, "count all that is broken", NULL },
		{ "drop", 0, 0, G_OPTION_ARG_STRING, &options->drop, "actions that do not happen", "I,J" },
		{ "calm", 0, 0, G_OPTION_ARG_STRING, &options->calm, "weather that does not happen", "WORD,WORD" },
		{ "until", 0, 0, G_OPTION_ARG_INT64, &options->until_ms, "heal already here", "MS" },
		{ "replay", 0, 0, G_OPTION_ARG_FILENAME, &options->replay, "runs from a file", "FILE" },
		{ "rules", 0, 0, G_OPTION_ARG_NONE, &options->help_rules, "list the rules", NULL },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_auto(GStrv) copy = g_strdupv(argv);

	*options = (Options){ .seed = 1, .runs = 1 };
	g_option_context_add_main_entries(context, entries, NULL);
	return g_option_context_parse_strv(context, &copy, error);
}

static void
options_done(Options *options)
{
	g_free(options->drop);
	g_free(options->calm);
	g_free(options->replay);
}

static gboolean
add_drop(SimRun *run, const char *word)
{
	guint64 i;

	if (!g_ascii_string_to_unsigned(word, 10, 0, SIM_ACTIONS_MAX - 1, &i, NULL))
		return FALSE;
	run->drop |= G_GUINT64_CONSTANT(1) << i;
	return TRUE;
}

static gboolean
add_calm(SimRun *run, const char *word)
{
	for (guint f = 0; f < SIM_FAULT_N; f++)
		if (strcmp(word, sim_fault_word(f)) == 0) {
			run->calm |= 1u << f;
			return TRUE;
		}
	return FALSE;
}

static gboolean
add_words(SimRun *run, const char *words, gboolean (*add)(SimRun *run, const char *word))
{
	g_auto(GStrv) list = g_strsplit(words != NULL ? words : "", ",", -1);
	gboolean ok = TRUE;

	for (guint i = 0; list[i] != NULL; i++)
		ok = add(run, list[i]) && ok;
	return ok;
}

static gboolean
run_of(const Options *options, SimRun *ret_run)
{
	*ret_run = (SimRun){
		.seed = (guint64)options->seed,
		.n_nodes = (guint)options->n_nodes,
		.until_ms = options->until_ms,
		.fencing = options->fencing,
	};
	return (options->n_nodes == 0 || (options->n_nodes >= 2 && options->n_nodes <= SIM_NODES_MAX)) &&
	       add_words(ret_run, options->drop, add_drop) && add_words(ret_run, options->calm, add_calm);
}

static const char *
last_lines(const char *text, guint n)
{
	const char *at = text + strlen(text);

	while (at > text && n > 0)
		if (*--at == '\n')
			n--;
	return at > text ? at + 1 : at;
}

static void
tell(SimWorld *world, const SimRun *run, const Options *options)
{
	SimRun short_run = options->shrink ? sim_run_shrink(world, run) : *run;
	g_autofree char *text = sim_run_tell(world, &short_run, FALSE);
	g_autofree char *arguments = sim_run_arguments(&short_run);
	g_autofree char *plan = sim_run_describe(&short_run);

	g_print("# %s%s\n", plan, last_lines(text, options->shrink ? G_MAXUINT : TOLD_LINES));
	g_print("# rule %s: %s\n# seed %" G_GUINT64_FORMAT " at %d ms: %s\n# replay: hb-sim %s --trace\n",
	        sim_rule_word(world->broken), sim_rule_text(world->broken), run->seed, (int)world->now_ms,
	        world->broken_text != NULL ? world->broken_text : "not broken when told again", arguments);
}

static void
one(SimWorld *world, const SimRun *run, const Options *options, Tally *tally)
{
	g_autofree char *arguments = NULL;
	SimRule rule;

	sim_run_do(world, run);
	if (world->broken == SIM_RULE_NONE && tally->n_runs % AGAIN_EVERY == 0)
		sim_run_again(world, run);
	tally->n_runs++;
	rule = world->broken;
	if (rule == SIM_RULE_NONE)
		return;
	arguments = sim_run_arguments(run);
	tally->n_broken++;
	if (tally->by_rule[rule]++ < TOLD_MAX)
		tell(world, run, options);
	else
		g_print("# also broken: %-14s hb-sim %s\n", sim_rule_word(rule), arguments);
}

static gboolean
is_over(const Options *options, const Tally *tally)
{
	if (tally->n_broken > 0 && !options->keep_going)
		return TRUE;
	if (options->seconds > 0)
		return g_get_monotonic_time() - tally->began_us >= options->seconds * G_USEC_PER_SEC;
	return tally->n_runs >= (guint64)options->runs;
}

static void
report(const SimWorld *world, const Tally *tally)
{
	const SimStats *stats = &world->stats;
	double s = (double)(g_get_monotonic_time() - tally->began_us) / G_USEC_PER_SEC;

	g_print("# %" G_GUINT64_FORMAT " schedules in %.1f s: %.0f/s; %.0f steps/s; %.1f virtual days\n", tally->n_runs,
	        s, (double)tally->n_runs / s, (double)stats->n_steps / s, (double)stats->ms / 86400000.0);
	g_print("# %" G_GUINT64_FORMAT " starts, %" G_GUINT64_FORMAT " verdicts, %" G_GUINT64_FORMAT
	        " excused dual starts, slowest healing %d ms\n",
	        stats->n_starts, stats->n_verdicts, stats->n_excused, (int)stats->settle_ms_max);
	for (guint r = 1; r < SIM_RULE_N; r++)
		if (tally->by_rule[r] > 0)
			g_print("# broken: %-14s %" G_GUINT64_FORMAT "\n", sim_rule_word(r), tally->by_rule[r]);
}

static int
run_seeds(SimWorld *world, const Options *options)
{
	Tally tally = { .began_us = g_get_monotonic_time() };
	SimRun run;

	if (!run_of(options, &run)) {
		g_printerr("hb-sim: bad --nodes, --drop or --calm\n");
		return 2;
	}
	do {
		one(world, &run, options, &tally);
		run.seed++;
	} while (!is_over(options, &tally));
	report(world, &tally);
	return tally.n_broken > 0;
}

static int
show(SimWorld *world, const Options *options)
{
	g_autofree char *text = NULL, *plan = NULL;
	SimRun run;

	if (!run_of(options, &run)) {
		g_printerr("hb-sim: bad --nodes, --drop or --calm\n");
		return 2;
	}
	if (options->shrink)
		run = sim_run_shrink(world, &run);
	plan = sim_run_describe(&run);
	text = sim_run_tell(world, &run, options->trace_all);
	g_print("%s%s", plan, text);
	return world->broken != SIM_RULE_NONE;
}

static gboolean
replay_line(SimWorld *world, const char *line, Tally *tally)
{
	g_autofree char *command = g_strconcat("hb-sim ", line, NULL);
	g_auto(GStrv) argv = NULL;
	g_autoptr(GError) error = NULL;
	Options options;
	SimRun run;
	gboolean ok = TRUE;

	if (!g_shell_parse_argv(command, NULL, &argv, NULL) || argv[1] == NULL)
		return TRUE;
	if (parse(&options, argv, &error) && run_of(&options, &run))
		one(world, &run, &options, tally);
	else
		ok = FALSE;
	options_done(&options);
	return ok;
}

static int
replay(SimWorld *world, const char *file)
{
	Tally tally = { .began_us = g_get_monotonic_time() };
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(file, &text, NULL, &error)) {
		g_printerr("hb-sim: %s\n", error->message);
		return 2;
	}
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++)
		if (!replay_line(world, lines[i], &tally)) {
			g_printerr("hb-sim: %s:%u: not understood\n", file, i + 1);
			return 2;
		}
	report(world, &tally);
	return tally.n_broken > 0;
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	SimWorld *world;
	Options options;
	int status;

	(void)argc;
	if (!parse(&options, argv, &error)) {
		g_printerr("hb-sim: %s\n", error->message);
		return 2;
	}
	for (guint r = 1; options.help_rules && r < SIM_RULE_N; r++)
		g_print("%-14s %s\n", sim_rule_word(r), sim_rule_text(r));
	if (options.help_rules)
		return 0;
	world = sim_world_new();
	status = options.replay != NULL                    ? replay(world, options.replay)
	         : options.trace || options.trace_all      ? show(world, &options)
	                                                   : run_seeds(world, &options);
	sim_world_free(world);
	options_done(&options);
	return status;
}
