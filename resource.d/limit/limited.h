/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limited.h - a command with a time limit that holds whatever the command does.
 *
 * timeout(1) waits for the end of what it has killed; a process in the hands of a dead disk or
 * file server does not end. Here the caller gets its answer, and the process is left behind.
 * What the command started and did not end with it, such as mount(8) its mount.nfs, is killed as
 * well when the time is over, so that nothing happens later that nobody expects.
 *
 * The command stays in our process group: who kills that kills all of it.
 */
#ifndef HB_RESOURCE_LIMITED_H
#define HB_RESOURCE_LIMITED_H

#include <stdint.h>

enum {
	HB_LIMITED_LATE = 124,          /* the same numbers as those of timeout(1) and the shell */
	HB_LIMITED_FAILED = 125,
	HB_LIMITED_NOT_PROGRAM = 126,
	HB_LIMITED_NOT_FOUND = 127,
	HB_LIMITED_SIGNAL = 128
};

#define HB_LIMITED_SECONDS_MAX 1000000

/* Runs @argv (argv[0] is looked for in PATH) with standard input from /dev/null and, unless it is -1, standard
 * output to @out, for at most @limit_ms and 1.5 s. Its exit code, HB_LIMITED_SIGNAL plus the signal that
 * ended it, or one of the others. */
int hb_limited_run(char *const argv[], int64_t limit_ms, int out);

#endif
