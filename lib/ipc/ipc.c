/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ipc.c - frames in and out of one connection.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <glib.h>

#include "ipc/ipc.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define READ_CHUNK 8192

struct HbIpc {
	HbFd fd;
	guint queue_max;
	GQueue out;             /* GBytes *, header included */
	gsize out_done;         /* octets of the first one that are in the socket */
	gsize out_len;          /* octets of all of them */
	GByteArray *in;         /* begins with a header */
	gboolean is_closed;     /* reading has met the end */
};

HbIpc *
hb_ipc_new(int fd)
{
	HbIpc *ipc = g_new0(HbIpc, 1);
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0 && (flags & O_NONBLOCK) == 0)
		(void)fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	ipc->fd = fd;
	ipc->queue_max = HB_IPC_QUEUE_MAX;
	ipc->in = g_byte_array_new();
	g_queue_init(&ipc->out);
	return ipc;
}

static void
unref_bytes(gpointer bytes)
{
	g_bytes_unref(bytes);
}

void
hb_ipc_free(HbIpc *ipc)
{
	if (ipc == NULL)
		return;
	hb_fd_close(ipc->fd);
	g_queue_clear_full(&ipc->out, unref_bytes);
	g_byte_array_unref(ipc->in);
	g_free(ipc);
}

int
hb_ipc_fd(const HbIpc *ipc)
{
	return ipc->fd;
}

/* ---- in ---- */

/* Of the header at the front. AGAIN: it is not all there. */
static HbIpcVerdict
look_at_header(const HbIpc *ipc, gsize *ret_len)
{
	gint32 len;
	guint32 magic;

	if (ipc->in->len < HB_IPC_HEADER_LEN)
		return HB_IPC_AGAIN;
	memcpy(&len, ipc->in->data, sizeof len);
	memcpy(&magic, ipc->in->data + sizeof len, sizeof magic);
	if (magic != HB_IPC_MAGIC)
		return HB_IPC_BAD_MAGIC;
	if (len < 0 || len > HB_IPC_PAYLOAD_MAX)
		return HB_IPC_BAD_LENGTH;
	*ret_len = (gsize)len;
	return HB_IPC_OK;
}

static HbIpcVerdict
take_message(HbIpc *ipc, GBytes **ret_payload)
{
	gsize len;
	HbIpcVerdict verdict = look_at_header(ipc, &len);

	if (verdict != HB_IPC_OK)
		return verdict;
	if (ipc->in->len < HB_IPC_HEADER_LEN + len)
		return HB_IPC_AGAIN;
	*ret_payload = g_bytes_new(ipc->in->data + HB_IPC_HEADER_LEN, len);
	g_byte_array_remove_range(ipc->in, 0, (guint)(HB_IPC_HEADER_LEN + len));
	return HB_IPC_OK;
}

gboolean
hb_ipc_has_message(const HbIpc *ipc)
{
	gsize len;
	HbIpcVerdict verdict = look_at_header(ipc, &len);

	return verdict == HB_IPC_OK ? ipc->in->len >= HB_IPC_HEADER_LEN + len : verdict != HB_IPC_AGAIN;
}

