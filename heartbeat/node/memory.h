/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.h - the small memory that outlives hb-node (channel/channel.h HbMemory).
 *
 * Each number is in it before it is used, so that the hb-node after us neither uses a sequence
 * number twice nor forgets what runs.
 */
#ifndef HB_NODE_MEMORY_H
#define HB_NODE_MEMORY_H

#include "channel/channel.h"
#include "conf/config.h"

/* Maps @fd; NULL with @error. */
HbMemory *hb_memory_map(int fd, GError **error);

/* TRUE: @memory was filled by an hb-node of this generation. */
gboolean hb_memory_is_of(const HbMemory *memory, guint64 generation);

/* Fills it anew: number 1, and the groups as they are in @held (one per group of @config). */
void hb_memory_fill(HbMemory *memory, guint64 generation, const HbConfig *config, const HbHeldGroup *held);

void hb_memory_set_next_seq(HbMemory *memory, guint64 next_seq);
/* The loop turns: the sign of life that root looks for. */
void hb_memory_set_turned(HbMemory *memory, gint64 now_ms);
/* When that was last, in this process or the one before; 0: never. */
gint64 hb_memory_last_turn_ms(const HbMemory *memory);
void hb_memory_set_group(HbMemory *memory, const HbConfig *config, guint group, const HbHeldGroup *held);

/* @node_id is down, or, with a fate NONE, not known to be. */
void hb_memory_set_gone(HbMemory *memory, guint32 node_id, const HbGone *gone);
/* What is noted of each node of @config (transfer full). */
HbGone *hb_memory_gone(const HbMemory *memory, const HbConfig *config);

/* Puts the groups into the order of a new configuration; new ones are unknown. */
void hb_memory_reorder(HbMemory *memory, const HbConfig *config);

#endif
