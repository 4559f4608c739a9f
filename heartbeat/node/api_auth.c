/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api_auth.c - who may sign on under which name: apiauth lines, and what holds without them (doc/client-api.md 4).
 */
#include <grp.h>
#include <pwd.h>
#include <string.h>

#include <glib.h>

#include "log/log.h"
#include "node/api_parts.h"

#include "util/banned.h"

#define ANON    "anon"          /* clients without a name */
#define DEFAULT "default"       /* names without a line */

static const struct {
	const char *id;
	const char *lists;
} defaults[] = {
	{ "ipfail",        "uid=hacluster" },
	{ "ccm",           "uid=hacluster" },
	{ "ping",          "gid=haclient" },
	{ "lha-snmpagent", "uid=root" },
	{ ANON,            "uid=root gid=haclient" },
};

static gboolean
ask_system(const char *name, gboolean is_group, gint64 *ret)
{
	const struct passwd *user;
	const struct group *group;

	if (is_group) {
		group = getgrnam(name);
		*ret = group != NULL ? (gint64)group->gr_gid : -1;
	} else {
		user = getpwnam(name);
		*ret = user != NULL ? (gint64)user->pw_uid : -1;
	}
	return *ret >= 0;
}

/* Names that were found are not looked up again: a reload must not wait for a directory service. */
static gboolean
number_of(HbApi *api, const char *name, gboolean is_group, guint32 *ret)
{
	g_autofree char *key = g_strconcat(is_group ? "g" : "u", name, NULL);
	const gint64 *known = g_hash_table_lookup(api->accounts, key);
	guint64 number;
	gint64 *found;

	if (g_ascii_string_to_unsigned(name, 10, 0, G_MAXUINT32, &number, NULL)) {
		*ret = (guint32)number;
		return TRUE;
	}
	if (known == NULL) {
		found = g_new(gint64, 1);
		if (!ask_system(name, is_group, found)) {
			g_free(found);
			return FALSE;
		}
		g_hash_table_insert(api->accounts, g_steal_pointer(&key), found);
		known = found;
	}
	*ret = (guint32)*known;
	return TRUE;
}

static void
take_list(HbApi *api, HbApiAuth *auth, const char *word, gboolean is_default)
{
	gboolean is_group = word[0] == 'g';
	g_auto(GStrv) names = g_strsplit(word + strlen("uid="), ",", -1);

	for (guint i = 0; names[i] != NULL; i++) {
		guint32 number;

		if (names[i][0] == '\0')
			continue;
		if (number_of(api, names[i], is_group, &number))
			g_array_append_val(is_group ? auth->gids : auth->uids, number);
		else if (!is_default)
			hb_log(HB_LOG_WARN, "apiauth %s: there is no %s %s on this machine", auth->id,
			       is_group ? "group" : "user", names[i]);
	}
}

static void
take_entry(HbApi *api, const char *id, const char *lists, gboolean is_default)
{
	HbApiAuth auth = { .id = g_strdup(id) };
	g_auto(GStrv) words = g_strsplit_set(lists, " \t", -1);

	auth.uids = g_array_new(FALSE, FALSE, sizeof(guint32));
	auth.gids = g_array_new(FALSE, FALSE, sizeof(guint32));
	for (guint i = 0; words[i] != NULL; i++)
		if (g_str_has_prefix(words[i], "uid=") || g_str_has_prefix(words[i], "gid="))
			take_list(api, &auth, words[i], is_default);
	g_array_append_val(api->auth, auth);
}

static const HbApiAuth *
find(const HbApi *api, const char *id)
{
	for (guint i = 0; i < api->auth->len; i++) {
		const HbApiAuth *auth = &g_array_index(api->auth, HbApiAuth, i);

		if (strcmp(auth->id, id) == 0)
			return auth;
	}
	return NULL;
}

static void
clear_entry(gpointer data)
{
	HbApiAuth *auth = data;

	g_free(auth->id);
	g_array_unref(auth->uids);
	g_array_unref(auth->gids);
}

void
hb_api_auth_load(HbApi *api)
{
	if (api->accounts == NULL)
		api->accounts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (api->auth != NULL)
		g_array_unref(api->auth);
	api->auth = g_array_new(FALSE, FALSE, sizeof(HbApiAuth));
	g_array_set_clear_func(api->auth, clear_entry);
	for (guint i = 0; i < api->config->n_lines; i++) {
		const HbLineConf *line = &api->config->lines[i];
		gsize id_len = strcspn(line->words, " \t");
		g_autofree char *id = g_strndup(line->words, id_len);

		if (strcmp(line->name, "apiauth") == 0)
			take_entry(api, id, line->words + id_len, FALSE);
	}
	for (guint i = 0; i < G_N_ELEMENTS(defaults); i++)
		if (find(api, defaults[i].id) == NULL)
			take_entry(api, defaults[i].id, defaults[i].lists, TRUE);
}

void
hb_api_auth_free(HbApi *api)
{
	g_array_unref(api->auth);
	g_hash_table_unref(api->accounts);
}

static gboolean
has_number(const GArray *numbers, guint32 number)
{
	for (guint i = 0; i < numbers->len; i++)
		if (g_array_index(numbers, guint32, i) == number)
			return TRUE;
	return FALSE;
}

const char *
hb_api_auth_refuses(const HbApi *api, const char *id, gboolean is_named, uid_t uid, gid_t gid)
{
	const HbApiAuth *auth = find(api, is_named ? id : ANON);

	if (auth == NULL && is_named)
		auth = find(api, DEFAULT);
	if (auth == NULL)
		return is_named ? "no default client auth" : "apiauth anon missing";
	if (has_number(auth->uids, (guint32)uid) || has_number(auth->gids, (guint32)gid))
		return NULL;
	return "client failed authorization";
}
