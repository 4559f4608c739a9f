/* SPDX-License-Identifier: GPL-2.0-or-later */
/* medium_suite.h - what every medium plugin must do, run on the two hosts of medium_hosts.h. */
#ifndef TESTS_UNIT_MEDIUM_SUITE_H
#define TESTS_UNIT_MEDIUM_SUITE_H

#include <glib.h>

#include "heartbeat/hb_medium.h"
#include "medium_hosts.h"

#define MEDIUM_UDPPORT    6940
#define MEDIUM_BAUD       460800

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
