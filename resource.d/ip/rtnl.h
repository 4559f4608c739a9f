/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rtnl.h - what the kernel says about interfaces, addresses and routes, and changes to them.
 *
 * Only libnl's core; its route library alone takes longer to load than our work takes.
 * All functions return 0 (or a count) or -errno. Blocking: the kernel answers at once.
 */
#ifndef HB_IP_RTNL_H
#define HB_IP_RTNL_H

#include <net/if.h>
#include <netlink/netlink.h>

#include "resource.d/ip/addr.h"
#include "resource.d/ip/packet.h"

#define HB_RTNL_ENTRIES_MAX 16
#define HB_RTNL_LOOPBACK 1      /* index of lo in every network namespace */
#define HB_RTNL_ANY 0           /* no interface has this index */

typedef struct {
	struct nl_sock *sock;
} HbRtnl;

typedef struct {
	int index;
	char name[IFNAMSIZ];
	unsigned flags;                 /* IFF_... */
	bool has_mac;                   /* an Ethernet address */
	uint8_t mac[HB_IP_MAC_LEN];
} HbRtnlLink;

/* One address of one interface. */
typedef struct {
	int index;
	int prefix_len;
	uint32_t flags;                 /* IFA_F_... */
	HbIpAddr local;
	HbIpAddr peer;                  /* that of the far end; = local on all but point-to-point */
} HbRtnlEntry;

typedef struct {
	int index;
	int prefix_len;
	bool connected;                 /* no gateway on the way */
	bool leads;                     /* by one interface, be there a gateway or not */
	bool local;                     /* the address is one of this machine's */
} HbRtnlRoute;

/* What to add. */
typedef struct {
	int index;
	HbIpAddr addr;
	int prefix_len;
	const HbIpAddr *broadcast;      /* or NULL */
	const char *label;              /* or "" */
} HbRtnlAddress;

int hb_rtnl_init(HbRtnl *rtnl);
void hb_rtnl_done(HbRtnl *rtnl);

/* The index of the interface @name, or -ENODEV. */
int hb_rtnl_index(HbRtnl *rtnl, const char *name);

int hb_rtnl_link(HbRtnl *rtnl, int index, HbRtnlLink *ret_link);

/* Switches it on, as "ip link set NAME up" does. */
int hb_rtnl_switch_on(HbRtnl *rtnl, int index);

/* Does it forward IPv6? */
bool hb_rtnl_is_router6(HbRtnl *rtnl, int index);

/*
 * Who has @addr: interface @index, or with HB_RTNL_ANY all but the loopback, where load
 * balancers keep silent copies of addresses. Returns how many there are, at most
 * HB_RTNL_ENTRIES_MAX.
 */
int hb_rtnl_find(HbRtnl *rtnl, const HbIpAddr *addr, int index,
                 HbRtnlEntry ret_entries[HB_RTNL_ENTRIES_MAX]);

/* The interface but the loopback that has an address in the smallest network around @addr, or -ENETUNREACH. */
int hb_rtnl_neighbour(HbRtnl *rtnl, const HbIpAddr *addr, HbRtnlRoute *ret_route);

/* The route to @addr, through interface @index or HB_RTNL_ANY. */
int hb_rtnl_route(HbRtnl *rtnl, const HbIpAddr *addr, int index, HbRtnlRoute *ret_route);

int hb_rtnl_add(HbRtnl *rtnl, const HbRtnlAddress *address);
int hb_rtnl_remove(HbRtnl *rtnl, const HbRtnlEntry *entry);

/*
 * Sees to it that the removal of @entry does not take others with it: where it is the first
 * address of a network, the kernel drops those that came later, unless told to keep them.
 */
int hb_rtnl_keep_others(HbRtnl *rtnl, const HbRtnlEntry *entry);

/* A descriptor that becomes readable when addresses of @family change (transfer full). */
int hb_rtnl_watch(int family);

#endif
