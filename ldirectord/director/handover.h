/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handover.h - what a director knows, as text for the one that takes its place at a restart: states, flaps, orders of operators.
 *
 * Pure. Of services and servers that the next configuration does not have nothing is used.
 */
#ifndef LDIR_HANDOVER_H
#define LDIR_HANDOVER_H

#include "ldirectord/director/director.h"

#define LDIR_HANDOVER_MAX (16 * 1024 * 1024)

/* (transfer full) */
char *ldir_handover_write(const LdirDirector *director, gint64 now_ms);

/* @text: from outside. NULL: nothing of it is used, @ret_why says the line and what is the matter. (transfer full) */
LdirHandover *ldir_handover_parse(const char *text, gint64 now_ms, char **ret_why);
void ldir_handover_free(LdirHandover *handover);        /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LdirHandover, ldir_handover_free)

#endif