static HbIpcVerdict
read_more(HbIpc *ipc)
{
	guint8 buf[READ_CHUNK];
	ssize_t len;

	if (ipc->is_closed)
		return HB_IPC_CLOSED;
	do
		len = recv(ipc->fd, buf, sizeof buf, MSG_DONTWAIT);
	while (len < 0 && errno == EINTR);
	if (len > 0) {
		g_byte_array_append(ipc->in, buf, (guint)len);
		return HB_IPC_OK;
	}
	if (len < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return HB_IPC_AGAIN;
	if (len == 0)
		errno = 0;
	ipc->is_closed = TRUE;
	return HB_IPC_CLOSED;
}

HbIpcVerdict
hb_ipc_read(HbIpc *ipc, GBytes **ret_payload)
{
	HbIpcVerdict verdict = take_message(ipc, ret_payload);

	if (verdict != HB_IPC_AGAIN)
		return verdict;
	verdict = read_more(ipc);
	return verdict == HB_IPC_OK ? take_message(ipc, ret_payload) : verdict;
}

/* ---- out ---- */

HbIpcVerdict
hb_ipc_flush(HbIpc *ipc)
{
	GBytes *first;

	while ((first = g_queue_peek_head(&ipc->out)) != NULL) {
		gsize len;
		const guint8 *data = g_bytes_get_data(first, &len);
		ssize_t sent = send(ipc->fd, data + ipc->out_done, len - ipc->out_done,
		                    MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? HB_IPC_AGAIN : HB_IPC_CLOSED;
		ipc->out_done += (gsize)sent;
		if (ipc->out_done < len)
			continue;
		ipc->out_done = 0;
		ipc->out_len -= len;
		g_bytes_unref(g_queue_pop_head(&ipc->out));
	}
	return HB_IPC_OK;
}

static GBytes *
frame_new(const void *payload, gsize len)
{
	guint8 *frame = g_malloc(HB_IPC_HEADER_LEN + len);
	gint32 said = (gint32)len;
	guint32 magic = HB_IPC_MAGIC;

	memcpy(frame, &said, sizeof said);
	memcpy(frame + sizeof said, &magic, sizeof magic);
	if (len > 0)
		memcpy(frame + HB_IPC_HEADER_LEN, payload, len);
	return g_bytes_new_take(frame, HB_IPC_HEADER_LEN + len);
}

static gboolean
is_full(const HbIpc *ipc)
{
	return ipc->out.length >= ipc->queue_max || ipc->out_len > HB_IPC_QUEUE_LEN_MAX;
}

HbIpcVerdict
hb_ipc_send(HbIpc *ipc, const void *payload, gsize len)
{
	if (len > HB_IPC_PAYLOAD_MAX)
		return HB_IPC_TOO_LONG;
	if (is_full(ipc) && hb_ipc_flush(ipc) == HB_IPC_CLOSED)
		return HB_IPC_CLOSED;
	if (is_full(ipc))
		return HB_IPC_FULL;
	g_queue_push_tail(&ipc->out, frame_new(payload, len));
	ipc->out_len += HB_IPC_HEADER_LEN + len;
	return hb_ipc_flush(ipc) == HB_IPC_CLOSED ? HB_IPC_CLOSED : HB_IPC_OK;
}

guint
hb_ipc_n_queued(const HbIpc *ipc)
{
	return ipc->out.length;
}

guint
hb_ipc_queue_max(const HbIpc *ipc)
{
	return ipc->queue_max;
}

void
hb_ipc_set_queue_max(HbIpc *ipc, guint n)
{
	g_assert(n > 0);
	ipc->queue_max = n;
}

/* ---- waiting ---- */

static gboolean
is_satisfied(const HbIpc *ipc, gboolean for_send, short revents)
{
	if (for_send)
		return !is_full(ipc);
	return (revents & (POLLIN | POLLHUP)) != 0 || hb_ipc_has_message(ipc);
}

HbIpcVerdict
hb_ipc_wait(HbIpc *ipc, gboolean for_send, int limit_ms)
{
	gint64 until_ms = limit_ms < 0 ? G_MAXINT64 : hb_time_now_ms() + limit_ms;

	for (;;) {
		struct pollfd pfd = { .fd = ipc->fd, .events = for_send ? 0 : POLLIN };
		gint64 left_ms = until_ms - hb_time_now_ms();
		HbIpcVerdict verdict = hb_ipc_flush(ipc);

		if (is_satisfied(ipc, for_send, 0))
			return HB_IPC_OK;
		if (verdict == HB_IPC_CLOSED && for_send)
			return HB_IPC_CLOSED;
		if (verdict == HB_IPC_AGAIN)
			pfd.events |= POLLOUT;
		if (poll(&pfd, 1, limit_ms < 0 ? -1 : (int)CLAMP(left_ms, 0, G_MAXINT)) < 0 && errno != EINTR)
			return HB_IPC_CLOSED;
		if (is_satisfied(ipc, for_send, pfd.revents))
			return HB_IPC_OK;
		if (pfd.revents & (POLLERR | POLLHUP | POLLNVAL))
			return HB_IPC_CLOSED;
		if (left_ms <= 0)
			return HB_IPC_AGAIN;
	}
}
