/* SPDX-License-Identifier: GPL-2.0-or-later */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "ldirectord/pattern.h"
#include "util/banned.h"

#define MATCH_LIMIT      100000
#define DEPTH_LIMIT      10000
#define HEAP_LIMIT_KIB   8192
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
	code = pcre2_compile((PCRE2_SPTR)text, strlen(text), PCRE2_NEVER_UTF, &number, &at, context);
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
	pcre2_set_match_limit(pattern->limits, MATCH_LIMIT);
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

LdirPatternVerdict
ldir_pattern_search(const LdirPattern *pattern, const void *data, gsize len)
{
	int found = pcre2_match(pattern->code, len > 0 ? data : (PCRE2_SPTR) "", len, 0, 0, pattern->data, pattern->limits);

	if (found >= 0)         /* 0: more groups than there is room for, which nobody asks */
		return LDIR_PATTERN_FOUND;
	return found == PCRE2_ERROR_NOMATCH ? LDIR_PATTERN_ABSENT : LDIR_PATTERN_TOO_COSTLY;
}
