/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec_main.c - program heartbeat: the root process, and the commands that speak to it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "exec/boot.h"
#include "exec/check.h"
#include "exec/control.h"
#include "exec/notify.h"
#include "exec/options.h"
#include "exec/supervise.h"
#include "log/log.h"

#include "util/banned.h"

typedef int Mode(const HbOptions *options, char **argv);

static int
mode_help(const HbOptions *options, char **argv)
{
	(void)options, (void)argv;
	hb_options_usage(FALSE);
	return HB_EXIT_OK;
}

static int
mode_version(const HbOptions *options, char **argv)
{
	(void)options, (void)argv;
	printf("%s\n", PACKAGE_VERSION);
	return HB_EXIT_OK;
}

static int
mode_old_restart(const HbOptions *options, char **argv)
{
	(void)options, (void)argv;
	fprintf(stderr, "heartbeat: -R and -C were for heartbeat 3's own use; to have the configuration read again "
	                "use heartbeat -r\n");
	return HB_EXIT_USAGE;
}

static int
mode_status(const HbOptions *options, char **argv)
{
	g_autofree char *node_name = hb_check_node_name(options->dir);

	(void)argv;
	return hb_control_status(node_name);
}

static int
mode_kill(const HbOptions *options, char **argv)
{
	(void)options, (void)argv;
	return hb_control_kill();
}

static int
mode_check(const HbOptions *options, char **argv)
{
	g_autofree char *node_name = hb_check_node_name(options->dir);

	(void)argv;
	return hb_check_all(options->dir, node_name);
}

static int
mode_check_start(const HbOptions *options, char **argv)
{
	g_autofree char *node_name = hb_check_node_name(options->dir);

	(void)argv;
	return hb_check_start(options, node_name, NULL, NULL);
}

static int
mode_group_id(const HbOptions *options, char **argv)
{
	g_autofree char *node_name = hb_check_node_name(options->dir);
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = hb_check_read(options, problems);
	g_autoptr(HbConfig) config = hb_check_parse(bundle, node_name, problems);
	int group;

	(void)argv;
	if (config == NULL) {
		fprintf(stderr, "heartbeat: the configuration cannot be used: see heartbeat --check\n");
		return HB_EXIT_CONFIG;
	}
	group = hb_config_group_index(config, options->group);
	if (group < 0) {
		fprintf(stderr, "heartbeat: %s: %s of haresources\n", options->group,
		        group == -2 ? "is in several groups" : "is no group and no resource");
		return HB_EXIT_FAILED;
	}
	printf("%08x\n", config->groups[group].id);
	return HB_EXIT_OK;
}

static gboolean
is_needed_only_here(const char *name)
{
	return strcmp(name, "auto_failback") == 0 || strcmp(name, "logfacility") == 0 || strcmp(name, "node") == 0;
}

/* What a file that says only the least leaves to us. */
static int
mode_defaults(const HbOptions *options, char **argv)
{
	static const char least[] = "logfacility none\nauto_failback legacy\nbcast lo\nnode ";
	g_autofree char *node_name = hb_check_node_name(options->dir);
	g_autofree char *text = g_strconcat(least, node_name, "\n", NULL);
	static const char keys[] = "auth 1\n1 crc\n";
	HbFile files[] = {
		{ HB_FILE_HACF, (char *)"ha.cf", g_bytes_new(text, strlen(text)) },
		{ HB_FILE_HARESOURCES, (char *)"haresources", g_bytes_new_static("", 0) },
		{ HB_FILE_AUTHKEYS, (char *)"authkeys", g_bytes_new_static(keys, sizeof keys - 1) },
	};
	HbBundle bundle = { .files = g_ptr_array_new() };
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = NULL;

	(void)argv;
	for (guint i = 0; i < G_N_ELEMENTS(files); i++)
		g_ptr_array_add(bundle.files, &files[i]);
	config = hb_check_parse(&bundle, node_name, problems);
	for (guint i = 0; config != NULL && i < config->n_recorded; i++)
		if (!is_needed_only_here(config->recorded[i].name))
			printf("%-24s %s\n", config->recorded[i].name, config->recorded[i].value);
	for (guint i = 0; i < G_N_ELEMENTS(files); i++)
		g_bytes_unref(files[i].bytes);
	g_ptr_array_unref(bundle.files);
	return config != NULL ? HB_EXIT_OK : HB_EXIT_FAILED;
}

