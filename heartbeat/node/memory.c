/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <glib.h>

#include "node/memory.h"
#include "node/node.h"

#include "util/banned.h"

/* What was written before may not be seen after what is written next: by the kernel, which keeps
 * the pages, or by root, which reads them. */
static void
barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

HbMemory *
hb_memory_map(int fd, GError **error)
{
	struct stat st;
	void *map;

	if (fstat(fd, &st) < 0 || st.st_size < (off_t)sizeof(HbMemory)) {
		g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_ERROR, "the memory on descriptor %d is too small",
		            fd);
		return NULL;
	}
	map = mmap(NULL, sizeof(HbMemory), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED) {
		g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_ERROR, "cannot map the memory: %s",
		            g_strerror(errno));
		return NULL;
	}
	return map;
}

gboolean
hb_memory_is_of(const HbMemory *memory, guint64 generation)
{
	return memory->magic == HB_MEMORY_MAGIC && memory->generation == generation
	    && memory->n_groups <= HB_GROUPS_MAX && memory->next_seq != 0;
}

static void
put_group(HbMemory *memory, guint group, guint32 group_id, const HbHeldGroup *held)
{
	memory->group[group].group_id = group_id;
	memory->group[group].state = held->state;
	memory->group[group].epoch = held->epoch;
	memory->group[group].parked = held->parked ? 1 : 0;
}

void
hb_memory_fill(HbMemory *memory, guint64 generation, const HbConfig *config, const HbHeldGroup *held)
{
	memory->magic = 0;
	barrier();
	memory->generation = generation;
	memory->next_seq = 1;
	memory->n_groups = config->n_groups;
	for (guint g = 0; g < config->n_groups; g++)
		put_group(memory, g, config->groups[g].id, &held[g]);
	barrier();
	memory->magic = HB_MEMORY_MAGIC;
	barrier();
}

void
hb_memory_set_next_seq(HbMemory *memory, guint64 next_seq)
{
	if (memory->next_seq >= next_seq)
		return;
	memory->next_seq = next_seq;
	barrier();
}

void
hb_memory_set_turned(HbMemory *memory, gint64 now_ms)
{
	__atomic_store_n(&memory->turned_ms, now_ms, __ATOMIC_RELAXED);
}

void
hb_memory_set_group(HbMemory *memory, const HbConfig *config, guint group, const HbHeldGroup *held)
{
	g_assert(group < config->n_groups);
	put_group(memory, group, config->groups[group].id, held);
	barrier();
}

void
hb_memory_reorder(HbMemory *memory, const HbConfig *config)
{
	g_autofree HbHeldGroup *held = g_new0(HbHeldGroup, config->n_groups + 1);

	for (guint g = 0; g < config->n_groups; g++) {
		held[g].state = HB_HELD_UNKNOWN;
		for (guint old = 0; old < memory->n_groups; old++) {
			if (memory->group[old].group_id != config->groups[g].id)
				continue;
			held[g].state = (HbHeldState)memory->group[old].state;
			held[g].epoch = memory->group[old].epoch;
			held[g].parked = memory->group[old].parked != 0;
		}
	}
	/* Whoever reads it half done must not believe it. */
	memory->magic = 0;
	barrier();
	memory->n_groups = config->n_groups;
	for (guint g = 0; g < config->n_groups; g++)
		put_group(memory, g, config->groups[g].id, &held[g]);
	barrier();
	memory->magic = HB_MEMORY_MAGIC;
	barrier();
}
