/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quorum.h - is there enough weight among the servers that are alive? (quorum=)
 *
 * Pure. With hysteresis H a quorum of Q is lost below Q-H and back from Q+H on, as keepalived counts it.
 */
#ifndef LDIR_QUORUM_H
#define LDIR_QUORUM_H

#include <glib.h>

typedef enum {
	LDIR_QUORUM_OFF,        /* none is asked for */
	LDIR_QUORUM_UNKNOWN,    /* verdicts that may still bring it are to come */
	LDIR_QUORUM_THERE,
	LDIR_QUORUM_LOST
} LdirQuorumState;

typedef struct {
	gint64 weight, hysteresis;
	LdirQuorumState state;
} LdirQuorum;

/* @weight 0: none. A @hysteresis that would make it impossible to lose is the largest that does not. */
void ldir_quorum_init(LdirQuorum *quorum, gint64 weight, gint64 hysteresis);

/* @live: weight that is there now. @is_open: servers without any verdict are left; at the beginning they are waited for, and then
 * @weight itself decides. TRUE: .state has changed. */
gboolean ldir_quorum_step(LdirQuorum *quorum, gint64 live, gboolean is_open);

const char *ldir_quorum_name(LdirQuorumState state);    /* "lost" */

#endif
