/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - what must survive a crash of the machine: generation and uuid (doc/wire-protocol.md 9).
 *
 * Done before hb-node exists, thus before the first datagram leaves: write new, sync, rename, sync
 * the directory. A full disk or a directory that cannot be written is an error, not a surprise later.
 */
#ifndef HB_EXEC_STORE_H
#define HB_EXEC_STORE_H

#include <glib.h>

#include "util/limits.h"

/* Writes @len bytes to @dir/@name so that after a crash there is the old or the new, whole. */
gboolean hb_store_write(const char *dir, const char *name, const void *data, gsize len, guint mode, GError **error);

/* The generation for this start, already on disk: one more than the last, never less than before.
 * @used: the last one of this boot, from memory, 0 none: whoever loses the file within a second of that
 * start would get the same again from the clock, and the others would not hear it.
 * @by_time: the wall clock instead (hbgenmethod time). @ret_warning (transfer full), NULL: none. */
gboolean hb_store_next_generation(const char *dir, guint64 used, gboolean by_time, guint64 now_s,
                                  guint64 *ret_generation, char **ret_warning, GError **error);

/* This node's uuid; made at random and stored when there is none, or none that is whole: @ret_warning (transfer full)
 * says the latter, NULL: nothing to say. Any other 16 bytes are one: nobody can tell them from what was there. */
gboolean hb_store_uuid(const char *dir, guint8 ret_uuid[HB_UUID_LEN], char **ret_warning, GError **error);

/* The uuid that belongs to a name, always the same (uuidfrom nodename). */
void hb_store_uuid_of_name(const char *name, guint8 ret_uuid[HB_UUID_LEN]);

#endif
