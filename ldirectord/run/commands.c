/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "ldirectord/conf/load.h"
#include "ldirectord/run/commands_parts.h"
#include "ldirectord/run/logfile.h"
#include "ldirectord/run/startup.h"
#include "util/banned.h"
#include "util/time.h"

#define STOP_LIMIT_MS   20000   /* then it is killed */
#define KILL_LIMIT_MS   5000
#define LOOK_US         10000
#define DYING_MS        5000    /* for the lock of one that was killed */
#define TAKE_MS         5000    /* for one that stands by to be in service; then another one is started */

#define RUN_DIR "/run"

static void
look(LdirContext *context)
{
	context->state = ldir_instance_state(context->instance, &context->pid);
	if (context->state == LDIR_INSTANCE_RUNNING && context->instance->lock_fd < 0)
		ldir_command_follow(context);
}

static gboolean
wait_until_gone(pid_t pid, gint64 limit_ms)
{
	gint64 end_ms = hb_time_now_ms() + limit_ms;

	while (ldir_instance_is_ldirectord(pid)) {
		if (hb_time_now_ms() > end_ms)
			return FALSE;
		g_usleep(LOOK_US);
	}
	return TRUE;
}

/* The file, and all that is wrong with it on standard error. Who only wants to talk to a daemon waits for no resolver. */
static void
load(LdirContext *context, gboolean is_modest)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

	context->is_nameless = is_modest;
	context->config = ldir_load(context->instance->shown, is_modest ? &ldir_lookup_none : &ldir_lookup_system, (guint)getpid(),
	                            lines, NULL, NULL, &context->digest);
	for (guint i = 0; i < lines->len; i++)
		fprintf(stderr, "%s\n", (const char *)lines->pdata[i]);
}

/* ---- one function for each command ---- */

static int
begin(LdirContext *context, gboolean is_standing_by)
{
	LdirStartup startup = {
		.instance = context->instance, .shown = context->shown,
		.is_standing_by = is_standing_by, .is_debug = context->call->is_debug,
	};

	if (context->is_nameless) {     /* it looked as if a daemon that runs would do */
		g_clear_pointer(&context->config, ldir_config_free);
		g_clear_pointer(&context->digest, g_free);
		load(context, FALSE);
	}
	if (context->config == NULL)
		return ldir_command_leave(LDIR_EXIT_BROKEN, "config_error: Configuration Error");
	startup.digest = context->digest;
	return ldir_startup(&startup, g_steal_pointer(&context->config));
}

/* Where a daemon could not do that any more. The file has not been read with its names yet. */
static void
purge(const LdirContext *context)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(LdirConfig) config = context->instance->shown != NULL
		? ldir_load(context->instance->shown, &ldir_lookup_system, (guint)getpid(), lines, NULL, NULL, NULL) : NULL;

	if (config != NULL)
		ldir_startup_purge(config);
}

/* FALSE: it is still there. */
static gboolean
await_end(LdirContext *context, int signal_number)
{
	if (context->state != LDIR_INSTANCE_RUNNING)
		return TRUE;
	if (kill(context->pid, signal_number) < 0 && errno == EPERM)
		return FALSE;
	if (wait_until_gone(context->pid, STOP_LIMIT_MS))
		return TRUE;
	ldir_log("ldirectord with pid %d does not end: killed", (int)context->pid);
	(void)kill(context->pid, SIGKILL);
	if (!wait_until_gone(context->pid, KILL_LIMIT_MS))
		return FALSE;
	ldir_instance_drop_pid(context->instance, context->pid);
	if (signal_number == SIGTERM)
		purge(context);
	return TRUE;
}

/* A stop is the end also of what one before has left for a restart. */
static gboolean
end_daemon(LdirContext *context, int signal_number)
{
	gboolean is_gone = await_end(context, signal_number);

	if (is_gone && signal_number == SIGTERM && context->instance->config != NULL)
		(void)unlink(context->instance->state_file);
	return is_gone;
}

