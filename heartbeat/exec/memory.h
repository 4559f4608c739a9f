/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.h - root's view of the memory that outlives hb-node and root (channel/channel.h).
 *
 * hb-node holds it open for writing, so root trusts nothing in it, and never maps it: a file that
 * is cut short under a mapping kills its reader. Each look is one read into a copy, then checks.
 */
#ifndef HB_EXEC_MEMORY_H
#define HB_EXEC_MEMORY_H

#include "channel/channel.h"
#include "conf/config.h"

/* How this hb-node starts, as far as the memory is concerned. */
typedef enum {
	HB_MEMORY_NEW_START,    /* a new generation: anybody may have stopped what was up, and started what was not */
	HB_MEMORY_RESUMED       /* root never lost sight of the groups: what was up, and idle, is still up */
} HbMemoryHow;

/* The memory file, made if need be; -1 with @error. */
int hb_memory_open(const char *path, GError **error);

/* TRUE: @ret_memory is a sound copy of what is there. */
gboolean hb_memory_read(int fd, HbMemory *ret_memory);

/* TRUE: it has the size that it is to have. hb-node can change it, and fill the run directory so. */
gboolean hb_memory_is_whole(int fd);

/* When hb-node's loop turned last, as it says; 0: it cannot be read. */
gint64 hb_memory_turned_ms(int fd);

/* Replaces all of it. */
gboolean hb_memory_write(int fd, const HbMemory *memory, GError **error);

/* TRUE if an operation of this group was running when its hb-node went. */
typedef gboolean HbMemoryBusy(guint32 group_id, gpointer data);

/* What @config's groups are to be taken for, in its order, into @ret_memory (generation and next_seq are
 * the caller's). @old NULL: nothing is known. @busy is asked for HB_MEMORY_RESUMED only, NULL: none is. */
void hb_memory_settle(const HbMemory *old, const HbConfig *config, HbMemoryHow how, HbMemoryBusy *busy,
                      gpointer data, HbMemory *ret_memory);

#endif
