/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.c - the normal form: every value, defaults included, in the order of the table.
 *
 * Values stand as they were written, because that is what scripts and clients are told. Each list is
 * printed with one item a line, so that no line gets longer than a parser takes.
 */
#include <string.h>

#include <glib.h>

#include "conf/hacf.h"
#include "conf/load.h"
#include "conf/print.h"
#include "util/banned.h"

/* udpport and baud speak to the media below them, so they stand between the media. */
static void
print_media(const HbConfig *config, GString *out)
{
	const char *baud_text = hb_config_recorded(config, "baud");
	guint32 udpport = 0;
	gboolean baud_said = FALSE;

	for (guint i = 0; i < config->n_media; i++) {
		const HbMediumConf *medium = &config->media[i];
		g_autofree char *baud = g_strdup_printf("%u", medium->baud);

		if (medium->udpport != udpport)
			g_string_append_printf(out, "udpport %u\n", medium->udpport);
		udpport = medium->udpport;
		/* A second baud line is an error: it waits for the media that have the speed asked for. */
		if (!baud_said && g_strcmp0(baud, baud_text) == 0) {
			g_string_append_printf(out, "baud %s\n", baud);
			baud_said = TRUE;
		}
		g_string_append_printf(out, "%s %s\n", medium->kind, medium->words);
	}
	if (!baud_said && baud_text != NULL)
		g_string_append_printf(out, "baud %s\n", baud_text);
	if (hb_config_recorded(config, "udpport") != NULL)
		g_string_append_printf(out, "udpport %s\n", hb_config_recorded(config, "udpport"));
}

char *
hb_print_hacf(const HbConfig *config)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < config->n_recorded; i++) {
		const HbRecordedConf *recorded = &config->recorded[i];

		if (strcmp(recorded->name, "udpport") != 0 && strcmp(recorded->name, "baud") != 0)
			g_string_append_printf(out, "%s %s\n", recorded->name, recorded->value);
	}
	for (guint i = 0; i < config->n_nodes; i++)
		g_string_append_printf(out, "node %s\n", config->nodes[i].name);
	print_media(config, out);
	for (guint i = 0; config->env != NULL && config->env[i] != NULL; i++)
		g_string_append_printf(out, "env %s\n", config->env[i]);
	for (guint i = 0; i < config->n_respawn; i++)
		g_string_append_printf(out, "%s %s %s\n", config->respawn[i].failfast ? "failfast" : "respawn",
		                       config->respawn[i].user, config->respawn[i].command);
	for (guint i = 0; i < config->n_lines; i++)
		g_string_append_printf(out, "%s %s\n", config->lines[i].name, config->lines[i].words);
	return g_string_free(out, FALSE);
}

char *
hb_print_haresources(const HbConfig *config)
{
	GString *out = g_string_new(NULL);

	for (guint g = 0; g < config->n_groups; g++) {
		const HbGroupConf *group = &config->groups[g];

		g_string_append(out, config->nodes[group->home].name);
		for (guint r = 0; r < group->n_resources; r++)
			g_string_append_printf(out, " %s", group->resources[r].token);
		/* A word that ends with a backslash must not continue the line. */
		g_string_append(out, out->str[out->len - 1] == '\\' ? " \n" : "\n");
	}
	return g_string_free(out, FALSE);
}

char *
hb_print_authkeys(const HbConfig *config)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, "# auth %u\n", config->sign_key);
	for (guint i = 0; i < HB_AUTH_KEYS_MAX; i++)
		if (config->keys[i].set)
			g_string_append_printf(out, "# %u %s%s\n", i, config->keys[i].method,
			                       config->keys[i].key != NULL ? " (not shown)" : "");
	return g_string_free(out, FALSE);
}

char *
hb_config_print(const HbConfig *config)
{
	g_autofree char *hacf = hb_print_hacf(config);
	g_autofree char *haresources = hb_print_haresources(config);
	g_autofree char *authkeys = hb_print_authkeys(config);

	return g_strconcat("# ha.cf\n", hacf, "# haresources\n", haresources, "# authkeys\n", authkeys, NULL);
}
