/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * api_parts.h - what the files api_*.c share. For these alone.
 */
#ifndef HB_NODE_API_PARTS_H
#define HB_NODE_API_PARTS_H

#include "node/api.h"
#include "node/api_order.h"
#include "node/rate.h"
#include "wire/apimsg.h"

#define HB_API_SITE_MAX 99

typedef struct {
	char *id;
	GArray *uids;           /* uid_t */
	GArray *gids;           /* gid_t */
} HbApiAuth;

struct HbApiClient {
	HbIpc *ipc;
	HbIpcPeer peer;
	gpointer owner;
	gint64 since_ms;
	gboolean is_signed_on;
	gboolean is_named;
	gboolean has_joined;    /* the others were told */
	gboolean is_gone;
	char id[HB_API_ID_MAX + 1];     /* its name, or its number as text; "" before sign-on */
	guint64 generation;     /* client_gen */
	guint32 mask;           /* HbTreatment bits it wants */
	int sig;                /* sent after each message; 0: none */
};

/* Known to the API alone: hb_setweight, hb_setsite. */
typedef struct {
	guint weight;
	char site[HB_API_SITE_MAX + 1];
} HbApiNode;

struct HbApi {
	const HbConfig *config;
	const HbApiHooks *hooks;
	gpointer data;
	GPtrArray *clients;     /* HbApiClient *, oldest first; gone ones stay until the end of the turn */
	guint32 masks;          /* of all clients together */
	GArray *auth;           /* HbApiAuth */
	GHashTable *accounts;   /* name with "u" or "g" before it -> its number; names are looked up once */
	HbApiNode node[HB_NODES_MAX + HB_PING_NODES_MAX];       /* nodes, then ping nodes */
	HbApiOrder *order;
	GQueue out;             /* HbMsg *: for the cluster */
	gboolean in_turn;
	guint64 next_generation;
	HbApiCounts counts;
	HbRate refused_rate, bad_rate, dropped_rate;
	HbView view;            /* of the request in work */
};

/* ---- api_clients.c ---- */

/* Takes the client out for @reason, which its namesakes elsewhere read. */
void hb_api_remove(HbApi *api, HbApiClient *client, const char *reason);
HbApiClient *hb_api_find_id(const HbApi *api, const char *id);
void hb_api_count_masks(HbApi *api);
/* One message to one client; a client that cannot take it is taken out. */
void hb_api_send(HbApi *api, HbApiClient *client, const HbMsg *msg);
void hb_api_send_bytes(HbApi *api, HbApiClient *client, const void *payload, gsize len);
/* A line about clients that do what they should not, at most one a minute. */
void hb_api_say_bad(HbApi *api, const HbApiClient *client, const char *what);

/* ---- api_auth.c ---- */

void hb_api_auth_load(HbApi *api);
void hb_api_auth_free(HbApi *api);
/* NULL: granted; else the reason (doc/client-api.md 2.2). */
const char *hb_api_auth_refuses(const HbApi *api, const char *id, gboolean is_named, uid_t uid, gid_t gid);

/* ---- api_signon.c ---- */

void hb_api_signon(HbApi *api, HbApiClient *client, const HbMsg *request);

/* ---- api_requests.c ---- */

typedef enum {
	HB_API_DONE,            /* the reply is complete but for its result */
	HB_API_BAD,             /* badreq, with .info */
	HB_API_SILENT           /* no reply */
} HbApiAnswer;

typedef struct {
	HbApi *api;
	HbApiClient *client;
	const HbMsg *request;
	const char *reqtype;
	HbMsg *reply;
	const char *info;       /* with BAD; NULL: none */
} HbApiCall;

typedef HbApiAnswer HbApiHandler(HbApiCall *call);

#define X(id, handler, name, text) HbApiHandler hb_api_on_##handler;
#include "wire/apimsg.def"
#undef X

void hb_api_request(HbApi *api, HbApiClient *client, const HbMsg *request);
/* Sends the reply as it is, with more to follow, and begins the next. */
void hb_api_call_more(HbApiCall *call);
static inline HbApiAnswer
hb_api_bad(HbApiCall *call, const char *info)
{
	call->info = info;
	return HB_API_BAD;
}

/* ---- api_query.c ---- */

/* Index of a node, or n_nodes + index of a ping node; -1: neither. */
int hb_api_node_index(const HbApi *api, const char *name);
HbView *hb_api_view(HbApi *api);
const char *hb_api_node_st(const HbApi *api, guint node);       /* of .view */

/* ---- api_send.c ---- */

/* (transfer full) For the cluster, at the end of the turn or of the request. */
void hb_api_queue(HbApi *api, HbMsg *msg);
void hb_api_flush(HbApi *api);
/* What a client says that is no request. */
void hb_api_client_message(HbApi *api, HbApiClient *client, const HbMsg *msg);
void hb_api_tell_join(HbApi *api, const HbApiClient *client);
void hb_api_tell_leave(HbApi *api, HbApiClient *client, const char *reason);
void hb_api_query(HbApi *api, const char *node, const char *id, const char *asker);

/* ---- api_deliver.c ---- */

/* To whom it is meant for, of those who want such messages. */
void hb_api_show(HbApi *api, const HbMsg *msg, HbTreatment treatment);

#endif
