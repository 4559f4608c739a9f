/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apphbd - programs on this machine tell it that they are alive; it logs those that do not, and reboots
 * for those that asked for it (doc/client-api.md 6.5). Needs no heartbeat. May tend a hardware watchdog.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>
#include <glib-unix.h>

#include <clplumbing/GSource.h>
#include <clplumbing/cl_log.h>

#include "clients/apphb_logic.h"
#include "util/time.h"

#include "util/banned.h"

/* Of -s as init scripts have it. */
enum { EXIT_OK = 0, EXIT_FAULT = 1, EXIT_STOPPED = 3, EXIT_UNCONFIGURED = 6 };

#define CONFIG_FILE      "./apphbd.cf"
#define WATCHDOG_MS      1000
#define WATCHDOG_MS_MIN  10
#define STOP_LOOKS       100    /* a tenth of a second between two */
#define STOP_LOOK_US     100000

static const char usage[] =
	"usage: apphbd [-s | -k | -r] [-d] [-c file]\n"
	"  -s       is it running? exit code 0, else 3\n"
	"  -k       stop it\n"
	"  -r       start it anew\n"
	"  -d       stay in the foreground, and log to standard error\n"
	"  -c file  configuration (default: ./apphbd.cf)\n";

typedef struct {
	GMainLoop *loop;
	gint64 debug;
	char *logfile;
	char *debugfile;
	char *watchdog;
	gint64 watchdog_ms;
	int watchdog_fd;
	uid_t cluster_uid;
} Apphbd;

typedef struct {
	Apphbd *apphbd;
	IPC_Channel *ch;
	HbBeater beater;
	HbBeaterPeer peer;
	guint timer;
} Client;

/* ---- clients ---- */

static void
reboot_for(const Client *client)
{
	if (!client->beater.wants_reboot)
		return;
	cl_log(LOG_EMERG, "rebooting, as %s wanted", client->beater.name);
	(void)reboot(RB_AUTOBOOT);
	cl_log(LOG_ERR, "cannot reboot: %s", g_strerror(errno));
}

static void set_timer(Client *client);

static gboolean
on_timer(gpointer data)
{
	Client *client = data;

	client->timer = 0;
	if (hb_beater_time(&client->beater, hb_time_now_ms()) == HB_BEATER_MISSED) {
		cl_log(LOG_WARNING, "'%s' (%s, process %d) failed to heartbeat", client->beater.name, client->beater.instance,
		       (int)client->peer.pid);
		reboot_for(client);
	}
	set_timer(client);
	return G_SOURCE_REMOVE;
}

static void
set_timer(Client *client)
{
	gint64 deadline_ms = hb_beater_deadline_ms(&client->beater);

	if (client->timer != 0)
		(void)g_source_remove(client->timer);
	client->timer = 0;
	if (deadline_ms != HB_BEATER_NEVER)
		client->timer = g_timeout_add((guint)CLAMP(deadline_ms - hb_time_now_ms(), 0, G_MAXINT), on_timer, client);
}

static void
take_beat(Client *client)
{
	switch (hb_beater_beat(&client->beater, hb_time_now_ms())) {
	case HB_BEATER_RESUMED:
		cl_log(LOG_WARNING, "'%s' (%s) resumed heartbeats", client->beater.name, client->beater.instance);
		break;
	case HB_BEATER_LATE:
		cl_log(LOG_WARNING, "late heartbeat of '%s' (%s)", client->beater.name, client->beater.instance);
		break;
	default:
		break;
	}
}

/* What 3.0.6's says of each request, in its words: there are tools that look for them. */
static void
note_request(const Client *client, gboolean was_registered, const char *type, int err)
{
	if (err != 0) {
		cl_log(LOG_DEBUG, "apphb_process_msg: request of process %d refused, rc=%d", (int)client->peer.pid, err);
		return;
	}
	if (!was_registered && client->beater.is_registered)
		cl_log(LOG_DEBUG, "apphb_client_register: client: [%s]/[%s] pid %d (uid,gid) = (%d,%d)", client->beater.name,
		       client->beater.instance, (int)client->peer.pid, (int)client->peer.uid, (int)client->peer.gid);
	cl_log(LOG_DEBUG, "apphb_process_msg: client: %d type=%.*s, rc=0", (int)client->peer.pid, HB_APPHB_TYPE_LEN, type);
}

static void
take_msg(Client *client, const void *data, gsize len)
{
	HbApphbAnswer answer;
	IPC_Message *msg;
	gboolean was_registered = client->beater.is_registered;
	gboolean is_gone = FALSE;

	if (len < HB_APPHB_TYPE_LEN)
		return;
	if (hb_beater_is_beat(data, len)) {
		take_beat(client);
		return;
	}
	answer.err = hb_beater_take(&client->beater, &client->peer, data, len, hb_time_now_ms(), &is_gone);
	note_request(client, was_registered, data, answer.err);
	if (is_gone)
		cl_log(LOG_INFO, "apphb_client_remove: client: %d: '%s' (%s) signed off", (int)client->peer.pid,
		       client->beater.name, client->beater.instance);
	msg = client->ch->ops->new_ipcmsg(client->ch, &answer, sizeof answer, NULL);
	if (client->ch->ops->send(client->ch, msg) != IPC_OK)
		msg->msg_done(msg);     /* it does not read: it may learn by waiting */
}

