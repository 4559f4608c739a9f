/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logger.h - how root starts hb-log, the process that writes the log files.
 *
 * hb-log NODE FLAGS [FACILITY RETRY_MS]
 *   FLAGS     letters: l there is a log file, d there is a debug file, s lines as syslog's, . none of them
 *   FACILITY  given with use_logd: syslog facility for the time when the log daemon does not answer; "none"
 *   RETRY_MS  given with use_logd: interval of attempts to reach the log daemon
 * with the descriptors below and 0, 1, 2 (/dev/null). It ends when nobody can write to the first two any more and all is
 * written; with SIGUSR1 as soon as the line in work is written, and whoever comes next goes on with what waits.
 */
#ifndef HB_LOGGER_LOGGER_H
#define HB_LOGGER_LOGGER_H

#define HB_LOGGER_FD_ROOT  3    /* records of root */
#define HB_LOGGER_FD_NODE  4    /* records of hb-node, which are not believed in all */
#define HB_LOGGER_FD_LOG   5
#define HB_LOGGER_FD_DEBUG 6
#define HB_LOGGER_FD_N     7

#endif
