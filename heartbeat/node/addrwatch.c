/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <linux/rtnetlink.h>

#include <glib.h>

#include "log/log.h"
#include "node/address.h"
#include "node/addrwatch.h"
#include "node/ifwatch.h"
#include "node/loop.h"
#include "node/netlink.h"

#include "util/banned.h"

#define LOOPBACK 1              /* index of lo in every network namespace */

/* A resource that is an address. */
typedef struct {
	guint group;
	guint resource;
	HbIpAddr addr;
	char nic[IFNAMSIZ];     /* "": any but the loopback */
	gboolean is_proven;     /* what starts it does put it here: it was seen, or is the program of ours */
	gboolean is_here;       /* as the core was told last */
	gboolean is_seen;       /* in the answer that is coming in */
	gboolean is_removed;    /* a removal was heard of since it was told */
	gboolean may_start;     /* its interface has come up since then */
} Entry;

struct HbAddrWatch {
	HbNode *node;
	HbNetlink *netlink;     /* NULL: nothing is heard */
	GArray *entries;        /* Entry */
	gboolean is_asking;     /* an answer is coming in ... */
	gboolean ask_again;     /* ... and is out of date already */
};

/* ---- what to look for ---- */

/* A script that others wrote, and an agent, may do with the address what they like. */
static gboolean
is_ours(const char *script)
{
	g_autofree char *path = g_build_filename(HB_HA_DIR "/resource.d", script, NULL);
	struct stat ours, its;

	return stat(HB_BIN_DIR "/hb-ip", &ours) == 0 && stat(path, &its) == 0 && ours.st_dev == its.st_dev &&
	       ours.st_ino == its.st_ino;
}

static void
take_over_from(const GArray *entries, Entry *entry)
{
	for (guint i = 0; entries && i < entries->len; i++) {
		const Entry *old = &g_array_index(entries, Entry, i);

		if (!hb_ip_addr_equal(&old->addr, &entry->addr) || !g_str_equal(old->nic, entry->nic))
			continue;
		entry->is_here = old->is_here;
		entry->is_proven |= old->is_proven;
		return;
	}
	entry->is_here = TRUE;  /* so that its absence is news */
}

static void
read_config(HbAddrWatch *watch)
{
	const HbConfig *config = watch->node->config;
	g_autoptr(GArray) old = g_steal_pointer(&watch->entries);

	watch->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
	for (guint g = 0; g < config->n_groups; g++)
		for (guint r = 0; r < config->groups[g].n_resources; r++) {
			const HbResourceConf *resource = &config->groups[g].resources[r];
			Entry entry = { .group = g, .resource = r };

			if (!hb_address_of(resource, &entry.addr, entry.nic))
				continue;
			entry.is_proven = is_ours(resource->name);
			take_over_from(old, &entry);
			g_array_append_val(watch->entries, entry);
		}
}

/* ---- asking ---- */

static void
ask(HbAddrWatch *watch)
{
	if (!watch->netlink || watch->entries->len == 0)
		return;
	if (watch->is_asking) {
		watch->ask_again = TRUE;
		return;
	}
	for (guint i = 0; i < watch->entries->len; i++)
		g_array_index(watch->entries, Entry, i).is_seen = FALSE;
	watch->ask_again = FALSE;
	watch->is_asking = hb_netlink_ask(watch->netlink, RTM_GETADDR);
}

static void
tell(HbAddrWatch *watch, Entry *entry)
{
	HbEvent event = { .type = HB_EV_RESOURCE };
	gboolean is_news = entry->is_seen != entry->is_here || (!entry->is_seen && (entry->is_removed || entry->may_start));

	entry->is_here = entry->is_seen;
	event.u.resource.group = entry->group;
	event.u.resource.resource = entry->resource;
	event.u.resource.gone = !entry->is_here && entry->is_proven;
	event.u.resource.may_start = entry->may_start;
	entry->is_removed = entry->may_start = FALSE;
	if (is_news)
		hb_loop_step(watch->node, &event);
}

static void
answered(HbAddrWatch *watch)
{
	watch->is_asking = FALSE;
	if (watch->ask_again) {
		ask(watch);
		return;
	}
	for (guint i = 0; i < watch->entries->len; i++)
		tell(watch, &g_array_index(watch->entries, Entry, i));
}

/* ---- what the kernel says ---- */

