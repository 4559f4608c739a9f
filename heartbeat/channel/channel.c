/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * channel.c - one datagram per message; a row per type says how long it is and what may be in it.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <glib.h>

#include "channel/channel.h"
#include "util/fd.h"

#include "util/banned.h"

#define CONTROL_MAX CMSG_SPACE(HB_CHANNEL_FDS_MAX * sizeof(int))

typedef gboolean CheckFunc(const HbChannelMsg *msg, guint n_fds);

static gboolean
text_ends(const char *text, gsize size)
{
	return memchr(text, '\0', size) != NULL;
}

static guint
n_watchdog_fds(guint32 flags)
{
	return (flags & HB_CH_HAS_WATCHDOG) != 0;
}

static gboolean
check_nothing(const HbChannelMsg *msg, guint n_fds)
{
	(void)msg;
	return n_fds == 0;
}

static gboolean
check_end(const HbChannelMsg *msg, guint n_fds)
{
	return n_fds == 0 && msg->u.end.code >= 0 && msg->u.end.code <= 255 &&
	       text_ends(msg->u.end.text, sizeof msg->u.end.text);
}

static gboolean
check_open(const HbChannelMsg *msg, guint n_fds)
{
	return n_fds == 0 && text_ends(msg->u.open.device, sizeof msg->u.open.device) &&
	       text_ends(msg->u.open.address, sizeof msg->u.open.address) &&
	       text_ends(msg->u.open.path, sizeof msg->u.open.path);
}

static gboolean
check_run(const HbChannelMsg *msg, guint n_fds)
{
	return n_fds == 0 && msg->u.run.verb < HB_VERB_N;
}

static gboolean
check_fence(const HbChannelMsg *msg, guint n_fds)
{
	return n_fds == 0 && msg->u.fence.action < HB_FENCE_N;
}

static gboolean
check_fenced(const HbChannelMsg *msg, guint n_fds)
{
	return n_fds == 0 && msg->u.fenced.verdict < HB_FENCED_N;
}

static gboolean
check_rc(const HbChannelMsg *msg, guint n_fds)
{
	if (n_fds != 0 || msg->u.rc.n > HB_RC_VARS_MAX || !text_ends(msg->u.rc.type, sizeof msg->u.rc.type) ||
	    !text_ends(msg->u.rc.own_status, sizeof msg->u.rc.own_status))
		return FALSE;
	for (guint i = 0; i < msg->u.rc.n; i++)
		if (!text_ends(msg->u.rc.var[i].name, sizeof msg->u.rc.var[i].name) ||
		    !text_ends(msg->u.rc.var[i].value, sizeof msg->u.rc.var[i].value))
			return FALSE;
	return TRUE;
}

static gboolean
check_node(const HbChannelMsg *msg, guint n_fds)
{
	return n_fds == 0 && msg->u.node.op < HB_NODE_OP_N && text_ends(msg->u.node.name, sizeof msg->u.node.name);
}

static gboolean
check_welcome(const HbChannelMsg *msg, guint n_fds)
{
	if (msg->u.welcome.n_held > HB_GROUPS_MAX || (msg->u.welcome.flags & ~HB_CH_HAS_WATCHDOG) != 0 ||
	    n_fds != HB_CH_WELCOME_FDS + n_watchdog_fds(msg->u.welcome.flags) ||
	    !text_ends(msg->u.welcome.node_name, sizeof msg->u.welcome.node_name))
		return FALSE;
	for (guint i = 0; i < msg->u.welcome.n_held; i++)
		if (msg->u.welcome.held[i].state >= HB_HELD_N)
			return FALSE;
	return TRUE;
}

static gboolean
check_fd(const HbChannelMsg *msg, guint n_fds)
{
	return n_fds == (msg->u.fd.err == 0 ? 1 : 0) && text_ends(msg->u.fd.text, sizeof msg->u.fd.text);
}

static gboolean
check_done(const HbChannelMsg *msg, guint n_fds)
{
	return n_fds == 0 && msg->u.done.result < HB_CHILD_N;
}

static gboolean
check_reloaded(const HbChannelMsg *msg, guint n_fds)
{
	return n_fds == 0 && msg->u.reloaded.taken <= 1 && text_ends(msg->u.reloaded.text, sizeof msg->u.reloaded.text);
}

static gboolean
check_one_fd(const HbChannelMsg *msg, guint n_fds)
{
	(void)msg;
	return n_fds == 1;
}

#define LEN_NONE G_STRUCT_OFFSET(HbChannelMsg, u)
#define LEN_OF(member) (LEN_NONE + sizeof(((HbChannelMsg *)NULL)->u.member))

