/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.h - what a script prints, line by line into the log, within limits.
 *
 * A service that a script left in the background may hold the pipe for ever; so the reader lives until the
 * end of the pipe, not of the script. The write end is also open for reading at the child's side:
 * when this process dies, such a service gets no SIGPIPE.
 */
#ifndef HB_EXEC_OUTPUT_H
#define HB_EXEC_OUTPUT_H

#include <glib.h>

typedef struct HbOutput HbOutput;

/* A new pipe. @ret_child_fd (transfer full) is the child's end. NULL with @error.
 * @keep_max: how many bytes are kept as text for hb_output_text(). */
HbOutput *hb_output_new(const char *name, gsize keep_max, int *ret_child_fd, GError **error);
void hb_output_set_pid(HbOutput *output, int pid);      /* for the log */
/* Reads what is there now (bounded). */
void hb_output_drain(HbOutput *output);
const char *hb_output_text(const HbOutput *output);
/* The script has ended: the reader goes on alone until the pipe ends, then frees itself. NULL is allowed. */
void hb_output_let_go(HbOutput *output);

#endif
