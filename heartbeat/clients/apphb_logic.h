/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apphb_logic.h - one program that beats: is it in time? (doc/client-api.md 6.5) Pure: times are monotonic
 * milliseconds handed in.
 */
#ifndef HB_CLIENTS_APPHB_LOGIC_H
#define HB_CLIENTS_APPHB_LOGIC_H

#include <glib.h>

#include "apphb/apphb_msg.h"

#define HB_BEATER_NEVER       G_MAXINT64
#define HB_BEATER_INTERVAL_MS (10 * 60 * 1000)

typedef enum {
	HB_BEATER_FINE,
	HB_BEATER_LATE,         /* later than it wanted to be warned of */
	HB_BEATER_MISSED,       /* its interval has passed */
	HB_BEATER_RESUMED       /* it beats again */
} HbBeaterVerdict;

typedef struct {
	char name[HB_APPHB_NAME_LEN];
	char instance[HB_APPHB_NAME_LEN];
	gint64 interval_ms;     /* 0: none */
	gint64 warn_ms;         /* 0: none */
	gint64 last_ms;
	gboolean wants_reboot;
	gboolean is_registered;
	gboolean has_missed;
} HbBeater;

/* Who is at the other end of the socket. */
typedef struct {
	gint64 pid, uid, gid;
	gboolean may_reboot;
} HbBeaterPeer;

/* Takes one message that is answered (all but a beat) and returns the answer: 0 or an errno. @ret_gone:
 * it has signed off. */
int hb_beater_take(HbBeater *beater, const HbBeaterPeer *peer, const void *msg, gsize len, gint64 now_ms,
                   gboolean *ret_gone);
gboolean hb_beater_is_beat(const void *msg, gsize len);

HbBeaterVerdict hb_beater_beat(HbBeater *beater, gint64 now_ms);
/* When hb_beater_time() is to be called. */
gint64 hb_beater_deadline_ms(const HbBeater *beater);
HbBeaterVerdict hb_beater_time(HbBeater *beater, gint64 now_ms);

#endif
