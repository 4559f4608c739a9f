/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * typed.h - messages as C structs, without bytes: the only part of the wire that the core sees.
 *
 * A struct that hb_typed_parse() (wire/typedio.h) has filled holds only checked values: names are
 * legal, numbers are in range, enumerators are real. Pure data; fixed size; no pointers but .raw and .names.
 */
#ifndef HB_WIRE_TYPED_H
#define HB_WIRE_TYPED_H

#include <glib.h>

#include "util/limits.h"

typedef enum {
	HB_MSG_INVALID,
#define X(id, handler, name, text) HB_MSG_##id,
#include "wire/msgtypes.def"
#undef X
	HB_MSG_OTHER,
	HB_MSG_N_TYPES
} HbMsgType;

/* Field st of status (doc/wire-protocol.md 6.1). */
typedef enum {
	HB_ST_NONE,
	HB_ST_INIT,
	HB_ST_UP,
	HB_ST_ACTIVE,
	HB_ST_DEAD,
	HB_ST_PING,
	HB_ST_N
} HbNodeSt;

/* Field rsc_hold: a bit set, seen from the sender. */
typedef enum {
	HB_HOLD_NONE = 0,
	HB_HOLD_LOCAL = 1,
	HB_HOLD_FOREIGN = 2,
	HB_HOLD_ALL = 3
} HbHold;

/* Field info, where it has a meaning. */
typedef enum {
	HB_INFO_NONE,           /* absent */
	HB_INFO_ME,             /* "me" */
	HB_INFO_OTHER,          /* "other" */
	HB_INFO_DONE,           /* "done" */
	HB_INFO_SHUTDOWN,       /* "shutdown" */
	HB_INFO_STANDBY,        /* "standby" */
	HB_INFO_REQ_OUR,        /* "req_our_resources()" */
	HB_INFO_MACH_DOWN,      /* "mach_down" */
	HB_INFO_UNKNOWN,        /* some other text */
	HB_INFO_N
} HbInfo;

/* Field isstable. */
typedef enum {
	HB_STABLE_UNSAID,
	HB_STABLE_NO,
	HB_STABLE_YES
} HbStable;

/*
 * What a node says about one group, between ours only. The order is the order of danger: from
 * CLAIM_STARTING on, resources of the group may be active there.
 */
typedef enum {
	HB_CLAIM_UNKNOWN,       /* 'u' not yet heard, or not yet found out by the node itself */
	HB_CLAIM_FREE,          /* 'n' not here; would run it */
	HB_CLAIM_PARKED,        /* 'p' not here; sent away by the operator, runs it as last resort */
	HB_CLAIM_FAILED,        /* 'f' not here; could not be started here */
	HB_CLAIM_WANTED,        /* 'c' not here; asks all others for leave to start it */
	HB_CLAIM_STARTING,      /* 's' */
	HB_CLAIM_HELD,          /* 'h' */
	HB_CLAIM_TAINTED,       /* 'd' held, but this node was absent (frozen) while holding it */
	HB_CLAIM_RELEASING,     /* 'r' */
	HB_CLAIM_STUCK,         /* 'b' a stop failed: may be running, nobody else may start it */
	HB_CLAIM_N
} HbClaim;

/* May resources of the group be active on a node that says @claim? */
static inline gboolean
hb_claim_may_run(HbClaim claim)
{
	return claim == HB_CLAIM_UNKNOWN || claim >= HB_CLAIM_STARTING;
}

typedef struct {
	guint32 group_id;       /* hb_id_of(key) */
	HbClaim claim;
	guint32 epoch;          /* goes up with each start anywhere in the cluster */
	guint32 grant_id;       /* hb_id_of(node that may start it as far as the sender goes), or none */
	guint32 keeper_id;      /* two hold it that do not hear each other: hb_id_of(the one to go on); else none */
} HbGroupWord;

/* A status by its number and the life of its sender: number in 48 bits, generation in 16. */
static inline guint64
hb_stamp(guint64 generation, guint64 seq)
{
	return generation << 48 | (seq & G_GUINT64_CONSTANT(0xffffffffffff));
}

typedef struct {
	guint32 node_id;
	gint32 age_ms;          /* since the sender heard it; -1 never or given up for dead */
	guint64 stamp;          /* hb_stamp() of the last status of it that the sender has taken in; 0 none */
} HbHeardWord;

