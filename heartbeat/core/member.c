/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/member.h"

#include <string.h>

#include "core/fence.h"
#include "core/gone.h"
#include "core/group.h"
#include "core/link.h"
#include "core/standby.h"
#include "core/state.h"
#include "core/status.h"
#include "core/unheard.h"

#include "util/banned.h"

/* A turn that comes this much too late was an absence; less is the ordinary noise of a busy machine. */
#define LATE_MIN_MS 10
#define DRAIN_MS 10
#define ABSENCES_WITHIN_MS 60000

#define MIN3(a, b, c) MIN(MIN(a, b), c)

int
hb_peer_index(const HbCore *core, guint32 id)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (core->peer[i].id == id)
			return (int)i;
	return -1;
}

gboolean
hb_node_is_member(const HbCore *core, guint node)
{
	return node == core->config->self || hb_peer_is_alive(core->peer[node].state);
}

void
hb_member_forget_hearsay(HbPeer *peer)
{
	for (guint i = 0; i < HB_NODES_MAX; i++)
		peer->hearsay[i] = (HbHearsay){ .age_ms = -1 };
}

gboolean
hb_member_is_vouched(const HbCore *core, guint node)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && i != node && hb_peer_is_alive(core->peer[i].state) &&
		    core->peer[i].hearsay[node].age_ms >= 0)
			return TRUE;
	return FALSE;
}

void
hb_member_new_peer(HbCore *core, HbPeer *peer, guint32 id, gint64 now_ms)
{
	peer->id = id;
	peer->state = HB_PEER_SILENT;
	peer->kind = HB_KIND_UNKNOWN;
	peer->heard_ms = now_ms;
	peer->deadtime_ms = core->config->deadtime_ms;
	peer->deaf_since_ms = -1;
	peer->vouched.heard_ms = -1;
	hb_member_forget_hearsay(peer);
	peer->ack_trigger = hb_rng_below(&core->rng, 10);
	for (guint m = 0; m < HB_MEDIA_MAX; m++)
		peer->link[m].heard_ms = -1;
}

/*
 * Who was silent for as long as others need to take what we are not known to have may find that they have it: they are listened to
 * before anything is started, were they down before or not.
 */
static gint64
listens_until_ms(const HbCore *core, const HbEvent *event)
{
	const HbConfig *config = event->u.start.config;
	gint64 absent_ms = event->u.start.absent_ms;

	if (!event->u.start.resumed || absent_ms + config->keepalive_ms < config->deadtime_ms)
		return 0;
	return core->start_ms + MIN(absent_ms, (gint64)config->deadtime_ms);
}

void
hb_member_start(HbCore *core, const HbEvent *event, HbEffects *fx)
{
	const HbConfig *config = event->u.start.config;

	core->generation = event->u.start.generation;
	memcpy(core->uuid, event->u.start.uuid, HB_UUID_LEN);
	core->resumed = event->u.start.resumed;
	core->n_shots = event->u.start.n_shots;
	core->start_ms = event->now_ms;
	core->hold_until_ms = listens_until_ms(core, event);
	core->speaking_since_ms = event->now_ms;
	core->speaking_seq = event->u.start.next_seq;
	for (guint i = 0; i < HB_ABSENCES_MAX; i++)
		core->absence_ms[i] = G_MININT64 / 2;
	core->next_status_ms = event->now_ms;
	core->wanted_ms = event->now_ms;
	core->peer = g_new0(HbPeer, config->n_nodes);
	for (guint i = 0; i < config->n_nodes; i++) {
		core->peer[i].name = config->nodes[i].name;
		hb_member_new_peer(core, &core->peer[i], config->nodes[i].id, event->now_ms);
	}
	core->peer[config->self].state = HB_PEER_ALIVE;
	core->peer[config->self].kind = HB_KIND_OURS;
	memcpy(core->peer[config->self].uuid, core->uuid, HB_UUID_LEN);
	for (guint i = 0; i < config->n_ping_nodes; i++)
		core->ping[i] = (HbPingNode){ .name = config->ping_nodes[i], .heard_ms = -1 };
	core->st = core->resumed ? HB_ST_ACTIVE : HB_ST_INIT;
	hb_gone_start(core, event->u.start.gone, fx);
	if (core->resumed)
		hb_effects_add(fx, HB_FX_SETTLED);
}

static void
tell_dead(const char *name, gboolean is_ping, HbEffects *fx)
{
	HbEffect *effect = hb_effects_add(fx, HB_FX_NODE_DEAD);

	effect->u.node_dead.name = name;
	effect->u.node_dead.is_ping = is_ping;
}

