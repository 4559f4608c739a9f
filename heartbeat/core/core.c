/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/core.h"

#include <string.h>

#include "core/client.h"
#include "core/dispatch.h"
#include "core/fence.h"
#include "core/gone.h"
#include "core/group.h"
#include "core/link.h"
#include "core/member.h"
#include "core/node.h"
#include "core/rival.h"
#include "core/repair.h"
#include "core/standby.h"
#include "core/state.h"
#include "core/takeover.h"

#include "util/banned.h"

/* Decisions for one group in one step: each moves it one state on, and there are nine. */
#define DECISIONS_MAX 16

HbCore *
hb_core_new(void)
{
	return g_new0(HbCore, 1);
}

void
hb_core_free(HbCore *core)
{
	if (core == NULL)
		return;
	g_free(core->peer);
	g_free(core);
}

static void
on_start(HbCore *core, const HbEvent *event, HbEffects *fx)
{
	g_assert(core->config == NULL);
	core->config = event->u.start.config;
	hb_rng_init(&core->rng, event->u.start.seed);
	hb_sendq_init(&core->sendq, event->u.start.next_seq);
	core->compat.until_ms = core->compat.again_ms = G_MAXINT64;
	hb_member_start(core, event, fx);
	hb_link_init(core);
	for (guint g = 0; g < core->config->n_groups; g++)
		hb_group_init(core, g, &event->u.start.held[g], event->now_ms, fx);
}

/* Index of the group of @config that is the same to the letter, or -1. */
static int
same_group(const HbGroupConf *old, const HbConfig *config)
{
	for (guint g = 0; g < config->n_groups; g++) {
		const HbGroupConf *new = &config->groups[g];
		guint r = 0;

		if (new->id != old->id || new->n_resources != old->n_resources)
			continue;
		while (r < old->n_resources && strcmp(new->resources[r].token, old->resources[r].token) == 0)
			r++;
		return r == old->n_resources ? (int)g : -1;
	}
	return -1;
}

/* Nothing but nodes or keys is other than before. */
static gboolean
same_groups(const HbCore *core, const HbConfig *config)
{
	if (config->n_groups != core->config->n_groups)
		return FALSE;
	for (guint g = 0; g < config->n_groups; g++) {
		guint32 home_id = core->config->nodes[core->group[g].conf->home].id;

		if (same_group(core->group[g].conf, config) != (int)g ||
		    home_id != config->nodes[config->groups[g].home].id)
			return FALSE;
	}
	return TRUE;
}

const char *
hb_core_reload_blocked(const HbCore *core, const HbConfig *config)
{
	const char *why = hb_node_blocked(core, config);

	if (config->n_media != core->config->n_media || config->n_ping_nodes != core->config->n_ping_nodes)
		return "media were changed: that needs a restart";
	if (why != NULL || same_groups(core, config))
		return why;
	for (guint g = 0; g < core->config->n_groups; g++) {
		if (core->group[g].op != 0)
			return "a resource script is running: try again when it has ended";
		if (hb_group_may_run(core, g) && same_group(core->group[g].conf, config) < 0)
			return "a group that is active here was changed: move it away first (hb_standby)";
	}
	return NULL;
}

/* Groups that are the same go on untouched; new ones are looked at first. */
static void
take_groups(HbCore *core, guint n_old, gint64 now_ms, HbEffects *fx)
{
	g_autofree HbGroup *old = g_memdup2(core->group, sizeof core->group);
	const HbConfig *config = core->config;
	HbHeldGroup unknown = { .state = HB_HELD_UNKNOWN };

	for (guint i = 0; i < config->n_nodes; i++) {
		/* Numbers of groups may have changed: nothing is known until the next status. */
		memset(core->peer[i].word, 0, sizeof core->peer[i].word);
		for (guint g = 0; g < config->n_groups; g++)
			core->peer[i].word[g].known = core->peer[i].kind == HB_KIND_OURS;
	}
	memset(core->group, 0, sizeof core->group);
	for (guint o = 0; o < n_old; o++) {
		int g = same_group(old[o].conf, config);

		if (g < 0)
			continue;
		core->group[g] = old[o];
		core->group[g].conf = &config->groups[g];
	}
	for (guint g = 0; g < config->n_groups; g++)
		if (core->group[g].conf == NULL)
			hb_group_init(core, g, &unknown, now_ms, fx);
	hb_306_reloaded(core, now_ms, fx);
	hb_say(fx, HB_SAY_RELOADED, NULL, NULL, NULL, config->n_groups);
}

/* Another haresources, or other nodes. */
static void
on_reload(HbCore *core, const HbConfig *config, gint64 now_ms, HbEffects *fx)
{
	gboolean same = same_groups(core, config);
	guint n_old = core->config->n_groups;

	g_assert(hb_core_reload_blocked(core, config) == NULL);
	hb_node_retable(core, config, now_ms, fx);
	core->config = config;
	for (guint i = 0; i < config->n_ping_nodes; i++)
		core->ping[i].name = config->ping_nodes[i];
	if (same)
		for (guint g = 0; g < config->n_groups; g++)
			core->group[g].conf = &config->groups[g];
	else
		take_groups(core, n_old, now_ms, fx);
	core->say_now = TRUE;
}

