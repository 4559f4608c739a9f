/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib.h>

#include "log/log.h"
#include "node/exec_link.h"
#include "node/guard_watch.h"
#include "node/loop.h"
#include "util/time.h"

#include "util/banned.h"

#define SILENCE_MS (3 * HB_MS_PER_S)
/* When we ourselves were stopped, root's PING lies in the socket unread: one more look. */
#define DOUBT_MS   250

struct HbGuardWatch {
	HbNode *node;
	HbSource *source;
	gboolean in_doubt;
};

static void
tell_guard(void)
{
	/* A full pipe means that the guard has been told already. */
	if (write(HB_FD_GUARD, "!", 1) < 0 && errno != EAGAIN && errno != EPIPE)
		hb_log(HB_LOG_ERR, "cannot reach the guard: %s", g_strerror(errno));
}

static gboolean
on_time(gpointer owner, GIOCondition cond)
{
	HbGuardWatch *watch = owner;
	gint64 now_ms = hb_loop_now_ms(watch->node->loop);
	gint64 silent_at_ms = hb_exec_link_last_ping_ms(watch->node->exec) + SILENCE_MS;

	(void)cond;
	if (now_ms < silent_at_ms) {
		watch->in_doubt = FALSE;
		hb_source_at_ms(watch->source, silent_at_ms);
	} else if (!watch->in_doubt) {
		watch->in_doubt = TRUE;
		hb_source_at_ms(watch->source, now_ms + DOUBT_MS);
	} else {
		hb_log(HB_LOG_CRIT, "the root process has been silent for %" G_GINT64_FORMAT " ms: telling the guard",
		       now_ms - silent_at_ms + SILENCE_MS);
		tell_guard();
		hb_source_at_ms(watch->source, now_ms + SILENCE_MS);
	}
	return G_SOURCE_CONTINUE;
}

HbGuardWatch *
hb_guard_watch_new(HbNode *node)
{
	HbGuardWatch *watch = g_new0(HbGuardWatch, 1);

	watch->node = node;
	if (fcntl(HB_FD_GUARD, F_SETFL, O_NONBLOCK) < 0)
		hb_log(HB_LOG_WARN, "no guard on descriptor %d: %s", HB_FD_GUARD, g_strerror(errno));
	watch->source = hb_source_new(node, "guard", -1, 0, on_time, watch);
	hb_source_at_ms(watch->source, hb_loop_now_ms(node->loop) + SILENCE_MS);
	return watch;
}

void
hb_guard_watch_free(HbGuardWatch *watch)
{
	if (!watch)
		return;
	hb_source_drop(&watch->source);
	g_free(watch);
}
