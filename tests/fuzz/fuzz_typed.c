/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the validator lets through is built again to a message that it lets through with the same
 * meaning.
 */
#include <string.h>

#include <glib.h>

#include "wire/netstring.h"
#include "wire/text.h"
#include "wire/typedio.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

/* Our own repnodes name our own nodes; the rest of the struct must come back octet by octet. */
static void
check_rebuilt(HbTyped *typed, const HbTyped *back)
{
	typed->raw = back->raw;
	memcpy(typed->dest_uuid, back->dest_uuid, HB_UUID_LEN);
	typed->has_dest_uuid = back->has_dest_uuid;
	if (typed->type == HB_MSG_ASK_RESOURCES || typed->type == HB_MSG_HB_TAKEOVER)
		typed->u.ask.failback = FALSE;
	if (typed->type == HB_MSG_HB_TAKEOVER)
		typed->u.ask.info = HB_INFO_NONE;
	if (typed->type == HB_MSG_RESOURCE && typed->u.resource.info == HB_INFO_UNKNOWN)
		typed->u.resource.info = HB_INFO_NONE;
	if (typed->type == HB_MSG_IP_REQUEST)
		typed->u.ip.ok = typed->u.ip.we_own = FALSE;
	if (typed->type == HB_MSG_NS_ST) {
		typed->generation = 0;
		typed->dest[0] = '\0';
		typed->has_src_uuid = FALSE;
		memset(typed->src_uuid, 0, HB_UUID_LEN);
	}
	g_assert_cmpint(typed->type, ==, back->type);
	g_assert_cmpstr(typed->src, ==, back->src);
	g_assert_cmpstr(typed->dest, ==, back->dest);
	g_assert_cmpuint(typed->seq, ==, back->seq);
	g_assert_cmpuint(typed->generation, ==, back->generation);
	g_assert_cmpuint(typed->ts, ==, back->ts);
	g_assert_cmpmem(typed->src_uuid, HB_UUID_LEN, back->src_uuid, HB_UUID_LEN);
	g_assert_cmpmem(&typed->u, sizeof typed->u, &back->u, sizeof back->u);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	static const char *const names[] = { "n1", "n2" };
	static HbTyped typed, back;
	gsize used;
	g_autoptr(HbMsg) msg = hb_netstring_decode(data, len, &used);
	g_autoptr(HbMsg) built = NULL;
	HbEnvelope envelope = { .load = "0 0", .ttl = 3 };

	if (msg == NULL)
		msg = hb_text_decode(data, len, &used);
	if (msg == NULL)
		return 0;
	(void)hb_typed_parse_fifo(msg, &typed);
	if (hb_typed_parse(msg, &typed) != HB_TYPED_OK)
		return 0;
	typed.names = names;
	typed.n_names = G_N_ELEMENTS(names);
	envelope.src = typed.src;
	envelope.src_uuid = typed.has_src_uuid ? typed.src_uuid : NULL;
	envelope.generation = typed.generation;
	envelope.ts = typed.ts;
	built = hb_typed_build(&typed, &envelope);
	if (built == NULL) {
		g_assert_cmpint(typed.type, ==, HB_MSG_OTHER);
		return 0;
	}
	g_assert_cmpint(hb_typed_parse(built, &back), ==, HB_TYPED_OK);
	check_rebuilt(&typed, &back);
	return 0;
}
