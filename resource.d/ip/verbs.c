/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verbs.c - see verbs.h */
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <linux/if_addr.h>

#include "resource.d/ip/lan.h"
#include "resource.d/ip/verbs.h"
#include "util/banned.h"

#define CARRIER_PAUSE_NS 20000000L
#define CARRIER_PAUSES   150            /* three seconds: cards agree with their switch within that */

/* Where an address is, or is to be. */
typedef struct {
	int index;                      /* of the interface; HB_RTNL_ANY: not known */
	int prefix_len;                 /* or HB_IP_PREFIX_FROM_ROUTE */
	bool present;
	char text[HB_IP_ADDR_TEXT];
} Place;

static bool
system_fail(HbIpFail *fail, int error, const char *what, const char *address)
{
	return hb_ip_fail(fail, hb_ip_fail_code(-error), "cannot %s %s: %s%s", what, address,
	                  strerror(-error), error == -EPERM ? "; run it as root" : "");
}

static Place
place_of(const HbIpArgs *args)
{
	Place place = { .index = HB_RTNL_ANY, .prefix_len = args->prefix_len };

	(void)hb_ip_addr_text(&args->addr, place.text);
	return place;
}

/* 0, also when no interface is named, or -errno: -ENODEV is for the caller to judge. */
static int
find_nic(HbRtnl *rtnl, const HbIpArgs *args, Place *place)
{
	int result = args->nic[0] != '\0' ? hb_rtnl_index(rtnl, args->nic) : HB_RTNL_ANY;

	if (result < 0)
		return result;
	place->index = result;
	return 0;
}

static bool
need_nic(HbRtnl *rtnl, const HbIpArgs *args, Place *place, HbIpFail *fail)
{
	int result = find_nic(rtnl, args, place);

	if (result == -ENODEV)
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "there is no interface '%s': write one that 'ip link' shows",
		                  args->nic);
	if (result < 0)
		return system_fail(fail, result, "look at the interface for", place->text);
	return true;
}

/* An address that failed its duplicate check is not here: no packet for it is answered. */
static bool
is_usable(const HbRtnlEntry *entry)
{
	return (entry->flags & IFA_F_DADFAILED) == 0;
}

/* Finds the address as it is here now; what is left of a failed one makes room for it. */
static bool
find_present(HbRtnl *rtnl, const HbIpArgs *args, Place *place, HbIpFail *fail)
{
	HbRtnlEntry entries[HB_RTNL_ENTRIES_MAX];
	int n = hb_rtnl_find(rtnl, &args->addr, place->index, entries);
	int other_len = 0;

	for (int i = 0; i < n && !place->present; i++) {
		int result = 0;

		if (!is_usable(&entries[i])) {
			if (!args->announce_only)
				result = hb_rtnl_remove(rtnl, &entries[i]);
		} else if (args->prefix_len != HB_IP_PREFIX_FROM_ROUTE &&
		           args->prefix_len != entries[i].prefix_len) {
			other_len = entries[i].prefix_len;
		} else {
			place->present = true;
			place->index = entries[i].index;
		}
		if (result < 0)
			n = result;
	}
	if (n < 0)
		return system_fail(fail, n, "look for", place->text);
	if (other_len != 0 && !place->present)
		return hb_ip_fail(fail, HB_IP_EXIT_GENERIC,
		                  "%s is here with the prefix length %d: write %s/%d, or stop it "
		                  "first", place->text, other_len, place->text, other_len);
	return true;
}

static bool
no_route(const HbIpArgs *args, const Place *place, HbIpFail *fail)
{
	if (place->index != HB_RTNL_ANY)
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "no network of %s contains %s: write %s/PREFIX/%s",
		                  args->nic, place->text, place->text, args->nic);
	return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
	                  "no interface is in a network that contains %s: write "
	                  "%s/PREFIX/INTERFACE", place->text, place->text);
}

