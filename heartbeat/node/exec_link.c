/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include <glib.h>

#include "log/log.h"
#include "node/api_server.h"
#include "node/exec_link.h"
#include "node/exec_msg.h"
#include "node/fifo_in.h"
#include "node/loop.h"
#include "node/media.h"
#include "node/reload.h"
#include "util/fd.h"
#include "util/time.h"
#include "wire/typedio.h"

#include "util/banned.h"

#define QUEUE_MAX      256
#define READS_PER_TURN 32
#define GREETING_MS    (10 * HB_MS_PER_S)

struct HbExecLink {
	HbNode *node;
	HbSource *source;
	GQueue queue;           /* HbChannelMsg *, waiting for room in the socket */
	GArray *lost;           /* HbEvent: the ends of ops that never left */
	HbSource *lost_source;
	gint64 ping_ms;
	gboolean is_broken;
	gboolean is_leaving;    /* EXIT is in the queue or said */
	int exit_code;
};

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

/* FALSE: it will not reach root. */
static gboolean
say(HbExecLink *link, const HbChannelMsg *msg)
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

static void
report_lost(HbExecLink *link, const HbEvent *end)
{
	g_array_append_vals(link->lost, end, 1);
	hb_source_at_ms(link->lost_source, hb_loop_now_ms(link->node->loop));
}

gboolean
hb_exec_link_open(HbExecLink *link, guint medium, const hb_medium_want *want)
{
	HbChannelMsg msg;

	hb_exec_msg_open(&msg, medium, want);
	return say(link, &msg);
}

void
hb_exec_link_run(HbExecLink *link, const HbEffect *run)
{
	const HbEvent end = { .type = HB_EV_CHILD, .u.child = { .op = run->u.run.op, .result = HB_CHILD_LOST } };
	HbChannelMsg msg;

	hb_exec_msg_run(&msg, run);
	if (!say(link, &msg) && !link->is_broken)
		report_lost(link, &end);
}

void
hb_exec_link_fence(HbExecLink *link, const HbEffect *fence)
{
	const HbEvent end = {
		.type = HB_EV_FENCED, .u.fenced = { .op = fence->u.fence.op, .verdict = HB_FENCED_FAILED }
	};
	HbChannelMsg msg;

	hb_exec_msg_fence(&msg, fence);
	if (!say(link, &msg) && !link->is_broken)
		report_lost(link, &end);
}

void
hb_exec_link_cancel(HbExecLink *link, guint32 op)
{
	HbChannelMsg msg = { .type = HB_CH_CANCEL };

	msg.u.cancel.op = op;
	say(link, &msg);
}

void
hb_exec_link_node(HbExecLink *link, const HbEffect *effect)
{
	HbChannelMsg msg = { .type = HB_CH_NODE };

	msg.u.node.op = effect->u.node.op;
	msg.u.node.has_uuid = effect->u.node.has_uuid != FALSE;
	memcpy(msg.u.node.uuid, effect->u.node.uuid, HB_UUID_LEN);
	g_strlcpy(msg.u.node.name, effect->u.node.name, sizeof msg.u.node.name);
	say(link, &msg);
}

/* The fields that a message of this core would have on the wire. */
static HbMsg *
build_own(const HbNode *node, const HbTyped *typed)
{
	HbEnvelope envelope = {
		.src = typed->src,
		.src_uuid = typed->src_uuid,
		.generation = typed->generation,
		.ts = typed->ts != 0 ? typed->ts : (guint32)time(NULL),
		.load = "n/a",
		.ttl = 1,
	};

	if (*typed->src == '\0')
		envelope.src = node->config->nodes[node->config->self].name;
	if (!typed->has_src_uuid)
		envelope.src_uuid = node->uuid;
	return hb_typed_build(typed, &envelope);
}

void
hb_exec_link_notify_rc(HbExecLink *link, const HbTyped *typed, HbNodeSt own_st)
{
	const HbNode *node = link->node;
	gboolean is_ours = typed->raw == NULL || strcmp(typed->src, node->config->nodes[node->config->self].name) == 0;
	g_autoptr(HbMsg) built = is_ours ? build_own(node, typed) : NULL;
	const HbMsg *fields = is_ours ? built : typed->raw;
	HbChannelMsg msg;

	if (fields != NULL && hb_exec_msg_rc(&msg, fields, own_st))
		say(link, &msg);
}

void
hb_exec_link_ready(HbExecLink *link)
{
	HbChannelMsg msg = { .type = HB_CH_READY };

	say(link, &msg);
}

void
hb_exec_link_active(HbExecLink *link)
{
	HbChannelMsg msg = { .type = HB_CH_ACTIVE };

	say(link, &msg);
}

void
hb_exec_link_farewell(HbExecLink *link)
{
	HbChannelMsg msg = { .type = HB_CH_FAREWELL };

	if (!say(link, &msg))
		hb_exec_link_exit(link, 0);
}

/* Not by the queue, which keeps no descriptors. */
void
hb_exec_link_signal(HbExecLink *link, int number, int client_fd)
{
	HbChannelMsg msg = { .type = HB_CH_SIGNAL };

	msg.u.signal.number = number;
	if (!link->is_broken && g_queue_is_empty(&link->queue))
		(void)hb_channel_send(HB_FD_CHANNEL, &msg, &client_fd, 1);
}

