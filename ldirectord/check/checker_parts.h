/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checker_parts.h - what the files of the checker share.
 */
#ifndef LDIR_CHECKER_PARTS_H
#define LDIR_CHECKER_PARTS_H

#include <netinet/in.h>
#include <sys/epoll.h>

#include "ldirectord/check/checker.h"
#include "ldirectord/check/timers.h"
#include "ldirectord/check/tls.h"

#define LDIR_TEXT_MAX 160       /* octets of a verdict's reason */

typedef struct LdirTask LdirTask;
typedef struct LdirWatch LdirWatch;
typedef struct LdirChild LdirChild;
typedef struct LdirPinger LdirPinger;
typedef struct LdirSpareSockets LdirSpareSockets;

/* Which other programs have their places together: child.h */
typedef enum { LDIR_POOL_CHECKS, LDIR_POOL_DOWN, LDIR_POOL_NAMES, LDIR_N_POOLS } LdirPool;

/* Something with a descriptor. */
struct LdirWatch {
	void (*ready)(LdirWatch *watch, guint32 events, gint64 now_ms);
	guint place;            /* in LdirChecker.places, from 1; 0: it is not watched */
};

/* Who is meant by an event. The kernel may speak of descriptors that we have closed, while a child that is
 * being made still holds them: then the place has another turn, or nobody. */
typedef struct {
	LdirWatch *watch;       /* NULL: free */
	guint32 turn;
	guint next_free;
} LdirPlace;

/* How a kind of check goes. A task ends by ldir_task_end(), from any of these. */
typedef struct {
	/* FALSE: this machine lacks something just now; it is called again soon. */
	gboolean (*begin)(LdirTask *task, gint64 now_ms);
	/* The deadline. NULL: the check has failed. */
	void (*late)(LdirTask *task, gint64 now_ms);
	/* Gives back all that begin() took; called once for each begin(). */
	void (*finish)(LdirTask *task);
	gboolean is_child;      /* the time that it waits for a place (child.h) does not count */
} LdirTaskOps;

struct LdirTask {
	LdirTimer timer;
	LdirChecker *checker;
	const LdirTaskOps *ops;
	guint64 id;
	const LdirConfig *config;
	const LdirVirtual *vs;
	const LdirReal *real;
	gint64 limit_ms, deadline_ms;
	gpointer state;         /* of @ops */
	const char *known_state;        /* what a program is told about the server, or NULL */
	LdirTask *next;         /* in the queue it is in */
	LdirCheck kind;
	guint8 stage;           /* TaskStage of checker.c */
	void (*think)(LdirTask *task);  /* while it is in the queue of those that do; else NULL */
	gboolean is_good;
	LdirSaid said;          /* set before ldir_task_end() */
	char *why;
};

struct LdirChecker {
	LdirCheckerVerdict verdict;
	gpointer user;
	int epoll_fd;
	GArray *places;                 /* LdirPlace, [0] is not used */
	guint free_place;               /* 0: none */
	LdirTimers timers;
	GHashTable *tasks;              /* &id -> LdirTask, owns */
	LdirTask *done, **done_end;     /* verdicts to be given out */
	LdirTask *waiting, **waiting_end;       /* for a free place */
	GQueue thinking;                /* LdirTask *, borrowed */
	gint64 think_ms;                /* not before */
	guint n_running, running_max;
	guint n_begun;
	GArray *graveyard;              /* what callers up the stack may still point at */
	LdirSaid said;                  /* by the check whose verdict is given out */
	gint64 now_ms;                  /* of this turn */
	LdirTls *tls;                   /* NULL until it is needed, as */
	LdirPinger *pinger;
	LdirSpareSockets *spare_sockets;
	GList *children;                /* LdirChild *, child.c */
	guint n_children[LDIR_N_POOLS];
};

/* The verdict. @format makes the text for the log. */
void ldir_task_end(LdirTask *task, gboolean is_good, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* @think is called soon, once: what needs more processor time than others should wait for is done in slices. All who think get half
 * of a processor together, one after the other. */
void ldir_task_think(LdirTask *task, void (*think)(LdirTask *task));

/* FALSE: the kernel refuses, errno tells. */
gboolean ldir_watch_add(LdirChecker *checker, LdirWatch *watch, int fd, guint32 events);
/* The same for one event. What is watched once is watched again by this, and keeps its place until then. */
gboolean ldir_watch_once(LdirChecker *checker, LdirWatch *watch, int fd, guint32 events);
/* No event reaches @watch any more; the descriptor is to be closed by the caller. */
void ldir_watch_drop(LdirChecker *checker, LdirWatch *watch);
/* @data is freed by @destroy at the end of the turn. */
void ldir_checker_bury(LdirChecker *checker, gpointer data, GDestroyNotify destroy);

/* For checker.c: the same for all of them; _look() gives out events. */
void ldir_watches_init(LdirChecker *checker);
void ldir_watches_done(LdirChecker *checker);
void ldir_watches_look(LdirChecker *checker);
void ldir_graves_clear(LdirChecker *checker);

/* This machine is short of something, which says nothing about the server. */
gboolean ldir_errno_is_ours(int error);

typedef union {
	struct sockaddr base;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
} LdirSockaddr;

/* The length of what is in @out then. */
socklen_t ldir_sockaddr_make(const LdirAddress *addr, guint16 port, LdirSockaddr *out);

/* "10.0.0.2:80" (transfer full) */
char *ldir_place_text(const LdirAddress *addr, guint16 port);

LdirTls *ldir_checker_tls(LdirChecker *checker);       /* (transfer none) */

/* check_exec.c; check_sql.c; check_none.c: the verdict is known before */
extern const LdirTaskOps ldir_check_exec, ldir_check_sql, ldir_check_none, ldir_check_no_port;

#endif
