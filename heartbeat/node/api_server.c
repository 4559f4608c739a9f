/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <signal.h>

#include <glib.h>

#include "log/log.h"
#include "node/api_server.h"
#include "node/exec_link.h"
#include "node/loop.h"
#include "node/rate.h"
#include "node/send.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define ACCEPTS_PER_TURN 4
#define MESSAGES_PER_TURN 8             /* of one client */
#define MESSAGES_PER_MS  32             /* of all clients: what else waits goes before the rest */
#define PAUSE_MS         HB_MS_PER_S    /* when no descriptor is left */
#define AUDIT_MS         (3 * HB_MS_PER_S)
#define UNACKED_MAX      250            /* half of what is kept for retransmission */
#define SIGNAL_PAUSE_MS  20             /* between two signals to one client: more cannot be told apart */

struct HbApiServer {
	HbNode *node;
	HbApi *api;
	HbFd fd;                /* -1: not listening */
	HbSource *listener;
	HbSource *audit;
	gint64 accept_at_ms;    /* not before */
	gint64 budget_ms;       /* the millisecond whose messages are counted */
	guint n_served;
	gboolean is_paused;     /* clients are not read: the cluster has not taken in what they said */
	HbRate no_fd_rate;
};

/* What a client is to the loop. */
typedef struct {
	HbApiServer *server;
	HbApiClient *client;
	HbSource *source;
	gboolean has_output;
	int sig;                /* due; 0: none */
	gint64 signal_ms;       /* not before */
} Connection;

static HbApi *
api_of(const Connection *connection)
{
	return connection->server->api;
}

/* ---- what the API asks of this process ---- */

static gint64
now_ms(gpointer data)
{
	return hb_loop_now_ms(((HbApiServer *)data)->node->loop);
}

static void
view(gpointer data, HbView *ret_view)
{
	const HbNode *node = ((HbApiServer *)data)->node;

	hb_core_view(node->core, hb_loop_now_ms(node->loop), ret_view);
}

static void
to_cluster(gpointer data, const HbTyped *msg)
{
	HbEvent event = { .type = HB_EV_CLIENT };

	event.u.client.msg = msg;
	hb_loop_step(((HbApiServer *)data)->node, &event);
}

static gboolean
uuid_of(gpointer data, const char *name, guint8 ret_uuid[HB_UUID_LEN])
{
	return hb_sender_uuid_of(((HbApiServer *)data)->node->sender, name, ret_uuid);
}

static const char *
name_of(gpointer data, const guint8 uuid[HB_UUID_LEN])
{
	return hb_sender_name_of(((HbApiServer *)data)->node->sender, uuid);
}

/* Of another user's process we are told that we may not: so it is there. */
static gboolean
process_lives(gpointer data, pid_t pid)
{
	(void)data;
	return kill(pid, 0) == 0 || errno != ESRCH;
}

/* Who is just coming is heard at any time. */
static gboolean
is_held_back(const Connection *connection)
{
	return connection->server->is_paused && hb_api_client_is_signed_on(connection->client);
}

static void
wait_for(Connection *connection)
{
	GIOCondition cond = connection->has_output ? G_IO_OUT : 0;

	hb_source_wait_for(connection->source, is_held_back(connection) ? cond : cond | G_IO_IN);
}

static void
has_output(gpointer data, HbApiClient *client)
{
	Connection *connection = hb_api_client_owner(client);

	(void)data;
	if (connection->has_output)
		return;
	connection->has_output = TRUE;
	wait_for(connection);
}

/* Root alone may signal the processes of others; it looks at the socket to see whose it is. */
static void
send_signal(Connection *connection)
{
	gint64 at_ms = connection->signal_ms;

	if (connection->sig == 0)
		return;
	if (now_ms(connection->server) < at_ms) {
		hb_source_at_ms(connection->source, at_ms);
		return;
	}
	hb_exec_link_signal(connection->server->node->exec, connection->sig,
	                    hb_ipc_fd(hb_api_client_ipc(connection->client)));
	connection->sig = 0;
	connection->signal_ms = now_ms(connection->server) + SIGNAL_PAUSE_MS;
}

static void
want_signal(gpointer data, HbApiClient *client, int sig)
{
	Connection *connection = hb_api_client_owner(client);

	(void)data;
	connection->sig = sig;
	send_signal(connection);
}

static void
gone(gpointer data, HbApiClient *client)
{
	Connection *connection = hb_api_client_owner(client);

	(void)data;
	hb_source_drop(&connection->source);
	g_free(connection);
}

static const HbApiHooks hooks = {
	.now_ms = now_ms,
	.view = view,
	.to_cluster = to_cluster,
	.uuid_of = uuid_of,
	.name_of = name_of,
	.process_lives = process_lives,
	.signal = want_signal,
	.has_output = has_output,
	.gone = gone,
};

/* ---- connections ---- */

/* A crowd of talkative clients gets its share and no more: the sources of the network and of root come up again. */
static gboolean
may_serve(HbApiServer *server)
{
	gint64 now = hb_time_now_ms();

	if (now != server->budget_ms) {
		server->budget_ms = now;
		server->n_served = 0;
	}
	return server->n_served++ < MESSAGES_PER_MS;
}

static gboolean
has_more(const Connection *connection)
{
	return hb_ipc_has_message(hb_api_client_ipc(connection->client));
}

static void
serve(Connection *connection)
{
	for (guint i = 0; i < MESSAGES_PER_TURN && may_serve(connection->server); i++)
		if (!hb_api_client_read(api_of(connection), connection->client) || !has_more(connection))
			return;
}

