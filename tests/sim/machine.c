/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.c - power, processes, clocks and the disk of one machine.
 */
#include <string.h>

#include "sim/parts.h"

#include "util/banned.h"

/* A generation made from the wall clock is above all that were counted up. */
#define CLOCK_GENERATION 2000000
#define RESTART_MS       100
/* What a busy machine is late by without having been away. */
#define LATE_MS          10

static void
will(SimWorld *world, guint node, SimWillKind kind, gint64 in_ms, guint32 life)
{
	sim_queue_add(&world->queue, &(SimWill){
		.at_ms = world->now_ms + in_ms,
		.kind = kind,
		.node = (guint8)node,
		.life = life,
	});
}

static void
not_running_freely(SimWorld *world, guint node)
{
	world->machine[node].frozen_ms = world->now_ms;
}

void
sim_machine_boot(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	if (machine->powered)
		return;
	sim_trace(world, "world", "%s boots", sim_node_name(node));
	machine->powered = TRUE;
	machine->boot++;
	machine->lag_ms = world->now_ms;        /* its clock begins again */
	memset(machine->held, 0, sizeof machine->held);
	sim_children_stray(world, node);
	sim_machine_daemon(world, node);
}

void
sim_machine_daemon(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	if (!machine->powered || machine->daemon)
		return;
	if (sim_children_busy(world, node)) {
		will(world, node, SIM_WILL_DAEMON, 1 + world->plan.script_max_ms, machine->boot);
		return;
	}
	machine->daemon = TRUE;
	machine->daemon_life++;
	machine->variant = machine->disk_variant;
	machine->generation = machine->disk_generation != 0
	                              ? machine->disk_generation + 1
	                              : MAX(CLOCK_GENERATION + (guint64)world->now_ms, machine->generation_max + 1);
	machine->disk_generation = machine->generation;
	machine->ghost = machine->generation <= machine->generation_max;
	machine->generation_max = MAX(machine->generation, machine->generation_max);
	machine->next_seq = 1;
	/* what a daemon left that was not asked to stop may be half done */
	for (guint g = 0; g < world->plan.n_groups; g++)
		if (machine->held[g].state == HB_HELD_UP)
			machine->held[g].state = HB_HELD_PARTIAL;
	sim_trace(world, "world", "heartbeat starts on %s", sim_node_name(node));
	sim_shell_start(world, node, FALSE);
}

static void
stop_daemon(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	if (machine->core != NULL)
		sim_shell_end(world, node);
	machine->daemon = FALSE;
	machine->leaves = FALSE;
	machine->daemon_life++;
}

void
sim_machine_power_off(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	if (!machine->powered)
		return;
	sim_trace(world, "world", "%s loses power", sim_node_name(node));
	stop_daemon(world, node);
	sim_children_power_off(world, node);
	machine->powered = FALSE;
	machine->off_ms = world->now_ms;
	machine->boot++;
	machine->thaws_ms = machine->scripts_thaw_ms = 0;
	machine->n_waiting = 0;
	memset(machine->n_waiting_from, 0, sizeof machine->n_waiting_from);
}

void
sim_machine_kill(SimWorld *world, guint node, gint64 replaced_ms)
{
	SimMachine *machine = &world->machine[node];

	if (machine->core == NULL)
		return;
	sim_trace(world, "world", "hb-node of %s is killed", sim_node_name(node));
	sim_shell_end(world, node);
	/* the supervisor ends what was at work, so that the next hb-node finds nothing moving */
	sim_children_kill(world, node);
	will(world, node, SIM_WILL_HB_NODE, replaced_ms, machine->daemon_life);
}

void
sim_machine_hb_node(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	if (!machine->daemon || machine->core != NULL)
		return;
	sim_trace(world, "world", "hb-node of %s is replaced", sim_node_name(node));
	not_running_freely(world, node);
	sim_shell_start(world, node, TRUE);
	if (world->machine[node].leaves)        /* the supervisor remembers */
		sim_admin_shutdown(world, node, world->machine[node].away_ms);
}

void
sim_machine_kill_all(SimWorld *world, guint node, gint64 restarted_ms)
{
	SimMachine *machine = &world->machine[node];

	if (!machine->daemon)
		return;
	sim_trace(world, "world", "heartbeat and hb-node of %s are killed", sim_node_name(node));
	stop_daemon(world, node);
	will(world, node, SIM_WILL_DAEMON, restarted_ms, machine->boot);
}

/* Its timer was due within a keepalive; later than that by half a one, or by some ms, is lateness of its own. */
static gint64
noticed_ms(const SimWorld *world)
{
	return (gint64)world->plan.keepalive_ms + MAX(LATE_MS, (gint64)world->plan.keepalive_ms / 2);
}

void
sim_machine_freeze(SimWorld *world, guint node, gint64 ms, guint how)
{
	SimMachine *machine = &world->machine[node];
	gint64 thaws_ms = world->now_ms + ms;

	if (!machine->powered || machine->thaws_ms > world->now_ms)
		return;
	sim_trace(world, "world", "%s stands still for %d ms%s", sim_node_name(node), (int)ms,
	          how == 2   ? ", with its clock"
	          : how == 1 ? ", with its scripts"
	                     : "");
	machine->thaws_ms = thaws_ms;
	if (how >= 1)
		machine->scripts_thaw_ms = thaws_ms;
	if (how >= 2) {
		machine->lag_ms += ms;
		if (machine->timer_ms != G_MAXINT64)
			machine->timer_ms += ms;
	}
	else if (ms > noticed_ms(world))
		machine->absent_ms = thaws_ms;
	machine->frozen_ms = thaws_ms;
}

void
sim_machine_disk(SimWorld *world, guint node, guint how)
{
	static const char *const words[] = { "is lost", "goes back", "will be the same again" };
	SimMachine *machine = &world->machine[node];
	guint64 less[] = { machine->disk_generation, 3, 1 };

	sim_trace(world, "world", "the generation of %s %s", sim_node_name(node), words[how]);
	machine->disk_generation -= MIN(machine->disk_generation, less[how]);
}

void
sim_machine_exited(SimWorld *world, guint node)
{
	SimMachine *machine = &world->machine[node];

	sim_trace(world, "world", "heartbeat of %s has ended", sim_node_name(node));
	stop_daemon(world, node);
	will(world, node, SIM_WILL_DAEMON, world->healed ? RESTART_MS : machine->away_ms, machine->boot);
}
