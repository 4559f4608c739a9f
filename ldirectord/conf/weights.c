/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/conf/lines.h"
#include "ldirectord/conf/weights.h"
#include "util/banned.h"

struct LdirWeights {
	GHashTable *by_place;   /* "10.0.0.2", "[::1]:80" -> weight, as a pointer, one more than it is */
};

/* @word as servers are called here (transfer full), or NULL: it is no address, or its port is none. */
static char *
place_of(const char *word)
{
	gboolean is_six = word[0] == '[';
	const char *end = is_six ? strchr(word, ']') : word + strcspn(word, ":");
	g_autofree char *host = NULL;
	g_autofree char *text = NULL;
	LdirAddress addr;
	guint64 port = 0;

	if (end == NULL)
		return NULL;
	host = is_six ? g_strndup(word + 1, (gsize)(end - word - 1)) : g_strndup(word, (gsize)(end - word));
	if (is_six)
		end++;
	if (!ldir_address_parse(host, is_six ? AF_INET6 : AF_INET, &addr))
		return NULL;
	if (end[0] != '\0' && (end[0] != ':' || !g_ascii_string_to_unsigned(end + 1, 10, 0, G_MAXUINT16, &port, NULL)))
		return NULL;
	text = ldir_address_text(&addr);
	if (!is_six && strcmp(text, host) != 0)         /* short forms as "10.1" are typing errors here */
		return NULL;
	return end[0] != '\0' ? g_strdup_printf("%s:%u", text, (guint)port) : g_steal_pointer(&text);
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

gint64
ldir_weights_of(const LdirWeights *weights, const LdirReal *real)
{
	g_autofree char *addr = NULL;
	g_autofree char *place = NULL;
	gsize n;

	if (weights == NULL)
		return LDIR_UNSET;
	addr = ldir_address_text(&real->addr);
	place = g_strdup_printf("%s:%u", addr, real->port);
	n = GPOINTER_TO_SIZE(g_hash_table_lookup(weights->by_place, place));
	if (n == 0)
		n = GPOINTER_TO_SIZE(g_hash_table_lookup(weights->by_place, addr));
	return n > 0 ? (gint64)(n - 1) : LDIR_UNSET;
}
