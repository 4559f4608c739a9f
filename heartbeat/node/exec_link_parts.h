/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec_link_parts.h - what exec_link.c, exec_greet.c and exec_say.c share: the link's state and its queue. */
#ifndef HB_NODE_EXEC_LINK_PARTS_H
#define HB_NODE_EXEC_LINK_PARTS_H

#include "channel/channel.h"
#include "node/exec_link.h"
#include "node/loop.h"

struct HbExecLink {
	HbNode *node;
	HbSource *source;
	GQueue queue;           /* HbChannelMsg *, waiting for room in the socket */
	GArray *lost;           /* HbEvent: the ends of ops that never left */
	HbSource *lost_source;
	gint64 ping_ms;
	gboolean is_broken;
	gboolean is_leaving;    /* EXIT is in the queue or said */
	int exit_code;
};

/* Copied into the queue where the socket has no room. FALSE: it will not reach root. */
gboolean hb_exec_link_say(HbExecLink *link, const HbChannelMsg *msg);
/* Tells the core, in a turn of its own, the end of an op that never left. @end copied. */
void hb_exec_link_report_lost(HbExecLink *link, const HbEvent *end);
void hb_exec_link_answer(HbExecLink *link, const HbChannelMsg *ping);   /* root asks whether we live */
/* The next of the @n_fds descriptors that came along, in the order of channel.h, now the caller's; -1 none. */
int hb_exec_link_take_fd(int *fds, guint n_fds, guint *at);
void hb_exec_link_close_fds(const int *fds, guint n_fds);       /* those that nobody took */

#endif
