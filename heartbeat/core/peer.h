/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peer.h - is one other node alive, as far as this node can tell?
 *
 * Pure. The states and what leads from one to the other are one table in peer.c; nothing else
 * writes the state. Times are monotonic milliseconds handed in by the caller.
 */
#ifndef HB_CORE_PEER_H
#define HB_CORE_PEER_H

#include <glib.h>

#include "core/view.h"

typedef enum {
	HB_PEER_HEARD,          /* a status with a word of life arrived */
	HB_PEER_RESTARTED,      /* a status of a higher generation arrived */
	HB_PEER_WARNTIME,       /* warntime passed without one */
	HB_PEER_DEADTIME,       /* its deadtime passed, or initdead while SILENT */
	HB_PEER_SAID_BYE,       /* shutdone: all its resources are down */
	HB_PEER_N_EVENTS
} HbPeerEvent;

/* What a step means for the rest of the core. */
typedef enum {
	HB_PEER_NOTHING,
	HB_PEER_GOT_UP,         /* heard for the first time, or anew after a restart */
	HB_PEER_GOT_LATE,
	HB_PEER_GOT_BETTER,     /* late, but alive after all */
	HB_PEER_DIED,
	HB_PEER_CAME_BACK,      /* we had given it up: it may hold what was given away since */
	HB_PEER_LEFT_NOW
} HbPeerChange;

/* Moves *@state on by one event. */
HbPeerChange hb_peer_step(HbPeerState *state, HbPeerEvent event);

static inline gboolean
hb_peer_is_alive(HbPeerState state)
{
	return state == HB_PEER_ALIVE || state == HB_PEER_LATE;
}

#endif
