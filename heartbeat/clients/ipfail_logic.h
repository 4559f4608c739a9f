/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipfail_logic.h - which of two nodes is better connected, and when to hand resources over
 * (doc/client-api.md 6.2). Pure: times are monotonic milliseconds handed in.
 *
 * Each node counts the ping nodes that answer it and tells the other when that changes. Who sees fewer
 * gives all up; with equal counts the resources go home if auto_failback says so. Everything waits two
 * keepalives first and is judged again then, since two nodes rarely see the same loss at the same moment.
 *
 * A ping node that comes back is believed only after a while, longer each time it was lost again, so that
 * one that blinks moves nothing to and fro. What is lost counts at once.
 */
#ifndef HB_CLIENTS_IPFAIL_LOGIC_H
#define HB_CLIENTS_IPFAIL_LOGIC_H

#include <glib.h>

#define HB_IPFAIL_NEVER G_MAXINT64

/* What to do now; nothing that is zero or NULL. In this order. */
typedef struct {
	gboolean send_count;            /* num_ping_nodes with .count */
	guint count;
	gboolean send_you_are_dead;
	gboolean send_abort;            /* abort_giveup */
	const char *standby;            /* ask_resources for "all" or "foreign" */
} HbIpfailTodo;

typedef struct {
	const char *name;
	gboolean answers;
} HbIpfailPing;

typedef struct HbIpfail HbIpfail;

/* @keepalive_ms: > 0. */
HbIpfail *hb_ipfail_new(gint64 keepalive_ms, gboolean auto_failback);
void hb_ipfail_free(HbIpfail *ipfail);

/* What the ping nodes do now: at the start (nothing is sent) and whenever it may have changed. */
void hb_ipfail_pings(HbIpfail *ipfail, const HbIpfailPing *pings, guint n, gint64 now_ms, HbIpfailTodo *todo);
/* An ipfail has signed on at the other node. */
void hb_ipfail_joined(HbIpfail *ipfail, gint64 now_ms, HbIpfailTodo *todo);
/* num_ping_nodes, you_are_dead, abort_giveup came from there. @theirs: any number. */
void hb_ipfail_told_count(HbIpfail *ipfail, int theirs, gint64 now_ms, HbIpfailTodo *todo);
void hb_ipfail_told_dead(HbIpfail *ipfail, gint64 now_ms);
void hb_ipfail_told_abort(HbIpfail *ipfail);

/* When hb_ipfail_time() is to be called next. */
gint64 hb_ipfail_deadline_ms(const HbIpfail *ipfail);
/* @resources: what this node holds now, as get_resources() says it (NULL: unknown); @partner_active: the
 * other node could take them. hb_ipfail_pings() was called just before. */
void hb_ipfail_time(HbIpfail *ipfail, const char *resources, gboolean partner_active, gint64 now_ms,
                    HbIpfailTodo *todo);

#endif
