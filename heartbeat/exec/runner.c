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
#include <glib-unix.h>

#include "exec/output.h"
#include "exec/runner.h"
#include "exec/spawn.h"
#include "exec/verdict.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define TERM_GRACE_MS 2000              /* from SIGTERM to SIGKILL */
#define KILL_WAIT_MS 500                /* SIGKILL works at once, but for a process in the kernel's hands */
#define STATUS_TEXT_MAX 16384
#define HOOKS_MAX 32
#define SYSTEMCTL_NO_SUCH_UNIT 5
#define OCF_PREFIX "ocf:"
#define UNIT_PREFIX "systemd:"
#define EXIT_NOT_INSTALLED 5    /* of the LSB and of OCF: there is nothing to run here */
#define EXIT_NOT_CONFIGURED 6
#define EXIT_BAD_HOST 100       /* of hb-fence */
#define EXIT_BUSY 151           /* of start: held elsewhere, worth another try soon (doc/resource-scripts) */

typedef enum {
	JUDGE_EXIT,             /* 0 is success */
	JUDGE_START,            /* the same, and EXIT_BUSY is worth another try */
	JUDGE_TEXT,             /* status of a script */
	JUDGE_UNIT_STATUS,      /* status of a systemd unit */
	JUDGE_FENCE,            /* 0 is success, EXIT_BAD_HOST is its own answer */
	JUDGE_UNIT_STOP         /* a unit that does not exist is stopped */
} Judge;

struct HbRunner {
	HbRunnerSettings settings;
	HbRunnerDone *done;
	gpointer data;
	int devnull;
	GPtrArray *jobs;        /* Job *, running or about to report */
	GHashTable *touched;    /* set of touched_key(): a script was started, and not stopped since */
};

typedef struct {
	HbRunner *runner;
	guint32 op;             /* 0: nobody is told */
	guint32 group_id;       /* 0: no resource's job */
	char *name;             /* for the log */
	char *stops;            /* touched_key() of what a success brings down; NULL: nothing */
	char *starts;           /* touched_key() of what was not up before; NULL: nothing */
	Judge judge;
	int in;                 /* standard input, borrowed until it is started; -1: none */
	pid_t pid;
	int pidfd;
	HbJobSlot *slot;
	HbOutput *out, *err;
	gint64 start_ms;
	guint end_source, deadline_source;
	gboolean was_ended;     /* by us: deadline, cancel */
	HbChildResult when_missing;     /* what there is nothing to run for */
	HbChildResult result;   /* of a job that could not be started */
} Job;

static void
job_free(gpointer data)
{
	Job *job = data;

	if (job->end_source != 0)
		g_source_remove(job->end_source);
	if (job->deadline_source != 0)
		g_source_remove(job->deadline_source);
	if (job->pidfd >= 0)
		hb_fd_close(job->pidfd);
	hb_output_let_go(job->out);
	hb_output_let_go(job->err);
	hb_state_job_free(job->slot);
	g_free(job->name);
	g_free(job->stops);
	g_free(job->starts);
	g_free(job);
}

static Job *
job_new(HbRunner *runner, guint32 op, guint32 group_id, const char *name, Judge judge)
{
	Job *job = g_new0(Job, 1);

	job->runner = runner;
	job->op = op;
	job->group_id = group_id;
	job->name = g_strdup(name);
	job->judge = judge;
	job->when_missing = HB_CHILD_FAILED;
	job->in = -1;
	job->pidfd = -1;
	job->start_ms = hb_time_now_ms();
	g_ptr_array_add(runner->jobs, job);
	return job;
}

static void
job_report(Job *job, HbChildResult result)
{
	HbRunner *runner = job->runner;
	guint32 op = job->op;
	gint64 took_ms = hb_time_now_ms() - job->start_ms;

	if (job->stops != NULL && result == HB_CHILD_OK)
		g_hash_table_remove(runner->touched, job->stops);
	g_ptr_array_remove_fast(runner->jobs, job);
	if (op != 0)
		runner->done(op, result, (guint)MIN(took_ms, G_MAXUINT), runner->data);
}

