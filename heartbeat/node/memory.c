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
	memset(memory->gone, 0, sizeof memory->gone);
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

gint64
hb_memory_last_turn_ms(const HbMemory *memory)
{
	return __atomic_load_n(&memory->turned_ms, __ATOMIC_RELAXED);
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

/* The place of @node_id, or the first free one, or HB_NODES_MAX. */
static guint
gone_place(const HbMemory *memory, guint32 node_id)
{
	guint place = HB_NODES_MAX;

	for (guint i = 0; i < HB_NODES_MAX; i++) {
		if (memory->gone[i].node_id == node_id)
			return i;
		if (memory->gone[i].node_id == 0 && place == HB_NODES_MAX)
			place = i;
	}
	return place;
}

void
hb_memory_set_gone(HbMemory *memory, guint32 node_id, const HbGone *gone)
{
	guint place = gone_place(memory, node_id);

	/* Nodes come and go; one of which nothing is said is only fenced once more. */
	if (place == HB_NODES_MAX)
		return;
	memory->gone[place].node_id = 0;
	barrier();
	memory->gone[place].fate = gone->fate;
	memory->gone[place].generation = gone->generation;
	barrier();
	if (gone->fate != HB_FATE_NONE)
		memory->gone[place].node_id = node_id;
	barrier();
}

HbGone *
hb_memory_gone(const HbMemory *memory, const HbConfig *config)
{
	HbGone *gone = g_new0(HbGone, config->n_nodes + 1);

	for (guint i = 0; i < config->n_nodes; i++) {
		guint place = gone_place(memory, config->nodes[i].id);

		if (place < HB_NODES_MAX && memory->gone[place].node_id != 0)
			gone[i] = (HbGone){ (HbFate)memory->gone[place].fate, memory->gone[place].generation };
	}
	return gone;
}
