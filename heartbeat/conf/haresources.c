/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * haresources.c - which node is home to which groups, and what they consist of (doc/config.md 3).
 *
 * One difference to 3.0.6: comments end at the end of their physical line, also in a continued one.
 */
#include <string.h>

#include <glib.h>

#include "conf/draft.h"
#include "conf/lines.h"
#include "conf/token.h"
#include "conf/value.h"
#include "util/banned.h"
#include "util/id.h"

/* Names under which the same service goes in other distributions. */
static const char *const same_service[][5] = {
	{ "mysqld", "mysql", "mariadb" },
	{ "httpd", "apache2", "apache", "nginx" },
	{ "named", "bind9" },
	{ "smb", "smbd", "samba" },
	{ "nfs", "nfs-kernel-server", "nfs-server" },
	{ "crond", "cron" },
	{ "sshd", "ssh" },
	{ "ntpd", "ntp", "ntpsec", "chrony" },
	{ "drbddisk", "drbd" },
};

/* What to look for instead of @name (transfer full), each word at most once, existing ones only. */
static char *
existing_alternatives(const HbConfInput *input, const char *name)
{
	const char *root = input->system_root != NULL ? input->system_root : "/";
	g_autoptr(GPtrArray) names = hb_system_script_names(input->resource_dirs);
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	const char *nearest;

	for (gsize i = 0; i < G_N_ELEMENTS(same_service); i++) {
		if (!g_strv_contains(same_service[i], name))
			continue;
		for (gsize k = 0; same_service[i][k] != NULL; k++)
			if (hb_system_has_script(input->resource_dirs, same_service[i][k]) ||
			    hb_system_has_unit(root, same_service[i][k]))
				g_ptr_array_add(found, (gpointer)same_service[i][k]);
	}
	g_ptr_array_add(names, NULL);
	nearest = hb_value_nearest((const char *const *)names->pdata, name);
	if (found->len == 0 && nearest != NULL)
		g_ptr_array_add(found, (gpointer)nearest);
	g_ptr_array_add(found, NULL);
	return g_strjoinv(" or ", (char **)found->pdata);
}

/* What only we know: "ocf:PROVIDER:AGENT" and "systemd:UNIT". */
static gboolean
check_prefixed(HbDraft *draft, const HbResourceConf *resource, const char *root)
{
	const char *name = resource->name;
	const char *unit = g_str_has_prefix(name, "systemd:") ? strchr(name, ':') + 1 : NULL;
	gboolean is_ocf = g_str_has_prefix(name, "ocf:");

	if (strcmp(name, "ocf") == 0 && resource->n_args > 0)
		hb_draft_warn(draft, resource->token, "there is no such script; an OCF agent is written "
		              "ocf:PROVIDER:AGENT::NAME=VALUE");
	else if (unit == NULL && !is_ocf)
		return FALSE;
	else if (unit != NULL && resource->n_args > 0)
		hb_draft_warn(draft, resource->token, "a unit of systemd takes no arguments: its group cannot start");
	else if (unit != NULL && !hb_system_has_unit(root, unit))
		hb_draft_warn(draft, resource->token, "systemd has no unit %s on this machine: its group cannot start",
		              unit);
	else if (is_ocf && !hb_system_has_agent(root, name))
		hb_draft_warn(draft, resource->token, "there is no OCF agent of that name below /usr/lib/ocf/resource.d "
		              "on this machine: its group cannot start; the form is ocf:PROVIDER:AGENT");
	if (unit != NULL || is_ocf)
		hb_draft_warn(draft, resource->token, "heartbeat 3.0.6 knows scripts only")->blocks_306 = TRUE;
	return TRUE;
}

