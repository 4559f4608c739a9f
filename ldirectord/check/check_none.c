/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks whose verdict is known before anything is sent. */
#include "ldirectord/check/checker_parts.h"
#include "util/banned.h"

static gboolean
none_begin(LdirTask *task, gint64 now_ms)
{
	(void)now_ms;
	ldir_task_end(task, TRUE, "nothing to check");
	return TRUE;
}

static gboolean
no_port_begin(LdirTask *task, gint64 now_ms)
{
	(void)now_ms;
	ldir_task_end(task, FALSE, "no port to check: checkport= is missing");
	return TRUE;
}

static void
nothing_taken(LdirTask *task)
{
	(void)task;
}

const LdirTaskOps ldir_check_none = { none_begin, NULL, nothing_taken, FALSE };
const LdirTaskOps ldir_check_no_port = { no_port_begin, NULL, nothing_taken, FALSE };
