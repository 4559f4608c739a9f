/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include <glib.h>

#include "conf/check.h"
#include "exec/apart.h"
#include "exec/check.h"
#include "util/textfile.h"

#include "util/banned.h"

#define CLIENT_USER "hacluster"
#define DEBUG_MAX 255u
#define NODEINFO_MAX 1024
#define BLANKS " \t\r\n"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define OCF_NOT_CONFIGURED 6

static const char *const resource_dirs[] = { HB_HA_DIR "/resource.d", HB_INIT_DIR, NULL };

char *
hb_check_node_name(const char *dir)
{
	g_autofree char *path = g_build_filename(dir, "nodeinfo", NULL);
	g_autoptr(GError) error = NULL;
	g_autofree char *text = hb_text_file_read(path, NODEINFO_MAX, &error);
	struct utsname uts;

	if (text != NULL) {
		const char *name = text + (g_str_has_prefix(text, BYTE_ORDER_MARK) ? strlen(BYTE_ORDER_MARK) : 0);

		name += strspn(name, BLANKS);
		text[(gsize)(name - text) + strcspn(name, BLANKS)] = '\0';
		if (*name != '\0')
			return g_ascii_strdown(name, -1);
		fprintf(stderr, "%s: warning: holds no name: the machine's own is used\n", path);
	} else if (!g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) &&
	           !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR)) {
		fprintf(stderr, "heartbeat: warning: %s: the machine's own name is used\n", error->message);
	}
	return uname(&uts) == 0 ? g_ascii_strdown(uts.nodename, -1) : g_strdup("localhost");
}

static void
add_line(HbBundle *bundle, guint at, const char *path, const char *line)
{
	HbFile *file = g_new0(HbFile, 1);

	file->kind = HB_FILE_HACF;
	file->path = g_strdup(path);
	file->bytes = g_bytes_new(line, strlen(line));
	g_ptr_array_insert(bundle->files, (gint)at, file);
}

HbBundle *
hb_check_read(const HbOptions *options, GPtrArray *problems)
{
	HbBundle *bundle = hb_bundle_read(options->dir, problems);
	guint n_hacf = 0;

	for (guint i = 0; i < bundle->files->len; i++) {
		HbFile *file = g_ptr_array_index(bundle->files, i);

		if (file->kind == HB_FILE_HACF)
			n_hacf = i + 1;
		if (file->kind == HB_FILE_HARESOURCES && options->no_resources) {
			g_bytes_unref(file->bytes);
			file->bytes = g_bytes_new_static("", 0);
		}
	}
	/* Options are lines like any other, so that hb-node reads the same. */
	if (options->no_realtime)
		add_line(bundle, n_hacf, "option -l", "realtime off\n");
	if (options->debug > 0) {
		g_autofree char *line = g_strdup_printf("debug %u\n", MIN(options->debug, DEBUG_MAX));

		add_line(bundle, n_hacf, "option -d", line);
	}
	return bundle;
}

static HbConfig *
parse(const HbBundle *bundle, const char *node_name, const HbPluginJudge *judge, GPtrArray *problems)
{
	const HbConfInput input = {
		.files = bundle, .node_name = node_name, .resource_dirs = judge != NULL ? resource_dirs : NULL,
		.with_system = judge != NULL, .judge = judge,
	};

	return hb_config_parse(&input, problems);
}

HbConfig *
hb_check_parse(const HbBundle *bundle, const char *node_name, GPtrArray *problems)
{
	return parse(bundle, node_name, NULL, problems);
}

static void
print(const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *text = hb_problem_text(g_ptr_array_index(problems, i));

		fprintf(stderr, "%s\n", text);
	}
}

static int
exit_code(const GPtrArray *problems, gboolean has_config)
{
	int code = HB_EXIT_CONFIG;

	if (has_config && !hb_problems_have_error(problems))
		return HB_EXIT_OK;
	for (guint i = 0; i < problems->len; i++) {
		const HbProblem *problem = g_ptr_array_index(problems, i);

		if (problem->kind == HB_PROBLEM_ERROR && problem->is_permission)
			code = HB_EXIT_PERMISSION;
	}
	return code;
}

