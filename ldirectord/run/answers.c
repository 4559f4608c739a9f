/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <unistd.h>

#include "ldirectord/run/daemon_parts.h"
#include "util/banned.h"
#include "util/time.h"

#define NO_SERVER "error: which server?\n"

typedef char *Answer(LdirDaemon *d, char **words);

static char *
report(LdirDaemon *d, char *(*write)(const LdirReportInput *input))
{
	g_autoptr(LdirIpvsTable) there = ldir_ipvs_dump(d->input->ipvs, NULL);

	return write(&(LdirReportInput){
		.director = d->director, .there = there, .config = d->input->instance->config,
		.status = ldir_director_is_standing_by(d->director) ? "standby" : ldir_status_word(d->status),
		.pid = (guint)getpid(), .now_ms = hb_time_now_ms(), .sync = ldir_daemon_sync_seen(d) });
}

static char *
answer_json(LdirDaemon *d, char **words)
{
	(void)words;
	return report(d, ldir_report_json);
}

static char *
answer_metrics(LdirDaemon *d, char **words)
{
	(void)words;
	return report(d, ldir_report_metrics);
}

/* What follows from an order for @n servers. */
static char *
obeyed(LdirDaemon *d, guint n, const char *server, const char *service)
{
	ldir_daemon_arm(d);
	return n > 0 ? g_strdup_printf("%u\n", n) : g_strdup_printf("error: there is no server %s%s%s\n", server,
	                                                           service != NULL ? " in " : "", service != NULL ? service : "");
}

static char *
set_weight(LdirDaemon *d, const char *server, const char *service, gint64 weight)
{
	if (server == NULL)
		return g_strdup(NO_SERVER);
	return obeyed(d, ldir_director_set_weight(d->director, server, service, weight), server, service);
}

static char *
answer_drain(LdirDaemon *d, char **words)
{
	return set_weight(d, words[1], words[1] != NULL ? words[2] : NULL, 0);
}

static char *
answer_undrain(LdirDaemon *d, char **words)
{
	return set_weight(d, words[1], words[1] != NULL ? words[2] : NULL, -1);
}

static char *
answer_weight(LdirDaemon *d, char **words)
{
	guint64 weight;

	if (words[1] == NULL || words[2] == NULL || !g_ascii_string_to_unsigned(words[2], 10, 0, G_MAXINT32, &weight, NULL))
		return g_strdup("error: weight SERVER N, a number from 0 to 2147483647\n");
	return set_weight(d, words[1], words[3], (gint64)weight);
}

/* Its checks are of interest again. */
static void
on_enabled(guint service, guint server, gpointer user)
{
	LdirDaemon *d = user;

	ldir_probes_hurry(d->probes, service, server, hb_time_now_ms() + 1);
}

static char *
answer_disable(LdirDaemon *d, char **words)
{
	gboolean is_on = strcmp(words[0], "disable") == 0;
	const char *service = words[1] != NULL ? words[2] : NULL;
	guint n;

	if (words[1] == NULL)
		return g_strdup(NO_SERVER);
	n = ldir_director_disable(d->director, words[1], service, is_on, hb_time_now_ms(), is_on ? NULL : on_enabled, d);
	ldir_daemon_recount(d);
	return obeyed(d, n, words[1], service);
}

static char *
answer_take(LdirDaemon *d, char **words)
{
	g_autofree char *why = strcmp(words[0], "take") == 0 ? ldir_daemon_take(d) : ldir_daemon_stand_by(d);

	return why != NULL ? g_strdup_printf("error: %s\n", why) : g_strdup("done\n");
}

static const struct {
	const char *word;
	Answer *answer;
} answers[] = {
	{ "json", answer_json },
	{ "metrics", answer_metrics },
	{ "drain", answer_drain },
	{ "undrain", answer_undrain },
	{ "weight", answer_weight },
	{ "disable", answer_disable },
	{ "enable", answer_disable },
	{ "take", answer_take },
	{ "standby", answer_take },
};

char *
ldir_daemon_answer(const char *line, gpointer daemon)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	for (guint i = 0; words[0] != NULL && i < G_N_ELEMENTS(answers); i++)
		if (strcmp(words[0], answers[i].word) == 0)
			return answers[i].answer(daemon, words);
	return g_strdup("error: no such word\n");
}
