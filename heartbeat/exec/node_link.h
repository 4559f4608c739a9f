/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node_link.h - root's end of one hb-node: the process and its channel.
 */
#ifndef HB_EXEC_NODE_LINK_H
#define HB_EXEC_NODE_LINK_H

#include "exec/exec.h"

typedef struct HbNodeLink HbNodeLink;

typedef struct {
	/* A well-formed message of hb-node's; @fds are closed afterwards. */
	void (*message)(const HbChannelMsg *msg, const int *fds, guint n_fds, gpointer data);
	/* It has ended, or speaks nonsense (@why), in which case it has been killed. The link is dead; free it. */
	void (*gone)(const char *why, gpointer data);
} HbNodeHooks;

/* Starts hb-node. NULL with @error. Hooks never come from within this call, hb_node_link_send() or _kill(). */
HbNodeLink *hb_node_link_start(const HbExec *ex, const HbNodeHooks *hooks, gpointer data, GError **error);
/* Kills it if it lives. NULL is allowed. Of the hooks only gone() may call this. */
void hb_node_link_free(HbNodeLink *link);

/* FALSE: it does not read any more, and has been killed; gone() follows. */
gboolean hb_node_link_send(HbNodeLink *link, const HbChannelMsg *msg, const int *fds, guint n_fds);
/* gone(@why) follows. */
void hb_node_link_kill(HbNodeLink *link, const char *why);

#endif