static char *
own_program(const char *argv0)
{
	static const char deleted[] = " (deleted)";
	char *path = g_file_read_link("/proc/self/exe", NULL);

	/* Replaced by a package upgrade: the guard shall start the new one. */
	if (path != NULL && g_str_has_suffix(path, deleted))
		path[strlen(path) - strlen(deleted)] = '\0';
	return path != NULL ? path : g_strdup(argv0);
}

static int
fail(int code, const GError *error)
{
	hb_log(HB_LOG_CRIT, "cannot start: %s", error->message);
	hb_notify_failed(code, error->message);
	return code;
}

/* The daemon, from its parse of the configuration to its end. */
static int
run(HbExec *ex)
{
	g_autoptr(GError) error = NULL;
	int code;

	ex->log.root_write = -1;
	umask(022);
	if (!ex->options.foreground && !ex->options.revive && !hb_notify_daemonize(&error))
		return fail(HB_EXIT_FAILED, error);
	code = hb_boot(ex, &error);
	if (code == HB_EXIT_RUNNING) {
		code = HB_EXIT_OK;
		hb_notify_failed(code, error->message);
	} else if (code != HB_EXIT_OK) {
		(void)fail(code, error);
	} else {
		code = hb_supervise(ex);
	}
	hb_log_link_close(ex);
	return code;
}

static int
mode_start(const HbOptions *options, char **argv)
{
	HbExec ex = { .options = *options, .argv = argv };
	pid_t pid;
	int code;

	ex.node_name = hb_check_node_name(options->dir);
	ex.program = own_program(argv[0]);
	if (options->revive)
		return run(&ex);
	/* Beside another start its result is ours; what is being stopped is not what was asked for. */
	hb_control_wait_for_starter();
	hb_control_wait_for_stopper();
	if (hb_control_find(&pid) == HB_DAEMON_RUNS) {
		fprintf(stderr, "INFO: heartbeat already running [pid %d].\n", (int)pid);
		return HB_EXIT_OK;
	}
	if (geteuid() != 0) {
		fprintf(stderr, "heartbeat: must be started by root\n");
		return HB_EXIT_PERMISSION;
	}
	/* Who goes on goes on with what was in force; what is being edited now is for the next reload. */
	if (hb_state_is_orphaned(HB_STATE_FILE))
		return run(&ex);
	code = hb_check_start(options, ex.node_name, &ex.bundle, &ex.config);
	if (code != HB_EXIT_OK)
		return code;
	if (options->show_config) {
		g_autofree char *text = hb_config_print(ex.config);

		fputs(text, stdout);
	}
	return run(&ex);
}

static int
mode_reload(const HbOptions *options, char **argv)
{
	g_autofree char *node_name = hb_check_node_name(options->dir);
	pid_t pid;
	int code;

	if (hb_control_find_soon(&pid) != HB_DAEMON_RUNS)
		return mode_start(options, argv);
	code = hb_check_start(options, node_name, NULL, NULL);
	if (code == HB_EXIT_OK)
		return hb_control_reload();
	fprintf(stderr, "heartbeat: the configuration has errors: NOT reloaded\n");
	return code == HB_EXIT_PERMISSION ? code : HB_EXIT_FAILED;
}

/* Whoever started us may have closed them; the next file that is opened must not become one. */
static void
open_standard_fds(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		(void)close(fd);
}

int
main(int argc, char **argv)
{
	static Mode *const modes[] = {
		[HB_MODE_START] = mode_start,             [HB_MODE_DEFAULTS] = mode_defaults,
		[HB_MODE_KILL] = mode_kill,               [HB_MODE_STATUS] = mode_status,
		[HB_MODE_OLD_RESTART] = mode_old_restart, [HB_MODE_RELOAD] = mode_reload,
		[HB_MODE_VERSION] = mode_version,         [HB_MODE_CHECK] = mode_check,
		[HB_MODE_HELP] = mode_help,               [HB_MODE_GROUP_ID] = mode_group_id,
		[HB_MODE_CHECK_START] = mode_check_start,
	};
	HbOptions options;

	open_standard_fds();
	/* A limit of the size of files is an error of a write, to be told like others, and no death. */
	(void)signal(SIGXFSZ, SIG_IGN);
	if (!hb_options_parse(argc, argv, &options))
		return HB_EXIT_USAGE;
	/* Whatever was open when this was started is not ours. */
	(void)close_range(3, ~0U, 0);
	return modes[options.mode](&options, argv);
}
