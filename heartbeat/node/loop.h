/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loop.h - the turns of hb-node: sources, the one timer of the core, the clock, too long turns.
 *
 * Every source of this process is an HbSource: one dispatch function reads the clock once, calls
 * the part that owns the source, re-arms the timer and notes a turn that took too long.
 */
#ifndef HB_NODE_LOOP_H
#define HB_NODE_LOOP_H

#include "node/node.h"

/*
 * The timer goes first, because a late keepalive costs other nodes their patience. All else
 * has one priority: GLib serves only the highest one that is ready, and with more steps a flood
 * on the network would keep root's PING (and with it our life) or the administrator waiting.
 */
#define HB_PRIO_TIMER (-20)
#define HB_PRIO_IO    (-10)

#define HB_TURN_MS_MAX 20

typedef struct HbSource HbSource;

/* @cond is 0 when only the time of hb_source_at_ms() has come. G_SOURCE_REMOVE ends the source. */
typedef gboolean HbSourceFunc(gpointer owner, GIOCondition cond);

/* (transfer full) Attached. @name must live for ever. @fd -1: a source that waits for a time only. */
HbSource *hb_source_new(HbNode *node, const char *name, int fd, GIOCondition cond, HbSourceFunc *func,
                        gpointer owner);
/* Ends and forgets the source; legal inside its own function. */
void hb_source_drop(HbSource **source);
void hb_source_wait_for(HbSource *source, GIOCondition cond);
/* Monotonic ms; G_MAXINT64: never. */
void hb_source_at_ms(HbSource *source, gint64 at_ms);

HbLoop *hb_loop_new(HbNode *node, GError **error);
void hb_loop_free(HbLoop *loop);

/* The time of this turn: monotonic ms, never going backwards. */
gint64 hb_loop_now_ms(const HbLoop *loop);

/* Stamps @event, gives it to the core and carries out what follows from it. Not from inside an effect. */
void hb_loop_step(HbNode *node, HbEvent *event);

/* Runs until hb_loop_quit(); returns its code. */
int hb_loop_run(HbNode *node);
void hb_loop_quit(HbNode *node, int code);

/* One turn, for the start sequence. */
void hb_loop_turn(HbNode *node);

guint64 hb_loop_n_long_turns(const HbLoop *loop);

#endif
