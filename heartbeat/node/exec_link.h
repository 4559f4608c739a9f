/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec_link.h - the node's end of the channel to the root process.
 *
 * Nothing here blocks but the greeting. What the socket does not take now waits in a bounded queue.
 * When the channel breaks we say so and go on: the guard starts a new root process, which replaces us.
 */
#ifndef HB_NODE_EXEC_LINK_H
#define HB_NODE_EXEC_LINK_H

#include "heartbeat/hb_medium.h"
#include "node/node.h"

HbExecLink *hb_exec_link_new(HbNode *node);
void hb_exec_link_free(HbExecLink *link);

typedef struct {
	HbChannelMsg msg;       /* WELCOME */
	GBytes *bundle;
	int fifo_fd, status_fd, log_fd, watchdog_fd;    /* (transfer full); -1 none */
} HbWelcome;

/* HELLO, then waits for WELCOME. */
gboolean hb_exec_link_greet(HbExecLink *link, HbWelcome *ret_welcome, GError **error);
/* From now on messages of root are served by the loop. */
void hb_exec_link_start(HbExecLink *link);

/* FALSE: root cannot be asked. */
gboolean hb_exec_link_open(HbExecLink *link, guint medium, const hb_medium_want *want);
void hb_exec_link_run(HbExecLink *link, const HbEffect *run);
void hb_exec_link_fence(HbExecLink *link, const HbEffect *fence);
void hb_exec_link_cancel(HbExecLink *link, guint32 op);
void hb_exec_link_node(HbExecLink *link, const HbEffect *effect);
void hb_exec_link_notify_rc(HbExecLink *link, const HbTyped *msg, HbNodeSt own_st);
/* Answers RELOAD: taken (NULL), or not and why. */
void hb_exec_link_reloaded(HbExecLink *link, const char *why_not);
void hb_exec_link_ready(HbExecLink *link);
void hb_exec_link_active(HbExecLink *link);
/* Root stops its clients, then this process ends with 0. */
void hb_exec_link_farewell(HbExecLink *link);
/* @client_fd: connected to the client that is to get the signal; borrowed. A signal that cannot leave now is lost. */
void hb_exec_link_signal(HbExecLink *link, int number, int client_fd);

/* After all that is queued: EXIT with @code, then the loop ends. */
void hb_exec_link_exit(HbExecLink *link, int code);
/* FAILED, at once, as well as it goes; for the start sequence. */
void hb_exec_link_fail(HbExecLink *link, int code, const char *text);

gint64 hb_exec_link_last_ping_ms(const HbExecLink *link);
gboolean hb_exec_link_is_broken(const HbExecLink *link);
guint hb_exec_link_n_queued(const HbExecLink *link);

#endif