/* What a node says of another one that it does not hear. */
typedef enum {
	HB_FATE_NONE,
	HB_FATE_LEFT,           /* 'l' it said good-bye with all down, in the life of this generation */
	HB_FATE_FENCED,         /* 'f' it was fenced, and has not been heard since */
	HB_FATE_LOST,           /* 'w' the sender has a device for it, and has not used it yet */
	HB_FATE_SHOT,           /* 'p' the device of the sender is at it */
	HB_FATE_MISSED,         /* 'x' that has failed, and will be tried again */
	HB_FATE_N
} HbFate;

typedef struct {
	guint32 node_id;
	HbFate fate;
	guint64 generation;     /* of its last life that the sender knows; 0: never heard */
} HbFateWord;

/* The taker, which the sender hears, hears neither this node nor one that hears it, and is about to take what it holds. */
typedef struct {
	guint32 node_id;
	guint32 taker_id;
} HbTakerWord;

/* Ours only; absent from 3.0.6. Travels as extra fields of status (doc/hb4-extensions.md). */
typedef struct {
	gboolean present;
	guint32 protocol;       /* of the extension: 1 */
	gboolean leaving;       /* on its way out: gives nothing more a home */
	gboolean settling;      /* operational within a deadtime, whoever is heard by then */
	gboolean barred;        /* one that it hears does not hear it: it would get no leave, and asks for none */
	guint n_groups;
	guint n_heard;
	guint n_fates;
	guint n_takers;
	guint n_armed;
	HbGroupWord groups[HB_GROUPS_MAX];
	HbHeardWord heard[HB_NODES_MAX];
	HbFateWord fates[HB_NODES_MAX];
	HbTakerWord takers[HB_NODES_MAX];
	guint32 armed[HB_NODES_MAX];    /* nodes that the sender has a fencing device for */
} HbExtension;

typedef struct {
	HbNodeSt st;
	guint32 deadtime_ms;    /* dt */
	guint32 protocol;       /* 0: absent */
	gboolean ping_group;    /* NS_ST: speaks for a group of hosts */
	gboolean of_ping_node;  /* STATUS that a node makes up for its scripts, never sent: about a ping node */
	HbExtension ext;
} HbMsgStatus;

/* A hand-over of one group only, asked by an operator of ours; HB_ID_NONE: the whole set. */
typedef struct {
	HbHold hold;
	guint32 group_id;
	HbInfo info;
	gboolean force;         /* hb_takeover --force */
	gboolean failback;      /* the word "failback" was used */
} HbMsgAsk;                     /* ask_resources and hb_takeover */

typedef struct {
	HbHold hold;
	gboolean full;          /* rtype=full */
	HbStable stable;
	HbInfo info;
} HbMsgResource;

typedef struct {
	guint64 first_seq;
	guint64 last_seq;
} HbMsgRange;                   /* rexmit, nak_rexmit (first only), ackmsg (last only) */

typedef struct {
	guint n;
	char names[HB_NODES_MAX][HB_NODE_NAME_MAX + 1];
} HbNameList;

typedef struct {
	char key[HB_TOKEN_MAX + 1];
	gboolean ok;
	gboolean we_own;
} HbMsgIpRequest;               /* ip-request, ip-request-resp */

typedef struct {
	char node[HB_NODE_NAME_MAX + 1];
	char result[16];        /* OK badhost bad n_stnth unneeded */
} HbMsgStonith;

struct HbMsg;

typedef struct {
	HbMsgType type;
	/* envelope (doc/wire-protocol.md 3) */
	char src[HB_NODE_NAME_MAX + 1];
	char dest[HB_NODE_NAME_MAX + 1];        /* "": everyone */
	gboolean has_src_uuid;
	guint8 src_uuid[HB_UUID_LEN];
	gboolean has_dest_uuid;                 /* there and not all zero */
	guint8 dest_uuid[HB_UUID_LEN];
	guint64 seq;                            /* 0: unnumbered */
	guint64 generation;                     /* hg; 0: absent (ping nodes) */
	guint32 ts;
	union {
		HbMsgStatus status;             /* STATUS, NS_ST; SHUTDONE: .st alone */
		HbMsgResource resource;
		HbMsgAsk ask;                   /* ASK_RESOURCES, HB_TAKEOVER */
		HbMsgRange range;               /* NS_ACKMSG, NS_REXMIT, NS_NAK_REXMIT */
		HbMsgIpRequest ip;
		HbMsgStonith stonith;
	} u;
	const char *const *names;               /* REPNODES, for hb_typed_build() alone: all configured */
	guint n_names;                          /*   normal nodes (borrowed) */
	const char *nodelist;                   /* REPNODES, ADDNODE, DELNODE: legal names with blanks between; from */
	                                        /*   .raw, or for hb_typed_build() (borrowed) */
	const struct HbMsg *raw;                /* the container it was read from, or NULL (borrowed) */
} HbTyped;

#endif