void
hb_exec_link_exit(HbExecLink *link, int code)
{
	HbChannelMsg msg;

	if (link->is_leaving)
		return;
	hb_exec_msg_end(&msg, HB_CH_EXIT, code, "");
	say(link, &msg);
	link->is_leaving = TRUE;
	link->exit_code = code;
	if (link->is_broken)
		hb_loop_quit(link->node, code);
	else
		flush(link);
}

void
hb_exec_link_fail(HbExecLink *link, int code, const char *text)
{
	HbChannelMsg msg;

	hb_exec_msg_end(&msg, HB_CH_FAILED, code, text);
	say(link, &msg);
}

void
hb_exec_link_reloaded(HbExecLink *link, const char *why_not)
{
	HbChannelMsg msg = { .type = HB_CH_RELOADED };

	msg.u.reloaded.taken = why_not == NULL;
	if (why_not)
		g_strlcpy(msg.u.reloaded.text, why_not, sizeof msg.u.reloaded.text);
	say(link, &msg);
}

/* ---- in ---- */

typedef void InFunc(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds);

/* The next descriptor that came along, in the order of channel.h; -1 none. */
static int
take_fd(int *fds, guint n_fds, guint *at)
{
	int fd;

	if (*at >= n_fds)
		return -1;
	fd = fds[*at];
	fds[(*at)++] = -1;
	return fd;
}

static void
on_ping(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	HbChannelMsg alive = { .type = HB_CH_ALIVE };

	(void)fds, (void)n_fds;
	link->ping_ms = hb_time_now_ms();
	alive.u.ping.n = msg->u.ping.n;
	say(link, &alive);
}

static void
on_fd(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	guint at = 0;

	hb_media_fd(link->node->media, msg->u.fd.medium, msg->u.fd.err, msg->u.fd.text, take_fd(fds, n_fds, &at));
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
	g_auto(HbFd) fd = take_fd(fds, n_fds, &at);

	(void)msg;
	if (link->node->started)
		hb_reload(link->node, fd);
	else
		hb_exec_link_reloaded(link, "hb-node is just starting");
}

static void
close_fds(const int *fds, guint n_fds)
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
	hb_api_server_listen(link->node->api, take_fd(fds, n_fds, &at));
}

static void
on_fifo(HbExecLink *link, const HbChannelMsg *msg, int *fds, guint n_fds)
{
	guint at = 0;

	(void)msg;
	if (link->node->fifo)
		hb_fifo_in_replace(link->node->fifo, take_fd(fds, n_fds, &at));
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
	close_fds(fds, n_fds);
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

/* ---- greeting ---- */

static gboolean
read_welcome(const HbChannelMsg *msg, int *fds, guint n_fds, HbWelcome *ret, GError **error)
{
	guint at = 0;
	g_auto(HbFd) bundle_fd = take_fd(fds, n_fds, &at);

	if (msg->u.welcome.abi != HB_CHANNEL_ABI) {
		g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_ERROR,
		            "heartbeat and hb-node are of two versions (channel %u and %u)",
		            msg->u.welcome.abi, HB_CHANNEL_ABI);
		return FALSE;
	}
	ret->bundle = hb_reload_read_fd(bundle_fd, error);
	if (!ret->bundle)
		return FALSE;
	ret->msg = *msg;
	ret->fifo_fd = take_fd(fds, n_fds, &at);
	ret->status_fd = take_fd(fds, n_fds, &at);
	ret->log_fd = take_fd(fds, n_fds, &at);
	ret->watchdog_fd = msg->u.welcome.flags & HB_CH_HAS_WATCHDOG ? take_fd(fds, n_fds, &at) : -1;
	return TRUE;
}

static gboolean
wait_readable(gint64 until_ms)
{
	struct pollfd pfd = { .fd = HB_FD_CHANNEL, .events = POLLIN };
	gint64 left_ms = until_ms - hb_time_now_ms();

	return left_ms > 0 && poll(&pfd, 1, (int)left_ms) >= 0;
}

gboolean
hb_exec_link_greet(HbExecLink *link, HbWelcome *ret_welcome, GError **error)
{
	gint64 until_ms = hb_time_now_ms() + GREETING_MS;
	HbChannelMsg hello = { .type = HB_CH_HELLO };
	HbChannelVerdict verdict;

	hello.u.hello.abi = HB_CHANNEL_ABI;
	say(link, &hello);
	do {
		HbChannelMsg msg;
		int fds[HB_CHANNEL_FDS_MAX];
		guint n_fds = 0;

		verdict = hb_channel_recv(HB_FD_CHANNEL, &msg, fds, &n_fds);
		if (verdict == HB_CHANNEL_OK && msg.type == HB_CH_WELCOME) {
			gboolean is_good = read_welcome(&msg, fds, n_fds, ret_welcome, error);

			close_fds(fds, n_fds);
			return is_good;
		}
		if (verdict == HB_CHANNEL_OK && msg.type == HB_CH_PING)
			on_ping(link, &msg, NULL, 0);
		if (verdict == HB_CHANNEL_OK)
			close_fds(fds, n_fds);
	} while (verdict == HB_CHANNEL_OK || (verdict == HB_CHANNEL_AGAIN && wait_readable(until_ms)));
	g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_ERROR, "the root process does not answer");
	return FALSE;
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