static gboolean
on_input(IPC_Channel *ch, gpointer data)
{
	Client *client = data;
	IPC_Message *msg;
	int rc = ch->ops->recv(ch, &msg);

	if (rc != IPC_OK)
		return rc != IPC_BROKEN;
	take_msg(client, msg->msg_body, msg->msg_len);
	msg->msg_done(msg);
	set_timer(client);
	return TRUE;
}

static void
client_gone(gpointer data)
{
	Client *client = data;

	if (client->timer != 0)
		(void)g_source_remove(client->timer);
	if (client->beater.is_registered) {
		cl_log(LOG_WARNING, "'%s' (%s, process %d) hangup: gone without signing off", client->beater.name,
		       client->beater.instance, (int)client->peer.pid);
		reboot_for(client);
	}
	g_free(client);
}

static gboolean
on_connection(IPC_Channel *ch, gpointer data)
{
	Client *client = g_new0(Client, 1);

	client->apphbd = data;
	client->ch = ch;
	client->peer = (HbBeaterPeer){ .pid = ch->farside_pid, .uid = ch->farside_uid, .gid = ch->farside_gid,
		.may_reboot = ch->farside_uid == 0 || ch->farside_uid == client->apphbd->cluster_uid };
	(void)G_main_add_IPC_Channel(G_PRIORITY_DEFAULT, ch, FALSE, on_input, client, client_gone);
	return TRUE;
}

static gboolean
listen_for_clients(Apphbd *apphbd)
{
	g_autoptr(GHashTable) attributes = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *dir = g_path_get_dirname(HB_APPHB_SOCKET);
	IPC_WaitConnection *wait_conn;

	(void)mkdir(dir, 0755);
	g_hash_table_insert(attributes, (gpointer)IPC_PATH_ATTR, (gpointer)HB_APPHB_SOCKET);
	wait_conn = ipc_wait_conn_constructor(IPC_ANYTYPE, attributes);
	if (wait_conn == NULL) {
		cl_log(LOG_ERR, "cannot listen at %s: %s", HB_APPHB_SOCKET, g_strerror(errno));
		return FALSE;
	}
	(void)G_main_add_IPC_WaitConnection(G_PRIORITY_DEFAULT, wait_conn, NULL, FALSE, on_connection, apphbd, NULL);
	return TRUE;
}

/* ---- watchdog ---- */

static gboolean
on_watchdog(gpointer data)
{
	Apphbd *apphbd = data;

	if (write(apphbd->watchdog_fd, "", 1) != 1)
		cl_log(LOG_ERR, "cannot tend %s: %s", apphbd->watchdog, g_strerror(errno));
	return G_SOURCE_CONTINUE;
}

static gboolean
open_watchdog(Apphbd *apphbd)
{
	if (apphbd->watchdog == NULL)
		return TRUE;
	apphbd->watchdog_fd = open(apphbd->watchdog, O_WRONLY | O_CLOEXEC);
	if (apphbd->watchdog_fd < 0) {
		cl_log(LOG_ERR, "cannot open watchdog_device %s: %s", apphbd->watchdog, g_strerror(errno));
		return FALSE;
	}
	(void)g_timeout_add((guint)apphbd->watchdog_ms, on_watchdog, apphbd);
	return on_watchdog(apphbd);
}

/* ---- configuration ---- */

/* FALSE: not a word of this file, or a value it cannot have. */
static gboolean
take_line(Apphbd *apphbd, const char *word, const char *value)
{
	if (strcmp(word, "debug_level") == 0)
		return g_ascii_string_to_signed(value, 10, 0, G_MAXINT, &apphbd->debug, NULL);
	if (strcmp(word, "watchdog_interval_ms") == 0)
		return g_ascii_string_to_signed(value, 10, WATCHDOG_MS_MIN, G_MAXINT, &apphbd->watchdog_ms, NULL);
	if (strcmp(word, "realtime") == 0 || strcmp(word, "notify_plugin") == 0)
		return TRUE;            /* accepted, not needed: see apphbd(8) */
	if (strcmp(word, "logfile") == 0)
		apphbd->logfile = g_strdup(value);
	else if (strcmp(word, "debugfile") == 0)
		apphbd->debugfile = g_strdup(value);
	else if (strcmp(word, "watchdog_device") == 0)
		apphbd->watchdog = g_strdup(value);
	else
		return FALSE;
	return TRUE;
}

