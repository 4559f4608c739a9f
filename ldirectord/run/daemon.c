/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include <glib-unix.h>

#include "ldirectord/run/daemon_parts.h"
#include "util/banned.h"
#include "util/time.h"

#define CONFIG_QUIET_MS   200   /* so long a file must be left alone before it is read */
#define LAST_JOBS_MS      10000 /* at the end: mails on their way, other instances */

/* ---- checks */

/* Its first decision is still to come; with risecount= that takes more than one check. */
static gboolean
is_unproven(const LdirRun *run, guint real)
{
	LdirRealState state = ldir_run_real_state(run, real);

	return state == LDIR_REAL_UNPROVEN || state == LDIR_REAL_ADOPTED;
}

static void
note_first_decision(LdirDaemon *d)
{
	if (d->n_unproven > 0 && --d->n_unproven == 0)
		d->status = LDIR_STATUS_RUNNING;
}

/* fastinterval= while it is not clear yet what a verdict means, downinterval= while the server is down. */
static void
plan_next(LdirDaemon *d, const LdirScheduleEffect *verdict, const LdirRun *run, gint64 now_ms)
{
	gint64 fast_ms = verdict->vs->own.fastinterval_ms != LDIR_UNSET ? verdict->vs->own.fastinterval_ms
	                                                                : d->config->global.fastinterval_ms;
	gint64 down_ms = ldir_target_downinterval_ms(d->config, verdict->vs);

	if (fast_ms > 0 && ldir_run_is_undecided(run, verdict->server))
		ldir_probes_hurry(d->probes, verdict->service, verdict->server, now_ms + fast_ms);
	else if (down_ms > 0 && !verdict->is_good && ldir_run_real_state(run, verdict->server) == LDIR_REAL_DOWN)
		ldir_probes_put_off(d->probes, verdict->service, verdict->server, now_ms + down_ms);
}

static const char *
state_of(guint service, guint server, gpointer user)
{
	LdirDaemon *d = user;
	const LdirVirtual *vs = d->config->virtuals->pdata[service];

	if (server >= vs->reals->len)   /* a fallback */
		return NULL;
	return ldir_report_state(ldir_run_real_state(ldir_director_run(d->director, service), server));
}

static void
on_verdict(const LdirScheduleEffect *verdict, gpointer user)
{
	LdirDaemon *d = user;
	gint64 now_ms = hb_time_now_ms();
	const LdirRun *run = ldir_director_run(d->director, verdict->service);
	gboolean was_unproven;

	if (verdict->real->is_fallback) {
		ldir_director_fallback_verdict(d->director, verdict->service, verdict->server - verdict->vs->reals->len, verdict->is_good);
		return;
	}
	was_unproven = is_unproven(run, verdict->server);
	ldir_monitor_note(verdict);
	ldir_director_said(d->director, verdict->service, verdict->server, verdict->said);
	ldir_director_verdict(d->director, verdict->service, verdict->server, verdict->is_good, verdict->why, now_ms);
	if (was_unproven && !is_unproven(run, verdict->server))
		note_first_decision(d);
	plan_next(d, verdict, run, now_ms);
}

void
ldir_daemon_recount(LdirDaemon *d)
{
	guint n = 0;

	for (guint i = 0; i < d->config->virtuals->len; i++) {
		const LdirRun *run = ldir_director_run(d->director, i);
		guint n_reals = ((const LdirVirtual *)d->config->virtuals->pdata[i])->reals->len;

		for (guint j = 0; j < n_reals; j++)
			n += is_unproven(run, j);
	}
	d->n_unproven = n;
	if (n == 0)
		d->status = LDIR_STATUS_RUNNING;
}

/* ---- configuration */

static void
setup_log(LdirDaemon *d)
{
	const LdirSettings *global = &d->config->global;

	if (d->input->is_foreground && global->supervised != 1)
		return;         /* -d: all to standard error */
	ldir_log_setup(global->supervised == 1 ? LDIR_LOG_STDOUT : LDIR_LOG_TARGET, global->logfile, d->input->instance->name);
}

