/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * environment.h - what resource scripts and rc.d scripts find in their environment (doc/resource-manager.md 2.2).
 *
 * Unlike heartbeat 3.0.6 nothing of the environment in which the daemon was started is passed on.
 * All results are (transfer full), free with g_strfreev().
 */
#ifndef HB_EXEC_ENVIRONMENT_H
#define HB_EXEC_ENVIRONMENT_H

#include "channel/channel.h"
#include "conf/config.h"

/* What is the same for all scripts as long as @config is in force. */
char **hb_environment_new(const HbConfig *config);
/* + HA_hb4_epoch; @known_free: + HA_hb4_probed, the address need not be asked for on the wire */
char **hb_environment_for_run(char **base, guint32 epoch, gboolean known_free);
/* + the message's fields as HA_<field>: those of heartbeat 3.0.6, and others that nothing else is called like */
char **hb_environment_for_rc(char **base, const HbConfig *config, const HbChannelMsg *msg);

#endif
