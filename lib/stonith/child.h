/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * child.h - one program, run to its end or to a moment, whichever is first. Private to lib/stonith.
 */
#ifndef HB_STONITH_CHILD_H
#define HB_STONITH_CHILD_H

#include <glib.h>

/*
 * Runs @argv with @env. Its standard output is appended to @out (up to a limit), its standard error is ours. It has a
 * process group of its own, which is killed when it has ended or its time is over.
 * TRUE: it ended in time, *ret_code is its exit code. FALSE with @error: not started, a signal, out of time.
 */
gboolean hb_child_run(char *const *argv, char *const *env, gint64 until_ms, GString *out, int *ret_code, GError **error);

/* Signal-safe: kills what runs now, if anything does. */
void hb_child_abort(void);

#endif
