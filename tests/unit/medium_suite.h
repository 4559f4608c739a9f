/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * medium_suite.h - what every medium plugin must do, run on two hosts joined by one cable.
 *
 * The hosts are network namespaces, each with one end of a veth pair called MEDIUM_DEVICE and the addresses
 * MEDIUM_ADDRESS(host)/24, fd77::(host + 1)/64 and fe80::(host + 1). A medium of terminals has no hosts. Where namespaces
 * cannot be made, tests on the cable are skipped.
 */
#ifndef TESTS_UNIT_MEDIUM_SUITE_H
#define TESTS_UNIT_MEDIUM_SUITE_H

#include <glib.h>

#include "heartbeat/hb_medium.h"

#define MEDIUM_DEVICE     "hbm0"
#define MEDIUM_ADDRESS_0  "10.77.0.1"
#define MEDIUM_ADDRESS_1  "10.77.0.2"
#define MEDIUM_UDPPORT    6940
#define MEDIUM_BAUD       460800
#define MEDIUM_N_HOSTS    2

typedef struct {
	const char *words;
	const char *complaint;          /* must stand in the error */
} MediumBad;

typedef struct {
	const char *name;
	const char *words[MEDIUM_N_HOSTS];      /* the line on either host */
	const char *missing_words;      /* a good line for an interface that is not there; NULL: has none */
	const char *link_name;
	const char *far_name;
	gboolean wants_address;         /* of IPv4, on its interface, when it is opened */
	gboolean answers_itself;        /* ping: the far kernel answers, no second medium is needed */
	hb_medium_want want;            /* of words[0] */
	const MediumBad *bad;           /* up to the row without words */
} MediumSuite;

/* Loads the plugin, makes the hosts, adds the common tests as /NAME/.... @suite must stay. FALSE: no such plugin. */
const hb_medium_ops *medium_suite_init(const MediumSuite *suite);

/* TRUE, or the test has been skipped. */
gboolean medium_suite_has_hosts(void);
/* Everything made from now on is on that host. */
void medium_suite_enter(guint host);
/* Runs e.g. "ip link set hbm0 down" on that host; it must succeed. */
void medium_suite_run(guint host, const char *command);
/* A second link of that host, up, with @address ("10.78.0.1/24", NULL: none yet). */
void medium_suite_add_link(guint host, const char *name, const char *address);
void medium_suite_remove_link(guint host, const char *name);
/* What the root process would open for this want. */
int medium_suite_open_want(const hb_medium_want *want);
hb_medium *medium_suite_parse(const char *words);
/* Parsed and opened on that host. */
hb_medium *medium_suite_open(guint host, const char *words);
/* Writes one packet, and begins to send it. */
int medium_suite_write(hb_medium *medium, const void *data, gsize len);
/* Waits for the next packet; -3 when none comes in time. */
gssize medium_suite_await(hb_medium *medium, void *buf, gsize len);
/* The same, and @text is sent again and again until then: the first to a neighbour whose cable was just mended may be lost. */
gssize medium_suite_insist(hb_medium *from, hb_medium *to, const char *text, void *buf, gsize len);

#endif
