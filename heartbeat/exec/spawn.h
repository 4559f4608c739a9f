/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spawn.h - starts a program without copying this process: a vfork with all that we need set in between.
 *
 * posix_spawn() cannot set the out-of-memory score, the user or the limits, and a real fork of a
 * locked real-time process costs milliseconds. Every child leads a session of its own.
 */
#ifndef HB_EXEC_SPAWN_H
#define HB_EXEC_SPAWN_H

#include <sys/types.h>

#include <glib.h>

#define HB_SPAWN_FDS_MAX 8
#define HB_SPAWN_GROUPS_MAX 64

typedef struct {
	const char *path;
	gboolean is_script;             /* without "#!" it is one of /bin/sh, as for any shell */
	char *const *argv;
	char *const *envp;
	const char *cwd;                /* tried; where that fails "/" */
	int fds[HB_SPAWN_FDS_MAX];      /* fds[i] becomes descriptor i; nothing else stays open */
	guint n_fds;
	gboolean drop;                  /* to the user below, for good */
	uid_t uid;
	gid_t gid;
	gid_t groups[HB_SPAWN_GROUPS_MAX];      /* all of the user; none: gid alone */
	guint n_groups;
	gboolean may_gain_rights;       /* by set-user-ID programs: it is an ordinary program of that user */
	gboolean die_with_parent;       /* SIGTERM when we end, however that is */
	int rt_priority;                /* 0: ordinary scheduling */
	gboolean keeps_priority;        /* our real-time priority, if we have one, also when its program has begun; never its
	                                 * children */
	gboolean lock_memory;           /* lift the limit on locked memory */
	const char *oom_score_adj;      /* NULL: as ours */
	volatile pid_t *ret_pid;        /* written by the child itself, before it can do anything; NULL: not */
} HbSpawn;

/* The child's pid and a pidfd (transfer full), or -1 with @error. */
pid_t hb_spawn(const HbSpawn *spawn, int *ret_pidfd, GError **error);

#endif
