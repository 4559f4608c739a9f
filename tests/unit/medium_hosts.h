/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * medium_hosts.h - two hosts joined by one cable.
 *
 * They are network namespaces, each with one end of a veth pair called MEDIUM_DEVICE and the addresses
 * MEDIUM_ADDRESS(host)/24, fd77::(host + 1)/64 and fe80::(host + 1). A medium of terminals has none. Where namespaces
 * cannot be made, tests on the cable are skipped.
 */
#ifndef TESTS_UNIT_MEDIUM_HOSTS_H
#define TESTS_UNIT_MEDIUM_HOSTS_H

#include <glib.h>

#define MEDIUM_DEVICE     "hbm0"
#define MEDIUM_ADDRESS_0  "10.77.0.1"
#define MEDIUM_ADDRESS_1  "10.77.0.2"
#define MEDIUM_N_HOSTS    2

/* @has_cable: FALSE for terminals, which are where they are. */
void medium_hosts_make(gboolean has_cable);
/* TRUE, or the test has been skipped. */
gboolean medium_hosts_has_hosts(void);
/* Everything made from now on is on that host. */
void medium_hosts_enter(guint host);
/* Runs e.g. "ip link set hbm0 down" on that host; it must succeed. */
void medium_hosts_run(guint host, const char *command);
/* A second link of that host, up, with @address ("10.78.0.1/24", NULL: none yet). */
void medium_hosts_add_link(guint host, const char *name, const char *address);
void medium_hosts_remove_link(guint host, const char *name);
/* Its addresses of IPv6 again: unlike those of IPv4 they are lost whenever the interface goes down. */
gboolean medium_hosts_address_v6(guint host);

#endif
