/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * load.c - three files in, one configuration or a list of problems out.
 */
#include <string.h>

#include <glib.h>

#include "conf/draft.h"
#include "util/banned.h"

static const char *const kind_names[] = {
	[HB_FILE_HACF] = "ha.cf",
	[HB_FILE_HARESOURCES] = "haresources",
	[HB_FILE_AUTHKEYS] = "authkeys",
	[HB_FILE_NODES] = "the list of nodes",
	[HB_FILE_TESTING] = "OnlyForTesting",
};

static void
draft_init(HbDraft *draft, const HbConfInput *input, GPtrArray *problems)
{
	*draft = (HbDraft){
		.input = input,
		.at = { .problems = problems },
		.config = g_new0(HbConfig, 1),
		.udpport = HB_CLUSTER_PORT,
		.baud = 19200,
		.nodes = g_array_new(FALSE, FALSE, sizeof(HbNodeConf)),
		.media = g_array_new(FALSE, FALSE, sizeof(HbMediumConf)),
		.respawn = g_array_new(FALSE, FALSE, sizeof(HbRespawnConf)),
		.lines = g_array_new(FALSE, FALSE, sizeof(HbLineConf)),
		.groups = g_array_new(FALSE, FALSE, sizeof(HbGroupConf)),
		.ping_nodes = g_ptr_array_new_with_free_func(g_free),
		.ping_places = g_array_new(FALSE, FALSE, sizeof(guint)),
		.env = g_ptr_array_new_with_free_func(g_free),
	};
}

/* (transfer full) The array's elements; the array itself is gone. */
static gpointer
take_array(GArray **array, guint *ret_n)
{
	*ret_n = (*array)->len;
	return g_array_free(g_steal_pointer(array), FALSE);
}

static char **
take_strings(GPtrArray **array)
{
	g_ptr_array_add(*array, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(array), FALSE);
}

static void
record(HbDraft *draft)
{
	GArray *recorded = g_array_new(FALSE, FALSE, sizeof(HbRecordedConf));

	for (int id = 0; id < HB_HACF_N; id++) {
		HbRecordedConf entry = { 0 };

		if (!hb_directive_is_recorded((HbDirectiveId)id) || draft->seen[id].text == NULL)
			continue;
		entry.name = g_strdup(hb_directives[id].name);
		entry.value = g_strdup(draft->seen[id].text);
		g_array_append_val(recorded, entry);
	}
	draft->config->recorded = take_array(&recorded, &draft->config->n_recorded);
}

static void
compute_hash(HbConfig *config)
{
	g_autofree char *text = hb_config_print(config);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize len = sizeof config->hash;

	g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text));
	g_checksum_get_digest(sum, config->hash, &len);
}

/* Moves all lists into the configuration; the draft is empty afterwards. (transfer full) */
static HbConfig *
draft_close(HbDraft *draft)
{
	HbConfig *config = g_steal_pointer(&draft->config);

	config->n_ping_nodes = draft->ping_nodes->len;
	config->ping_nodes = take_strings(&draft->ping_nodes);
	config->ping_places = (guint *)(gpointer)g_array_free(g_steal_pointer(&draft->ping_places), FALSE);
	config->env = take_strings(&draft->env);
	config->nodes = take_array(&draft->nodes, &config->n_nodes);
	config->media = take_array(&draft->media, &config->n_media);
	config->respawn = take_array(&draft->respawn, &config->n_respawn);
	config->lines = take_array(&draft->lines, &config->n_lines);
	config->groups = take_array(&draft->groups, &config->n_groups);
	for (int id = 0; id < HB_HACF_N; id++)
		g_free(draft->seen[id].text);
	return config;
}

gboolean
hb_draft_open(HbDraft *draft, const HbFile *file, gsize max, HbLines *lines)
{
	const char *fault = hb_lines_init(lines, file->bytes, max);

	draft->at.file = file->path;
	draft->at.directive = NULL;
	draft->at.line = lines->number;
	if (fault != NULL)
		hb_draft_error(draft, NULL, "%s", fault);
	draft->unread |= fault != NULL;
	return fault == NULL;
}

/* Parses all files of @kind. FALSE: there is none that could be read. */
static gboolean
parse_kind(HbDraft *draft, HbFileKind kind, void (*parse)(HbDraft *, const HbFile *))
{
	const GPtrArray *files = draft->input->files->files;
	gboolean found = FALSE;

	draft->unread = FALSE;
	for (guint i = 0; i < files->len; i++) {
		const HbFile *file = files->pdata[i];

		if (file->kind != kind)
			continue;
		draft->in_main_file = !found;
		found = TRUE;
		parse(draft, file);
	}
	if (!found && kind < HB_FILE_NODES && !hb_problems_have_error(draft->at.problems)) {
		draft->at = (HbReport){ .problems = draft->at.problems, .file = kind_names[kind] };
		hb_draft_error(draft, NULL, "is missing");
	}
	return found && !draft->unread;
}

static const char *
main_path(const HbBundle *bundle)
{
	for (guint i = 0; i < bundle->files->len; i++)
		if (((const HbFile *)bundle->files->pdata[i])->kind == HB_FILE_HACF)
			return ((const HbFile *)bundle->files->pdata[i])->path;
	return kind_names[HB_FILE_HACF];
}

HbConfig *
hb_config_parse(const HbConfInput *input, GPtrArray *problems)
{
	g_autoptr(HbConfig) config = NULL;
	guint first_new = problems->len;
	gboolean complete;
	HbDraft draft;

	draft_init(&draft, input, problems);
	complete = parse_kind(&draft, HB_FILE_HACF, hb_hacf_parse);
	(void)parse_kind(&draft, HB_FILE_NODES, hb_nodes_parse);
	if (complete) {
		draft.at.file = main_path(input->files);
		hb_hacf_finish(&draft);
	}
	complete &= parse_kind(&draft, HB_FILE_HARESOURCES, hb_haresources_parse);
	complete &= parse_kind(&draft, HB_FILE_AUTHKEYS, hb_authkeys_parse);
	(void)parse_kind(&draft, HB_FILE_TESTING, hb_testing_parse);
	if (complete)
		record(&draft);
	config = draft_close(&draft);
	for (guint i = first_new; i < problems->len; i++)
		complete &= ((const HbProblem *)problems->pdata[i])->kind != HB_PROBLEM_ERROR;
	if (!complete)
		return NULL;
	compute_hash(config);
	return g_steal_pointer(&config);
}
