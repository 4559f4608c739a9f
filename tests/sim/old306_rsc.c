/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * old306_rsc.c - holdings, stand-by and scripts of a 3.0.6 node (doc/wire-protocol.md 7).
 *
 * It announces what it is about to have, not what it has. What the specification leaves open is chosen so:
 * a restart of the other node ends a hand-over like its death, but not the child that works for it, and no new one
 * begins before that child has ended; fail-back is due until one was done.
 */
#include <string.h>

#include "sim/old306.h"

#include "util/banned.h"

#define SETTLE_MS     10000
#define ANSWER_MS     10000
#define WORK_MS       3600000
#define FAILBACK_MS   1000
#define STATUS_MS     10        /* to find out that a group is up, or down, already */
#define LINGER_MS     2000      /* from shutdone to the end of the last process */

void
old306_rsc_init(Old306 *old)
{
	old->state = OLD306_INIT;
	old->settle_ms = old->until_ms = old->failback_ms = G_MAXINT64;
	old->mine = old->theirs = HB_HOLD_NONE;
	old->their_stable = old->was_dead = old->taking_over = FALSE;
	old->standby = OLD306_NOT;
	old->n_jobs = 0;
}

static HbHold
mirror(HbHold hold)
{
	return (hold & HB_HOLD_LOCAL ? HB_HOLD_FOREIGN : 0) | (hold & HB_HOLD_FOREIGN ? HB_HOLD_LOCAL : 0);
}

static void
say_resource(Old306 *old, HbStable stable, HbInfo info)
{
	HbTyped msg = { .type = HB_MSG_RESOURCE };

	msg.u.resource = (HbMsgResource){ .hold = old->mine, .full = TRUE, .stable = stable, .info = info };
	old306_send(old, &msg);
}

static void
say_settled(Old306 *old)
{
	say_resource(old, old->state == OLD306_STABLE ? HB_STABLE_YES : HB_STABLE_NO, HB_INFO_NONE);
}

static void
say_ask(Old306 *old, HbMsgType type, HbHold what, HbInfo info)
{
	HbTyped msg = { .type = type };

	msg.u.ask.hold = what;
	msg.u.ask.info = info;
	old306_send(old, &msg);
}

static void
say_ip(Old306 *old, HbMsgType type, guint g, guint dest, gboolean we_own)
{
	HbTyped msg = { .type = type };

	if (type == HB_MSG_IP_REQUEST_RESP)
		g_strlcpy(msg.dest, old->config->nodes[dest].name, sizeof msg.dest);
	g_strlcpy(msg.u.ip.key, old->config->groups[g].key, sizeof msg.u.ip.key);
	msg.u.ip.ok = TRUE;
	msg.u.ip.we_own = we_own;
	old306_send(old, &msg);
}

/* Jobs */

static gboolean
is_ours(const Old306 *old, guint g)
{
	return old->config->groups[g].home == old->config->self;
}

static gboolean
is_start(Old306JobKind kind)
{
	return kind == OLD306_JOB_OUR || kind == OLD306_JOB_MACH_DOWN || kind == OLD306_JOB_TAKE ||
	       kind == OLD306_JOB_IP_TAKE;
}

static Old306Job *
add_job(Old306 *old, Old306JobKind kind)
{
	Old306Job *job = &old->job[old->n_jobs++];

	g_assert(old->n_jobs <= OLD306_JOBS_MAX);
	*job = (Old306Job){ .kind = kind };
	return job;
}

static void
add_work(Old306 *old, Old306JobKind kind, HbHold what)
{
	Old306Job *job = add_job(old, kind);

	for (guint g = 0; g < old->config->n_groups; g++)
		if ((is_ours(old, g) ? HB_HOLD_LOCAL : HB_HOLD_FOREIGN) & what)
			job->group[job->n++] = g;
}

static void
add_group(Old306 *old, Old306JobKind kind, guint g)
{
	Old306Job *job = add_job(old, kind);

	job->group[job->n++] = g;
}

gboolean
old306_is_busy(const Old306 *old)
{
	return old->n_jobs != 0;
}

static void
begin_script(Old306 *old, Old306Job *job)
{
	guint g = job->group[job->at];
	gboolean nothing = is_start(job->kind) == old->may_run[g];

	if (!job->works)
		job->owned = FALSE;
	job->works = TRUE;
	job->owned |= old->may_run[g];
	job->ends_ms = old->now_ms + (nothing ? STATUS_MS : sim_rng_between(&old->rng, STATUS_MS, old->script_max_ms));
	if (is_start(job->kind))
		old->may_run[g] = TRUE;
	else
		old->is_up[g] = FALSE;
}