static void
change(HbCore *core, guint node, HbPeerEvent event, gint64 now_ms, HbEffects *fx)
{
	HbPeer *peer = &core->peer[node];

	switch (hb_peer_step(&peer->state, event)) {
	case HB_PEER_GOT_UP:
		hb_gone_clear(core, node);
		peer->since_seq = core->sendq.next;
		hb_sendq_forget_node(&core->sendq, node);
		break;
	case HB_PEER_GOT_LATE:
		hb_say(fx, HB_SAY_NODE_LATE, peer->name, NULL, NULL, now_ms - peer->heard_ms);
		break;
	case HB_PEER_DIED:
		hb_say(fx, HB_SAY_NODE_DEAD, peer->name, NULL, NULL, now_ms - peer->heard_ms);
		peer->st = HB_ST_DEAD;
		tell_dead(peer->name, FALSE, fx);
		peer->untold = TRUE;
		peer->deaf_since_ms = -1;
		hb_order_reset(&peer->order);
		hb_306_died(core, node, now_ms, fx);
		hb_fence_died(core, node, fx);
		core->say_now = TRUE;
		break;
	case HB_PEER_CAME_BACK:
		hb_gone_clear(core, node);
		peer->since_seq = core->sendq.next;
		hb_say(fx, HB_SAY_NODE_RETURNED, peer->name, NULL, NULL, 0);
		for (guint g = 0; g < core->config->n_groups; g++)
			core->group[g].doubted = core->group[g].state == HB_GROUP_UP;
		core->say_now = TRUE;
		break;
	case HB_PEER_LEFT_NOW:
		hb_say(fx, HB_SAY_NODE_LEFT, peer->name, NULL, NULL, 0);
		hb_gone_set(core, node, HB_FATE_LEFT, peer->generation);
		break;
	case HB_PEER_NOTHING:
	case HB_PEER_GOT_BETTER:
		break;
	}
}

void
hb_member_heard(HbCore *core, guint node, gboolean restarted, gint64 now_ms, HbEffects *fx)
{
	HbPeer *peer = &core->peer[node];

	change(core, node, restarted ? HB_PEER_RESTARTED : HB_PEER_HEARD, now_ms, fx);
	/* A shot at one that was heard, and is heard on, has not hit. */
	if (hb_peer_is_alive(peer->state) && hb_gone_is_known(core, node) &&
	    now_ms > peer->gone.since_ms + (gint64)core->config->keepalive_ms)
		hb_gone_clear(core, node);
	peer->heard_ms = now_ms;
	peer->excuse_ms = 0;
	peer->excused_ms = 0;
	core->heard_beat = TRUE;
}

void
hb_member_said_bye(HbCore *core, guint node, HbEffects *fx)
{
	change(core, node, HB_PEER_SAID_BYE, 0, fx);
}

void
hb_member_ping_heard(HbCore *core, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	for (guint i = 0; i < core->config->n_ping_nodes; i++) {
		HbPingNode *ping = &core->ping[i];

		if (strcmp(ping->name, msg->src) != 0)
			continue;
		ping->heard_ms = now_ms;
		if (!ping->up) {
			hb_say(fx, HB_SAY_PING_UP, ping->name, NULL, NULL, 0);
			hb_link_tell(ping->name, ping->name, TRUE, fx);
		}
		hb_deliver(NULL, msg, ping->up ? HB_TREAT_NO_CHANGE : HB_TREAT_KEEP, fx);
		ping->up = TRUE;
		return;
	}
}

static gint64
ping_dies_ms(const HbCore *core, guint i)
{
	return core->ping[i].up ? core->ping[i].heard_ms + core->config->deadping_ms : G_MAXINT64;
}

static gint64
late_ms(const HbCore *core, guint node)
{
	const HbPeer *peer = &core->peer[node];

	if (node == core->config->self || peer->state != HB_PEER_ALIVE)
		return G_MAXINT64;
	return peer->heard_ms + core->config->warntime_ms;
}

/* Absent again and again: whoever is here all the time serves better. */
static void
count_absence(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	gint64 *oldest_ms = &core->absence_ms[core->n_absences++ % HB_ABSENCES_MAX];
	gboolean too_many = now_ms - *oldest_ms < ABSENCES_WITHIN_MS;

	*oldest_ms = now_ms;
	if (!too_many)
		return;
	hb_say(fx, HB_SAY_UNRELIABLE, NULL, NULL, NULL, HB_ABSENCES_MAX + 1);
	hb_standby_give_away(core, now_ms, fx);
}

/* When the silence of a node becomes its death; before we are operational initdead holds. */
static gint64
dies_ms(const HbCore *core, guint node)
{
	const HbPeer *peer = &core->peer[node];

	if (node == core->config->self || peer->state == HB_PEER_DEAD || peer->state == HB_PEER_LEFT)
		return G_MAXINT64;
	/* One that was added while we run has its deadtime from then on. */
	if (peer->state == HB_PEER_SILENT && !core->resumed)
		return MAX(core->start_ms + (gint64)core->config->initdead_ms, peer->heard_ms + (gint64)peer->deadtime_ms) +
		       peer->excuse_ms;
	return peer->heard_ms + peer->deadtime_ms + peer->excuse_ms;
}

