/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stonith_tool.c - hb_stonith: fencing devices by hand (hb_stonith(8)). Options and output are those of cluster-glue's
 * stonith; without -t it speaks of the device that ha.cf gives this node.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <glib.h>

#include "conf/load.h"
#include "stonith/stonith.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define LIMIT_MS (120 * HB_MS_PER_S)
#define EXIT_RESET_FAILED 5             /* as stonith */
#define OPTION_CONFIRM 256

typedef struct {
	const char *type, *words, *file, *action, *confirm;
	gboolean list, names, meta, hosts, status, from_env, silent, help;
	long count;
	char **rest;
} Options;

static int
usage(FILE *out)
{
	fputs("usage:\n"
	      "  hb_stonith -L                                      list the types of fencing devices\n"
	      "  hb_stonith -t TYPE -n                              names of the settings of a device\n"
	      "  hb_stonith -t TYPE -m                              its meta-data\n"
	      "  hb_stonith -t TYPE -h                              what it says of itself\n"
	      "  hb_stonith [-t TYPE SETTINGS] -l                   nodes that it controls\n"
	      "  hb_stonith [-t TYPE SETTINGS] -S                   does it work?\n"
	      "  hb_stonith [-t TYPE SETTINGS] -T reset|on|off NODE\n"
	      "  hb_stonith --confirm NODE                          to meatware: NODE has been switched off\n"
	      "SETTINGS: -p \"VALUE...\", -F FILE, -E (from the environment), or NAME=VALUE...\n"
	      "Without -t: the device that ha.cf gives this node. -c N: N times. -s: silent.\n",
	      out);
	return out == stdout ? 0 : 1;
}

static int
say(const GError *error)
{
	fprintf(stderr, "hb_stonith: %s\n", error->message);
	return 1;
}

static gint64
limit(void)
{
	return hb_time_now_ms() + LIMIT_MS;
}

/* What ha.cf says (transfer full), or NULL with @error. */
static HbStonith *
configured(GError **error)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = hb_bundle_read(HB_HA_DIR, problems);
	struct utsname uts;
	HbConfInput input = { .files = bundle, .node_name = uname(&uts) == 0 ? uts.nodename : "localhost" };
	g_autoptr(HbConfig) config = hb_config_parse(&input, problems);
	g_autofree char *settings = NULL;

	if (config == NULL || config->fence.type == NULL) {
		g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_TYPE, "%s gives this node no device; name one with -t",
		            config != NULL ? HB_HA_DIR "/ha.cf" : "the configuration cannot be used, and");
		return NULL;
	}
	if (config->fence.file == NULL)
		return hb_stonith_new(config->fence.type, config->fence.words, limit(), error);
	settings = hb_stonith_read_file(config->fence.file, error);
	return settings != NULL ? hb_stonith_new(config->fence.type, settings, limit(), error) : NULL;
}

static HbStonith *
from_environment(const char *type, GError **error)
{
	g_auto(GStrv) env = g_get_environ();

	return hb_stonith_new_named(type, env, limit(), error);
}

static HbStonith *
device_of(const Options *options, GError **error)
{
	g_autofree char *settings = NULL;

	if (options->type == NULL)
		return configured(error);
	if (options->words != NULL)
		return hb_stonith_new(options->type, options->words, limit(), error);
	if (options->from_env)
		return from_environment(options->type, error);
	if (options->file == NULL)
		return hb_stonith_new_named(options->type, options->rest, limit(), error);
	settings = hb_stonith_read_file(options->file, error);
	return settings != NULL ? hb_stonith_new(options->type, settings, limit(), error) : NULL;
}

static int
list_types(void)
{
	g_auto(GStrv) types = hb_stonith_types(limit());

	for (char **type = types; *type != NULL; type++)
		puts(*type);
	return 0;
}

static int
print_names(const char *type)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) names = hb_stonith_names(type, limit(), &error);

	if (names == NULL)
		return say(error);
	for (char **name = names; *name != NULL; name++)
		printf("%s  ", *name);
	puts("");
	return 0;
}

static int
print_info(const char *type, gboolean only_xml)
{
	static const HbStonithInfo texts[] = { HB_STONITH_INFO_DESCR, HB_STONITH_INFO_URL };
	g_autoptr(GError) error = NULL;
	g_autofree char *xml = NULL;

	if (only_xml) {
		xml = hb_stonith_info(type, HB_STONITH_INFO_XML, limit(), &error);
		if (xml == NULL)
			return say(error);
		fputs(xml, stdout);
		return 0;
	}
	printf("STONITH Device: %s\n", type);
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *text = hb_stonith_info(type, texts[i], limit(), NULL);

		if (text != NULL && *text != '\0')
			puts(g_strchomp(text));
	}
	fputs("Settings, in the order of -p: ", stdout);
	return print_names(type);
}

