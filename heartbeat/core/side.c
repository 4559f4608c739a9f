/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/side.h"

#include "core/gone.h"
#include "core/state.h"

#include "util/banned.h"

/* What a shot may take, from the order until nothing runs any more. */
#define SHOT_MS         3000
/* Who is probably the one that is cut off; and twice as long after each of the shots that did not help. */
#define WEAK_MS_MIN     30000
#define DOUBLINGS_MAX   5

/* Of the nodes that are not known to be down. Whoever was never heard may live, and count us for lost; whoever is heard by a
 * member is on its side, and on ours. */
typedef struct {
	guint n, n_ours, n_strange;     /* of the others: never heard since our start */
	guint32 lowest_id, our_lowest_id;
} Count;

/* By how much the verdicts of two halves may differ without either knowing it: two beats. */
static gint64
skew_ms(const HbConfig *config)
{
	return 2 * (gint64)config->keepalive_ms;
}

/*
 * Between two sides: their verdicts differ, a turn may come late, and a shot takes its time. Of two nodes each knows how long it had
 * not been heard by the other one (is_late); with more nodes the verdicts may be up to half a deadtime apart.
 */
static gint64
step_ms(const HbConfig *config)
{
	return (config->n_nodes > 2 ? (gint64)config->deadtime_ms / 2 : 0) + skew_ms(config) + SHOT_MS;
}

/*
 * Heard lately, here or by one who is heard lately: in a cut the verdicts come one after the other, and whoever has fallen
 * silent with the first one counts no more.
 */
static gboolean
is_in_touch(const HbCore *core, guint node)
{
	gint64 limit_ms = core->peer[node].deadtime_ms / 2;

	if (node == core->config->self)
		return TRUE;
	if (hb_node_is_member(core, node) && core->now_ms - core->peer[node].heard_ms <= limit_ms)
		return TRUE;
	for (guint i = 0; i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];
		gint64 age_ms = peer->hearsay[node].age_ms;

		if (i != core->config->self && hb_node_is_member(core, i) && age_ms >= 0 &&
		    age_ms + core->now_ms - peer->heard_ms <= limit_ms)
			return TRUE;
	}
	return FALSE;
}

static Count
count(const HbCore *core)
{
	Count count = { .lowest_id = G_MAXUINT32, .our_lowest_id = G_MAXUINT32 };

	for (guint i = 0; i < core->config->n_nodes; i++) {
		if (hb_gone_is_known(core, i))
			continue;
		count.n++;
		count.lowest_id = MIN(count.lowest_id, core->peer[i].id);
		if (!is_in_touch(core, i)) {
			count.n_strange += core->peer[i].generation == 0;
			continue;
		}
		count.n_ours++;
		count.our_lowest_id = MIN(count.our_lowest_id, core->peer[i].id);
	}
	return count;
}

/* Two sides have no node in common, so each has its own. */
static guint
rank(const HbCore *core, guint32 lowest_id)
{
	guint rank = 0;

	for (guint i = 0; i < core->config->n_nodes; i++)
		rank += core->peer[i].id < lowest_id;
	return rank;
}

/* Who needs the shot does not wait for a keepalive; each of the others would be enough. */
static gint64
turn_ms(const HbCore *core)
{
	gint64 turn_ms = core->config->keepalive_ms;

	for (guint i = 0; i < core->config->n_nodes; i++)
		if (hb_node_is_member(core, i) && core->peer[i].id < hb_self_id(core))
			turn_ms += step_ms(core->config);
	return turn_ms;
}

/* Does anything answer that is no node? Without ping nodes nobody knows. */
static gboolean
pings(const HbCore *core)
{
	for (guint i = 0; i < core->config->n_ping_nodes; i++)
		if (core->ping[i].up)
			return TRUE;
	return FALSE;
}

/*
 * Less than half; or alone with its opinion that the network is there; or half that has never met the other since its start, and
 * may come from a shot of it: two halves of a cut would shoot each other in turns. NULL: none of these.
 */
static const char *
why_weak(const HbCore *core, const Count *c)
{
	if (core->config->n_ping_nodes > 0 && !pings(core))
		return "no ping node answers: it may be this node that is cut off";
	if (2 * c->n_ours < c->n)
		return "less than half of the nodes are on this side: they may be cut off";
	if (2 * c->n_ours == c->n && c->n_strange > 0 && core->config->n_ping_nodes == 0)
		return "it has not heard the others since its start, and there is no ping node: it may be cut off itself";
	return NULL;
}

/* It shoots as soon as its deadtime has passed, and we are still the other half: it cannot be made to wait. */
static gboolean
is_306_lost(const HbCore *core)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (core->peer[i].kind == HB_KIND_306 && !hb_node_is_member(core, i) && !hb_gone_is_known(core, i))
			return TRUE;
	return FALSE;
}

/*
 * Of two nodes: the other one, if it lives, has missed us for so much longer than we have missed it that its shot may cross ours.
 */
static gboolean
is_late(const HbCore *core)
{
	for (guint i = 0; core->config->n_nodes == 2 && i < core->config->n_nodes; i++) {
		const HbPeer *peer = &core->peer[i];
		gint64 age_ms = peer->hearsay[core->config->self].age_ms;

		if (i != core->config->self && !hb_node_is_member(core, i) && peer->generation != 0 &&
		    (age_ms < 0 || age_ms + peer->excuse_ms > skew_ms(core->config)))
			return TRUE;
	}
	return FALSE;
}

static gint64
weak_ms(const HbCore *core)
{
	/* Longer than all steps of one round: sides that have shot more often do not meet those that have not. */
	gint64 round_ms = (1 + core->config->n_nodes) * step_ms(core->config);

	return MAX(WEAK_MS_MIN, round_ms) << MIN(core->n_shots, DOUBLINGS_MAX);
}

/* Who has heard none of the others since its start has waited for them all its initdead. */
static gint64
waited_ms(const HbCore *core, const Count *c)
{
	return !core->resumed && c->n_strange == c->n - c->n_ours ? core->config->initdead_ms : 0;
}

HbSide
hb_side_of(const HbCore *core)
{
	Count c = count(core);
	gint64 step = step_ms(core->config), turn = turn_ms(core);

	if (why_weak(core, &c) != NULL)
		return (HbSide){ .wait_ms = MAX(weak_ms(core) - waited_ms(core, &c), step) + step * rank(core, c.our_lowest_id),
			         .turn_ms = turn, .why = why_weak(core, &c) };
	if (2 * c.n_ours > c.n || (c.our_lowest_id == c.lowest_id && !is_306_lost(core) && !is_late(core)))
		return (HbSide){ .is_first = TRUE, .turn_ms = turn };
	return (HbSide){ .wait_ms = c.our_lowest_id == c.lowest_id && !is_306_lost(core) ? 2 * step : step, .turn_ms = turn,
		         .why = "the other half, if it lives, goes first" };
}

gboolean
hb_side_outnumbers(const HbCore *core, guint node)
{
	Count c = count(core);
	guint n_mutual = 0;

	/* Whoever does not hear us is not on our side: we may be the one that is mute. */
	for (guint i = 0; i < core->config->n_nodes; i++)
		n_mutual += i != node && !hb_gone_is_known(core, i) && is_in_touch(core, i) &&
		            (!hb_node_is_member(core, i) || core->peer[i].deaf_since_ms < 0);
	return why_weak(core, &c) == NULL && 2 * n_mutual > c.n;
}
