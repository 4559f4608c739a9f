/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * leftover.h - groups that an unclean end left up and that haresources no longer names.
 *
 * The others take a group that this node does not speak of for one that does not run here. So it is stopped, as the
 * configuration that was in force then says, before this node says anything at all.
 */
#ifndef HB_EXEC_LEFTOVER_H
#define HB_EXEC_LEFTOVER_H

#include "channel/channel.h"
#include "conf/config.h"
#include "exec/runner.h"

/* Returns when all such groups of @memory are down. @saved: in force when it was written, NULL: lost.
 * FALSE with @error: one may still be up; the text says what to do. */
gboolean hb_leftover_stop(const HbMemory *memory, const HbConfig *config, const HbConfig *saved,
                          const HbRunnerSettings *settings, GError **error);

#endif
