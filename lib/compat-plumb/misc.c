/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * misc.c - include/heartbeat/clplumbing/cl_misc.h, cl_signal.h and coredumps.h.
 */
#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib.h>

#include <ha_msg.h>
#include <clplumbing/cl_misc.h>
#include <clplumbing/cl_signal.h>
#include <clplumbing/coredumps.h>

#include "util/banned.h"

int
cl_str_to_boolean(const char *s, int *ret)
{
	static const struct {
		const char *word;
		int value;
	} words[] = {
		{ "true", TRUE }, { "on", TRUE }, { "yes", TRUE }, { "y", TRUE }, { "1", TRUE },
		{ "false", FALSE }, { "off", FALSE }, { "no", FALSE }, { "n", FALSE }, { "0", FALSE },
	};

	for (gsize i = 0; s != NULL && i < G_N_ELEMENTS(words); i++) {
		if (g_ascii_strcasecmp(s, words[i].word) == 0) {
			*ret = words[i].value;
			return HA_OK;
		}
	}
	return HA_FAIL;
}

long
cl_get_msec(const char *input)
{
	static const struct {
		const char *unit;
		double ms;
	} units[] = {
		{ "", 1e3 }, { "s", 1e3 }, { "sec", 1e3 }, { "ms", 1 }, { "msec", 1 }, { "us", 1e-3 }, { "usec", 1e-3 },
		{ "m", 6e4 }, { "min", 6e4 }, { "h", 3.6e6 }, { "hr", 3.6e6 },
	};
	char *end;
	double number;
	g_autofree char *unit = NULL;

	if (input == NULL)
		return -1;
	number = g_ascii_strtod(input, &end);
	if (end == input || !(number >= 0))
		return -1;
	unit = g_strstrip(g_strdup(end));
	for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
		double ms = number * units[i].ms;

		if (g_ascii_strcasecmp(unit, units[i].unit) == 0)
			return ms < (double)G_MAXLONG ? (long)ms : -1;
	}
	return -1;
}

int
cl_signal_set_handler(int sig, void (*handler)(int), sigset_t *mask, int flags, struct sigaction *oldact)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };

	if (mask != NULL)
		action.sa_mask = *mask;
	else
		(void)sigemptyset(&action.sa_mask);
	return sigaction(sig, &action, oldact);
}

int
cl_signal_set_simple_handler(int sig, void (*handler)(int), struct sigaction *oldact)
{
	return cl_signal_set_handler(sig, handler, NULL, 0, oldact);
}

int
cl_signal_set_interrupt(int sig, int flag)
{
	struct sigaction action;

	if (sigaction(sig, NULL, &action) < 0)
		return -1;
	action.sa_flags = flag ? action.sa_flags & ~SA_RESTART : action.sa_flags | SA_RESTART;
	return sigaction(sig, &action, NULL);
}

/* ---- core files ---- */

static char *core_root;

int
cl_set_corerootdir(const char *dir)
{
	if (dir == NULL || dir[0] != '/') {
		errno = EINVAL;
		return -1;
	}
	g_free(core_root);
	core_root = g_strdup(dir);
	return 0;
}

int
cl_cdtocoredir(void)
{
	const char *root = core_root != NULL ? core_root : HB_STATE_DIR "/cores";
	struct passwd *user = getpwuid(geteuid());
	g_autofree char *dir = g_build_filename(root, user != NULL ? user->pw_name : "nobody", NULL);

	if (chdir(dir) == 0)
		return 0;
	return chdir(root);
}

int
cl_enable_coredumps(int truefalse)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &limit) < 0)
		return -1;
	limit.rlim_cur = truefalse ? limit.rlim_max : 0;
	if (setrlimit(RLIMIT_CORE, &limit) < 0)
		return -1;
	return truefalse ? prctl(PR_SET_DUMPABLE, 1) : 0;
}
