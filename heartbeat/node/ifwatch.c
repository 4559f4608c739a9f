/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <netinet/in.h>

#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <glib.h>

#include "log/log.h"
#include "node/addrwatch.h"
#include "node/ifwatch.h"
#include "node/loop.h"
#include "node/media.h"
#include "util/fd.h"

#include "util/banned.h"

#define READS_PER_TURN 32

typedef struct {
	guint index;
	char name[IFNAMSIZ];
	gboolean is_running;
	guint seen;             /* .n_dumped when the kernel last spoke of it */
} Iface;

struct HbIfWatch {
	HbNode *node;
	HbFd fd;
	HbSource *source;
	GArray *ifaces;         /* Iface */
	guint n_dumped;         /* sequence number of the last request */
	gboolean is_dumping;
	gboolean is_lost;       /* the kernel dropped messages: ask for everything again */
};

static Iface *
find_index(HbIfWatch *watch, guint index)
{
	for (guint i = 0; i < watch->ifaces->len; i++) {
		Iface *iface = &g_array_index(watch->ifaces, Iface, i);

		if (iface->index == index)
			return iface;
	}
	return NULL;
}

static gboolean
ask_links(HbIfWatch *watch)
{
	struct {
		struct nlmsghdr head;
		struct ifinfomsg info;
	} request = {
		.head = {
			.nlmsg_len = sizeof request,
			.nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			.nlmsg_seq = ++watch->n_dumped,
		},
		.info = { .ifi_family = AF_UNSPEC },
	};

	watch->is_lost = FALSE;
	return send(watch->fd, &request, sizeof request, MSG_DONTWAIT) == (ssize_t)sizeof request;
}

static void
link_gone(HbIfWatch *watch, guint index)
{
	for (guint i = 0; i < watch->ifaces->len; i++) {
		Iface iface = g_array_index(watch->ifaces, Iface, i);

		if (iface.index != index)
			continue;
		g_array_remove_index_fast(watch->ifaces, i);
		hb_media_interface_changed(watch->node->media, iface.name);
		return;
	}
}

/* After a dump: what was not in it went while messages were lost. */
static void
forget_unseen(HbIfWatch *watch)
{
	for (guint i = watch->ifaces->len; i-- > 0;) {
		const Iface *iface = &g_array_index(watch->ifaces, Iface, i);

		if (iface->seen != watch->n_dumped)
			link_gone(watch, iface->index);
	}
}

static void
link_is(HbIfWatch *watch, const struct ifinfomsg *info, const char *name)
{
	Iface *iface = find_index(watch, (guint)info->ifi_index);
	gboolean is_running = (info->ifi_flags & IFF_UP) && (info->ifi_flags & IFF_RUNNING);
	char old_name[IFNAMSIZ] = "";

	if (!iface) {
		Iface fresh = { .index = (guint)info->ifi_index };

		g_array_append_val(watch->ifaces, fresh);
		iface = find_index(watch, fresh.index);
	}
	iface->seen = watch->n_dumped;
	if (iface->is_running == is_running && g_str_equal(iface->name, name))
		return;
	g_strlcpy(old_name, iface->name, sizeof old_name);
	g_strlcpy(iface->name, name, sizeof iface->name);
	iface->is_running = is_running;
	if (old_name[0] != '\0' && !g_str_equal(old_name, name))
		hb_media_interface_changed(watch->node->media, old_name);
	hb_media_interface_changed(watch->node->media, name);
	if (is_running)
		hb_addrwatch_interface_up(watch->node->addrwatch);
}

static void
on_link(HbIfWatch *watch, const struct nlmsghdr *head)
{
	const struct ifinfomsg *info = NLMSG_DATA(head);
	int len = (int)IFLA_PAYLOAD(head);

	/* AF_BRIDGE and others report ports with the same type; the interface itself is AF_UNSPEC. */
	if (head->nlmsg_len < NLMSG_LENGTH(sizeof *info) || info->ifi_family != AF_UNSPEC)
		return;
	if (head->nlmsg_type == RTM_DELLINK) {
		link_gone(watch, (guint)info->ifi_index);
		return;
	}
	for (const struct rtattr *rta = IFLA_RTA(info); RTA_OK(rta, len); rta = RTA_NEXT(rta, len)) {
		char name[IFNAMSIZ];

		if (rta->rta_type != IFLA_IFNAME)
			continue;
		g_strlcpy(name, RTA_DATA(rta), MIN(sizeof name, RTA_PAYLOAD(rta) + 1));
		link_is(watch, info, name);
		return;
	}
}

