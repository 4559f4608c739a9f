/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * client.h - the object behind ll_cluster_t, for the files of this folder (include/heartbeat/hb_api.h,
 * doc/client-api.md 2, 5).
 */
#ifndef HB_HBCLIENT_CLIENT_H
#define HB_HBCLIENT_CLIENT_H

#include <glib.h>

#include <hb_api.h>

#include "hbclient/order.h"

#define HB_ANSWER_MAX 128

typedef struct {
	char *name;
	char *type;             /* of nodes */
	char *status;
} HbListed;

typedef struct {
	ll_cluster_t public;
	char *path;
	IPC_Channel *ch;        /* NULL: never connected, or destroyed */
	gboolean is_signed_on;
	gboolean is_guest;
	gboolean send_blocks;
	char id[64];
	char node[HB_ANSWER_MAX];
	long deadtime_ms;
	long keepalive_ms;
	int logfacility;
	char *hbversion;
	char *pacemaker;
	GString *error;

	GQueue kept;            /* of struct ha_msg: came while an answer was waited for */
	HbOrder *order;
	GHashTable *oseq;       /* node or "" (all) -> last number used */
	GHashTable *on_type;    /* type -> HbCallback, of deliver.c */
	llc_nstatus_callback_t on_node;
	void *on_node_data;
	llc_ifstatus_callback_t on_link;
	void *on_link_data;
	llc_cstatus_callback_t on_client;
	void *on_client_data;

	GPtrArray *nodes;       /* of HbListed; NULL: no walk */
	guint node_pos;
	gint64 nodes_us;        /* when they were asked for */
	GPtrArray *links;
	guint link_pos;
	gint64 links_us;
	char *links_of;

	char status[HB_ANSWER_MAX];
	char type[HB_ANSWER_MAX];
	char site[HB_ANSWER_MAX];
	char link_status[HB_ANSWER_MAX];
	char client_status[HB_ANSWER_MAX];
	char resources[HB_ANSWER_MAX];
} HbClient;

HbClient *hb_client_of(ll_cluster_t *hb);
/* Instead of the place the daemon listens at: for tests. */
void hb_client_set_path(ll_cluster_t *hb, const char *path);

void hb_client_forget_error(HbClient *client);
void hb_client_set_error(HbClient *client, const char *text);
/* TRUE, or FALSE with an error. Forgets the last error. */
gboolean hb_client_needs_signon(HbClient *client);

/* request.c: (transfer full) a request of that type, to be added to. */
struct ha_msg *hb_client_request(HbClient *client, const char *reqtype);
/* Sends it (transfer full). HA_OK or HA_FAIL with an error. */
int hb_client_tell(HbClient *client, struct ha_msg *request);
/* Sends it (transfer full) and waits. (transfer full) NULL: refused or broken, with an error. */
struct ha_msg *hb_client_ask(HbClient *client, struct ha_msg *request);
/* The next reply to a request of that type, accepted or not. (transfer full) NULL: broken. */
struct ha_msg *hb_client_next_reply(HbClient *client, const char *reqtype);

/* deliver.c: the next message off the connection. (transfer full) NULL: none (not @blocking), a signal,
 * or the end. */
struct ha_msg *hb_client_receive(HbClient *client, gboolean blocking);
/* Puts it by for the program, in its order (transfer full). */
void hb_client_keep(HbClient *client, struct ha_msg *msg);

/* walk.c */
void hb_client_end_walks(HbClient *client);

/* The operations, one file per subject. */
int hb_op_signon(ll_cluster_t *hb, const char *clientid);
int hb_op_signoff(ll_cluster_t *hb, gboolean destroy);

int hb_op_set_msg_callback(ll_cluster_t *hb, const char *msgtype, llc_msg_callback_t callback, void *data);
int hb_op_set_nstatus_callback(ll_cluster_t *hb, llc_nstatus_callback_t callback, void *data);
int hb_op_set_ifstatus_callback(ll_cluster_t *hb, llc_ifstatus_callback_t callback, void *data);
int hb_op_set_cstatus_callback(ll_cluster_t *hb, llc_cstatus_callback_t callback, void *data);
int hb_op_inputfd(ll_cluster_t *hb);
IPC_Channel *hb_op_ipcchan(ll_cluster_t *hb);
int hb_op_msgready(ll_cluster_t *hb);
int hb_op_rcvmsg(ll_cluster_t *hb, int blocking);
struct ha_msg *hb_op_readmsg(ll_cluster_t *hb, int blocking);

int hb_op_init_nodewalk(ll_cluster_t *hb);
const char *hb_op_nextnode(ll_cluster_t *hb);
int hb_op_end_nodewalk(ll_cluster_t *hb);
int hb_op_init_ifwalk(ll_cluster_t *hb, const char *node);
const char *hb_op_nextif(ll_cluster_t *hb);
int hb_op_end_ifwalk(ll_cluster_t *hb);
const char *hb_op_node_status(ll_cluster_t *hb, const char *node);
const char *hb_op_node_type(ll_cluster_t *hb, const char *node);
const char *hb_op_if_status(ll_cluster_t *hb, const char *node, const char *interface);

int hb_op_node_weight(ll_cluster_t *hb, const char *node);
const char *hb_op_node_site(ll_cluster_t *hb, const char *node);
int hb_op_num_nodes(ll_cluster_t *hb);
const char *hb_op_client_status(ll_cluster_t *hb, const char *node, const char *clientid, int timeout);
int hb_op_get_uuid_by_name(ll_cluster_t *hb, const char *nodename, cl_uuid_t *uuid);
int hb_op_get_name_by_uuid(ll_cluster_t *hb, cl_uuid_t *uuid, char *nodename, size_t len);
char *hb_op_get_parameter(ll_cluster_t *hb, const char *paramname);
const char *hb_op_get_resources(ll_cluster_t *hb);
int hb_op_setmsgsignal(ll_cluster_t *hb, int signo);
int hb_op_setfmode(ll_cluster_t *hb, unsigned mode);
int hb_op_set_sendq_len(ll_cluster_t *hb, int len);

int hb_op_sendclustermsg(ll_cluster_t *hb, struct ha_msg *msg);
int hb_op_sendnodemsg(ll_cluster_t *hb, struct ha_msg *msg, const char *nodename);
int hb_op_sendnodemsg_byuuid(ll_cluster_t *hb, struct ha_msg *msg, cl_uuid_t *uuid);
int hb_op_send_ordered_clustermsg(ll_cluster_t *hb, struct ha_msg *msg);
int hb_op_send_ordered_nodemsg(ll_cluster_t *hb, struct ha_msg *msg, const char *nodename);

#endif
