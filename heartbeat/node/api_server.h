/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api_server.h - the sockets of API clients in the loop (doc/client-api.md 1).
 *
 * Root makes the listening socket when this node is operational, and keeps it: a client that comes while
 * hb-node is being replaced waits in it, and those that were signed on see their connection closed.
 */
#ifndef HB_NODE_API_SERVER_H
#define HB_NODE_API_SERVER_H

#include "node/api.h"
#include "node/node.h"

HbApiServer *hb_api_server_new(HbNode *node);
void hb_api_server_free(HbApiServer *server);   /* NULL is allowed */
/* @fd (transfer full): the listening socket. */
void hb_api_server_listen(HbApiServer *server, int fd);
HbApi *hb_api_server_api(HbApiServer *server);
/* End of a turn of the loop. NULL is allowed. */
void hb_api_server_turn(HbApiServer *server);

#endif
