/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For an administrator at night: plain words, what is in motion, what it waits for, what is wrong.
 */
#include <string.h>

#include "node/status.h"
#include "util/time.h"

#include "util/banned.h"

#define S_PER_MIN  60
#define MIN_PER_H  60
#define H_PER_DAY  24

/* "12 ms", "3.4 s", "5 min", "2 h 10 min", "3 days 4 h" */
static void
put_time(GString *out, gint64 ms)
{
	gint64 s = ms / HB_MS_PER_S;
	gint64 min = s / S_PER_MIN;
	gint64 h = min / MIN_PER_H;

	if (ms < HB_MS_PER_S)
		g_string_append_printf(out, "%" G_GINT64_FORMAT " ms", ms);
	else if (s < S_PER_MIN)
		g_string_append_printf(out, "%.1f s", (double)ms / HB_MS_PER_S);
	else if (min < MIN_PER_H)
		g_string_append_printf(out, "%" G_GINT64_FORMAT " min %" G_GINT64_FORMAT " s", min, s % S_PER_MIN);
	else if (h < H_PER_DAY)
		g_string_append_printf(out, "%" G_GINT64_FORMAT " h %" G_GINT64_FORMAT " min", h, min % MIN_PER_H);
	else
		g_string_append_printf(out, "%" G_GINT64_FORMAT " days %" G_GINT64_FORMAT " h", h / H_PER_DAY,
		                       h % H_PER_DAY);
}

/* ---- one line on top ---- */

static void
put_head(const HbStatus *status, GString *out)
{
	const HbView *view = status->view;
	guint n_alive = 0, n_here = 0, n_nowhere = 0, n_moving = 0;

	for (guint i = 0; i < view->n_nodes; i++)
		n_alive += view->node[i].state == HB_PEER_ALIVE || view->node[i].state == HB_PEER_LATE;
	for (guint i = 0; i < view->n_groups; i++) {
		n_here += view->group[i].owner == (int)status->config->self;
		n_nowhere += view->group[i].owner < 0;
		n_moving += hb_status_in_transition(&view->group[i]);
	}
	g_string_append_printf(out, "%s: %s%s, %u of %u nodes alive, %u of %u groups here",
	                       hb_status_node_name(status, (int)status->config->self), hb_status_st_word(view->st),
	                       view->leaving ? " (going down)" : "", n_alive, view->n_nodes, n_here,
	                       view->n_groups);
	if (n_nowhere > 0)
		g_string_append_printf(out, ", %u without an owner", n_nowhere);
	if (n_moving > 0)
		g_string_append_printf(out, ", %u in transition", n_moving);
	g_string_append_c(out, '\n');
	if (status->channel_is_broken)
		g_string_append(out, "NO ROOT PROCESS: nothing can be started or stopped on this node now\n");
}

/* ---- nodes ---- */

static guint
widest_node(const HbStatus *status)
{
	gsize width = 4;

	for (guint i = 0; i < status->view->n_nodes; i++)
		width = MAX(width, strlen(status->view->node[i].name));
	for (guint i = 0; i < status->view->n_ping; i++)
		width = MAX(width, strlen(status->view->ping[i].name));
	return (guint)width;
}

/* The next medium from @m on that is the link @name, or n_links. NULL: any. */
static guint
next_link(const HbStatus *status, const HbNodeView *node, guint m, const char *name)
{
	guint n = MIN(node->n_links, status->n_media);

	while (m < n && (status->media[m].is_ping || (name != NULL && strcmp(status->media[m].name, name) != 0)))
		m++;
	return m < n ? m : node->n_links;
}

static void
put_link(const HbStatus *status, const HbNodeView *node, const char *name, GString *out)
{
	gboolean is_up = FALSE;
	gint64 age_ms = -1;

	for (guint m = next_link(status, node, 0, name); m < node->n_links; m = next_link(status, node, m + 1, name)) {
		gint64 this_ms = node->link[m].age_ms;

		is_up = is_up || node->link[m].up;
		if (this_ms >= 0 && (age_ms < 0 || this_ms < age_ms))
			age_ms = this_ms;
	}
	g_string_append_printf(out, " %s %s", name, is_up ? "up" : "DEAD");
	if (is_up)
		return;
	if (age_ms < 0) {
		g_string_append(out, " (never heard)");
		return;
	}
	g_string_append(out, " (heard ");
	put_time(out, age_ms);
	g_string_append(out, " ago)");
}

