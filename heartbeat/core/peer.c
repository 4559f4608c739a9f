/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/peer.h"

#include "util/banned.h"

/* Every cell is filled in; test_peer.c checks that. A node leaves DEAD through CAME_BACK, never GOT_UP: it may
 * still hold what has been given away since. LEFT is left by a new generation only: the last keepalives
 * of a node that says good-bye do not make it a member again. */
static const struct {
	HbPeerState next;
	HbPeerChange change;
} fsm[HB_PEER_N_STATES][HB_PEER_N_EVENTS] = {
	[HB_PEER_SILENT] = {
		[HB_PEER_HEARD]     = { HB_PEER_ALIVE,  HB_PEER_GOT_UP },
		[HB_PEER_RESTARTED] = { HB_PEER_ALIVE,  HB_PEER_GOT_UP },
		[HB_PEER_WARNTIME]  = { HB_PEER_SILENT, HB_PEER_NOTHING },
		[HB_PEER_DEADTIME]  = { HB_PEER_DEAD,   HB_PEER_DIED },
		[HB_PEER_SAID_BYE]  = { HB_PEER_LEFT,   HB_PEER_LEFT_NOW },
	},
	[HB_PEER_ALIVE] = {
		[HB_PEER_HEARD]     = { HB_PEER_ALIVE,  HB_PEER_NOTHING },
		[HB_PEER_RESTARTED] = { HB_PEER_ALIVE,  HB_PEER_GOT_UP },
		[HB_PEER_WARNTIME]  = { HB_PEER_LATE,   HB_PEER_GOT_LATE },
		[HB_PEER_DEADTIME]  = { HB_PEER_DEAD,   HB_PEER_DIED },
		[HB_PEER_SAID_BYE]  = { HB_PEER_LEFT,   HB_PEER_LEFT_NOW },
	},
	[HB_PEER_LATE] = {
		[HB_PEER_HEARD]     = { HB_PEER_ALIVE,  HB_PEER_GOT_BETTER },
		[HB_PEER_RESTARTED] = { HB_PEER_ALIVE,  HB_PEER_GOT_UP },
		[HB_PEER_WARNTIME]  = { HB_PEER_LATE,   HB_PEER_NOTHING },
		[HB_PEER_DEADTIME]  = { HB_PEER_DEAD,   HB_PEER_DIED },
		[HB_PEER_SAID_BYE]  = { HB_PEER_LEFT,   HB_PEER_LEFT_NOW },
	},
	[HB_PEER_DEAD] = {
		[HB_PEER_HEARD]     = { HB_PEER_ALIVE,  HB_PEER_CAME_BACK },
		[HB_PEER_RESTARTED] = { HB_PEER_ALIVE,  HB_PEER_GOT_UP },
		[HB_PEER_WARNTIME]  = { HB_PEER_DEAD,   HB_PEER_NOTHING },
		[HB_PEER_DEADTIME]  = { HB_PEER_DEAD,   HB_PEER_NOTHING },
		[HB_PEER_SAID_BYE]  = { HB_PEER_LEFT,   HB_PEER_LEFT_NOW },
	},
	[HB_PEER_LEFT] = {
		[HB_PEER_HEARD]     = { HB_PEER_LEFT,   HB_PEER_NOTHING },
		[HB_PEER_RESTARTED] = { HB_PEER_ALIVE,  HB_PEER_GOT_UP },
		[HB_PEER_WARNTIME]  = { HB_PEER_LEFT,   HB_PEER_NOTHING },
		[HB_PEER_DEADTIME]  = { HB_PEER_LEFT,   HB_PEER_NOTHING },
		[HB_PEER_SAID_BYE]  = { HB_PEER_LEFT,   HB_PEER_NOTHING },
	},
};

HbPeerChange
hb_peer_step(HbPeerState *state, HbPeerEvent event)
{
	HbPeerState from = *state;

	g_assert(from > HB_PEER_INVALID && from < HB_PEER_N_STATES);
	g_assert(event < HB_PEER_N_EVENTS);
	g_assert(fsm[from][event].next != HB_PEER_INVALID);
	*state = fsm[from][event].next;
	return fsm[from][event].change;
}
