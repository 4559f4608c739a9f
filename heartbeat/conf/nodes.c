/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nodes.c - what became of the list of nodes since ha.cf was read: one "+NAME" or "-NAME" a line, more words behind
 * it are for others. Made by root (exec/nodes.c), so that both processes come to the same list.
 */
#include <string.h>

#include <glib.h>

#include "conf/draft.h"
#include "conf/lines.h"
#include "util/id.h"

#include "util/banned.h"

static int
find(const HbDraft *draft, const char *name)
{
	for (guint i = 0; i < draft->nodes->len; i++)
		if (strcmp(g_array_index(draft->nodes, HbNodeConf, i).name, name) == 0)
			return (int)i;
	return -1;
}

static gboolean
is_name(const char *name)
{
	gsize len = strlen(name);

	return len > 0 && len <= HB_NODE_NAME_MAX && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == len;
}

static void
remove_node(HbDraft *draft, guint at)
{
	g_free(g_array_index(draft->nodes, HbNodeConf, at).name);
	g_array_remove_index(draft->nodes, at);
}

static void
add_node(HbDraft *draft, const char *name)
{
	HbNodeConf node = { .name = g_strdup(name), .id = hb_id_of(name), .place = draft->n_listed++ };

	if (draft->nodes->len < HB_NODES_MAX)
		g_array_append_val(draft->nodes, node);
	else
		g_free(node.name);
}

static void
take_line(HbDraft *draft, const char *line)
{
	const char *rest;
	g_autofree char *word = hb_line_first_word(line, &rest);
	int at;

	if (*word == '\0' || !is_name(word + 1))
		return;
	at = find(draft, word + 1);
	if (*word == '-' && at >= 0) {
		remove_node(draft, (guint)at);
	} else if (*word == '+' && at < 0) {
		add_node(draft, word + 1);
	}
}

void
hb_nodes_add_self(HbDraft *draft, const char *name)
{
	for (guint i = 0; i < draft->nodes->len; i++) {
		const char *other = g_array_index(draft->nodes, HbNodeConf, i).name;

		if (strcmp(other, name) == 0 || hb_hacf_is_short_form(other, name))
			return;
	}
	if (is_name(name))
		add_node(draft, name);
}

void
hb_nodes_parse(HbDraft *draft, const HbFile *file)
{
	HbLines lines;
	char *next;

	if (hb_lines_init(&lines, file->bytes, 0) != NULL)
		return;
	while ((next = hb_lines_next(&lines)) != NULL) {
		g_autofree char *line = next;

		take_line(draft, line);
	}
}