gboolean
ldir_daemon_configure(LdirDaemon *d, LdirConfig *config, LdirStatusWord status, GError **error)
{
	gboolean is_standing_by = ldir_director_is_standing_by(d->director);
	g_autoptr(LdirIpvsTable) there = is_standing_by ? NULL : ldir_ipvs_dump(d->input->ipvs, error);
	g_autoptr(GPtrArray) before = NULL;
	gint64 now_ms = hb_time_now_ms();

	if (there == NULL && !is_standing_by) {
		ldir_config_free(config);
		return FALSE;
	}
	ldir_log_hold();
	if (d->config != NULL && d->config->global.execute != NULL)
		before = g_ptr_array_copy(d->config->global.execute, (GCopyFunc)(void (*)(void))g_strdup, NULL);
	d->status = status;
	ldir_probes_configure(d->probes, config);
	ldir_daemon_watch_weights(d, config);
	ldir_director_configure(d->director, config, d->weights, there, now_ms);
	d->config = config;
	d->is_outdated = FALSE;
	setup_log(d);
	ldir_daemon_watch_maintenance(d);
	ldir_daemon_recount(d);
	ldir_daemon_sync(d, is_standing_by ? LDIR_ROLE_BACKUP : LDIR_ROLE_MASTER);
	ldir_probes_begin(d->probes, now_ms);
	ldir_daemon_execute(d, before, config->global.execute);
	if (before != NULL)
		g_ptr_array_set_free_func(before, g_free);
	return TRUE;
}

static void
call_back(LdirDaemon *d)
{
	const char *what = d->config->global.callback;
	g_autofree char *line = NULL;

	if (what == NULL)
		return;
	line = g_strdup_printf("%s %s", what, d->input->instance->config);
	ldir_jobs_add(d->jobs, "callback", line, (const char *const[]){ "/bin/sh", "-c", line, NULL }, NULL, LDIR_COMMAND_LIMIT_MS);
}

static void reload(LdirDaemon *d);

/* The file has been read; all has gone on until now as it was. */
static void
on_loaded(LdirLoaded *loaded, gpointer user)
{
	LdirDaemon *d = user;
	g_autoptr(GError) error = NULL;

	d->is_loading = FALSE;
	if (d->is_leaving)
		return;
	for (guint i = 0; i < loaded->lines->len; i++)
		ldir_log_line(loaded->lines->pdata[i]);
	if (loaded->digest != NULL) {
		g_free(d->digest);
		d->digest = g_steal_pointer(&loaded->digest);
	}
	if (loaded->config == NULL)
		ldir_log_line("the configuration until now stays in use");
	else if (!ldir_daemon_configure(d, g_steal_pointer(&loaded->config), LDIR_STATUS_RELOADING, &error))
		ldir_log("%s: the configuration until now stays in use", error->message);
	if (d->wants_callback)
		call_back(d);
	d->wants_callback = FALSE;
	if (d->wants_reload)
		reload(d);
	ldir_daemon_arm(d);
}

/* One at a time: what is asked for meanwhile is done afterwards. */
static void
reload(LdirDaemon *d)
{
	d->wants_reload = d->is_loading;
	if (d->is_loading)
		return;
	d->is_loading = ldir_loader_start(d->input->instance->config, on_loaded, d);
	if (!d->is_loading)
		ldir_log_line("no thread to read the configuration: the one until now stays in use");
}

/* Something is new in its directory, or on the way there: perhaps it is the file. */
static void
on_config_dir(gpointer user)
{
	LdirDaemon *d = user;
	g_autofree char *text = NULL;
	g_autofree char *digest = NULL;
	gsize len;

	if (d->is_leaving || !g_file_get_contents(d->input->instance->config, &text, &len, NULL))
		return;         /* it is being replaced */
	digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, len);
	if (strcmp(digest, d->digest) == 0)
		return;
	g_free(d->digest);
	d->digest = g_steal_pointer(&digest);
	ldir_log("Configuration file '%s' has changed on disk", d->input->instance->shown);
	if (d->config->global.autoreload != 1) {
		ldir_log_line(" - ignore new configuration");
		d->is_outdated = TRUE;
		call_back(d);
		return;
	}
	ldir_log_line(" - reread new configuration");
	d->wants_callback = TRUE;
	reload(d);
}

/* ---- end */

static gboolean
on_last_limit(gpointer data)
{
	g_main_loop_quit(((LdirDaemon *)data)->loop);
	return G_SOURCE_REMOVE;
}

/* Where no process stands by the kernel goes on for it: it listens to whoever serves now, and as long as the address is still here, or
 * is back before the next start, the connections go on. Where one does, its end is the end of all. */
static void
end_service(LdirDaemon *d)
{
	gboolean is_all = d->config->global.standby == 1;

	ldir_log_hold();
	ldir_daemon_execute_all(d, is_all || ldir_director_is_standing_by(d->director) ? "shutdown" : "stop");
	if (!is_all)
		ldir_daemon_hold(d);
	ldir_director_stop(d->director);
	ldir_daemon_sync(d, is_all ? LDIR_ROLE_NONE : LDIR_ROLE_BACKUP);
	ldir_log_let_go();
}

