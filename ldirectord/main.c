/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - ldirectord, as far as it is there: reads a configuration and says what is wrong with it.
 */
#include <config.h>
#include <stdio.h>
#include <string.h>

#include "ldirectord/conf.h"
#include "util/banned.h"

#define EXIT_FINE      0
#define EXIT_NO_FILE   1
#define EXIT_BROKEN    2
#define EXIT_WARNED    4
#define EXIT_USAGE     255

#define DEFAULT_FILE "ldirectord.cf"

static void
usage(FILE *out)
{
	fputs("Usage: ldirectord --check [CONFIGFILE]\n"
	      "       ldirectord --dump-config [CONFIGFILE]\n"
	      "       ldirectord -h | --help | -v | --version\n"
	      "\n"
	      "  --check        say everything that is wrong with CONFIGFILE (default " DEFAULT_FILE "):\n"
	      "                 exit 0 nothing, 4 warnings only, 2 errors, 1 no such file\n"
	      "  --dump-config  the same, and print it in normal form if it can be used\n"
	      "\n"
	      "CONFIGFILE is looked for in " HB_HA_DIR ", in " HB_HA_DIR "/conf, then as it is.\n",
	      out);
}

/* Where @operand is (transfer full), or NULL. */
static char *
find_file(const char *operand)
{
	static const char *const places[] = { HB_HA_DIR "/", HB_HA_DIR "/conf/", "" };

	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = g_strconcat(places[i], operand, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
			return g_steal_pointer(&path);
	}
	return NULL;
}

static void
count(const GPtrArray *problems, LdirProblemKind kind, const char *one, const char *many)
{
	guint n = ldir_problems_count(problems, kind);

	fprintf(stderr, "%u %s", n, n == 1 ? one : many);
}

static int
check(const char *operand, gboolean is_dump)
{
	g_autofree char *path = find_file(operand);
	g_autofree char *text = NULL;
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(LdirConfig) config = NULL;
	g_autoptr(GBytes) bytes = NULL;
	gsize len;

	if (path == NULL) {
		fprintf(stderr, "Config file %s not found\n", operand);
		return EXIT_NO_FILE;
	}
	if (!g_file_get_contents(path, &text, &len, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return EXIT_NO_FILE;
	}
	bytes = g_bytes_new_take(g_steal_pointer(&text), len);
	config = ldir_conf_parse(&(LdirConfInput){ .bytes = bytes, .lookup = &ldir_lookup_system, .with_system = TRUE }, problems);
	for (guint i = 0; i < problems->len; i++) {
		g_autofree char *line = ldir_problem_line(problems->pdata[i], path, 0);

		fprintf(stderr, "%s\n", line);
	}
	count(problems, LDIR_ERROR, "error, ", "errors, ");
	count(problems, LDIR_WARNING, "warning: ", "warnings: ");
	fprintf(stderr, "%s %s be used\n", path, config != NULL ? "can" : "cannot");
	if (config == NULL)
		return EXIT_BROKEN;
	if (is_dump) {
		g_autofree char *normal = ldir_conf_print(config);

		fputs(normal, stdout);
	}
	return problems->len > 0 ? EXIT_WARNED : EXIT_FINE;
}

int
main(int argc, char **argv)
{
	const char *option = argc > 1 ? argv[1] : "";

	if (strcmp(option, "-h") == 0 || strcmp(option, "-?") == 0 || strcmp(option, "--help") == 0) {
		usage(stdout);
		return EXIT_FINE;
	}
	if (strcmp(option, "-v") == 0 || strcmp(option, "--version") == 0) {
		puts("ldirectord " PACKAGE_VERSION);
		return EXIT_FINE;
	}
	if (argc <= 3 && (strcmp(option, "--check") == 0 || strcmp(option, "--dump-config") == 0))
		return check(argc == 3 ? argv[2] : DEFAULT_FILE, strcmp(option, "--dump-config") == 0);
	if (option[0] == '-')
		fprintf(stderr, "Unknown option: %s\n", option + strspn(option, "-"));
	usage(stdout);
	return EXIT_USAGE;
}
