/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alive.c - does hb-node still turn?
 *
 * Each turn of its loop leaves its time in the memory that both hold (channel/channel.h). Root looks there when that
 * time may have grown old, and wakes nobody for it. It asks with PING only when it finds an old time, and once a second in any
 * case: an answer has come all the way through the channel, and the question is root's own sign of life.
 */
#include <glib.h>

#include "exec/memory.h"
#include "exec/supervisor.h"
#include "util/time.h"

#include "util/banned.h"

#define SLACK_MS_MIN 50
#define PING_MS_MAX 1000                /* hb-node takes root for frozen after 3 s without one */
#define ALIVE_LIMIT_MS_MIN 250          /* ordinary stalls of a virtual machine reach 110 ms */
#define READY_LIMIT_MS (60 * HB_MS_PER_S)       /* names may have to be looked up */
#define RESUME_LIMIT_MS (10 * HB_MS_PER_S)      /* the others are waiting */

/* What is left of the limit when root asks; also how late root itself may be. */
static gint64
slack_ms(const HbSupervisor *sup)
{
	return CLAMP(sup->ex->config->deadtime_ms / 4, SLACK_MS_MIN, PING_MS_MAX);
}

static gint64
limit_ms(const HbSupervisor *sup)
{
	return MAX(sup->ex->config->deadtime_ms / 2, ALIVE_LIMIT_MS_MIN);
}

/* hb-node can write what it likes, but no time of its own is later than ours. */
static void
look(HbSupervisor *sup, gint64 now_ms)
{
	gint64 turned_ms = hb_memory_turned_ms(sup->ex->memory_fd);

	if (turned_ms <= now_ms)
		sup->alive_ms = MAX(sup->alive_ms, turned_ms);
}

/* Root doubts itself first: what it did not do in time proves nothing. */
static void
doubt(HbSupervisor *sup, gint64 now_ms)
{
	gint64 excused_ms = now_ms - slack_ms(sup);

	if (now_ms - sup->look_ms <= slack_ms(sup))
		return;
	sup->alive_ms = MAX(sup->alive_ms, excused_ms);
	if (sup->asked_ms != 0)
		sup->asked_ms = MAX(sup->asked_ms, excused_ms);
}

/* Kills an hb-node that does not turn or does not answer. */
static void
judge(HbSupervisor *sup, gint64 now_ms)
{
	if (sup->phase == HB_PHASE_STARTING &&
	    now_ms - sup->spawned_ms > (sup->ex->resumed ? RESUME_LIMIT_MS : READY_LIMIT_MS))
		hb_node_link_kill(sup->link, "it did not become ready");
	if (sup->phase != HB_PHASE_RUNNING)
		return;
	if (now_ms - sup->alive_ms > limit_ms(sup) || (sup->asked_ms != 0 && now_ms - sup->asked_ms > limit_ms(sup)))
		hb_node_link_kill(sup->link, "it does not answer");
}

static gint64
old_ms(const HbSupervisor *sup)
{
	return sup->alive_ms + limit_ms(sup) - slack_ms(sup);
}

static void
ask(HbSupervisor *sup, gint64 now_ms)
{
	const HbChannelMsg msg = { .type = HB_CH_PING, .u.ping = { sup->ping_n + 1 } };
	gboolean is_due = now_ms - sup->ping_ms >= PING_MS_MAX || now_ms >= old_ms(sup);

	if (!sup->greeted || !is_due || sup->asked_ms != 0)
		return;
	sup->ping_n++;
	sup->ping_ms = now_ms;
	sup->asked_ms = now_ms;
	hb_node_link_send(sup->link, &msg, NULL, 0);
}

/* When the last sign of life will be old, or when the silence will have been too long. */
static gint64
next_look_ms(const HbSupervisor *sup, gint64 now_ms)
{
	gint64 verdict_ms, next_ms;

	if (sup->phase != HB_PHASE_RUNNING)
		return now_ms + slack_ms(sup);
	verdict_ms = (sup->asked_ms != 0 ? MIN(sup->alive_ms, sup->asked_ms) : sup->alive_ms) + limit_ms(sup) + 1;
	next_ms = old_ms(sup) > now_ms ? MIN(old_ms(sup), verdict_ms) : verdict_ms;
	next_ms = MIN(next_ms, MAX(sup->ping_ms, now_ms - PING_MS_MAX) + PING_MS_MAX);
	return next_ms > now_ms ? next_ms : now_ms + slack_ms(sup);
}

static gboolean
on_look(gpointer data)
{
	HbSupervisor *sup = data;
	gint64 now_ms = hb_time_now_ms();

	if (sup->link != NULL) {
		look(sup, now_ms);
		doubt(sup, now_ms);
		judge(sup, now_ms);
	}
	if (sup->link != NULL && !hb_memory_is_whole(sup->ex->memory_fd))
		hb_node_link_kill(sup->link, "it changed the size of its memory");
	if (sup->link != NULL)
		ask(sup, now_ms);
	sup->n_messages = 0;
	sup->look_ms = next_look_ms(sup, now_ms);
	g_timeout_add((guint)(sup->look_ms - now_ms), on_look, sup);
	return G_SOURCE_REMOVE;
}

void
hb_alive_begin(HbSupervisor *sup)
{
	gint64 now_ms = hb_time_now_ms();

	sup->look_ms = now_ms + slack_ms(sup);
	g_timeout_add((guint)slack_ms(sup), on_look, sup);
}

void
hb_alive_ready(HbSupervisor *sup, gint64 now_ms)
{
	sup->alive_ms = now_ms;
	if (sup->asked_ms != 0)
		sup->asked_ms = now_ms;
}

void
hb_alive_answered(HbSupervisor *sup, guint32 n)
{
	sup->alive_ms = hb_time_now_ms();
	if (n == sup->ping_n)
		sup->asked_ms = 0;
}
