/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gmain_timeout.h - timers in the default main context; a change of the clock does not matter to them.
 */
#ifndef HB_GMAIN_TIMEOUT_H
#define HB_GMAIN_TIMEOUT_H

#include <glib.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Calls @function every @interval ms until it returns FALSE; the result is for Gmain_timeout_remove(). */
guint Gmain_timeout_add(guint interval, GSourceFunc function, gpointer data);
guint Gmain_timeout_add_full(gint priority, guint interval, GSourceFunc function, gpointer data,
                             GDestroyNotify notify);
void Gmain_timeout_remove(guint tag);

#ifdef __cplusplus
}
#endif

#endif
