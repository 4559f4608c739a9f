/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include <glib.h>

#include "exec/memory.h"
#include "util/fd.h"

#include "util/banned.h"

static gboolean
fail(GError **error, const char *what, const char *path)
{
	int err = errno;

	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(err), "cannot %s %s: %s", what, path, g_strerror(err));
	return FALSE;
}

int
hb_memory_open(const char *path, GError **error)
{
	g_auto(HbFd) fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	/* Really there: hb-node maps it, and a page that cannot be had later would be its death. */
	if (fd < 0 || (errno = posix_fallocate(fd, 0, sizeof(HbMemory))) != 0) {
		fail(error, "make", path);
		return -1;
	}
	return hb_fd_steal(&fd);
}

static gboolean
is_sound(const HbMemory *memory)
{
	if (memory->magic != HB_MEMORY_MAGIC || memory->n_groups > HB_GROUPS_MAX || memory->generation == 0 ||
	    memory->next_seq == 0)
		return FALSE;
	for (guint i = 0; i < memory->n_groups; i++)
		if (memory->group[i].state >= HB_HELD_N || memory->group[i].parked > 1)
			return FALSE;
	for (guint i = 0; i < HB_NODES_MAX; i++)
		if (memory->gone[i].node_id != 0 && memory->gone[i].fate != HB_FATE_LEFT &&
		    memory->gone[i].fate != HB_FATE_FENCED)
			return FALSE;
	return TRUE;
}

gboolean
hb_memory_read(int fd, HbMemory *ret_memory)
{
	return pread(fd, ret_memory, sizeof *ret_memory, 0) == (gssize)sizeof *ret_memory && is_sound(ret_memory);
}

gint64
hb_memory_turned_ms(int fd)
{
	gint64 turned_ms;

	if (pread(fd, &turned_ms, sizeof turned_ms, offsetof(HbMemory, turned_ms)) != (gssize)sizeof turned_ms)
		return 0;
	return turned_ms;
}

gboolean
hb_memory_is_whole(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_size == (off_t)sizeof(HbMemory);
}

gboolean
hb_memory_write(int fd, const HbMemory *memory, GError **error)
{
	const guint32 no_magic = 0;

	/* Not sound until all of it is there. */
	if (ftruncate(fd, sizeof *memory) == 0 && pwrite(fd, &no_magic, sizeof no_magic, 0) == sizeof no_magic &&
	    pwrite(fd, (const guint8 *)memory + sizeof memory->magic, sizeof *memory - sizeof memory->magic,
	           sizeof memory->magic) == (gssize)(sizeof *memory - sizeof memory->magic) &&
	    pwrite(fd, &memory->magic, sizeof memory->magic, 0) == sizeof memory->magic)
		return TRUE;
	return fail(error, "write", "the memory file");
}

static HbHeldState
settled(HbHeldState state, HbMemoryHow how, gboolean is_busy)
{
	if (state == HB_HELD_UNKNOWN)
		return HB_HELD_UNKNOWN;
	if (is_busy)
		return HB_HELD_PARTIAL;
	if (how == HB_MEMORY_NEW_START)
		return state == HB_HELD_IDLE ? HB_HELD_UNKNOWN : HB_HELD_PARTIAL;
	return state;
}

void
hb_memory_settle(const HbMemory *old, const HbConfig *config, HbMemoryHow how, HbMemoryBusy *busy, gpointer data,
                 HbMemory *ret_memory)
{
	memset(ret_memory, 0, sizeof *ret_memory);
	ret_memory->magic = HB_MEMORY_MAGIC;
	ret_memory->n_groups = config->n_groups;
	/* While nobody looked a node may have come and gone. */
	if (old != NULL && how == HB_MEMORY_RESUMED)
		memcpy(ret_memory->gone, old->gone, sizeof ret_memory->gone);
	ret_memory->turned_ms = old != NULL ? old->turned_ms : 0;
	for (guint i = 0; i < config->n_groups; i++) {
		guint32 id = config->groups[i].id;

		ret_memory->group[i].group_id = id;
		ret_memory->group[i].state = HB_HELD_UNKNOWN;
		for (guint j = 0; old != NULL && j < old->n_groups; j++) {
			gboolean is_busy = how == HB_MEMORY_RESUMED && busy != NULL && busy(id, data);

			if (old->group[j].group_id != id)
				continue;
			ret_memory->group[i].state = settled(old->group[j].state, how, is_busy);
			ret_memory->group[i].epoch = old->group[j].epoch;
			ret_memory->group[i].parked = old->group[j].parked;
			break;
		}
	}
}
