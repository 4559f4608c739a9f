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
	if (n > 0)
		return g_strdup_printf("%u\n", n);
	if (service != NULL && !ldir_director_has_service(d->director, service))
		return g_strdup_printf("error: there is no service %s\n", service);
	return g_strdup_printf("error: there is no server %s%s%s\n", server, service != NULL ? " in " : "", service != NULL ? service : "");
}

/* Why an order with @words, of which a service may be number @last and none is behind it, is not obeyed (transfer full), or NULL */
static char *
refuse_order(const LdirDaemon *d, char **words, guint last)
{
	if (d->is_leaving)      /* what it knows has been handed over, or is over */
		return g_strdup("error: it ends\n");
	if (words[1] == NULL || words[1][0] == '\0')
		return g_strdup(NO_SERVER);
	if (g_strv_length(words) > last + 1)
		return g_strdup_printf("error: one server and one service, or none for all: what is %s?\n", words[last + 1]);
	return NULL;
}

static char *
set_weight(LdirDaemon *d, const char *server, const char *service, gint64 weight)
{
	return obeyed(d, ldir_director_set_weight(d->director, server, service, weight), server, service);
}

static char *
answer_drain(LdirDaemon *d, char **words)
{
	char *why = refuse_order(d, words, 2);

	return why != NULL ? why : set_weight(d, words[1], words[2], 0);
}

static char *
answer_undrain(LdirDaemon *d, char **words)
{
	char *why = refuse_order(d, words, 2);

	return why != NULL ? why : set_weight(d, words[1], words[2], -1);
}

static char *
answer_weight(LdirDaemon *d, char **words)
{
	char *why = refuse_order(d, words, 3);
	guint64 weight;

	if (why != NULL)
		return why;
	if (words[2] == NULL || !g_ascii_string_to_unsigned(words[2], 10, 0, G_MAXINT32, &weight, NULL))
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
	char *why = refuse_order(d, words, 2);
	guint n;

	if (why != NULL)
		return why;
	n = ldir_director_disable(d->director, words[1], words[2], is_on, hb_time_now_ms(), is_on ? NULL : on_enabled, d);
	ldir_daemon_recount(d);
	return obeyed(d, n, words[1], words[2]);
}

static char *
answer_take(LdirDaemon *d, char **words)
{
	g_autofree char *why = strcmp(words[0], "take") == 0 ? ldir_daemon_take(d) : ldir_daemon_stand_by(d);

	return why != NULL ? g_strdup_printf("error: %s\n", why) : g_strdup("done\n");
}

static char *
answer_config(LdirDaemon *d, char **words)
{
	(void)words;
	return g_strdup_printf("%s\n", d->input->instance->config);
}

static const struct {
	const char *word;
	Answer *answer;
} answers[] = {
	{ "config", answer_config },
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
