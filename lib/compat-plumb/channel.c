/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * channel.c - an IPC_Channel over lib/ipc (include/heartbeat/clplumbing/ipc.h).
 *
 * What comes is read when somebody looks, one message ahead at most, so a reader that is slow slows
 * its sender and keeps nothing here.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <glib.h>

#include <clplumbing/ipc.h>

#include "compat-plumb/channel.h"
#include "ipc/ipc.h"

#include "util/banned.h"

#define MSGPAD HB_IPC_HEADER_LEN

typedef struct {
	char *path;
	HbIpc *ipc;             /* NULL: not connected */
	GBytes *ahead;          /* a message that is_message_pending() has met */
} Private;

static void
close_connection(IPC_Channel *ch)
{
	Private *priv = ch->ch_private;

	hb_ipc_free(priv->ipc);
	priv->ipc = NULL;
	ch->ch_status = IPC_DISCONNECT;
}

static int
broken(IPC_Channel *ch, HbIpcVerdict verdict)
{
	g_strlcpy(ch->failreason, verdict == HB_IPC_CLOSED ? "connection closed" : "not a message",
	          sizeof ch->failreason);
	ch->ch_status = IPC_DISCONNECT;
	return IPC_BROKEN;
}

/* Tries to have a message ahead. IPC_OK, IPC_FAIL: there is none now, IPC_BROKEN. */
static int
look_ahead(IPC_Channel *ch)
{
	Private *priv = ch->ch_private;
	HbIpcVerdict verdict;

	if (priv->ahead != NULL)
		return IPC_OK;
	if (priv->ipc == NULL)
		return IPC_BROKEN;
	while ((verdict = hb_ipc_read(priv->ipc, &priv->ahead)) == HB_IPC_OK) {
		if (g_bytes_get_size(priv->ahead) > 0) {
			ch->recv_queue->current_qlen = 1;
			return IPC_OK;
		}
		g_clear_pointer(&priv->ahead, g_bytes_unref);   /* an empty frame is no message */
	}
	return verdict == HB_IPC_AGAIN ? IPC_FAIL : broken(ch, verdict);
}

static void
op_destroy(IPC_Channel *ch)
{
	Private *priv = ch->ch_private;

	close_connection(ch);
	g_clear_pointer(&priv->ahead, g_bytes_unref);
	g_free(priv->path);
	g_free(priv);
	g_free(ch->send_queue);
	g_free(ch->recv_queue);
	g_free(ch);
}

static void
note_peer(IPC_Channel *ch, int fd)
{
	HbIpcPeer peer;

	if (!hb_ipc_peer(fd, &peer))
		return;
	ch->farside_pid = peer.pid;
	ch->farside_uid = peer.uid;
	ch->farside_gid = peer.gid;
}

static int
op_initiate_connection(IPC_Channel *ch)
{
	Private *priv = ch->ch_private;
	int fd;

	if (priv->ipc != NULL || priv->path == NULL)
		return IPC_FAIL;
	fd = hb_ipc_connect(priv->path);
	if (fd < 0) {
		g_strlcpy(ch->failreason, g_strerror(errno), sizeof ch->failreason);
		return IPC_FAIL;
	}
	priv->ipc = hb_ipc_new(fd);
	hb_ipc_set_queue_max(priv->ipc, (guint)ch->send_queue->max_qlen);
	ch->ch_status = IPC_CONNECT;
	ch->conntype = IPC_CLIENT;
	note_peer(ch, fd);
	return IPC_OK;
}

static int
op_verify_auth(IPC_Channel *ch, IPC_Auth *info)
{
	if (ch->ch_status != IPC_CONNECT)
		return IPC_BROKEN;
	if (info == NULL || (info->uid == NULL && info->gid == NULL))
		return IPC_OK;
	if (info->uid != NULL && g_hash_table_contains(info->uid, GUINT_TO_POINTER(ch->farside_uid)))
		return IPC_OK;
	if (info->gid != NULL && g_hash_table_contains(info->gid, GUINT_TO_POINTER(ch->farside_gid)))
		return IPC_OK;
	return IPC_FAIL;
}

static int
op_assert_auth(IPC_Channel *ch, GHashTable *auth)
{
	(void)ch, (void)auth;
	return IPC_OK;
}