static const struct {
	gsize len;
	CheckFunc *check;
} rows[HB_CH_N] = {
	[HB_CH_HELLO]     = { LEN_OF(hello),   check_nothing },
	[HB_CH_READY]     = { LEN_NONE,        check_nothing },
	[HB_CH_FAILED]    = { LEN_OF(end),     check_end },
	[HB_CH_OPEN]      = { LEN_OF(open),    check_open },
	[HB_CH_RUN]       = { LEN_OF(run),     check_run },
	[HB_CH_CANCEL]    = { LEN_OF(cancel),  check_nothing },
	[HB_CH_FENCE]     = { LEN_OF(fence),   check_fence },
	[HB_CH_NOTIFY_RC] = { LEN_OF(rc),      check_rc },
	[HB_CH_NODE]      = { LEN_OF(node),    check_node },
	[HB_CH_ALIVE]     = { LEN_OF(ping),    check_nothing },
	[HB_CH_EXIT]      = { LEN_OF(end),     check_end },
	[HB_CH_ACTIVE]    = { LEN_NONE,        check_nothing },
	[HB_CH_FAREWELL]  = { LEN_NONE,        check_nothing },
	[HB_CH_SIGNAL]    = { LEN_OF(signal),  check_one_fd },
	[HB_CH_RELOADED]  = { LEN_OF(reloaded), check_reloaded },
	[HB_CH_WELCOME]   = { LEN_OF(welcome), check_welcome },
	[HB_CH_FD]        = { LEN_OF(fd),      check_fd },
	[HB_CH_DONE]      = { LEN_OF(done),    check_done },
	[HB_CH_FENCED]    = { LEN_OF(fenced),  check_fenced },
	[HB_CH_RELOAD]    = { LEN_NONE,        check_one_fd },
	[HB_CH_DEBUG]     = { LEN_OF(debug),   check_nothing },
	[HB_CH_FIFO]      = { LEN_NONE,        check_one_fd },
	[HB_CH_LET_GO]    = { LEN_NONE,        check_nothing },
	[HB_CH_LISTEN]    = { LEN_NONE,        check_one_fd },
	[HB_CH_SHUTDOWN]  = { LEN_NONE,        check_nothing },
	[HB_CH_PING]      = { LEN_OF(ping),    check_nothing },
};

gboolean
hb_channel_send(int fd, const HbChannelMsg *msg, const int *fds, guint n_fds)
{
	union {
		char room[CONTROL_MAX];
		struct cmsghdr align;
	} control;
	struct iovec iov = { .iov_base = (void *)msg };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };
	gssize n;

	g_assert(msg->type > HB_CH_INVALID && msg->type < HB_CH_N);
	g_assert(n_fds <= HB_CHANNEL_FDS_MAX);
	g_assert(rows[msg->type].check(msg, n_fds));

	iov.iov_len = rows[msg->type].len;
	if (n_fds > 0) {
		struct cmsghdr *cmsg;

		memset(&control, 0, sizeof control);
		header.msg_control = control.room;
		header.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		cmsg = CMSG_FIRSTHDR(&header);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(cmsg), fds, n_fds * sizeof(int));
	}
	do
		n = sendmsg(fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n == (gssize)iov.iov_len;
}

static void
close_all(int *fds, guint n_fds)
{
	for (guint i = 0; i < n_fds; i++)
		hb_fd_close(fds[i]);
}

/* Takes over every descriptor in @header: the first ones into @fds, the rest is closed. */
static guint
take_fds(struct msghdr *header, int fds[HB_CHANNEL_FDS_MAX])
{
	guint n_fds = 0;

	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(header); cmsg != NULL; cmsg = CMSG_NXTHDR(header, cmsg)) {
		if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS)
			continue;
		for (gsize at = 0; CMSG_LEN(at + sizeof(int)) <= cmsg->cmsg_len; at += sizeof(int)) {
			int fd;

			memcpy(&fd, CMSG_DATA(cmsg) + at, sizeof fd);
			if (n_fds < HB_CHANNEL_FDS_MAX)
				fds[n_fds++] = fd;
			else
				hb_fd_close(fd);
		}
	}
	return n_fds;
}

HbChannelVerdict
hb_channel_recv(int fd, HbChannelMsg *ret_msg, int ret_fds[HB_CHANNEL_FDS_MAX], guint *ret_n_fds)
{
	union {
		char room[CONTROL_MAX];
		struct cmsghdr align;
	} control;
	struct iovec iov = { .iov_base = ret_msg, .iov_len = sizeof *ret_msg };
	struct msghdr header = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room
	};
	guint n_fds;
	gssize n;

	*ret_n_fds = 0;
	memset(ret_msg, 0, sizeof *ret_msg);
	do
		n = recvmsg(fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? HB_CHANNEL_AGAIN : HB_CHANNEL_CLOSED;
	if (n == 0)
		return HB_CHANNEL_CLOSED;

	n_fds = take_fds(&header, ret_fds);
	if ((header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 || (gsize)n < LEN_NONE ||
	    ret_msg->type <= HB_CH_INVALID || ret_msg->type >= HB_CH_N || (gsize)n != rows[ret_msg->type].len ||
	    !rows[ret_msg->type].check(ret_msg, n_fds)) {
		close_all(ret_fds, n_fds);
		return HB_CHANNEL_BROKEN;
	}
	*ret_n_fds = n_fds;
	return HB_CHANNEL_OK;
}