static void
check_script(HbDraft *draft, const HbResourceConf *resource)
{
	const HbConfInput *input = draft->input;
	const char *root = input->system_root != NULL ? input->system_root : "/";
	g_autofree char *others = NULL;
	g_autofree char *fault = NULL;

	if (input->resource_dirs == NULL)
		return;
	fault = hb_system_script_fault(input->resource_dirs, resource->name);
	if (hb_system_has_script(input->resource_dirs, resource->name)) {
		if (fault != NULL)
			hb_draft_warn(draft, resource->token, "%s: its group cannot start", fault);
		return;
	}
	if (check_prefixed(draft, resource, root))
		return;
	if (hb_system_has_unit(root, resource->name)) {
		hb_draft_warn(draft, resource->token, "is a unit of systemd here; heartbeat 3.0.6 wants a script "
		              "/etc/init.d/%s", resource->name)->blocks_306 = TRUE;
		return;
	}
	if (fault != NULL) {
		hb_draft_warn(draft, resource->token, "%s: its group cannot start", fault);
		return;
	}
	others = existing_alternatives(input, resource->name);
	hb_draft_warn(draft, resource->token, "there is no resource script %s on this machine: its group cannot "
	              "start%s%s", resource->name, *others != '\0' ? "; there is " : "", others);
}

static void
remark(HbDraft *draft, const HbResourceConf *resource, guint remarks)
{
	g_autofree char *doubt = hb_token_ip_doubt(resource);
	g_autofree char *address = NULL;

	if ((remarks & HB_TOKEN_CUT_ADDRESS) != 0) {
		address = g_strdup(strstr(resource->token, "::") + 2);
		hb_draft_warn(draft, resource->token, "the address is cut at ::, and %s gets %u arguments; write "
		              "%s::[%.*s]%s", resource->name, resource->n_args, resource->name,
		              (int)strcspn(address, "/"), address, address + strcspn(address, "/"));
		return;
	}
	if ((remarks & HB_TOKEN_BRACKETS) != 0)
		hb_draft_warn(draft, resource->token, "heartbeat 3.0.6 does not know the brackets and cuts the "
		              "address at ::")->blocks_306 = TRUE;
	if ((remarks & HB_TOKEN_EMPTY_ARG) != 0)
		hb_draft_warn(draft, resource->token, "an empty argument is not passed on; %s gets %u arguments",
		              resource->name, resource->n_args);
	if (doubt != NULL)
		hb_draft_warn(draft, resource->token, "%s", doubt);
}

/* What makes @token impossible, whatever it names, or NULL. */
static const char *
token_fault(const char *token)
{
	if (strlen(token) > HB_TOKEN_MAX)
		return "is longer than " G_STRINGIFY(HB_TOKEN_MAX) " characters";
	for (const char *p = token; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p))
			return "holds a control character";
	if (strcmp(token, "\\") == 0)
		return "a backslash continues the line only when it is the very last character";
	return NULL;
}

/* Is it this daemon? Its stop would wait for the stop of its resources, of which it is one. */
static gboolean
is_heartbeat_itself(const char *name)
{
	static const char *const names[] = { "heartbeat", "systemd:heartbeat", "systemd:heartbeat.service", NULL };

	return g_strv_contains(names, name);
}

/* What makes @resource impossible on any machine, or NULL. */
static const char *
resource_fault(const HbResourceConf *resource)
{
	if (resource->name[0] == '.' || strchr(resource->name, '/') != NULL)
		return "a script is named without a directory; it lies in resource.d or init.d";
	if (is_heartbeat_itself(resource->name))
		return "is what reads this file: it cannot be a resource of its own; delete the word, and have the system start it";
	return hb_token_ip_fault(resource);
}

/* Cuts @token into @resource. FALSE: it is impossible, which has been reported. */
static gboolean
take_token(HbDraft *draft, const char *token, HbResourceConf *resource)
{
	const char *fault = token_fault(token);
	guint remarks = 0;

	if (fault == NULL && !hb_token_parse(token, resource, &remarks))
		fault = "names no script";
	else if (fault == NULL)
		fault = resource_fault(resource);
	if (fault != NULL) {
		hb_draft_error(draft, token, "%s", fault);
		hb_token_clear(resource);
		return FALSE;
	}
	remark(draft, resource, remarks);
	check_script(draft, resource);
	return TRUE;
}