static int
op_send(IPC_Channel *ch, IPC_Message *msg)
{
	Private *priv = ch->ch_private;
	HbIpcVerdict verdict;

	if (priv->ipc == NULL)
		return IPC_BROKEN;
	verdict = hb_ipc_send(priv->ipc, msg->msg_body, msg->msg_len);
	while (verdict == HB_IPC_FULL && ch->should_send_block) {
		if (hb_ipc_wait(priv->ipc, TRUE, -1) == HB_IPC_CLOSED)
			return broken(ch, HB_IPC_CLOSED);
		verdict = hb_ipc_send(priv->ipc, msg->msg_body, msg->msg_len);
	}
	ch->send_queue->current_qlen = hb_ipc_n_queued(priv->ipc);
	if (verdict == HB_IPC_CLOSED)
		return broken(ch, verdict);
	if (verdict != HB_IPC_OK)
		return IPC_FAIL;
	if (msg->msg_done != NULL)
		msg->msg_done(msg);
	return IPC_OK;
}

static void
msg_done(IPC_Message *msg)
{
	g_free(msg->msg_buf);
	g_free(msg);
}

static IPC_Message *
op_new_ipcmsg(IPC_Channel *ch, const void *data, int len, void *private_data)
{
	IPC_Message *msg;

	if (len < 0 || len > HB_IPC_PAYLOAD_MAX)
		return NULL;
	msg = g_new0(IPC_Message, 1);
	msg->msg_buf = g_malloc0((gsize)len + 1);
	msg->msg_body = msg->msg_buf;
	if (data != NULL && len > 0)
		memcpy(msg->msg_body, data, (gsize)len);
	msg->msg_len = (unsigned long)len;
	msg->msg_done = msg_done;
	msg->msg_private = private_data;
	msg->msg_ch = ch;
	return msg;
}

static int
op_recv(IPC_Channel *ch, IPC_Message **msg)
{
	Private *priv = ch->ch_private;
	int rc = look_ahead(ch);

	if (rc != IPC_OK)
		return rc;
	*msg = op_new_ipcmsg(ch, g_bytes_get_data(priv->ahead, NULL), (int)g_bytes_get_size(priv->ahead), NULL);
	g_clear_pointer(&priv->ahead, g_bytes_unref);
	ch->recv_queue->current_qlen = 0;
	return IPC_OK;
}

/* Waits for poll events. A signal ends it: programs wait for their own. */
static int
wait_for_events(Private *priv, short events)
{
	struct pollfd fd = { .fd = hb_ipc_fd(priv->ipc), .events = events };

	if (hb_ipc_n_queued(priv->ipc) > 0)
		fd.events |= POLLOUT;
	if (poll(&fd, 1, -1) < 0)
		return errno == EINTR ? IPC_INTR : IPC_BROKEN;
	return IPC_OK;
}

static int
op_waitin(IPC_Channel *ch)
{
	Private *priv = ch->ch_private;
	int rc;

	while ((rc = look_ahead(ch)) == IPC_FAIL) {
		(void)hb_ipc_flush(priv->ipc);
		rc = wait_for_events(priv, POLLIN);
		if (rc != IPC_OK)
			return rc;
	}
	return rc;
}

static int
op_waitout(IPC_Channel *ch)
{
	Private *priv = ch->ch_private;
	HbIpcVerdict verdict;

	if (priv->ipc == NULL)
		return IPC_BROKEN;
	while ((verdict = hb_ipc_flush(priv->ipc)) == HB_IPC_AGAIN) {
		int rc = wait_for_events(priv, POLLOUT);

		if (rc != IPC_OK)
			return rc;
	}
	ch->send_queue->current_qlen = hb_ipc_n_queued(priv->ipc);
	return verdict == HB_IPC_OK ? IPC_OK : broken(ch, verdict);
}

static gboolean
op_is_message_pending(IPC_Channel *ch)
{
	return look_ahead(ch) != IPC_FAIL;
}

static gboolean
op_is_sending_blocked(IPC_Channel *ch)
{
	Private *priv = ch->ch_private;

	return priv->ipc != NULL && hb_ipc_n_queued(priv->ipc) > 0;
}

static int
op_resume_io(IPC_Channel *ch)
{
	Private *priv = ch->ch_private;

	if (priv->ipc == NULL || hb_ipc_flush(priv->ipc) == HB_IPC_CLOSED)
		return IPC_BROKEN;
	ch->send_queue->current_qlen = hb_ipc_n_queued(priv->ipc);
	return look_ahead(ch) == IPC_BROKEN ? IPC_BROKEN : IPC_OK;
}

static int
op_get_select_fd(IPC_Channel *ch)
{
	Private *priv = ch->ch_private;

	return priv->ipc == NULL ? -1 : hb_ipc_fd(priv->ipc);
}

static int
op_set_send_qlen(IPC_Channel *ch, int q_len)
{
	Private *priv = ch->ch_private;

	ch->send_queue->max_qlen = (size_t)MAX(q_len, 1);
	if (priv->ipc != NULL)
		hb_ipc_set_queue_max(priv->ipc, (guint)ch->send_queue->max_qlen);
	return IPC_OK;
}

