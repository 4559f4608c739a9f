/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_stories.c - tells each story and compares; a failing one prints its transcript.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/parts.h"
#include "sim/scenarios/story.h"

#include "util/banned.h"

static void
plan_story(const Story *story, SimPlan *plan)
{
	guint n_boots = 0;

	sim_plan_quiet(plan, story->n_nodes, story->n_groups);
	plan->failback = story->failback;
	plan->fencing = story->fencing;
	plan->joins = story->joins;
	plan->joiner = story->joiner;
	plan->fence_broken = story->broken;
	plan->fence_none = story->bare;
	if (story->until_ms != 0)
		plan->until_ms = story->until_ms;
	for (guint i = 0; i < plan->n_actions; i++)
		if ((story->absent >> plan->action[i].node & 1) == 0)
			plan->action[n_boots++] = plan->action[i];
	plan->n_actions = n_boots;
	for (guint i = 0; i < G_N_ELEMENTS(story->action) && story->action[i].at_ms != 0; i++)
		plan->action[plan->n_actions++] = story->action[i];
}

/* "[  30010] node-a: ..." */
static gint64
time_of(const char *line)
{
	return g_ascii_strtoll(line + 1, NULL, 10);
}

static void
check_lines(const Story *story, char **lines)
{
	gint64 last_ms = 0;
	guint at = 0;

	for (guint i = 0; i < STORY_LINES_MAX && story->line[i].text != NULL; i++) {
		const StoryLine *wanted = &story->line[i];

		while (lines[at] != NULL && strstr(lines[at], wanted->text) == NULL)
			at++;
		if (lines[at] == NULL) {
			g_test_message("missing here: %s", wanted->text);
			g_test_fail();
			return;
		}
		if (wanted->within_ms != 0 && time_of(lines[at]) - last_ms > wanted->within_ms) {
			g_test_message("too late by %d ms: %s",
			               (int)(time_of(lines[at]) - last_ms - wanted->within_ms), lines[at]);
			g_test_fail();
		}
		if (time_of(lines[at]) - last_ms < wanted->after_ms) {
			g_test_message("too early: %s", lines[at]);
			g_test_fail();
		}
		last_ms = time_of(lines[at++]);
	}
}

static void
check_never(const Story *story, char **lines)
{
	for (guint i = 0; i < G_N_ELEMENTS(story->never) && story->never[i] != NULL; i++)
		for (guint at = 0; lines[at] != NULL; at++)
			if (strstr(lines[at], story->never[i]) != NULL) {
				g_test_message("must not be: %s", lines[at]);
				g_test_fail();
			}
}

static void
check_owners(const Story *story, const SimWorld *world)
{
	for (guint g = 0; g < story->n_groups; g++)
		for (guint n = 0; n < story->n_nodes; n++) {
			guint wanted = story->owner[g] == (int)n ? world->plan.n_resources[g] : 0;

			if (world->machine[n].n_up[g] == wanted)
				continue;
			g_test_message("%s: %u resources are up on %s, not %u", sim_group_name(g),
			               world->machine[n].n_up[g], sim_node_name(n), wanted);
			g_test_fail();
		}
}

static void
test_story(gconstpointer data)
{
	const Story *story = data;
	g_autoptr(GString) text = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;
	SimWorld *world = sim_world_new();
	SimPlan plan;

	plan_story(story, &plan);
	world->trace = text;
	sim_world_begin(world, &plan);
	sim_world_run(world, plan.until_ms);
	lines = g_strsplit(text->str, "\n", -1);
	if (world->broken != SIM_RULE_NONE)
		g_test_fail();
	check_lines(story, lines);
	check_never(story, lines);
	check_owners(story, world);
	if (g_test_failed())
		g_test_message("%s", text->str);
	sim_world_free(world);
}

static void
add_stories(const Story *of, guint n)
{
	for (guint i = 0; i < n; i++) {
		g_autofree char *path = g_strconcat(of[i].fencing ? "/fencing/" : "/story/", of[i].name, NULL);

		g_test_add_data_func(path, &of[i], test_story);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	add_stories(stories, n_stories);
	add_stories(stories_unheard, n_stories_unheard);
	add_stories(stories_fenced, n_stories_fenced);
	add_stories(stories_vanished, n_stories_vanished);
	for (guint n = 2; n <= SIM_NODES_MAX; n++) {
		g_autofree char *path = g_strdup_printf("/cuts/of %u nodes at most one side shoots the other", n);

		g_test_add_data_func(path, GUINT_TO_POINTER(n), cuts_of);
	}
	g_test_add_func("/cuts/of two nodes at most one shoots the other, however far apart they notice it", cuts_skewed);
	g_test_add_data_func("/lanes/plain/with one to three dead directions each group runs once", NULL, lanes_of);
	g_test_add_data_func("/lanes/devices/with devices as well", GUINT_TO_POINTER(1), lanes_of);
	g_test_add_data_func("/replaced/a replaced hb-node goes on with whatever moves a group", NULL, replaced_in);
	g_test_add_data_func("/replaced/with devices as well", GUINT_TO_POINTER(1), replaced_in);
	return g_test_run();
}
