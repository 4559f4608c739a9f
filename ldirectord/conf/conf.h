/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf.h - reads ldirectord.cf, or says everything that is wrong with it (doc/ldirectord.md 2).
 *
 * Reads nothing but the bytes it is given, and asks for names by the lookup of its caller; with
 * with_system it also looks whether the files that are to be written can be.
 */
#ifndef LDIR_CONF_H
#define LDIR_CONF_H

#include "ldirectord/conf/config.h"
#include "ldirectord/conf/problem.h"

typedef struct {
	GBytes *bytes;
	const LdirLookup *lookup;
	gboolean with_system;
} LdirConfInput;

/* (transfer full) NULL when there is an error among @problems, the first of which is the one that 4.12 says: as it
 * reads, lines of a section before its addresses. */
LdirConfig *ldir_conf_parse(const LdirConfInput *input, GPtrArray *problems);

/* The normal form: read again, it gives the same. (transfer full) */
char *ldir_conf_print(const LdirConfig *config);

#endif
