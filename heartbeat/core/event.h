/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.h - all that enters the core. Each event carries its time; nothing else tells the core the time.
 *
 * Memory: everything an event points to is borrowed for the length of hb_core_step(), except
 * START.config and RELOAD.config, which must outlive the core or the next RELOAD.
 */
#ifndef HB_CORE_EVENT_H
#define HB_CORE_EVENT_H

#include "conf/config.h"
#include "wire/typed.h"

typedef enum {
	HB_EV_INVALID,
	HB_EV_START,
	HB_EV_PACKET,
	HB_EV_MEDIUM,
	HB_EV_TIME,
	HB_EV_FIFO,
	HB_EV_CLIENT,
	HB_EV_CHILD,
	HB_EV_RELOAD,
	HB_EV_SHUTDOWN,
	HB_EV_FENCED,
	HB_EV_RESOURCE,
	HB_EV_N
} HbEventType;

/* What is known of a group when the core starts. */
typedef enum {
	HB_HELD_UNKNOWN,        /* ask its scripts for status first (first start on this boot) */
	HB_HELD_IDLE,           /* known to be down */
	HB_HELD_PARTIAL,        /* something was being started or stopped: may be half up */
	HB_HELD_UP,             /* known to be up and ours */
	HB_HELD_N
} HbHeldState;

typedef struct {
	HbHeldState state;
	guint32 epoch;
	gboolean parked;
} HbHeldGroup;

/* What is known of a node that is down: how it went, and the life that it was of. */
typedef struct {
	HbFate fate;            /* NONE (it is not known to be down), LEFT or FENCED */
	guint64 generation;
} HbGone;

typedef enum {
	HB_CHILD_OK,            /* start, stop: exit 0. status: the text says it runs */
	HB_CHILD_NOT_RUNNING,   /* status only: the text says it does not run */
	HB_CHILD_FAILED,        /* non-zero exit, signal, missing script */
	HB_CHILD_TIMEOUT,       /* had to be killed */
	HB_CHILD_LOST,          /* nobody knows how it ended */
	HB_CHILD_BUSY,          /* start only: not started, something elsewhere still has it */
	HB_CHILD_N
} HbChildResult;

typedef enum {
	HB_FENCED_OK,           /* the device confirmed: nothing of that node runs any more */
	HB_FENCED_FAILED,       /* error, time over, cancelled, nobody knows */
	HB_FENCED_BAD_HOST,     /* the device cannot fence that node */
	HB_FENCED_NO_DEVICE,    /* none is configured, or its plugin is missing */
	HB_FENCED_N
} HbFenceVerdict;

typedef enum {
	HB_MEDIUM_DOWN,
	HB_MEDIUM_UP
} HbMediumState;

typedef struct {
	HbEventType type;
	gint64 now_ms;                  /* monotonic, never less than in the event before */
	union {
		struct {
			const HbConfig *config;
			guint64 seed;           /* of the core's own random generator */
			guint64 generation;
			guint64 next_seq;       /* 1, or where the hb-node before us stopped */
			guint8 uuid[HB_UUID_LEN];
			const HbHeldGroup *held; /* config->n_groups of them */
			const HbGone *gone;     /* resumed: config->n_nodes of them, as last noted; NULL: none is */
			guint n_shots;          /* how often this node has fenced another of late */
			gboolean resumed;       /* same generation as before: the node process was replaced */
			gint64 absent_ms;       /* resumed: since the one before us was at work last */
		} start;
		struct {
			guint medium;           /* index into config->media */
			const HbTyped *msg;     /* authentic; src may still be anybody; INVALID: envelope only */
		} packet;
		struct {
			guint medium;
			HbMediumState state;
		} medium;
		struct {
			const HbTyped *msg;     /* ASK_RESOURCES, HB_TAKEOVER, RESOURCE, OTHER; src is ignored */
		} fifo;
		struct {
			const HbTyped *msg;     /* to be sent to the cluster for an API client: .raw with from_id and to_id;
			                         * ASK_RESOURCES, HB_TAKEOVER, OTHER; src is ignored */
		} client;
		struct {
			guint32 op;             /* of the RUN effect */
			HbChildResult result;
			guint took_ms;
		} child;
		struct {
			guint32 op;             /* of the FENCE effect */
			HbFenceVerdict verdict;
			guint took_ms;
		} fenced;
		struct {
			const HbConfig *config; /* same nodes and media; groups by key */
		} reload;
		struct {                        /* of one whose presence the machine itself tells, an address: it came or went */
			guint group;            /* index into config->groups */
			guint resource;
			gboolean gone;          /* not here: said when it goes, and again when it may be had again */
			gboolean may_start;     /* its interface has come up */
		} resource;
	} u;
} HbEvent;

#endif
