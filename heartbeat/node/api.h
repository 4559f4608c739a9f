/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api.h - what hb-node offers to local clients (doc/client-api.md): who they are, what they ask, what
 * they are shown.
 *
 * Without loop and listening socket, which are api_server.c's: a test plays both ends. A client that misbehaves is
 * taken out; it costs the others nothing. Nothing here steps the core at once: messages for the cluster
 * wait until hb_api_turn(), which is called at the end of each turn of the loop, outside of effects.
 */
#ifndef HB_NODE_API_H
#define HB_NODE_API_H

#include "conf/config.h"
#include "core/effects.h"
#include "core/view.h"
#include "ipc/ipc.h"
#include "wire/msg.h"

typedef struct HbApi HbApi;
typedef struct HbApiClient HbApiClient;

/* How the rest of hb-node is reached; tests have their own. */
typedef struct {
	gint64 (*now_ms)(gpointer data);
	void (*view)(gpointer data, HbView *ret_view);
	/* Gives the message to the core. What is sent comes back by hb_api_sent(). */
	void (*to_cluster)(gpointer data, const HbTyped *msg);
	gboolean (*uuid_of)(gpointer data, const char *node, guint8 ret_uuid[HB_UUID_LEN]);
	const char *(*name_of)(gpointer data, const guint8 uuid[HB_UUID_LEN]);  /* NULL: nobody's */
	gboolean (*process_lives)(gpointer data, pid_t pid);
	void (*signal)(gpointer data, HbApiClient *client, int sig);
	void (*has_output)(gpointer data, HbApiClient *client); /* something waits for its socket */
	void (*gone)(gpointer data, HbApiClient *client);       /* it is freed after this */
} HbApiHooks;

/* @config is borrowed until hb_api_set_config(); @hooks lives for ever. */
HbApi *hb_api_new(const HbConfig *config, const HbApiHooks *hooks, gpointer data);
void hb_api_free(HbApi *api);           /* closes all connections. NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HbApi, hb_api_free)
void hb_api_set_config(HbApi *api, const HbConfig *config);
/* client_gen must not go back when another hb-node goes on with the same generation of the node. */
void hb_api_set_first_generation(HbApi *api, guint64 first);

/* ---- connections ---- */

typedef enum {
	HB_API_TAKEN,
	HB_API_TOO_MANY,        /* of this user, or in all */
	HB_API_REFUSED_N
} HbApiAdmission;

#define HB_API_CLIENTS_MAX         512
#define HB_API_CLIENTS_PER_UID_MAX 256
#define HB_API_SIGNON_MS           5000         /* whoever has not signed on by then is taken for a mistake */

/* May one more connection of @uid be taken? Counts and logs a refusal. */
gboolean hb_api_admits(HbApi *api, uid_t uid);
/* @ipc (transfer full). */
HbApiClient *hb_api_client_new(HbApi *api, HbIpc *ipc, const HbIpcPeer *peer, gpointer owner);
gpointer hb_api_client_owner(const HbApiClient *client);
HbIpc *hb_api_client_ipc(HbApiClient *client);
gboolean hb_api_client_is_gone(const HbApiClient *client);      /* taken out; freed at the end of the turn */
gboolean hb_api_client_is_signed_on(const HbApiClient *client);

guint hb_api_n_clients(const HbApi *api);
HbApiClient *hb_api_client_at(const HbApi *api, guint i);

/* Serves one message at most. FALSE: there is none at hand. */
gboolean hb_api_client_read(HbApi *api, HbApiClient *client);
void hb_api_client_write(HbApi *api, HbApiClient *client);
/* Looks who has died or never signed on; to be called every few seconds. */
void hb_api_audit(HbApi *api);

/* ---- what happens in the cluster ---- */

/* Is anybody there who would be shown something of these treatments? */
gboolean hb_api_wants(const HbApi *api, HbTreatment treatments);
/* The DELIVER effect. */
void hb_api_deliver(HbApi *api, const HbTyped *msg, HbTreatment treatment, guint64 complete);
/* A message of this node that went out: @msg as it looks on the wire. */
void hb_api_sent(HbApi *api, const HbTyped *typed, const HbMsg *msg);
void hb_api_node_dead(HbApi *api, const char *node, gboolean is_ping);
void hb_api_link(HbApi *api, const char *node, const char *link, gboolean up);
/* TRUE: hb_api_sent() with this message would do something. */
gboolean hb_api_wants_sent(const HbApi *api, const HbTyped *typed);

/* End of the turn: messages for the cluster leave, clients that were taken out are freed. */
void hb_api_turn(HbApi *api);

typedef struct {
	guint clients, signed_on;
	guint64 refused, dropped, bad;
} HbApiCounts;
void hb_api_counts(const HbApi *api, HbApiCounts *ret);

#endif
