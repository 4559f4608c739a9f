/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hacf_value.c - values of directives of ha.cf by their kind: is it legal, and where does it go?
 */
#include <string.h>

#include <glib.h>

#include "conf/draft.h"
#include "conf/value.h"
#include "util/banned.h"
#include "util/id.h"

#define VALUE_MAX 1023  /* characters of one value */

/* Takes @text, or reports why not. */
typedef gboolean ValueFunc(HbDraft *draft, const HbDirective *row, const char *text);

static guint32 *
number_at(HbDraft *draft, const HbDirective *row)
{
	return row->target == HB_NOWHERE ? NULL : G_STRUCT_MEMBER_P(draft->config, row->target);
}

static void
store_number(HbDraft *draft, const HbDirective *row, gint64 value)
{
	guint32 *target = number_at(draft, row);

	if (target != NULL)
		*target = (guint32)value;
}

static void
store_string(HbDraft *draft, const HbDirective *row, const char *value)
{
	char **target = row->target == HB_NOWHERE ? NULL : G_STRUCT_MEMBER_P(draft->config, row->target);

	if (target != NULL) {
		g_free(*target);
		*target = g_strdup(value);
	}
}

static gboolean
is_time_unit(const char *text)
{
	return g_ascii_strncasecmp(text, "ms", 2) == 0 || g_ascii_strncasecmp(text, "us", 2) == 0 ||
	       g_ascii_strcasecmp(text, "s") == 0;
}

static gboolean
take_time(HbDraft *draft, const HbDirective *row, const char *text)
{
	const HbSeen *seen = &draft->seen[row - hb_directives];
	g_autofree char *advice = NULL;
	gint64 ms;

	if (seen->times > 0 && seen->line == draft->at.line && is_time_unit(text)) {
		hb_draft_error(draft, text, "a blank parts number and unit; write %s %s%s", row->name,
		               seen->text, g_ascii_strcasecmp(text, "s") == 0 ? "" : text);
		return FALSE;
	}
	if (!hb_value_time(text, &ms, &advice)) {
		/* "... write 1" becomes "... write deadtime 1" */
		const char *write = g_strrstr(advice, "; write ");

		if (write != NULL && g_ascii_isdigit(write[8]))
			hb_draft_error(draft, text, "%.*s; write %s %s", (int)(write - advice), advice,
			               row->name, write + 8);
		else
			hb_draft_error(draft, text, "%s", advice);
		return FALSE;
	}
	if (ms < row->min || ms > row->max) {
		hb_draft_error(draft, text, "must be more than 0 and at most %d seconds; this is %"
		               G_GINT64_FORMAT "ms", HB_TIME_MS_MAX / 1000, ms);
		return FALSE;
	}
	store_number(draft, row, ms);
	return TRUE;
}

/* Says what atoi() makes of @text. */
static gint64
read_int(HbDraft *draft, const char *text)
{
	gint64 value;

	if (!hb_value_int(text, &value))
		hb_draft_warn(draft, text, "is not a whole number, and taken for %" G_GINT64_FORMAT, value);
	return value;
}

static gboolean
take_int(HbDraft *draft, const HbDirective *row, const char *text)
{
	gint64 value = read_int(draft, text);

	if (value < row->min || value > row->max) {
		hb_draft_error(draft, text, "must be from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT "%s%s",
		               row->min, row->max, *row->unit != '\0' ? " " : "", row->unit);
		return FALSE;
	}
	store_number(draft, row, value);
	return TRUE;
}

static gboolean
take_bool(HbDraft *draft, const HbDirective *row, const char *text)
{
	gboolean value;

	if (!hb_value_bool(text, &value)) {
		hb_draft_error(draft, text, "must be on (true yes y 1) or off (false no n 0)");
		return FALSE;
	}
	store_number(draft, row, value);
	return TRUE;
}

static gboolean
take_word(HbDraft *draft, const HbDirective *row, const char *text)
{
	store_string(draft, row, text);
	return TRUE;
}

