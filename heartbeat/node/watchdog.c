/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <glib.h>

#include "log/log.h"
#include "node/exec_link.h"
#include "node/loop.h"
#include "node/watchdog.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define ROOT_SILENCE_MS (3 * HB_MS_PER_S)
#define INTERVAL_MS_MAX HB_MS_PER_S
#define PARTS 8                 /* tended that often within its time */

struct HbWatchdog {
	HbNode *node;
	HbSource *source;
	int fd;
	gint64 interval_ms;
	gboolean is_refused;    /* no proof of life at the last turn; said once */
	gboolean is_broken;     /* the device did not take it; said once */
};

guint
hb_watchdog_timeout_s(guint32 deadtime_ms)
{
	return MAX(deadtime_ms / HB_MS_PER_S, 1);
}

/* What is wrong, or NULL. */
static const char *
doubt(const HbWatchdog *watchdog, gint64 now_ms)
{
	const HbNode *node = watchdog->node;

	if (now_ms - hb_exec_link_last_ping_ms(node->exec) > ROOT_SILENCE_MS)
		return "the root process is silent";
	if (node->core != NULL && now_ms - hb_core_deadline_ms(node->core) > 2 * watchdog->interval_ms)
		return "decisions are overdue";
	return NULL;
}

static void
tend(HbWatchdog *watchdog)
{
	gboolean was_broken = watchdog->is_broken;

	watchdog->is_broken = write(watchdog->fd, "t", 1) != 1;
	if (watchdog->is_broken && !was_broken)
		hb_log(HB_LOG_CRIT, "the watchdog cannot be tended: %s", g_strerror(errno));
}

static gboolean
on_time(gpointer owner, GIOCondition cond)
{
	HbWatchdog *watchdog = owner;
	gint64 now_ms = hb_loop_now_ms(watchdog->node->loop);
	const char *why = doubt(watchdog, now_ms);

	(void)cond;
	if (why != NULL && !watchdog->is_refused)
		hb_log(HB_LOG_CRIT, "the watchdog is not tended: %s", why);
	watchdog->is_refused = why != NULL;
	if (why == NULL)
		tend(watchdog);
	hb_source_at_ms(watchdog->source, now_ms + watchdog->interval_ms);
	return G_SOURCE_CONTINUE;
}

HbWatchdog *
hb_watchdog_new(HbNode *node, int fd)
{
	HbWatchdog *watchdog;
	int timeout_s = (int)hb_watchdog_timeout_s(node->config->deadtime_ms);

	if (fd < 0)
		return NULL;
	if (ioctl(fd, WDIOC_SETTIMEOUT, &timeout_s) < 0)
		hb_log(HB_LOG_ERR, "the watchdog's time cannot be set to %d s: %s", timeout_s, g_strerror(errno));
	(void)ioctl(fd, WDIOC_GETTIMEOUT, &timeout_s);
	hb_log(HB_LOG_INFO, "the watchdog reboots this machine %d s after we cease to tend it", timeout_s);
	watchdog = g_new0(HbWatchdog, 1);
	watchdog->node = node;
	watchdog->fd = fd;
	watchdog->interval_ms = CLAMP((gint64)timeout_s * HB_MS_PER_S / PARTS, 1, INTERVAL_MS_MAX);
	watchdog->source = hb_source_new(node, "watchdog", -1, 0, on_time, watchdog);
	tend(watchdog);
	hb_source_at_ms(watchdog->source, hb_loop_now_ms(node->loop) + watchdog->interval_ms);
	return watchdog;
}

void
hb_watchdog_free(HbWatchdog *watchdog)
{
	if (watchdog == NULL)
		return;
	hb_source_drop(&watchdog->source);
	hb_fd_close(watchdog->fd);
	g_free(watchdog);
}
