/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hb_api.h - programs on a node talk with heartbeat and, through it, with their like on other nodes.
 *
 *	ll_cluster_t *hb = ll_cluster_new("heartbeat");
 *	if (hb->llc_ops->signon(hb, "myprogram") != HA_OK)
 *		complain(hb->llc_ops->errmsg(hb));
 *
 * Single-threaded. "Returns HA_OK" means: HA_OK or HA_FAIL, and after HA_FAIL errmsg() may say why.
 * Functions that return a string return NULL on failure; the string is the library's and stays as it
 * is until the next call of the same function, unless said otherwise. All but the callback setters,
 * signon, signoff, delete, chan_is_connected and errmsg fail while not signed on.
 * Queries wait for their answer; cluster messages that come meanwhile are kept for rcvmsg and readmsg.
 * Callbacks run inside rcvmsg and readmsg only.
 */
#ifndef HB_API_H
#define HB_API_H

#include <glib.h>

#include <ha_msg.h>
#include <clplumbing/cl_uuid.h>
#include <clplumbing/ipc.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LLC_PROTOCOL_VERSION 2

/* What setfmode() takes: which messages are handed on. */
#define LLC_FILTER_DEFAULT 0    /* those meant for this client, and changes of status */
#define LLC_FILTER_PMODE   1    /* also what was received for others and what came twice; needs rights */
#define LLC_FILTER_ALLHB   2    /* also each heartbeat; needs rights */
#define LLC_FILTER_RAW     3    /* also what clients send and the protocol's own; needs rights */

/* Names for get_parameter(). */
#define KEY_HBVERSION              "hbversion"
#define KEY_HOST                   "node"
#define KEY_CLUSTER                "cluster"
#define KEY_HOPS                   "hopfudge"
#define KEY_KEEPALIVE              "keepalive"
#define KEY_DEADTIME               "deadtime"
#define KEY_DEADPING               "deadping"
#define KEY_INITDEAD               "initdead"
#define KEY_WARNTIME               "warntime"
#define KEY_WATCHDOG               "watchdog"
#define KEY_BAUDRATE               "baud"
#define KEY_UDPPORT                "udpport"
#define KEY_FACILITY               "logfacility"
#define KEY_LOGFILE                "logfile"
#define KEY_DBGFILE                "debugfile"
#define KEY_FAILBACK               "nice_failback"
#define KEY_AUTOFAIL               "auto_failback"
#define KEY_STONITH                "stonith"
#define KEY_STONITHHOST            "stonith_host"
#define KEY_CLIENT_CHILD           "respawn"
#define KEY_FAILFAST               "failfast"
#define KEY_COMPRESSION            "compression"
#define KEY_COMPRESSION_THRESHOLD  "compression_threshold"
#define KEY_TRADITIONAL_COMPRESSION "traditional_compression"
#define KEY_RT_PRIO                "rtprio"
#define KEY_GEN_METH               "hbgenmethod"
#define KEY_REALTIME               "realtime"
#define KEY_DEBUGLEVEL             "debug"
#define KEY_NORMALPOLL             "normalpoll"
#define KEY_APIPERM                "apiauth"
#define KEY_MSGFMT                 "msgfmt"
#define KEY_LOGDAEMON              "use_logd"
#define KEY_CONNINTVAL             "conn_logd_time"
#define KEY_BADPACK                "log_badpack"
#define KEY_REGAPPHBD              "use_apphbd"
#define KEY_COREDUMP               "coredumps"
#define KEY_COREROOTDIR            "coreroot"
#define KEY_REL2                   "crm"
#define KEY_PACEMAKER              "pacemaker"
#define KEY_CRM_DAEMON_DIR         "crm_daemon_dir"
#define KEY_AUTOJOIN               "autojoin"
#define KEY_UUIDFROM               "uuidfrom"
#define KEY_ENV                    "env"
#define KEY_MAX_REXMIT_DELAY       "max_rexmit_delay"
#define KEY_LOG_CONFIG_CHANGES     "record_config_changes"
#define KEY_LOG_PENGINE_INPUTS     "record_pengine_inputs"
#define KEY_CONFIG_WRITES_ENABLED  "enable_config_writes"
#define KEY_MEMRESERVE             "memreserve"
#define KEY_QSERVER                "quorum_server"
#define KEY_SYSLOGFMT              "syslogmsgfmt"

