/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/timerfd.h>

#include <glib-unix.h>
#include <glib.h>

#include "log/log.h"
#include "node/api_server.h"
#include "node/effects.h"
#include "node/loop.h"
#include "node/media.h"
#include "node/memory.h"
#include "node/rate.h"
#include "node/recorder.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

struct HbSource {
	GSource base;
	HbNode *node;
	const char *name;
	HbSourceFunc *func;
	gpointer owner;
	gpointer fd_tag;        /* NULL: no descriptor */
};

struct HbLoop {
	HbNode *node;
	GMainLoop *main;
	HbFd timer_fd;
	HbSource *timer;
	gint64 armed_ms;        /* G_MAXINT64: not armed */
	gint64 now_ms;
	int exit_code;
	guint64 n_long_turns;
	HbRate long_turn;
	HbEffects effects;      /* of the event in work */
};

/* ---- sources ---- */

static void rearm(HbLoop *loop);

static void
note_long_turn(HbLoop *loop, const char *name, gint64 took_ms)
{
	guint64 n_swallowed;

	loop->n_long_turns++;
	if (hb_rate_allows(&loop->long_turn, loop->now_ms, &n_swallowed))
		hb_log(HB_LOG_WARN, "a turn took %" G_GINT64_FORMAT " ms (%s); %" G_GUINT64_FORMAT
		       " more since the last such line", took_ms, name, n_swallowed);
}

static gboolean
source_dispatch(GSource *base, GSourceFunc callback, gpointer data)
{
	HbSource *source = (HbSource *)base;
	HbNode *node = source->node;
	HbLoop *loop = node->loop;
	const char *name = source->name;
	gint64 begin_us = g_get_monotonic_time();
	GIOCondition cond = 0;
	gboolean go_on;
	gint64 took_ms;

	(void)callback, (void)data;
	if (source->fd_tag)
		cond = g_source_query_unix_fd(base, source->fd_tag);
	loop->now_ms = MAX(loop->now_ms, hb_ms_from_us(g_source_get_time(base)));
	if (node->memory)
		hb_memory_set_turned(node->memory, loop->now_ms);
	go_on = source->func(source->owner, cond);
	hb_api_server_turn(node->api);
	rearm(loop);
	took_ms = hb_ms_from_us(g_get_monotonic_time() - begin_us);
	if (took_ms > HB_TURN_MS_MAX)
		note_long_turn(loop, name, took_ms);
	return go_on;
}

/* Without prepare and check GLib itself looks at descriptors and ready time. */
static GSourceFuncs source_funcs = { .dispatch = source_dispatch };

HbSource *
hb_source_new(HbNode *node, const char *name, int fd, GIOCondition cond, HbSourceFunc *func,
              gpointer owner)
{
	GSource *base = g_source_new(&source_funcs, sizeof(HbSource));
	HbSource *source = (HbSource *)base;

	source->node = node;
	source->name = name;
	source->func = func;
	source->owner = owner;
	if (fd >= 0)
		source->fd_tag = g_source_add_unix_fd(base, fd, cond);
	g_source_set_priority(base, HB_PRIO_IO);
	/* No loop ever runs inside a dispatch. Saying so spares GLib taking the descriptors out of
	 * its set and putting them in again each time: a write, a poll and a read per turn. */
	g_source_set_can_recurse(base, TRUE);
	g_source_attach(base, NULL);
	return source;
}

void
hb_source_drop(HbSource **source)
{
	HbSource *gone = g_steal_pointer(source);

	if (!gone)
		return;
	g_source_destroy(&gone->base);
	g_source_unref(&gone->base);
}

void
hb_source_wait_for(HbSource *source, GIOCondition cond)
{
	g_source_modify_unix_fd(&source->base, source->fd_tag, cond);
}

void
hb_source_at_ms(HbSource *source, gint64 at_ms)
{
	g_source_set_ready_time(&source->base, at_ms == G_MAXINT64 ? -1 : hb_us_from_ms(at_ms));
}