/*
 * What a node said while we were away may still lie in the sockets, or was dropped there: from now on it
 * has as long as we were away to be heard, one deadtime at the most in one silence, but always long enough to read the sockets.
 */
static void
excuse(HbCore *core, guint node, gint64 absent_ms, gint64 now_ms)
{
	HbPeer *peer = &core->peer[node];
	gint64 grace_ms = MIN(absent_ms, (gint64)peer->deadtime_ms - peer->excused_ms);
	gint64 verdict_ms = dies_ms(core, node);

	if (verdict_ms == G_MAXINT64)
		return;
	if (verdict_ms <= now_ms)
		peer->excuse_ms += now_ms - verdict_ms + MAX(grace_ms, DRAIN_MS);
	else
		peer->excuse_ms += grace_ms;
	peer->excused_ms = MIN(peer->excused_ms + grace_ms, (gint64)peer->deadtime_ms);
}

/*
 * This process did not run when it wanted to. The others are excused for as long; whatever we hold is doubtful when
 * they had reason to give us up, and what we asked for has to be asked again: their leave may be old.
 */
void
hb_member_absence(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	gint64 absent_ms = now_ms - core->wanted_ms;

	if (core->wanted_ms == G_MAXINT64 || absent_ms < LATE_MIN_MS)
		return;
	for (guint i = 0; i < core->config->n_nodes; i++)
		excuse(core, i, absent_ms, now_ms);
	if (absent_ms < (gint64)core->config->keepalive_ms / 2)
		return;
	core->late_turns++;
	/* Nobody can have heard what we did not say meanwhile. */
	for (guint i = 0; i < core->config->n_nodes; i++)
		core->peer[i].deaf_from_ms += absent_ms;
	core->speaking_since_ms = now_ms;
	core->speaking_seq = core->sendq.next;
	/* The backlog in the sockets is old news: nothing is started on it. */
	core->hold_until_ms = now_ms + MIN(absent_ms, (gint64)core->config->deadtime_ms);
	hb_say(fx, HB_SAY_WAS_ABSENT, NULL, NULL, NULL, absent_ms);
	for (guint g = 0; g < core->config->n_groups; g++) {
		/* What is down, or on its way down, asks anew: the right to try again is as old as the rest. */
		core->group[g].retry_start = FALSE;
		if (core->group[g].state == HB_GROUP_ASKING ||
		    (core->group[g].state == HB_GROUP_STARTING && core->group[g].op == 0))
			hb_group_release(core, g, "this process was absent", now_ms, fx);
	}
	/* Silent from one keepalive before: the others may count from there. */
	if (absent_ms + core->config->keepalive_ms < core->config->deadtime_ms)
		return;
	for (guint g = 0; g < core->config->n_groups; g++)
		if (core->group[g].state == HB_GROUP_UP || core->group[g].state == HB_GROUP_STARTING) {
			core->group[g].tainted = TRUE;
			core->group[g].tainted_ms = now_ms;
			core->say_now = TRUE;
		}
	count_absence(core, now_ms, fx);
}

/* The doubt ends when every member has answered to what we said since (a rival is dealt with in takeover.c), or stays silent. */
static void
end_of_doubt(HbCore *core, gint64 now_ms)
{
	gboolean all_spoke = TRUE;

	for (guint i = 0; i < core->config->n_nodes; i++)
		if (i != core->config->self && hb_node_is_member(core, i) &&
		    core->peer[i].kind == HB_KIND_OURS && core->peer[i].echo_seq < core->speaking_seq)
			all_spoke = FALSE;
	for (guint g = 0; g < core->config->n_groups; g++) {
		HbGroup *group = &core->group[g];

		if (!group->tainted || group->contested ||
		    (!all_spoke && now_ms < group->tainted_ms + core->config->deadtime_ms))
			continue;
		group->tainted = FALSE;
		core->say_now = TRUE;
	}
}

static void
set_st(HbCore *core, HbNodeSt st, const char *name, HbEffects *fx)
{
	core->st = st;
	core->say_now = TRUE;
	hb_say(fx, HB_SAY_LOCAL_STATUS, NULL, NULL, name, 0);
}

/* Where others may join it is not known whom to wait for. */
static gint64
joined_ms(const HbCore *core)
{
	if (core->config->autojoin == HB_AUTOJOIN_NONE || core->st != HB_ST_UP)
		return core->start_ms;
	return core->start_ms + core->config->initdead_ms;
}

