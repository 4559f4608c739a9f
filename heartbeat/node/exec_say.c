/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <time.h>

#include <glib.h>

#include "node/exec_link_parts.h"
#include "node/exec_msg.h"
#include "wire/typedio.h"

#include "util/banned.h"

gboolean
hb_exec_link_open(HbExecLink *link, guint medium, const hb_medium_want *want)
{
	HbChannelMsg msg;

	hb_exec_msg_open(&msg, medium, want);
	return hb_exec_link_say(link, &msg);
}

void
hb_exec_link_run(HbExecLink *link, const HbEffect *run)
{
	const HbEvent end = { .type = HB_EV_CHILD, .u.child = { .op = run->u.run.op, .result = HB_CHILD_LOST } };
	HbChannelMsg msg;

	hb_exec_msg_run(&msg, run);
	if (!hb_exec_link_say(link, &msg) && !link->is_broken)
		hb_exec_link_report_lost(link, &end);
}

void
hb_exec_link_fence(HbExecLink *link, const HbEffect *fence)
{
	const HbEvent end = {
		.type = HB_EV_FENCED, .u.fenced = { .op = fence->u.fence.op, .verdict = HB_FENCED_FAILED }
	};
	HbChannelMsg msg;

	hb_exec_msg_fence(&msg, fence);
	if (!hb_exec_link_say(link, &msg) && !link->is_broken)
		hb_exec_link_report_lost(link, &end);
}

void
hb_exec_link_cancel(HbExecLink *link, guint32 op)
{
	HbChannelMsg msg = { .type = HB_CH_CANCEL };

	msg.u.cancel.op = op;
	hb_exec_link_say(link, &msg);
}

void
hb_exec_link_node(HbExecLink *link, const HbEffect *effect)
{
	HbChannelMsg msg = { .type = HB_CH_NODE };

	msg.u.node.op = effect->u.node.op;
	msg.u.node.has_uuid = effect->u.node.has_uuid != FALSE;
	memcpy(msg.u.node.uuid, effect->u.node.uuid, HB_UUID_LEN);
	g_strlcpy(msg.u.node.name, effect->u.node.name, sizeof msg.u.node.name);
	hb_exec_link_say(link, &msg);
}

/* The fields that a message of this core would have on the wire. */
static HbMsg *
build_own(const HbNode *node, const HbTyped *typed)
{
	HbEnvelope envelope = {
		.src = typed->src,
		.src_uuid = typed->src_uuid,
		.generation = typed->generation,
		.ts = typed->ts != 0 ? typed->ts : (guint32)time(NULL),
		.load = "n/a",
		.ttl = 1,
	};

	if (*typed->src == '\0')
		envelope.src = node->config->nodes[node->config->self].name;
	if (!typed->has_src_uuid)
		envelope.src_uuid = node->uuid;
	return hb_typed_build(typed, &envelope);
}

void
hb_exec_link_notify_rc(HbExecLink *link, const HbTyped *typed, HbNodeSt own_st)
{
	const HbNode *node = link->node;
	gboolean is_ours = typed->raw == NULL || strcmp(typed->src, node->config->nodes[node->config->self].name) == 0;
	g_autoptr(HbMsg) built = is_ours ? build_own(node, typed) : NULL;
	const HbMsg *fields = is_ours ? built : typed->raw;
	HbChannelMsg msg;

	if (fields != NULL && hb_exec_msg_rc(&msg, fields, own_st))
		hb_exec_link_say(link, &msg);
}

void
hb_exec_link_ready(HbExecLink *link)
{
	HbChannelMsg msg = { .type = HB_CH_READY };

	hb_exec_link_say(link, &msg);
}

void
hb_exec_link_active(HbExecLink *link)
{
	HbChannelMsg msg = { .type = HB_CH_ACTIVE };

	hb_exec_link_say(link, &msg);
}

void
hb_exec_link_farewell(HbExecLink *link)
{
	HbChannelMsg msg = { .type = HB_CH_FAREWELL };

	if (!hb_exec_link_say(link, &msg))
		hb_exec_link_exit(link, 0);
}

/* Not by the queue, which keeps no descriptors. */
void
hb_exec_link_signal(HbExecLink *link, int number, int client_fd)
{
	HbChannelMsg msg = { .type = HB_CH_SIGNAL };

	msg.u.signal.number = number;
	if (!link->is_broken && g_queue_is_empty(&link->queue))
		(void)hb_channel_send(HB_FD_CHANNEL, &msg, &client_fd, 1);
}

void
hb_exec_link_fail(HbExecLink *link, int code, const char *text)
{
	HbChannelMsg msg;

	hb_exec_msg_end(&msg, HB_CH_FAILED, code, text);
	hb_exec_link_say(link, &msg);
}

void
hb_exec_link_reloaded(HbExecLink *link, const char *why_not)
{
	HbChannelMsg msg = { .type = HB_CH_RELOADED };

	msg.u.reloaded.taken = why_not == NULL;
	if (why_not)
		g_strlcpy(msg.u.reloaded.text, why_not, sizeof msg.u.reloaded.text);
	hb_exec_link_say(link, &msg);
}
