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
	LDIR_PATTERN_TOO_COSTLY,        /* a limit was reached: to be taken for absent, and said */
	LDIR_PATTERN_UNSETTLED  /* the search is not over */
} LdirPatternVerdict;

/* (transfer full) NULL: not a pattern; @ret_error says why and where. Empty: any answer is good. */
LdirPattern *ldir_pattern_new(const char *text, char **ret_error);
LdirPattern *ldir_pattern_ref(LdirPattern *pattern);    /* (transfer full) */
void ldir_pattern_free(LdirPattern *pattern);           /* gives up one reference; NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LdirPattern, ldir_pattern_free)

typedef enum {
	LDIR_SEARCH_WHOLE,      /* the data is one text */
	LDIR_SEARCH_LINES,      /* each line by itself, its end with it */
	LDIR_SEARCH_NAMES       /* each line by itself, without its end */
} LdirSearchUnit;

/* A search that may be interrupted. Zeroed before the first ldir_search_begin(); what it has cost is added up over all of them. */
typedef struct {
	const LdirPattern *pattern;
	LdirSearchUnit unit;
	const guint8 *data;
	gsize len;
	gboolean is_begun;
	gsize begin, end;       /* of the text that is searched: where it was found, after LDIR_PATTERN_FOUND */
	gsize next;             /* of the text behind it */
	gsize start;            /* the first place where a match may still begin */
	gsize costly_end;       /* up to here a first look was not enough */
	gint64 spent_us;
} LdirSearch;

/* @pattern and @data are borrowed until the end of the search. */
void ldir_search_begin(LdirSearch *search, const LdirPattern *pattern, LdirSearchUnit unit, const void *data, gsize len);
/* Up to @slice_us of processor time, or a little more; LDIR_PATTERN_UNSETTLED: to be called again. After 25 ms in all it is too costly. */
LdirPatternVerdict ldir_search_go_on(LdirSearch *search, gint64 slice_us);

#endif
