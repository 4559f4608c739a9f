/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loader.h - a configuration read while the checks go on: names are asked for in a thread, since no resolver is to be waited for.
 */
#ifndef LDIR_LOADER_H
#define LDIR_LOADER_H

#include "ldirectord/conf/load.h"

typedef struct {
	LdirConfig *config;     /* NULL: the file cannot be used; the user of this may take it away */
	GPtrArray *lines;       /* char *, what is to be said about it */
	char *digest;           /* NULL: it could not be read */
} LdirLoaded;

/* @loaded: valid for this call, which comes from the main loop. */
typedef void (*LdirLoaderDone)(LdirLoaded *loaded, gpointer user);

/* Reads @path as ldir_load() does. @done is called unless the main loop ends before: a resolver may take minutes, and
 * cannot be interrupted. FALSE: there is no thread to be had, and nothing has happened. */
gboolean ldir_loader_start(const char *path, LdirLoaderDone done, gpointer user);

#endif
