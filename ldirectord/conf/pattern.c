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
#define CHEAP_LIMIT      50     /* of the first try */
#define STARTS_MAX       128    /* of one call then: MATCH_LIMIT holds for each start of its own */
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

/* A match that begins at @start or at one of the @n octets from there. */
static int
search_from(const LdirPattern *pattern, PCRE2_SPTR data, gsize len, gsize start, gsize n)
{
	pcre2_set_offset_limit(pattern->limits, start + n - 1);
	return pcre2_match(pattern->code, data, len, start, 0, pattern->data, pattern->limits);
}

/* Answers may be cheap enough at each of their octets, and take seconds as a whole: only what a first look,
 * with hardly any patience, cannot settle is searched in pieces, with a look at the clock after each. */
static int
search(const LdirPattern *pattern, PCRE2_SPTR data, gsize len, gint64 end_us)
{
	int found;

	pcre2_set_match_limit(pattern->limits, CHEAP_LIMIT);
	found = search_from(pattern, data, len, 0, len + 1);
	if (found >= 0 || found == PCRE2_ERROR_NOMATCH)
		return found;
	pcre2_set_match_limit(pattern->limits, MATCH_LIMIT);
	for (gsize start = 0; start <= len; start += STARTS_MAX) {
		found = search_from(pattern, data, len, start, STARTS_MAX);
		if (found != PCRE2_ERROR_NOMATCH)
			break;
		if (spent_us() > end_us)
			return PCRE2_ERROR_MATCHLIMIT;
	}
	return found;
}

static LdirPatternVerdict
verdict(int found)
{
	if (found >= 0)         /* 0: more groups than there is room for, which nobody asks */
		return LDIR_PATTERN_FOUND;
	return found == PCRE2_ERROR_NOMATCH ? LDIR_PATTERN_ABSENT : LDIR_PATTERN_TOO_COSTLY;
}

LdirPatternVerdict
ldir_pattern_search(const LdirPattern *pattern, const void *data, gsize len)
{
	return verdict(search(pattern, len > 0 ? data : (PCRE2_SPTR) "", len, spent_us() + BUDGET_US));
}

LdirPatternVerdict
ldir_pattern_search_lines(const LdirPattern *pattern, const void *data, gsize len)
{
	const guint8 *text = data;
	gint64 end_us = spent_us() + BUDGET_US;
	int found = PCRE2_ERROR_NOMATCH;

	for (gsize start = 0; start < len && found == PCRE2_ERROR_NOMATCH;) {
		const guint8 *end = memchr(text + start, '\n', len - start);
		gsize line_len = end != NULL ? (gsize)(end - text) + 1 - start : len - start;

		found = search(pattern, text + start, line_len, end_us);
		start += line_len;
		if (found == PCRE2_ERROR_NOMATCH && spent_us() > end_us)
			found = PCRE2_ERROR_MATCHLIMIT;
	}
	return verdict(found);
}