static gboolean
on_not_started(gpointer data)
{
	Job *job = data;

	job->end_source = 0;
	job_report(job, job->result);
	return G_SOURCE_REMOVE;
}

static void
report_soon(Job *job, HbChildResult result)
{
	job->result = result;
	job->end_source = g_idle_add_full(G_PRIORITY_HIGH, on_not_started, job, NULL);
}

static HbChildResult
judge(const Job *job, int status)
{
	gboolean ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	if (job->was_ended)
		return HB_CHILD_TIMEOUT;
	switch (job->judge) {
	case JUDGE_TEXT:
		if (!WIFEXITED(status))
			return HB_CHILD_FAILED;
		return hb_verdict_status(hb_output_text(job->out), hb_output_text(job->err), WEXITSTATUS(status));
	case JUDGE_UNIT_STATUS:
		if (!WIFEXITED(status))
			return HB_CHILD_FAILED;
		return hb_verdict_unit_status(hb_output_text(job->out), WEXITSTATUS(status));
	case JUDGE_UNIT_STOP:
		ok = ok || (WIFEXITED(status) && WEXITSTATUS(status) == SYSTEMCTL_NO_SUCH_UNIT);
		break;
	case JUDGE_START:
		if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_BUSY)
			return HB_CHILD_BUSY;
		break;
	case JUDGE_FENCE:
		if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_BAD_HOST)
			return HB_CHILD_NOT_RUNNING;
		break;
	case JUDGE_EXIT:
		break;
	}
	return ok ? HB_CHILD_OK : HB_CHILD_FAILED;
}

/* The core knows only that it failed. One that we ended has been reported. */
static void
say_how_it_failed(const Job *job, int status)
{
	if (job->group_id == 0 || job->was_ended)
		return;
	if (WIFSIGNALED(status))
		hb_log(HB_LOG_ERR, "%s[%d] was killed by signal %d (%s)", job->name, (int)job->pid, WTERMSIG(status),
		       strsignal(WTERMSIG(status)));
	else if (job->judge == JUDGE_TEXT || job->judge == JUDGE_UNIT_STATUS)
		hb_log(HB_LOG_WARN, "%s[%d] does not say whether it runs (exit status %d)", job->name, (int)job->pid,
		       WEXITSTATUS(status));
	else
		hb_log(HB_LOG_ERR, "%s[%d] ended with exit status %d", job->name, (int)job->pid, WEXITSTATUS(status));
}

/* A start that answers so has not begun, and what was never started is not up. */
static gboolean
has_nothing_here(const Job *job, int status)
{
	int code = WIFEXITED(status) && !job->was_ended ? WEXITSTATUS(status) : 0;

	return (code == EXIT_NOT_INSTALLED || code == EXIT_NOT_CONFIGURED) &&
	       (job->judge == JUDGE_TEXT || job->judge == JUDGE_START || job->judge == JUDGE_EXIT);
}

static gboolean
on_end(int fd, GIOCondition condition, gpointer data)
{
	Job *job = data;
	HbChildResult result;
	int status = 0;

	(void)fd, (void)condition;
	/* Its helpers must not go on behind our back; until waitpid() the number is still ours. */
	if (job->was_ended)
		(void)kill(-job->pid, SIGKILL);
	if (waitpid(job->pid, &status, WNOHANG) != job->pid)
		return G_SOURCE_CONTINUE;
	job->end_source = 0;
	hb_output_drain(job->out);
	hb_output_drain(job->err);
	result = judge(job, status);
	if (result == HB_CHILD_FAILED)
		say_how_it_failed(job, status);
	if (result == HB_CHILD_FAILED && has_nothing_here(job, status)) {
		if (job->starts != NULL)
			g_hash_table_remove(job->runner->touched, job->starts);
		result = job->when_missing;
	}
	job_report(job, result);
	return G_SOURCE_REMOVE;
}

static gboolean
on_grace_over(gpointer data)
{
	Job *job = data;

	job->deadline_source = 0;
	hb_log(HB_LOG_ERR, "%s[%d] does not end on SIGTERM: killed", job->name, (int)job->pid);
	(void)kill(-job->pid, SIGKILL);
	return G_SOURCE_REMOVE;
}

