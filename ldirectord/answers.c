/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <unistd.h>

#include "ldirectord/daemon_parts.h"
#include "util/banned.h"
#include "util/time.h"

typedef char *Answer(LdirDaemon *d, char **words);

static char *
report(LdirDaemon *d, char *(*write)(const LdirReportInput *input))
{
	g_autoptr(LdirIpvsTable) there = ldir_ipvs_dump(d->input->ipvs, NULL);

	return write(&(LdirReportInput){
		.director = d->director, .there = there, .config = d->input->instance->config,
		.status = ldir_status_word(d->status), .pid = (guint)getpid(), .now_ms = hb_time_now_ms() });
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

static const struct {
	const char *word;
	Answer *answer;
} answers[] = {
	{ "json", answer_json },
	{ "metrics", answer_metrics },
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
