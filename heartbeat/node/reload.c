/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "conf/load.h"
#include "log/log.h"
#include "node/addrwatch.h"
#include "node/exec_link.h"
#include "node/loop.h"
#include "node/media.h"
#include "node/memory.h"
#include "node/reload.h"
#include "plugin/plugin.h"

#include "util/banned.h"

#define BUNDLE_MAX (8 * 1024 * 1024)
#define MEDIA_CHANGED "media were changed: that needs a restart"

GBytes *
hb_reload_read_fd(int fd, GError **error)
{
	struct stat st = { 0 };
	g_autofree guint8 *data = NULL;
	gsize got = 0;

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_size <= 0 || st.st_size > BUNDLE_MAX) {
		g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_ERROR, "the configuration from root is missing");
		return NULL;
	}
	data = g_malloc((gsize)st.st_size);
	while (got < (gsize)st.st_size) {
		ssize_t len = pread(fd, data + got, (gsize)st.st_size - got, (off_t)got);

		if (len <= 0) {
			g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_ERROR,
			            "cannot read the configuration from root: %s",
			            len < 0 ? g_strerror(errno) : "it is cut off");
			return NULL;
		}
		got += (gsize)len;
	}
	return g_bytes_new_take(g_steal_pointer(&data), got);
}

static void
log_problems(const GPtrArray *problems, GError **error)
{
	for (guint i = 0; i < problems->len; i++) {
		const HbProblem *problem = g_ptr_array_index(problems, i);
		g_autofree char *text = hb_problem_text(problem);

		if (problem->kind != HB_PROBLEM_ERROR)
			continue;       /* root has said the warnings */
		hb_log(HB_LOG_ERR, "%s", text);
		if (error && !*error)
			g_set_error_literal(error, HB_NODE_ERROR, HB_NODE_EXIT_CONFIG, text);
	}
}

static HbConfig *
parse(GBytes *bundle, const char *node_name, const HbPluginJudge *judge, HbKeyring *ret_keys, GError **error)
{
	g_autoptr(HbBundle) files = hb_bundle_unpack(bundle);
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = NULL;
	HbConfInput input = { .files = files, .node_name = node_name, .judge = judge };

	if (!files) {
		g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_ERROR, "the configuration from root is no bundle");
		return NULL;
	}
	config = hb_config_parse(&input, problems);
	log_problems(problems, config ? NULL : error);
	if (!config) {
		if (error && !*error)
			g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_CONFIG, "the configuration has errors");
		return NULL;
	}
	if (!hb_plugin_keyring(config, ret_keys, error))
		return NULL;
	return g_steal_pointer(&config);
}

HbConfig *
hb_reload_parse(GBytes *bundle, const char *node_name, HbKeyring *ret_keys, GError **error)
{
	return parse(bundle, node_name, hb_plugin_judge(), ret_keys, error);
}

/* Whose media are in force while reload_medium_check() is asked: it has no data of its own. */
static const HbNode *in_force;

/*
 * Plugins look names up, and hb-node has no time to wait for an answer. Media that are not those in force are refused
 * anyway; about those the plugin was asked at the start.
 */
static gboolean
reload_medium_check(const char *kind, const char *words, guint32 udpport, guint32 baud, char **ret_far_name,
                    char **ret_err)
{
	const HbConfig *config = in_force->config;

	for (guint i = 0; i < config->n_media; i++) {
		const HbMediumConf *medium = &config->media[i];

		if (!g_str_equal(medium->kind, kind) || !g_str_equal(medium->words, words)
		    || medium->udpport != udpport || medium->baud != baud)
			continue;
		*ret_far_name = g_strdup(hb_media_far_name(in_force->media, i));
		return TRUE;
	}
	*ret_err = g_strdup(MEDIA_CHANGED);
	return FALSE;
}

static HbConfig *
parse_anew(const HbNode *node, GBytes *bundle, HbKeyring *ret_keys, GError **error)
{
	HbPluginJudge judge = *hb_plugin_judge();
	HbConfig *config;

	judge.medium_check = reload_medium_check;
	in_force = node;
	config = parse(bundle, node->config->nodes[node->config->self].name, &judge, ret_keys, error);
	in_force = NULL;
	return config;
}

static gboolean
is_same_medium(const HbMediumConf *a, const HbMediumConf *b)
{
	return g_str_equal(a->kind, b->kind) && g_str_equal(a->words, b->words) && a->udpport == b->udpport
	    && a->baud == b->baud;
}

/* NULL: it can be taken now. */
static const char *
blocked(const HbNode *node, const HbConfig *config)
{
	const char *why = hb_core_reload_blocked(node->core, config);

	for (guint i = 0; !why && i < config->n_media; i++)
		if (!is_same_medium(&node->config->media[i], &config->media[i]))
			why = MEDIA_CHANGED;
	return why;
}

/* The new configuration, if it can be taken now; else NULL with @error. */
static HbConfig *
read_new(const HbNode *node, int fd, HbKeyring *ret_keys, GError **error)
{
	g_autoptr(GBytes) bundle = hb_reload_read_fd(fd, error);
	g_autoptr(HbConfig) config = NULL;
	const char *why;

	if (!bundle)
		return NULL;
	config = parse_anew(node, bundle, ret_keys, error);
	if (!config)
		return NULL;
	why = blocked(node, config);
	if (!why)
		return g_steal_pointer(&config);
	hb_keyring_wipe(ret_keys);
	g_set_error_literal(error, HB_NODE_ERROR, HB_NODE_EXIT_CONFIG, why);
	return NULL;
}

void
hb_reload(HbNode *node, int fd)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(HbConfig) old = NULL;
	HbKeyring keys = { 0 };
	HbConfig *config = read_new(node, fd, &keys, &error);
	HbEvent event = { .type = HB_EV_RELOAD };

	/* Before the core is asked: its requests name groups by their new index. */
	hb_exec_link_reloaded(node->exec, config ? NULL : error->message);
	if (!config)
		return;
	/* The old one lives until the core has let go of it. */
	old = hb_node_set_config(node, config, &keys);
	hb_memory_reorder(node->memory, config);
	event.u.reload.config = config;
	hb_loop_step(node, &event);
	hb_addrwatch_reload(node->addrwatch);
	hb_node_setup_log(node);
}
