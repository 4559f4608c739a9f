/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <net/if.h>

#include <glib.h>

#include "log/log.h"
#include "node/exec_link.h"
#include "node/ifwatch.h"
#include "node/link.h"
#include "node/media.h"
#include "plugin/plugin.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define READS_PER_TURN   16     /* a flood must not hold up the timer */
#define READS_PER_DRAIN  64
#define BACKOFF_MAX_S    30
#define IDLE_ERRORS_MAX  16

struct HbMedia {
	HbNode *node;
	guint n_links;
	HbLink *links;
	HbSource *retry;        /* the earliest .retry_ms of all */
	gboolean is_started;
};

static const char *
link_label(const HbLink *link)
{
	return link->ops->link_name(link->medium);
}

/* ---- up or down, as the core sees it ---- */

static void
tell_core(HbMedia *media, const HbLink *link)
{
	HbEvent event = { .type = HB_EV_MEDIUM };

	if (!media->is_started)
		return;
	event.u.medium.medium = link->index;
	event.u.medium.state = link->is_up ? HB_MEDIUM_UP : HB_MEDIUM_DOWN;
	hb_loop_step(media->node, &event);
}

static gboolean
has_carrier(const HbLink *link)
{
	guint if_index;

	return link->device[0] == '\0'
	    || hb_ifwatch_state(link->node->ifwatch, link->device, &if_index) != HB_IF_DOWN;
}

static void
judge_link(HbMedia *media, HbLink *link)
{
	gboolean is_up = link->state == HB_LINK_OPEN && has_carrier(link);

	if (is_up == link->is_up)
		return;
	link->is_up = is_up;
	hb_log(is_up ? HB_LOG_INFO : HB_LOG_WARN, "%s %s is %s", link->ops->name, link_label(link),
	       is_up ? "up" : link->state == HB_LINK_OPEN ? "down: its interface has no carrier" : "down");
	tell_core(media, link);
}

/* ---- open, lose, open again ---- */

static void
arm_retry(HbMedia *media)
{
	gint64 at_ms = G_MAXINT64;

	for (guint i = 0; i < media->n_links; i++)
		if (media->links[i].state == HB_LINK_CLOSED)
			at_ms = MIN(at_ms, media->links[i].retry_ms);
	hb_source_at_ms(media->retry, at_ms);
}

static void link_try(HbMedia *media, HbLink *link);

static void
link_failed(HbMedia *media, HbLink *link, const char *why)
{
	gboolean is_news = !g_str_equal(link->trouble, why);

	link->state = HB_LINK_CLOSED;
	g_strlcpy(link->trouble, why, sizeof link->trouble);
	if (is_news)
		hb_log(HB_LOG_WARN, "%s %s cannot be opened: %s; trying again", link->ops->name,
		       link_label(link), why);
	if (link->again) {
		link->again = FALSE;
		link_try(media, link);
		return;
	}
	link->retry_ms = hb_loop_now_ms(media->node->loop) + (gint64)link->backoff_s * HB_MS_PER_S;
	link->backoff_s = MIN(link->backoff_s * 2, BACKOFF_MAX_S);
	judge_link(media, link);
	arm_retry(media);
}

static void
link_shut(HbMedia *media, HbLink *link, const char *why)
{
	hb_source_drop(&link->source);
	hb_source_drop(&link->flush);
	link->ops->shut(link->medium);
	link->state = HB_LINK_CLOSED;
	link->write_errno = 0;
	g_snprintf(link->trouble, sizeof link->trouble, "%s", why);
	link->backoff_s = 1;
	link->retry_ms = hb_loop_now_ms(media->node->loop);
	hb_log(HB_LOG_WARN, "%s %s: %s; opening it anew", link->ops->name, link_label(link), why);
	judge_link(media, link);
}

static gboolean
on_readable(gpointer owner, GIOCondition cond)
{
	HbLink *link = owner;
	HbMedia *media = link->node->media;
	gint64 now_ms = hb_loop_now_ms(link->node->loop);
	/* Packets come singly, and a second look would find nothing: only when they come thick. What was read of a
	 * stream may hold several, and the next does not wake us. */
	gboolean is_stream = (link->ops->flags & HB_MEDIUM_STRING) != 0;
	guint n_max = is_stream || now_ms == link->read_ms ? READS_PER_TURN : 1;
	guint n;
	gboolean is_broken = !hb_link_read(link, n_max, &n);

	link->read_ms = now_ms;
	/* A condition that reading does not end would spin. */
	if (n == 0 && (cond & (G_IO_ERR | G_IO_HUP | G_IO_NVAL)))
		link->n_idle_errors++;
	else
		link->n_idle_errors = 0;
	if (is_broken || link->n_idle_errors > IDLE_ERRORS_MAX) {
		link->n_idle_errors = 0;
		link_shut(media, link, "broken");
		link->retry_ms += HB_MS_PER_S;
		arm_retry(media);
	}
	return G_SOURCE_CONTINUE;
}

static void
link_watch(HbLink *link)
{
	link->source = hb_source_new(link->node, "medium", link->ops->poll_fd(link->medium), G_IO_IN,
	                             on_readable, link);
}

