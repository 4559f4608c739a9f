/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - hb-ocf: an OCF agent as a resource of haresources, with the words and exit codes that a
 * resource script has.
 *
 *   hb-ocf [--instance NAME] ocf:PROVIDER:AGENT [NAME=VALUE...] start|stop|status|check|meta-data
 *
 * The verdict is the agent's exit code alone. What it prints goes to standard error, for callers
 * judge a status by words on standard output.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "resource.d/limit/limited.h"
#include "resource.d/ocf/agent.h"
#include "util/time.h"

#include "util/banned.h"

#define LIMIT_MS 60000                  /* where the agent names none */
#define META_LIMIT_MS 10000
#define META_SHARE 4                    /* of the time there is, a quarter at most goes to the question what the agent is like */
#define CALLER_MARGIN 10                /* a tenth of the caller's limit is left to say that it was too late */

enum { OK, GENERIC, ARGUMENT, UNIMPLEMENTED, PRIVILEGE, INSTALLED, CONFIGURED, STOPPED, PROMOTED, N_CODES };

static const char *const words[N_CODES] = {
	[OK] = "INFO:  Success",
	[GENERIC] = "ERROR:  Generic error",
	[ARGUMENT] = "ERROR:  Illegal argument",
	[UNIMPLEMENTED] = "ERROR:  Function unimplemented",
	[PRIVILEGE] = "ERROR:  User had insufficient privilege",
	[INSTALLED] = "ERROR:  Program is not installed",
	[CONFIGURED] = "ERROR:  Program is not configured",
	[STOPPED] = "INFO:  Resource is stopped",
};

static const char *const actions[] = {
	[HB_OCF_VERB_START] = "start", [HB_OCF_VERB_STOP] = "stop", [HB_OCF_VERB_STATUS] = "monitor",
	[HB_OCF_VERB_META_DATA] = "meta-data",
};

static int
done(int code, gboolean is_status)
{
	if (is_status && (code == OK || code == PROMOTED)) {
		puts("INFO:  Running OK");
		return OK;
	}
	if (code >= 0 && code < N_CODES && words[code] != NULL) {
		puts(words[code]);
		return code;
	}
	printf("ERROR:  Unknown error: %d\n", code);
	return GENERIC;
}

static void
say(const HbOcfArgs *args, const char *text)
{
	fprintf(stderr, "ocf:%s:%s: %s\n", args->provider, args->agent, text);
}

/* When all must be over; G_MAXINT64: the caller says nothing. Our own daemon says it in this form. */
static gint64
deadline_ms(void)
{
	const char *text = g_getenv("HA_resource_timeout");
	gint64 ms = text != NULL ? hb_ocf_timeout_parse(text) : 0;

	return ms > 0 ? hb_time_now_ms() + ms - ms / CALLER_MARGIN : G_MAXINT64;
}

static gint64
limit_ms(const HbOcfMeta *meta, const char *action, gint64 until_ms)
{
	gint64 ms = meta != NULL ? hb_ocf_meta_timeout_ms(meta, action) : 0;

	return CLAMP(until_ms - hb_time_now_ms(), 1, ms > 0 ? ms : LIMIT_MS);
}

/* Without its program nothing of it can be up, unless it was started and the program has gone since. */
static int
absent(const HbOcfArgs *args, const char *path)
{
	gboolean was_started = hb_ocf_agent_is_marked(args);
	g_autofree char *text = g_strconcat(path, " is not an executable file", NULL);

	say(args, text);
	if (args->verb == HB_OCF_VERB_CHECK)
		return INSTALLED;
	if (args->verb == HB_OCF_VERB_STATUS && !was_started)
		return done(STOPPED, TRUE);
	if (args->verb == HB_OCF_VERB_STOP && !was_started)
		return done(OK, FALSE);
	printf("ERROR: %s\n", text);
	return GENERIC;
}

/* FALSE, after all has been said, when the parameters are not what the agent takes. */
static gboolean
check(const HbOcfArgs *args, const HbOcfMeta *meta)
{
	g_auto(GStrv) faults = hb_ocf_meta_check(meta, args->names);

	for (gsize i = 0; faults[i] != NULL; i++)
		say(args, faults[i]);
	return faults[0] == NULL;
}

static int
run(const HbOcfArgs *args, const char *path, const HbOcfMeta *meta, gint64 until_ms)
{
	const char *action = actions[args->verb];
	gboolean was_started = hb_ocf_agent_is_marked(args);
	gboolean cannot_run;
	int code;

	if (args->verb == HB_OCF_VERB_START)
		hb_ocf_agent_mark(args, TRUE);
	code = hb_ocf_agent_run(path, args, action, limit_ms(meta, action, until_ms));
	/* Some agents look for their tools first, whatever they are asked. */
	cannot_run = !was_started && (code == INSTALLED || code == CONFIGURED);
	if (cannot_run && args->verb != HB_OCF_VERB_START) {
		say(args, "it cannot run here, and was not started here");
		code = args->verb == HB_OCF_VERB_STOP ? OK : STOPPED;
	}
	if (cannot_run || (args->verb == HB_OCF_VERB_STOP && code == OK))
		hb_ocf_agent_mark(args, FALSE);
	return done(code == HB_LIMITED_LATE ? GENERIC : code, args->verb == HB_OCF_VERB_STATUS);
}

static int
act(const HbOcfArgs *args)
{
	g_autofree char *path = hb_ocf_agent_path(args);
	g_autoptr(HbOcfMeta) meta = NULL;
	g_autoptr(GError) error = NULL;
	gint64 until_ms = deadline_ms();

	if (!hb_ocf_agent_can_run(path))
		return absent(args, path);
	if (args->verb == HB_OCF_VERB_META_DATA) {
		(void)fflush(stdout);
		(void)dup2(STDOUT_FILENO, STDERR_FILENO);
		return hb_ocf_agent_run(path, args, "meta-data", LIMIT_MS);
	}
	meta = hb_ocf_agent_meta(path, args, MIN(META_LIMIT_MS, (until_ms - hb_time_now_ms()) / META_SHARE), &error);
	if (meta == NULL)
		say(args, error->message);      /* no reason not to run it */
	else if (!args->inherit && (args->verb == HB_OCF_VERB_START || args->verb == HB_OCF_VERB_CHECK) &&
	         !check(args, meta))
		return args->verb == HB_OCF_VERB_CHECK ? CONFIGURED : done(CONFIGURED, FALSE);
	return args->verb == HB_OCF_VERB_CHECK ? OK : run(args, path, meta, until_ms);
}

int
main(int argc, char *argv[])
{
	HbOcfArgs args = { 0 };
	g_autofree char *fault = NULL;
	gboolean parsed = hb_ocf_args_parse(argc, argv, &args, &fault);
	int code;

	if (!parsed || args.verb == HB_OCF_VERB_USAGE) {
		if (!parsed)
			printf("ERROR: %s\n", fault);
		puts("usage: hb-ocf ocf:PROVIDER:AGENT [NAME=VALUE...] start|stop|status|check|meta-data\n"
		     "See hb-ocf(8).");
		code = parsed ? OK : GENERIC;
	} else {
		code = act(&args);
	}
	hb_ocf_args_clear(&args);
	return code;
}
