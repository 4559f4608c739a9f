/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "core/state.h"

#include "util/banned.h"

HbEffect *
hb_effects_add(HbEffects *fx, HbEffectType type)
{
	g_assert(fx->n < HB_EFFECTS_MAX);
	fx->item[fx->n] = (HbEffect){ .type = type };
	return &fx->item[fx->n++];
}

void
hb_say(HbEffects *fx, HbSay say, const char *node, const char *group, const char *what, gint64 n)
{
	HbEffect *effect;

	if (fx->n >= HB_EFFECTS_FOR_LOGS)
		return;
	effect = hb_effects_add(fx, HB_FX_LOG);
	effect->u.log.say = say;
	effect->u.log.node = node;
	effect->u.log.group = group;
	effect->u.log.what = what;
	effect->u.log.n = n;
}

void
hb_notify_rc(const HbCore *core, const HbTyped *msg, HbEffects *fx)
{
	HbEffect *effect = hb_effects_add(fx, HB_FX_NOTIFY_RC);

	effect->u.notify.msg = msg;
	effect->u.notify.own_st = core->st;
}

HbTyped *
hb_outbox_new(HbCore *core, HbMsgType type, const char *dest)
{
	HbTyped *msg;

	g_assert(core->n_out < HB_OUTBOX_MAX);
	msg = &core->out[core->n_out++];
	memset(msg, 0, sizeof *msg);
	msg->type = type;
	g_strlcpy(msg->src, hb_self(core)->name, sizeof msg->src);
	if (dest != NULL)
		g_strlcpy(msg->dest, dest, sizeof msg->dest);
	msg->has_src_uuid = TRUE;
	memcpy(msg->src_uuid, core->uuid, HB_UUID_LEN);
	msg->generation = core->generation;
	return msg;
}