/* The lock, or who has it. One that was killed is gone a moment before its lock is. */
static LdirLockResult
get_lock(LdirContext *context)
{
	gint64 end_ms = hb_time_now_ms() + DYING_MS;
	LdirLockResult lock;

	for (;;) {
		lock = ldir_instance_lock(context->instance, NULL);
		if (lock == LDIR_LOCK_HELD || lock == LDIR_LOCK_ERROR)
			return lock;
		look(context);
		if (context->state == LDIR_INSTANCE_RUNNING || hb_time_now_ms() > end_ms)
			return lock;
		g_usleep(LOOK_US);
	}
}

/* Somebody stands by for this file, whatever name he was called by. */
static gboolean
is_standing_by(const LdirContext *context)
{
	gint64 end_ms = hb_time_now_ms() + LDIR_ANSWER_MS;
	LdirLockResult lock = LDIR_LOCK_BEGINNING;

	while (context->instance->config != NULL && hb_time_now_ms() < end_ms) {
		lock = ldir_instance_lock(context->instance, NULL);
		if (lock != LDIR_LOCK_BEGINNING)
			break;
		g_usleep(LOOK_US);
	}
	return lock == LDIR_LOCK_STANDBY;
}

/* One that stands by knows all servers already; one that does not answer is of no use. */
static int
start(LdirContext *context)
{
	g_autofree char *why = NULL;

	if (!is_standing_by(context))
		return begin(context, FALSE);
	if (ldir_command_tell(context, "take", TAKE_MS, &why))
		return LDIR_EXIT_FINE;
	fprintf(stderr, "ldirectord: the one that stands by does not go into service: %s\n", why);
	ldir_log("the one that stands by does not go into service: %s", why);
	look(context);
	if (!end_daemon(context, SIGKILL) || get_lock(context) != LDIR_LOCK_HELD)
		return ldir_command_leave(LDIR_EXIT_FAILED, "Exiting from ldirectord start");
	return begin(context, FALSE);
}

static int
stop(LdirContext *context)
{
	g_autofree char *why = NULL;
	gboolean stays = context->state == LDIR_INSTANCE_RUNNING && context->config != NULL && context->config->global.standby == 1;

	if (context->state != LDIR_INSTANCE_RUNNING && context->instance->config != NULL)
		(void)get_lock(context);        /* one that has died in service is out of it now */
	if (stays && ldir_command_tell(context, "standby", STOP_LIMIT_MS, &why))
		return LDIR_EXIT_FINE;
	if (why != NULL)
		ldir_log("the daemon does not stand by: %s", why);
	return end_daemon(context, SIGTERM) ? LDIR_EXIT_FINE : ldir_command_leave(LDIR_EXIT_FAILED, "Exiting from ldirectord stop");
}

/* The end, whatever standby= says. */
static int
shut_down(LdirContext *context)
{
	return end_daemon(context, SIGTERM) ? LDIR_EXIT_FINE : ldir_command_leave(LDIR_EXIT_FAILED, "Exiting from ldirectord shutdown");
}

/* One that has died in service, and was not stopped since, is to be followed in service. */
static gboolean
has_died_in_service(LdirContext *context)
{
	if (get_lock(context) != LDIR_LOCK_HELD || !context->instance->was_serving)
		return FALSE;
	ldir_log_line("the one before has died in service: this one goes on with its table");
	return TRUE;
}

static int
standby(LdirContext *context)
{
	g_autofree char *why = NULL;

	if (context->state != LDIR_INSTANCE_RUNNING)
		return begin(context, !has_died_in_service(context));
	if (ldir_command_tell(context, "standby", STOP_LIMIT_MS, &why))
		return LDIR_EXIT_FINE;
	fprintf(stderr, "ldirectord: %s\n", why);
	return ldir_command_leave(LDIR_EXIT_FAILED, "Exiting from ldirectord standby");
}

/* Ours leaves its table to the one that follows; of any other we know only how to end it. */
static int
restart(LdirContext *context)
{
	g_autoptr(GError) error = NULL;
	LdirLockResult lock = context->state == LDIR_INSTANCE_RUNNING ? ldir_instance_lock(context->instance, &error) : LDIR_LOCK_HELD;
	gboolean is_ours = lock == LDIR_LOCK_TAKEN || lock == LDIR_LOCK_BEGINNING || lock == LDIR_LOCK_STANDBY;

	if (!end_daemon(context, is_ours ? SIGUSR1 : SIGTERM))
		return ldir_command_leave(LDIR_EXIT_FAILED, "Exiting from ldirectord restart");
	look(context);
	return begin(context, lock == LDIR_LOCK_STANDBY);
}