/* The index of @text in the row's legal words, or -1 and a report. */
static int
choose(HbDraft *draft, const HbDirective *row, const char *text)
{
	int index = hb_value_choice(row->legal, text, (row->flags & HB_DIRECTIVE_ANYCASE) != 0);
	g_auto(GStrv) legal = g_strsplit(row->legal, "|", -1);
	g_autofree char *list = g_strjoinv(", ", legal);
	const char *nearest;

	if (index >= 0)
		return index;
	nearest = hb_value_nearest((const char *const *)legal, text);
	hb_draft_error(draft, text, "must be one of %s%s%s%s%s", list, nearest != NULL ? "; write " : "",
	               nearest != NULL ? row->name : "", nearest != NULL ? " " : "",
	               nearest != NULL ? nearest : "");
	return -1;
}

static gboolean
take_choice(HbDraft *draft, const HbDirective *row, const char *text)
{
	int index = choose(draft, row, text);

	if (index >= 0)
		store_number(draft, row, index);
	return index >= 0;
}

static gboolean
take_name(HbDraft *draft, const HbDirective *row, const char *text)
{
	if (choose(draft, row, text) < 0)
		return FALSE;
	store_string(draft, row, text);
	return TRUE;
}

static gboolean
take_facility(HbDraft *draft, const HbDirective *row, const char *text)
{
	int index = choose(draft, row, text);

	if (index >= 0)
		store_string(draft, row, index == 0 ? NULL : text);
	return index >= 0;
}

static gboolean
take_failback(HbDraft *draft, const HbDirective *row, const char *text)
{
	gboolean on;

	if (g_ascii_strcasecmp(text, "legacy") == 0)
		draft->config->failback = HB_FAILBACK_LEGACY;
	else if (hb_value_bool(text, &on))
		draft->config->failback = on ? HB_FAILBACK_ON : HB_FAILBACK_OFF;
	else {
		hb_draft_error(draft, text, "must be on, off or legacy");
		return FALSE;
	}
	(void)row;
	return TRUE;
}

/* 3.0.6 ends at legacy either way, against its own words (doc/config.md 2.4). */
static gboolean
take_nice(HbDraft *draft, const HbDirective *row, const char *text)
{
	gboolean on;

	(void)row;
	if (!hb_value_bool(text, &on)) {
		hb_draft_error(draft, text, "is old, and neither on nor off; write auto_failback on or off");
		return FALSE;
	}
	/* Also for 3.0.6, wherever the two stand. */
	if (draft->seen[HB_HACF_AUTO_FAILBACK].times > 0) {
		hb_draft_warn(draft, text, "is old, and has no effect beside auto_failback; delete the line");
		return TRUE;
	}
	hb_draft_warn(draft, text, "is old and taken for auto_failback %s; write auto_failback on or off. "
	              "heartbeat 3.0.6 takes it for auto_failback legacy", on ? "off" : "legacy");
	hb_hacf_apply(draft, HB_HACF_AUTO_FAILBACK, on ? "off" : "legacy");
	return TRUE;
}

static gboolean
take_pacemaker(HbDraft *draft, const HbDirective *row, const char *text)
{
	gboolean on;

	(void)row;
	if (hb_value_bool(text, &on) && !on)
		return TRUE;
	hb_draft_error(draft, text, "needs a cluster manager that no longer supports heartbeat; resources are "
	               "managed by haresources here: delete this line");
	return FALSE;
}

static gboolean
take_port(HbDraft *draft, const HbDirective *row, const char *text)
{
	gint64 port = read_int(draft, text);
	g_autofree char *owner = NULL;

	if (port < row->min || port > row->max) {
		hb_draft_error(draft, text, "must be from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, row->min,
		               row->max);
		return FALSE;
	}
	if (draft->media->len > 0 && draft->udpport != port)
		hb_draft_warn(draft, text, "has no effect for the media above it, which use port %u; write "
		              "udpport above the first of them", draft->udpport);
	if (draft->input->with_system && (owner = hb_system_port_owner((guint16)port)) != NULL)
		hb_draft_warn(draft, text, "is the port of %s", owner);
	draft->udpport = (guint32)port;
	return TRUE;
}

