/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * round.h - the checks of a server that has several (check=), as one: it is good when all are, and bad as soon as one is.
 *
 * Pure. Checks are known by the numbers of their parts (schedule_key.h). doc/ldirectord.md 3.8.
 */
#ifndef LDIR_ROUND_H
#define LDIR_ROUND_H

#include "ldirectord/check/schedule_key.h"

typedef struct LdirRound LdirRound;

LdirRound *ldir_round_new(void);        /* (transfer full) nothing runs */
void ldir_round_free(LdirRound *round); /* NULL is allowed */

/* None of them runs any more, and nothing is known of the last time. */
void ldir_round_clear(LdirRound *round);
void ldir_round_add(LdirRound *round, guint part);
gboolean ldir_round_is_running(const LdirRound *round, guint part);

/* Part @part has ended, @said and @why by the check. TRUE: with it the round is over, as @is_good says; the others that are left
 * are to be cancelled. */
gboolean ldir_round_end(LdirRound *round, const LdirTargetPart *part, guint number, gboolean is_good, const char *why,
                        const LdirSaid *said);

/* When it is over: which check has failed and why, or that all are good (transfer none) */
const char *ldir_round_why(const LdirRound *round);
/* The lowest weight that any of them has said, of a server that is configured with @weight, and the fewest days; one that has
 * failed says nothing. */
LdirSaid ldir_round_said(const LdirRound *round, guint32 weight);

#endif
