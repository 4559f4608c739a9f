/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - hb-ip: the program behind the resource scripts IPaddr, IPaddr2, IPv6addr, SendArp.
 *
 * It obeys its arguments alone; of the environment it reads one word, with which the daemon
 * says that it has asked the network already. Words on stdout and exit codes are those of the
 * old wrappers (spec/resource-manager 10): callers judge a status by the text.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resource.d/ip/args.h"
#include "resource.d/ip/verbs.h"
#include "util/banned.h"

/* No text here may contain what a status is judged by ("OK", "running") but the one that means it. */
static const char *const words[] = {
	[HB_IP_EXIT_SUCCESS] = "INFO:  Success",
	[HB_IP_EXIT_GENERIC] = "ERROR:  Generic error",
	[HB_IP_EXIT_ARGUMENT] = "ERROR:  Illegal argument",
	[HB_IP_EXIT_UNIMPLEMENTED] = "ERROR:  Function unimplemented",
	[HB_IP_EXIT_PRIVILEGE] = "ERROR:  User had insufficient privilege",
	[HB_IP_EXIT_INSTALLED] = "ERROR:  Program is not installed",
	[HB_IP_EXIT_CONFIGURED] = "ERROR:  Program is not configured",
	[HB_IP_EXIT_STOPPED] = "INFO:  Resource is stopped",
	[HB_IP_EXIT_BUSY] = "ERROR:  Address in use",
};

/* One write per line, and no complaint when nobody reads. */
__attribute__((format(printf, 2, 3))) static void
say(int fd, const char *format, ...)
{
	char line[512];
	va_list list;
	int len;

	va_start(list, format);
	len = vsnprintf(line, sizeof line, format, list);
	va_end(list);
	if (len > 0 && write(fd, line, (size_t)len < sizeof line ? (size_t)len : sizeof line - 1) < 0)
		return;
}

static void
say_usage(const HbIpArgs *args)
{
	say(STDOUT_FILENO,
	    "usage: %s ADDRESS%s start|stop|status|monitor|usage|help\n"
	    "See hb-ip(8).\n",
	    args->name,
	    args->announce_only ? "[/INTERFACE]"
	                        : "[/NETMASK[/INTERFACE[:LABEL][/BROADCAST]]]");
}

/* A socket that became descriptor 1 would receive our words. */
static bool
open_missing_stdio(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
			return false;
	}
	return true;
}

static bool
was_probed(void)
{
	const char *word = getenv("HA_hb4_probed");

	return word != NULL && strcmp(word, "1") == 0;
}

/* SendArp has no state of its own: nothing to stop, and a status that is always "stopped". */
static bool
run_announcer(HbRtnl *rtnl, const HbIpArgs *args, HbIpFail *fail)
{
	if (args->verb == HB_IP_VERB_START)
		return hb_ip_announce(rtnl, args, fail);
	if (args->verb == HB_IP_VERB_STOP)
		return true;
	fail->code = HB_IP_EXIT_STOPPED;
	return false;
}

static bool
run(const HbIpArgs *args, bool probed, HbIpFail *fail)
{
	HbRtnl rtnl;
	bool ok;

	if (hb_rtnl_init(&rtnl) < 0)
		return hb_ip_fail(fail, HB_IP_EXIT_GENERIC, "cannot open a netlink socket");
	if (args->announce_only)
		ok = run_announcer(&rtnl, args, fail);
	else if (args->verb == HB_IP_VERB_START)
		ok = hb_ip_start(&rtnl, args, probed, fail);
	else if (args->verb == HB_IP_VERB_STOP)
		ok = hb_ip_stop(&rtnl, args, fail);
	else
		ok = hb_ip_status(&rtnl, args, fail);
	hb_rtnl_done(&rtnl);
	return ok;
}

/* The old wrapper of SendArp prints nothing for a status. */
static void
say_result(const HbIpArgs *args, const HbIpFail *fail)
{
	bool status = args->verb == HB_IP_VERB_STATUS;

	if (fail->text[0] != '\0')
		say(STDERR_FILENO, "%s: %s\n", args->name, fail->text);
	if (status && fail->code == HB_IP_EXIT_SUCCESS)
		say(STDOUT_FILENO, "INFO:  Running OK\n");
	else if (!(status && args->announce_only && fail->code == HB_IP_EXIT_STOPPED))
		say(STDOUT_FILENO, "%s\n", words[fail->code]);
}

/* What can never have been started is down: who stops it must not be kept waiting for ever. */
static bool
is_stop_of_nothing(int argc, char *argv[], const HbIpFail *fail)
{
	return fail->code == HB_IP_EXIT_CONFIGURED && strcmp(argv[argc - 1], "stop") == 0;
}

int
main(int argc, char *argv[])
{
	HbIpFail fail = { .code = HB_IP_EXIT_SUCCESS };
	bool probed = was_probed();
	HbIpArgs args;

	if (!open_missing_stdio())
		return HB_IP_EXIT_GENERIC;
	(void)signal(SIGPIPE, SIG_IGN);
	(void)clearenv();       /* the library would obey some of it */

	if (!hb_ip_args_parse(argc, argv, &args, &fail) && fail.usage) {
		say(STDERR_FILENO, "%s: %s\n", args.name, fail.text);
		say(STDOUT_FILENO, "ERROR: %s\n", fail.text);
		say_usage(&args);
		return (int)fail.code;
	}
	if (fail.code == HB_IP_EXIT_SUCCESS && args.verb == HB_IP_VERB_USAGE) {
		say_usage(&args);
		return HB_IP_EXIT_SUCCESS;
	}
	if (is_stop_of_nothing(argc, argv, &fail))
		fail.code = HB_IP_EXIT_SUCCESS;
	else if (fail.code == HB_IP_EXIT_SUCCESS)
		(void)run(&args, probed, &fail);
	say_result(&args, &fail);
	return (int)fail.code;
}