/* An interface may stand in several lines, as one ucast for each node: one link, up when one of them is. */
static void
put_links(const HbStatus *status, const HbNodeView *node, GString *out)
{
	g_string_append(out, "; links:");
	for (guint m = next_link(status, node, 0, NULL); m < node->n_links; m = next_link(status, node, m + 1, NULL)) {
		const char *name = status->media[m].name;

		if (next_link(status, node, 0, name) == m)
			put_link(status, node, name, out);
	}
}

static void
put_node(const HbStatus *status, guint i, guint width, GString *out)
{
	const HbNodeView *node = &status->view->node[i];

	g_string_append_printf(out, "  %-*s  %-7s", (int)width, node->name, hb_status_peer_word(node->state));
	if (i == status->config->self) {
		g_string_append(out, "this node\n");
		return;
	}
	if (node->heard_age_ms < 0) {
		g_string_append(out, "never heard\n");
		return;
	}
	g_string_append_printf(out, "says it is %s, heard ", hb_status_st_word(node->st));
	put_time(out, node->heard_age_ms);
	g_string_append(out, " ago");
	put_links(status, node, out);
	if (node->missing > 0)
		g_string_append_printf(out, "; %u of its messages missing", node->missing);
	if (node->kind == HB_KIND_306)
		g_string_append(out, "; runs heartbeat 3.0.6");
	g_string_append_c(out, '\n');
}

static void
put_ping(const HbStatus *status, guint i, guint width, GString *out)
{
	gint64 age_ms = status->view->ping[i].heard_age_ms;

	g_string_append_printf(out, "  %-*s  %-7s", (int)width, status->view->ping[i].name,
	                       status->view->ping[i].up ? "answers" : "DEAD");
	if (age_ms < 0) {
		g_string_append(out, " never answered\n");
		return;
	}
	g_string_append(out, " last answer ");
	put_time(out, age_ms);
	g_string_append(out, " ago\n");
}

/* ---- groups ---- */

static void
put_wait(const HbStatus *status, const HbGroupView *group, GString *out)
{
	static const char *const phrases[HB_WAIT_N] = {
		[HB_WAIT_STARTUP] = "waits until all nodes are heard, or initdead is over",
		[HB_WAIT_OWNER] = "waits for %s, which may still run it",
		[HB_WAIT_LEAVE] = "waits for %s to give leave",
		[HB_WAIT_FENCE] = "waits until %s is fenced",
		[HB_WAIT_SCRIPT] = "waits for its script",
		[HB_WAIT_RETRY] = "waits before it is tried again",
		[HB_WAIT_OTHER_TARGET] = "is for %s to start",
		[HB_WAIT_HEARING] = "waits until %s hears this node: it gives no leave before",
		[HB_WAIT_NOBODY] = "NO NODE CAN RUN IT",
	};
	const char *name = hb_status_node_name(status, group->wait_node);
	const char *phrase = phrases[group->wait];
	const char *hole;

	if (!phrase)
		return;
	hole = strstr(phrase, "%s");
	g_string_append(out, "; ");
	g_string_append_len(out, phrase, hole ? hole - phrase : (gssize)strlen(phrase));
	if (hole)
		g_string_append_printf(out, "%s%s", name ? name : "another node", hole + strlen("%s"));
	if (group->wait_ms > 0) {
		g_string_append(out, group->wait == HB_WAIT_FENCE ? "; this node shoots in " : ", in ");
		put_time(out, group->wait_ms);
		if (group->wait == HB_WAIT_STARTUP)
			g_string_append(out, " at the latest");
	}
	if (group->wait_why)
		g_string_append_printf(out, ", since %s", group->wait_why);
}

static void
put_where(const HbStatus *status, const HbGroupView *group, GString *out)
{
	const char *owner = hb_status_node_name(status, group->owner);

	switch (group->state) {
	case HB_GROUP_PROBING:
		g_string_append(out, "being checked here");
		break;
	case HB_GROUP_ASKING:
		g_string_append(out, "about to start here");
		break;
	case HB_GROUP_STARTING:
		g_string_append(out, "starting here");
		break;
	case HB_GROUP_UP:
		g_string_append(out, "runs here");
		break;
	case HB_GROUP_STOPPING:
		g_string_append(out, "stopping here");
		break;
	case HB_GROUP_STUCK:
		g_string_append(out, "STUCK here: cannot be stopped");
		break;
	default:
		if (group->state == HB_GROUP_FAILED)
			g_string_append(out, "FAILED here, ");
		if (owner)
			g_string_append_printf(out, "on %s", owner);
		else
			g_string_append(out, "runs NOWHERE");
		break;
	}
}