static gboolean
take_baud(HbDraft *draft, const HbDirective *row, const char *text)
{
	g_autofree char *plain = NULL;
	gint64 rate;

	/* "+9600" and "09600" are such a number, too. */
	if (hb_value_int(text, &rate))
		plain = g_strdup_printf("%" G_GINT64_FORMAT, rate);
	if (choose(draft, row, plain != NULL ? plain : text) < 0)
		return FALSE;
	draft->baud = (guint32)rate;
	return TRUE;
}

/* Control characters would end up in packets and in scripts' environments. */
static gboolean
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (g_ascii_iscntrl(*text))
			return FALSE;
	return TRUE;
}

static gboolean
take_node(HbDraft *draft, const HbDirective *row, const char *text)
{
	g_autofree char *name = g_ascii_strdown(text, -1);
	HbNodeConf node;

	(void)row;
	if (!is_plain(name)) {
		hb_draft_error(draft, text, "a node name cannot hold control characters");
		return FALSE;
	}
	if (strlen(name) > HB_NODE_NAME_MAX) {
		name[HB_NODE_NAME_MAX] = '\0';
		hb_draft_warn(draft, text, "is longer than %d characters, and taken for %s", HB_NODE_NAME_MAX,
		              name);
	} else if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_")] != '\0') {
		hb_draft_warn(draft, text, "there is no quoting: each character is part of the name; a name "
		              "is what uname -n says");
	}
	node = (HbNodeConf){ .name = name, .id = hb_id_of(name) };
	for (guint i = 0; i < draft->nodes->len; i++) {
		const HbNodeConf *other = &g_array_index(draft->nodes, HbNodeConf, i);

		if (strcmp(other->name, name) == 0) {
			hb_draft_warn(draft, text, "stands here for the second time, and is taken once");
			return TRUE;
		}
		if (other->id == node.id) {
			hb_draft_error(draft, text, "cannot be told from %s by its short id; rename one of them",
			               other->name);
			return FALSE;
		}
	}
	if (draft->nodes->len >= HB_NODES_MAX) {
		hb_draft_error(draft, text, "is one more than %d nodes", HB_NODES_MAX);
		return FALSE;
	}
	name = NULL;
	node.place = draft->n_listed++;
	g_array_append_val(draft->nodes, node);
	return TRUE;
}

static gboolean
take_env(HbDraft *draft, const HbDirective *row, const char *text)
{
	(void)row;
	hb_hacf_env(draft, text);
	return TRUE;
}

static ValueFunc *const take[HB_KIND_MEDIUM] = {
	[HB_KIND_TIME] = take_time,
	[HB_KIND_INT] = take_int,
	[HB_KIND_BOOL] = take_bool,
	[HB_KIND_WORD] = take_word,
	[HB_KIND_NAME] = take_name,
	[HB_KIND_CHOICE] = take_choice,
	[HB_KIND_FACILITY] = take_facility,
	[HB_KIND_FAILBACK] = take_failback,
	[HB_KIND_NICE] = take_nice,
	[HB_KIND_PACEMAKER] = take_pacemaker,
	[HB_KIND_PORT] = take_port,
	[HB_KIND_BAUD] = take_baud,
	[HB_KIND_NODES] = take_node,
	[HB_KIND_ENV] = take_env,
};

void
hb_hacf_apply(HbDraft *draft, HbDirectiveId id, const char *text)
{
	const HbDirective *row = &hb_directives[id];
	HbSeen *seen = &draft->seen[id];

	if (strlen(text) > VALUE_MAX) {
		hb_draft_error(draft, text, "is longer than %d characters", VALUE_MAX);
		return;
	}
	if ((row->flags & HB_DIRECTIVE_ONCE) != 0 && seen->times > 0) {
		hb_draft_error(draft, text, "is given for the second time, first in line %u; delete one",
		               seen->line);
		return;
	}
	if (!take[row->kind](draft, row, text)) {
		seen->refused = TRUE;
		return;
	}
	seen->times++;
	seen->file = draft->at.file;
	seen->line = draft->at.line;
	g_free(seen->text);
	seen->text = g_strdup(text);
}