/* TRUE: meatware waited for it, and goes on. */
static gboolean
tell_meatware(const char *path)
{
	g_auto(HbFd) fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	return fd >= 0 && write(fd, "y", 1) == 1;
}

static int
confirm(const char *node)
{
	g_autofree char *path = g_strconcat(HB_RUN_DIR "/meatware.", node, NULL);
	gint64 until_ms = limit();

	if (strchr(node, '/') != NULL || !g_file_test(path, G_FILE_TEST_EXISTS)) {
		fprintf(stderr, "hb_stonith: nobody waits for the reset of %s here\n", node);
		return 1;
	}
	/* Between two tries nobody reads for a moment. */
	while (!tell_meatware(path)) {
		if (errno != ENXIO || hb_time_now_ms() > until_ms) {
			fprintf(stderr, "hb_stonith: %s: %s\n", path, g_strerror(errno));
			return 1;
		}
		g_usleep((gulong)hb_us_from_ms(100));
	}
	return 0;
}

static int
run(const Options *options)
{
	static const char *const words[] = { [HB_STONITH_RESET] = "reset", [HB_STONITH_OFF] = "off", [HB_STONITH_ON] = "on" };
	g_autoptr(GError) error = NULL;
	g_autoptr(HbStonith) device = device_of(options, &error);
	hb_stonith_action action = options->hosts ? HB_STONITH_HOSTS : HB_STONITH_STATUS;
	const char *node = NULL;
	g_autofree char *text = NULL;

	if (device == NULL)
		return say(error);
	if (!options->hosts && !options->status) {
		for (guint i = 0; i < G_N_ELEMENTS(words); i++)
			if (g_str_equal(options->action, words[i]))
				action = (hb_stonith_action)i;
		for (char **word = options->rest; *word != NULL; word++)
			node = strchr(*word, '=') == NULL ? *word : node;
		if (node == NULL || action == HB_STONITH_STATUS)
			return usage(stderr);
	}
	for (long i = 0; i < options->count; i++) {
		g_clear_pointer(&text, g_free);
		if (hb_stonith_run(device, action, node, limit(), &text, &error) != HB_STONITH_OK) {
			(void)say(error);
			return node != NULL ? EXIT_RESET_FAILED : 1;
		}
	}
	if (action == HB_STONITH_HOSTS)
		fputs(text, stdout);
	if (action == HB_STONITH_STATUS && !options->silent)
		printf("%s device OK.\n", device->type);
	return 0;
}

static gboolean
read_options(int argc, char **argv, Options *ret)
{
	static const struct option longs[] = { { "confirm", required_argument, NULL, OPTION_CONFIRM }, { NULL, 0, NULL, 0 } };
	int option;

	ret->count = 1;
	while ((option = getopt_long(argc, argv, "LlSnmhsvEt:p:F:T:c:", longs, NULL)) != -1) {
		switch (option) {
		case 'L': ret->list = TRUE; break;
		case 'l': ret->hosts = TRUE; break;
		case 'S': ret->status = TRUE; break;
		case 'n': ret->names = TRUE; break;
		case 'm': ret->meta = TRUE; break;
		case 'h': ret->help = TRUE; break;
		case 's': ret->silent = TRUE; break;
		case 'v': break;
		case 'E': ret->from_env = TRUE; break;
		case 't': ret->type = optarg; break;
		case 'p': ret->words = optarg; break;
		case 'F': ret->file = optarg; break;
		case 'T': ret->action = optarg; break;
		case 'c': ret->count = MAX(strtol(optarg, NULL, 10), 1); break;
		case OPTION_CONFIRM: ret->confirm = optarg; break;
		default: return FALSE;
		}
	}
	ret->rest = argv + optind;
	if (ret->action == NULL && !ret->hosts && !ret->status)
		ret->action = "reset";
	return TRUE;
}

int
main(int argc, char **argv)
{
	Options options = { 0 };

	(void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	if (!read_options(argc, argv, &options))
		return usage(stderr);
	if (options.list)
		return list_types();
	if (options.confirm != NULL)
		return confirm(options.confirm);
	if (options.type != NULL && options.names)
		return print_names(options.type);
	if (options.type != NULL && (options.meta || options.help))
		return print_info(options.type, options.meta);
	if (options.help)
		return usage(stdout);
	if (!options.hosts && !options.status && options.rest[0] == NULL)
		return usage(stderr);
	return run(&options);
}
