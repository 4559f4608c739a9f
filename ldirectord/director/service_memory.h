/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * service_memory.h - what is known of one server, as words for the process that comes next (handover.h).
 *
 * Pure. Times are those of the monotonic clock, which goes on from one process to the next of one boot.
 */
#ifndef LDIR_SERVICE_MEMORY_H
#define LDIR_SERVICE_MEMORY_H

#include "ldirectord/director/service.h"

typedef struct LdirMemory LdirMemory;

/* Appends " state=2 fails=0 ...". */
void ldir_memory_write(const LdirRun *run, guint real, GString *out);

/* @words: from outside, what ldir_memory_write() has appended, and nothing else; else NULL. @now_ms: no time is later.
 * (transfer full, g_free()) */
LdirMemory *ldir_memory_parse(const char *words, gint64 now_ms);

/* Server number @real of @run, which has not been started, is as that. @is_recent FALSE: only what operators want of it counts, checks may
 * say something else by now. */
void ldir_memory_recall(const LdirMemory *memory, LdirRun *run, guint real, gboolean is_recent);

/* Of such a @run, and not long ago: the process before wanted weight for server number @real in the table. */
gboolean ldir_memory_had_weight(const LdirRun *run, guint real);

/* The same of the service: " quorum=2 command=0" */
void ldir_memory_write_service(const LdirRun *run, GString *out);
gboolean ldir_memory_parse_service(const char *words, LdirQuorumState *ret_quorum, gboolean *ret_command);
/* In front of ldir_run_start_knowing(@run, @known): the commands that have been run are not run again. */
void ldir_memory_recall_service(LdirRun *run, LdirRun *known, LdirQuorumState quorum, gboolean is_command_started);

#endif
