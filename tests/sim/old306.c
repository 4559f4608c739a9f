/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * old306.c - streams, who is alive, start and end of a 3.0.6 node.
 */
#include "sim/old306.h"

#include <string.h>

#include "util/banned.h"

#define POLL_MS          250
#define GRACE_MS         5000
#define GRACE_DT_MS      2000
#define REQNODES_MS      1000
#define RESTART_MS       2000
#define SLEEP_MS         1000   /* and deadtime: before it starts anew */
#define GAP_MAX          250

Old306 *
old306_new(const HbConfig *config, gint64 script_max_ms, guint64 seed, Old306Send *send, void *user)
{
	Old306 *old = g_new0(Old306, 1);

	old->config = config;
	old->other = 1 - config->self;
	old->script_max_ms = script_max_ms;
	old->rng = sim_rng_of(seed, 306);
	old->send = send;
	old->user = user;
	old->generation = 1000;
	old->queue = g_ptr_array_new_with_free_func(g_free);
	old->gone_ms = old->restart_ms = old->back_ms = G_MAXINT64;
	return old;
}

static void
forget_history(Old306 *old)
{
	for (guint i = 0; i < OLD306_HISTORY_MAX; i++)
		g_clear_pointer(&old->history[i], g_free);
	g_ptr_array_set_size(old->queue, 0);
}

void
old306_free(Old306 *old)
{
	forget_history(old);
	g_ptr_array_unref(old->queue);
	g_free(old);
}

gboolean
old306_is_nice(const Old306 *old)
{
	return old->config->failback != HB_FAILBACK_LEGACY;
}

static void
write_out(Old306 *old, const HbTyped *msg)
{
	old->send(old->user, msg);
}

static void
hear_addressed(Old306 *old, const HbTyped *msg, gboolean from_self);

/* It hears itself before the message is written: what that brings about goes first, with the higher number. */
void
old306_send(Old306 *old, HbTyped *msg)
{
	g_strlcpy(msg->src, old->config->nodes[old->config->self].name, sizeof msg->src);
	msg->seq = ++old->seq;
	msg->generation = old->generation;
	msg->ts = 1 + (guint32)(old->now_ms / 1000);
	hear_addressed(old, msg, TRUE);
	g_ptr_array_add(old->queue, g_memdup2(msg, sizeof *msg));
}

void
old306_flush(Old306 *old)
{
	for (guint i = 0; i < old->queue->len; i++) {
		HbTyped *msg = old->queue->pdata[i];
		HbTyped **slot = &old->history[msg->seq % OLD306_HISTORY_MAX];

		write_out(old, msg);
		g_free(*slot);
		*slot = g_memdup2(msg, sizeof *msg);
	}
	g_ptr_array_set_size(old->queue, 0);
}

static void
say_status(Old306 *old)
{
	HbTyped msg = { .type = HB_MSG_STATUS };

	msg.u.status.st = old->st;
	msg.u.status.protocol = 1;
	msg.u.status.deadtime_ms =
		old->config->deadtime_ms + (old->now_ms < old->born_ms + GRACE_MS ? GRACE_DT_MS : 0);
	old306_send(old, &msg);
	old306_flush(old);
	old->next_status_ms = old->now_ms + old->config->keepalive_ms;
}

static void
say_stonith(Old306 *old, const char *result)
{
	HbTyped msg = { .type = HB_MSG_STONITH };

	g_strlcpy(msg.u.stonith.node, old->config->nodes[old->other].name, sizeof msg.u.stonith.node);
	g_strlcpy(msg.u.stonith.result, result, sizeof msg.u.stonith.result);
	old306_send(old, &msg);
}

static void
say_to_other(Old306 *old, HbMsgType type)
{
	HbTyped msg = { .type = type };

	g_strlcpy(msg.dest, old->config->nodes[old->other].name, sizeof msg.dest);
	old306_send(old, &msg);
}

void
old306_boot(Old306 *old, gint64 now_ms)
{
	g_assert(!old->runs);
	forget_history(old);
	old->now_ms = now_ms;
	old->runs = TRUE;
	old->generation++;
	old->seq = 0;
	old->born_ms = now_ms;
	old->next_poll_ms = now_ms + POLL_MS;
	old->gone_ms = old->restart_ms = old->back_ms = G_MAXINT64;
	old->leaving = old->comes_back = FALSE;
	old->ask_nodes_ms = 0;
	old->their_st = HB_ST_INIT;
	old->heard = old->gave_up = FALSE;
	old->heard_ms = now_ms;
	old->their_dt_ms = old->config->deadtime_ms;
	old->their_generation = old->last_seq = old->their_status_seq = 0;
	memset(old->missing, 0, sizeof old->missing);
	old306_rsc_init(old);
	old->st = HB_ST_INIT;
	say_status(old);
	old->st = HB_ST_UP;
	say_status(old);
}

