/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib-unix.h>
#include <glib.h>

#include "exec/respawn.h"
#include "exec/spawn.h"
#include "log/log.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define LAST_WORD_MS   500      /* for the reason of a reboot to reach the log; hb-node is heard meanwhile */
#define NEVER_AGAIN    100
#define SHORT_LIFE_MS  (30 * HB_MS_PER_S)
#define SHORT_LIVES_MAX 10
#define PAUSE_MS       HB_MS_PER_S
#define KILL_WAIT_MS   2000

typedef struct {
	HbRespawn *respawn;
	char *user;
	char *command;
	gboolean failfast;
	pid_t pid;              /* 0: not running */
	int pidfd;
	guint end_source;
	guint pause_source;     /* to be started again */
	gint64 began_ms;
	gboolean was_stopped;   /* by hb_respawn_stop(), and would live else */
	guint n_short;          /* lives shorter than SHORT_LIFE_MS in a row */
	HbProc *proc;           /* slot in the state; NULL: none */
} Client;

struct HbRespawn {
	char *cwd;
	HbState *state;
	char **env;
	GPtrArray *clients;     /* Client *, in the order of start */
	gboolean is_stopping;
	guint limit_ms, kill_source, idle_source;
	pid_t told;             /* the one that is ending now */
	HbRespawnStopped *stopped;
	gpointer data;
};

static void start(Client *client);
static void stop_next(HbRespawn *respawn);

/* ---- the process ---- */

/* With all groups of the user. FALSE with @error: there is no such user. */
static gboolean
fill_user(HbSpawn *spawn, const char *user, GError **error)
{
	const struct passwd *account = getpwnam(user);
	int n = HB_SPAWN_GROUPS_MAX;

	if (account == NULL) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "there is no user %s on this machine", user);
		return FALSE;
	}
	spawn->drop = TRUE;
	spawn->may_gain_rights = TRUE;
	spawn->uid = account->pw_uid;
	spawn->gid = account->pw_gid;
	if (getgrouplist(user, account->pw_gid, spawn->groups, &n) < 0)
		n = HB_SPAWN_GROUPS_MAX;
	spawn->n_groups = (guint)n;
	return TRUE;
}

static gboolean
launch(Client *client, GError **error)
{
	HbRespawn *respawn = client->respawn;
	g_autofree char *line = g_strconcat("exec ", client->command, NULL);
	char *const argv[] = { (char *)"sh", (char *)"-c", line, NULL };
	g_auto(HbFd) in = open("/dev/null", O_RDONLY | O_CLOEXEC);
	g_auto(HbFd) out = open("/dev/null", O_WRONLY | O_CLOEXEC);
	HbSpawn spawn = {
		.path = "/bin/sh", .argv = argv, .envp = respawn->env, .cwd = respawn->cwd, .fds = { in, out, out },
		.n_fds = 3, .die_with_parent = TRUE, .oom_score_adj = "0",
	};

	if (!fill_user(&spawn, client->user, error))
		return FALSE;
	client->proc = respawn->state != NULL ? hb_state_client_new(respawn->state) : NULL;
	spawn.ret_pid = client->proc != NULL ? &client->proc->pid : NULL;
	client->pid = hb_spawn(&spawn, &client->pidfd, error);
	if (client->pid < 0) {
		client->pid = 0;
		return FALSE;
	}
	if (client->proc != NULL)
		hb_proc_note(client->proc);
	hb_log(HB_LOG_INFO, "Starting \"%s\" as uid %u  gid %u (pid %d)", client->command, (guint)spawn.uid,
	       (guint)spawn.gid, (int)client->pid);
	return TRUE;
}

static gboolean
on_pause_over(gpointer data)
{
	Client *client = data;

	client->pause_source = 0;
	start(client);
	return G_SOURCE_REMOVE;
}

/* ---- its end ---- */

static void G_GNUC_NORETURN
reboot_machine(const Client *client)
{
	hb_log(HB_LOG_EMERG, "Rebooting system. Reason: %s", client->command);
	hb_log_drain(LAST_WORD_MS);
	(void)reboot(RB_AUTOBOOT);
	/* Where that is not permitted, nobody must go on as if nothing had been. */
	hb_log(HB_LOG_EMERG, "cannot reboot: %s", g_strerror(errno));
	_exit(1);
}

