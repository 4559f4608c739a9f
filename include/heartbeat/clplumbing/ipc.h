/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ipc.h - messages over local sockets, as programs written for heartbeat 3.0.6 use them.
 *
 * The structs are laid out as there, since programs look into them. Flow control callbacks are kept
 * but never called: a full queue shows in the result of send().
 */
#ifndef HB_IPC_PUBLIC_H
#define HB_IPC_PUBLIC_H

#include <sys/types.h>
#include <time.h>

#include <glib.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Results. */
#define IPC_OK      0
#define IPC_FAIL    1
#define IPC_BROKEN  2   /* the other end is gone */
#define IPC_INTR    3   /* a signal came */
#define IPC_TIMEOUT 4

/* ch_status. */
#define IPC_CONNECT      1
#define IPC_WAIT         2      /* a listening end */
#define IPC_DISCONNECT   3
#define IPC_DISC_PENDING 4      /* the other end is gone; what it sent can still be read */

/* conntype. */
#define IPC_SERVER 1
#define IPC_CLIENT 2
#define IPC_PEER   3

#define IPC_DOMAIN_SOCKET "uds"
#define IPC_UDS_CRED      "uds_c"
#define IPC_ANYTYPE       IPC_UDS_CRED
#define IPC_PATH_ATTR     "path"        /* attribute: where the socket is */
#define IPC_MODE_ATTR     "sockmode"    /* attribute: its mode, octal text */

#define MAXMSG     (256 * 1024)
#define MAX_MSGPAD 128

typedef struct IPC_WAIT_CONNECTION IPC_WaitConnection;
typedef struct IPC_CHANNEL IPC_Channel;
typedef struct IPC_MESSAGE IPC_Message;
typedef struct IPC_QUEUE IPC_Queue;
typedef struct IPC_AUTH IPC_Auth;
typedef struct IPC_OPS IPC_Ops;
typedef struct IPC_WAIT_OPS IPC_WaitOps;

typedef void (*flow_callback_t)(IPC_Channel *ch, void *userdata);

struct IPC_WAIT_CONNECTION {
	int ch_status;
	void *ch_private;
	IPC_WaitOps *ops;
};

struct IPC_CHANNEL {
	int ch_status;
	int refcount;
	pid_t farside_pid;
	void *ch_private;
	IPC_Ops *ops;
	unsigned int msgpad;
	unsigned int bytes_remaining;
	gboolean should_send_block;     /* a full queue: send() waits */
	gboolean should_block_fail;     /* else a full queue: send() returns IPC_FAIL */
	IPC_Queue *send_queue;
	IPC_Queue *recv_queue;
	struct ipc_bufpool *pool;       /* not used */
	int high_flow_mark;
	int low_flow_mark;
	void *high_flow_userdata;
	void *low_flow_userdata;
	flow_callback_t high_flow_callback;
	flow_callback_t low_flow_callback;
	int conntype;
	char failreason[128];
	uid_t farside_uid;
	gid_t farside_gid;
};

struct IPC_QUEUE {
	size_t current_qlen;
	size_t max_qlen;
	GList *queue;
	time_t last_maxqlen_warn;       /* not used */
	size_t maxqlen_cnt;             /* not used */
};

struct IPC_AUTH {
	GHashTable *uid;        /* keys: GUINT_TO_POINTER(uid); NULL: none */
	GHashTable *gid;
};

struct IPC_MESSAGE {
	unsigned long msg_len;
	void *msg_buf;          /* what msg_done() frees */
	void *msg_body;         /* msg_len octets */
	void (*msg_done)(IPC_Message *msg);
	void *msg_private;
	IPC_Channel *msg_ch;
};

struct IPC_WAIT_OPS {
	/* Closes and frees it. */
	void (*destroy)(IPC_WaitConnection *wait_conn);
	int (*get_select_fd)(IPC_WaitConnection *wait_conn);
	/* The next connection, NULL if there is none or @auth (NULL: everybody may) does not let it in. */
	IPC_Channel *(*accept_connection)(IPC_WaitConnection *wait_conn, IPC_Auth *auth);
};