void
old306_crash(Old306 *old)
{
	old->runs = FALSE;
	old->back_ms = G_MAXINT64;
	old->n_jobs = 0;
	memset(old->may_run, 0, sizeof old->may_run);
	memset(old->is_up, 0, sizeof old->is_up);
}

void
old306_stop(Old306 *old, gint64 now_ms)
{
	old->now_ms = now_ms;
	if (!old->runs) {
		old->back_ms = G_MAXINT64;
		return;
	}
	old->comes_back = FALSE;
	old->leaving = TRUE;
}

static void
declare_dead(Old306 *old)
{
	old->their_st = HB_ST_DEAD;
	old->last_seq = 0;
	memset(old->missing, 0, sizeof old->missing);
	say_stonith(old, old->gave_up ? "unneeded" : "n_stnth");
	if (!old->gave_up)
		old306_rsc_take_over(old, FALSE);
}

static void
become_active(Old306 *old)
{
	old->st = HB_ST_ACTIVE;
	say_status(old);
	old306_rsc_active(old);
}

/* Operational when the other was heard, has told its nodes, or is dead. */
static void
try_to_settle(Old306 *old)
{
	if (old->st != HB_ST_UP)
		return;
	if (old->their_st == HB_ST_DEAD) {
		become_active(old);
		old306_rsc_take_over(old, FALSE);
		return;
	}
	if (!old->heard || old->now_ms < old->ask_nodes_ms)
		return;
	old->ask_nodes_ms = old->now_ms + REQNODES_MS;
	say_to_other(old, HB_MSG_REQNODES);
}

static void
scan(Old306 *old)
{
	gint64 dt_ms = old->st == HB_ST_UP ? old->config->initdead_ms : old->their_dt_ms;

	if (old->their_st != HB_ST_DEAD && old->now_ms - old->heard_ms > dt_ms)
		declare_dead(old);
}

static void
on_status(Old306 *old, const HbTyped *msg, gboolean restarted)
{
	gint64 silent_ms = old->now_ms - old->heard_ms;

	if (msg->seq <= old->their_status_seq || msg->u.status.st == HB_ST_DEAD)
		return;
	old->their_status_seq = msg->seq;
	if (restarted) {
		old->gave_up = FALSE;
		old306_rsc_other_restarted(old);
	} else if (old->their_st == HB_ST_DEAD) {
		/* the same life of a node that was given up: both start anew */
		say_stonith(old, "unneeded");
		if (!old->leaving && old->restart_ms == G_MAXINT64)
			old->restart_ms = old->now_ms + RESTART_MS;
		old->their_st = msg->u.status.st;
		old->heard_ms = old->now_ms;
		say_status(old);
	} else if (old->heard && silent_ms > (gint64)old->config->deadtime_ms && old->st == HB_ST_ACTIVE) {
		declare_dead(old);      /* the late-heartbeat trap: alive again with the same packet */
	}
	old->heard = TRUE;
	old->heard_ms = old->now_ms;
	old->their_st = msg->u.status.st;
	old->their_dt_ms = msg->u.status.deadtime_ms;
}

static void
on_rexmit(Old306 *old, const HbTyped *msg)
{
	for (guint64 seq = msg->u.range.first_seq; seq <= msg->u.range.last_seq; seq++) {
		const HbTyped *kept = old->history[seq % OLD306_HISTORY_MAX];
		HbTyped nak = { .type = HB_MSG_NS_NAK_REXMIT, .generation = old->generation };

		if (kept != NULL && kept->seq == seq) {
			write_out(old, kept);
			continue;
		}
		if (seq > old->seq)
			continue;
		g_strlcpy(nak.src, old->config->nodes[old->config->self].name, sizeof nak.src);
		g_strlcpy(nak.dest, msg->src, sizeof nak.dest);
		nak.u.range.first_seq = nak.u.range.last_seq = seq;
		write_out(old, &nak);
	}
}

