/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "resource.d/ocf/args.h"
#include "util/banned.h"

#define ID_LEN 16

static const struct {
	const char *word;
	HbOcfVerb verb;
} verbs[] = {
	{ "start", HB_OCF_VERB_START },
	{ "stop", HB_OCF_VERB_STOP },
	{ "status", HB_OCF_VERB_STATUS },
	{ "monitor", HB_OCF_VERB_STATUS },
	{ "meta-data", HB_OCF_VERB_META_DATA },
	{ "check", HB_OCF_VERB_CHECK },
	{ "usage", HB_OCF_VERB_USAGE },
	{ "help", HB_OCF_VERB_USAGE },
};

static gboolean
is_file_name(const char *text)
{
	return *text != '\0' && *text != '.' && *text != '-' &&
	       text[strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_.-")] == '\0';
}

static gboolean
is_variable(const char *text)
{
	return *text != '\0' && text[strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_")] == '\0';
}

static gboolean
take_name(const char *word, HbOcfArgs *args, char **ret_fault)
{
	g_auto(GStrv) part = g_strsplit(word, ":", -1);

	if (g_strv_length(part) != 3 || strcmp(part[0], "ocf") != 0 || !is_file_name(part[1]) ||
	    !is_file_name(part[2])) {
		*ret_fault = g_strdup_printf("%s is no agent; write ocf:PROVIDER:AGENT, as in ocf:heartbeat:Dummy", word);
		return FALSE;
	}
	args->provider = g_strdup(part[1]);
	args->agent = g_strdup(part[2]);
	return TRUE;
}

static gboolean
take_verb(const char *word, HbOcfArgs *args, char **ret_fault)
{
	for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
		if (strcmp(verbs[i].word, word) == 0) {
			args->verb = verbs[i].verb;
			return TRUE;
		}
	}
	*ret_fault = g_strdup_printf("Unknown operation: %s", word);
	return FALSE;
}

static gboolean
take_parameter(const char *word, GPtrArray *names, GPtrArray *values, char **ret_fault)
{
	const char *equals = strchr(word, '=');
	g_autofree char *name = g_strndup(word, equals != NULL ? (gsize)(equals - word) : 0);
	char **last = values->len > 0 ? (char **)&values->pdata[values->len - 1] : NULL;

	if (equals == NULL && last != NULL) {
		char *whole = g_strconcat(*last, "::", word, NULL);

		g_free(*last);
		*last = whole;
		return TRUE;
	}
	if (!is_variable(name)) {
		*ret_fault = g_strdup_printf("%s is no parameter; write NAME=VALUE", word);
		return FALSE;
	}
	for (guint i = 0; i < names->len; i++) {
		if (strcmp(names->pdata[i], name) == 0) {
			*ret_fault = g_strdup_printf("%s is given twice", name);
			return FALSE;
		}
	}
	g_ptr_array_add(names, g_steal_pointer(&name));
	g_ptr_array_add(values, g_strdup(equals + 1));
	return TRUE;
}

static gboolean
take_parameters(int n, char *const words[], HbOcfArgs *args, char **ret_fault)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);

	for (int i = 0; i < n; i++)
		if (!take_parameter(words[i], names, values, ret_fault))
			return FALSE;
	g_ptr_array_add(names, NULL);
	g_ptr_array_add(values, NULL);
	args->names = (char **)g_ptr_array_steal(names, NULL);
	args->values = (char **)g_ptr_array_steal(values, NULL);
	return TRUE;
}

gboolean
hb_ocf_args_parse(int argc, char *const argv[], HbOcfArgs *ret_args, char **ret_fault)
{
	HbOcfArgs args = { 0 };
	int at = 1;

	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--inherit") == 0) {
			args.inherit = TRUE;
		} else if (strcmp(argv[at], "--instance") == 0 && at + 1 < argc) {
			g_free(args.instance);
			args.instance = g_strdup(argv[++at]);
		} else {
			break;
		}
	}
	if (argc - at < 2) {
		*ret_fault = g_strdup("an agent and a verb are needed");
	} else if (take_name(argv[at], &args, ret_fault) && take_verb(argv[argc - 1], &args, ret_fault) &&
	           take_parameters(argc - at - 2, argv + at + 1, &args, ret_fault)) {
		*ret_args = args;
		return TRUE;
	}
	hb_ocf_args_clear(&args);
	return FALSE;
}

void
hb_ocf_args_clear(HbOcfArgs *args)
{
	g_free(args->provider);
	g_free(args->agent);
	g_free(args->instance);
	g_strfreev(args->names);
	g_strfreev(args->values);
	*args = (HbOcfArgs){ 0 };
}

char *
hb_ocf_args_id(const HbOcfArgs *args)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	const char *const fixed[] = { args->provider, args->agent, args->instance != NULL ? args->instance : "" };

	/* With their final zeros, so that no two lists look the same. */
	for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++)
		g_checksum_update(sum, (const guchar *)fixed[i], (gssize)strlen(fixed[i]) + 1);
	for (gsize i = 0; args->names[i] != NULL; i++) {
		g_checksum_update(sum, (const guchar *)args->names[i], (gssize)strlen(args->names[i]) + 1);
		g_checksum_update(sum, (const guchar *)args->values[i], (gssize)strlen(args->values[i]) + 1);
	}
	return g_strndup(g_checksum_get_string(sum), ID_LEN);
}

char *
hb_ocf_args_instance(const HbOcfArgs *args)
{
	g_autofree char *id = hb_ocf_args_id(args);
	char *name = args->instance != NULL ? g_strdup(args->instance) : g_strconcat(args->agent, "_", id, NULL);

	/* Agents make file names of it. */
	return g_strdelimit(name, "/", '_');
}
