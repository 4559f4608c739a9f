/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "sim/message.h"

#include "util/banned.h"

static void
copy_status(HbMsgStatus *to, const HbMsgStatus *from)
{
	memcpy(to, from, G_STRUCT_OFFSET(HbMsgStatus, ext) + G_STRUCT_OFFSET(HbExtension, groups));
	memcpy(to->ext.groups, from->ext.groups, from->ext.n_groups * sizeof from->ext.groups[0]);
	memcpy(to->ext.heard, from->ext.heard, from->ext.n_heard * sizeof from->ext.heard[0]);
	memcpy(to->ext.armed, from->ext.armed, from->ext.n_armed * sizeof from->ext.armed[0]);
	memcpy(to->ext.takers, from->ext.takers, from->ext.n_takers * sizeof from->ext.takers[0]);
	memcpy(to->ext.fates, from->ext.fates, from->ext.n_fates * sizeof from->ext.fates[0]);
}

SimMessage *
sim_message_new(SimMessagePool *pool, const HbTyped *typed, guint from, gint64 now_ms)
{
	SimMessage *msg = pool->free;

	if (msg != NULL)
		pool->free = msg->next_free;
	else
		msg = g_new(SimMessage, 1);
	pool->n_out++;
	msg->refs = 1;
	msg->from = (guint8)from;
	msg->sent_ms = now_ms;
	memcpy(&msg->typed, typed, G_STRUCT_OFFSET(HbTyped, u));
	msg->typed.raw = typed->raw;
	msg->typed.nodelist = typed->nodelist;  /* lasts: a name of the plan */
	if (typed->type == HB_MSG_STATUS || typed->type == HB_MSG_NS_ST)
		copy_status(&msg->typed.u.status, &typed->u.status);
	else
		memcpy(&msg->typed.u, &typed->u, sizeof typed->u);
	return msg;
}

void
sim_message_unref(SimMessagePool *pool, SimMessage *msg)
{
	g_assert(msg->refs > 0);
	if (--msg->refs > 0)
		return;
	g_assert(pool->n_out > 0);
	pool->n_out--;
	msg->next_free = pool->free;
	pool->free = msg;
}

void
sim_message_pool_done(SimMessagePool *pool)
{
	g_assert(pool->n_out == 0);
	while (pool->free != NULL) {
		SimMessage *msg = pool->free;

		pool->free = msg->next_free;
		g_free(msg);
	}
}

const HbGroupWord *
sim_message_word(const SimMessage *status, guint32 group_id)
{
	const HbExtension *ext = &status->typed.u.status.ext;

	for (guint i = 0; ext->present && i < ext->n_groups; i++)
		if (ext->groups[i].group_id == group_id)
			return &ext->groups[i];
	return NULL;
}
