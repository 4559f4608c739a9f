/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf_fixture.h - configurations made from strings, and comparison of two of them.
 */
#ifndef HB_TEST_CONF_FIXTURE_H
#define HB_TEST_CONF_FIXTURE_H

#include <string.h>

#include <glib.h>

#include "conf/load.h"
#include "conf/print.h"

static inline void
fixture_file_free(gpointer data)
{
	HbFile *file = data;

	g_free(file->path);
	g_bytes_unref(file->bytes);
	g_free(file);
}

static inline void
fixture_add(HbBundle *bundle, HbFileKind kind, const char *path, const void *data, gsize len)
{
	HbFile *file = g_new0(HbFile, 1);

	*file = (HbFile){ .kind = kind, .path = g_strdup(path), .bytes = g_bytes_new(data, len) };
	g_ptr_array_add(bundle->files, file);
}

/* NULL: no such file. */
static inline HbBundle *
fixture_bundle(const char *hacf, const char *haresources, const char *authkeys)
{
	HbBundle *bundle = g_new0(HbBundle, 1);

	bundle->files = g_ptr_array_new_with_free_func(fixture_file_free);
	if (hacf != NULL)
		fixture_add(bundle, HB_FILE_HACF, "ha.cf", hacf, strlen(hacf));
	if (haresources != NULL)
		fixture_add(bundle, HB_FILE_HARESOURCES, "haresources", haresources, strlen(haresources));
	if (authkeys != NULL)
		fixture_add(bundle, HB_FILE_AUTHKEYS, "authkeys", authkeys, strlen(authkeys));
	return bundle;
}

static inline gboolean
fixture_same_string(const char *a, const char *b)
{
	return g_strcmp0(a, b) == 0;
}

static inline gboolean
fixture_same_strv(char *const *a, char *const *b)
{
	return g_strv_equal((const char *const *)a, (const char *const *)b);
}

static inline gboolean
fixture_same_scalars(const HbConfig *a, const HbConfig *b)
{
	return a->self == b->self && a->failback == b->failback && a->keepalive_ms == b->keepalive_ms &&
	       a->deadtime_ms == b->deadtime_ms && a->warntime_ms == b->warntime_ms &&
	       a->initdead_ms == b->initdead_ms && a->deadping_ms == b->deadping_ms &&
	       a->max_rexmit_delay_ms == b->max_rexmit_delay_ms &&
	       a->resource_timeout_ms == b->resource_timeout_ms && a->hopfudge == b->hopfudge &&
	       a->use_logd == b->use_logd && a->syslogmsgfmt == b->syslogmsgfmt && a->debug == b->debug &&
	       a->realtime == b->realtime && a->rtprio == b->rtprio && a->coredumps == b->coredumps &&
	       a->msgfmt_netstring == b->msgfmt_netstring &&
	       a->compression_threshold == b->compression_threshold &&
	       a->traditional_compression == b->traditional_compression &&
	       a->hbgenmethod_time == b->hbgenmethod_time && fixture_same_string(a->logfile, b->logfile) &&
	       fixture_same_string(a->debugfile, b->debugfile) &&
	       fixture_same_string(a->logfacility, b->logfacility) &&
	       fixture_same_string(a->compression, b->compression) &&
	       fixture_same_string(a->watchdog, b->watchdog);
}

static inline gboolean
fixture_same_group(const HbGroupConf *a, const HbGroupConf *b)
{
	if (a->id != b->id || a->home != b->home || a->n_resources != b->n_resources ||
	    !fixture_same_string(a->key, b->key))
		return FALSE;
	for (guint i = 0; i < a->n_resources; i++)
		if (!fixture_same_string(a->resources[i].name, b->resources[i].name) ||
		    !fixture_same_string(a->resources[i].token, b->resources[i].token) ||
		    a->resources[i].n_args != b->resources[i].n_args ||
		    !fixture_same_strv(a->resources[i].args, b->resources[i].args))
			return FALSE;
	return TRUE;
}

static inline gboolean
fixture_same_lists(const HbConfig *a, const HbConfig *b)
{
	if (a->n_nodes != b->n_nodes || a->n_media != b->n_media || a->n_groups != b->n_groups ||
	    a->n_respawn != b->n_respawn || a->n_lines != b->n_lines || a->n_recorded != b->n_recorded ||
	    a->n_ping_nodes != b->n_ping_nodes || !fixture_same_strv(a->ping_nodes, b->ping_nodes) ||
	    !fixture_same_strv(a->env, b->env))
		return FALSE;
	for (guint i = 0; i < a->n_nodes; i++)
		if (!fixture_same_string(a->nodes[i].name, b->nodes[i].name) || a->nodes[i].id != b->nodes[i].id)
			return FALSE;
	for (guint i = 0; i < a->n_media; i++)
		if (!fixture_same_string(a->media[i].kind, b->media[i].kind) ||
		    !fixture_same_string(a->media[i].words, b->media[i].words) ||
		    a->media[i].udpport != b->media[i].udpport || a->media[i].baud != b->media[i].baud)
			return FALSE;
	for (guint i = 0; i < a->n_groups; i++)
		if (!fixture_same_group(&a->groups[i], &b->groups[i]))
			return FALSE;
	for (guint i = 0; i < a->n_respawn; i++)
		if (!fixture_same_string(a->respawn[i].user, b->respawn[i].user) ||
		    !fixture_same_string(a->respawn[i].command, b->respawn[i].command) ||
		    a->respawn[i].failfast != b->respawn[i].failfast)
			return FALSE;
	for (guint i = 0; i < a->n_lines; i++)
		if (!fixture_same_string(a->lines[i].name, b->lines[i].name) ||
		    !fixture_same_string(a->lines[i].words, b->lines[i].words))
			return FALSE;
	for (guint i = 0; i < a->n_recorded; i++)
		if (!fixture_same_string(a->recorded[i].name, b->recorded[i].name) ||
		    !fixture_same_string(a->recorded[i].value, b->recorded[i].value))
			return FALSE;
	return TRUE;
}

/* Do both say the same, line numbers and texts of keys aside? */
static inline gboolean
fixture_same(const HbConfig *a, const HbConfig *b)
{
	for (guint i = 0; i < HB_AUTH_KEYS_MAX; i++)
		if (a->keys[i].set != b->keys[i].set || !fixture_same_string(a->keys[i].method, b->keys[i].method))
			return FALSE;
	return a->sign_key == b->sign_key && memcmp(a->hash, b->hash, sizeof a->hash) == 0 &&
	       fixture_same_scalars(a, b) && fixture_same_lists(a, b);
}

/* (transfer full) What the normal form of @config says when it is read again with the keys of @authkeys. */
static inline HbConfig *
fixture_read_again(const HbConfig *config, GBytes *authkeys, const char *node_name, GPtrArray *problems)
{
	g_autofree char *hacf = hb_print_hacf(config);
	g_autofree char *haresources = hb_print_haresources(config);
	g_autoptr(HbBundle) bundle = fixture_bundle(hacf, haresources, NULL);
	const HbConfInput input = { .files = bundle, .node_name = node_name };
	gsize len;
	const void *keys = g_bytes_get_data(authkeys, &len);

	fixture_add(bundle, HB_FILE_AUTHKEYS, "authkeys", keys, len);
	return hb_config_parse(&input, problems);
}

/* All problems as lines (transfer full) */
static inline char *
fixture_texts(const GPtrArray *problems)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *text = hb_problem_text(problems->pdata[i]);

		g_string_append_printf(out, "%s\n", text);
	}
	return g_string_free(out, FALSE);
}

#endif
