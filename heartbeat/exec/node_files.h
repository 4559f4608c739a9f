/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node_files.h - hostcache and delhostcache, as 3.0.6 reads and writes them (doc/wire-protocol.md 9): a line
 * "NAME TAB UUID TAB WEIGHT TAB SITE" for each node, or each that was deleted.
 */
#ifndef HB_EXEC_NODE_FILES_H
#define HB_EXEC_NODE_FILES_H

#include "exec/supervisor.h"

#define HB_NODE_FILES_NO_UUID "00000000-0000-0000-0000-000000000000"

/* Both as a list of nodes: lines "+NAME UUID" and "-NAME UUID". Files that are not there are empty; lines that make no
 * sense are left out, and said. (transfer full) */
char *hb_node_files_read(void);
/* Writes both, by a child: a disk that hangs stops nothing. */
void hb_node_files_write(HbSupervisor *sup);
char *hb_node_files_uuid(const guint8 uuid[HB_UUID_LEN]);       /* (transfer full) as text */
/* A line of one of them: TRUE with its name and uuid (transfer full). Pure. */
gboolean hb_node_files_parse_line(const char *line, char **ret_name, char **ret_uuid);

#endif
