/* SPDX-License-Identifier: GPL-2.0-or-later */
/* life.h - what all clients of heartbeat that stay have in common: sign on, serve callbacks until told to end. */
#pragma once

#include <hb_api.h>

/* What a client ends with. heartbeat starts it again (respawn), but not after NO_USE. */
enum { HB_CLIENT_OK = 0, HB_CLIENT_LOST = 1, HB_CLIENT_FAULT = 2, HB_CLIENT_NO_USE = 100 };

/*
 * hb_client_life:
 * @name: for the log
 * @hb: (transfer full): not signed on
 * @begin: signs on and sets callbacks; what is not HB_CLIENT_OK ends the life before it has begun
 * @data: for @begin
 *
 * Serves the messages of @hb until SIGTERM, SIGINT or the loss of heartbeat.
 *
 * Returns: the exit code of the program
 */
int hb_client_life(const char *name, ll_cluster_t *hb, int (*begin)(void *data), void *data);

/* hb_client_core_dir: core dumps go where heartbeat has them. @hb is signed on. */
void hb_client_core_dir(ll_cluster_t *hb);

/* hb_client_msg: a message of @type (transfer full). */
struct ha_msg *hb_client_msg(const char *type);
