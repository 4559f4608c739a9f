/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "ldirectord/check/check_connect.h"
#include "ldirectord/check/check_ping.h"
#include "ldirectord/check/check_talk.h"
#include "ldirectord/check/checker_parts.h"
#include "ldirectord/check/child.h"
#include "util/banned.h"
#include "util/time.h"

#define RETRY_MS      20        /* after the machine was short of something */
/* Descriptors left to the rest of the program, and to sockets that are kept for later */
#define FILES_SPARE   (128 + 2 * LDIR_SPARE_SOCKETS_MAX)
#define RUNNING_MIN   128
#define RUNNING_MAX   16384
#define PACE          64        /* checks that are begun before a look at those that may have ended meanwhile */

typedef enum {
	STAGE_WAITING,          /* for a free place */
	STAGE_RUNNING,          /* begun */
	STAGE_SHORT,            /* begin() is tried again soon */
	STAGE_DONE,             /* its verdict is to be given out */
	STAGE_DEAD
} TaskStage;

/* ---- queues ---- */

static void
enqueue(LdirTask ***end, LdirTask *task)
{
	task->next = NULL;
	**end = task;
	*end = &task->next;
}

static LdirTask *
dequeue(LdirTask **head, LdirTask ***end)
{
	LdirTask *task = *head;

	if (task != NULL) {
		*head = task->next;
		if (*head == NULL)
			*end = head;
	}
	return task;
}

/* ---- the life of a task ---- */

static void
task_free(gpointer data)
{
	LdirTask *task = data;

	g_free(task->why);
	g_free(task);
}

static void
stop_running(LdirTask *task)
{
	ldir_timer_stop(&task->checker->timers, &task->timer);
	if (task->think != NULL)
		(void)g_queue_remove(&task->checker->thinking, task);
	task->think = NULL;
	if (task->stage == STAGE_RUNNING)
		task->ops->finish(task);
	task->checker->n_running--;
}

void
ldir_task_end(LdirTask *task, gboolean is_good, const char *format, ...)
{
	LdirChecker *checker = task->checker;
	va_list args;
	char *last;

	g_assert(task->stage == STAGE_RUNNING || task->stage == STAGE_SHORT);
	va_start(args, format);
	task->why = strchr(format, '%') != NULL ? g_strdup_vprintf(format, args) : g_strdup(format);
	va_end(args);
	stop_running(task);     /* last: it frees what the reason was made from */
	/* a reason may quote what a server has said */
	if (strlen(task->why) > LDIR_TEXT_MAX)
		task->why[LDIR_TEXT_MAX] = '\0';
	for (last = task->why; *last != '\0'; last++)
		if ((guchar)*last < 0x20 || (guchar)*last >= 0x7f)
			*last = '?';
	task->is_good = is_good;
	task->stage = STAGE_DONE;
	enqueue(&checker->done_end, task);
}

void
ldir_task_think(LdirTask *task, void (*think)(LdirTask *task))
{
	if (task->think == NULL)
		g_queue_push_tail(&task->checker->thinking, task);
	task->think = think;
}

/* What is begun has a free place and a deadline, whatever it lacks just now. */
static void
try_begin(LdirTask *task, gint64 now_ms)
{
	LdirTimers *timers = &task->checker->timers;

	task->stage = STAGE_RUNNING;
	if (task->ops->is_child && ldir_pool_is_full(task->checker, ldir_pool_of(task)))
		task->deadline_ms = now_ms + task->limit_ms;
	ldir_timer_set(timers, &task->timer, task->deadline_ms);
	if (task->ops->begin(task, now_ms))
		return;
	task->stage = STAGE_SHORT;
	ldir_timer_set(timers, &task->timer, MIN(now_ms + RETRY_MS, task->deadline_ms));
}

static void
fire(LdirTimer *timer, gint64 now_ms)
{
	LdirTask *task = (LdirTask *)timer;     /* its first member */

	if (now_ms < task->deadline_ms)
		try_begin(task, now_ms);
	else if (task->think != NULL)
		return;         /* it has its answer: how long others are searched says nothing about a server */
	else if (task->stage == STAGE_SHORT)
		ldir_task_end(task, FALSE, "no resources for a check");
	else if (task->ops->late != NULL)
		task->ops->late(task, now_ms);
	else
		ldir_task_end(task, FALSE, "timed out");
}