struct IPC_OPS {
	/* Closes and frees it. */
	void (*destroy)(IPC_Channel *ch);
	/* Connects to the path it was made for. IPC_OK or IPC_FAIL. */
	int (*initiate_connection)(IPC_Channel *ch);
	/* Is the other end one of @info? IPC_OK, IPC_FAIL, IPC_BROKEN. */
	int (*verify_auth)(IPC_Channel *ch, IPC_Auth *info);
	/* Nothing is to be asserted with local sockets: IPC_OK. */
	int (*assert_auth)(IPC_Channel *ch, GHashTable *auth);
	/* IPC_OK: @msg is taken, msg_done() is called when it may go. IPC_FAIL: queue full; IPC_BROKEN. */
	int (*send)(IPC_Channel *ch, IPC_Message *msg);
	/* IPC_OK: the caller ends the life of *@msg with its msg_done(). IPC_FAIL: none now; IPC_BROKEN. */
	int (*recv)(IPC_Channel *ch, IPC_Message **msg);
	/* Until a message can be received. IPC_OK, IPC_INTR, IPC_BROKEN. */
	int (*waitin)(IPC_Channel *ch);
	/* Until all that was sent has left the queue. IPC_OK, IPC_INTR, IPC_BROKEN. */
	int (*waitout)(IPC_Channel *ch);
	/* A message or the end of the connection waits. */
	gboolean (*is_message_pending)(IPC_Channel *ch);
	gboolean (*is_sending_blocked)(IPC_Channel *ch);
	/* Moves what can be moved. IPC_OK or IPC_BROKEN. */
	int (*resume_io)(IPC_Channel *ch);
	/* -1 when not connected. */
	int (*get_send_select_fd)(IPC_Channel *ch);
	int (*get_recv_select_fd)(IPC_Channel *ch);
	/* How many messages may wait to go; 0 is taken as 1. The receiving side reads on demand. IPC_OK. */
	int (*set_send_qlen)(IPC_Channel *ch, int q_len);
	int (*set_recv_qlen)(IPC_Channel *ch, int q_len);
	void (*set_high_flow_callback)(IPC_Channel *ch, flow_callback_t callback, void *user_data);
	void (*set_low_flow_callback)(IPC_Channel *ch, flow_callback_t callback, void *user_data);
	/* A message with a copy of @data. */
	IPC_Message *(*new_ipcmsg)(IPC_Channel *ch, const void *data, int len, void *private_data);
	/* ch_status, after a look at the connection. */
	int (*get_chan_status)(IPC_Channel *ch);
	gboolean (*is_sendq_full)(IPC_Channel *ch);
	gboolean (*is_recvq_full)(IPC_Channel *ch);
	int (*get_conntype)(IPC_Channel *ch);
	/* Closes it and keeps the object. IPC_OK. */
	int (*disconnect)(IPC_Channel *ch);
};

/* A listening socket (IPC_DOMAIN_SOCKET; attributes IPC_PATH_ATTR, IPC_MODE_ATTR). NULL with errno. */
IPC_WaitConnection *ipc_wait_conn_constructor(const char *ch_type, GHashTable *ch_attrs);
/* A channel that is not connected yet (attribute IPC_PATH_ATTR). NULL: unknown type or no path. */
IPC_Channel *ipc_channel_constructor(const char *ch_type, GHashTable *ch_attrs);
/* Two ends of one connection. IPC_OK or IPC_FAIL. */
int ipc_channel_pair(IPC_Channel *channels[2]);

/* Who may connect. The caller frees it with ipc_destroy_auth(). */
IPC_Auth *ipc_set_auth(uid_t *a_uid, gid_t *a_gid, int num_uid, int num_gid);
/* From comma-separated numbers or names. NULL: one of them is not known. */
IPC_Auth *ipc_str_to_auth(const char *uidlist, int uidlen, const char *gidlist, int gidlen);
void ipc_destroy_auth(IPC_Auth *auth);

/* Accepted and ignored. */
void set_ipc_time_debug_flag(gboolean flag);

#ifdef __cplusplus
}
#endif

#endif
