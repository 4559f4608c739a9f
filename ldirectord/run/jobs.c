/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ldirectord/run/jobs.h"
#include "util/banned.h"
#include "util/fd.h"

#define WAITING_MAX 1000
#define GRACE_MS    1000
#define HEIR_S      60          /* for all jobs that are left to somebody else */

typedef struct {
	LdirJobs *jobs;         /* NULL: nobody wants to know */
	char *lane, *name, *input;
	char **argv;
	guint limit_ms;
	GPid pid;
	guint timer;
	gboolean is_late;
} Job;

struct LdirJobs {
	GHashTable *lanes;      /* name -> GQueue of Job *; the first one runs */
	guint n;
	LdirJobDone done;
	gpointer user;
};

static void next(LdirJobs *jobs, const char *lane);

static void
job_free(Job *job)
{
	g_free(job->lane);
	g_free(job->name);
	g_free(job->input);
	g_strfreev(job->argv);
	g_free(job);
}

static void
lane_free(gpointer data)
{
	GQueue *lane = data;
	Job *job;

	while ((job = g_queue_pop_head(lane)) != NULL) {
		if (job->pid != 0)
			job->jobs = NULL;       /* on_end() frees it */
		else
			job_free(job);
	}
	g_queue_free(lane);
}

LdirJobs *
ldir_jobs_new(LdirJobDone done, gpointer user)
{
	LdirJobs *jobs = g_new0(LdirJobs, 1);

	jobs->lanes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, lane_free);
	jobs->done = done;
	jobs->user = user;
	return jobs;
}

void
ldir_jobs_free(LdirJobs *jobs)
{
	if (jobs == NULL)
		return;
	g_hash_table_unref(jobs->lanes);
	g_free(jobs);
}

static char *
reason(const Job *job, int status)
{
	if (job->is_late)
		return g_strdup_printf("ended after %u s", job->limit_ms / 1000);
	if (WIFSIGNALED(status))
		return g_strdup_printf("killed by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status) != 0 ? g_strdup_printf("exit status %d", WEXITSTATUS(status)) : NULL;
}

/* The first of its lane has ended, or could not be begun. */
static void
finish(Job *job, const char *why)
{
	LdirJobs *jobs = job->jobs;
	GQueue *lane = g_hash_table_lookup(jobs->lanes, job->lane);

	(void)g_queue_pop_head(lane);
	jobs->n--;
	jobs->done(job->name, why, jobs->user);
	next(jobs, job->lane);
	job_free(job);
}

static void
on_end(GPid pid, int status, gpointer data)
{
	Job *job = data;
	g_autofree char *why = reason(job, status);

	g_spawn_close_pid(pid);
	if (job->timer != 0)
		g_source_remove(job->timer);
	if (job->jobs != NULL)
		finish(job, why);
	else
		job_free(job);
}

static gboolean
on_last_limit(gpointer data)
{
	Job *job = data;

	job->timer = 0;
	(void)kill(-job->pid, SIGKILL);
	return G_SOURCE_REMOVE;
}

static gboolean
on_limit(gpointer data)
{
	Job *job = data;

	job->is_late = TRUE;
	(void)kill(-job->pid, SIGTERM);
	job->timer = g_timeout_add(GRACE_MS, on_last_limit, job);
	return G_SOURCE_REMOVE;
}

static void
in_child(gpointer data)
{
	(void)data;
	(void)setpgid(0, 0);
}

/* Descriptor of a file that holds @input; -1: none */
static int
input_fd(const char *input)
{
	g_auto(HbFd) fd = -1;

	if (input == NULL)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	fd = memfd_create("input", MFD_CLOEXEC);
	if (fd < 0 || write(fd, input, strlen(input)) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return -1;
	return hb_fd_steal(&fd);
}

static gboolean
spawn(Job *job, GError **error)
{
	g_auto(HbFd) in = input_fd(job->input);
	g_auto(HbFd) out = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (!g_spawn_async_with_fds(NULL, job->argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, in_child, NULL,
	                            &job->pid, in, out, out, error))
		return FALSE;
	(void)g_child_watch_add(job->pid, on_end, job);
	job->timer = g_timeout_add(job->limit_ms, on_limit, job);
	return TRUE;
}

static void
next(LdirJobs *jobs, const char *name)
{
	GQueue *lane = g_hash_table_lookup(jobs->lanes, name);
	Job *job = g_queue_peek_head(lane);
	g_autoptr(GError) error = NULL;

	if (job != NULL && job->pid == 0 && !spawn(job, &error))
		finish(job, error->message);
}

void
ldir_jobs_add(LdirJobs *jobs, const char *lane_name, const char *name, const char *const *argv, const char *input, guint limit_ms)
{
	GQueue *lane = g_hash_table_lookup(jobs->lanes, lane_name);
	Job *job = g_new0(Job, 1);

	job->jobs = jobs;
	job->lane = g_strdup(lane_name);
	job->name = g_strdup(name);
	job->argv = g_strdupv((char **)(gsize)argv);
	job->input = g_strdup(input);
	job->limit_ms = limit_ms;
	if (lane == NULL) {
		lane = g_queue_new();
		g_hash_table_insert(jobs->lanes, g_strdup(lane_name), lane);
	}
	if (g_queue_get_length(lane) > WAITING_MAX) {
		Job *oldest = g_queue_pop_nth(lane, 1);

		jobs->n--;
		jobs->done(oldest->name, "given up: too many wait", jobs->user);
		job_free(oldest);
	}
	g_queue_push_tail(lane, job);
	jobs->n++;
	if (g_queue_get_length(lane) == 1)
		next(jobs, lane_name);
}

/* Behind a fork of a process with threads: nothing that allocates. */
static void
run_left(const Job *job)
{
	pid_t pid = fork();
	int in;

	if (pid > 0)
		(void)waitpid(pid, NULL, 0);
	if (pid != 0)
		return;
	in = input_fd(job->input);
	if (in >= 0 && dup2(in, STDIN_FILENO) >= 0)
		(void)execv(job->argv[0], job->argv);
	_exit(127);
}

static _Noreturn void
be_heir(const GQueue *lane)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD };
	int null = open("/dev/null", O_RDWR);

	for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
		(void)signal(signals[i], SIG_DFL);
	for (int fd = 0; fd <= 2 && null >= 0; fd++)
		(void)dup2(null, fd);
	if (close_range(3, ~0U, 0) < 0)         /* the lock of the daemon among them */
		_exit(1);
	(void)setsid();
	(void)alarm(HEIR_S);
	for (const GList *l = lane->head->next; l != NULL; l = l->next)
		run_left(l->data);
	_exit(0);
}

void
ldir_jobs_leave(LdirJobs *jobs, const char *name)
{
	GQueue *lane = g_hash_table_lookup(jobs->lanes, name);
	guint n = lane != NULL ? g_queue_get_length(lane) : 0;
	pid_t pid = n > 1 ? fork() : 1;         /* the first one runs already, and needs nobody */

	if (pid == 0)
		be_heir(lane);
	if (n == 0 || pid < 0)
		return;
	jobs->n -= n;
	(void)g_hash_table_remove(jobs->lanes, name);
}

guint
ldir_jobs_n(const LdirJobs *jobs)
{
	return jobs->n;
}
