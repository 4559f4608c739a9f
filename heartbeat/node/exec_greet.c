/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <poll.h>

#include <glib.h>

#include "node/exec_link_parts.h"
#include "node/reload.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define GREETING_MS (10 * HB_MS_PER_S)

static gboolean
read_welcome(const HbChannelMsg *msg, int *fds, guint n_fds, HbWelcome *ret, GError **error)
{
	guint at = 0;
	g_auto(HbFd) bundle_fd = hb_exec_link_take_fd(fds, n_fds, &at);

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
	ret->fifo_fd = hb_exec_link_take_fd(fds, n_fds, &at);
	ret->status_fd = hb_exec_link_take_fd(fds, n_fds, &at);
	ret->log_fd = hb_exec_link_take_fd(fds, n_fds, &at);
	ret->watchdog_fd = msg->u.welcome.flags & HB_CH_HAS_WATCHDOG ? hb_exec_link_take_fd(fds, n_fds, &at) : -1;
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
	hb_exec_link_say(link, &hello);
	do {
		HbChannelMsg msg;
		int fds[HB_CHANNEL_FDS_MAX];
		guint n_fds = 0;

		verdict = hb_channel_recv(HB_FD_CHANNEL, &msg, fds, &n_fds);
		if (verdict == HB_CHANNEL_OK && msg.type == HB_CH_WELCOME) {
			gboolean is_good = read_welcome(&msg, fds, n_fds, ret_welcome, error);

			hb_exec_link_close_fds(fds, n_fds);
			return is_good;
		}
		if (verdict == HB_CHANNEL_OK && msg.type == HB_CH_PING)
			hb_exec_link_answer(link, &msg);
		if (verdict == HB_CHANNEL_OK)
			hb_exec_link_close_fds(fds, n_fds);
	} while (verdict == HB_CHANNEL_OK || (verdict == HB_CHANNEL_AGAIN && wait_readable(until_ms)));
	g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_ERROR, "the root process does not answer");
	return FALSE;
}