static void
put_group(const HbStatus *status, guint i, GString *out)
{
	const HbGroupView *group = &status->view->group[i];
	const char *resource = hb_status_resource(status, i);
	const char *missing = hb_status_missing(status, i);

	g_string_append_printf(out, "  %s\n      ", group->key);
	put_where(status, group, out);
	if (missing)
		g_string_append_printf(out, " WITHOUT %s, which has vanished and is being put back,", missing);
	if (resource)
		g_string_append_printf(out, " (%u of %u: %s)", group->resource + 1,
		                       status->config->groups[i].n_resources, resource);
	g_string_append(out, " since ");
	put_time(out, group->since_ms);
	put_wait(status, group, out);
	if (group->failures > 0)
		g_string_append_printf(out, "; %u failed starts in a row", group->failures);
	if (group->parked)
		g_string_append(out, "; sent away by the operator");
	g_string_append_printf(out, "\n      home %s, epoch %u, level %s\n",
	                       hb_status_node_name(status, (int)status->config->groups[i].home), group->epoch,
	                       hb_status_level(status));
}

/* ---- media and counters ---- */

static void
put_medium(const HbMediumReport *medium, GString *out)
{
	static const HbMediumCount refused[] = {
		HB_COUNT_RX_OVERSIZE, HB_COUNT_RX_MALFORMED, HB_COUNT_RX_BADAUTH, HB_COUNT_RX_BADFIELD,
	};

	g_string_append_printf(out, "  %-10s %-12s %-5s sent %-9" G_GUINT64_FORMAT " received %-9" G_GUINT64_FORMAT,
	                       medium->kind, medium->name, medium->is_up ? "up" : "DOWN",
	                       medium->n[HB_COUNT_TX_OK], medium->n[HB_COUNT_RX_OK]);
	if (medium->n[HB_COUNT_TX_FAILED] > 0)
		g_string_append_printf(out, " not sent %" G_GUINT64_FORMAT, medium->n[HB_COUNT_TX_FAILED]);
	for (guint c = 0; c < G_N_ELEMENTS(refused); c++)
		if (medium->n[refused[c]] > 0)
			g_string_append_printf(out, "; %" G_GUINT64_FORMAT " %s", medium->n[refused[c]],
			                       hb_medium_count_words(refused[c]));
	if (medium->trouble[0] != '\0')
		g_string_append_printf(out, "; %s", medium->trouble);
	g_string_append_c(out, '\n');
}

static void
put_counter(const char *words, guint64 n, GString *out)
{
	if (n > 0)
		g_string_append_printf(out, "  %-9" G_GUINT64_FORMAT " %s\n", n, words);
}

static void
put_counters(const HbStatus *status, GString *out)
{
	const HbView *view = status->view;
	gsize at = out->len;
	static const char title[] = "COUNTERS\n";

	g_string_append(out, title);
	put_counter("messages of nodes that are not configured", view->rx_unknown_node, out);
	put_counter("messages of an older life of a node", view->rx_ghost, out);
	put_counter("messages that came too late to be used", view->rx_stale, out);
	put_counter("times this process was late", view->late_turns, out);
	put_counter("turns of this process that took too long", status->long_turns, out);
	put_counter("messages too large to be sent", status->tx_oversize, out);
	put_counter("messages of scripts that could not be read", status->fifo_bad, out);
	put_counter("requests waiting for the root process", status->queued, out);
	put_counter("lines of the log that could not be written", status->log_lost, out);
	if (out->len == at + strlen(title))     /* nothing to tell */
		g_string_truncate(out, at);
}

void
hb_status_text(const HbStatus *status, GString *out)
{
	const HbView *view = status->view;
	guint width = widest_node(status);

	put_head(status, out);
	g_string_append(out, "NODES\n");
	for (guint i = 0; i < view->n_nodes; i++)
		put_node(status, i, width, out);
	if (view->n_ping > 0)
		g_string_append(out, "PING NODES\n");
	for (guint i = 0; i < view->n_ping; i++)
		put_ping(status, i, width, out);
	if (view->n_groups > 0)
		g_string_append(out, "GROUPS\n");
	for (guint i = 0; i < view->n_groups; i++)
		put_group(status, i, out);
	g_string_append(out, "MEDIA\n");
	for (guint i = 0; i < status->n_media; i++)
		put_medium(&status->media[i], out);
	put_counters(status, out);
}
