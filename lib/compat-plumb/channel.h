/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * channel.h - making channels, for the files of this folder.
 */
#ifndef HB_COMPAT_PLUMB_CHANNEL_H
#define HB_COMPAT_PLUMB_CHANNEL_H

#include <clplumbing/ipc.h>

/* A channel over a connected socket (transfer full). (transfer full) */
IPC_Channel *hb_channel_from_fd(int fd, int conntype);

#endif
