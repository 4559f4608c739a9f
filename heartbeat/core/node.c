/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/node.h"

#include <string.h>

#include "core/dispatch.h"
#include "core/fence.h"
#include "core/member.h"
#include "core/state.h"

#include "util/banned.h"

/* A stranger sends a status each keepalive; asking for it takes a moment, and may be refused. */
#define JOIN_PAUSE_MS 250

static int
index_of(const HbConfig *config, guint32 id)
{
	for (guint i = 0; i < config->n_nodes; i++)
		if (config->nodes[i].id == id)
			return (int)i;
	return -1;
}

static gboolean
has_uuid(const HbPeer *peer)
{
	static const guint8 none[HB_UUID_LEN];

	return memcmp(peer->uuid, none, HB_UUID_LEN) != 0;
}

/* The name in a place that lives as long as the effects; NULL: no room. */
static const char *
keep(HbCore *core, const char *name)
{
	char *kept;

	if (core->n_changes >= HB_NODE_CHANGES_MAX)
		return NULL;
	kept = core->change[core->n_changes++];
	g_strlcpy(kept, name, HB_NODE_NAME_MAX + 1);
	return kept;
}

/* @name: of a node of ours, or kept. */
static void
ask_for(HbNodeOp op, const char *name, const guint8 *uuid, HbEffects *fx)
{
	HbEffect *effect = hb_effects_add(fx, HB_FX_NODE);

	effect->u.node.op = op;
	effect->u.node.name = name;
	effect->u.node.has_uuid = uuid != NULL;
	if (uuid != NULL)
		memcpy(effect->u.node.uuid, uuid, HB_UUID_LEN);
}

static void
add(HbCore *core, HbNodeOp op, const char *name, const guint8 *uuid, HbEffects *fx)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	int node = index_of(core->config, hb_id_of(lower));
	const char *kept;

	/* Root may be about to remove it, and does one after the other. */
	if (node >= 0 && (op != HB_NODE_ADD || !core->peer[node].goes))
		return;
	kept = keep(core, lower);
	if (kept == NULL)
		return;
	if (node >= 0)
		core->peer[node].goes = FALSE;
	if (node < 0 && core->config->n_nodes >= HB_NODES_MAX) {
		hb_say(fx, HB_SAY_NODES_FULL, kept, NULL, NULL, HB_NODES_MAX);
		return;
	}
	ask_for(op, kept, uuid, fx);
}

static gboolean
is_home(const HbCore *core, guint node)
{
	for (guint g = 0; g < core->config->n_groups; g++)
		if (core->config->groups[g].home == node)
			return TRUE;
	return FALSE;
}

/* It is not in @list, a list of names with blanks between, and not up. */
static gboolean
is_missing(const HbCore *core, guint node, char *const *list)
{
	return !hb_node_is_member(core, node) && !g_strv_contains((const char *const *)list, core->peer[node].name);
}

/*
 * Only dead ones, and only while all others are there to hear of it: else one that was away would go on asking
 * a node that the others know nothing of.
 */
static const char *
why_it_stays(const HbCore *core, guint node, char *const *list)
{
	if (node == core->config->self)
		return "it is this node";
	if (hb_node_is_member(core, node))
		return "it is up";
	if (hb_member_is_vouched(core, node))
		return "another node hears it";
	if (hb_fence_is_due(core, node))
		return "it has not been fenced";
	if (is_home(core, node))
		return "haresources names it as a home";
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (is_missing(core, i, list))
			return "not all others are up";
	return NULL;
}

/* Who has removed it already takes it back: nodes that do not agree on who is one would not ask each other for leave. */
static void
stays(HbCore *core, guint node, const char *why, HbEffects *fx)
{
	HbTyped *out = hb_outbox_new(core, HB_MSG_ADDNODE, NULL);

	hb_say(fx, HB_SAY_NODE_STAYS, core->peer[node].name, NULL, why, 0);
	out->nodelist = core->peer[node].name;
	hb_send(core, out, fx);
}

static void
remove_all(HbCore *core, const char *nodelist, HbEffects *fx)
{
	g_autofree char *lower = g_ascii_strdown(nodelist, -1);
	g_auto(GStrv) names = g_strsplit(lower, " ", -1);

	/* a list longer than there can be nodes is not worked off */
	for (guint n = 0; names[n] != NULL && n < HB_NODES_MAX; n++) {
		char **name = &names[n];
		int node = **name != '\0' ? index_of(core->config, hb_id_of(*name)) : -1;
		const char *why;

		if (node < 0)
			continue;
		why = why_it_stays(core, (guint)node, names);
		if (why != NULL) {
			stays(core, (guint)node, why, fx);
			continue;
		}
		core->peer[node].goes = TRUE;
		ask_for(HB_NODE_DEL, core->peer[node].name, NULL, fx);
	}
}

static void
add_all(HbCore *core, HbNodeOp op, const char *nodelist, HbEffects *fx)
{
	g_auto(GStrv) names = g_strsplit(nodelist, " ", -1);

	for (char **name = names; *name != NULL; name++)
		if (**name != '\0' && strlen(*name) <= HB_NODE_NAME_MAX)
			add(core, op, *name, NULL, fx);
}

void
hb_on_addnode(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	(void)from, (void)now_ms;
	add_all(core, HB_NODE_ADD, msg->nodelist, fx);
}

void
hb_on_delnode(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	(void)from, (void)now_ms;
	remove_all(core, msg->nodelist, fx);
}

