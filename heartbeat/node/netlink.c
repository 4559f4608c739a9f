/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <sys/socket.h>

#include <linux/rtnetlink.h>

#include <glib.h>

#include "node/loop.h"
#include "node/netlink.h"
#include "util/fd.h"

#include "util/banned.h"

#define READS_PER_TURN 32

struct HbNetlink {
	const HbNetlinkHooks *hooks;
	gpointer owner;
	HbFd fd;
	HbSource *source;
	gboolean is_lost;
};

gboolean
hb_netlink_ask(HbNetlink *netlink, guint16 type)
{
	const struct {
		struct nlmsghdr head;
		struct rtgenmsg all;
	} request = {
		.head = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtgenmsg)),
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.all = { .rtgen_family = AF_UNSPEC },
	};

	return send(netlink->fd, &request, request.head.nlmsg_len, MSG_DONTWAIT) == (ssize_t)request.head.nlmsg_len;
}

gboolean
hb_netlink_read(HbNetlink *netlink)
{
	_Alignas(struct nlmsghdr) guint8 buf[32768];
	struct sockaddr_nl from = { 0 };
	socklen_t from_len = sizeof from;
	ssize_t len = recvfrom(netlink->fd, buf, sizeof buf, MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);
	const struct nlmsghdr *head = (const struct nlmsghdr *)(gconstpointer)buf;

	if (len < 0) {
		netlink->is_lost |= errno == ENOBUFS;
		return errno == ENOBUFS || errno == EINTR;
	}
	if (from.nl_pid != 0)   /* some process, not the kernel */
		return TRUE;
	for (int left = (int)len; NLMSG_OK(head, (guint)left); head = NLMSG_NEXT(head, left))
		netlink->hooks->take(netlink->owner, head);
	return TRUE;
}

static gboolean
on_readable(gpointer owner, GIOCondition cond)
{
	HbNetlink *netlink = owner;

	(void)cond;
	for (guint i = 0; i < READS_PER_TURN && hb_netlink_read(netlink); i++)
		continue;
	if (netlink->is_lost) {
		netlink->is_lost = FALSE;
		netlink->hooks->lost(netlink->owner);
	}
	return G_SOURCE_CONTINUE;
}

HbNetlink *
hb_netlink_new(HbNode *node, const HbNetlinkHooks *hooks, gpointer owner)
{
	const struct sockaddr_nl addr = { .nl_family = AF_NETLINK, .nl_groups = hooks->groups };
	g_auto(HbFd) fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	HbNetlink *netlink;

	if (fd < 0 || bind(fd, (const struct sockaddr *)&addr, sizeof addr) < 0)
		return NULL;
	netlink = g_new0(HbNetlink, 1);
	netlink->hooks = hooks;
	netlink->owner = owner;
	netlink->fd = hb_fd_steal(&fd);
	netlink->source = hb_source_new(node, hooks->name, netlink->fd, G_IO_IN, on_readable, netlink);
	return netlink;
}

void
hb_netlink_free(HbNetlink *netlink)
{
	if (!netlink)
		return;
	hb_source_drop(&netlink->source);
	hb_fd_close(netlink->fd);
	g_free(netlink);
}
