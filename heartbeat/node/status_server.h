/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * status_server.h - answers hb_status: one request line, one answer, end.
 *
 * Requests: text, json, metrics, recorder. Nothing can be changed through this socket.
 */
#ifndef HB_NODE_STATUS_SERVER_H
#define HB_NODE_STATUS_SERVER_H

#include "node/node.h"

/* @fd: the listening socket, taken over; -1: none, NULL is returned. */
HbStatusServer *hb_status_server_new(HbNode *node, int fd);
void hb_status_server_free(HbStatusServer *server);

#endif