static void
end_job(Job *job)
{
	if (job->was_ended || job->pid == 0)
		return;
	job->was_ended = TRUE;
	if (job->deadline_source != 0)
		g_source_remove(job->deadline_source);
	(void)kill(-job->pid, SIGTERM);
	job->deadline_source = g_timeout_add(TERM_GRACE_MS, on_grace_over, job);
}

static gboolean
on_deadline(gpointer data)
{
	Job *job = data;

	job->deadline_source = 0;
	hb_log(HB_LOG_ERR, "%s[%d] has not ended within its time limit (%" G_GINT64_FORMAT " ms)", job->name,
	       (int)job->pid, hb_time_now_ms() - job->start_ms);
	end_job(job);
	return G_SOURCE_REMOVE;
}

/* Is it the program behind IPaddr and its like? Between the stop of an address and its start elsewhere everybody waits for
 * nothing else, and it is done within a millisecond: it must not queue behind what a busy machine has to do. */
static gboolean
is_address_program(const HbRunner *runner, const char *path)
{
	const char *program = runner->settings.address_program;
	struct stat ours, its;

	return program != NULL && stat(program, &ours) == 0 && stat(path, &its) == 0 && ours.st_dev == its.st_dev &&
	       ours.st_ino == its.st_ino;
}

static gboolean
job_spawn(Job *job, const char *path, char *const *argv, char **env, GError **error)
{
	HbRunner *runner = job->runner;
	g_auto(HbFd) out = -1;
	g_auto(HbFd) err = -1;
	gsize keep = job->judge == JUDGE_TEXT || job->judge == JUDGE_UNIT_STATUS ? STATUS_TEXT_MAX : 0;
	HbSpawn spawn = {
		.path = path, .is_script = TRUE, .argv = argv, .envp = env, .cwd = runner->settings.cwd, .n_fds = 3,
		.oom_score_adj = "0", .keeps_priority = is_address_program(runner, path),
	};

	job->out = hb_output_new(job->name, keep, &out, error);
	if (job->out == NULL)
		return FALSE;
	job->err = hb_output_new(job->name, keep, &err, error);
	if (job->err == NULL)
		return FALSE;
	if (job->group_id != 0 && runner->settings.state != NULL) {
		job->slot = hb_state_job_new(runner->settings.state, job->group_id);
		if (job->slot == NULL) {
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC, "too many operations at once");
			return FALSE;
		}
		spawn.ret_pid = &job->slot->proc.pid;
	}
	spawn.fds[0] = job->in >= 0 ? job->in : runner->devnull;
	spawn.fds[1] = out;
	spawn.fds[2] = err;
	job->pid = hb_spawn(&spawn, &job->pidfd, error);
	if (job->pid < 0) {
		job->pid = 0;
		return FALSE;
	}
	if (job->slot != NULL)
		hb_proc_note(&job->slot->proc);
	hb_output_set_pid(job->out, (int)job->pid);
	hb_output_set_pid(job->err, (int)job->pid);
	return TRUE;
}

/* The file itself is at fault, and will be next time; anything else may be over by then. */
static gboolean
can_never_run(const GError *error)
{
	static const int of_the_file[] = { G_FILE_ERROR_NOENT, G_FILE_ERROR_ACCES, G_FILE_ERROR_LOOP, G_FILE_ERROR_NOTDIR };

	for (guint i = 0; i < G_N_ELEMENTS(of_the_file); i++)
		if (g_error_matches(error, G_FILE_ERROR, of_the_file[i]))
			return TRUE;
	return FALSE;
}

