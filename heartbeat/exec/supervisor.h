/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * supervisor.h - what supervise.c, alive.c, requests.c, reload.c, again.c, last_stop.c and fencing.c share. For these files only.
 */
#ifndef HB_EXEC_SUPERVISOR_H
#define HB_EXEC_SUPERVISOR_H

#include "exec/api_door.h"
#include "exec/exec.h"
#include "exec/node_link.h"
#include "exec/respawn.h"
#include "exec/runner.h"

#define HB_DEATHS_MAX 3                 /* of hb-node within a minute: one more, and the groups are stopped */

typedef enum {
	HB_PHASE_STARTING,              /* hb-node is not READY yet */
	HB_PHASE_RUNNING,
	HB_PHASE_LAST_STOP,             /* without hb-node: root stops the groups itself */
	HB_PHASE_ENDING                 /* hb-node said EXIT or FAILED */
} HbPhase;

/* Numbers of root's own jobs; hb-node's are smaller. */
#define HB_OP_OURS      0x80000000u
#define HB_OP_CHECK     (HB_OP_OURS + 0x10000u)         /* check of the files before a reload */
#define HB_OP_FENCE_STATUS (HB_OP_OURS + 0x10001u)     /* does the fencing device work? */

typedef struct {
	HbExec *ex;
	GMainLoop *loop;
	HbNodeLink *link;               /* NULL: none at the moment */
	HbRunner *runner;
	HbApiDoor *door;
	HbRespawn *respawn;
	char **env;                     /* for scripts, from the configuration in force */
	HbPhase phase;
	int code;                       /* exit code, once ENDING */
	gboolean was_ready;             /* some hb-node was READY */
	gboolean greeted;               /* this hb-node has its WELCOME */
	gboolean shutdown;              /* SIGTERM came */
	gboolean clients_stopped;
	gboolean farewell;              /* hb-node waits until they are */

	guint n_messages;               /* of hb-node since the last tick */
	guint32 ping_n;                 /* the last PING */
	gint64 ping_ms;                 /* when it was sent */
	gint64 asked_ms;                /* since when its answer is awaited; 0: it is there */
	gint64 look_ms;                 /* when root meant to look after hb-node next */
	gint64 alive_ms;                /* last sign of life of hb-node */
	gint64 spawned_ms;
	gint64 death_ms[HB_DEATHS_MAX]; /* the latest ones, in no order */
	guint32 op_max;                 /* highest operation number of this hb-node */
	guint32 group_op[HB_GROUPS_MAX];        /* operation that runs for a group of ->config, 0: none */

	guint32 fence_op[HB_NODES_MAX]; /* fencing that runs for a node of ->config, 0: none */
	guint fence_watch;              /* timer of the next question to the device */

	/* A reload is in the channel: until hb-node has answered it, its requests speak of the old one. */
	gboolean checking;              /* the files are being judged by a child */
	gboolean reload_again;          /* asked for when it could not begin */
	HbBundle *new_bundle;
	HbConfig *new_config;           /* NULL: no reload in the channel */
	GBytes *again;                  /* all files with another ha.cf, to be put in force by the next root process; NULL: none */
	gboolean again_begun;           /* waits for a quiet moment, or for the end of the clients */
	guint again_say;                /* timer: says what is waited for */
	gint64 hacf_s;                  /* when ha.cf had been written, as it was read last */

	/* fifo_watch.c */
	gboolean fifo_is_new;           /* it was made again, and hb-node has the old one */
	guint fifo_retry;               /* timer: it could not be made */

	/* nodes.c, node_files.c */
	gboolean nodes_change;          /* the reload in the channel is one of the list of nodes */
	GQueue node_changes;            /* HbChannelMsg *: waiting for the reload in the channel */
	pid_t shot_writer;              /* child that writes down that a node was fenced; 0: none */
	pid_t writer;                   /* child that writes the lists; 0: none */
	gboolean write_again;
	gint64 said_removed_ms;

	/* last_stop.c: what is left to stop of each group */
	guint n_stopping;
	struct {
		gboolean active;
		guint resource;
		guint tries;
	} last[HB_GROUPS_MAX];
	gboolean did_last_stop, last_failed;
} HbSupervisor;

/* supervise.c */
void hb_supervisor_end(HbSupervisor *sup, int code, const char *text);
void hb_supervisor_set_config(HbSupervisor *sup, HbBundle *bundle, HbConfig *config);   /* (transfer full) */

/* alive.c */
void hb_alive_begin(HbSupervisor *sup);
void hb_alive_ready(HbSupervisor *sup, gint64 now_ms);          /* READY came: from now on hb-node is judged */
void hb_alive_answered(HbSupervisor *sup, guint32 n);           /* ALIVE came */

/* requests.c */
void hb_requests_take(const HbChannelMsg *msg, const int *fds, guint n_fds, HbSupervisor *sup);
void hb_requests_let_go(HbSupervisor *sup);                     /* the clients are stopped */
void hb_requests_done(HbSupervisor *sup, guint32 op, HbChildResult result, guint took_ms);

/* reload.c */
void hb_reload_debug(HbSupervisor *sup);                        /* the debug level, in both processes */
void hb_reload_begin(HbSupervisor *sup);                        /* SIGHUP */
gboolean hb_reload_is_touched(HbSupervisor *sup);               /* ha.cf was written since this was asked last */
void hb_reload_next(HbSupervisor *sup);                         /* one that had to wait */
void hb_reload_checked(HbSupervisor *sup, HbChildResult result);        /* HB_OP_CHECK has ended */
void hb_reload_answered(HbSupervisor *sup, gboolean taken, const char *why_not);
void hb_reload_node_gone(HbSupervisor *sup);                    /* without an answer: nothing has changed */

/* again.c */
gboolean hb_again_is_possible(const HbSupervisor *sup);
void hb_again_begin(HbSupervisor *sup);                         /* puts ->again in force, if there is one, at a quiet moment */

/* last_stop.c */
void hb_last_stop_begin(HbSupervisor *sup);
void hb_last_stop_done(HbSupervisor *sup, guint32 op, HbChildResult result);

#endif
