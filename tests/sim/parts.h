/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parts.h - what the parts of the world may ask of each other.
 */
#ifndef HB_SIM_PARTS_H
#define HB_SIM_PARTS_H

#include "sim/world.h"

/* net.c: one packet to everyone, by every medium */
void sim_net_send(SimWorld *world, guint from, SimMessage *msg);
/* A cut or its end between @from and @to (SIM_ALL: everyone) on @medium (SIM_ALL: each). */
void sim_net_cut(SimWorld *world, const SimAction *action, gboolean begins);
void sim_net_burst(SimWorld *world, const SimAction *action, gboolean begins);
void sim_net_medium(SimWorld *world, const SimAction *action, gboolean begins);
void sim_net_heal(SimWorld *world);
/* Could a packet from @from reach @to now? */
gboolean sim_net_is_open(const SimWorld *world, guint from, guint to);

/* shell.c: what hb-node is around the core */
void sim_shell_start(SimWorld *world, guint node, gboolean resumed);
/* The process is gone: no event reaches it any more. */
void sim_shell_end(SimWorld *world, guint node);
/* The machine that @node knows as number @index of those it has loaded. */
guint sim_node_of(const SimWorld *world, guint node, guint index);
/* How @node sees @other, in the view taken of its core last; NULL: it knows of no such node. */
const HbNodeView *sim_view_of(const SimWorld *world, guint node, guint other);
/* Gives @event to the core of @node and carries out what it wants. The core must be there. */
void sim_shell_step(SimWorld *world, guint node, HbEvent *event);

/* fence.c: a power switch for each node */
void sim_fence_run(SimWorld *world, guint node, const HbEffect *fx);
void sim_fence_cancel(SimWorld *world, guint node, guint32 op);
void sim_fence_end(SimWorld *world, const SimWill *will);

/* machine.c: power, processes, clocks, disk */
void sim_machine_boot(SimWorld *world, guint node);
void sim_machine_power_off(SimWorld *world, guint node);
void sim_machine_kill(SimWorld *world, guint node, gint64 replaced_ms);
void sim_machine_kill_all(SimWorld *world, guint node, gint64 restarted_ms);
void sim_machine_freeze(SimWorld *world, guint node, gint64 ms, guint how);
/* @how: 0 lost, 1 an old image, 2 the generation of this life will be used again */
void sim_machine_disk(SimWorld *world, guint node, guint how);
/* The heartbeat of a powered machine starts; nothing happens if it runs. */
void sim_machine_daemon(SimWorld *world, guint node);
void sim_machine_hb_node(SimWorld *world, guint node);
/* hb-node has ended in peace. */
void sim_machine_exited(SimWorld *world, guint node);

/* children.c: scripts, and what they do to the truth */
void sim_children_run(SimWorld *world, guint node, const HbEffect *fx);
/* Machines that boot may have started by themselves what is ours to start. */
void sim_children_stray(SimWorld *world, guint node);
void sim_children_cancel(SimWorld *world, guint node, guint32 op);
void sim_children_end(SimWorld *world, guint node, guint slot);
/* All scripts of @node are killed where they are; nobody hears of it. */
void sim_children_kill(SimWorld *world, guint node);
/* The machine is off: nothing is up, nothing runs. */
void sim_children_power_off(SimWorld *world, guint node);
/* When the last script at work will have ended, now if there is none. */
gboolean sim_children_busy(const SimWorld *world, guint node);
void sim_children_curse(SimWorld *world, const SimAction *action);

/* vanish.c */
void sim_vanish_begin(SimWorld *world);
void sim_vanish(SimWorld *world, const SimAction *action);
void sim_vanish_carrier(SimWorld *world, const SimAction *action);
/* Resources of @group that are gone without a stop: as long as there are any its node has not given it up. */
guint sim_vanish_count(const SimMachine *machine, guint group);
/* A resource of @node came or went: its core will be told. */
void sim_vanish_changed(SimWorld *world, guint node, guint group, guint resource);
void sim_vanish_tell(SimWorld *world, guint node, guint group, guint resource);
/* To a core that has just begun: what is not here. */
void sim_vanish_tell_all(SimWorld *world, guint node);

/* admin.c */
void sim_admin_ask(SimWorld *world, const SimAction *action);
/* hb_addnode and hb_delnode. */
void sim_admin_nodes(SimWorld *world, const SimAction *action);
void sim_admin_shutdown(SimWorld *world, guint node, gint64 away_ms);
/* What @node reads of @variant of haresources: with the joiner or, where that has not joined yet, without. */
const HbConfig *sim_config_of(const SimWorld *world, guint node, guint variant);
void sim_admin_reload(SimWorld *world, guint node, guint variant);

/* check.c: called at each turn of the world; the first broken rule stays */
void sim_broken(SimWorld *world, SimRule rule, const char *format, ...) G_GNUC_PRINTF(3, 4);
const char *sim_rule_word(SimRule rule);
const char *sim_rule_text(SimRule rule);
void sim_check_started(SimWorld *world, guint node, gboolean resumed);
void sim_check_forget(SimWorld *world, guint node);
void sim_check_packet(SimWorld *world, guint node, SimMessage *msg);
void sim_check_timer(SimWorld *world, guint node);
void sim_check_effect(SimWorld *world, guint node, const HbEffect *fx);
void sim_check_step(SimWorld *world, guint node, const HbEvent *event, SimMessage *msg);
/* What is really up of @group on @node has changed. */
void sim_check_truth(SimWorld *world, guint node, guint group);

/* start.c: the rules about who may start */
void sim_check_decision(SimWorld *world, guint node, guint group, guint32 epoch);
void sim_check_known_free(SimWorld *world, guint node, guint group);
/* @node stops @group because another node has the better right to it. */
void sim_check_gives_way(SimWorld *world, guint node, guint group);
/* What is up since the boot of @node is nobody's fault. */
void sim_check_stray(SimWorld *world, guint node, guint group);
void sim_check_both(SimWorld *world, guint node, guint group);
void sim_check_gone(SimWorld *world, guint node, guint group);

/* alive.c: the rules about who is alive */
void sim_check_view(SimWorld *world, guint node);
/* Has @node heard nothing new from @other for so long that it may give it up? */
gboolean sim_is_silent(const SimWorld *world, guint node, guint other);
void sim_check_duals(SimWorld *world);
/* A fault of a script starts the clock of what is up twice again: there is another try after a pause. */
void sim_check_script_failed(SimWorld *world, guint node, guint group);

/* live.c: runs the healed world on until all is well, or its time is over */
void sim_live(SimWorld *world);

/* trace.c */
void sim_trace(SimWorld *world, const char *who, const char *format, ...) G_GNUC_PRINTF(3, 4);
void sim_trace_event(SimWorld *world, guint node, const HbEvent *event);
void sim_trace_effect(SimWorld *world, guint node, const HbEffect *fx);
void sim_hash(SimWorld *world, guint64 value);
const char *sim_claim_word(HbClaim claim);
const char *sim_verb_word(HbVerb verb);

#endif