typedef void (*llc_msg_callback_t)(struct ha_msg *msg, void *private_data);
typedef void (*llc_nstatus_callback_t)(const char *node, const char *status, void *private_data);
typedef void (*llc_ifstatus_callback_t)(const char *node, const char *interface, const char *status,
                                        void *private_data);
typedef void (*llc_cstatus_callback_t)(const char *node, const char *client, const char *status,
                                       void *private_data);

struct llc_ops;

typedef struct ll_cluster {
	void *ll_cluster_private;       /* of the library */
	struct llc_ops *llc_ops;
} ll_cluster_t;

struct llc_ops {
	/* Connects and registers as @clientid; NULL: as a guest, who may ask but not send. Signed on already:
	 * signs off first. A name is used by one program per node; who may use it says "apiauth" in ha.cf.
	 * After a refusal get_deadtime() is not 0: heartbeat runs, but not for us. Returns HA_OK. */
	int (*signon)(ll_cluster_t *hb, const char *clientid);
	/* Says good-bye and closes the connection; not being signed on is no failure. Returns HA_OK. */
	int (*signoff)(ll_cluster_t *hb, gboolean destroy);
	/* Signs off and frees @hb and all it holds. Returns HA_OK. */
	int (*delete)(ll_cluster_t *hb);

	/* @callback gets the messages of that type; NULL: nobody does any more. Returns HA_OK. */
	int (*set_msg_callback)(ll_cluster_t *hb, const char *msgtype, llc_msg_callback_t callback, void *data);
	/* @callback is told when a node (also a ping node) changes its status. Returns HA_OK. */
	int (*set_nstatus_callback)(ll_cluster_t *hb, llc_nstatus_callback_t callback, void *data);
	/* @callback is told when a link to a node changes its status. Returns HA_OK. */
	int (*set_ifstatus_callback)(ll_cluster_t *hb, llc_ifstatus_callback_t callback, void *data);
	/* @callback is told of clients of our name: "join", "leave", and answers to client_status() with
	 * node NULL: "online", "offline". Needs to be signed on. Returns HA_OK. */
	int (*set_cstatus_callback)(ll_cluster_t *hb, llc_cstatus_callback_t callback, void *data);

	/* Fetches the list of nodes; then nextnode() gives their names, one a call, NULL at the end, and
	 * end_nodewalk() forgets them. The names stay valid until then. Return HA_OK; a name. */
	int (*init_nodewalk)(ll_cluster_t *hb);
	const char *(*nextnode)(ll_cluster_t *hb);
	int (*end_nodewalk)(ll_cluster_t *hb);

	/* "init", "up", "active", "dead"; of ping nodes "ping" or "dead". */
	const char *(*node_status)(ll_cluster_t *hb, const char *node);
	/* Its weight, -1 on failure. */
	int (*node_weight)(ll_cluster_t *hb, const char *node);
	const char *(*node_site)(ll_cluster_t *hb, const char *node);
	/* "normal", "ping" or "unknown". */
	const char *(*node_type)(ll_cluster_t *hb, const char *node);
	/* How many normal nodes there are, -1 on failure. */
	int (*num_nodes)(ll_cluster_t *hb);

	/* The same for the links of a node. A ping node has one, of its own name. */
	int (*init_ifwalk)(ll_cluster_t *hb, const char *node);
	const char *(*nextif)(ll_cluster_t *hb);
	int (*end_ifwalk)(ll_cluster_t *hb);
	/* "up" or "dead". */
	const char *(*if_status)(ll_cluster_t *hb, const char *node, const char *interface);

	/* Is @clientid (NULL: we) signed on at @node? "online" or "offline", or NULL when no answer came
	 * within @timeout ms (-1: wait for ever) or the node is not known. @node NULL: asks all nodes,
	 * returns NULL at once, and the answers go to the cstatus callback. */
	const char *(*client_status)(ll_cluster_t *hb, const char *node, const char *clientid, int timeout);

