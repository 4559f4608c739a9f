/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verbs.h - start, stop and status of an address, in the order in which things must happen.
 *
 * Each answers true when it did what was asked. Then @fail has the code SUCCESS, and a text
 * when there is something to warn of; otherwise code and text say what went wrong.
 */
#ifndef HB_IP_VERBS_H
#define HB_IP_VERBS_H

#include "resource.d/ip/args.h"
#include "resource.d/ip/rtnl.h"

/*
 * @probed: the caller has just asked on the wire and nobody had the address. Otherwise it is
 * asked here, and an address that another machine has is not added.
 * An address that is here already is announced again.
 */
bool hb_ip_start(HbRtnl *rtnl, const HbIpArgs *args, bool probed, HbIpFail *fail);

/* What is not there is stopped. */
bool hb_ip_stop(HbRtnl *rtnl, const HbIpArgs *args, HbIpFail *fail);

/* False with the code STOPPED and no text when the address is not there. */
bool hb_ip_status(HbRtnl *rtnl, const HbIpArgs *args, HbIpFail *fail);

/* SendArp start: announces, and neither adds nor asks. */
bool hb_ip_announce(HbRtnl *rtnl, const HbIpArgs *args, HbIpFail *fail);

#endif
