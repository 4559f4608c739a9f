/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <net/if.h>

#include <glib.h>

#include "log/log.h"
#include "node/exec_link.h"
#include "node/ifwatch.h"
#include "node/media_parts.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define READS_PER_TURN   16     /* a flood must not hold up the timer */
#define BACKOFF_MAX_S    30
#define IDLE_ERRORS_MAX  16

const char *
hb_media_label(const HbLink *link)
{
	return link->ops->link_name(link->medium);
}

/* ---- up or down, as the core sees it ---- */

void
hb_media_tell_core(HbMedia *media, const HbLink *link)
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
	hb_log(is_up ? HB_LOG_INFO : HB_LOG_WARN, "%s %s is %s", link->ops->name, hb_media_label(link),
	       is_up ? "up" : link->state == HB_LINK_OPEN ? "down: its interface has no carrier" : "down");
	hb_media_tell_core(media, link);
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

void
hb_media_failed(HbMedia *media, HbLink *link, const char *why)
{
	gboolean is_news = !g_str_equal(link->trouble, why);

	link->state = HB_LINK_CLOSED;
	g_strlcpy(link->trouble, why, sizeof link->trouble);
	if (is_news)
		hb_log(HB_LOG_WARN, "%s %s cannot be opened: %s; trying again", link->ops->name,
		       hb_media_label(link), why);
	if (link->again) {
		link->again = FALSE;
		hb_media_try(media, link);
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
	hb_log(HB_LOG_WARN, "%s %s: %s; opening it anew", link->ops->name, hb_media_label(link), why);
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

void
hb_media_watch(HbLink *link)
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
		hb_media_watch(link);
	judge_link(media, link);
}

void
hb_media_take(HbMedia *media, HbLink *link, int fd)
{
	char err[HB_MEDIUM_ERR_MAX] = "";

	if (link->ops->open(link->medium, fd, err) == 0)
		link_opened(media, link);
	else
		hb_media_failed(media, link, err);
}

void
hb_media_try(HbMedia *media, HbLink *link)
{
	hb_medium_want want = { 0 };

	link->again = FALSE;
	link->ops->wants(link->medium, &want);
	if (want.kind == HB_WANT_NONE) {
		hb_media_take(media, link, -1);
		return;
	}
	link->state = HB_LINK_ASKED;
	if (!hb_exec_link_open(media->node->exec, link->index, &want))
		hb_media_failed(media, link, "the root process does not answer");
}

gboolean
hb_media_on_retry(gpointer owner, GIOCondition cond)
{
	HbMedia *media = owner;
	gint64 now_ms = hb_loop_now_ms(media->node->loop);

	(void)cond;
	for (guint i = 0; i < media->n_links; i++) {
		HbLink *link = &media->links[i];

		if (link->state == HB_LINK_CLOSED && link->retry_ms <= now_ms)
			hb_media_try(media, link);
	}
	arm_retry(media);
	return G_SOURCE_CONTINUE;
}

/* ---- from netlink ---- */

static void
link_reopen(HbMedia *media, HbLink *link, const char *why)
{
	link_shut(media, link, why);
	hb_media_try(media, link);
	arm_retry(media);
}

static void
link_hurry(HbMedia *media, HbLink *link)
{
	link->backoff_s = 1;
	if (link->state == HB_LINK_CLOSED)
		hb_media_try(media, link);
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
