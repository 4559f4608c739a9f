/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recorder.h - the last events and effects of the core, kept small, printed on request.
 *
 * What every keepalive brings (status, acknowledgement, time) is left out unless something follows
 * from it: otherwise the ring would hold seconds instead of the night before.
 */
#ifndef HB_NODE_RECORDER_H
#define HB_NODE_RECORDER_H

#include "core/effects.h"
#include "core/event.h"

typedef struct HbRecorder HbRecorder;

HbRecorder *hb_recorder_new(void);
void hb_recorder_free(HbRecorder *recorder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HbRecorder, hb_recorder_free)

void hb_recorder_note(HbRecorder *recorder, const HbEvent *event, const HbEffects *effects);
/* Oldest first; times are monotonic milliseconds. */
void hb_recorder_print(const HbRecorder *recorder, GString *out);

#endif
