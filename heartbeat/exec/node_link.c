/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib-unix.h>

#include "exec/node_link.h"
#include "exec/spawn.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define READS_PER_TURN 32
#define LAST_WORDS_MAX 4096             /* more than the socket holds */
#define KILL_WAIT_MS 1000
#define CLOSED_WAIT_MS 20

struct HbNodeLink {
	HbNodeHooks hooks;
	gpointer data;
	pid_t pid;
	int pidfd;
	int fd;
	guint message_source, end_source;
	char *why;                      /* why we killed it */
	gboolean reaped;
	HbProc *proc;
};

static void
stop_listening(HbNodeLink *link)
{
	if (link->message_source != 0)
		g_source_remove(link->message_source);
	link->message_source = 0;
}

void
hb_node_link_kill(HbNodeLink *link, const char *why)
{
	stop_listening(link);
	if (link->why == NULL)
		link->why = g_strdup(why);
	if (!link->reaped)
		(void)kill(link->pid, SIGKILL);
}

/* Mostly the first sign of its end, whose cause is better known in a moment. */
static void
on_closed(HbNodeLink *link)
{
	struct pollfd wait = { .fd = link->pidfd, .events = POLLIN };

	if (poll(&wait, 1, CLOSED_WAIT_MS) > 0)
		stop_listening(link);
	else
		hb_node_link_kill(link, "it closed its channel");
}

static void
read_messages(HbNodeLink *link, guint max)
{
	for (guint i = 0; i < max && link->message_source != 0; i++) {
		int fds[HB_CHANNEL_FDS_MAX];
		HbChannelMsg msg;
		guint n_fds;

		switch (hb_channel_recv(link->fd, &msg, fds, &n_fds)) {
		case HB_CHANNEL_OK:
			link->hooks.message(&msg, fds, n_fds, link->data);
			for (guint j = 0; j < n_fds; j++)
				hb_fd_close(fds[j]);
			break;
		case HB_CHANNEL_AGAIN:
			return;
		case HB_CHANNEL_CLOSED:
			on_closed(link);
			return;
		case HB_CHANNEL_BROKEN:
			hb_node_link_kill(link, "it sent a malformed request");
			return;
		}
	}
}

static gboolean
on_message(int fd, GIOCondition condition, gpointer data)
{
	(void)fd, (void)condition;
	read_messages(data, READS_PER_TURN);
	return G_SOURCE_CONTINUE;
}

static gboolean
on_end(int fd, GIOCondition condition, gpointer data)
{
	HbNodeLink *link = data;
	g_autofree char *why = NULL;
	int status = 0;

	(void)fd, (void)condition;
	/* A last word (FAILED, EXIT) may still be in the channel. */
	read_messages(link, LAST_WORDS_MAX);
	if (waitpid(link->pid, &status, WNOHANG) != link->pid)
		return G_SOURCE_CONTINUE;
	link->reaped = TRUE;
	link->proc->pid = 0;
	stop_listening(link);
	link->end_source = 0;
	if (link->why != NULL)
		why = g_strdup(link->why);
	else if (WIFSIGNALED(status))
		why = g_strdup_printf("signal %d", WTERMSIG(status));
	else
		why = g_strdup_printf("exit status %d", WEXITSTATUS(status));
	link->hooks.gone(why, link->data);
	return G_SOURCE_REMOVE;
}

static pid_t
spawn_node(const HbExec *ex, int channel, int *ret_pidfd, GError **error)
{
	static char *const env[] = { (char *)"PATH=/usr/sbin:/usr/bin:/sbin:/bin", (char *)"LC_ALL=C", NULL };
	char *const argv[] = { (char *)"hb-node", NULL };
	g_auto(HbFd) devnull = open("/dev/null", O_RDWR | O_CLOEXEC);
	const HbSpawn spawn = {
		.path = ex->options.node_path, .argv = argv, .envp = env, .cwd = "/",
		.fds = { devnull, devnull, devnull, [HB_FD_CHANNEL] = channel, [HB_FD_MEMORY] = ex->memory_fd,
		         [HB_FD_GUARD] = ex->guard.pipe_write },
		.n_fds = HB_FD_GUARD + 1, .drop = ex->node_drops, .uid = ex->node_uid, .gid = ex->node_gid,
		.rt_priority = ex->rt_priority, .lock_memory = ex->config->realtime, .oom_score_adj = "-1000",
		.ret_pid = &ex->state->node.pid,
	};

	return hb_spawn(&spawn, ret_pidfd, error);
}

HbNodeLink *
hb_node_link_start(const HbExec *ex, const HbNodeHooks *hooks, gpointer data, GError **error)
{
	g_autofree HbNodeLink *link = g_new0(HbNodeLink, 1);
	g_auto(HbFd) far = -1;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot make the channel: %s",
		            g_strerror(errno));
		return NULL;
	}
	link->fd = ends[0];
	far = ends[1];
	/* The child notes its number itself; with the start time of another process it would be nobody's. */
	ex->state->node = (HbProc){ 0 };
	link->pid = spawn_node(ex, far, &link->pidfd, error);
	if (link->pid < 0) {
		hb_fd_close(link->fd);
		return NULL;
	}
	link->proc = &ex->state->node;
	hb_proc_note(link->proc);
	link->hooks = *hooks;
	link->data = data;
	/* Not above the timers and signals: hb-node must not be able to keep root from them by talking. */
	link->message_source = g_unix_fd_add(link->fd, G_IO_IN | G_IO_HUP, on_message, link);
	link->end_source = g_unix_fd_add_full(G_PRIORITY_HIGH, link->pidfd, G_IO_IN, on_end, link, NULL);
	return g_steal_pointer(&link);
}

void
hb_node_link_free(HbNodeLink *link)
{
	struct pollfd wait;

	if (link == NULL)
		return;
	stop_listening(link);
	if (link->end_source != 0)
		g_source_remove(link->end_source);
	if (!link->reaped) {
		(void)kill(link->pid, SIGKILL);
		wait = (struct pollfd){ .fd = link->pidfd, .events = POLLIN };
		(void)poll(&wait, 1, KILL_WAIT_MS);
		(void)waitpid(link->pid, NULL, WNOHANG);
		link->proc->pid = 0;
	}
	hb_fd_close(link->pidfd);
	hb_fd_close(link->fd);
	g_free(link->why);
	g_free(link);
}

gboolean
hb_node_link_send(HbNodeLink *link, const HbChannelMsg *msg, const int *fds, guint n_fds)
{
	if (hb_channel_send(link->fd, msg, fds, n_fds))
		return TRUE;
	hb_node_link_kill(link, errno == EAGAIN ? "it does not read its channel" : "its channel is closed");
	return FALSE;
}
