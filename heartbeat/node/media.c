/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <sys/socket.h>

#include <glib.h>

#include "node/media_parts.h"
#include "plugin/plugin.h"
#include "util/fd.h"

#include "util/banned.h"

#define READS_PER_DRAIN  64

/* ---- life ---- */

static gboolean
link_init(HbLink *link, HbNode *node, guint index, GError **error)
{
	const HbMediumConf *conf = &node->config->media[index];
	hb_medium_defaults defaults = { .udpport = (guint16)conf->udpport, .baud = conf->baud };
	char err[HB_MEDIUM_ERR_MAX] = "";
	hb_medium_want want = { 0 };

	link->node = node;
	link->index = index;
	link->backoff_s = 1;
	link->ops = hb_plugin_medium(conf->kind, error);
	if (!link->ops)
		return FALSE;
	link->medium = link->ops->parse(conf->words, &defaults, err);
	if (!link->medium) {
		g_set_error(error, HB_NODE_ERROR, HB_NODE_EXIT_CONFIG, "ha.cf line %u: %s %s: %s", conf->line,
		            conf->kind, conf->words, err);
		return FALSE;
	}
	link->ops->wants(link->medium, &want);
	link->has_address = want.family == AF_INET;
	if (want.kind != HB_WANT_TTY && !(link->ops->flags & HB_MEDIUM_PING))
		g_strlcpy(link->device, want.device[0] != '\0' ? want.device : hb_media_label(link),
		          sizeof link->device);
	return TRUE;
}

static void
tell_framings(const HbMedia *media)
{
	gboolean in_use[HB_FRAMING_N] = { FALSE };

	for (guint i = 0; i < media->n_links; i++) {
		guint32 flags = media->links[i].ops->flags;

		if (flags & HB_MEDIUM_PING)
			continue;
		in_use[flags & HB_MEDIUM_STRING ? HB_FRAMING_STRING : HB_FRAMING_NETSTRING] = TRUE;
	}
	for (guint f = 0; f < HB_FRAMING_N; f++)
		hb_sender_use_framing(media->node->sender, (HbFraming)f, in_use[f]);
}

HbMedia *
hb_media_new(HbNode *node, GError **error)
{
	HbMedia *media = g_new0(HbMedia, 1);

	media->node = node;
	media->links = g_new0(HbLink, node->config->n_media);
	media->retry = hb_source_new(node, "media to open again", -1, 0, hb_media_on_retry, media);
	for (guint i = 0; i < node->config->n_media; i++) {
		media->n_links = i + 1;
		if (!link_init(&media->links[i], node, i, error)) {
			hb_media_free(media);
			return NULL;
		}
	}
	tell_framings(media);
	return media;
}

void
hb_media_free(HbMedia *media)
{
	if (!media)
		return;
	for (guint i = 0; i < media->n_links; i++) {
		HbLink *link = &media->links[i];

		hb_source_drop(&link->source);
		hb_source_drop(&link->flush);
		if (link->ops)
			link->ops->close(link->medium);
		g_clear_pointer(&link->ping, g_byte_array_unref);
	}
	hb_source_drop(&media->retry);
	g_free(media->links);
	g_free(media);
}

void
hb_media_open_all(HbMedia *media)
{
	for (guint i = 0; i < media->n_links; i++)
		if (media->links[i].state == HB_LINK_CLOSED)
			hb_media_try(media, &media->links[i]);
}

guint
hb_media_n_pending(const HbMedia *media)
{
	guint n = 0;

	for (guint i = 0; i < media->n_links; i++)
		n += media->links[i].state == HB_LINK_ASKED;
	return n;
}

guint
hb_media_n_usable(const HbMedia *media)
{
	guint n = 0;

	for (guint i = 0; i < media->n_links; i++)
		n += media->links[i].state == HB_LINK_OPEN && !(media->links[i].ops->flags & HB_MEDIUM_PING);
	return n;
}

const char *
hb_media_far_name(const HbMedia *media, guint medium)
{
	const HbLink *link = &media->links[medium];

	return link->ops->far_name(link->medium);
}

void
hb_media_fd(HbMedia *media, guint medium, int err, const char *text, int fd)
{
	g_auto(HbFd) owned = fd;

	if (medium >= media->n_links || media->links[medium].state != HB_LINK_ASKED)
		return;
	if (err != 0 || owned < 0)
		hb_media_failed(media, &media->links[medium], text);
	else
		hb_media_take(media, &media->links[medium], hb_fd_steal(&owned));
}

void
hb_media_start(HbMedia *media)
{
	media->is_started = TRUE;
	for (guint i = 0; i < media->n_links; i++) {
		if (media->links[i].state == HB_LINK_OPEN)
			hb_media_watch(&media->links[i]);
		hb_media_tell_core(media, &media->links[i]);
	}
}

/* ---- packets ---- */

void
hb_media_drain(HbMedia *media)
{
	for (guint i = 0; i < media->n_links; i++) {
		guint n;

		/* What is broken says so again to its own source, which mends it. */
		hb_link_read(&media->links[i], READS_PER_DRAIN, &n);
	}
}

void
hb_media_write(HbMedia *media, const HbSealed *sealed)
{
	for (guint i = 0; i < media->n_links; i++) {
		HbLink *link = &media->links[i];
		HbFraming framing = link->ops->flags & HB_MEDIUM_STRING ? HB_FRAMING_STRING : HB_FRAMING_NETSTRING;

		if (link->state != HB_LINK_OPEN || (link->ops->flags & HB_MEDIUM_PING))
			continue;
		if (sealed->data[framing])
			hb_link_write(link, sealed->data[framing], sealed->len[framing]);
		else
			link->n[HB_COUNT_TX_FAILED]++;
	}
}

/* The payload changes once per second, with ts; the request goes out with each status. */
static void
refresh_ping(HbLink *link, guint32 ts)
{
	const char *info = g_str_equal(link->ops->name, "ping_group") ? "ping_group" : "ping";

	if (link->ping && link->ping_ts == ts)
		return;
	g_clear_pointer(&link->ping, g_byte_array_unref);
	link->ping = hb_sender_seal_ping(link->node->sender, link->ops->far_name(link->medium), info, ts);
	link->ping_ts = ts;
}

void
hb_media_ping(HbMedia *media, guint32 ts)
{
	for (guint i = 0; i < media->n_links; i++) {
		HbLink *link = &media->links[i];

		if (link->state != HB_LINK_OPEN || !(link->ops->flags & HB_MEDIUM_PING))
			continue;
		refresh_ping(link, ts);
		if (link->ping)
			hb_link_write(link, link->ping->data, link->ping->len);
	}
}

void
hb_media_report(const HbMedia *media, guint medium, HbMediumReport *ret_report)
{
	const HbLink *link;

	g_assert(medium < media->n_links);
	link = &media->links[medium];
	ret_report->kind = link->ops->name;
	ret_report->name = hb_media_label(link);
	ret_report->is_ping = (link->ops->flags & HB_MEDIUM_PING) != 0;
	ret_report->is_open = link->state == HB_LINK_OPEN;
	ret_report->is_up = link->is_up;
	g_strlcpy(ret_report->trouble, link->trouble, sizeof ret_report->trouble);
	memcpy(ret_report->n, link->n, sizeof ret_report->n);
}
