/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "node/exec_msg.h"
#include "wire/msg.h"
#include "wire/typedio.h"

#include "util/banned.h"

void
hb_exec_msg_open(HbChannelMsg *ret, guint medium, const hb_medium_want *want)
{
	memset(ret, 0, sizeof *ret);
	ret->type = HB_CH_OPEN;
	ret->u.open.medium = medium;
	ret->u.open.kind = want->kind;
	ret->u.open.family = want->family;
	ret->u.open.port = want->port;
	ret->u.open.reuse_port = want->reuse_port ? 1 : 0;
	ret->u.open.baud = want->baud;
	g_strlcpy(ret->u.open.device, want->device, sizeof ret->u.open.device);
	g_strlcpy(ret->u.open.address, want->address, sizeof ret->u.open.address);
	g_strlcpy(ret->u.open.path, want->path, sizeof ret->u.open.path);
}

void
hb_exec_msg_run(HbChannelMsg *ret, const HbEffect *run)
{
	memset(ret, 0, sizeof *ret);
	ret->type = HB_CH_RUN;
	ret->u.run.op = run->u.run.op;
	ret->u.run.group = run->u.run.group;
	ret->u.run.resource = run->u.run.resource;
	ret->u.run.verb = run->u.run.verb;
	ret->u.run.limit_ms = run->u.run.limit_ms;
	ret->u.run.epoch = run->u.run.epoch;
	ret->u.run.known_free = run->u.run.known_free ? 1 : 0;
}

void
hb_exec_msg_fence(HbChannelMsg *ret, const HbEffect *fence)
{
	memset(ret, 0, sizeof *ret);
	ret->type = HB_CH_FENCE;
	ret->u.fence.op = fence->u.fence.op;
	ret->u.fence.node = fence->u.fence.node;
	ret->u.fence.action = fence->u.fence.action;
}

void
hb_exec_msg_end(HbChannelMsg *ret, HbChannelType type, int code, const char *text)
{
	memset(ret, 0, sizeof *ret);
	ret->type = type;
	ret->u.end.code = code;
	g_strlcpy(ret->u.end.text, text, sizeof ret->u.end.text);
}

/* A word of letters, digits, '_' and @more, not empty, shorter than @size. */
static gboolean
is_word(const char *text, const char *more, gsize size)
{
	gsize len = strlen(text);

	for (gsize i = 0; i < len; i++)
		if (!g_ascii_isalnum(text[i]) && text[i] != '_' && !strchr(more, text[i]))
			return FALSE;
	return len > 0 && len < size;
}

static gboolean
is_value(const HbField *field)
{
	for (gsize i = 0; i < field->len; i++)
		if (!g_ascii_isprint((char)field->value[i]))
			return FALSE;
	return field->len <= HB_RC_VALUE_MAX;
}

/* Ours between ours, and the signature: no script has use for them. */
static gboolean
is_internal(const char *name)
{
	return g_str_has_prefix(name, "hb4") || g_str_equal(name, "auth");
}

gboolean
hb_exec_msg_rc(HbChannelMsg *ret, const HbMsg *container, HbNodeSt own_st)
{
	const char *type = hb_msg_get(container, "t");

	memset(ret, 0, sizeof *ret);
	ret->type = HB_CH_NOTIFY_RC;
	if (!type || !is_word(type, "-", sizeof ret->u.rc.type))
		return FALSE;
	for (gsize i = 0; type[i] != '\0'; i++)
		ret->u.rc.type[i] = g_ascii_tolower(type[i]);
	g_strlcpy(ret->u.rc.own_status, hb_node_st_name(own_st), sizeof ret->u.rc.own_status);
	for (guint i = 0; i < hb_msg_n_fields(container) && ret->u.rc.n < HB_RC_VARS_MAX; i++) {
		HbField field = hb_msg_field(container, i);
		guint n = ret->u.rc.n;

		if (field.type != HB_FIELD_STRING || !is_word(field.name, "", sizeof ret->u.rc.var[n].name)
		    || !is_value(&field) || is_internal(field.name))
			continue;
		g_strlcpy(ret->u.rc.var[n].name, field.name, sizeof ret->u.rc.var[n].name);
		memcpy(ret->u.rc.var[n].value, field.value, field.len);
		ret->u.rc.n++;
	}
	return TRUE;
}

gboolean
hb_exec_msg_done(const HbChannelMsg *msg, HbEvent *ret)
{
	if (msg->u.done.result >= HB_CHILD_N)
		return FALSE;
	memset(ret, 0, sizeof *ret);
	ret->type = HB_EV_CHILD;
	ret->u.child.op = msg->u.done.op;
	ret->u.child.result = (HbChildResult)msg->u.done.result;
	ret->u.child.took_ms = msg->u.done.took_ms;
	return TRUE;
}

gboolean
hb_exec_msg_fenced(const HbChannelMsg *msg, HbEvent *ret)
{
	if (msg->u.fenced.verdict >= HB_FENCED_N)
		return FALSE;
	memset(ret, 0, sizeof *ret);
	ret->type = HB_EV_FENCED;
	ret->u.fenced.op = msg->u.fenced.op;
	ret->u.fenced.verdict = (HbFenceVerdict)msg->u.fenced.verdict;
	ret->u.fenced.took_ms = msg->u.fenced.took_ms;
	return TRUE;
}

void
hb_exec_msg_held(const HbChannelMsg *welcome, const HbConfig *config, HbHeldGroup *ret_held)
{
	guint n_held = MIN(welcome->u.welcome.n_held, HB_GROUPS_MAX);

	for (guint g = 0; g < config->n_groups; g++) {
		ret_held[g] = (HbHeldGroup){ .state = HB_HELD_UNKNOWN };
		for (guint i = 0; i < n_held; i++) {
			if (welcome->u.welcome.held[i].group_id != config->groups[g].id
			    || welcome->u.welcome.held[i].state >= HB_HELD_N)
				continue;
			ret_held[g].state = (HbHeldState)welcome->u.welcome.held[i].state;
			ret_held[g].epoch = welcome->u.welcome.held[i].epoch;
			ret_held[g].parked = welcome->u.welcome.held[i].parked != 0;
		}
	}
}