static int
try_restart(LdirContext *context)
{
	return context->state == LDIR_INSTANCE_RUNNING ? restart(context) : LDIR_EXIT_FINE;
}

static int
reload(LdirContext *context)
{
	if (context->state == LDIR_INSTANCE_RUNNING && kill(context->pid, SIGHUP) == 0)
		return LDIR_EXIT_FINE;
	ldir_log("ldirectord is stopped for %s", context->shown);
	return ldir_command_leave(LDIR_EXIT_FAILED, "Exiting from ldirectord reload");
}

static const struct {
	const char *name;
	int (*run)(LdirContext *context);
	gboolean is_modest;     /* with a daemon that runs it needs no configuration */
} commands[] = {
	{ "start", start, FALSE },
	{ "stop", stop, TRUE },
	{ "standby", standby, FALSE },
	{ "shutdown", shut_down, TRUE },
	{ "restart", restart, FALSE },
	{ "try-restart", try_restart, FALSE },
	{ "reload", reload, FALSE },
	{ "force-reload", reload, FALSE },
	{ "status", ldir_command_status, TRUE },
	{ "drain", ldir_command_order, TRUE },
	{ "undrain", ldir_command_order, TRUE },
	{ "weight", ldir_command_order, TRUE },
	{ "disable", ldir_command_order, TRUE },
	{ "enable", ldir_command_order, TRUE },
};

static gsize
find_command(const char *name)
{
	gsize i = 0;

	while (i < G_N_ELEMENTS(commands) && strcmp(commands[i].name, name) != 0)
		i++;
	return i;
}

gboolean
ldir_command_is_known(const char *command)
{
	return find_command(command) < G_N_ELEMENTS(commands);
}

gboolean
ldir_command_has_words(const char *command)
{
	return ldir_command_is_known(command) && commands[find_command(command)].run == ldir_command_order;
}

/* ---- what comes before ---- */

static void
setup_log(const LdirContext *context)
{
	const LdirConfig *config = context->config;

	if (context->call->is_debug)
		ldir_log_setup(LDIR_LOG_STDERR, NULL, context->instance->name);
	else
		ldir_log_setup(LDIR_LOG_TARGET, config != NULL ? config->global.logfile : NULL, context->instance->name);
}

static int
run(LdirContext *context)
{
	gsize i = find_command(context->call->command);
	gboolean may_go_on;

	look(context);
	/* one that stands by has a configuration that is good, whatever the file is now */
	may_go_on = context->state == LDIR_INSTANCE_RUNNING &&
	            (commands[i].is_modest || (commands[i].run == start && ldir_instance_is_standing_by(context->instance)));
	if (context->instance->shown == NULL) {
		setup_log(context);
		if (!may_go_on) {
			fprintf(stderr, "Config file %s not found\n", context->shown);
			ldir_log("Config file %s not found", context->shown);
			return ldir_command_leave(LDIR_EXIT_FAILED, "Initialisation Error");
		}
	} else {
		context->shown = context->instance->shown;
		load(context, may_go_on);
		setup_log(context);
		/* whoever wants to be sure that nothing runs is not to be stopped by a file */
		if (context->config == NULL && !may_go_on && commands[i].run != stop && commands[i].run != shut_down)
			return ldir_command_leave(LDIR_EXIT_BROKEN, "config_error: Configuration Error");
	}
	ldir_log("Invoking ldirectord invoked as: %s ", context->call->invoked_as);
	return commands[i].run(context);
}

int
ldir_command(const LdirCall *call)
{
	g_autoptr(LdirInstance) instance = ldir_instance_new(call->operand, RUN_DIR);
	LdirContext context = { .call = call, .instance = instance, .shown = call->operand != NULL ? call->operand : LDIR_DEFAULT_FILE };
	int code = run(&context);

	ldir_config_free(context.config);
	g_free(context.digest);
	ldir_log_done();
	return code;
}
