/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * respawn.h - programs that run while heartbeat runs: respawn and failfast lines (doc/client-api.md 7).
 *
 * Each leads a session and process group of its own, as its user with all groups of that user. One that ends is
 * started again, unless it ends with 100, or too often too soon. They never outlive root: what an unclean end of root
 * leaves is ended by the next one before it starts its own.
 */
#ifndef HB_EXEC_RESPAWN_H
#define HB_EXEC_RESPAWN_H

#include "conf/config.h"
#include "exec/state.h"

typedef struct HbRespawn HbRespawn;

typedef void HbRespawnStopped(gpointer data);

/* @state: where running ones are noted; NULL: nowhere. */
HbRespawn *hb_respawn_new(const char *cwd, HbState *state);
void hb_respawn_free(HbRespawn *respawn);       /* kills what runs. NULL is allowed */

/* Starts all, in the order of ha.cf. What has been started once is not started by another call. @env is copied. */
void hb_respawn_start(HbRespawn *respawn, const HbConfig *config, char **env);

/* Another configuration is in force: what is new in it is started, if the others were. */
void hb_respawn_reload(HbRespawn *respawn, const HbConfig *config, char **env);

/* Stops them, the last first, each after the end of the one before. @stopped is called once, not from within this call;
 * a second call is ignored. One that does not end for @limit_ms is killed. */
void hb_respawn_stop(HbRespawn *respawn, guint limit_ms, HbRespawnStopped *stopped, gpointer data);

/* When @stopped has been called: starts again what was stopped so, and what is new in @config. */
void hb_respawn_go_on(HbRespawn *respawn, const HbConfig *config, char **env);

#endif
