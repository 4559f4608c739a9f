/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.h - a socket for root at which a daemon that runs answers a line of words with a text.
 */
#ifndef LDIR_CONTROL_H
#define LDIR_CONTROL_H

#include <glib.h>

typedef struct LdirControl LdirControl;

/* @answer: the text for @line (transfer full). NULL: the socket cannot be made, @error. (transfer full) */
LdirControl *ldir_control_new(const char *path, char *(*answer)(const char *line, gpointer user), gpointer user, GError **error);
void ldir_control_free(LdirControl *control);   /* NULL is allowed */

/* For the caller: asks the daemon at @path, and waits for at most @limit_ms. (transfer full) */
char *ldir_control_ask(const char *path, const char *line, guint limit_ms, GError **error);

#endif
