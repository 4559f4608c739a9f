/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * status.h - what hb_status shows: the core's view and the shell's counters as text, JSON, metrics.
 *
 * Pure: a struct in, characters out.
 */
#ifndef HB_NODE_STATUS_H
#define HB_NODE_STATUS_H

#include "conf/config.h"
#include "core/view.h"
#include "node/counts.h"

/* Numbers of the shell, under these names in JSON and metrics. */
#define HB_STATUS_COUNTERS(X) \
	X(uptime_ms)    /* of this process */ \
	X(long_turns)   /* turns that took too long */ \
	X(tx_oversize)  /* messages too large to be sent */ \
	X(fifo_bad)     /* messages of scripts that could not be read */ \
	X(queued)       /* requests waiting for the root process */ \
	X(log_lost)     /* lines that could not be written */

typedef struct {
	const HbConfig *config;
	const HbView *view;
	guint n_media;
	HbMediumReport media[HB_MEDIA_MAX];
	gboolean channel_is_broken;
#define X(name) guint64 name;
	HB_STATUS_COUNTERS(X)
#undef X
} HbStatus;

typedef void HbStatusPrinter(const HbStatus *status, GString *out);

HbStatusPrinter hb_status_text;
HbStatusPrinter hb_status_json;
HbStatusPrinter hb_status_metrics;      /* one number per line, as Prometheus reads it */
HbStatusPrinter hb_status_groups;       /* one group per line, for scripts */

/* Words that all three use: one word per value, never changed (scripts read them). */
const char *hb_status_peer_word(HbPeerState state);             /* "alive" */
const char *hb_status_st_word(HbNodeSt st);                     /* "active"; not yet heard: "none" */
const char *hb_status_kind_word(HbPeerKind kind);               /* "ours" */
const char *hb_status_group_word(HbGroupState state);           /* "starting" */
const char *hb_status_wait_word(HbWait wait);                   /* "leave"; NOTHING: NULL */

gboolean hb_status_in_transition(const HbGroupView *group);
/* The resource being started or stopped, as written in haresources; NULL: none. */
const char *hb_status_resource(const HbStatus *status, guint group);
/* The resource of a group that is up here which has vanished and is not back yet; NULL: none. */
const char *hb_status_missing(const HbStatus *status, guint group);
/* NULL for -1. */
const char *hb_status_node_name(const HbStatus *status, int node);

/* How sure this node can be, before it takes a group, that no other node has it: "fenced" or "best-effort". */
const char *hb_status_level(const HbStatus *status);

#endif