static void
on_addr(HbIfWatch *watch, const struct nlmsghdr *head)
{
	const struct ifaddrmsg *addr = NLMSG_DATA(head);
	int len = (int)IFA_PAYLOAD(head);
	const void *local = NULL;
	const Iface *iface;

	if (head->nlmsg_len < NLMSG_LENGTH(sizeof *addr))
		return;
	iface = find_index(watch, addr->ifa_index);
	if (!iface)
		return;
	for (const struct rtattr *rta = IFA_RTA(addr); RTA_OK(rta, len); rta = RTA_NEXT(rta, len))
		if (rta->rta_type == IFA_LOCAL && addr->ifa_family == AF_INET
		    && RTA_PAYLOAD(rta) == sizeof(struct in_addr))
			local = RTA_DATA(rta);
	if (head->nlmsg_type == RTM_NEWADDR)
		hb_media_address_new(watch->node->media, iface->name);
	else if (local)
		hb_media_address_gone(watch->node->media, iface->name, local);
}

static void
on_messages(HbIfWatch *watch, const void *buf, gsize buf_len)
{
	int len = (int)buf_len;

	for (const struct nlmsghdr *head = buf; NLMSG_OK(head, (guint)len); head = NLMSG_NEXT(head, len)) {
		switch (head->nlmsg_type) {
		case RTM_NEWLINK:
		case RTM_DELLINK:
			on_link(watch, head);
			break;
		case RTM_NEWADDR:
		case RTM_DELADDR:
			on_addr(watch, head);
			break;
		case NLMSG_DONE:
			forget_unseen(watch);
			watch->is_dumping = FALSE;
			break;
		case NLMSG_ERROR:
			watch->is_dumping = FALSE;
			break;
		default:
			break;
		}
	}
}

/* FALSE: nothing more now. */
static gboolean
read_some(HbIfWatch *watch)
{
	_Alignas(struct nlmsghdr) guint8 buf[32768];
	struct sockaddr_nl from = { 0 };
	socklen_t from_len = sizeof from;
	ssize_t len = recvfrom(watch->fd, buf, sizeof buf, MSG_DONTWAIT, (struct sockaddr *)&from, &from_len);

	if (len < 0) {
		watch->is_lost |= errno == ENOBUFS;
		return errno == ENOBUFS || errno == EINTR;
	}
	if (from.nl_pid == 0)   /* the kernel, not some process */
		on_messages(watch, buf, (gsize)len);
	return TRUE;
}

static gboolean
on_readable(gpointer owner, GIOCondition cond)
{
	HbIfWatch *watch = owner;

	(void)cond;
	for (guint i = 0; i < READS_PER_TURN && read_some(watch); i++)
		continue;
	if (watch->is_lost)
		ask_links(watch);
	return G_SOURCE_CONTINUE;
}

HbIfWatch *
hb_ifwatch_new(HbNode *node)
{
	HbIfWatch *watch = g_new0(HbIfWatch, 1);
	struct sockaddr_nl addr = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
	};

	watch->node = node;
	watch->ifaces = g_array_new(FALSE, FALSE, sizeof(Iface));
	watch->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
	if (watch->fd < 0 || bind(watch->fd, (struct sockaddr *)&addr, sizeof addr) < 0 || !ask_links(watch)) {
		hb_log(HB_LOG_WARN, "cannot watch network interfaces: %s; lost ones are looked for by time",
		       g_strerror(errno));
		return watch;
	}
	/* A dump is answered while we ask for it: no waiting. */
	watch->is_dumping = TRUE;
	while (watch->is_dumping && read_some(watch))
		continue;
	watch->source = hb_source_new(node, "network interfaces", watch->fd, G_IO_IN, on_readable, watch);
	return watch;
}

void
hb_ifwatch_free(HbIfWatch *watch)
{
	if (!watch)
		return;
	hb_source_drop(&watch->source);
	if (watch->fd >= 0)
		hb_fd_close(watch->fd);
	g_array_unref(watch->ifaces);
	g_free(watch);
}

HbIfState
hb_ifwatch_state(const HbIfWatch *watch, const char *name, guint *ret_index)
{
	*ret_index = 0;
	for (guint i = 0; i < watch->ifaces->len; i++) {
		const Iface *iface = &g_array_index(watch->ifaces, Iface, i);

		if (!g_str_equal(iface->name, name))
			continue;
		*ret_index = iface->index;
		return iface->is_running ? HB_IF_RUNNING : HB_IF_DOWN;
	}
	return HB_IF_UNKNOWN;
}
