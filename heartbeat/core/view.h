/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view.h - what a node knows, for hb_status, metrics and tests: one struct, a copy.
 */
#ifndef HB_CORE_VIEW_H
#define HB_CORE_VIEW_H

#include "conf/config.h"
#include "wire/typed.h"

/* What this node does with a group. */
typedef enum {
	HB_GROUP_INVALID,
	HB_GROUP_PROBING,       /* first status round after a start on this boot */
	HB_GROUP_IDLE,          /* down here */
	HB_GROUP_ASKING,        /* wants it, waits for the leave of the others */
	HB_GROUP_STARTING,
	HB_GROUP_UP,
	HB_GROUP_STOPPING,
	HB_GROUP_FAILED,        /* could not be started here; down */
	HB_GROUP_STUCK,         /* a stop failed */
	HB_GROUP_N
} HbGroupState;

typedef enum {
	HB_PEER_INVALID,
	HB_PEER_SILENT,         /* configured, never heard since we started */
	HB_PEER_ALIVE,
	HB_PEER_LATE,           /* quiet for warntime */
	HB_PEER_DEAD,
	HB_PEER_LEFT,           /* said good-bye with everything down */
	HB_PEER_N_STATES
} HbPeerState;

typedef enum {
	HB_KIND_UNKNOWN,        /* not heard yet */
	HB_KIND_OURS,
	HB_KIND_306             /* speaks the protocol of heartbeat 3.0.6 only */
} HbPeerKind;

/* Why a group is not where it should be, in the order in which it is looked for. */
typedef enum {
	HB_WAIT_NOTHING,
	HB_WAIT_STARTUP,        /* not all nodes heard, initdead not over */
	HB_WAIT_OWNER,          /* wait_node may still run it */
	HB_WAIT_LEAVE,          /* wait_node has not yet given leave */
	HB_WAIT_FENCE,          /* wait_node is dead and has to be fenced first */
	HB_WAIT_SCRIPT,         /* a script of ours is running */
	HB_WAIT_RETRY,          /* a failed start or stop is tried again later */
	HB_WAIT_OTHER_TARGET,   /* wait_node is the one to start it */
	HB_WAIT_HEARING,        /* this node could run it, but wait_node does not hear it, and gives no leave */
	HB_WAIT_NOBODY,         /* no node can run it */
	HB_WAIT_N
} HbWait;

typedef struct {
	const char *name;
	HbPeerState state;              /* self: ALIVE */
	HbPeerKind kind;
	HbNodeSt st;                    /* as the node itself says */
	gint64 heard_age_ms;            /* -1: never */
	guint64 generation;
	guint64 last_seq;
	guint64 acked_seq;              /* of our stream, by that node */
	guint missing;                  /* sequence numbers we miss from it */
	guint n_links;                  /* = config->n_media */
	struct {
		gboolean up;
		gint64 age_ms;          /* -1: never */
	} link[HB_MEDIA_MAX];
} HbNodeView;

typedef struct {
	const char *key;
	HbGroupState state;             /* here */
	guint32 epoch;
	int owner;                      /* node index, -1 nobody as far as we know */
	gint64 since_ms;                /* state unchanged for */
	guint resource;                 /* STARTING, STOPPING, PROBING: which one */
	int missing;                    /* UP: the first that has vanished and is to be started again; -1 none */
	HbWait wait;
	int wait_node;                  /* node index or -1 */
	gint64 wait_ms;                 /* so long at most; 0: not known, or now */
	const char *wait_why;           /* a clause; NULL: there is no more to say */
	guint failures;                 /* starts failed in a row */
	gboolean parked;
} HbGroupView;

typedef struct {
	HbNodeSt st;                    /* own status */
	HbHold hold;                    /* as 3.0.6 counts what is here: what stands under this node's name, and the rest */
	gboolean in_transition;         /* that is about to change */
	gboolean leaving;
	guint64 generation;
	guint64 next_seq;
	guint n_nodes, n_ping, n_groups;
	HbNodeView node[HB_NODES_MAX];
	struct {
		const char *name;
		gboolean up;
		gint64 heard_age_ms;
	} ping[HB_PING_NODES_MAX];
	HbGroupView group[HB_GROUPS_MAX];
	guint64 rx_unknown_node, rx_ghost, rx_stale, late_turns;        /* counters since start */
} HbView;

#endif
