/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story.h - a plain story: what is done, which lines of the transcript must follow each other, and who runs what
 * in the end. Times are asserted only where they are a promise.
 */
#ifndef HB_SIM_STORY_H
#define HB_SIM_STORY_H

#include "sim/plan.h"

#define STORY_LINES_MAX 12

typedef struct {
	const char *text;       /* somewhere in a line after that of the row before */
	gint64 within_ms;       /* of that line; 0: any time */
	gint64 after_ms;        /* not before that has passed since that line */
} StoryLine;

typedef struct {
	const char *name;       /* the sentence that is false when it fails */
	guint n_nodes, n_groups;
	HbFailback failback;
	gint64 until_ms;        /* 0: 30 s */
	gboolean fencing;       /* each has a device, which works */
	guint broken;           /* bit per node: its device always fails ... */
	guint bare;             /* ... or it has none */
	guint absent;           /* bit per node that never boots */
	gboolean joins;         /* one node is in no file but its own: ... */
	guint joiner;           /* ... this one */
	SimAction action[4];    /* ends with a row at 0 ms */
	StoryLine line[STORY_LINES_MAX];
	const char *never[3];   /* in no line */
	int owner[SIM_GROUPS_MAX];      /* node, or -1 */
} Story;

/* stories.c, unheard.c, fenced.c, vanished.c: one subject each */
extern const Story stories[], stories_unheard[], stories_fenced[], stories_vanished[];
extern const guint n_stories, n_stories_unheard, n_stories_fenced, n_stories_vanished;

/* cuts.c: all cuts of @n_nodes into two sides */
void cuts_of(gconstpointer n_nodes);
/* ... and of two, one direction long before the other */
void cuts_skewed(void);
/* lanes.c: one to three of the directions between three nodes are dead. @fencing NULL: there are no devices */
void lanes_of(gconstpointer fencing);
/* replaced.c: hb-node is replaced at every moment of whatever moves a group */
void replaced_in(gconstpointer fencing);

#endif