/* The membership is what our files say, whatever others have configured; unless these may join anyway. */
void
hb_on_repnodes(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	(void)from, (void)now_ms;
	if (core->config->autojoin != HB_AUTOJOIN_NONE)
		add_all(core, HB_NODE_JOIN, msg->nodelist, fx);
}

void
hb_node_command(HbCore *core, const HbTyped *msg, HbEffects *fx)
{
	gboolean adds = msg->type == HB_MSG_ADDNODE;
	HbTyped *out = hb_outbox_new(core, msg->type, NULL);

	hb_say(fx, HB_SAY_CMD, NULL, NULL, adds ? "hb_addnode" : "hb_delnode", 0);
	out->nodelist = msg->nodelist;
	hb_send(core, out, fx);
	if (adds)
		add_all(core, HB_NODE_ADD, msg->nodelist, fx);
	else
		remove_all(core, msg->nodelist, fx);
}

/* A node that was renamed is known by its uuid. -1: none. */
static int
former_self(const HbCore *core, const HbTyped *msg)
{
	for (guint i = 0; msg->has_src_uuid && i < core->config->n_nodes; i++)
		if (has_uuid(&core->peer[i]) && memcmp(core->peer[i].uuid, msg->src_uuid, HB_UUID_LEN) == 0)
			return (int)i;
	return -1;
}

void
hb_node_stranger(HbCore *core, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	int former;

	if (core->config->autojoin == HB_AUTOJOIN_NONE || msg->type != HB_MSG_STATUS || now_ms < core->next_join_ms)
		return;
	core->next_join_ms = now_ms + JOIN_PAUSE_MS;
	former = former_self(core, msg);
	/* Two with one uuid at the same time: a copied disk. Names tell them apart, as they do here anyway. */
	if (former >= 0 && !hb_node_is_member(core, (guint)former) && !is_home(core, (guint)former) &&
	    !hb_member_is_vouched(core, (guint)former) && !hb_fence_is_due(core, (guint)former))
		ask_for(HB_NODE_DEL, core->peer[former].name, NULL, fx);
	add(core, HB_NODE_JOIN, msg->src, msg->has_src_uuid ? msg->src_uuid : NULL, fx);
}

void
hb_node_learn_uuid(HbCore *core, guint node, const HbTyped *msg, HbEffects *fx)
{
	HbPeer *peer = &core->peer[node];

	if (!msg->has_src_uuid || memcmp(peer->uuid, msg->src_uuid, HB_UUID_LEN) == 0)
		return;
	memcpy(peer->uuid, msg->src_uuid, HB_UUID_LEN);
	if (core->config->autojoin != HB_AUTOJOIN_NONE)
		ask_for(HB_NODE_UUID, peer->name, peer->uuid, fx);
}

const char *
hb_node_blocked(const HbCore *core, const HbConfig *config)
{
	if (config->nodes[config->self].id != hb_self_id(core))
		return "this node got another name: that needs a restart";
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (index_of(config, core->peer[i].id) < 0 && hb_node_is_member(core, i))
			return "a node was removed that is up";
	return NULL;
}

/* What @peer said of others stands under their new numbers. */
static void
renumber_hearsay(const HbCore *core, HbPeer *peer, const HbConfig *config)
{
	HbPeer *old = g_memdup2(peer, sizeof *peer);

	hb_member_forget_hearsay(peer);
	for (guint i = 0; i < config->n_nodes; i++) {
		int before = index_of(core->config, config->nodes[i].id);

		if (before >= 0)
			peer->hearsay[i] = old->hearsay[before];
	}
	g_free(old);
}

void
hb_node_retable(HbCore *core, const HbConfig *config, gint64 now_ms, HbEffects *fx)
{
	g_autofree HbPeer *old = core->peer;
	g_autofree guint64 *acked = g_memdup2(core->sendq.acked, sizeof core->sendq.acked);

	core->peer = g_new0(HbPeer, config->n_nodes);
	for (guint i = 0; i < config->n_nodes; i++) {
		int before = index_of(core->config, config->nodes[i].id);

		if (before >= 0) {
			core->peer[i] = old[before];
			renumber_hearsay(core, &core->peer[i], config);
			/* It may have counted on being shot before anything is taken from it (unheard.c). */
			if (core->config->nodes[before].can_fence && !config->nodes[i].can_fence)
				core->peer[i].vouched = (HbVouch){ .heard_ms = now_ms, .stamp = G_MAXUINT64 };
		} else {
			hb_member_new_peer(core, &core->peer[i], config->nodes[i].id, now_ms);
			/* What was noted when it was a node before is not true any more. */
			core->peer[i].gone.noted.fate = HB_FATE_LEFT;
			hb_say(fx, HB_SAY_NODE_JOINS, config->nodes[i].name, NULL, NULL, 0);
		}
		core->peer[i].name = config->nodes[i].name;
		core->sendq.acked[i] = before >= 0 ? acked[before] : 0;
	}
	for (guint i = 0; i < core->config->n_nodes; i++)
		if (index_of(config, old[i].id) < 0) {
			hb_say(fx, HB_SAY_NODE_GOES, core->config->nodes[i].name, NULL, NULL, 0);
			hb_fence_forget(&old[i], fx);
		}
	if (config->n_nodes != core->config->n_nodes)
		hb_say(fx, HB_SAY_NODES_NOW, NULL, NULL, NULL, config->n_nodes);
}
