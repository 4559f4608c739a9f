/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - ldirectord: the words of the command line (doc/ldirectord.md 1.1).
 */
#include <config.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ldirectord/run/commands.h"
#include "ldirectord/run/instance.h"
#include "ldirectord/run/smtp.h"
#include "util/banned.h"

#define EXIT_USAGE 255

enum { OPTION_CHECK = 256, OPTION_DUMP, OPTION_SEND_MAIL, OPTION_LAST };

static void
usage(FILE *out)
{
	fputs("Usage: ldirectord [-d|--debug] [--] [configfile] {start|stop|standby|shutdown|restart|try-restart|reload|force-reload|status}\n"
	      "       ldirectord --check [configfile]\n"
	      "       ldirectord --dump-config [configfile]\n"
	      "       ldirectord -h|-?|--help|-v|--version\n"
	      "\n"
	      "  start          run for configfile (default " LDIR_DEFAULT_FILE "); done when the table is in step\n"
	      "  stop           end, and remove the virtual services unless cleanstop=no\n"
	      "  restart        end and start anew; the table stays as it is meanwhile\n"
	      "  standby        check all servers, and leave the table alone until \"start\"\n"
	      "  shutdown       end, also where standby=yes has \"stop\" stand by\n"
	      "  reload         read the file again\n"
	      "  status         exit 0 running, 3 stopped, 1 stopped and a pid file left;\n"
	      "                 \"status --json\", \"status --metrics\": all services and servers\n"
	      "  drain SERVER [SERVICE], undrain SERVER [SERVICE], weight SERVER N [SERVICE]\n"
	      "                 weight 0, that of configfile, or N while the server is up\n"
	      "  disable SERVER [SERVICE], enable SERVER [SERVICE]\n"
	      "                 out of service, whatever its checks say, and back with its next good check\n"
	      "  -d, --debug    stay in the foreground and log to standard error\n"
	      "  --check        say everything that is wrong with configfile: exit 0 nothing, 4 warnings only,\n"
	      "                 2 errors, 1 no such file\n"
	      "  --dump-config  the same, and print it in normal form if it can be used\n"
	      "\n"
	      "configfile is looked for in " HB_HA_DIR ", in " HB_HA_DIR "/conf, then as it is.\n",
	      out);
}

static const struct option words[] = {
	{ "debug", no_argument, NULL, 'd' }, { "help", no_argument, NULL, 'h' }, { "version", no_argument, NULL, 'v' },
	{ "check", no_argument, NULL, OPTION_CHECK }, { "dump-config", no_argument, NULL, OPTION_DUMP },
	{ "send-mail", no_argument, NULL, OPTION_SEND_MAIL }, { NULL, 0, NULL, 0 },
};

/* An option that nobody knows, as getopt has left it: @word is its argument if it is a long one. */
static int
refuse(const char *word)
{
	const char *name = word + strspn(word, "-");
	gboolean has_value = FALSE;

	for (guint i = 0; words[i].name != NULL; i++)
		has_value |= optopt != 0 && words[i].val == optopt;
	if (has_value)
		fprintf(stderr, "Option %.*s does not take an argument\n", (int)strcspn(name, "="), name);
	else if (optopt != 0)
		fprintf(stderr, "Unknown option: %c\n", optopt);
	else
		fprintf(stderr, "Unknown option: %s\n", name);
	usage(stdout);
	return EXIT_USAGE;
}

/* "--json" or "--metrics" behind the command, without its dashes; they are no operands. */
static const char *
take_form(int *argc, char **argv)
{
	const char *last = *argc > optind + 1 ? argv[*argc - 1] : "";

	if (strcmp(last, "--json") != 0 && strcmp(last, "--metrics") != 0)
		return NULL;
	argv[--*argc] = NULL;
	return last + strlen("--");
}

static int
run(int argc, char **argv, gboolean is_debug)
{
	g_autofree char *invoked_as = g_strjoinv(" ", argv);
	const char *form = take_form(&argc, argv);
	int n = argc - optind;
	gboolean has_file = n > 1 && !ldir_command_has_words(argv[optind]);
	const LdirCall call = {
		.operand = has_file ? argv[optind] : NULL, .command = n > 0 ? argv[optind + has_file] : "",
		.words = n > 0 ? argv + optind + has_file + 1 : argv + argc,
		.invoked_as = invoked_as, .form = form, .is_debug = is_debug,
	};

	if (!ldir_command_is_known(call.command)) {
		usage(stdout);
		return EXIT_USAGE;
	}
	/* a lock or a pipe of who calls would be held for as long as the daemon lives */
	(void)close_range(STDERR_FILENO + 1, ~0U, 0);
	return ldir_command(&call);
}

static int
check(int argc, char **argv, gboolean is_dump)
{
	if (argc - optind > 1) {
		usage(stdout);
		return EXIT_USAGE;
	}
	return ldir_command_check(optind < argc ? argv[optind] : LDIR_DEFAULT_FILE, is_dump);
}

/* All options are read before one is followed: one that is wrong is said whatever the others are, and help comes before the rest. */
int
main(int argc, char **argv)
{
	gboolean is_set[OPTION_LAST] = { FALSE };
	int option, index = -1;

	opterr = 0;
	while (optopt = 0, index = -1, (option = getopt_long(argc, argv, "+dh?v", words, &index)) != -1) {
		const char *word = argv[MAX(optind - 1, 1)];

		if (index >= 0 && strcmp(word + strlen("--"), words[index].name) != 0)
			return refuse(word);            /* getopt takes the beginning of a name for it */
		if (option == '?' && (optopt != 0 || g_str_has_prefix(word, "--")))
			return refuse(word);
		is_set[option] = TRUE;
		if (option == OPTION_SEND_MAIL)         /* the daemon calls itself */
			return ldir_smtp_send(argc - optind, argv + optind);
	}
	if (is_set['h'] || is_set['?']) {
		usage(stdout);
		return 0;
	}
	if (is_set['v']) {
		puts("ldirectord " PACKAGE_VERSION);
		return 0;
	}
	if (is_set[OPTION_CHECK] || is_set[OPTION_DUMP])
		return check(argc, argv, is_set[OPTION_DUMP]);
	return run(argc, argv, is_set['d']);
}