/* Its time counts from here: waiting for a place says nothing about a server. */
static void
task_launch(LdirTask *task, gint64 now_ms)
{
	LdirService service = ldir_virtual_service(task->vs);
	gboolean is_long = task->kind == LDIR_CHECK_NEGOTIATE && service != LDIR_SERVICE_LDAP &&
	                   service != LDIR_SERVICE_LDAPS && service != LDIR_SERVICE_RADIUS;

	task->limit_ms = is_long ? ldir_virtual_negotiatetimeout_ms(task->config, task->vs)
	                         : ldir_virtual_checktimeout_ms(task->config, task->vs);
	task->deadline_ms = now_ms + task->limit_ms;
	task->checker->n_running++;
	try_begin(task, now_ms);
}

static const LdirTaskOps *
choose_negotiate(const LdirVirtual *vs, const LdirReal *real)
{
	const LdirTalkService *service = ldir_talk_service(vs);
	gboolean is_udp = service->is_udp && !(service->is_tcp_too && ldir_virtual_protocol(vs) == LDIR_PROTOCOL_TCP);

	if (ldir_virtual_service(vs) == LDIR_SERVICE_NONE)
		return &ldir_check_none;
	if (real->check_port == 0)
		return &ldir_check_no_port;
	if (service->kind == NULL)
		return &ldir_check_sql;
	return is_udp ? &ldir_check_datagram : &ldir_check_talk;
}

static const LdirTaskOps *
choose(const LdirVirtual *vs, const LdirReal *real, LdirCheck kind)
{
	if (kind == LDIR_CHECK_NEGOTIATE)
		return choose_negotiate(vs, real);
	if (kind == LDIR_CHECK_EXTERNAL || kind == LDIR_CHECK_EXTERNAL_PERL)
		return &ldir_check_exec;
	if (kind == LDIR_CHECK_PING || ldir_virtual_protocol(vs) == LDIR_PROTOCOL_UDP)
		return &ldir_check_ping;
	g_assert(kind == LDIR_CHECK_CONNECT);
	return real->check_port > 0 ? &ldir_check_connect : &ldir_check_no_port;
}

/* ---- the interface ---- */

/* As many descriptors as the machine lets us have. */
static guint
raise_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return RUNNING_MIN;
	if (limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = MIN(limit.rlim_max, RUNNING_MAX + FILES_SPARE);
		(void)setrlimit(RLIMIT_NOFILE, &limit);
		(void)getrlimit(RLIMIT_NOFILE, &limit);
	}
	if (limit.rlim_cur < RUNNING_MIN + FILES_SPARE)
		return RUNNING_MIN;
	return (guint)MIN(limit.rlim_cur - FILES_SPARE, RUNNING_MAX);
}

LdirChecker *
ldir_checker_new(LdirCheckerVerdict verdict, gpointer user)
{
	LdirChecker *checker = g_new0(LdirChecker, 1);

	checker->verdict = verdict;
	checker->user = user;
	checker->running_max = raise_files();
	/* a server that goes away while TLS speaks to it must not end us */
	(void)signal(SIGPIPE, SIG_IGN);
	ldir_timers_init(&checker->timers);
	ldir_watches_init(checker);
	checker->tasks = g_hash_table_new(g_int64_hash, g_int64_equal);
	checker->done_end = &checker->done;
	checker->waiting_end = &checker->waiting;
	return checker;
}

/* Thousands may begin at once, at a start. Where the first of them have ended already their memory, and the kernel's, serves
 * those to come. What they end with waits for its turn. */
static void
pace(LdirChecker *checker, gint64 now_ms)
{
	if (++checker->n_begun % PACE != 0)
		return;
	checker->now_ms = now_ms;
	ldir_watches_look(checker);
}

void
ldir_checker_start(LdirChecker *checker, guint64 id, const LdirConfig *config, const LdirVirtual *vs,
                   const LdirReal *real, LdirCheck kind, const char *state)
{
	LdirTask *task = g_new0(LdirTask, 1);
	gint64 now_ms = hb_time_now_ms();

	g_assert(!g_hash_table_contains(checker->tasks, &id));
	task->timer.fire = fire;
	task->checker = checker;
	task->ops = choose(vs, real, kind);
	task->id = id;
	task->config = config;
	task->vs = vs;
	task->real = real;
	task->kind = kind;
	task->known_state = state;
	g_hash_table_insert(checker->tasks, &task->id, task);
	if (checker->n_running < checker->running_max)
		task_launch(task, now_ms);
	else
		enqueue(&checker->waiting_end, task);
	pace(checker, now_ms);
}