/* What the arguments leave open, the routing table says. */
static bool
ask_route(HbRtnl *rtnl, const HbIpArgs *args, Place *place, HbIpFail *fail)
{
	HbRtnlRoute route;
	int result;

	if (place->index != HB_RTNL_ANY && place->prefix_len != HB_IP_PREFIX_FROM_ROUTE)
		return true;
	if (place->index == HB_RTNL_ANY && hb_ip_addr_is_linklocal(&args->addr))
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "the network of %s is behind every interface: write "
		                  "%s/PREFIX/INTERFACE", place->text, place->text);

	result = hb_rtnl_route(rtnl, &args->addr, place->index, &route);
	if (result == -EHOSTUNREACH || result == -ENETUNREACH || result == -ESRCH)
		return no_route(args, place, fail);
	if (result < 0)
		return system_fail(fail, result, "find the network of", place->text);
	/* On a server of a load balancer the loopback has it already; where it is to be used is beside it. */
	if (route.local && hb_rtnl_neighbour(rtnl, &args->addr, &route) < 0)
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "%s is on the loopback or another interface: write "
		                  "%s/PREFIX/INTERFACE", place->text, place->text);
	/* A network of its own, with a prefix: it is where the way to it leads, as with 3.0.6. */
	if (!route.connected && (!route.leads || place->prefix_len == HB_IP_PREFIX_FROM_ROUTE))
		return no_route(args, place, fail);
	if (place->prefix_len == HB_IP_PREFIX_FROM_ROUTE)
		place->prefix_len = route.prefix_len;
	place->index = route.index;
	return true;
}

/* What is asked or told before the other end of the cable is there is lost. Where it never comes the address is added all the
 * same, as always. */
static int
switch_on(HbRtnl *rtnl, int index, HbRtnlLink *link)
{
	const struct timespec pause = { .tv_nsec = CARRIER_PAUSE_NS };
	int result = hb_rtnl_switch_on(rtnl, index);

	for (int i = 0; i < CARRIER_PAUSES && result == 0; i++) {
		result = hb_rtnl_link(rtnl, index, link);
		if (result < 0 || (link->flags & IFF_RUNNING) != 0)
			break;
		(void)nanosleep(&pause, NULL);
	}
	return result;
}

/* The wire behind the interface, which must be up. */
static bool
open_lan(HbRtnl *rtnl, const HbIpArgs *args, const Place *place, HbLan *ret_lan, HbIpFail *fail)
{
	HbRtnlLink link;
	int result = hb_rtnl_link(rtnl, place->index, &link);

	if (result == 0 && (link.flags & IFF_UP) == 0 && args->switches_on && args->nic[0] != '\0')
		result = switch_on(rtnl, place->index, &link);
	if (result == 0 && (link.flags & IFF_UP) == 0)
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "the interface %s is down: run 'ip link set %s up' first",
		                  link.name, link.name);
	if (result == 0)
		result = hb_lan_init(ret_lan, &link, &args->addr,
		                     args->addr.family == AF_INET6 &&
		                     hb_rtnl_is_router6(rtnl, place->index));
	if (result < 0)
		return system_fail(fail, result, "open a packet socket for", place->text);
	return true;
}

static bool
is_free(HbLan *lan, const Place *place, HbIpFail *fail)
{
	uint8_t mac[HB_IP_MAC_LEN];
	int result = hb_lan_probe(lan, mac);

	if (result == 0)
		return true;
	if (result < 0)
		return system_fail(fail, result, "ask the network for", place->text);
	return hb_ip_fail(fail, HB_IP_EXIT_BUSY,
	                  "address in use by %02x:%02x:%02x:%02x:%02x:%02x on %s: stop %s there "
	                  "first", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5],
	                  lan->link.name, place->text);
}

static bool
add(HbRtnl *rtnl, const HbIpArgs *args, const Place *place, const HbLan *lan, HbIpFail *fail)
{
	HbIpAddr broadcast = args->broadcast;
	bool has_broadcast = args->has_broadcast ||
	                     hb_ip_addr_broadcast(&args->addr, place->prefix_len, &broadcast);
	HbRtnlAddress address = {
		.index = place->index,
		.addr = args->addr,
		.prefix_len = place->prefix_len,
		.broadcast = has_broadcast ? &broadcast : NULL,
		.label = args->label,
	};
	int result = hb_rtnl_add(rtnl, &address);

	if (result == 0 || result == -EEXIST)
		return true;
	if (result == -EACCES && args->addr.family == AF_INET6)
		return hb_ip_fail(fail, HB_IP_EXIT_CONFIGURED,
		                  "IPv6 is off on %s: run 'sysctl net.ipv6.conf.%s.disable_ipv6=0'",
		                  lan->link.name, lan->link.name);
	return system_fail(fail, result, "add", place->text);
}

/* The address is up; that not everybody was told so is no reason to take it down again. */
static void
announce(const HbLan *lan, const Place *place, int holder, HbIpFail *fail)
{
	int result = hb_lan_announce(lan);

	if (result == 0 && holder != HB_RTNL_ANY)
		result = hb_lan_announce_later(lan, holder);
	if (result < 0)
		(void)hb_ip_fail(fail, HB_IP_EXIT_SUCCESS, "cannot announce the address on %s: %s",
		                 lan->link.name, strerror(-result));
	else if (fail->text[0] == '\0')        /* what goes wrong matters more */
		(void)hb_ip_fail(fail, HB_IP_EXIT_SUCCESS, "sent %s for %s on %s",
		                 lan->addr.family == AF_INET6 ? "neighbour advertisements"
		                                              : "gratuitous ARP",
		                 place->text, lan->link.name);
}

