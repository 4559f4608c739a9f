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
hb_link_heard(HbCore *core, guint node, guint medium, gint64 now_ms, HbEffects *fx)
{
	HbLink *link = &core->peer[node].link[medium];

	link->heard_ms = now_ms;
	if (link->up)
		return;
	link->up = TRUE;
	hb_say(fx, HB_SAY_LINK_UP, core->peer[node].name, NULL, core->link_name[medium], 0);
}

static void
die(HbCore *core, guint node, guint medium, HbEffects *fx)
{
	core->peer[node].link[medium].up = FALSE;
	hb_say(fx, HB_SAY_LINK_DEAD, core->peer[node].name, NULL, core->link_name[medium], 0);
}

void
hb_link_medium_down(HbCore *core, guint medium, HbEffects *fx)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (core->peer[i].link[medium].up)
			die(core, i, medium, fx);
}

static gint64
dies_ms(const HbPeer *peer, const HbLink *link)
{
	return link->up ? link->heard_ms + peer->deadtime_ms + peer->excuse_ms : G_MAXINT64;
}

void
hb_link_time(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	for (guint i = 0; i < core->config->n_nodes; i++)
		for (guint m = 0; m < core->config->n_media; m++)
			if (dies_ms(&core->peer[i], &core->peer[i].link[m]) <= now_ms)
				die(core, i, m, fx);
}

gint64
hb_link_deadline_ms(const HbCore *core)
{
	gint64 deadline_ms = G_MAXINT64;

	for (guint i = 0; i < core->config->n_nodes; i++)
		for (guint m = 0; m < core->config->n_media; m++)
			deadline_ms = MIN(deadline_ms, dies_ms(&core->peer[i], &core->peer[i].link[m]));
	return deadline_ms;
}