static void
end_script(Old306 *old, Old306Job *job)
{
	guint g = job->group[job->at++];

	job->works = FALSE;
	old->may_run[g] = old->is_up[g] = is_start(job->kind);
}

static void
end_of_shutdown(Old306 *old)
{
	HbTyped msg = { .type = HB_MSG_SHUTDONE };

	msg.u.status.st = HB_ST_DEAD;
	old306_send(old, &msg);
	old->gone_ms = old->now_ms + LINGER_MS;
}

static void
end_of_our(Old306 *old, const Old306Job *job)
{
	for (guint i = 0; i < job->n; i++)
		say_ip(old, HB_MSG_IP_REQUEST_RESP, job->group[i], old->config->self, TRUE);
	if (old306_is_nice(old))
		say_resource(old, HB_STABLE_YES, HB_INFO_REQ_OUR);
}

static void
end_of_mach_down(Old306 *old)
{
	HbTyped msg = { .type = HB_MSG_RESOURCE };

	if (!old306_is_nice(old))
		return;
	msg.u.resource = (HbMsgResource){ .hold = HB_HOLD_FOREIGN, .info = HB_INFO_MACH_DOWN };
	old306_send(old, &msg);
}

/* What the child says at its end; then the daemon, woken up by it, sends what is queued. */
static void
end_job(Old306 *old, const Old306Job *job)
{
	switch (job->kind) {
	case OLD306_JOB_OUR:
		end_of_our(old, job);
		break;
	case OLD306_JOB_MACH_DOWN:
		end_of_mach_down(old);
		break;
	case OLD306_JOB_GIVE:
	case OLD306_JOB_TAKE:
		if (old->standby != OLD306_NOT)
			say_ask(old, HB_MSG_ASK_RESOURCES, old->what, HB_INFO_DONE);
		break;
	case OLD306_JOB_SHUTDOWN:
		end_of_shutdown(old);
		break;
	case OLD306_JOB_IP_GIVE:
		say_ip(old, HB_MSG_IP_REQUEST_RESP, job->group[0], old->other, job->owned);
		break;
	case OLD306_JOB_IP_TAKE:
	default:
		break;
	}
	old306_flush(old);
}

/* What the daemon starts by itself works side by side, but after stops; what it was asked for begins alone. */
static gboolean
may_begin(const Old306 *old, guint which)
{
	Old306JobKind kind = old->job[which].kind;

	if (kind != OLD306_JOB_OUR && kind != OLD306_JOB_MACH_DOWN)
		return which == 0;
	for (guint j = 0; j < which; j++)
		if (!is_start(old->job[j].kind))
			return FALSE;
	return TRUE;
}

void
old306_rsc_jobs(Old306 *old)
{
	for (guint j = 0; j < old->n_jobs; j++) {
		Old306Job *job = &old->job[j], ended;

		job->begun = job->begun || may_begin(old, j);
		if (!job->begun)
			continue;
		if (job->works && job->ends_ms <= old->now_ms)
			end_script(old, job);
		if (job->works)
			continue;
		if (job->at < job->n) {
			begin_script(old, job);
			continue;
		}
		ended = *job;
		memmove(job, job + 1, (--old->n_jobs - j) * sizeof *job);
		end_job(old, &ended);
		j--;
	}
}

gint64
old306_rsc_deadline_ms(const Old306 *old)
{
	gint64 deadline_ms = G_MAXINT64;

	for (guint j = 0; j < old->n_jobs; j++) {
		const Old306Job *job = &old->job[j];

		if (job->begun || may_begin(old, j))
			deadline_ms = MIN(deadline_ms, job->works ? job->ends_ms : old->now_ms);
	}
	return deadline_ms;
}

/* Start, end, death */

void
old306_rsc_active(Old306 *old)
{
	HbTyped msg = { .type = HB_MSG_STARTING };

	if (old306_is_nice(old)) {
		old306_send(old, &msg);
		old->state = OLD306_STARTING;
		return;
	}
	if (old->their_st == HB_ST_DEAD)
		return;                 /* the take-over that follows includes its own */
	if (old->their_st != HB_ST_ACTIVE) {
		add_work(old, OLD306_JOB_OUR, HB_HOLD_LOCAL);
		return;
	}
	for (guint g = 0; g < old->config->n_groups; g++)
		if (is_ours(old, g))
			say_ip(old, HB_MSG_IP_REQUEST, g, old->other, FALSE);
}

