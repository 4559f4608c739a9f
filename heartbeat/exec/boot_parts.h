/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot_parts.h - steps of the start that stand in files of their own. FALSE with @error: it cannot go on.
 */
#ifndef HB_EXEC_BOOT_PARTS_H
#define HB_EXEC_BOOT_PARTS_H

#include "exec/boot.h"

/* boot_config.c: who goes on goes on with what was in force, not with what is being edited. */
gboolean hb_boot_settle_config(HbExec *ex, GError **error);
gboolean hb_boot_save_config(HbExec *ex, GError **error);
/* What was in force in the root process before this one (transfer full, as *@ret_bundle, which may be NULL); NULL: lost. */
HbConfig *hb_boot_saved_config(const HbExec *ex, HbBundle **ret_bundle);

/* boot_process.c: what cannot be had is logged, and is no reason to be without service. */
gboolean hb_boot_set_scheduling(HbExec *ex, GError **error);
/* Core files are left in the working directory, where the kernel is not told another place. */
gboolean hb_boot_set_core_dumps(HbExec *ex, GError **error);

#endif
