/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clients.c - the lines of ha.cf about programs beside the daemon: respawn, failfast, apiauth, env,
 * stonith, stonith_host (doc/config.md 2.4, 2.5).
 */
#include <string.h>

#include <glib.h>

#include "conf/draft.h"
#include "conf/lines.h"
#include "util/banned.h"

#define CLIENT_NAME_MAX 31

/* Programs of the suite. Old guides name them in directories where Debian never had them. */
static const char *const own_clients[] = { "ipfail", "dopd", "ccm", "hbagent", "pingd", NULL };
static const char *const old_dirs[] = { "/usr/lib/heartbeat", "/usr/lib64/heartbeat",
	                                "/usr/libexec/heartbeat", HB_BIN_DIR, NULL };

/* Users and groups that come with the package; they may be made later than this check. */
static const char *const own_accounts[] = { "hacluster", "haclient", HB_USER, HB_GROUP, NULL };

/* Where a program of the suite is today (transfer full), or NULL when @program is none. */
static char *
own_client_path(const char *program)
{
	g_autofree char *dir = g_path_get_dirname(program);
	g_autofree char *base = g_path_get_basename(program);

	if (!g_strv_contains(own_clients, base) || !g_strv_contains(old_dirs, dir))
		return NULL;
	return g_strconcat(HB_BIN_DIR "/", base, NULL);
}

/* TRUE: @user can run @program here, or that is not asked. */
static gboolean
can_run(HbDraft *draft, const char *user, const char *program)
{
	if (!draft->input->with_system)
		return TRUE;
	if (!hb_system_has_user(user)) {
		hb_draft_error(draft, user, "there is no such user on this machine");
		return FALSE;
	}
	if (!hb_system_is_program(program)) {
		hb_draft_error(draft, program, "there is no such program, or it is not executable");
		return FALSE;
	}
	return TRUE;
}

static void
take_respawn(HbDraft *draft, HbDirectiveId id, const char *words)
{
	HbRespawnConf client = { .failfast = id == HB_HACF_FAILFAST, .line = draft->at.line };
	const char *command;
	const char *arguments;
	g_autofree char *user = hb_line_first_word(words, &command);
	g_autofree char *program = hb_line_first_word(command, &arguments);
	g_autofree char *own = own_client_path(program);

	if (program[0] != '/') {
		hb_draft_error(draft, words, "the program must be given with its full path, as in %s hacluster "
		               HB_BIN_DIR "/ipfail", draft->at.directive);
		return;
	}
	if (own != NULL && strcmp(own, program) != 0)
		hb_draft_warn(draft, words, "is taken for %s", own)->blocks_306 =
			!g_str_has_prefix(program, "/usr/libexec/");
	/* A client of the suite that this version does not have yet must not keep a cluster down. */
	if ((own == NULL || (draft->input->with_system && hb_system_is_program(own))) &&
	    !can_run(draft, user, own != NULL ? own : program))
		return;
	client.user = g_strdup(user);
	client.command = g_strconcat(own != NULL ? own : program, *arguments != '\0' ? " " : "", arguments,
	                             NULL);
	g_array_append_val(draft->respawn, client);
}

static gboolean
has_account(const char *name, gboolean is_group)
{
	if (name[strspn(name, "0123456789")] == '\0' || g_strv_contains(own_accounts, name))
		return TRUE;
	return is_group ? hb_system_has_group(name) : hb_system_has_user(name);
}

/* "uid=root,hacluster": each account must exist. */
static gboolean
accounts_are_right(HbDraft *draft, const char *word)
{
	gboolean is_group = word[0] == 'g';
	g_auto(GStrv) names = hb_line_words(word + strlen("uid="), ",");

	if (names[0] == NULL || word[strlen("uid=")] == ',') {
		hb_draft_error(draft, word, "names nobody");
		return FALSE;
	}
	for (guint i = 0; names[i] != NULL; i++) {
		if (draft->input->with_system && !has_account(names[i], is_group)) {
			hb_draft_error(draft, names[i], "there is no such %s on this machine",
			               is_group ? "group" : "user");
			return FALSE;
		}
	}
	return TRUE;
}

