/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glib.h>

#include "log/log.h"
#include "node/recorder.h"
#include "wire/typedio.h"

#include "util/banned.h"

#define RECORDS 1024

/* Numbers, formatted only when somebody asks: this is written in every turn. */
typedef struct {
	gint64 at_ms;
	guint8 is_effect;
	guint8 type;            /* HbEventType or HbEffectType */
	gint16 a;
	gint16 b;
	gint16 c;
	gint64 n;
	char name[24];          /* cut */
} Record;

struct HbRecorder {
	guint64 n_written;
	Record ring[RECORDS];
};

HbRecorder *
hb_recorder_new(void)
{
	return g_new0(HbRecorder, 1);
}

void
hb_recorder_free(HbRecorder *recorder)
{
	g_free(recorder);
}

static Record *
next_record(HbRecorder *recorder, gint64 at_ms, gboolean is_effect, guint type)
{
	Record *record = &recorder->ring[recorder->n_written++ % RECORDS];

	*record = (Record){ .at_ms = at_ms, .is_effect = (guint8)is_effect, .type = (guint8)type };
	return record;
}

/* ---- writing ---- */

static void
keep_msg(Record *record, const HbTyped *msg)
{
	record->b = (gint16)msg->type;
	record->n = (gint64)msg->seq;
	g_strlcpy(record->name, msg->src, sizeof record->name);
}

static void
keep_event(Record *record, const HbEvent *event)
{
	switch (event->type) {
	case HB_EV_PACKET:
		record->a = (gint16)event->u.packet.medium;
		keep_msg(record, event->u.packet.msg);
		break;
	case HB_EV_CLIENT:
		keep_msg(record, event->u.client.msg);
		break;
	case HB_EV_FIFO:
		keep_msg(record, event->u.fifo.msg);
		break;
	case HB_EV_MEDIUM:
		record->a = (gint16)event->u.medium.medium;
		record->b = (gint16)event->u.medium.state;
		break;
	case HB_EV_CHILD:
		record->a = (gint16)event->u.child.result;
		record->b = (gint16)MIN(event->u.child.took_ms, G_MAXINT16);
		record->n = event->u.child.op;
		break;
	case HB_EV_RESOURCE:
		record->a = (gint16)event->u.resource.group;
		record->b = (gint16)event->u.resource.resource;
		record->c = (gint16)event->u.resource.gone;
		record->n = event->u.resource.may_start;
		break;
	case HB_EV_FENCED:
		record->a = (gint16)event->u.fenced.verdict;
		record->b = (gint16)MIN(event->u.fenced.took_ms, G_MAXINT16);
		record->n = event->u.fenced.op;
		break;
	default:
		break;
	}
}

static void
keep_effect(Record *record, const HbEffect *effect)
{
	switch (effect->type) {
	case HB_FX_SEND:
		keep_msg(record, effect->u.send.msg);
		g_strlcpy(record->name, effect->u.send.msg->dest, sizeof record->name);
		break;
	case HB_FX_NODE:
		record->n = effect->u.node.op;
		g_strlcpy(record->name, effect->u.node.name, sizeof record->name);
		break;
	case HB_FX_NOTIFY_RC:
		keep_msg(record, effect->u.notify.msg);
		break;
	case HB_FX_DELIVER:
		record->a = (gint16)effect->u.deliver.treatment;
		keep_msg(record, effect->u.deliver.msg);
		break;
	case HB_FX_NODE_DEAD:
		g_strlcpy(record->name, effect->u.node_dead.name, sizeof record->name);
		break;
	case HB_FX_LINK:
		record->a = (gint16)effect->u.link.up;
		g_strlcpy(record->name, effect->u.link.node, sizeof record->name);
		break;
	case HB_FX_RESEND:
		record->n = (gint64)effect->u.resend.seq;
		break;
	case HB_FX_RUN:
		record->a = (gint16)effect->u.run.group;
		record->b = (gint16)effect->u.run.resource;
		record->c = (gint16)effect->u.run.verb;
		record->n = effect->u.run.op;
		break;
	case HB_FX_CANCEL:
		record->n = effect->u.cancel.op;
		break;
	case HB_FX_FENCE:
		record->a = (gint16)effect->u.fence.node;
		record->b = (gint16)effect->u.fence.action;
		record->n = effect->u.fence.op;
		break;
	case HB_FX_HOLDING:
		record->a = (gint16)effect->u.holding.group;
		record->b = (gint16)effect->u.holding.held.state;
		record->c = (gint16)effect->u.holding.held.parked;
		record->n = effect->u.holding.held.epoch;
		break;
	case HB_FX_GONE:
		record->a = (gint16)effect->u.gone.node;
		record->b = (gint16)effect->u.gone.gone.fate;
		break;
	case HB_FX_LOG:
		record->a = (gint16)effect->u.log.say;
		record->n = effect->u.log.n;
		if (effect->u.log.node || effect->u.log.group)
			g_strlcpy(record->name, effect->u.log.node ? effect->u.log.node : effect->u.log.group,
			          sizeof record->name);
		break;
	default:
		break;
	}
}

