/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pattern.h - receive=: does the answer of a server hold what it should? (doc/ldirectord.md 3.3)
 *
 * Perl's syntax, searched for in bytes, without flags; under limits, so that a pattern which
 * tries too much on a strange answer costs a failed check and not the daemon.
 */
#ifndef LDIR_PATTERN_H
#define LDIR_PATTERN_H

#include <glib.h>

typedef struct LdirPattern LdirPattern;

typedef enum {
	LDIR_PATTERN_FOUND,
	LDIR_PATTERN_ABSENT,
	LDIR_PATTERN_TOO_COSTLY /* a limit was reached: to be taken for absent, and said */
} LdirPatternVerdict;

/* (transfer full) NULL: not a pattern; @ret_error says why and where. Empty: any answer is good. */
LdirPattern *ldir_pattern_new(const char *text, char **ret_error);
LdirPattern *ldir_pattern_ref(LdirPattern *pattern);    /* (transfer full) */
void ldir_pattern_free(LdirPattern *pattern);           /* gives up one reference; NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LdirPattern, ldir_pattern_free)

/* Costs 25 ms of processor time at most, or a little more, whatever the pattern and the data. */
LdirPatternVerdict ldir_pattern_search(const LdirPattern *pattern, const void *data, gsize len);
/* In each line by itself, its end with it. */
LdirPatternVerdict ldir_pattern_search_lines(const LdirPattern *pattern, const void *data, gsize len);

#endif
