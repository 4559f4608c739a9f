/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * channel.h - all that hb-node may ask of root, and all that root tells it.
 *
 * Datagrams on a SOCK_SEQPACKET pair, one fixed-size struct each, host byte order (both ends are
 * one build on one machine). hb_channel_recv() checks length, type, enumerators and that strings end; root then checks
 * each request against its own parse of the configuration (exec/policy.c).
 *
 * hb-node is started with the descriptors below open and nothing else but 0, 1, 2 (/dev/null).
 */
#ifndef HB_CHANNEL_CHANNEL_H
#define HB_CHANNEL_CHANNEL_H

#include <glib.h>

#include "core/effects.h"
#include "util/limits.h"

#define HB_CHANNEL_ABI 4

#define HB_FD_CHANNEL 3         /* this channel */
#define HB_FD_MEMORY  4         /* struct HbMemory, mapped shared */
#define HB_FD_GUARD   5         /* write end: one byte = "root does not answer any more" */

#define HB_RC_VARS_MAX  16
#define HB_RC_VALUE_MAX 127

typedef enum {
	HB_CH_INVALID,
	/* node -> root */
	HB_CH_HELLO,            /* first; root answers with WELCOME */
	HB_CH_READY,            /* media are open and the status socket answers: "start" may return */
	HB_CH_FAILED,           /* cannot run; .text says why; root reports it and ends with .code */
	HB_CH_OPEN,
	HB_CH_RUN,
	HB_CH_CANCEL,
	HB_CH_FENCE,
	HB_CH_NOTIFY_RC,
	HB_CH_NODE,             /* a node comes (then RELOAD follows), goes (the same), or is known by this uuid */
	HB_CH_ALIVE,            /* answer to PING, same n */
	HB_CH_EXIT,             /* all groups are down and said: end with .code */
	HB_CH_ACTIVE,           /* this node is operational: root makes the registration socket and starts the clients */
	HB_CH_FAREWELL,         /* all groups are down and said: stop the clients, then LET_GO */
	HB_CH_SIGNAL,           /* to the process at the other end of the socket that comes along, a client of ours */
	HB_CH_RELOADED,         /* answer to RELOAD: taken, and requests speak of the new configuration from here on; or why not */
	/* root -> node */
	HB_CH_WELCOME,          /* with descriptors: bundle, fifo, status socket, socket to hb-log, then watchdog if flagged */
	HB_CH_FD,               /* answer to OPEN; with a descriptor when err is 0 */
	HB_CH_DONE,             /* answer to RUN */
	HB_CH_FENCED,           /* answer to FENCE */
	HB_CH_RELOAD,           /* with descriptors: a packed bundle */
	HB_CH_DEBUG,            /* the debug level has changed */
	HB_CH_FIFO,             /* the FIFO was made again: here is the new one, as a descriptor */
	HB_CH_LET_GO,           /* answer to FAREWELL: no client of root's is left */
	HB_CH_LISTEN,           /* answer to ACTIVE: the registration socket, as a descriptor */
	HB_CH_SHUTDOWN,         /* give everything up, say good-bye, then EXIT */
	HB_CH_PING,
	HB_CH_N
} HbChannelType;

#define HB_CH_HAS_WATCHDOG 1u

#define HB_CHANNEL_FDS_MAX 8
#define HB_CH_WELCOME_FDS  4    /* and the flagged one */

