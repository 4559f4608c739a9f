/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "exec/check.h"
#include "plugin/plugin.h"
#include "util/fd.h"

#include "util/banned.h"

#define DEBUG_MAX 255u

static const char *const resource_dirs[] = { HB_HA_DIR "/resource.d", HB_INIT_DIR, NULL };

char *
hb_check_node_name(const char *dir)
{
	g_autofree char *path = g_build_filename(dir, "nodeinfo", NULL);
	g_autofree char *text = NULL;
	struct utsname uts;

	if (g_file_get_contents(path, &text, NULL, NULL)) {
		text[strcspn(text, " \t\r\n")] = '\0';
		if (*text != '\0')
			return g_ascii_strdown(text, -1);
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
parse(const HbBundle *bundle, const char *node_name, gboolean with_system, const HbPluginJudge *judge,
      GPtrArray *problems)
{
	const HbConfInput input = {
		.files = bundle, .node_name = node_name, .resource_dirs = with_system ? resource_dirs : NULL,
		.with_system = with_system, .judge = judge,
	};

	return hb_config_parse(&input, problems);
}

HbConfig *
hb_check_parse(const HbBundle *bundle, const char *node_name, gboolean with_system, GPtrArray *problems)
{
	return parse(bundle, node_name, with_system, NULL, problems);
}

static void
drop_rights(void)
{
	const struct passwd *user;

	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (geteuid() != 0)
		return;
	user = getpwnam(HB_USER);
	if (user == NULL)
		user = getpwnam("nobody");
	if (user == NULL || setgroups(0, NULL) < 0 || setresgid(user->pw_gid, user->pw_gid, user->pw_gid) < 0 ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid) < 0) {
		fprintf(stderr, "heartbeat: cannot give up root's rights to check the configuration: %s\n",
		        g_strerror(errno));
		_exit(HB_EXIT_PERMISSION);
	}
}

static int
exit_code(const GPtrArray *problems, gboolean has_config)
{
	int code = HB_EXIT_OK;

	if (has_config && !hb_problems_have_error(problems))
		return HB_EXIT_OK;
	code = HB_EXIT_CONFIG;
	for (guint i = 0; i < problems->len; i++) {
		const HbProblem *problem = g_ptr_array_index(problems, i);

		if (problem->kind == HB_PROBLEM_ERROR && problem->is_permission)
			code = HB_EXIT_PERMISSION;
	}
	return code;
}

static void G_GNUC_NORETURN
judge_and_exit(const HbBundle *bundle, const char *node_name, int out_fd)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = NULL;
	FILE *out;

	drop_rights();
	config = parse(bundle, node_name, FALSE, hb_plugin_judge(), problems);
	out = fdopen(out_fd, "w");
	for (guint i = 0; out != NULL && i < problems->len; i++) {
		g_autofree char *text = hb_problem_text(g_ptr_array_index(problems, i));

		fprintf(out, "%s\n", text);
	}
	if (out == NULL || fclose(out) != 0)
		_exit(HB_EXIT_FAILED);
	_exit(exit_code(problems, config != NULL));
}

static char *
read_all(int fd)
{
	GString *all = g_string_new(NULL);
	char buf[4096];
	gssize n;

	while ((n = read(fd, buf, sizeof buf)) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			g_string_append_len(all, buf, n);
	return g_string_free(all, FALSE);
}

/* What a child without rights thinks of @bundle; its lines are added to @said and printed. */
static int
judge_apart(const HbBundle *bundle, const char *node_name, GHashTable *said)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	int ends[2], status = 0;
	pid_t pid;

	fflush(NULL);
	if (pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
		fprintf(stderr, "heartbeat: cannot check the configuration: %s\n", g_strerror(errno));
		return HB_EXIT_FAILED;
	}
	if (pid == 0)
		judge_and_exit(bundle, node_name, ends[1]);
	hb_fd_close(ends[1]);
	text = read_all(ends[0]);
	hb_fd_close(ends[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;

	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++)
		if (**line != '\0' && g_hash_table_add(said, g_strdup(*line)))
			fprintf(stderr, "%s\n", *line);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	fprintf(stderr, "heartbeat: a plugin failed badly (signal %d) while it checked the configuration\n",
	        WTERMSIG(status));
	return HB_EXIT_CONFIG;
}

static void
print_new(const GPtrArray *problems, GHashTable *said)
{
	for (guint i = 0; i < problems->len; i++) {
		char *text = hb_problem_text(g_ptr_array_index(problems, i));

		if (!g_hash_table_contains(said, text))
			fprintf(stderr, "%s\n", text);
		g_hash_table_add(said, text);
	}
}

int
hb_check_run(const HbOptions *options, const char *node_name, HbBundle **ret_bundle, HbConfig **ret_config)
{
	g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = hb_check_read(options, problems);
	g_autoptr(HbConfig) config = NULL;
	int code = HB_EXIT_OK;

	if (!hb_problems_have_error(problems)) {
		code = judge_apart(bundle, node_name, said);
		config = hb_check_parse(bundle, node_name, TRUE, problems);
	}
	print_new(problems, said);
	if (code == HB_EXIT_OK)
		code = exit_code(problems, config != NULL);
	if (code != HB_EXIT_OK)
		return code;
	if (ret_bundle != NULL)
		*ret_bundle = g_steal_pointer(&bundle);
	if (ret_config != NULL)
		*ret_config = g_steal_pointer(&config);
	return HB_EXIT_OK;
}
