/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dirwatch.h - tells when something in a directory has changed, and then has been quiet for a while.
 *
 * By inotify; where that sees nothing (a directory that is not there yet, a file system of another machine) a look every ten
 * seconds is asked for all the same: the callback has to find out by itself what is new.
 */
#ifndef LDIR_DIRWATCH_H
#define LDIR_DIRWATCH_H

#include <glib.h>

typedef struct LdirDirwatch LdirDirwatch;

/* @quiet_ms: how long nothing must have happened. (transfer full) */
LdirDirwatch *ldir_dirwatch_new(const char *dir, guint quiet_ms, void (*changed)(gpointer user), gpointer user);
void ldir_dirwatch_free(LdirDirwatch *watch);   /* NULL is allowed */

#endif