static void
say_end(const Client *client, int status)
{
	gboolean is_expected = client->respawn->is_stopping;

	if (WIFSIGNALED(status))
		hb_log(is_expected ? HB_LOG_INFO : HB_LOG_ERR, "Client %s (pid=%d) killed by signal %d.", client->command,
		       (int)client->pid, WTERMSIG(status));
	else
		hb_log(is_expected ? HB_LOG_INFO : HB_LOG_ERR, "Client %s exited with return code %d.", client->command,
		       WEXITSTATUS(status));
}

/* FALSE: it is given up. */
static gboolean
may_live_again(Client *client)
{
	gboolean was_short = hb_time_now_ms() - client->began_ms < SHORT_LIFE_MS;

	client->n_short = was_short ? client->n_short + 1 : 0;
	if (client->n_short <= SHORT_LIVES_MAX)
		return TRUE;
	hb_log(HB_LOG_ERR, "Client %s \"respawning too fast\"", client->command);
	client->n_short = 0;
	return FALSE;
}

static void
forget_process(Client *client)
{
	hb_fd_close(client->pidfd);
	client->pid = 0;
	if (client->proc != NULL)
		client->proc->pid = 0;
	client->proc = NULL;
}

static void
ended(Client *client, int status)
{
	HbRespawn *respawn = client->respawn;
	gboolean is_fault = WIFSIGNALED(status) || WEXITSTATUS(status) != 0;

	say_end(client, status);
	forget_process(client);
	if (respawn->is_stopping) {
		client->was_stopped = TRUE;
		stop_next(respawn);
		return;
	}
	if (client->failfast && is_fault)
		reboot_machine(client);
	if ((WIFEXITED(status) && WEXITSTATUS(status) == NEVER_AGAIN) || !may_live_again(client))
		return;
	hb_log(HB_LOG_ERR, "Respawning client \"%s\":", client->command);
	if (client->n_short > 0)
		client->pause_source = g_timeout_add(PAUSE_MS, on_pause_over, client);
	else
		start(client);
}

static gboolean
on_end(int fd, GIOCondition condition, gpointer data)
{
	Client *client = data;
	int status = 0;

	(void)fd, (void)condition;
	if (waitpid(client->pid, &status, WNOHANG) != client->pid)
		return G_SOURCE_CONTINUE;
	client->end_source = 0;
	ended(client, status);
	return G_SOURCE_REMOVE;
}

/* ---- starting ---- */

static void
start(Client *client)
{
	g_autoptr(GError) error = NULL;

	client->began_ms = hb_time_now_ms();
	if (launch(client, &error)) {
		client->end_source = g_unix_fd_add(client->pidfd, G_IO_IN, on_end, client);
		return;
	}
	hb_log(HB_LOG_ERR, "Client %s cannot be started: %s", client->command, error->message);
	if (may_live_again(client))
		client->pause_source = g_timeout_add(PAUSE_MS, on_pause_over, client);
}

static gboolean
is_known(const HbRespawn *respawn, const HbRespawnConf *conf)
{
	for (guint i = 0; i < respawn->clients->len; i++) {
		const Client *client = g_ptr_array_index(respawn->clients, i);

		if (strcmp(client->command, conf->command) == 0 && strcmp(client->user, conf->user) == 0)
			return TRUE;
	}
	return FALSE;
}

void
hb_respawn_start(HbRespawn *respawn, const HbConfig *config, char **env)
{
	gboolean is_first = respawn->env == NULL;

	if (respawn->is_stopping)
		return;
	g_strfreev(respawn->env);
	respawn->env = g_strdupv(env);
	for (guint i = 0; i < config->n_respawn; i++) {
		Client *client;

		if (!is_first && is_known(respawn, &config->respawn[i]))
			continue;
		client = g_new0(Client, 1);
		client->respawn = respawn;
		client->user = g_strdup(config->respawn[i].user);
		client->command = g_strdup(config->respawn[i].command);
		client->failfast = config->respawn[i].failfast;
		g_ptr_array_add(respawn->clients, client);
		hb_log(HB_LOG_INFO, "Starting child client \"%s\" (%s)", client->command, client->user);
		start(client);
	}
}

void
hb_respawn_reload(HbRespawn *respawn, const HbConfig *config, char **env)
{
	if (respawn->env != NULL)
		hb_respawn_start(respawn, config, env);
}