static gboolean
on_connection(gpointer owner, GIOCondition cond)
{
	Connection *connection = owner;
	HbApiServer *server = connection->server;
	HbApiClient *client = connection->client;

	hb_source_at_ms(connection->source, G_MAXINT64);
	send_signal(connection);
	if (cond & G_IO_OUT) {
		hb_api_client_write(api_of(connection), client);
		connection->has_output = hb_ipc_n_queued(hb_api_client_ipc(client)) > 0;
	}
	if ((cond & (G_IO_IN | G_IO_HUP | G_IO_ERR)) != 0 || (has_more(connection) && !is_held_back(connection)))
		serve(connection);
	if (hb_api_client_is_gone(client))
		return G_SOURCE_CONTINUE;
	wait_for(connection);
	/* What was read already the kernel does not tell of. */
	if (has_more(connection) && !is_held_back(connection))
		hb_source_at_ms(connection->source, now_ms(server));
	return G_SOURCE_CONTINUE;
}

static void
take_connection(HbApiServer *server, int fd)
{
	Connection *connection;
	HbIpcPeer peer;

	if (!hb_ipc_peer(fd, &peer) || !hb_api_admits(server->api, peer.uid)) {
		hb_fd_close(fd);
		return;
	}
	connection = g_new0(Connection, 1);
	connection->server = server;
	connection->client = hb_api_client_new(server->api, hb_ipc_new(fd), &peer, connection);
	connection->source = hb_source_new(server->node, "API client", fd, G_IO_IN, on_connection, connection);
}

/* With no descriptor left the listening socket stays readable: look again a little later. */
static void
pause_accepting(HbApiServer *server)
{
	guint64 n_swallowed;

	if (hb_rate_allows(&server->no_fd_rate, now_ms(server), &n_swallowed))
		hb_log(HB_LOG_WARN, "a client has to wait: %s", g_strerror(errno));
	hb_source_wait_for(server->listener, 0);
	hb_source_at_ms(server->listener, now_ms(server) + PAUSE_MS);
}

static gboolean
on_listener(gpointer owner, GIOCondition cond)
{
	HbApiServer *server = owner;

	if (cond & (G_IO_ERR | G_IO_HUP | G_IO_NVAL)) {
		hb_log(HB_LOG_ERR, "the registration socket is broken: no client can come any more");
		hb_source_drop(&server->listener);
		return G_SOURCE_REMOVE;
	}
	hb_source_wait_for(server->listener, G_IO_IN);
	hb_source_at_ms(server->listener, G_MAXINT64);
	for (guint i = 0; i < ACCEPTS_PER_TURN; i++) {
		int fd = hb_ipc_accept(server->fd);

		if (fd >= 0)
			take_connection(server, fd);
		else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
			pause_accepting(server);
		if (fd < 0)
			break;
	}
	return G_SOURCE_CONTINUE;
}

static gboolean
on_audit(gpointer owner, GIOCondition cond)
{
	HbApiServer *server = owner;

	(void)cond;
	hb_api_audit(server->api);
	hb_source_at_ms(server->audit, now_ms(server) + AUDIT_MS);
	return G_SOURCE_CONTINUE;
}

/* ---- flow ---- */

static void
wait_for_all(HbApiServer *server)
{
	for (guint i = 0; i < hb_api_n_clients(server->api); i++) {
		HbApiClient *client = hb_api_client_at(server->api, i);
		Connection *connection = hb_api_client_owner(client);

		if (hb_api_client_is_gone(client))
			continue;
		wait_for(connection);
		hb_source_at_ms(connection->source, now_ms(server));
	}
}

/* Clients wait while other nodes have not acknowledged what was said: else the history would not reach back. */
static void
look_at_flow(HbApiServer *server)
{
	gboolean is_over = server->node->started && hb_core_n_unacked(server->node->core) > UNACKED_MAX;

	if (is_over == server->is_paused)
		return;
	server->is_paused = is_over;
	hb_log(HB_LOG_DEBUG, is_over ? "clients have to wait: the other nodes lag behind" : "clients are heard again");
	wait_for_all(server);
}

void
hb_api_server_turn(HbApiServer *server)
{
	if (server == NULL || server->fd < 0)
		return;
	hb_api_turn(server->api);
	look_at_flow(server);
}

/* ---- life ---- */

HbApiServer *
hb_api_server_new(HbNode *node)
{
	HbApiServer *server = g_new0(HbApiServer, 1);

	server->node = node;
	server->fd = -1;
	server->api = hb_api_new(node->config, &hooks, server);
	server->audit = hb_source_new(node, "API audit", -1, 0, on_audit, server);
	return server;
}

void
hb_api_server_listen(HbApiServer *server, int fd)
{
	if (server->fd >= 0) {
		hb_fd_close(fd);
		return;
	}
	server->fd = fd;
	server->listener = hb_source_new(server->node, "API", fd, G_IO_IN, on_listener, server);
	hb_source_at_ms(server->audit, now_ms(server) + AUDIT_MS);
}

void
hb_api_server_free(HbApiServer *server)
{
	if (server == NULL)
		return;
	hb_source_drop(&server->listener);
	hb_source_drop(&server->audit);
	hb_api_free(server->api);
	if (server->fd >= 0)
		hb_fd_close(server->fd);
	g_free(server);
}

HbApi *
hb_api_server_api(HbApiServer *server)
{
	return server->api;
}
