/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ipc.h - messages over local stream sockets, both ends (doc/client-api.md 1.2, 1.4).
 *
 * A frame is a header of eight octets, length and magic in host byte order, and the payload, of which
 * nothing is known here. Nothing blocks but hb_ipc_wait(), and hb_ipc_connect() while the other end is
 * crowded. Neither end trusts the other: a header that cannot be one ends the connection, and what a
 * reader that never reads costs is bounded.
 */
#ifndef HB_IPC_IPC_H
#define HB_IPC_IPC_H

#include <sys/types.h>

#include <glib.h>

#define HB_IPC_MAGIC       0xabcdu
#define HB_IPC_HEADER_LEN  8
#define HB_IPC_PAYLOAD_MAX 262144
#define HB_IPC_QUEUE_MAX   64           /* messages that wait for the other end, when nobody says another number */
#define HB_IPC_QUEUE_LEN_MAX (8 * 1024 * 1024) /* and what they may take together, in octets */

typedef enum {
	HB_IPC_OK,
	HB_IPC_AGAIN,           /* nothing more now; for hb_ipc_wait(): not in time */
	HB_IPC_CLOSED,          /* the other end has closed, or the connection broke (errno is set) */
	HB_IPC_BAD_MAGIC,       /* not a header: the connection is of no use any more */
	HB_IPC_BAD_LENGTH,      /* negative or over HB_IPC_PAYLOAD_MAX: the same */
	HB_IPC_FULL,            /* sending: the queue is full, nothing was taken */
	HB_IPC_TOO_LONG         /* sending: over HB_IPC_PAYLOAD_MAX, nothing was taken */
} HbIpcVerdict;

/* Who is at the other end, as the kernel noted when it connected. */
typedef struct {
	pid_t pid;
	uid_t uid;
	gid_t gid;              /* effective group; supplementary ones are not known */
} HbIpcPeer;

typedef struct HbIpc HbIpc;

/* Both return a close-on-exec, non-blocking descriptor (transfer full), or -1 with errno. EAGAIN from
 * hb_ipc_connect(): it is there, and has not answered for five seconds. */
int hb_ipc_connect(const char *path);
int hb_ipc_accept(int listen_fd);

/* A listening socket at @path, in the place of what was there. Not safe in a directory that others can
 * write to. -1 with errno. */
int hb_ipc_listen(const char *path, mode_t mode, int backlog);

gboolean hb_ipc_peer(int fd, HbIpcPeer *ret_peer);

/* @fd (transfer full): a connected socket, made non-blocking. */
HbIpc *hb_ipc_new(int fd);
void hb_ipc_free(HbIpc *ipc);           /* closes it; what is queued is lost. NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HbIpc, hb_ipc_free)
int hb_ipc_fd(const HbIpc *ipc);        /* for poll(); (transfer none) */

/* The next message (transfer full) in @ret_payload. An empty frame gives an empty payload. Reads from the
 * socket only when no whole message is at hand, and at most once. */
HbIpcVerdict hb_ipc_read(HbIpc *ipc, GBytes **ret_payload);
/* A whole message is at hand, or what it begins with is wrong: hb_ipc_read() answers without the socket. */
gboolean hb_ipc_has_message(const HbIpc *ipc);

/* Queues one message and sends what the socket takes. OK, FULL, TOO_LONG or CLOSED. */
HbIpcVerdict hb_ipc_send(HbIpc *ipc, const void *payload, gsize len);
/* Sends what the socket takes. OK: the queue is empty; AGAIN: it is not; CLOSED. */
HbIpcVerdict hb_ipc_flush(HbIpc *ipc);
guint hb_ipc_n_queued(const HbIpc *ipc);        /* messages not wholly in the socket */
guint hb_ipc_queue_max(const HbIpc *ipc);
void hb_ipc_set_queue_max(HbIpc *ipc, guint n); /* n > 0 */

/* Blocks until there is something to read (or, with @for_send, until the queue has room for one more), for
 * @limit_ms at most, for ever if that is negative. Sends what is queued meanwhile. OK, AGAIN or CLOSED; what
 * was sent before a close can still be read. */
HbIpcVerdict hb_ipc_wait(HbIpc *ipc, gboolean for_send, int limit_ms);

#endif
