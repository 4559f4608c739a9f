/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policy.h - may hb-node have this? The complete list, each against root's own parse of the configuration.
 *
 * Pure. The message has passed hb_channel_recv(). NULL: yes; else the reason why not (static text):
 * then hb-node is not what we started, and is replaced.
 */
#ifndef HB_EXEC_POLICY_H
#define HB_EXEC_POLICY_H

#include "channel/channel.h"
#include "conf/config.h"

/* Changes of the list of nodes that are remembered. */
#define HB_POLICY_LINES_MAX (3 * HB_NODES_MAX)

const char *hb_policy_run(const HbConfig *config, const HbChannelMsg *msg);
/* Only a configured node, not this one, and only where this node has a device. */
const char *hb_policy_fence(const HbConfig *config, const HbChannelMsg *msg);
const char *hb_policy_open(const HbConfig *config, const HbChannelMsg *msg);
const char *hb_policy_node(const HbConfig *config, const HbChannelMsg *msg);
/* Why a permitted NODE is passed over, which is no fault: the two lists may have crossed; NULL: it is worth a change. @list: the
 * changes so far. */
const char *hb_policy_node_idle(const HbConfig *config, const char *list, const HbChannelMsg *msg);
/* May it end for good? @memory: as it left it, NULL: unreadable. @asked: it was told to. */
const char *hb_policy_exit(const HbMemory *memory, gboolean asked, gboolean is_busy);
/* Form only; that rc.d has such a script is looked up when it is run. */
const char *hb_policy_rc(const HbChannelMsg *msg);
/* What a client can ask for: never KILL or STOP. */
const char *hb_policy_signal(const HbChannelMsg *msg);

#endif
