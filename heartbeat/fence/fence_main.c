/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fence_main.c - hb-fence: one operation of one fencing device, with a time limit for all of it (hb-fence(8)).
 *
 * Started by root's daemon. Devices hang, and plugins crash: here they harm nobody but this process. Its exit code is
 * the verdict; whatever goes wrong on the way is "failed", never success.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <unistd.h>

#include <glib.h>

#include "stonith/stonith.h"
#include "util/time.h"

#include "util/banned.h"

#define LIMIT_MS_MAX (24 * 3600 * HB_MS_PER_S)
#define DEVICE_MAX 8192
#define GRACE_MS 200            /* for a plugin that blocks: after the moment at which a script would have been ended */

static const char *const actions[] = {
	[HB_STONITH_RESET] = "reset", [HB_STONITH_OFF] = "off", [HB_STONITH_ON] = "on", [HB_STONITH_STATUS] = "status",
};

static void
on_end(int sig)
{
	static const char late[] = "hb-fence: the time limit is over\n";

	hb_stonith_abort();
	if (sig == SIGALRM && write(STDERR_FILENO, late, sizeof late - 1) < 0) {
		/* nobody reads it */
	}
	_exit(HB_STONITH_FAILED);
}

/* Root gone, told to end, or out of time: then the device's program goes with us. */
static void
arm(gint64 limit_ms)
{
	const struct sigaction action = { .sa_handler = on_end };
	const gint64 us = hb_us_from_ms(limit_ms + GRACE_MS);
	const struct itimerval timer = { .it_value = { .tv_sec = us / G_USEC_PER_SEC, .tv_usec = us % G_USEC_PER_SEC } };

	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGALRM, &action, NULL);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	(void)setitimer(ITIMER_REAL, &timer, NULL);
}

static int
failed(const GError *error)
{
	fprintf(stderr, "%s\n", error->message);
	return HB_STONITH_FAILED;
}

/* The line on standard input: "stonith TYPE FILE" or "stonith_host HOST TYPE SETTINGS". NULL with @error. */
static HbStonith *
read_device(gint64 until_ms, GError **error)
{
	char text[DEVICE_MAX + 1];
	gssize len = 0, n;
	g_auto(GStrv) words = NULL;
	g_autofree char *settings = NULL;

	while (len < DEVICE_MAX && (n = read(STDIN_FILENO, text + len, (gsize)(DEVICE_MAX - len))) != 0) {
		if (n < 0 && errno != EINTR)
			break;
		len += MAX(n, 0);
	}
	text[len] = '\0';
	text[strcspn(text, "\n")] = '\0';
	words = g_strsplit(text, " ", 4);
	explicit_bzero(text, sizeof text);
	if (g_strv_length(words) == 3 && g_str_equal(words[0], "stonith")) {
		settings = hb_stonith_read_file(words[2], error);
		return settings != NULL ? hb_stonith_new(words[1], settings, until_ms, error) : NULL;
	}
	if (g_strv_length(words) >= 3 && g_str_equal(words[0], "stonith_host"))
		return hb_stonith_new(words[2], words[3] != NULL ? words[3] : "", until_ms, error);
	g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_SETTINGS, "hb-fence: no device on standard input");
	return NULL;
}

static int
find_action(const char *word)
{
	for (guint i = 0; i < G_N_ELEMENTS(actions); i++)
		if (g_strcmp0(word, actions[i]) == 0)
			return (int)i;
	return -1;
}

static int
usage(void)
{
	fputs("usage: hb-fence --limit-ms N reset|off|on NODE\n"
	      "       hb-fence --limit-ms N status\n"
	      "reads the device, a line as in ha.cf, from standard input; see hb-fence(8)\n",
	      stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	int action = argc >= 4 ? find_action(argv[3]) : -1;
	gint64 limit_ms = argc >= 4 ? g_ascii_strtoll(argv[2], NULL, 10) : 0;
	gint64 until_ms = hb_time_now_ms() + limit_ms;
	g_autoptr(HbStonith) device = NULL;
	g_autoptr(GError) error = NULL;
	int code;

	if (action < 0 || !g_str_equal(argv[1], "--limit-ms") || limit_ms <= 0 || limit_ms > LIMIT_MS_MAX ||
	    argc != (action == HB_STONITH_STATUS ? 4 : 5))
		return usage();
	(void)setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
	arm(limit_ms);
	device = read_device(until_ms, &error);
	if (device == NULL)
		return failed(error);
	code = hb_stonith_run(device, (hb_stonith_action)action, argc == 5 ? argv[4] : NULL, until_ms, NULL, &error);
	if (code == HB_STONITH_OK)
		return HB_STONITH_OK;
	(void)failed(error);
	return code == HB_STONITH_BAD_HOST ? HB_STONITH_BAD_HOST : HB_STONITH_FAILED;
}