/* Is there an apiauth line for this client already? */
static gboolean
has_apiauth(const HbDraft *draft, const char *name)
{
	for (guint i = 0; i < draft->lines->len; i++) {
		const HbLineConf *line = &g_array_index(draft->lines, HbLineConf, i);
		const char *rest;
		g_autofree char *other = hb_line_first_word(line->words, &rest);

		if (strcmp(line->name, "apiauth") == 0 && strcmp(other, name) == 0)
			return TRUE;
	}
	return FALSE;
}

static gboolean
apiauth_is_right(HbDraft *draft, const char *words)
{
	g_auto(GStrv) word = hb_line_words(words, HB_BLANKS);
	gboolean has_uid = FALSE;
	gboolean has_gid = FALSE;

	if (strlen(word[0]) > CLIENT_NAME_MAX) {
		hb_draft_error(draft, word[0], "a client name has at most %d characters", CLIENT_NAME_MAX);
		return FALSE;
	}
	if (has_apiauth(draft, word[0])) {
		hb_draft_error(draft, word[0], "has a line already; delete one");
		return FALSE;
	}
	for (guint i = 1; word[i] != NULL; i++) {
		gboolean is_uid = g_str_has_prefix(word[i], "uid=");
		gboolean is_gid = g_str_has_prefix(word[i], "gid=");

		if ((!is_uid && !is_gid) || (is_uid && has_uid) || (is_gid && has_gid)) {
			hb_draft_error(draft, word[i], "only one uid= and one gid= list can follow; write apiauth "
			               "%s uid=USER,USER gid=GROUP,GROUP", word[0]);
			return FALSE;
		}
		has_uid |= is_uid;
		has_gid |= is_gid;
		if (!accounts_are_right(draft, word[i]))
			return FALSE;
	}
	return TRUE;
}

static void
keep_line(HbDraft *draft, HbDirectiveId id, const char *words)
{
	HbLineConf line = { .name = g_strdup(hb_directives[id].name), .words = g_strdup(words),
		            .line = draft->at.line };

	g_array_append_val(draft->lines, line);
}

void
hb_hacf_line(HbDraft *draft, HbDirectiveId id, const char *words)
{
	const HbDirective *row = &hb_directives[id];
	g_auto(GStrv) word = hb_line_words(words, HB_BLANKS);

	if (g_strv_length(word) < (guint)row->min) {
		hb_draft_error(draft, *words != '\0' ? words : NULL, "needs %s", row->legal);
		return;
	}
	if (id == HB_HACF_RESPAWN || id == HB_HACF_FAILFAST)
		take_respawn(draft, id, words);
	else if (id != HB_HACF_APIAUTH || apiauth_is_right(draft, words))
		keep_line(draft, id, words);
	if (id == HB_HACF_STONITH || id == HB_HACF_STONITH_HOST)
		hb_hacf_fence(draft, id, words);
}

void
hb_hacf_env(HbDraft *draft, const char *text)
{
	const char *equals = strchr(text, '=');
	gsize name_len = equals != NULL ? (gsize)(equals - text) : strlen(text);
	g_autofree char *setting = g_strconcat(text, equals == NULL ? "=" : "", NULL);

	if (name_len == 0) {
		hb_draft_error(draft, text, "has no name; write env NAME=VALUE");
		return;
	}
	if (equals == NULL)
		hb_draft_warn(draft, text, "has no =, and is taken for an empty value");
	if (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") < name_len)
		hb_draft_warn(draft, text, "scripts cannot use a name that has other characters than letters, "
		              "digits and _");
	for (guint i = 0; i < draft->env->len; i++) {
		if (strncmp(draft->env->pdata[i], setting, name_len + 1) == 0) {
			g_ptr_array_remove_index(draft->env, i);
			break;
		}
	}
	g_ptr_array_add(draft->env, g_steal_pointer(&setting));
}
