/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#include "exec/job.h"
#include "exec/runner.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define KILL_WAIT_MS 500                /* SIGKILL works at once, but for a process in the kernel's hands */
#define HOOKS_MAX 32
#define OCF_PREFIX "ocf:"
#define UNIT_PREFIX "systemd:"

/* The program called @name in @dir (transfer full), or NULL. */
static char *
program_in(const char *dir, const char *name)
{
	g_autofree char *path = g_build_filename(dir, name, NULL);
	struct stat st;

	if (*name == '\0' || *name == '.' || strchr(name, '/') != NULL)
		return NULL;
	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || (st.st_mode & 0111) == 0)
		return NULL;
	return g_steal_pointer(&path);
}

/* What runs @name (transfer full), or NULL. Scripts come first, whatever they are called. */
static char *
find_program(const HbRunner *runner, const char *name)
{
	for (const char *const *dir = runner->settings.script_dirs; *dir != NULL; dir++) {
		char *path = program_in(*dir, name);

		if (path != NULL)
			return path;
	}
	return g_str_has_prefix(name, OCF_PREFIX) ? g_strdup(runner->settings.ocf) : NULL;
}

/* The unit of systemd that @resource means, or NULL. A script of that name has been looked for. */
static const char *
unit_of(const HbRunner *runner, const HbResourceConf *resource)
{
	const char *name = resource->name;

	if (runner->settings.systemctl == NULL || resource->n_args > 0 || g_str_has_prefix(name, OCF_PREFIX))
		return NULL;
	if (g_str_has_prefix(name, UNIT_PREFIX))
		name += strlen(UNIT_PREFIX);
	return *name == '-' || *name == '\0' ? NULL : name;    /* no option of systemctl */
}

static const struct {
	const char *script;
	const char *systemctl;
	HbJudge judge, unit_judge;
	HbChildResult when_missing;
} verbs[HB_VERB_N] = {
	[HB_VERB_STATUS] = { "status", "is-active", HB_JUDGE_TEXT, HB_JUDGE_UNIT_STATUS, HB_CHILD_NOT_RUNNING },
	[HB_VERB_START]  = { "start",  "start",     HB_JUDGE_START, HB_JUDGE_EXIT,       HB_CHILD_FAILED },
	/* What never had a script cannot be stopped better by trying again; 3.0.6 goes on after 10 tries, too. */
	[HB_VERB_STOP]   = { "stop",   "stop",      HB_JUDGE_EXIT, HB_JUDGE_UNIT_STOP,   HB_CHILD_OK },
};

static void
run_unit(HbJob *job, const char *unit, HbVerb verb, guint limit_ms, char **env)
{
	const char *const argv[] = { "systemctl", verbs[verb].systemctl, unit, NULL };

	job->judge = verbs[verb].unit_judge;
	hb_job_start(job, job->runner->settings.systemctl, (char *const *)argv, limit_ms, env);
}

static char *
touched_key(guint32 group_id, const HbResourceConf *resource)
{
	return g_strdup_printf("%08x %s", group_id, resource->token);
}

void
hb_runner_note_started(HbRunner *runner, guint32 group_id, const HbResourceConf *resource)
{
	g_autofree char *path = find_program(runner, resource->name);

	/* What has no script was started as a unit; systemd knows of it whatever becomes of its file. */
	if (path != NULL)
		g_hash_table_add(runner->touched, touched_key(group_id, resource));
}

void
hb_runner_resource(HbRunner *runner, guint32 op, guint32 group_id, const HbResourceConf *resource, HbVerb verb,
                   guint limit_ms, char **env)
{
	HbJob *job = hb_job_new(runner, op, group_id, resource->token, verbs[verb].judge);
	g_autofree char *path = find_program(runner, resource->name);
	g_autofree const char **argv = NULL;
	g_autofree char *key = touched_key(group_id, resource);
	gboolean touched = g_hash_table_contains(runner->touched, key);
	const char *unit = path == NULL && !touched ? unit_of(runner, resource) : NULL;
	guint n = 0;

	/* Its script was there when it was started: what it started may well run still. */
	if (!touched)
		job->when_missing = verbs[verb].when_missing;
	if (unit != NULL) {
		run_unit(job, unit, verb, limit_ms, env);
		return;
	}
	if (path == NULL) {
		hb_log(HB_LOG_ERR, "Cannot locate resource script %s", resource->name);
		hb_job_report_soon(job, job->when_missing);
		return;
	}
	argv = g_new0(const char *, resource->n_args + 4);
	argv[n++] = path;
	if (g_strcmp0(path, runner->settings.ocf) == 0)
		argv[n++] = resource->name;     /* the program is the same for all of them */
	for (guint i = 0; i < resource->n_args; i++)
		argv[n++] = resource->args[i];
	argv[n] = verbs[verb].script;
	hb_job_start(job, path, (char *const *)argv, limit_ms, env);
	if (verb == HB_VERB_START && !touched)
		job->starts = g_strdup(key);
	if (verb == HB_VERB_START && job->pid != 0)
		g_hash_table_add(runner->touched, g_steal_pointer(&key));
	else if (verb == HB_VERB_STOP)
		job->stops = g_steal_pointer(&key);
}

static guint
n_hooks(const HbRunner *runner)
{
	guint n = 0;

	for (guint i = 0; i < runner->jobs->len; i++) {
		const HbJob *job = g_ptr_array_index(runner->jobs, i);

		n += job->op == 0 && job->group_id == 0;
	}
	return n;
}