/* The checks end now; the loop goes on only for programs that have been started. */
static void
leave(LdirDaemon *d, int signal_number)
{
	if (d->is_leaving)
		return;
	d->is_leaving = TRUE;
	d->signal_number = signal_number;
	d->status = LDIR_STATUS_STOPPING;
	ldir_instance_say_mode(d->input->instance, LDIR_MODE_LEAVING);
	ldir_daemon_stop_turns(d);
	g_clear_pointer(&d->maintenance_watch, ldir_dirwatch_free);
	(signal_number == SIGUSR1 ? ldir_daemon_hand_over : end_service)(d);
	ldir_jobs_leave(d->jobs, LDIR_ALERT_LANE);
	if (ldir_jobs_n(d->jobs) == 0)
		g_main_loop_quit(d->loop);
	else
		(void)g_timeout_add(LAST_JOBS_MS, on_last_limit, d);
}

static gboolean on_term(gpointer data) { leave(data, SIGTERM); return G_SOURCE_CONTINUE; }
static gboolean on_int(gpointer data) { leave(data, SIGINT); return G_SOURCE_CONTINUE; }
static gboolean on_hand_over(gpointer data) { leave(data, SIGUSR1); return G_SOURCE_CONTINUE; }

static gboolean
on_hup(gpointer data)
{
	LdirDaemon *d = data;

	if (d->is_leaving)
		return G_SOURCE_CONTINUE;
	ldir_log_line("Reloading Linux Director Daemon config on signal");
	reload(d);
	return G_SOURCE_CONTINUE;
}

static void
catch_signals(LdirDaemon *d)
{
	(void)signal(SIGPIPE, SIG_IGN);
	(void)g_unix_signal_add(SIGTERM, on_term, d);
	(void)g_unix_signal_add(SIGINT, on_int, d);
	(void)g_unix_signal_add(SIGUSR1, on_hand_over, d);
	(void)g_unix_signal_add(SIGHUP, on_hup, d);
}

static void
say_end(const LdirDaemon *d)
{
	if (d->signal_number == SIGUSR1)
		ldir_log_line("Linux Director Daemon hands its table over");
	else
		ldir_log("Linux Director Daemon terminated on signal: %s", d->signal_number == SIGINT ? "INT" : "TERM");
}

int
ldir_daemon_run(const LdirDaemonInput *input, LdirConfig *config, void (*ready)(const char *why, gpointer user), gpointer user)
{
	LdirDaemon d = { .input = input, .digest = g_strdup(input->digest) };
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) control_error = NULL;
	gboolean is_up;

	d.loop = g_main_loop_new(NULL, FALSE);
	d.jobs = ldir_jobs_new(ldir_daemon_job_done, &d);
	d.director = ldir_director_new(input->ipvs, &ldir_daemon_calls, &d);
	d.probes = ldir_probes_new(on_verdict, state_of, &d);
	catch_signals(&d);
	if (input->is_standing_by)
		ldir_director_begin_standing_by(d.director);
	ldir_instance_say_mode(input->instance, input->is_standing_by ? LDIR_MODE_STANDBY : LDIR_MODE_SERVING);
	ldir_daemon_inherit(&d);
	is_up = ldir_daemon_configure(&d, config, LDIR_STATUS_STARTING, &error);
	if (is_up) {
		ldir_daemon_has_inherited(&d);
		d.control = ldir_control_new(input->instance->socket_file, ldir_daemon_answer, &d, &control_error);
		if (d.control == NULL)
			ldir_log_line(control_error->message);
	}
	ready(is_up ? NULL : error->message, user);
	if (is_up) {
		ldir_daemon_start_turns(&d);
		d.config_watch = ldir_dirwatch_file(input->instance->config, CONFIG_QUIET_MS, on_config_dir, &d);
		ldir_daemon_arm(&d);
		g_main_loop_run(d.loop);
		say_end(&d);
	} else {        /* nobody has died in service */
		ldir_instance_say_mode(input->instance, LDIR_MODE_LEAVING);
	}
	ldir_control_free(d.control);
	ldir_daemon_sync_done(&d);
	ldir_dirwatch_free(d.config_watch);
	ldir_maintenance_free(d.maintenance);
	ldir_daemon_weights_done(&d);
	ldir_reverse_free(d.reverse);
	ldir_probes_free(d.probes);
	ldir_director_free(d.director);
	ldir_jobs_free(d.jobs);
	ldir_daemon_stop_turns(&d);
	g_main_loop_unref(d.loop);
	g_free(d.digest);
	return is_up ? 0 : 1;
}