static int
find_node(const HbDraft *draft, const char *name)
{
	for (guint i = 0; i < draft->nodes->len; i++)
		if (g_ascii_strcasecmp(g_array_index(draft->nodes, HbNodeConf, i).name, name) == 0)
			return (int)i;
	return -1;
}

/* The index of the node that is home to the line, or -1 and a report. */
static int
take_home(HbDraft *draft, const char *word)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	const char *nearest = NULL;
	int home = find_node(draft, word);

	if (home >= 0)
		return home;
	for (guint i = 0; i < draft->nodes->len; i++) {
		char *name = g_array_index(draft->nodes, HbNodeConf, i).name;
		gsize len = strcspn(name, ".");

		g_ptr_array_add(names, name);
		if (len == strcspn(word, ".") && g_ascii_strncasecmp(name, word, len) == 0)
			nearest = name;
	}
	g_ptr_array_add(names, NULL);
	if (nearest == NULL)
		nearest = hb_value_nearest((const char *const *)names->pdata, word);
	if (nearest != NULL)
		hb_draft_error(draft, word, "is not a node of ha.cf; did you mean %s?", nearest);
	else
		hb_draft_error(draft, word, "is not a node of ha.cf; a line begins with the node that is home to "
		               "its resources");
	return -1;
}

static void
compare_resources(HbDraft *draft, const HbResourceConf *mine, const HbResourceConf *theirs, gboolean one_is_key,
                  guint their_line)
{
	g_autofree char *address = hb_token_address(mine);
	g_autofree char *their_address = hb_token_address(theirs);

	if (address != NULL && g_strcmp0(address, their_address) == 0)
		hb_draft_warn(draft, mine->token, "the address is in the group of line %u, too: both groups may be "
		              "up at once, on two nodes", their_line);
	if (one_is_key && strcmp(mine->token, theirs->token) == 0)
		hb_draft_warn(draft, mine->token, "names a group and stands in another (line %u): heartbeat 3.0.6 "
		              "mixes the two up", their_line)->blocks_306 = TRUE;
}

/* Reports what stands in two groups and must not, or had better not. */
static void
compare_groups(HbDraft *draft, const HbGroupConf *group, const HbGroupConf *other)
{
	if (strcmp(other->key, group->key) == 0) {
		hb_draft_error(draft, group->key, "is the first resource of line %u, too; the first resource names "
		               "the group and must be different", other->line);
		return;
	}
	if (other->id == group->id)
		hb_draft_error(draft, group->key, "cannot be told from %s in line %u by its short id; put another "
		               "resource first", other->key, other->line);
	for (guint a = 0; a < group->n_resources; a++)
		for (guint b = 0; b < other->n_resources; b++)
			compare_resources(draft, &group->resources[a], &other->resources[b], a == 0 || b == 0,
			                  other->line);
}

static void
compare_within(HbDraft *draft, const HbGroupConf *group, const HbResourceConf *last)
{
	for (guint i = 0; i < group->n_resources; i++)
		if (strcmp(group->resources[i].token, last->token) == 0) {
			hb_draft_warn(draft, last->token, "stands in this group for the second time");
			return;
		}
}

/* FALSE: the line has an error. */
static gboolean
take_resources(HbDraft *draft, HbGroupConf *group, char *const *tokens)
{
	guint n = g_strv_length((char **)tokens);
	gboolean ok = TRUE;

	if (n > HB_RESOURCES_MAX) {
		hb_draft_error(draft, NULL, "%u resources in one group; at most %d are possible", n,
		               HB_RESOURCES_MAX);
		return FALSE;
	}
	group->resources = g_new0(HbResourceConf, MAX(n, 1));
	for (guint i = 0; i < n; i++) {
		HbResourceConf *resource = &group->resources[group->n_resources];

		if (!take_token(draft, tokens[i], resource)) {
			ok = FALSE;
			continue;
		}
		compare_within(draft, group, resource);
		group->n_resources++;
	}
	return ok && group->n_resources > 0;
}

