/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/watchdog.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <glib.h>

#include "exec/watchdog.h"
#include "log/log.h"
#include "util/fd.h"

#include "util/banned.h"

#define FRESH_TIMEOUT_S 90              /* more than hb-node may take to become ready */

/* Does the driver refuse to be stopped? It is told by a file of the device's number only. */
static gboolean
cannot_be_stopped(int fd)
{
	g_autofree char *path = NULL;
	g_autofree char *text = NULL;
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISCHR(st.st_mode))
		return FALSE;
	path = g_strdup_printf("/sys/dev/char/%u:%u/nowayout", major(st.st_rdev), minor(st.st_rdev));
	return g_file_get_contents(path, &text, NULL, NULL) && text[0] == '1';
}

int
hb_watchdog_open(const char *path, gboolean fresh)
{
	struct watchdog_info info = { 0 };
	int timeout_s = FRESH_TIMEOUT_S;
	g_auto(HbFd) fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0) {
		hb_log(HB_LOG_CRIT, "cannot open watchdog %s: %s; this node runs WITHOUT one", path, g_strerror(errno));
		return -1;
	}
	if (ioctl(fd, WDIOC_GETSUPPORT, &info) < 0) {
		hb_log(HB_LOG_CRIT, "%s is no watchdog: %s; this node runs WITHOUT one", path, g_strerror(errno));
		return -1;
	}
	if (fresh && ioctl(fd, WDIOC_SETTIMEOUT, &timeout_s) < 0)
		hb_log(HB_LOG_WARN, "watchdog %s: cannot set its time: %s", path, g_strerror(errno));
	info.identity[sizeof info.identity - 1] = '\0';
	hb_log(HB_LOG_INFO, "watchdog %s (%s) is open", path, (const char *)info.identity);
	if (cannot_be_stopped(fd))
		hb_log(HB_LOG_WARN, "watchdog %s cannot be stopped (nowayout): the machine will reboot when heartbeat ends, "
		       "also in order", path);
	return hb_fd_steal(&fd);
}

void
hb_watchdog_stop(int fd)
{
	int left_s = 0;

	(void)ioctl(fd, WDIOC_GETTIMEOUT, &left_s);
	if (cannot_be_stopped(fd))
		hb_log(HB_LOG_CRIT, "the watchdog cannot be stopped (nowayout): the machine reboots within %d s unless heartbeat is "
		       "started again", left_s);
	else if (write(fd, "V", 1) != 1)
		hb_log(HB_LOG_CRIT, "cannot stop the watchdog: %s: the machine reboots within %d s", g_strerror(errno), left_s);
	hb_fd_close(fd);
}
