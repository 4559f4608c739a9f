/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * verdict.h - what the answer to a status query proves. Pure.
 *
 * "Runs" is decided as in heartbeat 3.0.6 (doc/config.md 3.3). That something does not run decides whether another
 * node may start it, so it takes evidence: a script that knows no status answers neither.
 */
#ifndef HB_EXEC_VERDICT_H
#define HB_EXEC_VERDICT_H

#include "core/effects.h"

/* What 3.0.6 takes for "owned": only the text counts. */
gboolean hb_verdict_says_running(const char *text);

/* HB_CHILD_OK: runs. HB_CHILD_NOT_RUNNING: surely not. HB_CHILD_FAILED: no answer.
 * @text its output, @complaints its standard error, @code its exit status. */
HbChildResult hb_verdict_status(const char *text, const char *complaints, int code);

/* The same for systemctl is-active. */
HbChildResult hb_verdict_unit_status(const char *text, int code);

#endif