static gboolean
is_routine_msg(const HbTyped *msg)
{
	return msg->type == HB_MSG_STATUS || msg->type == HB_MSG_NS_ST || msg->type == HB_MSG_NS_ACKMSG;
}

static gboolean
is_routine_event(const HbEvent *event)
{
	return event->type == HB_EV_TIME
	    || (event->type == HB_EV_PACKET && is_routine_msg(event->u.packet.msg));
}

static gboolean
is_routine_effect(const HbEffect *effect)
{
	if (effect->type == HB_FX_DELIVER)
		return effect->u.deliver.treatment != HB_TREAT_KEEP;
	return effect->type == HB_FX_SEND && is_routine_msg(effect->u.send.msg);
}

void
hb_recorder_note(HbRecorder *recorder, const HbEvent *event, const HbEffects *effects)
{
	guint n_worth = 0;

	for (guint i = 0; i < effects->n; i++)
		n_worth += !is_routine_effect(&effects->item[i]);
	if (n_worth == 0 && is_routine_event(event))
		return;
	keep_event(next_record(recorder, event->now_ms, FALSE, event->type), event);
	for (guint i = 0; i < effects->n; i++)
		if (!is_routine_effect(&effects->item[i]))
			keep_effect(next_record(recorder, event->now_ms, TRUE, effects->item[i].type),
			            &effects->item[i]);
}

/* ---- printing ---- */

static const char *const event_names[HB_EV_N] = {
	[HB_EV_START] = "START",
	[HB_EV_PACKET] = "PACKET",
	[HB_EV_MEDIUM] = "MEDIUM",
	[HB_EV_TIME] = "TIME",
	[HB_EV_FIFO] = "FIFO",
	[HB_EV_CLIENT] = "CLIENT",
	[HB_EV_CHILD] = "CHILD",
	[HB_EV_RELOAD] = "RELOAD",
	[HB_EV_SHUTDOWN] = "SHUTDOWN",
	[HB_EV_FENCED] = "FENCED",
	[HB_EV_RESOURCE] = "RESOURCE",
};

static const char *const effect_names[HB_FX_N] = {
	[HB_FX_SEND] = "SEND",
	[HB_FX_RESEND] = "RESEND",
	[HB_FX_RUN] = "RUN",
	[HB_FX_CANCEL] = "CANCEL",
	[HB_FX_FENCE] = "FENCE",
	[HB_FX_HOLDING] = "HOLDING",
	[HB_FX_GONE] = "GONE",
	[HB_FX_NODE] = "NODE",
	[HB_FX_NOTIFY_RC] = "NOTIFY_RC",
	[HB_FX_DELIVER] = "DELIVER",
	[HB_FX_NODE_DEAD] = "NODE_DEAD",
	[HB_FX_LINK] = "LINK",
	[HB_FX_LOG] = "LOG",
	[HB_FX_SETTLED] = "SETTLED",
	[HB_FX_EXIT] = "EXIT",
};

static const char *const verb_names[HB_VERB_N] = {
	[HB_VERB_STATUS] = "status",
	[HB_VERB_START] = "start",
	[HB_VERB_STOP] = "stop",
};

static const char *const result_names[HB_CHILD_N] = {
	[HB_CHILD_OK] = "ok",
	[HB_CHILD_NOT_RUNNING] = "not running",
	[HB_CHILD_FAILED] = "failed",
	[HB_CHILD_TIMEOUT] = "timeout",
	[HB_CHILD_LOST] = "lost",
	[HB_CHILD_BUSY] = "busy",
};

static const char *const verdict_names[HB_FENCED_N] = {
	[HB_FENCED_OK] = "ok",
	[HB_FENCED_FAILED] = "failed",
	[HB_FENCED_BAD_HOST] = "bad host",
	[HB_FENCED_NO_DEVICE] = "no device",
};

