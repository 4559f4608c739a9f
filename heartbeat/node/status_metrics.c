/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/status.h"

#include "util/banned.h"

/* A label's value: backslash, quote and newline are escaped, as the format wants it. */
static void
put_label(GString *out, const char *name, const char *value)
{
	g_string_append_printf(out, "%c%s=\"", out->str[out->len - 1] == '"' ? ',' : '{', name);
	for (; *value != '\0'; value++) {
		if (*value == '\n')
			g_string_append(out, "\\n");
		else if (*value == '"' || *value == '\\')
			g_string_append_printf(out, "\\%c", *value);
		else
			g_string_append_c(out, *value);
	}
	g_string_append_c(out, '"');
}

/* hb_NAME{label="value",...} n; labels come as pairs, up to NULL. */
static void G_GNUC_NULL_TERMINATED
put(GString *out, gint64 n, const char *name, ...)
{
	va_list labels;
	const char *label;

	g_string_append_printf(out, "hb_%s", name);
	va_start(labels, name);
	while ((label = va_arg(labels, const char *)))
		put_label(out, label, va_arg(labels, const char *));
	va_end(labels);
	g_string_append_printf(out, "%s %" G_GINT64_FORMAT "\n", out->str[out->len - 1] == '"' ? "}" : "", n);
}

static void
put_node(const HbStatus *status, guint i, GString *out)
{
	const HbNodeView *node = &status->view->node[i];

	put(out, node->state == HB_PEER_ALIVE || node->state == HB_PEER_LATE, "node_alive", "node", node->name, NULL);
	put(out, node->heard_age_ms, "node_heard_age_ms", "node", node->name, NULL);
	put(out, node->missing, "node_missing_messages", "node", node->name, NULL);
	for (guint m = 0; i != status->config->self && m < node->n_links && m < status->n_media; m++)
		if (!status->media[m].is_ping)
			put(out, node->link[m].up, "link_up", "node", node->name, "kind", status->media[m].kind,
			    "medium", status->media[m].name, NULL);
}

static void
put_group(const HbStatus *status, guint i, GString *out)
{
	const HbGroupView *group = &status->view->group[i];

	put(out, group->owner == (int)status->config->self, "group_here", "group", group->key, NULL);
	put(out, group->owner >= 0, "group_owned", "group", group->key, NULL);
	put(out, 1, "group_state", "group", group->key, "state", hb_status_group_word(group->state), NULL);
	put(out, hb_status_in_transition(group), "group_in_transition", "group", group->key, NULL);
	put(out, group->since_ms, "group_since_ms", "group", group->key, NULL);
	put(out, group->epoch, "group_epoch", "group", group->key, NULL);
	put(out, group->failures, "group_failures", "group", group->key, NULL);
	put(out, 1, "group_level", "group", group->key, "level", hb_status_level(status), NULL);
}

static void
put_medium(const HbMediumReport *medium, GString *out)
{
	put(out, medium->is_up, "medium_up", "kind", medium->kind, "medium", medium->name, NULL);
	for (guint c = 0; c < HB_COUNT_N; c++) {
		g_autofree char *name = g_strdup_printf("medium_%s_total", hb_medium_count_name((HbMediumCount)c));

		put(out, (gint64)medium->n[c], name, "kind", medium->kind, "medium", medium->name, NULL);
	}
}

void
hb_status_metrics(const HbStatus *status, GString *out)
{
	const HbView *view = status->view;

	put(out, 1, "status", "status", hb_status_st_word(view->st), NULL);
	put(out, !status->channel_is_broken, "root_answers", NULL);
	for (guint i = 0; i < view->n_nodes; i++)
		put_node(status, i, out);
	for (guint i = 0; i < view->n_ping; i++)
		put(out, view->ping[i].up, "ping_up", "node", view->ping[i].name, NULL);
	for (guint i = 0; i < view->n_groups; i++)
		put_group(status, i, out);
	for (guint i = 0; i < status->n_media; i++)
		put_medium(&status->media[i], out);
	put(out, (gint64)view->rx_unknown_node, "rx_unknown_node_total", NULL);
	put(out, (gint64)view->rx_ghost, "rx_ghost_total", NULL);
	put(out, (gint64)view->rx_stale, "rx_stale_total", NULL);
	put(out, (gint64)view->late_turns, "late_turns_total", NULL);
#define X(name) put(out, (gint64)status->name, #name, NULL);
	HB_STATUS_COUNTERS(X)
#undef X
}