static void
clear_group(HbGroupConf *group)
{
	for (guint i = 0; i < group->n_resources; i++)
		hb_token_clear(&group->resources[i]);
	g_free(group->resources);
	g_free(group->key);
}

static void
take_group(HbDraft *draft, const char *text)
{
	g_auto(GStrv) words = hb_line_words(text, HB_BLANKS);
	HbGroupConf group = { .line = draft->at.line };
	int home;

	if (words[0] == NULL)
		return;
	/* Without any node ha.cf is broken, which has been said. */
	home = draft->nodes->len > 0 ? take_home(draft, words[0]) : 0;
	if (words[1] == NULL) {
		if (home >= 0)
			hb_draft_warn(draft, words[0], "no resource follows; the line is passed over");
		return;
	}
	if (!take_resources(draft, &group, words + 1) || home < 0) {
		clear_group(&group);
		return;
	}
	group.home = (guint)home;
	group.key = g_strdup(group.resources[0].token);
	group.id = hb_id_of(group.key);
	if (draft->groups->len >= HB_GROUPS_MAX) {
		hb_draft_error(draft, group.key, "is one more than %d groups", HB_GROUPS_MAX);
		clear_group(&group);
		return;
	}
	for (guint i = 0; i < draft->groups->len; i++)
		compare_groups(draft, &group, &g_array_index(draft->groups, HbGroupConf, i));
	g_array_append_val(draft->groups, group);
}

/* Cuts comment and CR off a physical line. TRUE: the next line belongs to it. */
static gboolean
cut_physical(HbDraft *draft, char *line, gboolean is_continuation, gboolean *said_cr)
{
	gsize len = strlen(line);
	char *comment = strchr(line, '#');

	if (len > 0 && line[len - 1] == '\r') {
		if (!*said_cr)
			hb_draft_warn(draft, NULL, "the lines end with CR LF; heartbeat 3.0.6 takes the CR for a part "
			              "of the last word")->blocks_306 = TRUE;
		*said_cr = TRUE;
		line[--len] = '\0';
	}
	if (comment == NULL && len > 0 && line[len - 1] == '\\') {
		line[len - 1] = '\0';
		return TRUE;
	}
	if (comment == NULL)
		return FALSE;
	if (is_continuation)
		hb_draft_warn(draft, NULL, "a comment in a continued line; heartbeat 3.0.6 takes its words for "
		              "resources")->blocks_306 = TRUE;
	else if (line[len - 1] == '\\')
		hb_draft_warn(draft, NULL, "the backslash at the end of a comment does not continue the line");
	*comment = '\0';
	return FALSE;
}

void
hb_haresources_parse(HbDraft *draft, const HbFile *file)
{
	g_autoptr(GString) logical = g_string_new(NULL);
	gboolean continued = FALSE;
	gboolean said_cr = FALSE;
	guint first = 0;
	HbLines lines;
	char *text;

	if (!hb_draft_open(draft, file, 0, &lines))
		return;
	while ((text = hb_lines_next(&lines)) != NULL) {
		g_autofree char *line = text;
		gboolean goes_on;

		draft->at.line = lines.number;
		goes_on = cut_physical(draft, line, continued, &said_cr);
		if (!continued)
			first = lines.number;
		g_string_append(logical, line);
		continued = goes_on;
		if (goes_on)
			continue;
		draft->at.line = first;
		take_group(draft, logical->str);
		g_string_truncate(logical, 0);
	}
	draft->at.line = first;
	take_group(draft, logical->str);
	draft->at.line = 0;
}
