/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core.h - the decisions of one node: events with a time in, effects out.
 *
 * Pure: no clock, socket, file, log, thread, random source, file-scope variable. N cores may live
 * in one process. Same events, same effects, byte for byte. Nothing here can fail: a broken
 * precondition aborts; what comes from outside was judged in wire/ and conf/.
 */
#ifndef HB_CORE_CORE_H
#define HB_CORE_CORE_H

#include "core/effects.h"
#include "core/event.h"
#include "core/view.h"

typedef struct HbCore HbCore;

/* (transfer full) The first event must be START. */
HbCore *hb_core_new(void);
void hb_core_free(HbCore *core);

/* Moves the node on by one event. @effects is emptied first, then filled; its contents borrow from
 * @core and live until the next step. Not re-entrant: asserts. */
void hb_core_step(HbCore *core, const HbEvent *event, HbEffects *effects);

/* When the core wants a TIME event at the latest: monotonic ms, or G_MAXINT64 for never. */
gint64 hb_core_deadline_ms(const HbCore *core);

/* May a RELOAD with @config be given now? NULL: yes; else a sentence that says why not (static). */
const char *hb_core_reload_blocked(const HbCore *core, const HbConfig *config);

/* How many of our own numbered messages the slowest live node has not acknowledged. */
guint hb_core_n_unacked(const HbCore *core);

/* A snapshot without pointers into the core but names (borrowed from the config). */
void hb_core_view(const HbCore *core, gint64 now_ms, HbView *ret_view);

#endif
