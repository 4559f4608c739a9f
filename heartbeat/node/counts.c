/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/counts.h"

#include "util/banned.h"

static const struct {
	const char *name;
	const char *words;
} counts[HB_COUNT_N] = {
#define X(id, text, said) [HB_COUNT_##id] = { text, said },
	HB_MEDIUM_COUNTS(X)
#undef X
};

const char *
hb_medium_count_name(HbMediumCount count)
{
	g_assert(count < HB_COUNT_N);
	return counts[count].name;
}

const char *
hb_medium_count_words(HbMediumCount count)
{
	g_assert(count < HB_COUNT_N);
	return counts[count].words;
}