/* ---- stopping ---- */

static Client *
last_running(const HbRespawn *respawn)
{
	for (guint i = respawn->clients->len; i > 0; i--) {
		Client *client = g_ptr_array_index(respawn->clients, i - 1);

		if (client->pid != 0)
			return client;
	}
	return NULL;
}

static gboolean
on_stopped(gpointer data)
{
	HbRespawn *respawn = data;

	respawn->idle_source = 0;
	respawn->stopped(respawn->data);
	return G_SOURCE_REMOVE;
}

static gboolean
on_limit(gpointer data)
{
	HbRespawn *respawn = data;
	const Client *client = last_running(respawn);

	respawn->kill_source = 0;
	if (client != NULL) {
		hb_log(HB_LOG_WARN, "Client %s (pid=%d) does not end: killed", client->command, (int)client->pid);
		(void)kill(-client->pid, SIGKILL);
	}
	return G_SOURCE_REMOVE;
}

static void
stop_next(HbRespawn *respawn)
{
	const Client *client = last_running(respawn);

	/* Another one has ended by itself meanwhile. */
	if (client != NULL && client->pid == respawn->told)
		return;
	g_clear_handle_id(&respawn->kill_source, g_source_remove);
	if (client == NULL) {
		if (respawn->idle_source == 0)
			respawn->idle_source = g_idle_add(on_stopped, respawn);
		return;
	}
	hb_log(HB_LOG_INFO, "killing %s process group %d with signal %d", client->command, (int)client->pid, SIGTERM);
	respawn->told = client->pid;
	(void)kill(-client->pid, SIGTERM);
	respawn->kill_source = g_timeout_add(respawn->limit_ms, on_limit, respawn);
}

void
hb_respawn_stop(HbRespawn *respawn, guint limit_ms, HbRespawnStopped *stopped, gpointer data)
{
	if (respawn->is_stopping)
		return;
	respawn->is_stopping = TRUE;
	respawn->limit_ms = limit_ms;
	respawn->stopped = stopped;
	respawn->data = data;
	for (guint i = 0; i < respawn->clients->len; i++) {
		Client *client = g_ptr_array_index(respawn->clients, i);

		client->was_stopped = client->pause_source != 0;
		g_clear_handle_id(&client->pause_source, g_source_remove);
	}
	stop_next(respawn);
}

void
hb_respawn_go_on(HbRespawn *respawn, const HbConfig *config, char **env)
{
	guint n = respawn->clients->len;

	respawn->is_stopping = FALSE;
	respawn->told = 0;
	hb_respawn_reload(respawn, config, env);
	for (guint i = 0; i < n; i++) {
		Client *client = g_ptr_array_index(respawn->clients, i);

		if (client->was_stopped)
			start(client);
		client->was_stopped = FALSE;
	}
}

/* ---- life ---- */

static void
client_free(gpointer data)
{
	Client *client = data;
	struct pollfd wait = { .fd = client->pidfd, .events = POLLIN };

	g_clear_handle_id(&client->pause_source, g_source_remove);
	g_clear_handle_id(&client->end_source, g_source_remove);
	if (client->pid != 0) {
		(void)kill(-client->pid, SIGTERM);
		if (poll(&wait, 1, KILL_WAIT_MS) <= 0)
			(void)kill(-client->pid, SIGKILL);
		(void)poll(&wait, 1, KILL_WAIT_MS);
		(void)waitpid(client->pid, NULL, WNOHANG);
		forget_process(client);
	}
	g_free(client->user);
	g_free(client->command);
	g_free(client);
}

HbRespawn *
hb_respawn_new(const char *cwd, HbState *state)
{
	HbRespawn *respawn = g_new0(HbRespawn, 1);

	respawn->cwd = g_strdup(cwd);
	respawn->state = state;
	respawn->clients = g_ptr_array_new_with_free_func(client_free);
	return respawn;
}

void
hb_respawn_free(HbRespawn *respawn)
{
	if (respawn == NULL)
		return;
	g_clear_handle_id(&respawn->kill_source, g_source_remove);
	g_clear_handle_id(&respawn->idle_source, g_source_remove);
	g_ptr_array_unref(respawn->clients);
	g_strfreev(respawn->env);
	g_free(respawn->cwd);
	g_free(respawn);
}
