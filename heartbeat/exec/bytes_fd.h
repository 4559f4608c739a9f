/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bytes_fd.h - bytes as a descriptor that whoever gets it can read but not change.
 */
#ifndef HB_EXEC_BYTES_FD_H
#define HB_EXEC_BYTES_FD_H

#include <glib.h>

/* (transfer full), -1 with errno. */
int hb_bytes_fd_new(const char *name, GBytes *bytes);

#endif