static void
hear_addressed(Old306 *old, const HbTyped *msg, gboolean from_self)
{
	if (msg->dest[0] != '\0' && strcmp(msg->dest, old->config->nodes[old->config->self].name) != 0)
		return;
	if (!from_self && msg->type == HB_MSG_REQNODES)
		say_to_other(old, HB_MSG_REPNODES);
	else if (!from_self && msg->type == HB_MSG_REPNODES && old->st == HB_ST_UP)
		become_active(old);
	else if (!from_self && msg->type == HB_MSG_NS_REXMIT)
		on_rexmit(old, msg);
	else if (!from_self && msg->type == HB_MSG_SHUTDONE) {
		old->gave_up = TRUE;
		old306_rsc_take_over(old, TRUE);
	} else
		old306_rsc_hear(old, msg, from_self);
}

static gboolean
fill_gap(Old306 *old, guint64 seq)
{
	for (guint i = 0; i < OLD306_MISSING_MAX; i++)
		if (old->missing[i] == seq) {
			old->missing[i] = 0;
			return TRUE;
		}
	return FALSE;
}

/* Delivered at once whatever is missing before it (spec 5.3). */
static gboolean
take_number(Old306 *old, guint64 seq)
{
	guint64 last = old->last_seq;

	if (last != 0 && seq <= last)
		return seq < last && fill_gap(old, seq);
	old->last_seq = seq;
	for (guint64 s = last + 1; last != 0 && s < seq && seq - last <= GAP_MAX; s++)
		old->missing[s % OLD306_MISSING_MAX] = s;
	return TRUE;
}

static void
ask_for_missing(Old306 *old)
{
	for (guint i = 0; i < OLD306_MISSING_MAX; i++) {
		HbTyped msg = { .type = HB_MSG_NS_REXMIT, .generation = old->generation };

		if (old->missing[i] == 0)
			continue;
		g_strlcpy(msg.src, old->config->nodes[old->config->self].name, sizeof msg.src);
		g_strlcpy(msg.dest, old->config->nodes[old->other].name, sizeof msg.dest);
		msg.u.range.first_seq = msg.u.range.last_seq = old->missing[i];
		write_out(old, &msg);
	}
}

void
old306_packet(Old306 *old, const HbTyped *msg, gint64 now_ms)
{
	gboolean restarted = FALSE;

	old->now_ms = now_ms;
	if (!old->runs || msg->generation < old->their_generation)
		return;
	if (msg->generation > old->their_generation && msg->type == HB_MSG_STATUS) {
		restarted = TRUE;       /* or heard for the first time */
		old->their_generation = msg->generation;
		old->last_seq = old->their_status_seq = 0;
		memset(old->missing, 0, sizeof old->missing);
	}
	if (msg->type == HB_MSG_NS_NAK_REXMIT) {
		(void)fill_gap(old, msg->u.range.first_seq);
		return;
	}
	if (msg->seq != 0 && !take_number(old, msg->seq))
		return;
	if (msg->type == HB_MSG_STATUS)
		on_status(old, msg, restarted);
	else
		hear_addressed(old, msg, FALSE);
}

static void
end_process(Old306 *old)
{
	gboolean back = old->comes_back;

	old306_crash(old);      /* all of it is down already */
	if (back)
		old->back_ms = old->now_ms + old->config->deadtime_ms + SLEEP_MS;
}

void
old306_time(Old306 *old, gint64 now_ms)
{
	old->now_ms = now_ms;
	if (!old->runs) {
		if (old->back_ms <= now_ms)
			old306_boot(old, now_ms);
		return;
	}
	if (old->gone_ms <= now_ms) {
		end_process(old);
		return;
	}
	old306_rsc_jobs(old);
	if (old->next_poll_ms <= now_ms) {
		old->next_poll_ms = now_ms + POLL_MS;
		scan(old);
		ask_for_missing(old);
		try_to_settle(old);
		if (old->restart_ms <= now_ms) {
			old->restart_ms = G_MAXINT64;
			old->comes_back = !old->leaving;
			old->leaving = TRUE;
		}
		if (old->leaving && old->state != OLD306_SHUTDOWN && !old306_is_busy(old))
			old306_rsc_shutdown(old);
	}
	if (old->next_status_ms <= now_ms) {
		old306_rsc_tick(old);   /* its timers are looked at when a packet comes, and be it its own */
		say_status(old);
	}
}

gint64
old306_deadline_ms(const Old306 *old)
{
	if (!old->runs)
		return old->back_ms;
	return MIN(MIN(old->next_status_ms, old->next_poll_ms), MIN(old->gone_ms, old306_rsc_deadline_ms(old)));
}