static void
job_start(Job *job, const char *path, char *const *argv, guint limit_ms, char **env)
{
	g_autoptr(GError) error = NULL;

	if (!job_spawn(job, path, argv, env, &error)) {
		gboolean lacks = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) && access(path, F_OK) == 0;

		hb_log(HB_LOG_ERR, "%s: %s%s", job->name, error->message,
		       lacks ? " (the interpreter that its first line names)" : "");
		report_soon(job, can_never_run(error) ? job->when_missing : HB_CHILD_FAILED);
		return;
	}
	/* A service that needs an answer in milliseconds waits for this child. */
	job->end_source = g_unix_fd_add_full(G_PRIORITY_HIGH, job->pidfd, G_IO_IN, on_end, job, NULL);
	job->deadline_source = g_timeout_add(limit_ms, on_deadline, job);
}

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
	Judge judge, unit_judge;
	HbChildResult when_missing;
} verbs[HB_VERB_N] = {
	[HB_VERB_STATUS] = { "status", "is-active", JUDGE_TEXT, JUDGE_UNIT_STATUS, HB_CHILD_NOT_RUNNING },
	[HB_VERB_START]  = { "start",  "start",     JUDGE_START, JUDGE_EXIT,       HB_CHILD_FAILED },
	/* What never had a script cannot be stopped better by trying again; 3.0.6 goes on after 10 tries, too. */
	[HB_VERB_STOP]   = { "stop",   "stop",      JUDGE_EXIT, JUDGE_UNIT_STOP,   HB_CHILD_OK },
};

static void
run_unit(Job *job, const char *unit, HbVerb verb, guint limit_ms, char **env)
{
	const char *const argv[] = { "systemctl", verbs[verb].systemctl, unit, NULL };

	job->judge = verbs[verb].unit_judge;
	job_start(job, job->runner->settings.systemctl, (char *const *)argv, limit_ms, env);
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
	Job *job = job_new(runner, op, group_id, resource->token, verbs[verb].judge);
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
		report_soon(job, job->when_missing);
		return;
	}
	argv = g_new0(const char *, resource->n_args + 4);
	argv[n++] = path;
	if (g_strcmp0(path, runner->settings.ocf) == 0)
		argv[n++] = resource->name;     /* the program is the same for all of them */
	for (guint i = 0; i < resource->n_args; i++)
		argv[n++] = resource->args[i];
	argv[n] = verbs[verb].script;
	job_start(job, path, (char *const *)argv, limit_ms, env);
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
		const Job *job = g_ptr_array_index(runner->jobs, i);

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
		job_start(job_new(runner, 0, 0, type, JUDGE_EXIT), argv[0], (char *const *)argv, limit_ms, env);
}

void
hb_runner_program(HbRunner *runner, guint32 op, const char *name, char *const *argv, guint limit_ms, char **env)
{
	job_start(job_new(runner, op, 0, name, JUDGE_EXIT), argv[0], argv, limit_ms, env);
}

void
hb_runner_fence(HbRunner *runner, guint32 op, char *const *argv, int in, guint limit_ms, char **env)
{
	Job *job = job_new(runner, op, 0, "hb-fence", JUDGE_FENCE);

	job->in = in;
	job_start(job, argv[0], argv, limit_ms, env);
}

static Job *
find_job(const HbRunner *runner, guint32 op)
{
	for (guint i = 0; i < runner->jobs->len; i++) {
		Job *job = g_ptr_array_index(runner->jobs, i);

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
	Job *job = find_job(runner, op);

	if (job != NULL)
		end_job(job);
}

guint
hb_runner_n_running(const HbRunner *runner)
{
	guint n = 0;

	for (guint i = 0; i < runner->jobs->len; i++)
		n += ((Job *)g_ptr_array_index(runner->jobs, i))->group_id != 0;
	return n;
}

/* TRUE when the killed job is gone within what is left of the wait. */
static gboolean
wait_for(Job *job, gint64 until_ms)
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
		Job *job = g_ptr_array_index(runner->jobs, i);

		if (job->group_id != 0 && job->pid != 0)
			(void)kill(-job->pid, SIGKILL);
		if (job->judge == JUDGE_FENCE) {
			job->op = 0;
			end_job(job);
		}
	}
	for (guint i = runner->jobs->len; i-- > 0;) {
		Job *job = g_ptr_array_index(runner->jobs, i);

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
	runner->jobs = g_ptr_array_new_with_free_func(job_free);
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
