/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon_calls.c - what the director wants done, and other instances: by programs that nobody waits for.
 */
#include <string.h>

#include "ldirectord/run/daemon_parts.h"
#include "util/banned.h"

static void
log_line(const char *text, gpointer user)
{
	(void)user;
	ldir_log_line(text);
}

static void
mail(const LdirConfig *config, const LdirVirtual *vs, const char *text, gpointer user)
{
	LdirDaemon *d = user;

	ldir_log_line(text);
	ldir_alert(d->jobs, d->input->program, config, vs, text, d->status);
}

/* A lane for each service: start and stop, up and down of a server, stay in their order. */
static void
add_command(LdirDaemon *d, const LdirVirtual *vs, const char *line)
{
	g_autofree char *id = ldir_virtual_id(vs);

	ldir_jobs_add(d->jobs, id, line, (const char *const[]){ "/bin/sh", "-c", line, NULL }, NULL, LDIR_COMMAND_LIMIT_MS);
}

static void
command(const LdirConfig *config, const LdirVirtual *vs, gboolean is_start, gpointer user)
{
	const char *what = vs->own.fallbackcommand != NULL ? vs->own.fallbackcommand : config->global.fallbackcommand;
	LdirIpvsVirtual want = ldir_ipvs_want_virtual(vs);
	g_autofree char *place = ldir_ipvs_key_text(&want.key);
	g_autofree char *line = NULL;

	if (what == NULL)
		return;
	line = g_strdup_printf("%s %s %s %s", what, is_start ? "start" : "stop", place, ldir_protocol_name(ldir_virtual_protocol(vs)));
	add_command(user, vs, line);
}

static void
notify(const LdirConfig *config, const LdirVirtual *vs, guint real, gboolean is_up, gpointer user)
{
	const char *what = vs->own.notify != NULL ? vs->own.notify : config->global.notify;
	LdirIpvsVirtual want = ldir_ipvs_want_virtual(vs);
	LdirIpvsDest dest = ldir_ipvs_want_real(vs->reals->pdata[real], 0);
	g_autofree char *service = ldir_ipvs_key_text(&want.key);
	g_autofree char *server = ldir_ipvs_dest_text(&dest);
	g_autofree char *line = NULL;

	if (what == NULL)
		return;
	line = g_strdup_printf("%s %s %s %s %s", what, is_up ? "up" : "down", server, service, ldir_protocol_name(ldir_virtual_protocol(vs)));
	add_command(user, vs, line);
}

static void
quorum(const LdirConfig *config, const LdirVirtual *vs, gboolean is_up, gint64 live, gpointer user)
{
	const char *own = is_up ? vs->own.quorumup : vs->own.quorumdown;
	const char *what = own != NULL ? own : is_up ? config->global.quorumup : config->global.quorumdown;
	gint64 needed = vs->own.quorum != LDIR_UNSET ? vs->own.quorum : config->global.quorum;
	LdirIpvsVirtual want = ldir_ipvs_want_virtual(vs);
	g_autofree char *service = ldir_ipvs_key_text(&want.key);
	g_autofree char *line = NULL;

	if (what == NULL)
		return;
	line = g_strdup_printf("%s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, what, service,
	                       ldir_protocol_name(ldir_virtual_protocol(vs)), live, needed);
	add_command(user, vs, line);
}

void
ldir_daemon_job_done(const char *name, const char *why, gpointer user)
{
	LdirDaemon *d = user;

	if (why != NULL)
		ldir_log("system(%s) failed: %s", name, why);
	if (d->is_leaving && ldir_jobs_n(d->jobs) == 0)
		g_main_loop_quit(d->loop);
}

const LdirDirectorCalls ldir_daemon_calls = { log_line, mail, notify, command, quorum };

/* ---- execute= */

static void
execute(LdirDaemon *d, const char *file, const char *verb)
{
	g_autofree char *name = g_strdup_printf("%s %s %s", d->input->program, file, verb);

	ldir_jobs_add(d->jobs, file, name, (const char *const[]){ d->input->program, file, verb, NULL }, NULL, LDIR_COMMAND_LIMIT_MS);
}

static gboolean
lists(const GPtrArray *files, const char *file)
{
	for (guint i = 0; files != NULL && i < files->len; i++)
		if (strcmp(files->pdata[i], file) == 0)
			return TRUE;
	return FALSE;
}

void
ldir_daemon_execute_all(LdirDaemon *d, const char *verb)
{
	const GPtrArray *files = d->config->global.execute;

	for (guint i = 0; files != NULL && i < files->len; i++)
		execute(d, files->pdata[i], verb);
}

/* Those that stay are told to reload, and started if that fails; who stands by has them stand by. */
void
ldir_daemon_execute(LdirDaemon *d, const GPtrArray *before, const GPtrArray *now)
{
	gboolean is_standing_by = ldir_director_is_standing_by(d->director);

	for (guint i = 0; before != NULL && i < before->len; i++)
		if (!lists(now, before->pdata[i]))
			execute(d, before->pdata[i], is_standing_by ? "shutdown" : "stop");
	for (guint i = 0; now != NULL && i < now->len; i++) {
		if (lists(before, now->pdata[i]))
			execute(d, now->pdata[i], "reload");
		execute(d, now->pdata[i], is_standing_by ? "standby" : "start");        /* does nothing where it runs */
	}
}
