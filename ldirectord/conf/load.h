/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load.h - a configuration from its file, with all that is wrong with it as lines.
 */
#ifndef LDIR_LOAD_H
#define LDIR_LOAD_H

#include "ldirectord/conf/conf.h"

/* Names are asked for by @lookup.
 * (transfer full) NULL: the file cannot be used; why is among the @lines, "Error [PID] reading file ..." (appended, transfer
 * full; @pid 0: without). @ret_n_warnings, @ret_digest (of its bytes): may be NULL. */
LdirConfig *ldir_load(const char *path, const LdirLookup *lookup, guint pid, GPtrArray *lines, guint *ret_n_errors,
                      guint *ret_n_warnings, char **ret_digest);

#endif
