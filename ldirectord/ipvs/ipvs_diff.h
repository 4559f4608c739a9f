/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipvs_diff.h - the steps from the table that is there to the one that is wanted.
 *
 * Pure. What comes in comes before what leaves, in each service: nobody is without a server for a moment who has one before
 * and after. Services that nobody wants are others' and left alone; those that were ours are named by the caller.
 */
#ifndef LDIR_IPVS_DIFF_H
#define LDIR_IPVS_DIFF_H

#include "ldirectord/ipvs/ipvs.h"

typedef enum {
	LDIR_DIFF_MAKE,         /* at a start and a reload: in our services everything is as wanted */
	LDIR_DIFF_REPAIR        /* in between: what is missing is put back, what was changed by hand is told and left */
} LdirDiffMode;

typedef enum {
	LDIR_FOUND_FOREIGN,     /* a server in our service that nobody wants; MAKE: removed */
	LDIR_FOUND_WEIGHT,      /* another weight than wanted; REPAIR only */
	LDIR_FOUND_MISSING      /* REPAIR: put back. With .dest.addr.family 0 it is the service */
} LdirFoundKind;

/* Something that is worth saying. */
typedef struct {
	LdirFoundKind kind;
	LdirIpvsKey key;
	LdirIpvsDest dest;      /* as it is there; MISSING: as wanted */
	guint32 wanted_weight;  /* WEIGHT */
} LdirFound;

/* @is_kept: NULL, or answers whether a server that is wanted and missing stays away (somebody removed it, and that is
 * respected); @data goes with it. @founds: LdirFound, or NULL. */
typedef gboolean LdirDiffKept(const LdirIpvsKey *key, const LdirIpvsDest *wanted, gpointer data);
void ldir_ipvs_diff(const LdirIpvsTable *there, const LdirIpvsTable *wanted, LdirDiffMode mode,
                    LdirDiffKept *is_kept, gpointer data, GArray *ops, GArray *founds);

#endif
