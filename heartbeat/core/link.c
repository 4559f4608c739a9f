/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/link.h"

#include <string.h>

#include "core/state.h"

#include "util/banned.h"

void
hb_link_init(HbCore *core)
{
	for (guint m = 0; m < core->config->n_media; m++) {
		const char *words = core->config->media[m].words;
		gsize len = strcspn(words, " \t");

		g_strlcpy(core->link_name[m], words, MIN(len + 1, sizeof core->link_name[m]));
	}
}

void
hb_link_tell(const char *node, const char *name, gboolean up, HbEffects *fx)
{
	HbEffect *effect = hb_effects_add(fx, HB_FX_LINK);

	effect->u.link.node = node;
	effect->u.link.name = name;
	effect->u.link.up = up;
}

void
hb_link_heard(HbCore *core, guint node, guint medium, gint64 now_ms, HbEffects *fx)
{
	HbLink *link = &core->peer[node].link[medium];

	link->heard_ms = now_ms;
	if (link->up)
		return;
	link->up = TRUE;
	hb_say(fx, HB_SAY_LINK_UP, core->peer[node].name, NULL, core->link_name[medium], 0);
	hb_link_tell(core->peer[node].name, core->link_name[medium], TRUE, fx);
}

static void
die(HbCore *core, guint node, guint medium, HbEffects *fx)
{
	core->peer[node].link[medium].up = FALSE;
	hb_say(fx, HB_SAY_LINK_DEAD, core->peer[node].name, NULL, core->link_name[medium], 0);
	hb_link_tell(core->peer[node].name, core->link_name[medium], FALSE, fx);
}

static gboolean
carries_heartbeats(const HbCore *core, guint medium)
{
	return strncmp(core->config->media[medium].kind, "ping", strlen("ping")) != 0;
}

void
hb_link_medium_up(HbCore *core, guint medium, HbEffects *fx)
{
	HbPeer *self = hb_self(core);

	if (self->link[medium].up || !carries_heartbeats(core, medium))
		return;
	self->link[medium].up = TRUE;
	self->link[medium].heard_ms = core->now_ms;
	hb_link_tell(self->name, core->link_name[medium], TRUE, fx);
}

void
hb_link_medium_down(HbCore *core, guint medium, HbEffects *fx)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (core->peer[i].link[medium].up)
			die(core, i, medium, fx);
}

/* What we send does not come back by every medium: our own links end with the medium alone. */
static gint64
dies_ms(const HbCore *core, guint node, guint medium)
{
	const HbPeer *peer = &core->peer[node];
	const HbLink *link = &peer->link[medium];

	return link->up && node != core->config->self ? link->heard_ms + peer->deadtime_ms + peer->excuse_ms : G_MAXINT64;
}

void
hb_link_time(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		for (guint m = 0; m < core->config->n_media; m++)
			if (dies_ms(core, i, m) <= now_ms)
				die(core, i, m, fx);
}

gint64
hb_link_deadline_ms(const HbCore *core)
{
	gint64 deadline_ms = G_MAXINT64;

	for (guint i = 0; i < core->config->n_nodes; i++)
		for (guint m = 0; m < core->config->n_media; m++)
			deadline_ms = MIN(deadline_ms, dies_ms(core, i, m));
	return deadline_ms;
}