/* ---- the timer of the core ---- */

/*
 * timerfd, because the time-out of poll(2) is whole milliseconds, rounded up. A deadline that has
 * passed already fires at once.
 */
static void
rearm(HbLoop *loop)
{
	gint64 at_ms = loop->node->started ? hb_core_deadline_ms(loop->node->core) : G_MAXINT64;
	struct itimerspec spec = { 0 };

	if (at_ms == loop->armed_ms)
		return;
	if (at_ms != G_MAXINT64) {
		gint64 when_ms = MAX(at_ms, 1);         /* 0 would disarm */

		spec.it_value.tv_sec = when_ms / HB_MS_PER_S;
		spec.it_value.tv_nsec = hb_us_from_ms(hb_us_from_ms(when_ms % HB_MS_PER_S));
	}
	if (timerfd_settime(loop->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL) < 0)
		g_error("timerfd_settime: %s", g_strerror(errno));
	loop->armed_ms = at_ms;
}

/*
 * First what the sockets hold, then the time: nobody is given up for dead, and nothing is asked
 * for again, while the answer waits to be read.
 */
static gboolean
on_timer(gpointer owner, GIOCondition cond)
{
	HbLoop *loop = owner;
	HbNode *node = loop->node;
	HbEvent event = { .type = HB_EV_TIME };
	guint64 n_fired;

	(void)cond;
	if (read(loop->timer_fd, &n_fired, sizeof n_fired) < 0)
		return G_SOURCE_CONTINUE;       /* was re-armed meanwhile */
	loop->armed_ms = G_MAXINT64;
	loop->now_ms = MAX(loop->now_ms, hb_time_now_ms());
	hb_media_drain(node->media);
	if (hb_core_deadline_ms(node->core) <= loop->now_ms)
		hb_loop_step(node, &event);
	return G_SOURCE_CONTINUE;
}

/* ---- public ---- */

HbLoop *
hb_loop_new(HbNode *node, GError **error)
{
	HbLoop *loop = g_new0(HbLoop, 1);

	loop->node = node;
	loop->main = g_main_loop_new(NULL, FALSE);
	loop->armed_ms = G_MAXINT64;
	loop->now_ms = hb_time_now_ms();
	loop->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (loop->timer_fd < 0) {
		g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_ERROR, "cannot make a timer: %s",
		            g_strerror(errno));
		hb_loop_free(loop);
		return NULL;
	}
	loop->timer = hb_source_new(node, "timer", loop->timer_fd, G_IO_IN, on_timer, loop);
	g_source_set_priority(&loop->timer->base, HB_PRIO_TIMER);
	return loop;
}

void
hb_loop_free(HbLoop *loop)
{
	if (!loop)
		return;
	hb_source_drop(&loop->timer);
	if (loop->timer_fd >= 0)
		hb_fd_close(loop->timer_fd);
	g_main_loop_unref(loop->main);
	g_free(loop);
}

gint64
hb_loop_now_ms(const HbLoop *loop)
{
	return loop->now_ms;
}

void
hb_loop_step(HbNode *node, HbEvent *event)
{
	HbLoop *loop = node->loop;

	event->now_ms = loop->now_ms;
	hb_core_step(node->core, event, &loop->effects);
	hb_recorder_note(node->recorder, event, &loop->effects);
	hb_effects_run(node, &loop->effects);
}

int
hb_loop_run(HbNode *node)
{
	rearm(node->loop);
	g_main_loop_run(node->loop->main);
	return node->loop->exit_code;
}

void
hb_loop_quit(HbNode *node, int code)
{
	node->loop->exit_code = code;
	g_main_loop_quit(node->loop->main);
}

void
hb_loop_turn(HbNode *node)
{
	(void)node;
	g_main_context_iteration(NULL, TRUE);
}

guint64
hb_loop_n_long_turns(const HbLoop *loop)
{
	return loop->n_long_turns;
}
