/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/compat306_parts.h"

#include <string.h>

#include "core/dispatch.h"
#include "core/group.h"

#include "util/banned.h"

HbWord
hb_306_word_legacy(const HbCore *core, guint g, guint partner)
{
	HbWord word = { .known = TRUE, .epoch = core->peer[partner].word[g].epoch };

	if (core->config->groups[g].home == partner) {
		word.claim = core->peer[partner].st == HB_ST_ACTIVE ? HB_CLAIM_HELD : HB_CLAIM_FREE;
	} else if (core->compat.answered[g]) {
		word.claim = HB_CLAIM_FREE;
		word.grant_id = hb_self_id(core);
	} else {
		word.claim = HB_CLAIM_UNKNOWN;
	}
	return word;
}

void
hb_306_ask_for_own_groups(HbCore *core, gint64 now_ms, HbEffects *fx)
{
	core->compat.again_ms = G_MAXINT64;
	for (guint g = 0; g < core->config->n_groups; g++) {
		HbTyped *msg;

		if (core->config->groups[g].home != core->config->self || core->compat.answered[g])
			continue;
		msg = hb_outbox_new(core, HB_MSG_IP_REQUEST, NULL);
		g_strlcpy(msg->u.ip.key, core->config->groups[g].key, sizeof msg->u.ip.key);
		hb_send(core, msg, fx);
		core->compat.again_ms = now_ms + HB_306_AGAIN_MS;
	}
}

static void
answer_ip_request(HbCore *core, guint g, guint partner, gboolean we_owned, HbEffects *fx)
{
	HbTyped *msg = hb_outbox_new(core, HB_MSG_IP_REQUEST_RESP, core->peer[partner].name);

	g_strlcpy(msg->u.ip.key, core->config->groups[g].key, sizeof msg->u.ip.key);
	msg->u.ip.ok = TRUE;
	msg->u.ip.we_own = we_owned;
	hb_send(core, msg, fx);
	core->compat.owes_answer[g] = FALSE;
}

void
hb_306_step_legacy(HbCore *core, guint partner, gint64 now_ms, HbEffects *fx)
{
	if (core->compat.again_ms <= now_ms)
		hb_306_ask_for_own_groups(core, now_ms, fx);
	for (guint g = 0; g < core->config->n_groups; g++)
		if (core->compat.owes_answer[g] && !hb_group_may_run(core, g))
			answer_ip_request(core, g, partner, TRUE, fx);
}

static int
group_by_key(const HbCore *core, const char *key)
{
	for (guint g = 0; g < core->config->n_groups; g++)
		if (strcmp(core->config->groups[g].key, key) == 0)
			return (int)g;
	return -1;
}

void
hb_on_ip_request(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	int g = group_by_key(core, msg->u.ip.key);

	if (core->peer[from].kind != HB_KIND_306 || hb_306_is_nice(core) || g < 0)
		return;
	if (!hb_group_may_run(core, (guint)g)) {
		answer_ip_request(core, (guint)g, from, FALSE, fx);
		return;
	}
	core->compat.owes_answer[g] = TRUE;
	hb_group_release(core, (guint)g, "its home asks for it", now_ms, fx);
}

void
hb_on_ip_request_resp(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	int g = group_by_key(core, msg->u.ip.key);

	(void)now_ms, (void)fx;
	if (core->peer[from].kind != HB_KIND_306 || hb_306_is_nice(core) || g < 0 || !msg->u.ip.ok)
		return;
	core->compat.answered[g] = TRUE;
	hb_306_set_words(core, from);
}

/*
 * In legacy mode it says nothing else of it. A silence as long as its deadtime, and no longer, is forgotten with the packet that
 * ends it: then it neither restarts itself nor says that we are back. Whoever is at home here gets his groups by asking.
 */
void
hb_306_fenced(HbCore *core, guint from, const HbTyped *msg, gint64 now_ms, HbEffects *fx)
{
	const HbMsgStonith *said = &msg->u.stonith;

	if (core->peer[from].kind != HB_KIND_306 || hb_306_is_nice(core) || core->leaving ||
	    g_ascii_strcasecmp(said->node, core->peer[core->config->self].name) != 0 ||
	    (strcmp(said->result, "OK") != 0 && strcmp(said->result, "n_stnth") != 0))
		return;
	memset(core->compat.answered, 0, sizeof core->compat.answered);
	hb_306_set_words(core, from);
	for (guint g = 0; g < core->config->n_groups; g++)
		if (hb_group_may_run(core, g) || core->group[g].state == HB_GROUP_ASKING)
			hb_group_release(core, g, "the partner has given this node up, and takes it", now_ms, fx);
	core->compat.again_ms = now_ms + HB_306_AGAIN_MS;
}
