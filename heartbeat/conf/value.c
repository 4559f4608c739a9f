/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <arpa/inet.h>
#include <string.h>

#include <glib.h>

#include "conf/value.h"
#include "util/banned.h"
#include "util/time.h"

#define NUMBER_MAX G_GINT64_CONSTANT(1000000000000)     /* far over each range; no sum of two overflows */
#define WORD_COMPARED_MAX 40

/* What people write who know other programs; 3.0.6 refuses them, too. */
static const struct {
	const char *word;
	gint64 seconds;
} foreign_units[] = {
	{ "s", 1 },      { "sec", 1 },    { "secs", 1 },   { "second", 1 },  { "seconds", 1 },
	{ "m", 60 },     { "min", 60 },   { "mins", 60 },  { "minute", 60 }, { "minutes", 60 },
	{ "h", 3600 },   { "hour", 3600 }, { "hours", 3600 },
};

static char *
unit_advice(double number, const char *unit)
{
	for (gsize i = 0; i < G_N_ELEMENTS(foreign_units); i++) {
		g_autofree char *better = NULL;

		if (g_ascii_strcasecmp(unit, foreign_units[i].word) != 0)
			continue;
		better = hb_value_time_text((gint64)(number * (double)foreign_units[i].seconds *
		                                     HB_MS_PER_S + 0.5));
		return g_strdup_printf("unit %s is not known; write %s", unit, better);
	}
	return g_strdup_printf("unit %s is not known; write seconds without a unit, or ms or us", unit);
}

gboolean
hb_value_time(const char *text, gint64 *ret_ms, char **ret_advice)
{
	gsize digits = strspn(text, "0123456789.+-");
	g_autofree char *number_text = g_strndup(text, digits);
	const char *unit = text + digits;
	char *end;
	double ms = g_ascii_strtod(number_text, &end);

	if (digits == 0 || end == number_text || *end != '\0' || *text == '+') {
		*ret_advice = g_strdup("is not a time; write seconds (2, 0.5) or milliseconds (500ms)");
		return FALSE;
	}
	if (*unit == '\0')
		ms *= HB_MS_PER_S;
	else if (g_ascii_strncasecmp(unit, "us", 2) == 0)
		ms /= HB_MS_PER_S;
	else if (g_ascii_strncasecmp(unit, "ms", 2) != 0) {
		*ret_advice = unit_advice(CLAMP(ms, -1e9, 1e9), unit);
		return FALSE;
	}
	ms = CLAMP(ms, -(double)NUMBER_MAX, (double)NUMBER_MAX);
	*ret_ms = ms < 0 ? -(gint64)(0.5 - ms) : (gint64)(ms + 0.5);
	return TRUE;
}

gboolean
hb_value_bool(const char *text, gboolean *ret_value)
{
	gboolean yes = hb_value_choice("true|on|yes|y|1", text, TRUE) >= 0;

	if (!yes && hb_value_choice("false|off|no|n|0", text, TRUE) < 0)
		return FALSE;
	*ret_value = yes;
	return TRUE;
}

gboolean
hb_value_int(const char *text, gint64 *ret_value)
{
	gboolean negative = *text == '-';
	const char *p = text + (*text == '-' || *text == '+' ? 1 : 0);
	gboolean has_digit = g_ascii_isdigit(*p);
	gint64 value = 0;

	for (; g_ascii_isdigit(*p); p++)
		value = MIN(value * 10 + (*p - '0'), NUMBER_MAX);
	*ret_value = negative ? -value : value;
	return has_digit && *p == '\0';
}

const char *
hb_value_address_fault(const char *text)
{
	struct in_addr v4;
	struct in6_addr v6;
	guint first;

	if (inet_pton(AF_INET, text, &v4) == 1) {
		first = g_ntohl(v4.s_addr) >> 24;
		if (first == 0)
			return "is the address of no machine: what begins with 0 means this network";
		if (first >= 240)
			return "is the address of no machine: from 240.0.0.0 on they are reserved";
		return first >= 224 ? "is a multicast address: no machine can have it for its own" : NULL;
	}
	if (inet_pton(AF_INET6, text, &v6) != 1)
		return NULL;
	if (IN6_IS_ADDR_UNSPECIFIED(&v6))
		return "is the address of no machine: it means any";
	return IN6_IS_ADDR_MULTICAST(&v6) ? "is a multicast address: no machine can have it for its own" : NULL;
}

char *
hb_value_time_text(gint64 ms)
{
	return ms % HB_MS_PER_S == 0 ? g_strdup_printf("%" G_GINT64_FORMAT, ms / HB_MS_PER_S)
	                             : g_strdup_printf("%" G_GINT64_FORMAT "ms", ms);
}

int
hb_value_choice(const char *legal, const char *text, gboolean any_case)
{
	g_auto(GStrv) words = g_strsplit(legal, "|", -1);

	for (int i = 0; words[i] != NULL; i++)
		if ((any_case ? g_ascii_strcasecmp : g_strcmp0)(words[i], text) == 0)
			return i;
	return -1;
}

/* Levenshtein's distance without regard to case, for words of a sensible length. */
static guint
distance(const char *a, const char *b)
{
	guint row[WORD_COMPARED_MAX + 1];
	gsize b_len = strlen(b);

	for (guint j = 0; j <= b_len; j++)
		row[j] = j;
	for (guint i = 1; a[i - 1] != '\0'; i++) {
		guint diagonal = row[0];

		row[0] = i;
		for (guint j = 1; j <= b_len; j++) {
			guint above = row[j];
			gboolean same = g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 1]);

			row[j] = MIN(MIN(above, row[j - 1]) + 1, diagonal + (same ? 0 : 1));
			diagonal = above;
		}
	}
	return row[b_len];
}

const char *
hb_value_nearest(const char *const *known, const char *text)
{
	const char *best = NULL;
	guint best_distance = (guint)MIN(strlen(text) / 3, 3) + 1;

	if (strlen(text) > WORD_COMPARED_MAX)
		return NULL;
	for (gsize i = 0; known[i] != NULL; i++) {
		guint d = strlen(known[i]) > WORD_COMPARED_MAX ? G_MAXUINT : distance(text, known[i]);

		if (d < best_distance) {
			best = known[i];
			best_distance = d;
		}
	}
	return best;
}