void
old306_rsc_shutdown(Old306 *old)
{
	old->standby = OLD306_NOT;
	old->mine = HB_HOLD_NONE;
	if (old306_is_nice(old))
		say_resource(old, HB_STABLE_NO, HB_INFO_SHUTDOWN);
	old->state = OLD306_SHUTDOWN;
	old306_flush(old);
	add_work(old, OLD306_JOB_SHUTDOWN, HB_HOLD_ALL);
}

void
old306_rsc_take_over(Old306 *old, gboolean said_bye)
{
	HbHold lacking = HB_HOLD_ALL & ~old->mine;

	if (old->st != HB_ST_ACTIVE || old->leaving)
		return;
	old->theirs = HB_HOLD_NONE;
	old->their_stable = FALSE;
	old->was_dead = TRUE;
	old->standby = OLD306_NOT;
	if (old306_is_nice(old)) {
		old->mine = HB_HOLD_ALL;
		old->taking_over = TRUE;
		if (said_bye && lacking != HB_HOLD_NONE) {
			old->standby = OLD306_DONE;
			old->gives = FALSE;
			old->what = HB_HOLD_ALL;
			old->until_ms = old->now_ms + WORK_MS;
			add_work(old, OLD306_JOB_TAKE, lacking);
		}
	}
	add_work(old, OLD306_JOB_OUR, HB_HOLD_LOCAL);
	add_work(old, OLD306_JOB_MACH_DOWN, HB_HOLD_FOREIGN);
}

void
old306_rsc_other_restarted(Old306 *old)
{
	old->their_stable = FALSE;
	old->standby = OLD306_NOT;
}

/* Settling */

static void
settle(Old306 *old)
{
	gboolean acquires = !(old->theirs & HB_HOLD_FOREIGN) && !(old->mine & HB_HOLD_LOCAL);

	old->settle_ms = G_MAXINT64;
	old->state = OLD306_STABLE;
	if (acquires)
		old->mine |= HB_HOLD_LOCAL;
	say_resource(old, HB_STABLE_YES, HB_INFO_NONE);
	if (acquires)
		add_work(old, OLD306_JOB_OUR, HB_HOLD_LOCAL);
}

static gboolean
hands_over(const Old306 *old)
{
	for (guint j = 0; j < old->n_jobs; j++)
		if (old->job[j].kind == OLD306_JOB_GIVE || old->job[j].kind == OLD306_JOB_TAKE)
			return TRUE;
	return old->standby != OLD306_NOT;
}

static void
try_failback(Old306 *old)
{
	if (old->config->failback != HB_FAILBACK_ON || !old->was_dead || !(old->mine & HB_HOLD_FOREIGN) ||
	    hands_over(old) || !old->their_stable || old->state != OLD306_STABLE || old->leaving ||
	    old->taking_over)
		return;
	say_ask(old, HB_MSG_ASK_RESOURCES, HB_HOLD_FOREIGN, HB_INFO_ME);
}

static void
on_resource(Old306 *old, const HbMsgResource *resource, gboolean from_self)
{
	if (from_self && resource->info == HB_INFO_MACH_DOWN) {
		old->mine |= HB_HOLD_FOREIGN;
		old->taking_over = FALSE;
	}
	if (old->state == OLD306_STARTING || old->state == OLD306_BOTHSTARTING) {
		old->state = OLD306_RSCRCVD;
		old->settle_ms = old->now_ms + SETTLE_MS;
	}
	if (from_self)
		return;
	old->theirs = resource->full ? resource->hold : (old->theirs | resource->hold);
	if (resource->stable == HB_STABLE_NO)
		old->their_stable = FALSE;
	if (resource->stable != HB_STABLE_YES || old->state == OLD306_INIT)
		return;
	if (!old->their_stable) {
		old->their_stable = TRUE;
		if (old->state != OLD306_SHUTDOWN)
			say_settled(old);
		try_failback(old);
	}
	if (old->state == OLD306_RSCRCVD)
		settle(old);
}

static void
on_starting(Old306 *old)
{
	if (old->state == OLD306_INIT)
		return;
	old->their_stable = FALSE;
	say_settled(old);
	if (old->state == OLD306_STARTING)
		old->state = OLD306_BOTHSTARTING;
}

/* Stand-by: the same words make the giver and the taker move on */