	/* Both return HA_OK. @nodename gets at most @len octets with the NUL. */
	int (*get_uuid_by_name)(ll_cluster_t *hb, const char *nodename, cl_uuid_t *uuid);
	int (*get_name_by_uuid)(ll_cluster_t *hb, cl_uuid_t *uuid, char *nodename, size_t len);

	/* To the clients of our name on all nodes (the sender, too), on one node. @msg needs a field F_TYPE
	 * that is none of heartbeat's own; it stays the caller's. Guests may not. Return HA_OK. */
	int (*sendclustermsg)(ll_cluster_t *hb, struct ha_msg *msg);
	int (*sendnodemsg)(ll_cluster_t *hb, struct ha_msg *msg, const char *nodename);
	int (*sendnodemsg_byuuid)(ll_cluster_t *hb, struct ha_msg *msg, cl_uuid_t *uuid);
	/* The same; the ordered messages of a client are delivered in the order in which it sent them. */
	int (*send_ordered_clustermsg)(ll_cluster_t *hb, struct ha_msg *msg);
	int (*send_ordered_nodemsg)(ll_cluster_t *hb, struct ha_msg *msg, const char *nodename);

	/* Descriptor for poll(), -1 on failure. Ask msgready() before waiting: messages may be kept already. */
	int (*inputfd)(ll_cluster_t *hb);
	/* The connection (the library's), for G_main_add_IPC_Channel(); NULL on failure. */
	IPC_Channel *(*ipcchan)(ll_cluster_t *hb);
	/* 1: a message, or the end of the connection, waits. 0 otherwise. */
	int (*msgready)(ll_cluster_t *hb);
	/* heartbeat sends us @signo with each message; 0: none. Returns HA_OK. */
	int (*setmsgsignal)(ll_cluster_t *hb, int signo);
	/* Runs callbacks for what has come. 1: a message came that no callback wanted (it is dropped);
	 * 0: nothing is left (@blocking 0), a signal came or the connection ended (@blocking 1). */
	int (*rcvmsg)(ll_cluster_t *hb, int blocking);
	/* The same, but returns that message; the caller frees it with ha_msg_del(). */
	struct ha_msg *(*readmsg)(ll_cluster_t *hb, int blocking);
	/* One of LLC_FILTER_... . Returns HA_OK. */
	int (*setfmode)(ll_cluster_t *hb, unsigned mode);

	/* The value in ha.cf or the default; NULL also when there is none. The caller frees it with free(). */
	char *(*get_parameter)(ll_cluster_t *hb, const char *paramname);
	/* In ms; -1 before the first signon. */
	long (*get_deadtime)(ll_cluster_t *hb);
	long (*get_keepalive)(ll_cluster_t *hb);
	/* The name of this node. */
	const char *(*get_mynodeid)(ll_cluster_t *hb);
	/* As in <syslog.h>, -1 if heartbeat did not say. */
	int (*get_logfacility)(ll_cluster_t *hb);
	/* "none", "local", "foreign", "all" or "transition". */
	const char *(*get_resources)(ll_cluster_t *hb);

	gboolean (*chan_is_connected)(ll_cluster_t *hb);
	/* How many messages heartbeat keeps for us before it throws us out; > 0. Returns HA_OK. */
	int (*set_sendq_len)(ll_cluster_t *hb, int len);
	/* TRUE (as it begins): sending waits while the queue is full; FALSE: it fails. Returns HA_OK. */
	int (*set_send_block_mode)(ll_cluster_t *hb, gboolean block);
	/* Why the last call failed; "" if it said nothing. */
	const char *(*errmsg)(ll_cluster_t *hb);
};

/* An object that is not signed on; NULL for any type but "heartbeat". The caller frees it with delete(). */
ll_cluster_t *ll_cluster_new(const char *llctype);

typedef struct GLLclusterSource_s GLLclusterSource;

/* Lets the default main context call @dispatch while messages wait. @dispatch returning FALSE ends it:
 * the source calls @notify and deletes @api. */
GLLclusterSource *G_main_add_ll_cluster(int priority, ll_cluster_t *api, gboolean can_recurse,
                                        gboolean (*dispatch)(ll_cluster_t *source_data, gpointer user_data),
                                        gpointer userdata, GDestroyNotify notify);

#ifdef __cplusplus
}
#endif

#endif
