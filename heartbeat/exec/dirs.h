/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dirs.h - directories, FIFO, status socket and log files: made, or the reason why not.
 */
#ifndef HB_EXEC_DIRS_H
#define HB_EXEC_DIRS_H

#include <sys/types.h>

#include <glib.h>

/* Run and state directories. @gid: of HB_GROUP. */
gboolean hb_dirs_make(gid_t gid, GError **error);
/* What clients of the old suite expect below the run directory, for their user where there is one. */
gboolean hb_dirs_for_clients(gid_t gid, GError **error);
/* The FIFO for scripts, open and empty; what lies in its place is replaced. -1 with @error. */
int hb_dirs_fifo(GError **error);
/* The listening status socket, for members of @gid. -1 with @error. */
int hb_dirs_status_socket(gid_t gid, GError **error);
/* A log file for appending, -1 with @error; -1 without for a NULL @path. */
int hb_dirs_log(const char *path, gid_t gid, GError **error);

#endif
