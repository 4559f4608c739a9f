/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * media.c - the lines of ha.cf that name a way for packets: bcast, mcast, ucast, ping and others.
 *
 * What the words mean is the plugin's business (HbPluginJudge); how a line is cut into media must not
 * depend on it, because root reads the same lines without plugins and counts as hb-node does.
 */
#include <string.h>

#include <glib.h>

#include "conf/draft.h"
#include "conf/lines.h"
#include "conf/value.h"
#include "util/banned.h"

#define LIST_SEPARATORS HB_BLANKS ","

static gboolean
is_ping(const char *kind)
{
	return g_str_has_prefix(kind, "ping");
}

static const char *
example_of(const char *kind)
{
	static const struct {
		const char *kind;
		const char *line;
	} examples[] = {
		{ "mcast", "mcast eth0 225.0.0.1 694 1 0" },
		{ "mcast6", "mcast6 eth0 ff02::694 694 1 0" },
		{ "ucast", "ucast eth0 192.0.2.2" },
		{ "ucast6", "ucast6 eth0 fe80::2%eth0" },
		{ "ping_group", "ping_group routers 192.0.2.1 192.0.2.254" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(examples); i++)
		if (strcmp(examples[i].kind, kind) == 0)
			return examples[i].line;
	return kind;
}

static void
device_missing(HbDraft *draft, const char *words, const char *what)
{
	gboolean strict = draft->input->strict_media;

	hb_report(&draft->at, strict ? HB_PROBLEM_ERROR : HB_PROBLEM_WARNING, words, "%s%s", what,
	          strict ? "" : "; it joins when it appears");
}

/* Is the device of this medium on this machine? Reports if not. */
static gboolean
device_is_there(HbDraft *draft, const char *kind, const char *words)
{
	const char *rest;
	g_autofree char *device = hb_line_first_word(words, &rest);
	const char *fault;

	if (strcmp(kind, "serial") == 0) {
		fault = hb_system_terminal_fault(device);
		if (fault != NULL)
			device_missing(draft, words, fault);
		return fault == NULL;
	}
	if (!hb_system_has_interface(device)) {
		g_autofree char *text = g_strdup_printf("there is no interface %s on this machine", device);

		device_missing(draft, words, text);
		return FALSE;
	}
	return TRUE;
}

static gboolean
has_medium(const HbDraft *draft, const char *kind, const char *words)
{
	for (guint i = 0; i < draft->media->len; i++) {
		const HbMediumConf *medium = &g_array_index(draft->media, HbMediumConf, i);

		if (strcmp(medium->kind, kind) == 0 && strcmp(medium->words, words) == 0)
			return TRUE;
	}
	return FALSE;
}

/* Asks the plugin, if there is one to ask. */
static gboolean
plugin_agrees(HbDraft *draft, const char *kind, const char *words, char **ret_far_name)
{
	const HbPluginJudge *judge = draft->input->judge;
	g_autofree char *err = NULL;

	if (judge == NULL)
		return TRUE;
	if (!judge->medium_known(kind)) {
		hb_draft_error(draft, words, "the plugin %s.so is not installed", kind);
		return FALSE;
	}
	if (judge->medium_check(kind, words, draft->udpport, draft->baud, ret_far_name, &err))
		return TRUE;
	hb_draft_error(draft, words, "%s", err != NULL ? err : "is not valid");
	return FALSE;
}

static void
add_ping_node(HbDraft *draft, const char *name)
{
	if (draft->ping_nodes->len >= HB_PING_NODES_MAX)
		hb_draft_error(draft, name, "is one more than %d ping nodes", HB_PING_NODES_MAX);
	else {
		g_ptr_array_add(draft->ping_nodes, g_strdup(name));
		g_array_append_val(draft->ping_places, draft->n_listed);
		draft->n_listed++;
	}
}

static void
add_medium(HbDraft *draft, const char *kind, const char *words)
{
	HbMediumConf medium = { .udpport = draft->udpport, .baud = draft->baud, .line = draft->at.line };

	if (draft->media->len >= HB_MEDIA_MAX) {
		hb_draft_error(draft, words, "is one more than %d media", HB_MEDIA_MAX);
		return;
	}
	medium.kind = g_strdup(kind);
	medium.words = g_strdup(words);
	g_array_append_val(draft->media, medium);
}

/* 3.0.6 takes an address that nobody can have, and so do we: another medium may be sound. */
static void
doubt_address(HbDraft *draft, const char *kind, const char *words)
{
	const char *rest;
	g_autofree char *first = hb_line_first_word(words, &rest);
	g_autofree char *second = hb_line_first_word(rest, &rest);
	gboolean is_ucast = g_str_has_prefix(kind, "ucast");
	const char *fault = is_ucast || is_ping(kind) ? hb_value_address_fault(is_ucast ? second : first) : NULL;

	if (fault != NULL)
		hb_draft_warn(draft, words, "%s %s; nobody will be heard there", is_ucast ? second : first, fault);
}

static void
take_medium(HbDraft *draft, const HbDirective *row, const char *kind, const char *words)
{
	g_autofree char *far_name = NULL;
	const char *rest;
	gboolean there = TRUE;
	gboolean twice = has_medium(draft, kind, words);

	if (!plugin_agrees(draft, kind, words, &far_name)) {
		draft->medium_refused = TRUE;
		return;
	}
	doubt_address(draft, kind, words);
	if (twice && is_ping(kind)) {
		hb_draft_warn(draft, words, "stands here for the second time, and is taken once");
		return;
	}
	if (twice)
		hb_draft_warn(draft, words, "stands here for the second time: each packet is sent twice there");
	if (row != NULL && !is_ping(kind) && draft->input->with_system)
		there = device_is_there(draft, kind, words);
	add_medium(draft, kind, words);
	if (row != NULL && is_ping(kind)) {
		/* As written, which is what users and clients call it: the host, or the name of a group of hosts. */
		g_autofree char *name = hb_line_first_word(words, &rest);

		add_ping_node(draft, name);
	} else if (far_name != NULL) {
		add_ping_node(draft, far_name);
	} else {
		draft->n_heartbeat_media++;
		draft->n_usable_media += there ? 1 : 0;
	}
}

/* A line that is one medium: enough words, and no more than have a meaning. */
static void
take_whole_line(HbDraft *draft, const HbDirective *row, const char *kind, const char *words)
{
	g_auto(GStrv) word = hb_line_words(words, HB_BLANKS);
	guint n = g_strv_length(word);

	if (row != NULL && n < (guint)row->min) {
		hb_draft_error(draft, n == 0 ? NULL : words, "needs %s; write for example %s", row->legal,
		               example_of(kind));
		draft->medium_refused = TRUE;
		return;
	}
	if (row != NULL && n > (guint)row->max) {
		g_autofree char *used = NULL;

		g_free(word[row->max]);
		for (guint i = (guint)row->max + 1; i < n; i++)
			g_free(word[i]);
		word[row->max] = NULL;
		used = g_strjoinv(" ", word);
		hb_draft_warn(draft, words, "only %s is used", used);
		take_medium(draft, row, kind, used);
		return;
	}
	take_medium(draft, row, kind, words);
}

void
hb_hacf_medium(HbDraft *draft, const HbDirective *row, const char *kind, const char *words)
{
	gboolean each = row != NULL ? row->max == 0 : draft->input->judge->medium_word_each(kind);
	g_auto(GStrv) word = NULL;

	if (!each) {
		take_whole_line(draft, row, kind, words);
		return;
	}
	word = hb_line_words(words, LIST_SEPARATORS);
	if (word[0] == NULL)
		hb_draft_warn(draft, NULL, "has no value, and is passed over");
	for (guint i = 0; word[i] != NULL; i++)
		take_medium(draft, row, kind, word[i]);
}
