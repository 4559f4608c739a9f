/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * instance.h - which daemon is meant by a call, and whether it runs (doc/ldirectord.md 1.2, 1.3).
 *
 * The pid file is named after the operand, as 4.12 does it, so that two names for one file are two pid files. The lock is on
 * the file itself: whoever holds it is the only daemon for that configuration.
 */
#ifndef LDIR_INSTANCE_H
#define LDIR_INSTANCE_H

#include <sys/types.h>

#include <glib.h>

#define LDIR_DEFAULT_FILE "ldirectord.cf"

typedef enum {
	LDIR_INSTANCE_STOPPED,
	LDIR_INSTANCE_STALE,    /* there is a pid file, and no ldirectord of that number */
	LDIR_INSTANCE_RUNNING
} LdirInstanceState;

typedef struct {
	char *name;             /* in the log: last part of the operand */
	char *config;           /* absolute path, or NULL: not found */
	char *shown;            /* as found, for messages */
	char *pid_file, *lock_file, *socket_file;
	char *state_file;       /* from one process to the next at a restart */
	int lock_fd;            /* -1: not held */
	gboolean was_serving;   /* LDIR_LOCK_HELD: the one before has died in service */
} LdirInstance;

/* @operand: NULL for none. @run_dir: "/run", other directories for tests. (transfer full) */
LdirInstance *ldir_instance_new(const char *operand, const char *run_dir);
void ldir_instance_free(LdirInstance *instance);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LdirInstance, ldir_instance_free)

/* @ret_pid: for RUNNING */
LdirInstanceState ldir_instance_state(const LdirInstance *instance, pid_t *ret_pid);

/* The lock that process @pid holds (transfer full), NULL: none of ours. Where links lead to the file it may be another one than .lock_file:
 * they lead elsewhere since. ldir_instance_follow(): that process has the same file, its lock and what lies beside it are those that count. */
char *ldir_instance_lock_of(const LdirInstance *instance, pid_t pid);
void ldir_instance_follow(LdirInstance *instance, const char *lock_file);

/* Where the process of that lock is asked (transfer full) */
char *ldir_instance_socket_of(const char *lock_file);

/* Process @pid, if it is an ldirectord */
gboolean ldir_instance_is_ldirectord(pid_t pid);

typedef enum {
	LDIR_LOCK_HELD,         /* by us, until the end of this process and its children */
	LDIR_LOCK_TAKEN,        /* by a daemon that runs */
	LDIR_LOCK_BEGINNING,    /* by one that has not said yet what it is */
	LDIR_LOCK_STANDBY,      /* by one that stands by */
	LDIR_LOCK_LEAVING,      /* by one that is about to end */
	LDIR_LOCK_ERROR
} LdirLockResult;
LdirLockResult ldir_instance_lock(LdirInstance *instance, GError **error);

/* For the holder: what others are to take it for. Of one that is LEAVING they wait for the end. */
typedef enum { LDIR_MODE_BEGINNING, LDIR_MODE_SERVING, LDIR_MODE_STANDBY, LDIR_MODE_LEAVING } LdirMode;
void ldir_instance_say_mode(LdirInstance *instance, LdirMode mode);

/* What a daemon that runs says of itself; without the lock, that is for who has seen it run. */
gboolean ldir_instance_is_standing_by(const LdirInstance *instance);

/* Empty before the daemon is there, 0 or errno. */
int ldir_instance_write_pid(const LdirInstance *instance, pid_t pid);
/* Only if it is that of @pid, or empty. */
void ldir_instance_drop_pid(const LdirInstance *instance, pid_t pid);

#endif