static const char *const held_names[HB_HELD_N] = {
	[HB_HELD_UNKNOWN] = "unknown",
	[HB_HELD_IDLE] = "idle",
	[HB_HELD_PARTIAL] = "partial",
	[HB_HELD_UP] = "up",
};

static const char *
msg_name(gint16 type)
{
	const char *name = hb_msgtype_name((HbMsgType)type);

	return name ? name : "(other)";
}

static void
print_event(const Record *record, GString *out)
{
	switch (record->type) {
	case HB_EV_PACKET:
		g_string_append_printf(out, " %s of %s seq %" G_GINT64_FORMAT " on medium %d", msg_name(record->b),
		                       record->name, record->n, record->a);
		break;
	case HB_EV_CLIENT:
	case HB_EV_FIFO:
		g_string_append_printf(out, " %s", msg_name(record->b));
		break;
	case HB_EV_MEDIUM:
		g_string_append_printf(out, " %d %s", record->a, record->b == HB_MEDIUM_UP ? "up" : "down");
		break;
	case HB_EV_CHILD:
		g_string_append_printf(out, " op %" G_GINT64_FORMAT " %s after %d ms", record->n,
		                       result_names[record->a], record->b);
		break;
	case HB_EV_RESOURCE:
		g_string_append_printf(out, " %d of group %d is %s%s", record->b, record->a, record->c ? "gone" : "here",
		                       record->n ? ", its interface is up" : "");
		break;
	case HB_EV_FENCED:
		g_string_append_printf(out, " op %" G_GINT64_FORMAT " %s after %d ms", record->n,
		                       verdict_names[record->a], record->b);
		break;
	default:
		break;
	}
}

static void
print_effect(const Record *record, GString *out)
{
	g_autofree char *sentence = NULL;
	HbLogLevel level;

	switch (record->type) {
	case HB_FX_NODE:
		g_string_append_printf(out, " %s op %" G_GINT64_FORMAT, record->name, record->n);
		break;
	case HB_FX_SEND:
	case HB_FX_NOTIFY_RC:
	case HB_FX_DELIVER:
		g_string_append_printf(out, " %s %s seq %" G_GINT64_FORMAT, msg_name(record->b), record->name,
		                       record->n);
		break;
	case HB_FX_RUN:
		g_string_append_printf(out, " op %" G_GINT64_FORMAT " %s group %d resource %d", record->n,
		                       verb_names[record->c], record->a, record->b);
		break;
	case HB_FX_FENCE:
		g_string_append_printf(out, " op %" G_GINT64_FORMAT " %s node %d", record->n,
		                       record->b == HB_FENCE_OFF ? "off" : "reset", record->a);
		break;
	case HB_FX_NODE_DEAD:
		g_string_append_printf(out, " %s", record->name);
		break;
	case HB_FX_LINK:
		g_string_append_printf(out, " of %s %s", record->name, record->a ? "up" : "dead");
		break;
	case HB_FX_RESEND:
	case HB_FX_CANCEL:
		g_string_append_printf(out, " %" G_GINT64_FORMAT, record->n);
		break;
	case HB_FX_HOLDING:
		g_string_append_printf(out, " group %d %s epoch %" G_GINT64_FORMAT "%s", record->a,
		                       held_names[record->b], record->n, record->c ? " parked" : "");
		break;
	case HB_FX_GONE:
		g_string_append_printf(out, " node %d %s", record->a,
		                       record->b == HB_FATE_LEFT ? "left" : record->b == HB_FATE_FENCED ? "fenced" : "lives");
		break;
	case HB_FX_LOG:
		sentence = hb_log_sentence((guint)record->a, record->name, record->name, "...", record->n, &level);
		g_string_append_printf(out, " %s", sentence);
		break;
	default:
		break;
	}
}

void
hb_recorder_print(const HbRecorder *recorder, GString *out)
{
	guint64 first = recorder->n_written > RECORDS ? recorder->n_written - RECORDS : 0;

	for (guint64 i = first; i < recorder->n_written; i++) {
		const Record *record = &recorder->ring[i % RECORDS];

		g_string_append_printf(out, "%12" G_GINT64_FORMAT " %s%s", record->at_ms,
		                       record->is_effect ? "    -> " : "",
		                       record->is_effect ? effect_names[record->type] : event_names[record->type]);
		if (record->is_effect)
			print_effect(record, out);
		else
			print_event(record, out);
		g_string_append_c(out, '\n');
	}
}
