/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log_link.h - root's end of hb-log, the process that writes the log files.
 *
 * Two sockets, one for the lines of root and one for those of hb-node. Root holds both ends of both, so that an hb-log that
 * dies takes nothing with it but the line in work; the next one goes on with what waits there. What does not find room is
 * dropped and told later (log/log.h); nobody waits.
 */
#ifndef HB_EXEC_LOG_LINK_H
#define HB_EXEC_LOG_LINK_H

#include <sys/types.h>

#include <glib.h>

typedef struct {
	int root_write, root_read;
	int node_write, node_read;      /* the write end goes to hb-node, too */
	int pidfd;                      /* of hb-log; -1: none runs */
	guint end_source;
	gint64 started_ms;
	gboolean drops;                 /* FALSE: there is no user but root's to run it as */
	uid_t uid;
	gid_t gid;
	gboolean renewing;              /* it was told to end, another one with other files follows */
} HbLogLink;

typedef struct HbExec HbExec;

/* Sockets and a first hb-log, with ->logfile_fd, ->debugfile_fd and ->config as they are; root logs through it from
 * here on. FALSE with @error: no sockets. */
gboolean hb_log_link_open(HbExec *ex, GError **error);
/* From now on the loop replaces an hb-log that ends. */
void hb_log_link_watch(HbExec *ex);
/* Another hb-log, for other files. */
void hb_log_link_renew(HbExec *ex);
/* Waits until all is written, but not for a disk that takes longer than seconds. Nothing can be logged to files after it. */
void hb_log_link_close(HbExec *ex);

#endif
