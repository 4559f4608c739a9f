/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lan.h - asks the Ethernet behind an interface who has an address, and tells who has it.
 *
 * One packet socket, which works before the address is added and needs no route.
 * Its last close waits for the kernel (several milliseconds): the process that announces
 * in the background keeps it open, so that the caller need not wait.
 */
#ifndef HB_IP_LAN_H
#define HB_IP_LAN_H

#include "resource.d/ip/rtnl.h"

typedef struct {
	int fd;                         /* -1: nobody to talk to there (loopback, tunnels) */
	HbRtnlLink link;
	HbIpAddr addr;
	bool router;                    /* as hb_ip_packet_announce() wants it */
} HbLan;

/* Returns 0 or -errno. An interface without ARP is no error: there is nothing to say on it. */
int hb_lan_init(HbLan *lan, const HbRtnlLink *link, const HbIpAddr *addr, bool router);
void hb_lan_done(HbLan *lan);

/*
 * Asks three times within 2 ms. Returns 1 when another machine says it has the address, with
 * its MAC in @ret_mac, 0 when nobody does, or -errno.
 */
int hb_lan_probe(HbLan *lan, uint8_t ret_mac[HB_IP_MAC_LEN]);

/* Tells everybody that we have the address, once. Returns 0 or -errno. */
int hb_lan_announce(const HbLan *lan);

/*
 * Announces again after 10, 50, 200 and 1000 ms, in a process of its own. It ends at once
 * when the address leaves the interface @holder, and says no more when it wakes up too late:
 * a machine that was frozen may have lost its right to the address. Returns 0 or -errno.
 */
int hb_lan_announce_later(const HbLan *lan, int holder);

#endif
