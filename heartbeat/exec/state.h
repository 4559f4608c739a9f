/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - what the next root process must know of this one: which processes are ours.
 *
 * A file in the run directory, root's alone, mapped. Each process is known by pid and start time, so
 * that a number used again is never taken for the old one. A slot is filled by the child itself before it
 * can do anything (spawn.h), so that a root killed at the worst moment leaves nothing unrecorded.
 */
#ifndef HB_EXEC_STATE_H
#define HB_EXEC_STATE_H

#include <sys/types.h>

#include <glib.h>

#define HB_STATE_JOBS_MAX 128
#define HB_STATE_CLIENTS_MAX 64
#define HB_STATE_REVIVALS 4

typedef struct {
	volatile pid_t pid;             /* 0: free */
	guint64 start;                  /* ticks since boot, /proc/PID/stat; 0: not noted yet */
} HbProc;

typedef struct {
	HbProc proc;                    /* leader of the job's process group */
	guint32 group_id;
} HbJobSlot;

typedef struct {
	guint32 magic;
	guint32 boot;                   /* short name of this boot of the machine */
	guint32 farewell;               /* 1: root ends on purpose; the guard ends, too */
	guint32 stopping;               /* 1: root was told to end */
	guint64 generation;
	guint64 last_generation;        /* of this boot; stays when the rest is cleared */
	HbProc root;                    /* once it has written its pid file */
	HbProc node;
	HbProc logger;
	HbProc old_logger;              /* of the root process before this one, if it was still writing */
	gint64 revived_ms[HB_STATE_REVIVALS];   /* latest revivals, in no order */
	HbJobSlot jobs[HB_STATE_JOBS_MAX];
	HbProc clients[HB_STATE_CLIENTS_MAX];   /* leaders of their process groups */
} HbState;

/* (transfer full: never unmapped) @ret_valid: a root before us has written it, on this boot. NULL with @error. */
HbState *hb_state_open(const char *path, gboolean *ret_valid, GError **error);
/* TRUE: root died on this boot, without farewell, and its hb-node still speaks for this machine. Changes nothing. */
gboolean hb_state_is_orphaned(const char *path);
/* The root process that runs and has not said farewell; 0: none that may be seen. Changes nothing. */
pid_t hb_state_root(const char *path);
/* Such a root process was told to end. Changes nothing. */
gboolean hb_state_is_stopping(const char *path);
/* The generation that is running: a start by somebody takes the next one. 0: none that may be seen. */
guint64 hb_state_generation(const char *path);
void hb_state_clear(HbState *state, guint64 generation);

void hb_proc_note(HbProc *proc);                /* .pid is set: add the start time */
gboolean hb_proc_lives(const HbProc *proc);     /* still this very process, and not a zombie */
/* A pidfd (transfer full) of this very process, or -1 when it is gone. */
int hb_proc_open(const HbProc *proc);
/* SIGKILL to the process (@whole_group: and its process group), and waits until it is gone, 5 s at most.
 * FALSE: it is still there. Children of ours are not reaped. */
gboolean hb_proc_kill(const HbProc *proc, gboolean whole_group);

/* TRUE if a job of @group_id was noted. */
gboolean hb_state_is_busy(const HbState *state, guint32 group_id);
HbJobSlot *hb_state_job_new(HbState *state, guint32 group_id);  /* NULL: full */
void hb_state_job_free(HbJobSlot *slot);                        /* NULL is allowed */
HbProc *hb_state_client_new(HbState *state);                    /* NULL: full */

/* Notes a revival. TRUE: too many of them within a minute. */
gboolean hb_state_revived_too_often(HbState *state, gint64 now_ms);

#endif