bool
hb_ip_start(HbRtnl *rtnl, const HbIpArgs *args, bool probed, HbIpFail *fail)
{
	Place place = place_of(args);
	HbLan lan;
	bool ok;

	if (!need_nic(rtnl, args, &place, fail) || !find_present(rtnl, args, &place, fail) ||
	    (!place.present && !ask_route(rtnl, args, &place, fail)) ||
	    !open_lan(rtnl, args, &place, &lan, fail))
		return false;
	if (args->nic_dropped)
		(void)hb_ip_fail(fail, HB_IP_EXIT_SUCCESS,
		                 "an interface behind the broadcast address is ignored, as in "
		                 "heartbeat 3: write %s/PREFIX/INTERFACE/BROADCAST", place.text);

	ok = place.present || ((probed || is_free(&lan, &place, fail)) &&
	                       add(rtnl, args, &place, &lan, fail));
	if (ok)
		announce(&lan, &place, place.index, fail);
	hb_lan_done(&lan);
	return ok;
}

static bool
remove_one(HbRtnl *rtnl, const HbRtnlEntry *entry, const Place *place, HbIpFail *fail)
{
	int result = hb_rtnl_keep_others(rtnl, entry);

	if (result < 0)
		(void)hb_ip_fail(fail, HB_IP_EXIT_SUCCESS,
		                 "other addresses may go together with %s: %s", place->text,
		                 strerror(-result));
	result = hb_rtnl_remove(rtnl, entry);
	/* Gone meanwhile, with or without its interface: that is what was asked for. */
	if (result < 0 && result != -EADDRNOTAVAIL && result != -ENODEV)
		return system_fail(fail, result, "remove", place->text);
	return true;
}

bool
hb_ip_stop(HbRtnl *rtnl, const HbIpArgs *args, HbIpFail *fail)
{
	HbRtnlEntry entries[HB_RTNL_ENTRIES_MAX];
	Place place = place_of(args);
	int n = find_nic(rtnl, args, &place);

	if (n == -ENODEV)
		return true;
	/* Whatever its prefix length: after a stop this machine must not answer for it. */
	if (n == 0)
		n = hb_rtnl_find(rtnl, &args->addr, place.index, entries);
	if (n < 0)
		return system_fail(fail, n, "look for", place.text);
	for (int i = 0; i < n; i++) {
		if (!remove_one(rtnl, &entries[i], &place, fail))
			return false;
	}
	return true;
}

bool
hb_ip_status(HbRtnl *rtnl, const HbIpArgs *args, HbIpFail *fail)
{
	HbRtnlEntry entries[HB_RTNL_ENTRIES_MAX];
	Place place = place_of(args);
	int result = find_nic(rtnl, args, &place);

	if (result == 0)
		result = hb_rtnl_find(rtnl, &args->addr, place.index, entries);
	if (result < 0 && result != -ENODEV)
		return system_fail(fail, result, "look for", place.text);
	for (int i = 0; i < result; i++) {
		if (is_usable(&entries[i]))
			return true;
	}
	fail->code = HB_IP_EXIT_STOPPED;
	return false;
}

/* The interface of this machine that has the address, be it the loopback. */
static int
find_holder(HbRtnl *rtnl, const HbIpAddr *addr)
{
	HbRtnlEntry entries[HB_RTNL_ENTRIES_MAX];

	if (hb_rtnl_find(rtnl, addr, HB_RTNL_ANY, entries) > 0)
		return entries[0].index;
	if (hb_rtnl_find(rtnl, addr, HB_RTNL_LOOPBACK, entries) > 0)
		return HB_RTNL_LOOPBACK;
	return HB_RTNL_ANY;
}

bool
hb_ip_announce(HbRtnl *rtnl, const HbIpArgs *args, HbIpFail *fail)
{
	Place place = place_of(args);
	HbLan lan;

	if (!need_nic(rtnl, args, &place, fail) || !find_present(rtnl, args, &place, fail) ||
	    (!place.present && !ask_route(rtnl, args, &place, fail)) ||
	    !open_lan(rtnl, args, &place, &lan, fail))
		return false;
	/* An address that is not here is announced once: nothing would end the repetition when
	 * another machine takes it over. */
	announce(&lan, &place, place.present ? place.index : find_holder(rtnl, &args->addr), fail);
	hb_lan_done(&lan);
	return true;
}
