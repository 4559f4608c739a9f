/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include <glib.h>

#include "log/log.h"
#include "node/api_server.h"
#include "node/exec_link_parts.h"
#include "node/exec_msg.h"
#include "node/fifo_in.h"
#include "node/loop.h"
#include "node/media.h"
#include "node/reload.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define QUEUE_MAX      256
#define READS_PER_TURN 32

/* ---- out ---- */

static void
broken(HbExecLink *link, const char *why)
{
	if (link->is_broken)
		return;
	link->is_broken = TRUE;
	hb_source_drop(&link->source);
	g_queue_clear_full(&link->queue, g_free);
	hb_log(HB_LOG_CRIT, "the channel to the root process is %s: no script can be run until it is replaced", why);
	if (link->is_leaving)
		hb_loop_quit(link->node, link->exit_code);
}

static void
flush(HbExecLink *link)
{
	HbChannelMsg *msg;

	while (!link->is_broken && (msg = g_queue_peek_head(&link->queue))) {
		if (!hb_channel_send(HB_FD_CHANNEL, msg, NULL, 0)) {
			if (errno != EAGAIN)
				broken(link, "closed");
			return;
		}
		g_free(g_queue_pop_head(&link->queue));
	}
	if (link->is_broken)
		return;
	if (link->source)
		hb_source_wait_for(link->source, G_IO_IN);
	if (link->is_leaving)
		hb_loop_quit(link->node, link->exit_code);
}

gboolean
hb_exec_link_say(HbExecLink *link, const HbChannelMsg *msg)
{
	HbChannelMsg *queued;

	if (link->is_broken)
		return FALSE;
	if (g_queue_is_empty(&link->queue)) {
		if (hb_channel_send(HB_FD_CHANNEL, msg, NULL, 0))
			return TRUE;
		if (errno != EAGAIN) {
			broken(link, "closed");
			return FALSE;
		}
	}
	if (g_queue_get_length(&link->queue) >= QUEUE_MAX) {
		hb_log(HB_LOG_CRIT, "the root process does not read: a request is lost");
		return FALSE;
	}
	queued = g_new(HbChannelMsg, 1);
	*queued = *msg;
	g_queue_push_tail(&link->queue, queued);
	if (link->source)
		hb_source_wait_for(link->source, G_IO_IN | G_IO_OUT);
	return TRUE;
}

/* Effects may not step the core; what they could not do is told to it in a turn of its own. */
static gboolean
on_lost(gpointer owner, GIOCondition cond)
{
	HbExecLink *link = owner;
	g_autoptr(GArray) lost = g_steal_pointer(&link->lost);

	(void)cond;
	link->lost = g_array_new(FALSE, FALSE, sizeof(HbEvent));
	hb_source_at_ms(link->lost_source, G_MAXINT64);
	for (guint i = 0; i < lost->len; i++)
		hb_loop_step(link->node, &g_array_index(lost, HbEvent, i));
	return G_SOURCE_CONTINUE;
}

void
hb_exec_link_report_lost(HbExecLink *link, const HbEvent *end)
{
	g_array_append_vals(link->lost, end, 1);
	hb_source_at_ms(link->lost_source, hb_loop_now_ms(link->node->loop));
}

void
hb_exec_link_exit(HbExecLink *link, int code)
{
	HbChannelMsg msg;

	if (link->is_leaving)
		return;
	hb_exec_msg_end(&msg, HB_CH_EXIT, code, "");
	hb_exec_link_say(link, &msg);
	link->is_leaving = TRUE;
	link->exit_code = code;
	if (link->is_broken)
		hb_loop_quit(link->node, code);
	else
		flush(link);
}

/* ---- in ---- */

typedef void InFunc(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds);

int
hb_exec_link_take_fd(int *fds, guint n_fds, guint *at)
{
	int fd;

	if (*at >= n_fds)
		return -1;
	fd = fds[*at];
	fds[(*at)++] = -1;
	return fd;
}

void
hb_exec_link_answer(HbExecLink *link, const HbChannelMsg *ping)
{
	HbChannelMsg alive = { .type = HB_CH_ALIVE };

	link->ping_ms = hb_time_now_ms();
	alive.u.ping.n = ping->u.ping.n;
	hb_exec_link_say(link, &alive);
}

static void
on_ping(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	(void)fds, (void)n_fds;
	hb_exec_link_answer(link, msg);
}

static void
on_fd(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	guint at = 0;

	hb_media_fd(link->node->media, msg->u.fd.medium, msg->u.fd.err, msg->u.fd.text, hb_exec_link_take_fd(fds, n_fds, &at));
}

static void
on_done(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	HbEvent event;

	(void)fds, (void)n_fds;
	if (link->node->started && hb_exec_msg_done(msg, &event))
		hb_loop_step(link->node, &event);
}

