/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE     /* accept4() */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#include <glib.h>

#include "log/log.h"
#include "node/exec_link.h"
#include "node/fifo_in.h"
#include "node/loop.h"
#include "node/media.h"
#include "node/recorder.h"
#include "node/status.h"
#include "node/status_server.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define CLIENTS_MAX  16
#define PATIENCE_MS  (5 * HB_MS_PER_S)
#define REQUEST_MAX  32
#define ACCEPTS_PER_TURN 4

typedef struct {
	HbStatusServer *server;
	HbFd fd;
	HbSource *source;
	char request[REQUEST_MAX];
	gsize request_len;
	GString *answer;        /* NULL: the request is not complete */
	gsize written;
} Client;

struct HbStatusServer {
	HbNode *node;
	HbFd fd;
	HbSource *source;
	Client *clients[CLIENTS_MAX];
};

static void
client_drop(Client *client)
{
	for (guint i = 0; i < CLIENTS_MAX; i++)
		if (client->server->clients[i] == client)
			client->server->clients[i] = NULL;
	hb_source_drop(&client->source);
	hb_fd_close(client->fd);
	if (client->answer)
		g_string_free(client->answer, TRUE);
	g_free(client);
}

/* ---- answers ---- */

static void
collect(const HbNode *node, HbView *view, HbStatus *ret)
{
	gint64 now_ms = hb_loop_now_ms(node->loop);

	hb_core_view(node->core, now_ms, view);
	*ret = (HbStatus){
		.config = node->config,
		.view = view,
		.n_media = node->config->n_media,
		.channel_is_broken = hb_exec_link_is_broken(node->exec),
		.uptime_ms = (guint64)(now_ms - node->started_ms),
		.long_turns = hb_loop_n_long_turns(node->loop),
		.tx_oversize = hb_sender_n_oversize(node->sender),
		.fifo_bad = hb_fifo_in_n_bad(node->fifo),
		.queued = hb_exec_link_n_queued(node->exec),
		.log_lost = hb_log_n_lost(),
	};
	for (guint i = 0; i < ret->n_media; i++)
		hb_media_report(node->media, i, &ret->media[i]);
}

static void
print_status(HbNode *node, HbStatusPrinter *printer, GString *out)
{
	g_autofree HbView *view = g_new0(HbView, 1);
	g_autofree HbStatus *status = g_new0(HbStatus, 1);

	collect(node, view, status);
	printer(status, out);
}

static void
answer(Client *client)
{
	static const struct {
		const char *request;
		HbStatusPrinter *printer;
	} printers[] = {
		{ "text", hb_status_text },
		{ "json", hb_status_json },
		{ "metrics", hb_status_metrics },
		{ "groups", hb_status_groups },
	};
	HbNode *node = client->server->node;

	client->answer = g_string_new(NULL);
	for (guint i = 0; i < G_N_ELEMENTS(printers); i++) {
		if (!g_str_equal(client->request, printers[i].request))
			continue;
		print_status(node, printers[i].printer, client->answer);
		return;
	}
	if (g_str_equal(client->request, "recorder"))
		hb_recorder_print(node->recorder, client->answer);
	else
		g_string_append(client->answer, "error: unknown request; known: text json metrics groups recorder\n");
}

/* ---- bytes ---- */

/* TRUE: done with this client. */
static gboolean
client_write(Client *client)
{
	while (client->written < client->answer->len) {
		ssize_t len = send(client->fd, client->answer->str + client->written,
		                   client->answer->len - client->written, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (len < 0)
			return errno != EAGAIN;
		client->written += (gsize)len;
	}
	return TRUE;
}

/* TRUE: done with this client. */
static gboolean
client_read(Client *client)
{
	ssize_t len = recv(client->fd, client->request + client->request_len,
	                   sizeof client->request - 1 - client->request_len, MSG_DONTWAIT);
	char *end;

	if (len <= 0)
		return len == 0 || errno != EAGAIN;
	client->request_len += (gsize)len;
	client->request[client->request_len] = '\0';
	end = strchr(client->request, '\n');
	if (!end)
		return client->request_len == sizeof client->request - 1;
	*end = '\0';
	answer(client);
	if (client_write(client))
		return TRUE;
	hb_source_wait_for(client->source, G_IO_OUT);
	return FALSE;
}

static gboolean
on_client(gpointer owner, GIOCondition cond)
{
	Client *client = owner;
	gboolean is_done;

	if (cond == 0)          /* the time is up */
		is_done = TRUE;
	else
		is_done = client->answer ? client_write(client) : client_read(client);
	if (is_done)
		client_drop(client);
	return is_done ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

static void
client_new(HbStatusServer *server, int fd)
{
	for (guint i = 0; i < CLIENTS_MAX; i++) {
		Client *client;

		if (server->clients[i])
			continue;
		client = g_new0(Client, 1);
		server->clients[i] = client;
		client->server = server;
		client->fd = fd;
		client->source = hb_source_new(server->node, "status client", fd, G_IO_IN, on_client, client);
		hb_source_at_ms(client->source, hb_loop_now_ms(server->node->loop) + PATIENCE_MS);
		return;
	}
	hb_fd_close(fd);        /* too many: each of them ends within PATIENCE_MS */
}

static gboolean
on_connection(gpointer owner, GIOCondition cond)
{
	HbStatusServer *server = owner;

	if (cond & (G_IO_ERR | G_IO_HUP | G_IO_NVAL)) {
		hb_log(HB_LOG_ERR, "the status socket is broken: hb_status will not work");
		hb_source_drop(&server->source);
		return G_SOURCE_REMOVE;
	}
	for (guint i = 0; i < ACCEPTS_PER_TURN; i++) {
		int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0)
			break;
		client_new(server, fd);
	}
	return G_SOURCE_CONTINUE;
}

HbStatusServer *
hb_status_server_new(HbNode *node, int fd)
{
	HbStatusServer *server;

	if (fd < 0)
		return NULL;
	server = g_new0(HbStatusServer, 1);
	server->node = node;
	server->fd = fd;
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	server->source = hb_source_new(node, "status socket", fd, G_IO_IN, on_connection, server);
	return server;
}

void
hb_status_server_free(HbStatusServer *server)
{
	if (!server)
		return;
	for (guint i = 0; i < CLIENTS_MAX; i++)
		if (server->clients[i])
			client_drop(server->clients[i]);
	hb_source_drop(&server->source);
	hb_fd_close(server->fd);
	g_free(server);
}
