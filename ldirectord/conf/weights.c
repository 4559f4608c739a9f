/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "ldirectord/conf/lines.h"
#include "ldirectord/conf/weights.h"
#include "util/banned.h"

#define STRANGERS_MAX 5  /* that are called by name */

struct LdirWeights {
	GHashTable *by_place;   /* "10.0.0.2", "[::1]:80" -> weight, as a pointer, one more than it is */
};

/* @word as servers are called here (transfer full), or NULL: it is no address, or its port is none. */
static char *
place_of(const char *word)
{
	g_autofree char *text = NULL;
	LdirAddress addr;
	int port;

	if (!ldir_address_parse_place(word, &addr, &port))
		return NULL;
	text = ldir_address_text(&addr);
	return port >= 0 ? g_strdup_printf("%s:%d", text, port) : g_steal_pointer(&text);
}

/* One line without its comment. What is the matter with it, or NULL */
static const char *
take_line(LdirWeights *weights, char *line)
{
	gsize len;
	guint64 weight;
	g_autofree char *place = NULL;

	g_strstrip(line);
	if (line[0] == '\0')
		return NULL;
	len = strcspn(line, LDIR_BLANKS);
	if (line[len] == '\0' || !g_ascii_string_to_unsigned(g_strchug(line + len), 10, 0, G_MAXINT32, &weight, NULL))
		return "write ADDRESS[:PORT] WEIGHT, with a weight from 0 to 2147483647";
	line[len] = '\0';
	place = place_of(line);
	if (place == NULL)
		return "the server is called by its address, IPv6 in brackets, with its port or without";
	if (!g_hash_table_insert(weights->by_place, g_steal_pointer(&place), GSIZE_TO_POINTER((gsize)weight + 1)))
		return "this server has a weight already";
	return NULL;
}

LdirWeights *
ldir_weights_parse(const char *text, char **ret_why)
{
	g_autoptr(LdirWeights) weights = g_new0(LdirWeights, 1);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	weights->by_place = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; lines[i] != NULL; i++) {
		const char *why;

		lines[i][strcspn(lines[i], "#")] = '\0';
		why = take_line(weights, lines[i]);
		if (why != NULL) {
			*ret_why = g_strdup_printf("line %u: %s", i + 1, why);
			return NULL;
		}
	}
	return g_steal_pointer(&weights);
}

void
ldir_weights_free(LdirWeights *weights)
{
	if (weights == NULL)
		return;
	g_hash_table_unref(weights->by_place);
	g_free(weights);
}

/* How lines may call @real: with its port, and without. */
static void
names_of(const LdirReal *real, char *ret_names[2])
{
	ret_names[1] = ldir_address_text(&real->addr);
	ret_names[0] = g_strdup_printf("%s:%u", ret_names[1], real->port);
}

gint64
ldir_weights_of(const LdirWeights *weights, const LdirReal *real)
{
	char *names[2];
	gsize n = 0;

	if (weights == NULL)
		return LDIR_UNSET;
	names_of(real, names);
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (n == 0)
			n = GPOINTER_TO_SIZE(g_hash_table_lookup(weights->by_place, names[i]));
		g_free(names[i]);
	}
	return n > 0 ? (gint64)(n - 1) : LDIR_UNSET;
}

/* The names of all servers (transfer full) */
static GHashTable *
all_names(const LdirConfig *config)
{
	GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < config->virtuals->len; i++) {
		const GPtrArray *reals = ((const LdirVirtual *)config->virtuals->pdata[i])->reals;

		for (guint j = 0; j < reals->len; j++) {
			char *names[2];

			names_of(reals->pdata[j], names);
			(void)g_hash_table_add(all, names[0]);
			(void)g_hash_table_add(all, names[1]);
		}
	}
	return all;
}

char *
ldir_weights_strangers(const LdirWeights *weights, const LdirConfig *config)
{
	g_autoptr(GHashTable) all = NULL;
	g_autoptr(GList) places = NULL;
	GString *text;
	guint n = 0;

	if (weights == NULL)
		return NULL;
	all = all_names(config);
	places = g_list_sort(g_hash_table_get_keys(weights->by_place), (GCompareFunc)strcmp);
	text = g_string_new(NULL);
	for (const GList *at = places; at != NULL; at = at->next)
		if (!g_hash_table_contains(all, at->data) && ++n <= STRANGERS_MAX)
			g_string_append_printf(text, "%s%s", n > 1 ? ", " : "", (const char *)at->data);
	if (n > STRANGERS_MAX)
		g_string_append_printf(text, " and %u more", n - STRANGERS_MAX);
	return g_string_free(text, n == 0);
}
