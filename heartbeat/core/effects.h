/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * effects.h - all that leaves the core, in the order in which it has to be carried out.
 *
 * Memory: an effect borrows from the core and lives until the next hb_core_step().
 */
#ifndef HB_CORE_EFFECTS_H
#define HB_CORE_EFFECTS_H

#include "core/event.h"
#include "wire/typed.h"

#define HB_EFFECTS_MAX 1024
#define HB_EFFECTS_FOR_LOGS 512         /* log lines beyond these are dropped: what is done must have room */

typedef enum {
	HB_FX_INVALID,
	HB_FX_SEND,             /* sign and send to all media that carry heartbeats; keep it under its seq */
	HB_FX_RESEND,           /* send the kept bytes of this seq again, to all media */
	HB_FX_RUN,              /* start a resource script; its end comes back as CHILD */
	HB_FX_CANCEL,           /* end a running script or fencing now; CHILD or FENCED comes all the same */
	HB_FX_FENCE,            /* fence a node that may still run something; its end comes back as FENCED */
	HB_FX_HOLDING,          /* note in the memory that outlives us, before anything after it */
	HB_FX_GONE,             /* note in the same memory that a node is down, or that it is not known to be any more */
	HB_FX_NODE,             /* have a configuration with this node, or without it (it comes back as RELOAD), or note its uuid */
	HB_FX_NOTIFY_RC,        /* run rc.d/TYPE with the fields of this message, if there is one */
	HB_FX_DELIVER,          /* hand the message to API clients that want it */
	HB_FX_NODE_DEAD,        /* tell API clients that a node or ping node is given up */
	HB_FX_LINK,             /* tell API clients that a link of a node is up or dead */
	HB_FX_LOG,
	HB_FX_SETTLED,          /* start is over: the node is operational (status active) */
	HB_FX_EXIT,             /* everything is down and said: the process may end */
	HB_FX_N
} HbEffectType;

typedef enum {
	HB_VERB_STATUS,
	HB_VERB_START,
	HB_VERB_STOP,
	HB_VERB_N
} HbVerb;

typedef enum {
	HB_FENCE_OFF,
	HB_FENCE_RESET,
	HB_FENCE_N
} HbFenceAction;

typedef enum {
	HB_NODE_ADD,            /* by command */
	HB_NODE_JOIN,           /* by itself: not one that was removed by command */
	HB_NODE_DEL,
	HB_NODE_UUID,
	HB_NODE_OP_N
} HbNodeOp;

/* Ids of what the core reports; texts and levels are in lib/log/messages.def. */
typedef enum {
#define X(id, number, level, text) HB_SAY_##id,
#include "log/messages.def"
#undef X
	HB_SAY_N
} HbSay;

/* What became of a message: clients choose by these (doc/client-api.md 2.3, setfilter). */
typedef enum {
	HB_TREAT_KEEP = 1 << 0,         /* for this node and its clients; of status the changes only */
	HB_TREAT_NO_CHANGE = 1 << 1,    /* status that says nothing new */
	HB_TREAT_DROP = 1 << 2,         /* for somebody else, or stale */
	HB_TREAT_DUPLICATE = 1 << 3,    /* a copy by another medium, or our own heard back */
	HB_TREAT_API = 1 << 4,          /* from a client, before anything is done with it */
	HB_TREAT_PROTOCOL = 1 << 5,     /* requests for retransmission */
	HB_TREAT_ALL = (1 << 6) - 1
} HbTreatment;

typedef struct {
	HbEffectType type;
	union {
		struct {
			const HbTyped *msg;     /* src, dest, type, fields, seq are set; the shell adds uuid, hg, ts, ld, ttl */
		} send;
		struct {
			guint64 seq;
		} resend;
		struct {
			guint32 op;             /* never 0, never used twice */
			guint group;            /* index into config->groups */
			guint resource;
			HbVerb verb;
			guint32 limit_ms;
			guint32 epoch;
			gboolean known_free;    /* start: the last owner itself said that all is down */
		} run;
		struct {
			guint32 op;             /* of RUN or FENCE */
		} cancel;
		struct {
			guint32 op;             /* never 0, never used twice, for RUN neither */
			guint node;             /* index into config->nodes, never this node */
			HbFenceAction action;
		} fence;
		struct {
			guint group;
			HbHeldGroup held;
		} holding;
		struct {
			guint node;             /* index into config->nodes */
			HbGone gone;
		} gone;
		struct {
			const HbTyped *msg;
			HbNodeSt own_st;        /* of this node */
		} notify;                       /* NOTIFY_RC */
		struct {
			const HbTyped *msg;
			HbTreatment treatment;
			guint64 complete;       /* up to this number nothing is missing of its sender's stream */
		} deliver;
		struct {
			const char *name;
			gboolean is_ping;
		} node_dead;
		struct {
			const char *node;
			const char *name;
			gboolean up;
		} link;
		struct {
			HbNodeOp op;
			const char *name;       /* lower case */
			gboolean has_uuid;
			guint8 uuid[HB_UUID_LEN];
		} node;
		struct {
			HbSay say;
			const char *node;       /* NULL: none */
			const char *group;      /* NULL: none; a group's key */
			const char *what;       /* NULL: none; a medium, resource, state */
			gint64 n;               /* a number the sentence speaks of */
		} log;
	} u;
} HbEffect;

typedef struct {
	guint n;
	HbEffect item[HB_EFFECTS_MAX];
} HbEffects;

#endif
