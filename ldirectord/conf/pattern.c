/* SPDX-License-Identifier: GPL-2.0-or-later */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>
#include <time.h>

#include "ldirectord/conf/pattern.h"
#include "util/banned.h"

#define MATCH_LIMIT      100000
#define DEPTH_LIMIT      10000
#define HEAP_LIMIT_KIB   8192
#define CHEAP_LIMIT      50     /* of a first look */
#define CHEAP_STARTS     4096   /* of one call then */
#define COSTLY_STARTS    16     /* of one call else: MATCH_LIMIT holds for each start of its own */
#define CALL_EFFORT      64     /* of a call, in starts of a first look */
#define EFFORT           4096   /* between two looks at the clock */
#define BUDGET_US        25000  /* of processor time for one answer */
#define PATTERN_MAX      4096   /* octets */
#define NEST_LIMIT       100

struct LdirPattern {
	guint refs;
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *data;
};

static pcre2_code *
compile(const char *text, char **ret_error)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	PCRE2_UCHAR message[160];
	PCRE2_SIZE at;
	pcre2_code *code;
	int number;

	g_assert(context != NULL);
	pcre2_set_max_pattern_length(context, PATTERN_MAX);
	pcre2_set_parens_nest_limit(context, NEST_LIMIT);
	/* \C would look into the middle of nothing here, but (*UTF) must not be switched on by a file */
	code = pcre2_compile((PCRE2_SPTR)text, strlen(text), PCRE2_NEVER_UTF | PCRE2_USE_OFFSET_LIMIT, &number, &at, context);
	pcre2_compile_context_free(context);
	if (code == NULL) {
		pcre2_get_error_message(number, message, sizeof message);
		*ret_error = g_strdup_printf("%s (after %zu characters)", (const char *)message, (size_t)at);
	}
	return code;
}

LdirPattern *
ldir_pattern_new(const char *text, char **ret_error)
{
	pcre2_code *code = compile(text, ret_error);
	LdirPattern *pattern;

	if (code == NULL)
		return NULL;
	pattern = g_new0(LdirPattern, 1);
	pattern->refs = 1;
	pattern->code = code;
	/* without a just-in-time compiler the interpreter does the same, slower */
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	pattern->limits = pcre2_match_context_create(NULL);
	pattern->data = pcre2_match_data_create(1, NULL);
	g_assert(pattern->limits != NULL && pattern->data != NULL);
	pcre2_set_depth_limit(pattern->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(pattern->limits, HEAP_LIMIT_KIB);
	return pattern;
}

LdirPattern *
ldir_pattern_ref(LdirPattern *pattern)
{
	pattern->refs++;
	return pattern;
}

void
ldir_pattern_free(LdirPattern *pattern)
{
	if (pattern == NULL || --pattern->refs > 0)
		return;
	pcre2_match_data_free(pattern->data);
	pcre2_match_context_free(pattern->limits);
	pcre2_code_free(pattern->code);
	g_free(pattern);
}

/* Of this thread: how busy the machine is makes no difference. */
static gint64
spent_us(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) < 0)
		return 0;
	return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/* The text behind .end, or the first one. FALSE: there is none. */
static gboolean
next_text(LdirSearch *search)
{
	const guint8 *from = search->data + search->next, *end;
	gsize left = search->len - search->next;

	if (search->unit == LDIR_SEARCH_WHOLE ? search->is_begun : left == 0)
		return FALSE;
	end = search->unit != LDIR_SEARCH_WHOLE ? memchr(from, '\n', left) : NULL;
	search->begin = search->start = search->next;
	search->next = end != NULL ? (gsize)(end - search->data) + 1 : search->len;
	search->end = search->next - (end != NULL && search->unit == LDIR_SEARCH_NAMES);
	search->is_begun = TRUE;
	return TRUE;
}

/* A match that begins at .start or at one of the @n octets from there. */
static int
match(const LdirSearch *search, gsize n, guint limit)
{
	const LdirPattern *pattern = search->pattern;
	gsize start = search->start - search->begin;

	pcre2_set_match_limit(pattern->limits, limit);
	pcre2_set_offset_limit(pattern->limits, start + n - 1);
	return pcre2_match(pattern->code, search->data + search->begin, search->end - search->begin, start, 0, pattern->data,
	                   pattern->limits);
}

/* A first look, with hardly any patience, at many places where a match may begin; at few of them where that did not settle it:
 * answers may be cheap enough at each of their octets, and take seconds as a whole. @effort grows by what it may have cost. */
static int
look(LdirSearch *search, guint *effort)
{
	gboolean is_costly = search->start < search->costly_end;
	gsize n = MIN(is_costly ? COSTLY_STARTS : CHEAP_STARTS, search->end + 1 - search->start);
	int found = match(search, n, is_costly ? MATCH_LIMIT : CHEAP_LIMIT);

	*effort += is_costly ? EFFORT : (guint)n + CALL_EFFORT;
	if (!is_costly && found < 0 && found != PCRE2_ERROR_NOMATCH) {
		search->costly_end = search->start + n;
		return PCRE2_ERROR_NOMATCH;
	}
	search->start += n;
	return found;
}

static LdirPatternVerdict
go_on(LdirSearch *search, gint64 begun_us, gint64 slice_us)
{
	guint effort = 0;

	for (;;) {
		int found = PCRE2_ERROR_NOMATCH;
		gint64 us;

		if ((!search->is_begun || search->start > search->end) && !next_text(search))
			return LDIR_PATTERN_ABSENT;
		found = look(search, &effort);
		if (found >= 0)         /* 0: more groups than there is room for, which nobody asks */
			return LDIR_PATTERN_FOUND;
		if (found != PCRE2_ERROR_NOMATCH)
			return LDIR_PATTERN_TOO_COSTLY;
		if (effort < EFFORT)
			continue;
		effort = 0;
		us = spent_us() - begun_us;
		if (search->spent_us + us > BUDGET_US)
			return LDIR_PATTERN_TOO_COSTLY;
		if (us > slice_us)
			return LDIR_PATTERN_UNSETTLED;
	}
}

void
ldir_search_begin(LdirSearch *search, const LdirPattern *pattern, LdirSearchUnit unit, const void *data, gsize len)
{
	*search = (LdirSearch){ .pattern = pattern, .unit = unit, .data = len > 0 ? data : "", .len = len, .spent_us = search->spent_us };
}

LdirPatternVerdict
ldir_search_go_on(LdirSearch *search, gint64 slice_us)
{
	gint64 begun_us = spent_us();
	LdirPatternVerdict verdict = go_on(search, begun_us, slice_us);

	search->spent_us += spent_us() - begun_us;
	return verdict;
}
