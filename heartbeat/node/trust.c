/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib.h>

#include "node/trust.h"
#include "wire/msg.h"

#include "util/banned.h"

#define OUR_PREFIX "hb4"        /* of all fields that 3.0.6 does not know (doc/hb4-extensions.md) */

static gboolean
speaks_ours(const HbMsg *msg)
{
	for (guint i = 0; i < hb_msg_n_fields(msg); i++)
		if (g_str_has_prefix(hb_msg_field(msg, i).name, OUR_PREFIX))
			return TRUE;
	return FALSE;
}

/* INVALID: perhaps a status, of which only the envelope was legal. */
static gboolean
may_be_status(const HbTyped *msg)
{
	return msg->type == HB_MSG_STATUS || msg->type == HB_MSG_INVALID;
}

static gboolean
admits_unproved(HbTrust *trust, int node, const HbTyped *msg)
{
	gboolean is_ours = speaks_ours(msg->raw);

	if (is_ours && may_be_status(msg))
		return FALSE;
	if (node < 0 || !trust->node[node].is_proven)
		return TRUE;
	if (is_ours || msg->generation <= trust->node[node].generation)
		return FALSE;
	trust->node[node].is_proven = FALSE;
	trust->node[node].generation = msg->generation;
	return TRUE;
}

gboolean
hb_trust_admits(HbTrust *trust, const HbConfig *config, const HbKeyring *keys, const HbTyped *msg,
                gboolean has_hmac)
{
	int node = hb_config_node_index(config, msg->src);

	if (keys->key[keys->sign].key_len == 0)
		return TRUE;
	if (!has_hmac)
		return admits_unproved(trust, node, msg);
	/* An old packet, played again, must not prove anything about the 3.0.6 that is there now. */
	if (node >= 0 && msg->generation >= trust->node[node].generation) {
		trust->node[node].is_proven = TRUE;
		trust->node[node].generation = msg->generation;
	}
	return TRUE;
}

void
hb_trust_renumber(HbTrust *trust, const HbConfig *from, const HbConfig *to)
{
	const HbTrust old = *trust;

	*trust = (HbTrust){ 0 };
	for (guint i = 0; i < to->n_nodes; i++) {
		int before = hb_config_node_index(from, to->nodes[i].name);

		if (before >= 0)
			trust->node[i] = old.node[before];
	}
}
