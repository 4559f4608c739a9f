/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live.c - after healing all must end well: every group up once, all agree, nothing is pending.
 */
#include "sim/parts.h"

#include "util/banned.h"

static const char *const state_words[HB_GROUP_N] = { "?",    "probing",  "idle",   "asking", "starting",
	                                             "up",   "stopping", "failed", "stuck" };
static const char *const wait_words[HB_WAIT_N] = { "nothing",     "the start of others", "the owner",
	                                           "leave",       "a script",            "another try",
	                                           "other target", "being heard", "anybody" };
static const char *const peer_words[HB_PEER_N_STATES] = { "?", "silent", "alive", "late", "dead", "left" };

/* The one machine on which all of @group is up, and nothing anywhere else; -1: it is not so. */
static int
true_owner(const SimWorld *world, guint group)
{
	int owner = -1;

	for (guint n = 0; n < world->plan.n_nodes; n++) {
		guint n_up = world->machine[n].n_up[group];

		if (n_up == 0)
			continue;
		if (owner >= 0 || n_up < world->plan.n_resources[group])
			return -1;
		owner = (int)n;
	}
	return owner;
}

static gboolean
agrees(SimWorld *world, guint node, const int owner[SIM_GROUPS_MAX])
{
	const HbView *view = &world->view;

	hb_core_view(world->machine[node].core, sim_own_ms(world, node), &world->view);
	if (view->n_nodes != world->plan.n_nodes)
		return FALSE;
	for (guint n = 0; n < world->plan.n_nodes; n++)
		if ((view->node[n].state != HB_PEER_ALIVE && n != node) || view->node[n].missing != 0 ||
		    view->node[n].st != HB_ST_ACTIVE)
			return FALSE;
	for (guint line = 0; line < world->plan.n_groups; line++) {
		const HbGroupView *group = &view->group[line];
		int right = owner[sim_group_of_line(world, node, line)];

		if (group->owner != right || group->wait != HB_WAIT_NOTHING)
			return FALSE;
		if (right == (int)node ? group->state != HB_GROUP_UP
		                       : group->state != HB_GROUP_IDLE && group->state != HB_GROUP_FAILED)
			return FALSE;
	}
	return TRUE;
}

static gboolean
is_well(SimWorld *world)
{
	int owner[SIM_GROUPS_MAX];

	for (guint g = 0; g < world->plan.n_groups; g++) {
		owner[g] = true_owner(world, g);
		if (owner[g] < 0)
			return FALSE;
	}
	for (guint n = 0; n < world->plan.n_nodes; n++)
		if (world->machine[n].core == NULL || world->machine[n].thaws_ms > world->now_ms ||
		    sim_children_busy(world, n))
			return FALSE;
	for (guint n = 0; n < world->plan.n_nodes; n++)
		if (!agrees(world, n, owner))
			return FALSE;
	return TRUE;
}

static void
tell_group(const SimWorld *world, guint node, GString *text, const HbGroupView *group)
{
	g_string_append_printf(text, "    %-6s %-8s epoch %u", group->key, state_words[group->state], group->epoch);
	if (group->owner >= 0)
		g_string_append_printf(text, ", owner %s", sim_node_name(sim_node_of(world, node, (guint)group->owner)));
	if (group->wait != HB_WAIT_NOTHING)
		g_string_append_printf(text, ", waits for %s", wait_words[group->wait]);
	if (group->wait_node >= 0)
		g_string_append_printf(text, " (%s)", sim_node_name(sim_node_of(world, node, (guint)group->wait_node)));
	g_string_append_printf(text, "%s\n", group->parked ? ", parked" : "");
}

static void
tell_node(SimWorld *world, GString *text, guint node)
{
	const SimMachine *machine = &world->machine[node];

	g_string_append_printf(text, "  %s%s, really up:", sim_node_name(node), machine->core == NULL ? " is down" : "");
	for (guint g = 0; g < world->plan.n_groups; g++)
		g_string_append_printf(text, " %s %u/%u", sim_group_name(g), machine->n_up[g],
		                       world->plan.n_resources[g]);
	g_string_append_c(text, '\n');
	if (machine->core == NULL)
		return;
	hb_core_view(machine->core, sim_own_ms(world, node), &world->view);
	for (guint n = 0; n < world->plan.n_nodes; n++) {
		const HbNodeView *view = sim_view_of(world, node, n);

		if (n != node && view != NULL)
			g_string_append_printf(text, "    sees %s %s, status %d, %u missing\n", sim_node_name(n),
			                       peer_words[view->state], view->st, view->missing);
	}
	for (guint line = 0; line < world->plan.n_groups; line++)
		tell_group(world, node, text, &world->view.group[line]);
}

static void
not_well(SimWorld *world)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_append_printf(text, "not well %d ms after healing\n", (int)sim_plan_bound_ms(&world->plan));
	for (guint n = 0; n < world->plan.n_nodes; n++)
		tell_node(world, text, n);
	sim_broken(world, SIM_RULE_LIVENESS, "%s", text->str);
}

/* Well means well for two deadtimes on end. */
void
sim_live(SimWorld *world)
{
	gint64 healed_ms = world->now_ms, well_ms = -1;
	gint64 slice_ms = 2 * (gint64)world->plan.keepalive_ms;

	while (world->broken == SIM_RULE_NONE) {
		sim_world_run(world, world->now_ms + slice_ms);
		if (world->broken != SIM_RULE_NONE)
			return;
		sim_check_duals(world);
		if (!is_well(world))
			well_ms = -1;
		else if (well_ms < 0)
			well_ms = world->now_ms;
		if (well_ms >= 0 && world->now_ms - well_ms >= 2 * (gint64)world->plan.deadtime_ms)
			break;
		if (world->now_ms - healed_ms > sim_plan_bound_ms(&world->plan))
			not_well(world);
	}
	if (world->broken != SIM_RULE_NONE)
		return;
	world->stats.settle_ms_max = MAX(world->stats.settle_ms_max, (guint64)(well_ms - healed_ms));
}
