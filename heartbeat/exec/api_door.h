/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api_door.h - what root does for the API: the registration socket, and signals to clients.
 *
 * The socket is made once, when this node is operational for the first time, and outlives each hb-node: who
 * comes meanwhile waits in it.
 */
#ifndef HB_EXEC_API_DOOR_H
#define HB_EXEC_API_DOOR_H

#include <glib.h>

typedef struct HbApiDoor HbApiDoor;

HbApiDoor *hb_api_door_new(void);
void hb_api_door_free(HbApiDoor *door);         /* NULL is allowed */

/* (transfer none) The listening socket; -1 with @error. */
int hb_api_door_open(HbApiDoor *door, GError **error);

/* Sends @sig to the process that @fd was accepted from. @fd must have come in by the registration socket: so
 * nobody can have a signal sent to a process that has not asked us for something. FALSE: it has not, or is gone. */
gboolean hb_api_door_signal(const HbApiDoor *door, int fd, int sig);

#endif
