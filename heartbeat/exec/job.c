/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib-unix.h>

#include "exec/job.h"
#include "exec/spawn.h"
#include "exec/verdict.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define TERM_GRACE_MS 2000              /* from SIGTERM to SIGKILL */
#define STATUS_TEXT_MAX 16384
#define SYSTEMCTL_NO_SUCH_UNIT 5
#define EXIT_NOT_INSTALLED 5    /* of the LSB and of OCF: there is nothing to run here */
#define EXIT_NOT_CONFIGURED 6
#define EXIT_BAD_HOST 100       /* of hb-fence */
#define EXIT_BUSY 151           /* of start: held elsewhere, worth another try soon (doc/resource-scripts) */

void
hb_job_free(gpointer data)
{
	HbJob *job = data;

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

HbJob *
hb_job_new(HbRunner *runner, guint32 op, guint32 group_id, const char *name, HbJudge judge)
{
	HbJob *job = g_new0(HbJob, 1);

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
job_report(HbJob *job, HbChildResult result)
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
	HbJob *job = data;

	job->end_source = 0;
	job_report(job, job->result);
	return G_SOURCE_REMOVE;
}

void
hb_job_report_soon(HbJob *job, HbChildResult result)
{
	job->result = result;
	job->end_source = g_idle_add_full(G_PRIORITY_HIGH, on_not_started, job, NULL);
}

static HbChildResult
judge(const HbJob *job, int status)
{
	gboolean ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;

	if (job->was_ended)
		return HB_CHILD_TIMEOUT;
	switch (job->judge) {
	case HB_JUDGE_TEXT:
		if (!WIFEXITED(status))
			return HB_CHILD_FAILED;
		return hb_verdict_status(hb_output_text(job->out), hb_output_text(job->err), WEXITSTATUS(status));
	case HB_JUDGE_UNIT_STATUS:
		if (!WIFEXITED(status))
			return HB_CHILD_FAILED;
		return hb_verdict_unit_status(hb_output_text(job->out), WEXITSTATUS(status));
	case HB_JUDGE_UNIT_STOP:
		ok = ok || (WIFEXITED(status) && WEXITSTATUS(status) == SYSTEMCTL_NO_SUCH_UNIT);
		break;
	case HB_JUDGE_START:
		if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_BUSY)
			return HB_CHILD_BUSY;
		break;
	case HB_JUDGE_FENCE:
		if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_BAD_HOST)
			return HB_CHILD_NOT_RUNNING;
		break;
	case HB_JUDGE_EXIT:
		break;
	}
	return ok ? HB_CHILD_OK : HB_CHILD_FAILED;
}

/* The core knows only that it failed. One that we ended has been reported. */
static void
say_how_it_failed(const HbJob *job, int status)
{
	if (job->group_id == 0 || job->was_ended)
		return;
	if (WIFSIGNALED(status))
		hb_log(HB_LOG_ERR, "%s[%d] was killed by signal %d (%s)", job->name, (int)job->pid, WTERMSIG(status),
		       strsignal(WTERMSIG(status)));
	else if (job->judge == HB_JUDGE_TEXT || job->judge == HB_JUDGE_UNIT_STATUS)
		hb_log(HB_LOG_WARN, "%s[%d] does not say whether it runs (exit status %d)", job->name, (int)job->pid,
		       WEXITSTATUS(status));
	else
		hb_log(HB_LOG_ERR, "%s[%d] ended with exit status %d", job->name, (int)job->pid, WEXITSTATUS(status));
}

/* A start that answers so has not begun, and what was never started is not up. */
static gboolean
has_nothing_here(const HbJob *job, int status)
{
	int code = WIFEXITED(status) && !job->was_ended ? WEXITSTATUS(status) : 0;

	return (code == EXIT_NOT_INSTALLED || code == EXIT_NOT_CONFIGURED) &&
	       (job->judge == HB_JUDGE_TEXT || job->judge == HB_JUDGE_START || job->judge == HB_JUDGE_EXIT);
}

static gboolean
on_end(int fd, GIOCondition condition, gpointer data)
{
	HbJob *job = data;
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
	HbJob *job = data;

	job->deadline_source = 0;
	hb_log(HB_LOG_ERR, "%s[%d] does not end on SIGTERM: killed", job->name, (int)job->pid);
	(void)kill(-job->pid, SIGKILL);
	return G_SOURCE_REMOVE;
}

void
hb_job_end(HbJob *job)
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
	HbJob *job = data;

	job->deadline_source = 0;
	hb_log(HB_LOG_ERR, "%s[%d] has not ended within its time limit (%" G_GINT64_FORMAT " ms)", job->name,
	       (int)job->pid, hb_time_now_ms() - job->start_ms);
	hb_job_end(job);
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
job_spawn(HbJob *job, const char *path, char *const *argv, char **env, GError **error)
{
	HbRunner *runner = job->runner;
	g_auto(HbFd) out = -1;
	g_auto(HbFd) err = -1;
	gsize keep = job->judge == HB_JUDGE_TEXT || job->judge == HB_JUDGE_UNIT_STATUS ? STATUS_TEXT_MAX : 0;
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

void
hb_job_start(HbJob *job, const char *path, char *const *argv, guint limit_ms, char **env)
{
	g_autoptr(GError) error = NULL;

	if (!job_spawn(job, path, argv, env, &error)) {
		gboolean lacks = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) && access(path, F_OK) == 0;

		hb_log(HB_LOG_ERR, "%s: %s%s", job->name, error->message,
		       lacks ? " (the interpreter that its first line names)" : "");
		hb_job_report_soon(job, can_never_run(error) ? job->when_missing : HB_CHILD_FAILED);
		return;
	}
	/* A service that needs an answer in milliseconds waits for this child. */
	job->end_source = g_unix_fd_add_full(G_PRIORITY_HIGH, job->pidfd, G_IO_IN, on_end, job, NULL);
	job->deadline_source = g_timeout_add(limit_ms, on_deadline, job);
}
