/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec_msg.h - translation between the core's words and the channel's. Pure.
 */
#ifndef HB_NODE_EXEC_MSG_H
#define HB_NODE_EXEC_MSG_H

#include "channel/channel.h"
#include "core/effects.h"
#include "core/event.h"
#include "heartbeat/hb_medium.h"

void hb_exec_msg_open(HbChannelMsg *ret, guint medium, const hb_medium_want *want);
void hb_exec_msg_run(HbChannelMsg *ret, const HbEffect *run);
void hb_exec_msg_fence(HbChannelMsg *ret, const HbEffect *fence);
void hb_exec_msg_end(HbChannelMsg *ret, HbChannelType type, int code, const char *text);

/*
 * The script's name is the type of @msg, its variables are the string fields, as far as they can be names and
 * values of an environment; what does not fit is left out. FALSE: the type is no file name.
 * @container: the message as fields (its own, or built from the struct). @own_st: status of this node.
 */
gboolean hb_exec_msg_rc(HbChannelMsg *ret, const struct HbMsg *container, HbNodeSt own_st);

/* DONE as event; FALSE: the result is none. */
gboolean hb_exec_msg_done(const HbChannelMsg *msg, HbEvent *ret);

/* FENCED as event; FALSE: the verdict is none. */
gboolean hb_exec_msg_fenced(const HbChannelMsg *msg, HbEvent *ret);

/* What root knows of each group of @config, which may have got others since. */
void hb_exec_msg_held(const HbChannelMsg *welcome, const HbConfig *config, HbHeldGroup *ret_held);

#endif
