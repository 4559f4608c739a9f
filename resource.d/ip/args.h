/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * args.h - what the command line of IPaddr, IPaddr2, IPv6addr and SendArp asks for.
 *
 * Pure: no interface is looked up, nothing is read but argv, which may come from anybody.
 * The forms are those of haresources (spec/config 3.2); the one addition is that a bare
 * IPv6 address, which haresources tears apart at its "::", is put together again.
 */
#ifndef HB_IP_ARGS_H
#define HB_IP_ARGS_H

#include <net/if.h>

#include "resource.d/ip/addr.h"
#include "resource.d/ip/fail.h"

#define HB_IP_PREFIX_FROM_ROUTE (-1)

typedef enum {
	HB_IP_VERB_START,
	HB_IP_VERB_STOP,
	HB_IP_VERB_STATUS,
	HB_IP_VERB_USAGE,
} HbIpVerb;

typedef struct {
	const char *name;               /* how we were called: static text, for messages */
	bool announce_only;             /* SendArp: never adds or removes */
	bool switches_on;               /* IPaddr2, as in heartbeat 3: an interface that is named and down */
	HbIpVerb verb;                  /* USAGE: nothing below is set */
	HbIpAddr addr;
	int prefix_len;                 /* or HB_IP_PREFIX_FROM_ROUTE */
	char nic[IFNAMSIZ];             /* "": that of the route, or where the address is */
	char label[IFNAMSIZ];           /* "": none; else it begins with nic and ':' */
	bool has_broadcast;
	HbIpAddr broadcast;
	bool nic_dropped;               /* ADDR/MASK/BROADCAST/NIC: as in heartbeat 3 */
} HbIpArgs;

/* The name in messages for this argv[0]; never NULL. */
const char *hb_ip_args_name(const char *argv0);

/* On failure *ret_args holds the name alone. */
bool hb_ip_args_parse(int argc, char *const argv[], HbIpArgs *ret_args, HbIpFail *fail);

#endif
