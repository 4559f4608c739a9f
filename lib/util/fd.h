/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fd.h - a file descriptor that closes itself: g_auto(HbFd) fd = open(...);
 */
#ifndef HB_UTIL_FD_H
#define HB_UTIL_FD_H

#include <unistd.h>

#include <glib.h>

typedef int HbFd;

static inline void
hb_fd_close(HbFd fd)
{
	(void)close(fd);
}
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(HbFd, hb_fd_close, -1)

/* Hands the descriptor over: the variable no longer closes it. */
static inline int
hb_fd_steal(HbFd *fd)
{
	int raw = *fd;

	*fd = -1;
	return raw;
}

#endif
