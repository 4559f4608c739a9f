/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value.h - the value types of ha.cf: time, truth, number (doc/config.md 1.1).
 *
 * Pure. Each refusal says in @ret_advice what to write instead; it is set on FALSE only.
 */
#ifndef HB_CONF_VALUE_H
#define HB_CONF_VALUE_H

#include <glib.h>

/* Whole milliseconds, rounded to the nearest; may be negative. */
gboolean hb_value_time(const char *text, gint64 *ret_ms, char **ret_advice);

/* true on yes y 1 / false off no n 0, any case. */
gboolean hb_value_bool(const char *text, gboolean *ret_value);

/* As C's atoi() reads it: leading sign and digits. FALSE: there is more or other than a number in
 * @text; @ret_value is what atoi() makes of it all the same. */
gboolean hb_value_int(const char *text, gint64 *ret_value);

/* Why no single machine can have the address @text (static text); NULL: one can, or it is none. */
const char *hb_value_address_fault(const char *text);

/* "30" for 30000, "1500ms" for 1500 (transfer full) */
char *hb_value_time_text(gint64 ms);

/* Is @text one of the words of @legal, "a|b|c"? Its index, or -1. */
int hb_value_choice(const char *legal, const char *text, gboolean any_case);

/* The word of @known (NULL-terminated) most like @text, or NULL when none is near (transfer none) */
const char *hb_value_nearest(const char *const *known, const char *text);

#endif