/* The address by which the kernel knows the interface: when it goes, so does what we told the
 * socket about it (broadcast address, multicast interface). Service addresses come and go besides. */
static struct in_addr
address_of(const char *device)
{
	struct ifreq request = { 0 };
	struct in_addr none = { 0 };
	g_auto(HbFd) fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	g_strlcpy(request.ifr_name, device, sizeof request.ifr_name);
	if (fd < 0 || ioctl(fd, SIOCGIFADDR, &request) < 0)
		return none;
	return ((struct sockaddr_in *)&request.ifr_addr)->sin_addr;
}

static void
link_opened(HbMedia *media, HbLink *link)
{
	link->state = HB_LINK_OPEN;
	link->again = FALSE;
	link->backoff_s = 1;
	link->trouble[0] = '\0';
	link->n[HB_COUNT_OPENED]++;
	if (link->device[0] != '\0') {
		hb_ifwatch_state(media->node->ifwatch, link->device, &link->if_index);
		if (link->has_address)
			link->address = address_of(link->device);
	}
	if (media->is_started)
		link_watch(link);
	judge_link(media, link);
}

static void
link_take(HbMedia *media, HbLink *link, int fd)
{
	char err[HB_MEDIUM_ERR_MAX] = "";

	if (link->ops->open(link->medium, fd, err) == 0)
		link_opened(media, link);
	else
		link_failed(media, link, err);
}

static void
link_try(HbMedia *media, HbLink *link)
{
	hb_medium_want want = { 0 };

	link->again = FALSE;
	link->ops->wants(link->medium, &want);
	if (want.kind == HB_WANT_NONE) {
		link_take(media, link, -1);
		return;
	}
	link->state = HB_LINK_ASKED;
	if (!hb_exec_link_open(media->node->exec, link->index, &want))
		link_failed(media, link, "the root process does not answer");
}

static gboolean
on_retry(gpointer owner, GIOCondition cond)
{
	HbMedia *media = owner;
	gint64 now_ms = hb_loop_now_ms(media->node->loop);

	(void)cond;
	for (guint i = 0; i < media->n_links; i++) {
		HbLink *link = &media->links[i];

		if (link->state == HB_LINK_CLOSED && link->retry_ms <= now_ms)
			link_try(media, link);
	}
	arm_retry(media);
	return G_SOURCE_CONTINUE;
}

/* ---- from netlink ---- */

static void
link_reopen(HbMedia *media, HbLink *link, const char *why)
{
	link_shut(media, link, why);
	link_try(media, link);
	arm_retry(media);
}

static void
link_hurry(HbMedia *media, HbLink *link)
{
	link->backoff_s = 1;
	if (link->state == HB_LINK_CLOSED)
		link_try(media, link);
	else if (link->state == HB_LINK_ASKED)
		link->again = TRUE;
}

void
hb_media_interface_changed(HbMedia *media, const char *name)
{
	for (guint i = 0; media && i < media->n_links; i++) {
		HbLink *link = &media->links[i];
		guint if_index;
		HbIfState state;

		if (!g_str_equal(link->device, name))
			continue;
		state = hb_ifwatch_state(media->node->ifwatch, name, &if_index);
		if (link->state == HB_LINK_OPEN && if_index != link->if_index)
			link_reopen(media, link, state == HB_IF_UNKNOWN ? "its interface is gone"
			                                                : "its interface was made anew");
		else if (link->state != HB_LINK_OPEN && state != HB_IF_UNKNOWN)
			link_hurry(media, link);
		judge_link(media, link);
	}
}

void
hb_media_address_new(HbMedia *media, const char *name)
{
	for (guint i = 0; media && i < media->n_links; i++)
		if (g_str_equal(media->links[i].device, name))
			link_hurry(media, &media->links[i]);
}

void
hb_media_address_gone(HbMedia *media, const char *name, const void *in_addr)
{
	for (guint i = 0; media && i < media->n_links; i++) {
		HbLink *link = &media->links[i];

		if (link->state == HB_LINK_OPEN && g_str_equal(link->device, name)
		    && link->address.s_addr != 0 && memcmp(&link->address, in_addr, sizeof link->address) == 0)
			link_reopen(media, link, "the address of its interface was removed");
	}
}

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
		g_strlcpy(link->device, want.device[0] != '\0' ? want.device : link_label(link),
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
	media->retry = hb_source_new(node, "media to open again", -1, 0, on_retry, media);
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
			link_try(media, &media->links[i]);
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
		link_failed(media, &media->links[medium], text);
	else
		link_take(media, &media->links[medium], hb_fd_steal(&owned));
}

void
hb_media_start(HbMedia *media)
{
	media->is_started = TRUE;
	for (guint i = 0; i < media->n_links; i++) {
		if (media->links[i].state == HB_LINK_OPEN)
			link_watch(&media->links[i]);
		tell_core(media, &media->links[i]);
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
	ret_report->name = link_label(link);
	ret_report->is_ping = (link->ops->flags & HB_MEDIUM_PING) != 0;
	ret_report->is_open = link->state == HB_LINK_OPEN;
	ret_report->is_up = link->is_up;
	g_strlcpy(ret_report->trouble, link->trouble, sizeof ret_report->trouble);
	memcpy(ret_report->n, link->n, sizeof ret_report->n);
}
