/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reverse.h - the names of addresses, asked for by threads and remembered: nobody waits for a resolver.
 */
#ifndef LDIR_REVERSE_H
#define LDIR_REVERSE_H

#include "ldirectord/conf/address.h"

typedef struct LdirReverse LdirReverse;

/* FALSE: @addr has no name. May block; called from several threads at once. */
typedef gboolean LdirReverseAsk(const LdirAddress *addr, char **ret_name);
LdirReverseAsk ldir_reverse_system;     /* the resolver of the machine */

/* @news: from the main loop, after names have come that were asked for, and each @nothing_ms while there are addresses without: then
 * they are asked for anew. (transfer full) */
LdirReverse *ldir_reverse_new(LdirReverseAsk *ask, guint nothing_ms, void (*news)(gpointer user), gpointer user);
/* No news come any more; threads that wait are left to themselves. NULL is allowed. */
void ldir_reverse_free(LdirReverse *reverse);

/* The name of @addr as far as it is known (transfer none), else NULL; what is not known, or not well any more, is asked for. */
const char *ldir_reverse_name(LdirReverse *reverse, const LdirAddress *addr, gint64 now_ms);

/* The name of @addr is being asked for just now. */
gboolean ldir_reverse_is_asking(const LdirReverse *reverse, const LdirAddress *addr);

#endif
