/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * id.h - short names of nodes and groups on the wire between ours.
 *
 * A node or group is called by the FNV-1a hash of its name, so that two nodes whose files
 * list things in another order still mean the same. Two names of one file with the same id
 * are a configuration error (conf refuses them).
 */
#ifndef HB_UTIL_ID_H
#define HB_UTIL_ID_H

#include <glib.h>

#define HB_ID_NONE 0u

/* The id of @name, never HB_ID_NONE. */
static inline guint32
hb_id_of(const char *name)
{
	guint32 hash = 2166136261u;

	for (; *name != '\0'; name++) {
		hash ^= (guint8)*name;
		hash *= 16777619u;
	}
	return hash == HB_ID_NONE ? 1u : hash;
}

#endif