gint64
hb_member_settles_in_ms(const HbCore *core, gint64 now_ms)
{
	gint64 last_ms = joined_ms(core);

	for (guint i = 0; i < core->config->n_nodes; i++)
		if (core->peer[i].state == HB_PEER_SILENT)
			last_ms = MAX(last_ms, dies_ms(core, i));
	return MAX(last_ms - now_ms, 0);
}

/* Operational as soon as every configured node was heard or is given up. */
static void
try_to_settle(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	if (core->st != HB_ST_UP || now_ms < joined_ms(core))
		return;
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (core->peer[i].state == HB_PEER_SILENT)
			return;
	set_st(core, HB_ST_ACTIVE, "active", fx);
	hb_effects_add(fx, HB_FX_SETTLED);
	hb_306_settled(core, now_ms, fx);
}

/* When clients are told that a node is dead which has said good-bye: it may still have clients to say so. */
static gint64
left_is_dead_ms(const HbPeer *peer)
{
	if (peer->state != HB_PEER_LEFT || peer->st == HB_ST_DEAD)
		return G_MAXINT64;
	return peer->heard_ms + peer->deadtime_ms + peer->excuse_ms;
}

void
hb_member_time(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		if (left_is_dead_ms(&core->peer[i]) <= now_ms) {
			core->peer[i].st = HB_ST_DEAD;
			tell_dead(core->peer[i].name, FALSE, fx);
		}
		if (late_ms(core, i) <= now_ms)
			change(core, i, HB_PEER_WARNTIME, now_ms, fx);
		if (dies_ms(core, i) <= now_ms)
			change(core, i, HB_PEER_DEADTIME, now_ms, fx);
	}
	for (guint i = 0; i < core->config->n_ping_nodes; i++)
		if (ping_dies_ms(core, i) <= now_ms) {
			core->ping[i].up = FALSE;
			core->ping[i].untold = TRUE;
			hb_say(fx, HB_SAY_PING_DEAD, core->ping[i].name, NULL, NULL, 0);
			tell_dead(core->ping[i].name, TRUE, fx);
			hb_link_tell(core->ping[i].name, core->ping[i].name, FALSE, fx);
		}
	end_of_doubt(core, now_ms);
	hb_unheard_look(core, now_ms, fx);
	try_to_settle(core, now_ms, fx);
}

/* As 3.0.6 makes it up: nobody has sent it. */
static void
tell_death(HbCore *core, const char *name, guint64 generation, gboolean is_ping, HbEffects *fx)
{
	HbTyped *msg = hb_outbox_new(core, HB_MSG_STATUS, NULL);

	g_strlcpy(msg->src, name, sizeof msg->src);
	msg->generation = MAX(generation, 1);
	msg->seq = 1;
	msg->u.status = (HbMsgStatus){ .st = HB_ST_DEAD, .deadtime_ms = core->config->deadtime_ms, .of_ping_node = is_ping };
	hb_notify_rc(core, msg, fx);
}

void
hb_member_tell(HbCore *core, HbEffects *fx)
{
	for (guint i = 0; i < core->config->n_nodes; i++) {
		if (core->peer[i].untold)
			tell_death(core, core->peer[i].name, core->peer[i].generation, FALSE, fx);
		core->peer[i].untold = FALSE;
	}
	for (guint i = 0; i < core->config->n_ping_nodes; i++) {
		if (core->ping[i].untold)
			tell_death(core, core->ping[i].name, 0, TRUE, fx);
		core->ping[i].untold = FALSE;
	}
}

void
hb_member_say(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	if (core->exited)
		return;
	if (core->st == HB_ST_INIT) {   /* spec: init once, then up at once */
		hb_status_send(core, now_ms, fx);
		set_st(core, HB_ST_UP, "up", fx);
	}
	if (hb_status_is_due(core, now_ms))
		hb_status_send(core, now_ms, fx);
}

gint64
hb_member_deadline_ms(const HbCore *core)
{
	gint64 deadline_ms = core->next_status_ms;

	if (core->st == HB_ST_UP && joined_ms(core) > core->now_ms)
		deadline_ms = MIN(deadline_ms, joined_ms(core));
	for (guint i = 0; i < core->config->n_nodes; i++)
		deadline_ms = MIN(deadline_ms, MIN3(dies_ms(core, i), late_ms(core, i),
		                                    left_is_dead_ms(&core->peer[i])));
	for (guint i = 0; i < core->config->n_ping_nodes; i++)
		deadline_ms = MIN(deadline_ms, ping_dies_ms(core, i));
	for (guint g = 0; g < core->config->n_groups; g++)
		if (core->group[g].tainted && !core->group[g].contested)
			deadline_ms = MIN(deadline_ms, core->group[g].tainted_ms + core->config->deadtime_ms);
	return deadline_ms;
}