static int
say_failed(const GError *error)
{
	fprintf(stderr, "heartbeat: %s\n", error->message);
	return HB_EXIT_FAILED;
}

int
hb_check_start(const HbOptions *options, const char *node_name, HbBundle **ret_bundle, HbConfig **ret_config)
{
	g_autoptr(GPtrArray) problems = hb_problems_new(), own_problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = NULL;
	g_autoptr(HbConfig) judged = NULL, own = NULL;
	g_autoptr(GError) error = NULL;
	int code;

	if (!hb_apart_start(&error))
		return say_failed(error);
	bundle = hb_check_read(options, problems);
	judged = parse(bundle, node_name, hb_apart_judge(), problems);
	hb_apart_stop();
	print(problems);
	code = exit_code(problems, judged != NULL);
	if (code != HB_EXIT_OK)
		return code;
	/* Root's own, which no plugin had a say in. */
	own = hb_check_parse(bundle, node_name, own_problems);
	if (own == NULL) {
		print(own_problems);
		return HB_EXIT_CONFIG;
	}
	if (ret_bundle != NULL)
		*ret_bundle = g_steal_pointer(&bundle);
	if (ret_config != NULL)
		*ret_config = g_steal_pointer(&own);
	return HB_EXIT_OK;
}

/* Compares the parameters of an OCF agent with those that it knows: the same that hb-ocf does before a start. */
static void
check_agent(const HbGroupConf *group, const HbResourceConf *resource)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autofree char *said = NULL;
	g_auto(GStrv) lines = NULL;
	int status = 0;

	g_ptr_array_add(argv, (gpointer)HB_BIN_DIR "/hb-ocf");
	g_ptr_array_add(argv, resource->name);
	for (guint i = 0; i < resource->n_args; i++)
		g_ptr_array_add(argv, resource->args[i]);
	g_ptr_array_add(argv, (gpointer)"check");
	g_ptr_array_add(argv, NULL);
	if (!g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &said, &status,
	                  NULL) ||
	    !WIFEXITED(status) || WEXITSTATUS(status) != OCF_NOT_CONFIGURED)
		return;
	lines = g_strsplit(g_strstrip(said), "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		printf("haresources:%u: warning: %s\n", group->line, *line);
}

static void
check_agents(const HbConfig *config)
{
	for (guint g = 0; g < config->n_groups; g++)
		for (guint i = 0; i < config->groups[g].n_resources; i++) {
			const HbResourceConf *resource = &config->groups[g].resources[i];

			if (g_str_has_prefix(resource->name, "ocf:"))
				check_agent(&config->groups[g], resource);
		}
}

/* An installation makes them; one that was only unpacked has not. */
static void
check_accounts(void)
{
	if (getpwnam(HB_USER) == NULL || getgrnam(HB_GROUP) == NULL)
		printf("this machine: warning: the user %s and the group %s, as which hb-node runs, must exist before a start; "
		       "make them: groupadd -r %s; useradd -r -g %s -s /usr/sbin/nologin %s\n", HB_USER, HB_GROUP, HB_GROUP,
		       HB_GROUP, HB_USER);
	if (getpwnam(CLIENT_USER) == NULL)
		printf("this machine: warning: there is no user " CLIENT_USER ", as which clients such as ipfail run; make it: "
		       "useradd -r -g %s -s /usr/sbin/nologin " CLIENT_USER "\n", HB_GROUP);
}

int
hb_check_all(const char *dir, const char *node_name)
{
	g_autoptr(GString) report = g_string_new(NULL);
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = NULL;
	g_autoptr(HbConfig) config = NULL;
	g_autoptr(GError) error = NULL;
	int code;

	if (!hb_apart_start(&error))
		return say_failed(error);
	code = hb_conf_check(dir, hb_apart_judge(), node_name, report);
	hb_apart_stop();
	bundle = hb_bundle_read(dir, problems);
	config = hb_check_parse(bundle, node_name, problems);
	if (config != NULL)
		check_agents(config);
	check_accounts();
	fputs(report->str, stdout);
	return code;
}