static void
on_fenced(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	HbEvent event;

	(void)fds, (void)n_fds;
	if (link->node->started && hb_exec_msg_fenced(msg, &event))
		hb_loop_step(link->node, &event);
}

static void
on_reload(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	guint at = 0;
	g_auto(HbFd) fd = hb_exec_link_take_fd(fds, n_fds, &at);

	(void)msg;
	if (link->node->started)
		hb_reload(link->node, fd);
	else
		hb_exec_link_reloaded(link, "hb-node is just starting");
}

void
hb_exec_link_close_fds(const int *fds, guint n_fds)
{
	for (guint i = 0; i < n_fds; i++)
		if (fds[i] >= 0)
			hb_fd_close(fds[i]);
}

static void
on_debug(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	(void)fds, (void)n_fds;
	link->node->debug = msg->u.debug.level;
	if (link->node->config)
		hb_node_setup_log(link->node);
}

static void
on_shutdown(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	HbEvent event = { .type = HB_EV_SHUTDOWN };

	(void)msg, (void)fds, (void)n_fds;
	if (link->node->started)
		hb_loop_step(link->node, &event);
	else
		link->node->shutdown_asked = TRUE;
}

static void
on_listen(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	guint at = 0;

	(void)msg;
	hb_api_server_listen(link->node->api, hb_exec_link_take_fd(fds, n_fds, &at));
}

static void
on_fifo(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	guint at = 0;

	(void)msg;
	if (link->node->fifo)
		hb_fifo_in_replace(link->node->fifo, hb_exec_link_take_fd(fds, n_fds, &at));
}

static void
on_let_go(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	(void)msg, (void)fds, (void)n_fds;
	hb_exec_link_exit(link, 0);
}

static InFunc *const handlers[HB_CH_N] = {
	[HB_CH_LET_GO] = on_let_go,
	[HB_CH_LISTEN] = on_listen,
	[HB_CH_FIFO] = on_fifo,
	[HB_CH_PING] = on_ping,
	[HB_CH_FD] = on_fd,
	[HB_CH_DONE] = on_done,
	[HB_CH_FENCED] = on_fenced,
	[HB_CH_RELOAD] = on_reload,
	[HB_CH_DEBUG] = on_debug,
	[HB_CH_SHUTDOWN] = on_shutdown,
};

/* FALSE: nothing more now. */
static gboolean
hear(HbExecLink *link)
{
	HbChannelMsg msg;
	int fds[HB_CHANNEL_FDS_MAX];
	guint n_fds = 0;

	switch (hb_channel_recv(HB_FD_CHANNEL, &msg, fds, &n_fds)) {
	case HB_CHANNEL_OK:
		break;
	case HB_CHANNEL_CLOSED:
		broken(link, "closed");
		return FALSE;
	case HB_CHANNEL_BROKEN:
		broken(link, "broken (malformed message)");
		return FALSE;
	default:
		return FALSE;
	}
	if (msg.type < HB_CH_N && handlers[msg.type])
		handlers[msg.type](link, &msg, fds, n_fds);
	hb_exec_link_close_fds(fds, n_fds);
	return TRUE;
}

static gboolean
on_ready(gpointer owner, GIOCondition cond)
{
	HbExecLink *link = owner;

	if (cond & G_IO_OUT)
		flush(link);
	for (guint i = 0; i < READS_PER_TURN && !link->is_broken && hear(link); i++)
		continue;
	return G_SOURCE_CONTINUE;
}

/* ---- life ---- */

HbExecLink *
hb_exec_link_new(HbNode *node)
{
	HbExecLink *link = g_new0(HbExecLink, 1);

	link->node = node;
	link->ping_ms = hb_time_now_ms();
	g_queue_init(&link->queue);
	link->lost = g_array_new(FALSE, FALSE, sizeof(HbEvent));
	return link;
}

void
hb_exec_link_start(HbExecLink *link)
{
	link->lost_source = hb_source_new(link->node, "lost requests", -1, 0, on_lost, link);
	link->source = hb_source_new(link->node, "channel", HB_FD_CHANNEL, G_IO_IN, on_ready, link);
	if (!g_queue_is_empty(&link->queue))
		hb_source_wait_for(link->source, G_IO_IN | G_IO_OUT);
}

void
hb_exec_link_free(HbExecLink *link)
{
	if (!link)
		return;
	hb_source_drop(&link->source);
	hb_source_drop(&link->lost_source);
	g_queue_clear_full(&link->queue, g_free);
	g_array_unref(link->lost);
	g_free(link);
}

gint64
hb_exec_link_last_ping_ms(const HbExecLink *link)
{
	return link->ping_ms;
}

gboolean
hb_exec_link_is_broken(const HbExecLink *link)
{
	return link->is_broken;
}

guint
hb_exec_link_n_queued(const HbExecLink *link)
{
	return link->queue.length;
}
