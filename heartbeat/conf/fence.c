/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence.c - stonith and stonith_host lines of ha.cf: which device has this node, and are its settings complete?
 *
 * As in 3.0.6 there is one device, the last line that speaks of this node (doc/config.md 2.4). What settings a device
 * has only the device knows: it is asked through the judge.
 */
#include <string.h>
#include <sys/stat.h>

#include <glib.h>

#include "conf/draft.h"
#include "conf/lines.h"
#include "conf/value.h"
#include "util/banned.h"
#include "util/textfile.h"

#define FILE_MAX 65536

/* The first line that is no comment and not empty (transfer full), or NULL with a report. */
static char *
read_settings(HbDraft *draft, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = hb_text_file_read(path, FILE_MAX, &error);
	g_auto(GStrv) lines = NULL;

	if (text == NULL) {
		hb_draft_error(draft, path, "%s", error->message)->is_permission =
			g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES);
		return NULL;
	}
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		if (*g_strstrip(*line) != '\0' && **line != '#')
			return g_strdup(*line);
	hb_draft_error(draft, path, "has no line with the settings of the device");
	return NULL;
}

static void
warn_of_readers(HbDraft *draft, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_mode & (S_IRGRP | S_IROTH)) != 0)
		hb_draft_warn(draft, path, "can be read by others, and may hold a password; chmod 600 %s", path);
}

static gboolean
settings_are_complete(HbDraft *draft, const HbFenceConf *fence, const char *words)
{
	const HbPluginJudge *judge = draft->input->judge;
	g_auto(GStrv) given = hb_line_words(words, HB_BLANKS);
	g_auto(GStrv) names = NULL;
	g_autofree char *list = NULL;
	g_autofree char *why = NULL;

	if (judge == NULL || judge->stonith_names == NULL)
		return TRUE;
	names = judge->stonith_names(fence->type, &why);
	if (names == NULL) {
		hb_draft_error(draft, fence->type, "%s", why);
		return FALSE;
	}
	if (g_strv_length(given) >= g_strv_length(names))
		return TRUE;
	list = g_strjoinv(" ", names);
	if (fence->file != NULL)
		hb_draft_error(draft, fence->file, "has not all settings of %s in its first line; write there values for: %s",
		               fence->type, list);
	else
		hb_draft_error(draft, words, "has not all settings of %s; write after it values for: %s", fence->type, list);
	return FALSE;
}

static gboolean
speaks_of_us(const HbDraft *draft, const char *host)
{
	g_autofree char *name = g_ascii_strdown(draft->input->node_name, -1);
	g_autofree char *other = g_ascii_strdown(host, -1);

	return strcmp(other, "*") == 0 || strcmp(other, name) == 0 || hb_hacf_is_short_form(other, name);
}

static gboolean
is_right(HbDraft *draft, const HbFenceConf *fence)
{
	g_autofree char *settings = NULL;

	if (fence->file == NULL)
		return settings_are_complete(draft, fence, fence->words);
	if (fence->file[0] != '/') {
		hb_draft_error(draft, fence->file, "must be given with its full path, as in stonith %s /etc/ha.d/stonith.cfg",
		               fence->type);
		return FALSE;
	}
	if (!draft->input->with_system)
		return TRUE;
	settings = read_settings(draft, fence->file);
	if (settings == NULL)
		return FALSE;
	warn_of_readers(draft, fence->file);
	return settings_are_complete(draft, fence, settings);
}

void
hb_hacf_fence(HbDraft *draft, HbDirectiveId id, const char *words)
{
	HbFenceConf fence = { .line = draft->at.line };
	const char *rest = words;
	const char *settings;

	if (id == HB_HACF_STONITH_HOST) {
		g_autofree char *host = hb_line_first_word(words, &rest);

		draft->seen[id].file = draft->at.file;
		if (!speaks_of_us(draft, host))
			return;
	}
	fence.type = hb_line_first_word(rest, &settings);
	if (id == HB_HACF_STONITH)
		fence.file = hb_line_first_word(settings, &rest);
	else
		fence.words = g_strdup(settings);
	if (is_right(draft, &fence)) {
		if (draft->config->fence.type != NULL)
			hb_draft_warn(draft, words, "replaces the device of line %u: a node has one", draft->config->fence.line);
		hb_config_fence_clear(&draft->config->fence);
		draft->config->fence = fence;
	} else {
		hb_config_fence_clear(&fence);
	}
}

static gboolean
is_a_node(const HbDraft *draft, const char *host)
{
	g_autofree char *name = g_ascii_strdown(host, -1);

	for (guint i = 0; i < draft->nodes->len; i++) {
		const char *node = g_array_index(draft->nodes, HbNodeConf, i).name;

		if (strcmp(node, name) == 0 || hb_hacf_is_short_form(node, name))
			return TRUE;
	}
	return strcmp(name, "*") == 0;
}

/* A line for another node is that node's business, but one for nobody leaves a node without its device. */
static void
check_hosts(HbDraft *draft)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < draft->nodes->len; i++)
		g_ptr_array_add(names, g_array_index(draft->nodes, HbNodeConf, i).name);
	g_ptr_array_add(names, NULL);
	draft->at.directive = hb_directives[HB_HACF_STONITH_HOST].name;
	for (guint i = 0; i < draft->lines->len; i++) {
		const HbLineConf *line = &g_array_index(draft->lines, HbLineConf, i);
		const char *rest, *nearest;
		g_autofree char *host = hb_line_first_word(line->words, &rest);

		if (strcmp(line->name, draft->at.directive) != 0 || is_a_node(draft, host))
			continue;
		draft->at.file = draft->seen[HB_HACF_STONITH_HOST].file;
		draft->at.line = line->line;
		nearest = hb_value_nearest((const char *const *)names->pdata, host);
		if (nearest != NULL)
			hb_draft_warn(draft, host, "is not a node of ha.cf, and the line counts for nobody; did you mean %s?", nearest);
		else
			hb_draft_warn(draft, host, "is not a node of ha.cf, and the line counts for nobody; write the name of a "
			              "node, or * for all of them");
	}
	draft->at.directive = NULL;
}

void
hb_hacf_fence_finish(HbDraft *draft)
{
	if (draft->nodes->len > 0)
		check_hosts(draft);
	for (guint i = 0; i < draft->nodes->len; i++)
		g_array_index(draft->nodes, HbNodeConf, i).can_fence =
			draft->config->fence.type != NULL && i != draft->config->self;
}
