/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot_process.c - what the root process asks of the kernel for itself. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <glib.h>

#include "exec/boot_parts.h"
#include "exec/dirs.h"
#include "log/log.h"
#include "util/fd.h"

#include "util/banned.h"

gboolean
hb_boot_set_scheduling(HbExec *ex, GError **error)
{
	static const char never[] = "-1000";
	struct sched_param rt = { 0 };
	g_auto(HbFd) oom = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	(void)error;
	if (oom < 0 || write(oom, never, sizeof never - 1) < 0)
		hb_log(HB_LOG_NOTICE, "cannot be exempted from the out-of-memory killer: %s", g_strerror(errno));
	if (!ex->config->realtime) {
		(void)sched_setscheduler(0, SCHED_OTHER, &rt);          /* the guard that we may have been was quicker */
		return TRUE;
	}
	rt.sched_priority = ex->config->rtprio != 0 ? (int)ex->config->rtprio : 1;
	if (sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &rt) == 0)
		ex->rt_priority = rt.sched_priority;
	else
		hb_log(HB_LOG_WARN, "no real-time scheduling (%s): a busy machine may delay decisions", g_strerror(errno));
	/* On fault: only what was ever used is locked, not every page of every library. */
	if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) < 0)
		hb_log(HB_LOG_WARN, "cannot lock memory: %s", g_strerror(errno));
	return TRUE;
}

gboolean
hb_boot_set_core_dumps(HbExec *ex, GError **error)
{
	const char *top = ex->config->coreroot != NULL ? ex->config->coreroot : HB_STATE_DIR "/cores";
	g_autofree char *dir = g_build_filename(top, "root", NULL);
	struct rlimit limit;

	(void)error;
	if (getrlimit(RLIMIT_CORE, &limit) == 0) {
		limit.rlim_cur = ex->config->coredumps ? limit.rlim_max : 0;
		(void)setrlimit(RLIMIT_CORE, &limit);
	}
	if (chdir(dir) < 0)
		hb_log(HB_LOG_WARN, "cannot leave core files in %s: %s", dir, g_strerror(errno));
	return TRUE;
}