static int
op_set_recv_qlen(IPC_Channel *ch, int q_len)
{
	ch->recv_queue->max_qlen = (size_t)MAX(q_len, 0);
	return IPC_OK;
}

static void
op_set_high_flow_callback(IPC_Channel *ch, flow_callback_t callback, void *user_data)
{
	ch->high_flow_callback = callback;
	ch->high_flow_userdata = user_data;
}

static void
op_set_low_flow_callback(IPC_Channel *ch, flow_callback_t callback, void *user_data)
{
	ch->low_flow_callback = callback;
	ch->low_flow_userdata = user_data;
}

static int
op_get_chan_status(IPC_Channel *ch)
{
	Private *priv = ch->ch_private;

	if (ch->ch_status == IPC_CONNECT)
		(void)look_ahead(ch);
	return ch->ch_status == IPC_DISCONNECT && priv->ahead != NULL ? IPC_DISC_PENDING : ch->ch_status;
}

static gboolean
op_is_sendq_full(IPC_Channel *ch)
{
	Private *priv = ch->ch_private;

	return priv->ipc != NULL && hb_ipc_n_queued(priv->ipc) >= ch->send_queue->max_qlen;
}

static gboolean
op_is_recvq_full(IPC_Channel *ch)
{
	return ch->recv_queue->current_qlen >= MAX(ch->recv_queue->max_qlen, 1);
}

static int
op_get_conntype(IPC_Channel *ch)
{
	return ch->conntype;
}

static int
op_disconnect(IPC_Channel *ch)
{
	close_connection(ch);
	return IPC_OK;
}

static IPC_Ops channel_ops = {
	.destroy = op_destroy,
	.initiate_connection = op_initiate_connection,
	.verify_auth = op_verify_auth,
	.assert_auth = op_assert_auth,
	.send = op_send,
	.recv = op_recv,
	.waitin = op_waitin,
	.waitout = op_waitout,
	.is_message_pending = op_is_message_pending,
	.is_sending_blocked = op_is_sending_blocked,
	.resume_io = op_resume_io,
	.get_send_select_fd = op_get_select_fd,
	.get_recv_select_fd = op_get_select_fd,
	.set_send_qlen = op_set_send_qlen,
	.set_recv_qlen = op_set_recv_qlen,
	.set_high_flow_callback = op_set_high_flow_callback,
	.set_low_flow_callback = op_set_low_flow_callback,
	.new_ipcmsg = op_new_ipcmsg,
	.get_chan_status = op_get_chan_status,
	.is_sendq_full = op_is_sendq_full,
	.is_recvq_full = op_is_recvq_full,
	.get_conntype = op_get_conntype,
	.disconnect = op_disconnect,
};

static IPC_Channel *
channel_new(void)
{
	IPC_Channel *ch = g_new0(IPC_Channel, 1);

	ch->ch_status = IPC_DISCONNECT;
	ch->ch_private = g_new0(Private, 1);
	ch->ops = &channel_ops;
	ch->msgpad = MSGPAD;
	ch->should_block_fail = TRUE;
	ch->send_queue = g_new0(IPC_Queue, 1);
	ch->recv_queue = g_new0(IPC_Queue, 1);
	ch->send_queue->max_qlen = HB_IPC_QUEUE_MAX;
	ch->recv_queue->max_qlen = HB_IPC_QUEUE_MAX;
	return ch;
}

IPC_Channel *
hb_channel_from_fd(int fd, int conntype)
{
	IPC_Channel *ch = channel_new();
	Private *priv = ch->ch_private;

	note_peer(ch, fd);
	priv->ipc = hb_ipc_new(fd);
	ch->ch_status = IPC_CONNECT;
	ch->conntype = conntype;
	return ch;
}

IPC_Channel *
ipc_channel_constructor(const char *ch_type, GHashTable *ch_attrs)
{
	const char *path = ch_attrs == NULL ? NULL : g_hash_table_lookup(ch_attrs, IPC_PATH_ATTR);
	IPC_Channel *ch;

	if (path == NULL || ch_type == NULL ||
	    (strcmp(ch_type, IPC_DOMAIN_SOCKET) != 0 && strcmp(ch_type, IPC_UDS_CRED) != 0))
		return NULL;
	ch = channel_new();
	((Private *)ch->ch_private)->path = g_strdup(path);
	return ch;
}

int
ipc_channel_pair(IPC_Channel *channels[2])
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0)
		return IPC_FAIL;
	channels[0] = hb_channel_from_fd(fds[0], IPC_PEER);
	channels[1] = hb_channel_from_fd(fds[1], IPC_PEER);
	return IPC_OK;
}

void
set_ipc_time_debug_flag(gboolean flag)
{
	(void)flag;
}
