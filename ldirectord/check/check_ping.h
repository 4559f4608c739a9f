/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_ping.h - checktype=ping: an ICMP echo is answered. One socket for all checks of IPv4, one for IPv6.
 */
#ifndef LDIR_CHECK_PING_H
#define LDIR_CHECK_PING_H

#include "ldirectord/check/checker_parts.h"

extern const LdirTaskOps ldir_check_ping;

void ldir_pinger_free(LdirPinger *pinger);

#endif