void
hb_runner_hook(HbRunner *runner, const char *type, guint limit_ms, char **env)
{
	g_autofree char *path = program_in(runner->settings.rc_dir, type);
	gboolean by_harc = runner->settings.harc != NULL && access(runner->settings.harc, X_OK) == 0;
	const char *const argv[] = { by_harc ? runner->settings.harc : path, type, NULL };

	if (path == NULL)
		return;
	if (n_hooks(runner) >= HOOKS_MAX)
		hb_log(HB_LOG_WARN, "rc.d/%s is not run: %d of its kind have not ended yet", type, HOOKS_MAX);
	else
		hb_job_start(hb_job_new(runner, 0, 0, type, HB_JUDGE_EXIT), argv[0], (char *const *)argv, limit_ms, env);
}

void
hb_runner_program(HbRunner *runner, guint32 op, const char *name, char *const *argv, guint limit_ms, char **env)
{
	hb_job_start(hb_job_new(runner, op, 0, name, HB_JUDGE_EXIT), argv[0], argv, limit_ms, env);
}

void
hb_runner_fence(HbRunner *runner, guint32 op, char *const *argv, int in, guint limit_ms, char **env)
{
	HbJob *job = hb_job_new(runner, op, 0, "hb-fence", HB_JUDGE_FENCE);

	job->in = in;
	hb_job_start(job, argv[0], argv, limit_ms, env);
}

static HbJob *
find_job(const HbRunner *runner, guint32 op)
{
	for (guint i = 0; i < runner->jobs->len; i++) {
		HbJob *job = g_ptr_array_index(runner->jobs, i);

		if (job->op == op)
			return job;
	}
	return NULL;
}

gboolean
hb_runner_has(const HbRunner *runner, guint32 op)
{
	return find_job(runner, op) != NULL;
}

void
hb_runner_cancel(HbRunner *runner, guint32 op)
{
	HbJob *job = find_job(runner, op);

	if (job != NULL)
		hb_job_end(job);
}

guint
hb_runner_n_running(const HbRunner *runner)
{
	guint n = 0;

	for (guint i = 0; i < runner->jobs->len; i++)
		n += ((HbJob *)g_ptr_array_index(runner->jobs, i))->group_id != 0;
	return n;
}

/* TRUE when the killed job is gone within what is left of the wait. */
static gboolean
wait_for(HbJob *job, gint64 until_ms)
{
	struct pollfd wait = { .fd = job->pidfd, .events = POLLIN };
	gint64 left_ms = MAX(until_ms - hb_time_now_ms(), 0);

	return job->pid == 0 || (poll(&wait, 1, (int)left_ms) > 0 && waitpid(job->pid, NULL, WNOHANG) == job->pid);
}

void
hb_runner_kill_all(HbRunner *runner)
{
	gint64 until_ms = hb_time_now_ms() + KILL_WAIT_MS;

	for (guint i = 0; i < runner->jobs->len; i++) {
		HbJob *job = g_ptr_array_index(runner->jobs, i);

		if (job->group_id != 0 && job->pid != 0)
			(void)kill(-job->pid, SIGKILL);
		if (job->judge == HB_JUDGE_FENCE) {
			job->op = 0;
			hb_job_end(job);
		}
	}
	for (guint i = runner->jobs->len; i-- > 0;) {
		HbJob *job = g_ptr_array_index(runner->jobs, i);

		if (job->group_id == 0)
			continue;
		job->op = 0;
		job->was_ended = TRUE;
		if (wait_for(job, until_ms)) {
			g_ptr_array_remove_index_fast(runner->jobs, i);
		} else {
			hb_log(HB_LOG_CRIT, "%s[%d] does not end on SIGKILL", job->name, (int)job->pid);
			hb_state_job_free(g_steal_pointer(&job->slot));
		}
	}
}

HbRunnerSettings
hb_runner_settings(HbState *state)
{
	static const char *const script_dirs[] = { HB_HA_DIR "/resource.d", HB_INIT_DIR, NULL };
	static const char *const systemctl[] = { "/usr/bin/systemctl", "/bin/systemctl" };
	gboolean has_systemd = access("/run/systemd/system", F_OK) == 0;

	return (HbRunnerSettings){
		.script_dirs = script_dirs, .rc_dir = HB_HA_DIR "/rc.d", .harc = HB_HA_DIR "/harc",
		.cwd = HB_STATE_DIR "/cores/root",
		.systemctl = has_systemd ? systemctl[access(systemctl[0], X_OK) == 0 ? 0 : 1] : NULL,
		.ocf = HB_BIN_DIR "/hb-ocf", .address_program = HB_BIN_DIR "/hb-ip", .state = state,
	};
}

HbRunner *
hb_runner_new(const HbRunnerSettings *settings, HbRunnerDone *done, gpointer data)
{
	HbRunner *runner = g_new0(HbRunner, 1);

	runner->settings = *settings;
	runner->done = done;
	runner->data = data;
	runner->devnull = open("/dev/null", O_RDWR | O_CLOEXEC);
	runner->jobs = g_ptr_array_new_with_free_func(hb_job_free);
	runner->touched = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return runner;
}

void
hb_runner_free(HbRunner *runner)
{
	if (runner == NULL)
		return;
	hb_runner_kill_all(runner);
	g_ptr_array_unref(runner->jobs);
	g_hash_table_unref(runner->touched);
	hb_fd_close(runner->devnull);
	g_free(runner);
}
