/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bytes.c - the way of a message through the codecs of lib/wire, as between two machines.
 */
#include <string.h>

#include "sim/message.h"
#include "util/id.h"
#include "wire/frame.h"
#include "wire/typedio.h"

#include "util/banned.h"

/* Not a signature, but it notices a changed octet, and that is all that is asked here. */
static void
digest(const void *key, gsize key_len, const void *data, gsize len, char ret_hex[HB_DIGEST_HEX_MAX + 1])
{
	const guint8 *octets = data;
	guint32 hash = 2166136261u;

	(void)key, (void)key_len;
	for (gsize i = 0; i < len; i++)
		hash = (hash ^ octets[i]) * 16777619u;
	g_snprintf(ret_hex, HB_DIGEST_HEX_MAX + 1, "%08x", hash);
}

static gboolean
same_status(const HbMsgStatus *a, const HbMsgStatus *b)
{
	if (a->st != b->st || a->deadtime_ms != b->deadtime_ms || a->ext.present != b->ext.present)
		return FALSE;
	if (!a->ext.present)
		return TRUE;
	return a->ext.leaving == b->ext.leaving && a->ext.barred == b->ext.barred &&
	       a->ext.settling == b->ext.settling && a->ext.n_groups == b->ext.n_groups &&
	       a->ext.n_heard == b->ext.n_heard && a->ext.n_fates == b->ext.n_fates &&
	       a->ext.n_armed == b->ext.n_armed &&
	       memcmp(a->ext.armed, b->ext.armed, a->ext.n_armed * sizeof a->ext.armed[0]) == 0 &&
	       a->ext.n_takers == b->ext.n_takers &&
	       memcmp(a->ext.takers, b->ext.takers, a->ext.n_takers * sizeof a->ext.takers[0]) == 0 &&
	       memcmp(a->ext.groups, b->ext.groups, a->ext.n_groups * sizeof a->ext.groups[0]) == 0 &&
	       memcmp(a->ext.heard, b->ext.heard, a->ext.n_heard * sizeof a->ext.heard[0]) == 0 &&
	       memcmp(a->ext.fates, b->ext.fates, a->ext.n_fates * sizeof a->ext.fates[0]) == 0;
}

static gboolean
is_range(HbMsgType type)
{
	return type == HB_MSG_NS_ACKMSG || type == HB_MSG_NS_REXMIT || type == HB_MSG_NS_NAK_REXMIT;
}

static gboolean
same(const HbTyped *a, const HbTyped *b)
{
	if (a->type != b->type || a->seq != b->seq || a->generation != b->generation || strcmp(a->src, b->src) != 0 ||
	    strcmp(a->dest, b->dest) != 0)
		return FALSE;
	if (a->type == HB_MSG_STATUS)
		return same_status(&a->u.status, &b->u.status);
	if (is_range(a->type))
		return (a->type == HB_MSG_NS_ACKMSG || a->u.range.first_seq == b->u.range.first_seq) &&
		       (a->type == HB_MSG_NS_NAK_REXMIT || a->u.range.last_seq == b->u.range.last_seq);
	return TRUE;
}

gboolean
sim_message_through_bytes(const HbTyped *typed, HbTyped *ret_typed)
{
	HbKeyring keys = { .key = { [1] = { .digest = digest } }, .sign = 1 };
	HbFrameOptions options = { .sign = 1 };
	HbEnvelope envelope = {
		.src = typed->src,
		.src_uuid = typed->src_uuid,
		.generation = typed->generation,
		.ts = typed->ts,
		.load = "n/a",
		.ttl = 3,
	};
	g_autoptr(HbMsg) sent = hb_typed_build(typed, &envelope);
	g_autoptr(GByteArray) packet = hb_frame_seal(sent, &keys, &options);
	g_autoptr(HbMsg) received = NULL;
	HbFrame frame;
	HbTyped parsed;

	if (packet == NULL || hb_frame_open(packet->data, packet->len, &keys, &frame) != HB_FRAME_OK)
		return FALSE;
	received = frame.msg;
	if (hb_typed_parse(received, &parsed) != HB_TYPED_OK || !same(typed, &parsed))
		return FALSE;
	parsed.raw = NULL;
	*ret_typed = parsed;
	return TRUE;
}
