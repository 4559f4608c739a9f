/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.c - life, look-ups of HbConfig.
 */
#include <string.h>

#include <glib.h>

#include "conf/config.h"
#include "conf/token.h"
#include "util/banned.h"

static void
free_groups(HbConfig *config)
{
	for (guint g = 0; g < config->n_groups; g++) {
		HbGroupConf *group = &config->groups[g];

		for (guint r = 0; r < group->n_resources; r++)
			hb_token_clear(&group->resources[r]);
		g_free(group->resources);
		g_free(group->key);
	}
	g_free(config->groups);
}

static void
wipe_keys(HbConfig *config)
{
	for (guint i = 0; i < HB_AUTH_KEYS_MAX; i++) {
		char *key = config->keys[i].key;

		if (key != NULL)
			explicit_bzero(key, strlen(key));
		g_free(key);
		g_free(config->keys[i].method);
	}
}

static void
free_lists(HbConfig *config)
{
	for (guint i = 0; i < config->n_nodes; i++)
		g_free(config->nodes[i].name);
	for (guint i = 0; i < config->n_media; i++) {
		g_free(config->media[i].kind);
		g_free(config->media[i].words);
	}
	for (guint i = 0; i < config->n_respawn; i++) {
		g_free(config->respawn[i].user);
		g_free(config->respawn[i].command);
	}
	for (guint i = 0; i < config->n_lines; i++) {
		g_free(config->lines[i].name);
		g_free(config->lines[i].words);
	}
	for (guint i = 0; i < config->n_recorded; i++) {
		g_free(config->recorded[i].name);
		g_free(config->recorded[i].value);
	}
	g_free(config->nodes);
	g_free(config->media);
	g_free(config->respawn);
	g_free(config->lines);
	g_free(config->recorded);
	g_strfreev(config->ping_nodes);
	g_free(config->ping_places);
	g_strfreev(config->testing.allowed);
	g_strfreev(config->env);
}

void
hb_config_fence_clear(HbFenceConf *fence)
{
	g_free(fence->type);
	g_free(fence->words);
	g_free(fence->file);
	*fence = (HbFenceConf){ 0 };
}

void
hb_config_free(HbConfig *config)
{
	if (config == NULL)
		return;
	wipe_keys(config);
	free_groups(config);
	free_lists(config);
	g_free(config->logfile);
	g_free(config->debugfile);
	g_free(config->logfacility);
	g_free(config->coreroot);
	g_free(config->compression);
	g_free(config->watchdog);
	hb_config_fence_clear(&config->fence);
	g_free(config);
}

int
hb_config_node_index(const HbConfig *config, const char *name)
{
	for (guint i = 0; i < config->n_nodes; i++)
		if (g_ascii_strcasecmp(config->nodes[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* Is @word the token of @resource, its full form, or an address it names? */
static gboolean
is_called(const HbResourceConf *resource, const char *word)
{
	g_autofree char *full = hb_token_full(resource);
	g_autofree char *address = hb_token_address(resource);

	return g_strcmp0(word, resource->token) == 0 || g_strcmp0(word, full) == 0 ||
	       (address != NULL && g_ascii_strcasecmp(word, address) == 0);
}

static gboolean
has_resource_called(const HbGroupConf *group, const char *word)
{
	for (guint r = 0; r < group->n_resources; r++)
		if (is_called(&group->resources[r], word))
			return TRUE;
	return FALSE;
}

int
hb_config_group_index(const HbConfig *config, const char *word)
{
	int found = -1;

	for (guint g = 0; g < config->n_groups; g++)
		if (g_strcmp0(config->groups[g].key, word) == 0)
			return (int)g;
	for (guint g = 0; g < config->n_groups; g++) {
		if (!has_resource_called(&config->groups[g], word))
			continue;
		if (found >= 0)
			return -2;
		found = (int)g;
	}
	return found;
}

const char *
hb_config_recorded(const HbConfig *config, const char *name)
{
	for (guint i = 0; i < config->n_recorded; i++)
		if (strcmp(config->recorded[i].name, name) == 0)
			return config->recorded[i].value;
	/* What 3.0.6 tells of it where there is syslog. */
	return strcmp(name, "debugfile") == 0 && config->logfacility != NULL ? "/dev/null" : NULL;
}