static gboolean
read_addr(const struct nlmsghdr *head, HbIpAddr *ret)
{
	const struct ifaddrmsg *msg = NLMSG_DATA(head);
	int len = (int)IFA_PAYLOAD(head);
	gboolean is_found = FALSE;

	if (head->nlmsg_len < NLMSG_LENGTH(sizeof *msg) || (msg->ifa_family != AF_INET && msg->ifa_family != AF_INET6))
		return FALSE;
	*ret = (HbIpAddr){ .family = msg->ifa_family };
	/* IFA_LOCAL is the address itself; IFA_ADDRESS is the far end, or the same where there is no other. */
	for (const struct rtattr *rta = IFA_RTA(msg); RTA_OK(rta, len); rta = RTA_NEXT(rta, len)) {
		if ((rta->rta_type != IFA_LOCAL && (rta->rta_type != IFA_ADDRESS || is_found)) ||
		    RTA_PAYLOAD(rta) != hb_ip_addr_len(ret->family))
			continue;
		memcpy(ret->bytes, RTA_DATA(rta), RTA_PAYLOAD(rta));
		is_found = TRUE;
	}
	return is_found;
}

static gboolean
fits(const HbAddrWatch *watch, const Entry *entry, guint index)
{
	guint nic_index;

	if (entry->nic[0] == '\0')
		return index != LOOPBACK;
	(void)hb_ifwatch_state(watch->node->ifwatch, entry->nic, &nic_index);
	return index == nic_index;
}

static void
on_addr(HbAddrWatch *watch, const struct nlmsghdr *head)
{
	const struct ifaddrmsg *msg = NLMSG_DATA(head);
	gboolean is_answer = (head->nlmsg_flags & NLM_F_MULTI) != 0;
	HbIpAddr addr;

	if (!read_addr(head, &addr))
		return;
	for (guint i = 0; i < watch->entries->len; i++) {
		Entry *entry = &g_array_index(watch->entries, Entry, i);

		if (!hb_ip_addr_equal(&entry->addr, &addr))
			continue;
		if (is_answer) {
			entry->is_seen |= fits(watch, entry, msg->ifa_index);
			entry->is_proven |= entry->is_seen;
			continue;
		}
		entry->is_removed |= head->nlmsg_type == RTM_DELADDR;
		ask(watch);
	}
}

static void
on_message(gpointer owner, const struct nlmsghdr *head)
{
	HbAddrWatch *watch = owner;

	if (head->nlmsg_flags & NLM_F_DUMP_INTR)        /* addresses changed meanwhile: some may be left out */
		watch->ask_again = TRUE;
	switch (head->nlmsg_type) {
	case RTM_NEWADDR:
	case RTM_DELADDR:
		on_addr(watch, head);
		break;
	case NLMSG_DONE:
		if (watch->is_asking)
			answered(watch);
		break;
	case NLMSG_ERROR:
		watch->is_asking = FALSE;
		break;
	default:
		break;
	}
}

static void
on_lost(gpointer owner)
{
	ask(owner);
}

/* ---- life ---- */

HbAddrWatch *
hb_addrwatch_new(HbNode *node)
{
	static const HbNetlinkHooks hooks = {
		.name = "addresses", .groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR, .take = on_message, .lost = on_lost,
	};
	HbAddrWatch *watch = g_new0(HbAddrWatch, 1);

	watch->node = node;
	read_config(watch);
	watch->netlink = hb_netlink_new(node, &hooks, watch);
	if (!watch->netlink)
		hb_log(HB_LOG_WARN, "cannot watch addresses: %s; one that somebody removes is not noticed",
		       g_strerror(errno));
	ask(watch);
	return watch;
}

void
hb_addrwatch_free(HbAddrWatch *watch)
{
	if (!watch)
		return;
	hb_netlink_free(watch->netlink);
	g_array_unref(watch->entries);
	g_free(watch);
}

void
hb_addrwatch_reload(HbAddrWatch *watch)
{
	read_config(watch);
	ask(watch);
}

void
hb_addrwatch_interface_up(HbAddrWatch *watch, const char *name)
{
	if (!watch)
		return;
	for (guint i = 0; i < watch->entries->len; i++) {
		Entry *entry = &g_array_index(watch->entries, Entry, i);

		entry->may_start |= entry->nic[0] == '\0' || g_str_equal(entry->nic, name);
	}
	ask(watch);
}