static void
on_me(Old306 *old, HbHold what, gboolean from_self)
{
	if (old->leaving || hands_over(old) || !old->their_stable || old->state != OLD306_STABLE ||
	    old->taking_over)
		return;
	old->what = what;
	old->gives = from_self;
	old->standby = from_self ? OLD306_ME : OLD306_OTHER;
	old->until_ms = old->now_ms + (from_self ? ANSWER_MS : WORK_MS);
	if (!from_self)
		say_ask(old, HB_MSG_ASK_RESOURCES, what, HB_INFO_OTHER);
}

static void
on_other(Old306 *old, gboolean from_self)
{
	if (from_self || old->standby != OLD306_ME || old->until_ms > old->now_ms + ANSWER_MS)
		return;
	old->until_ms = old->now_ms + WORK_MS;
	old->mine &= ~old->what;
	say_resource(old, HB_STABLE_NO, HB_INFO_STANDBY);
	add_work(old, OLD306_JOB_GIVE, old->what);
}

static void
on_done(Old306 *old, gboolean from_self)
{
	if (from_self && old->standby == OLD306_ME) {
		old->standby = OLD306_DONE;
	} else if (from_self && old->standby == OLD306_DONE && !old->gives) {
		old->mine |= mirror(old->what);
		old->standby = OLD306_NOT;
		say_settled(old);
	} else if (!from_self && old->standby == OLD306_OTHER) {
		old->standby = OLD306_DONE;
		add_work(old, OLD306_JOB_TAKE, mirror(old->what));
	} else if (!from_self && old->standby == OLD306_DONE && old->gives) {
		old->standby = OLD306_NOT;
		old->was_dead = FALSE;
		say_settled(old);
		say_settled(old);
	}
}

static void
on_ask_resources(Old306 *old, const HbMsgAsk *ask, gboolean from_self)
{
	if (!old306_is_nice(old))
		return;
	if (ask->info == HB_INFO_ME)
		on_me(old, ask->hold, from_self);
	else if (ask->info == HB_INFO_OTHER)
		on_other(old, from_self);
	else if (ask->info == HB_INFO_DONE)
		on_done(old, from_self);
}

static void
on_ip(Old306 *old, const HbTyped *msg)
{
	for (guint g = 0; g < old->config->n_groups; g++)
		if (strcmp(old->config->groups[g].key, msg->u.ip.key) == 0 && !old->leaving) {
			add_group(old, msg->type == HB_MSG_IP_REQUEST ? OLD306_JOB_IP_GIVE : OLD306_JOB_IP_TAKE, g);
			return;
		}
}

void
old306_rsc_hear(Old306 *old, const HbTyped *msg, gboolean from_self)
{
	if (old306_is_nice(old) && msg->type == HB_MSG_STARTING && !from_self)
		on_starting(old);
	else if (old306_is_nice(old) && msg->type == HB_MSG_RESOURCE)
		on_resource(old, &msg->u.resource, from_self);
	else if (msg->type == HB_MSG_ASK_RESOURCES)
		on_ask_resources(old, &msg->u.ask, from_self);
	else if (!from_self && msg->type == HB_MSG_HB_TAKEOVER)
		say_ask(old, HB_MSG_ASK_RESOURCES, mirror(msg->u.ask.hold), HB_INFO_ME);
	else if (!from_self && !old306_is_nice(old) &&
	         (msg->type == HB_MSG_IP_REQUEST || msg->type == HB_MSG_IP_REQUEST_RESP))
		on_ip(old, msg);
}

void
old306_standby(Old306 *old, HbHold what, gint64 now_ms)
{
	old->now_ms = now_ms;
	if (old->runs)
		say_ask(old, HB_MSG_ASK_RESOURCES, what, HB_INFO_ME);
}

void
old306_takeover(Old306 *old, HbHold what, gint64 now_ms)
{
	old->now_ms = now_ms;
	if (old->runs)
		say_ask(old, HB_MSG_HB_TAKEOVER, what, HB_INFO_NONE);
}

void
old306_rsc_tick(Old306 *old)
{
	if (old->settle_ms <= old->now_ms && old->state == OLD306_RSCRCVD)
		settle(old);
	if (old->standby != OLD306_NOT && old->until_ms <= old->now_ms) {
		old->standby = OLD306_NOT;
		old->their_stable = TRUE;
	}
	if (old->failback_ms > old->now_ms && old->failback_ms != G_MAXINT64)
		return;
	old->failback_ms = old->now_ms + FAILBACK_MS;
	try_failback(old);
}
