/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * old306.h - a node that runs heartbeat 3.0.6, as doc/wire-protocol.md 5 to 7 and doc/resource-manager.md 3 and 5
 * describe it: a partner for the core in tests, with that program's habits and faults.
 *
 * Moved by calls only, each with the time; virtual. Two nodes, as its protocol assumes.
 * old306.c: streams, who is alive, start and end. old306_rsc.c: holdings, stand-by, scripts.
 */
#ifndef HB_SIM_OLD306_H
#define HB_SIM_OLD306_H

#include "conf/config.h"
#include "sim/rng.h"
#include "wire/typed.h"

#define OLD306_JOBS_MAX    16
#define OLD306_HISTORY_MAX 64
#define OLD306_MISSING_MAX 64

typedef enum {
	OLD306_INIT,
	OLD306_STARTING,
	OLD306_BOTHSTARTING,
	OLD306_RSCRCVD,
	OLD306_STABLE,
	OLD306_SHUTDOWN
} Old306State;

typedef enum {
	OLD306_NOT,
	OLD306_ME,
	OLD306_OTHER,
	OLD306_DONE
} Old306Standby;

/* A child process with the list of groups it works on. */
typedef enum {
	OLD306_JOB_OUR,         /* req_our_resources() */
	OLD306_JOB_MACH_DOWN,
	OLD306_JOB_GIVE,
	OLD306_JOB_TAKE,
	OLD306_JOB_SHUTDOWN,
	OLD306_JOB_IP_GIVE,
	OLD306_JOB_IP_TAKE
} Old306JobKind;

typedef struct {
	Old306JobKind kind;
	gboolean begun;
	guint n, at;
	guint group[HB_GROUPS_MAX];
	gboolean works;         /* a script of group[at] runs */
	gboolean owned;         /* it was up before the job came */
	gint64 ends_ms;
} Old306Job;

typedef void Old306Send(void *user, const HbTyped *msg);

typedef struct {
	const HbConfig *config;
	guint other;            /* index of the one other node */
	gint64 script_max_ms;
	SimRng rng;
	Old306Send *send;
	void *user;
	gint64 now_ms;

	/* the process */
	gboolean runs;
	guint64 generation;
	guint64 seq;
	gint64 born_ms, next_status_ms, next_poll_ms;
	gint64 gone_ms;         /* the last process of a stop ends then; G_MAXINT64 */
	gint64 restart_ms;      /* "returning after partition" */
	gint64 back_ms;         /* asleep until then; G_MAXINT64 */
	gboolean leaving;
	gboolean comes_back;
	HbNodeSt st;
	gint64 ask_nodes_ms;
	GPtrArray *queue;       /* leaves with the next status */
	HbTyped *history[OLD306_HISTORY_MAX];

	/* the other node */
	HbNodeSt their_st;
	gboolean heard;
	gint64 heard_ms;
	gint64 their_dt_ms;
	guint64 their_generation, last_seq, their_status_seq;
	guint64 missing[OLD306_MISSING_MAX];
	gboolean gave_up;       /* said shutdone */

	/* old306_rsc.c */
	Old306State state;
	gint64 settle_ms;
	HbHold mine, theirs;
	gboolean their_stable;
	gboolean taking_over;   /* takeover_in_progress: until the word of mach_down */
	gboolean was_dead;      /* recovered from death: fail-back is due */
	gint64 failback_ms;
	Old306Standby standby;
	gboolean gives;
	HbHold what;            /* seen from the giver */
	gint64 until_ms;
	guint n_jobs;
	Old306Job job[OLD306_JOBS_MAX];
	/* the truth: from the begin of the start to the end of the stop; all of it is up */
	gboolean may_run[HB_GROUPS_MAX];
	gboolean is_up[HB_GROUPS_MAX];
} Old306;

/* (transfer full) Off, with all groups down. @send gets what goes to the wire. */
Old306 *old306_new(const HbConfig *config, gint64 script_max_ms, guint64 seed, Old306Send *send, void *user);
void old306_free(Old306 *old);

void old306_boot(Old306 *old, gint64 now_ms);
/* Power off: everything is gone. */
void old306_crash(Old306 *old);
void old306_stop(Old306 *old, gint64 now_ms);
/* hb_standby and hb_takeover on this node */
void old306_standby(Old306 *old, HbHold what, gint64 now_ms);
void old306_takeover(Old306 *old, HbHold what, gint64 now_ms);

void old306_packet(Old306 *old, const HbTyped *msg, gint64 now_ms);
void old306_time(Old306 *old, gint64 now_ms);
gint64 old306_deadline_ms(const Old306 *old);
gboolean old306_is_busy(const Old306 *old);

/* between the two files */
gboolean old306_is_nice(const Old306 *old);
/* @msg has type, dest and fields; numbers it, hears it itself, queues it. */
void old306_send(Old306 *old, HbTyped *msg);
void old306_flush(Old306 *old);
void old306_rsc_init(Old306 *old);
void old306_rsc_active(Old306 *old);
void old306_rsc_shutdown(Old306 *old);
/* The other node died, or said that all of it is down. */
void old306_rsc_take_over(Old306 *old, gboolean said_bye);
void old306_rsc_other_restarted(Old306 *old);
void old306_rsc_hear(Old306 *old, const HbTyped *msg, gboolean from_self);
void old306_rsc_tick(Old306 *old);
void old306_rsc_jobs(Old306 *old);
gint64 old306_rsc_deadline_ms(const Old306 *old);

#endif