static void
take_event(HbCore *core, const HbEvent *event, HbEffects *fx)
{
	switch (event->type) {
	case HB_EV_START:
		on_start(core, event, fx);
		break;
	case HB_EV_PACKET:
		hb_dispatch_packet(core, event->u.packet.medium, event->u.packet.msg, event->now_ms, fx);
		break;
	case HB_EV_MEDIUM:
		if (event->u.medium.state == HB_MEDIUM_DOWN)
			hb_link_medium_down(core, event->u.medium.medium, fx);
		else
			hb_link_medium_up(core, event->u.medium.medium, fx);
		break;
	case HB_EV_FIFO:
		hb_standby_fifo(core, event->u.fifo.msg, event->now_ms, fx);
		break;
	case HB_EV_CLIENT:
		hb_client_send(core, event->u.client.msg, event->now_ms, fx);
		break;
	case HB_EV_CHILD:
		hb_group_child(core, event->u.child.op, event->u.child.result, event->now_ms, fx);
		break;
	case HB_EV_RELOAD:
		on_reload(core, event->u.reload.config, event->now_ms, fx);
		break;
	case HB_EV_SHUTDOWN:
		hb_standby_shutdown(core, event->now_ms, fx);
		break;
	case HB_EV_FENCED:
		hb_fence_ended(core, event->u.fenced.op, event->u.fenced.verdict, event->now_ms, fx);
		break;
	case HB_EV_RESOURCE:
		hb_repair_heard(core, event->u.resource.group, event->u.resource.resource, event->u.resource.gone,
		                event->now_ms);
		if (event->u.resource.may_start)
			hb_group_may_start(core, event->u.resource.group, event->u.resource.resource, event->now_ms);
		break;
	case HB_EV_TIME:
		break;
	default:
		g_assert_not_reached();
	}
}

/* Who is there, may we act, then the groups: always in this order. */
static void
decide(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	hb_member_time(core, now_ms, fx);
	hb_link_time(core, now_ms, fx);
	hb_dispatch_time(core, now_ms, fx);
	hb_standby_step(core, now_ms, fx);
	hb_gone_step(core, fx);
	hb_fence_step(core, now_ms, fx);
	for (guint g = 0; g < core->config->n_groups; g++) {
		guint n = 0;

		hb_group_time(core, g, now_ms, fx);
		hb_rival_look(core, g);
		while (n < DECISIONS_MAX && hb_takeover_decide(core, g, now_ms, fx))
			n++;
		g_assert(n < DECISIONS_MAX);
	}
	hb_306_step(core, now_ms, fx);
	hb_client_tell_hold(core, fx);
	hb_member_say(core, now_ms, fx);
	hb_member_tell(core, fx);
}

void
hb_core_step(HbCore *core, const HbEvent *event, HbEffects *effects)
{
	g_assert(!core->in_step);
	g_assert(event->type > HB_EV_INVALID && event->type < HB_EV_N);
	g_assert((event->type == HB_EV_START) == (core->config == NULL));

	core->in_step = TRUE;
	core->now_ms = event->now_ms;
	core->n_out = 0;
	core->n_changes = 0;
	core->heard_beat = FALSE;
	effects->n = 0;
	/* The effects of a step speak of the configuration that is in force at its end: whatever a late turn gives up is given
	 * up under its new number, and whoever asked whether he may reload was answered for the state as it was. */
	if (event->type != HB_EV_START && event->type != HB_EV_RELOAD)
		hb_member_absence(core, event->now_ms, effects);
	take_event(core, event, effects);
	if (event->type == HB_EV_RELOAD)
		hb_member_absence(core, event->now_ms, effects);
	decide(core, event->now_ms, effects);
	core->wanted_ms = hb_core_deadline_ms(core);
	core->in_step = FALSE;
}

gint64
hb_core_deadline_ms(const HbCore *core)
{
	gint64 deadline_ms;

	if (core->exited)
		return G_MAXINT64;
	deadline_ms = hb_member_deadline_ms(core);
	deadline_ms = MIN(deadline_ms, hb_link_deadline_ms(core));
	deadline_ms = MIN(deadline_ms, hb_dispatch_deadline_ms(core));
	deadline_ms = MIN(deadline_ms, hb_takeover_deadline_ms(core));
	deadline_ms = MIN(deadline_ms, hb_standby_deadline_ms(core));
	deadline_ms = MIN(deadline_ms, hb_fence_deadline_ms(core));
	deadline_ms = MIN(deadline_ms, hb_306_deadline_ms(core));
	return MAX(deadline_ms, core->now_ms);
}
