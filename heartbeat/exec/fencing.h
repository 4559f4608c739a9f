/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fencing.h - root's part in fencing: runs hb-fence for hb-node, and asks the device from time to time whether it works.
 *
 * A device is touched by hb-fence alone: device libraries and scripts hang. It gets the settings, which may hold a
 * password, by its standard input.
 */
#ifndef HB_EXEC_FENCING_H
#define HB_EXEC_FENCING_H

#include "exec/supervisor.h"

/* FENCE has passed hb_policy_fence(). The answer comes by hb_fencing_done(). */
void hb_fencing_start(HbSupervisor *sup, const HbChannelMsg *msg);
/* TRUE: @op was fencing, *ret_msg is what hb-node is to hear. */
gboolean hb_fencing_done(HbSupervisor *sup, guint32 op, HbChildResult result, guint took_ms, HbChannelMsg *ret_msg);
/* Another hb-node begins: what the one before had asked for is ended. */
void hb_fencing_forget(HbSupervisor *sup);

/* Asks the device now, and then each hour; only an error is said. */
void hb_fencing_watch(HbSupervisor *sup);
void hb_fencing_watched(HbSupervisor *sup, HbChildResult result);       /* HB_OP_FENCE_STATUS has ended */

#endif
