/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include <netinet/in.h>

#include <linux/if.h>
#include <linux/rtnetlink.h>

#include <glib.h>

#include "log/log.h"
#include "node/addrwatch.h"
#include "node/ifwatch.h"
#include "node/media.h"
#include "node/netlink.h"

#include "util/banned.h"

typedef struct {
	guint index;
	char name[IFNAMSIZ];
	gboolean is_running;
	guint seen;             /* .n_dumped when the kernel last spoke of it */
} Iface;

struct HbIfWatch {
	HbNode *node;
	HbNetlink *netlink;     /* NULL: nothing is heard */
	GArray *ifaces;         /* Iface */
	guint n_dumped;         /* how often all were asked for */
	gboolean is_dumping;
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
	watch->n_dumped++;
	return hb_netlink_ask(watch->netlink, RTM_GETLINK);
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
		hb_addrwatch_interface_up(watch->node->addrwatch, name);
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
on_message(gpointer owner, const struct nlmsghdr *head)
{
	HbIfWatch *watch = owner;

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

static void
on_lost(gpointer owner)
{
	(void)ask_links(owner);
}

HbIfWatch *
hb_ifwatch_new(HbNode *node)
{
	static const HbNetlinkHooks hooks = {
		.name = "network interfaces", .groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
		.take = on_message, .lost = on_lost,
	};
	HbIfWatch *watch = g_new0(HbIfWatch, 1);

	watch->node = node;
	watch->ifaces = g_array_new(FALSE, FALSE, sizeof(Iface));
	watch->netlink = hb_netlink_new(node, &hooks, watch);
	if (!watch->netlink || !ask_links(watch)) {
		hb_log(HB_LOG_WARN, "cannot watch network interfaces: %s; lost ones are looked for by time",
		       g_strerror(errno));
		return watch;
	}
	/* A dump is answered while we ask for it: no waiting. */
	watch->is_dumping = TRUE;
	while (watch->is_dumping && hb_netlink_read(watch->netlink))
		continue;
	return watch;
}

void
hb_ifwatch_free(HbIfWatch *watch)
{
	if (!watch)
		return;
	hb_netlink_free(watch->netlink);
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
