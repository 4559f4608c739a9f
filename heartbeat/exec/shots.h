/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shots.h - how often this node has fenced another of late, remembered over its own reset: two nodes that shoot each other in
 * turns for as long as a cut lasts are to do it less and less often.
 *
 * One time of day (seconds) a line, the newest last.
 */
#ifndef HB_EXEC_SHOTS_H
#define HB_EXEC_SHOTS_H

#include <glib.h>

#include "exec/supervisor.h"

/* How many of the lines of @text (NULL: none) lie within six hours before @now_s. What is no time is skipped. */
guint hb_shots_count(const char *text, gint64 now_s);
/* @text with @now_s behind it, cut to the newest (transfer full). */
char *hb_shots_with(const char *text, gint64 now_s);

/* Of the file below HB_STATE_DIR; what cannot be read counts as none. */
guint hb_shots_read(void);
/* A node was fenced: counts it, and writes it by a child, so that a disk that hangs holds nothing up. */
void hb_shots_note(HbSupervisor *sup);

#endif