/* One that is in a queue is dropped when its turn comes. */
void
ldir_checker_cancel(LdirChecker *checker, guint64 id)
{
	LdirTask *task = g_hash_table_lookup(checker->tasks, &id);

	if (task == NULL)
		return;
	g_hash_table_steal(checker->tasks, &id);
	if (task->stage == STAGE_RUNNING || task->stage == STAGE_SHORT) {
		stop_running(task);
		ldir_checker_bury(checker, task, task_free);
	}
	task->stage = STAGE_DEAD;
}

LdirSaid
ldir_checker_said(const LdirChecker *checker)
{
	return checker->said;
}

int
ldir_checker_fd(LdirChecker *checker)
{
	return checker->epoll_fd;
}

gint64
ldir_checker_deadline_ms(LdirChecker *checker)
{
	if (checker->done != NULL || (checker->waiting != NULL && checker->n_running < checker->running_max))
		return 0;
	if (checker->thinking.length > 0)
		return MIN(checker->think_ms, ldir_timers_first_ms(&checker->timers));
	return ldir_timers_first_ms(&checker->timers);
}

/* The next slice, and a rest of the same length behind it. */
static void
think(LdirChecker *checker)
{
	LdirTask *task = checker->now_ms >= checker->think_ms ? g_queue_pop_head(&checker->thinking) : NULL;
	void (*next)(LdirTask *task);
	gint64 begun_ms = hb_time_now_ms();

	if (task == NULL)
		return;
	next = task->think;
	task->think = NULL;
	next(task);
	checker->think_ms = 2 * hb_time_now_ms() - begun_ms;
}

static void
give_out(LdirChecker *checker)
{
	LdirTask *task;

	while ((task = dequeue(&checker->done, &checker->done_end)) != NULL) {
		if (task->stage != STAGE_DEAD) {
			task->stage = STAGE_DEAD;
			g_hash_table_steal(checker->tasks, &task->id);
			checker->said = task->said;
			checker->verdict(task->id, task->is_good, task->why, checker->user);
		}
		ldir_checker_bury(checker, task, task_free);
	}
}

static void
launch_waiting(LdirChecker *checker)
{
	while (checker->waiting != NULL && checker->n_running < checker->running_max) {
		LdirTask *task = dequeue(&checker->waiting, &checker->waiting_end);

		if (task->stage == STAGE_WAITING)
			task_launch(task, checker->now_ms);
		else
			ldir_checker_bury(checker, task, task_free);
	}
}

void
ldir_checker_run(LdirChecker *checker, gint64 now_ms)
{
	LdirTimer *timer;

	checker->now_ms = now_ms;
	ldir_watches_look(checker);
	while ((timer = ldir_timers_take(&checker->timers, now_ms)) != NULL)
		timer->fire(timer, now_ms);
	think(checker);
	give_out(checker);
	launch_waiting(checker);
	ldir_graves_clear(checker);
}

static void
free_queue(LdirTask *head)
{
	while (head != NULL) {
		LdirTask *task = head;

		head = task->next;
		task_free(task);
	}
}

void
ldir_checker_free(LdirChecker *checker)
{
	GHashTableIter iter;
	gpointer value;

	if (checker == NULL)
		return;
	g_hash_table_iter_init(&iter, checker->tasks);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		LdirTask *task = value;

		g_hash_table_iter_steal(&iter);
		if (task->stage == STAGE_RUNNING || task->stage == STAGE_SHORT) {
			stop_running(task);
			ldir_checker_bury(checker, task, task_free);
		}
	}
	free_queue(checker->done);
	free_queue(checker->waiting);
	ldir_spare_sockets_free(checker->spare_sockets);
	ldir_children_end(checker);
	ldir_watches_done(checker);
	g_hash_table_unref(checker->tasks);
	ldir_timers_done(&checker->timers);
	ldir_tls_free(checker->tls);
	ldir_pinger_free(checker->pinger);
	g_free(checker);
}
