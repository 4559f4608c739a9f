/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dirwatch.h - tells when something in a directory, or about a file, has changed, and then has been quiet for a while.
 *
 * Both may be reached by links: where one of those is replaced, as tools do that switch all of a configuration in one step, that is a change.
 * By inotify; where that sees nothing (a directory that is not there yet, a file system of another machine) a look every ten
 * seconds is asked for all the same: the callback has to find out by itself what is new.
 */
#ifndef LDIR_DIRWATCH_H
#define LDIR_DIRWATCH_H

#include <glib.h>

typedef struct LdirDirwatch LdirDirwatch;

/* @quiet_ms: how long nothing must have happened. _new(): something in directory @dir; _file(): in that of file @path. (transfer full) */
LdirDirwatch *ldir_dirwatch_new(const char *dir, guint quiet_ms, void (*changed)(gpointer user), gpointer user);
LdirDirwatch *ldir_dirwatch_file(const char *path, guint quiet_ms, void (*changed)(gpointer user), gpointer user);
void ldir_dirwatch_free(LdirDirwatch *watch);   /* NULL is allowed */

/* The directories in which it is decided what file @path is: those of all links on the way, the last one is its own, or as much of the way to
 * it as there is (transfer full). A path that is not absolute begins at the root. */
GPtrArray *ldir_dirwatch_places(const char *path);

#endif