/* @path NULL: the default one, which need not be there. */
static gboolean
read_config(Apphbd *apphbd, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	gboolean ok = TRUE;

	if (!g_file_get_contents(path != NULL ? path : CONFIG_FILE, &text, NULL, &error)) {
		if (path != NULL)
			fprintf(stderr, "apphbd: cannot read the configuration: %s\n", error->message);
		return path == NULL;
	}
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		g_auto(GStrv) words = NULL;

		g_strdelimit(lines[i], "#", '\0');
		words = g_strsplit_set(g_strstrip(lines[i]), " \t=", 2);
		if (words[0] == NULL || words[0][0] == '\0')
			continue;
		if (words[1] == NULL || !take_line(apphbd, words[0], g_strstrip(words[1]))) {
			fprintf(stderr, "apphbd: %s:%u: \"%s\": unknown word or wrong value\n",
			        path != NULL ? path : CONFIG_FILE, i + 1, words[0]);
			ok = FALSE;
		}
	}
	return ok;
}

/* ---- one at a time ---- */

/* Its process id, 0: none runs. */
static pid_t
running_pid(void)
{
	g_autofree char *text = NULL;
	guint64 pid;

	if (!g_file_get_contents(HB_APPHBD_PID_FILE, &text, NULL, NULL) ||
	    !g_ascii_string_to_unsigned(g_strstrip(text), 10, 2, G_MAXINT, &pid, NULL))
		return 0;
	return kill((pid_t)pid, 0) == 0 || errno == EPERM ? (pid_t)pid : 0;
}

static int
stop_running(void)
{
	pid_t pid = running_pid();

	if (pid == 0)
		return EXIT_OK;
	if (kill(pid, SIGTERM) < 0)
		return EXIT_FAULT;
	for (int i = 0; i < STOP_LOOKS && running_pid() == pid; i++)
		g_usleep(STOP_LOOK_US);
	return running_pid() == pid ? EXIT_FAULT : EXIT_OK;
}

static int
show_status(void)
{
	pid_t pid = running_pid();

	if (pid > 0)
		fprintf(stderr, "apphbd is running [pid: %d]\n", (int)pid);
	else
		fprintf(stderr, "apphbd is stopped.\n");
	return pid > 0 ? EXIT_OK : EXIT_STOPPED;
}

static gboolean
on_term(gpointer data)
{
	g_main_loop_quit(((Apphbd *)data)->loop);
	return G_SOURCE_CONTINUE;
}

static int
run(Apphbd *apphbd)
{
	g_autofree char *pid = NULL;
	struct passwd *user = getpwnam("hacluster");

	apphbd->cluster_uid = user != NULL ? user->pw_uid : 0;
	pid = g_strdup_printf("%d\n", (int)getpid());
	if (!g_file_set_contents(HB_APPHBD_PID_FILE, pid, -1, NULL)) {
		cl_log(LOG_ERR, "cannot write %s", HB_APPHBD_PID_FILE);
		return EXIT_FAULT;
	}
	apphbd->loop = g_main_loop_new(NULL, FALSE);
	(void)g_unix_signal_add(SIGTERM, on_term, apphbd);
	(void)g_unix_signal_add(SIGINT, on_term, apphbd);
	if (!open_watchdog(apphbd) || !listen_for_clients(apphbd))
		return EXIT_FAULT;
	cl_log(LOG_INFO, "apphbd started");
	g_main_loop_run(apphbd->loop);
	if (apphbd->watchdog_fd >= 0 && write(apphbd->watchdog_fd, "V", 1) != 1)
		cl_log(LOG_ERR, "cannot stop %s: %s", apphbd->watchdog, g_strerror(errno));
	(void)unlink(HB_APPHBD_PID_FILE);
	cl_log(LOG_INFO, "apphbd stopped");
	return EXIT_OK;
}

int
main(int argc, char **argv)
{
	Apphbd apphbd = { .watchdog_ms = WATCHDOG_MS, .watchdog_fd = -1 };
	const char *config = NULL;
	gboolean foreground = FALSE;
	int c, what = 0;

	while ((c = getopt(argc, argv, "skrdhc:")) != -1) {
		switch (c) {
		case 's': case 'k': case 'r': what = c; break;
		case 'd': foreground = TRUE; break;
		case 'c': config = optarg; break;
		default:
			fputs(usage, c == 'h' ? stdout : stderr);
			return c == 'h' ? EXIT_OK : EXIT_FAULT;
		}
	}
	if (what == 's')
		return show_status();
	if (what == 'k')
		return stop_running();
	if (!read_config(&apphbd, config))
		return EXIT_UNCONFIGURED;
	if (what == 'r' && stop_running() != EXIT_OK)
		return EXIT_FAULT;
	if (running_pid() != 0) {
		fprintf(stderr, "apphbd is running already\n");
		return EXIT_FAULT;
	}
	cl_log_set_entity("apphbd");
	cl_log_set_facility(LOG_DAEMON);
	debug_level = (int)apphbd.debug;
	cl_log_enable_stderr(foreground);
	cl_log_set_logfile(apphbd.logfile);
	cl_log_set_debugfile(apphbd.debugfile);
	if (!foreground && daemon(0, 0) < 0)
		return EXIT_FAULT;
	return run(&apphbd);
}
