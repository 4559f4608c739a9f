/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schedule_key.h - when are two servers one target of checks?
 */
#ifndef LDIR_SCHEDULE_KEY_H
#define LDIR_SCHEDULE_KEY_H

#include "ldirectord/conf/config.h"

/* One of the checks of a target: number 0 is that of its section, the others are those of the lines check= there. */
typedef struct {
	const LdirVirtual *vs;
	const LdirReal *real;
	LdirCheck check;
	gboolean is_asked;      /* FALSE: it is good without (checktype=on) */
} LdirTargetPart;

guint ldir_target_n_parts(const LdirReal *real);
LdirTargetPart ldir_target_part(const LdirVirtual *vs, const LdirReal *real, guint n);

/* A fallback is asked for a connection, or for an echo where no port is known, unless it is asked as servers are. */
LdirCheck ldir_target_check(const LdirVirtual *vs, const LdirReal *real);
/* Between two checks of a server of @vs. */
gint64 ldir_target_interval_ms(const LdirConfig *config, const LdirVirtual *vs);
/* The same while it is down; LDIR_UNSET: no difference. */
gint64 ldir_target_downinterval_ms(const LdirConfig *config, const LdirVirtual *vs);

/* Makes @key what is equal for two servers exactly if one check says all about both. */
void ldir_target_key(GString *key, const LdirConfig *config, const LdirVirtual *vs, const LdirReal *real);

/* Of LdirAddress, for GHashTable. */
guint ldir_target_address_hash(gconstpointer data);
gboolean ldir_target_address_equal(gconstpointer a, gconstpointer b);

/* TRUE: no check is needed to know it. */
gboolean ldir_target_is_settled(const LdirVirtual *vs, gboolean *ret_good);

#endif