typedef struct {
	guint32 type;           /* HbChannelType */
	union {
		struct {
			guint32 abi;
			guint8 config_hash[32];
		} hello;
		struct {
			gint32 code;
			char text[512];
		} end;                  /* FAILED, EXIT */
		struct {                /* OPEN; from hb_medium_want */
			guint32 medium; /* index into config->media */
			gint32 kind;
			gint32 family;
			guint16 port;
			guint16 reuse_port;
			guint32 baud;
			char device[64];
			char address[64];
			char path[256];
		} open;
		struct {
			guint32 op;
			guint32 group;
			guint32 resource;
			guint32 verb;   /* HbVerb */
			guint32 limit_ms;
			guint32 epoch;  /* HA_hb4_epoch for hooks */
			guint32 known_free; /* HA_hb4_probed: nobody but a stranger can have the address */
		} run;
		struct {
			guint32 op;
		} cancel;
		struct {
			guint32 op;
			guint32 node;   /* index into config->nodes */
			guint32 action; /* HbFenceAction */
		} fence;
		struct {
			char type[64];  /* name of the script in rc.d */
			char own_status[8]; /* HA_OSTATUS: what this node says of itself */
			guint32 n;
			struct {
				char name[32];
				char value[HB_RC_VALUE_MAX + 1];
			} var[HB_RC_VARS_MAX];
		} rc;
		struct {
			guint32 op;     /* HbNodeOp */
			guint32 has_uuid;
			guint8 uuid[HB_UUID_LEN];
			char name[HB_NODE_NAME_MAX + 1];
		} node;
		struct {
			guint32 n;
		} ping;                 /* PING, ALIVE */
		struct {
			gint32 number;
		} signal;
		struct {
			guint32 abi;
			guint32 flags;
			guint64 generation;
			guint8 uuid[HB_UUID_LEN];
			guint8 config_hash[32];
			guint32 resumed;
			guint32 debug;          /* level in force */
			guint32 n_shots;        /* how often this node has fenced another of late */
			char node_name[HB_NODE_NAME_MAX + 1];
			guint32 n_held;
			struct {
				guint32 group_id;
				guint32 state;          /* HbHeldState */
				guint32 epoch;
				guint32 parked;
			} held[HB_GROUPS_MAX];
		} welcome;
		struct {
			guint32 medium;
			gint32 err;     /* errno, 0: a descriptor comes with it */
			char text[256]; /* for err != 0: "cannot bind UDP port 694 on eth1: ..." */
		} fd;
		struct {
			guint32 op;
			guint32 result; /* HbChildResult */
			guint32 took_ms;
		} done;
		struct {
			guint32 op;
			guint32 verdict; /* HbFenceVerdict */
			guint32 took_ms;
		} fenced;
		struct {
			guint32 level;
		} debug;
		struct {
			guint32 taken;  /* 0: nothing has changed; .text says why */
			char text[256];
		} reloaded;
	} u;
} HbChannelMsg;

/* TRUE: sent. FALSE with errno: EAGAIN the other end does not read, EPIPE it is gone. Never blocks. */
gboolean hb_channel_send(int fd, const HbChannelMsg *msg, const int *fds, guint n_fds);

typedef enum {
	HB_CHANNEL_OK,
	HB_CHANNEL_AGAIN,       /* nothing more now */
	HB_CHANNEL_CLOSED,
	HB_CHANNEL_BROKEN       /* malformed: the other end is not what we think it is */
} HbChannelVerdict;

/* Descriptors received are handed over (close-on-exec); those not asked for are closed. */
HbChannelVerdict hb_channel_recv(int fd, HbChannelMsg *ret_msg, int ret_fds[HB_CHANNEL_FDS_MAX], guint *ret_n_fds);

/*
 * The small memory that outlives hb-node and root, but not the boot: a file in the run directory.
 * hb-node writes; each number is there before it is used. Root and the next hb-node read.
 */
#define HB_MEMORY_MAGIC 0x48423403u

typedef struct {
	guint32 magic;          /* written last when the memory is first filled */
	guint32 n_groups;
	guint64 generation;
	guint64 next_seq;       /* the next number that hb-node may use */
	gint64 turned_ms;       /* when hb-node's loop turned last (monotonic): root looks here, instead of asking */
	struct {
		guint32 group_id;
		guint32 state;  /* HbHeldState */
		guint32 epoch;
		guint32 parked;
	} group[HB_GROUPS_MAX];
	struct {
		guint32 node_id;        /* 0: nothing is said here */
		guint32 fate;   /* HbFate: LEFT or FENCED */
		guint64 generation;
	} gone[HB_NODES_MAX];   /* nodes that are known to be down */
} HbMemory;

#endif
