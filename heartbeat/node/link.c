/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include <glib.h>

#include "log/log.h"
#include "node/known.h"
#include "node/link.h"
#include "node/media.h"
#include "wire/typedio.h"

#include "util/banned.h"

/* One octet more than a message may have, so that a longer one is seen to be longer. Only its
 * first pages are ever touched by ordinary packets. */
static guint8 packet[HB_MSG_MAX + 1];

static void
refuse(HbLink *link, HbMediumCount why)
{
	guint64 n_swallowed;

	link->n[why]++;
	if (!link->node->config->log_badpack)
		return;
	if (!hb_rate_allows(&link->refused[why], hb_loop_now_ms(link->node->loop), &n_swallowed))
		return;
	hb_log(HB_LOG_WARN, "%s %s: dropped %s (%" G_GUINT64_FORMAT " more since the last such line)",
	       link->ops->name, link->ops->link_name(link->medium), hb_medium_count_words(why), n_swallowed);
}

/* As 3.0.6 does with the file OnlyForTesting, measured there: a list of nodes is about what is received. */
static gboolean
is_lost_on_purpose(const HbLink *link, const char *from)
{
	const HbTestingConf *testing = &link->node->config->testing;
	double loss = from != NULL ? testing->receive_loss : testing->send_loss;

	if (loss <= 0.0 || g_random_double() >= loss)
		return FALSE;
	if (testing->allowed == NULL || *testing->allowed == NULL)
		return TRUE;
	return from != NULL && !g_strv_contains((const char *const *)testing->allowed, from);
}

static const HbMediumCount frame_counts[HB_FRAME_N] = {
	[HB_FRAME_MALFORMED] = HB_COUNT_RX_MALFORMED,
	[HB_FRAME_OVERSIZE] = HB_COUNT_RX_OVERSIZE,
	[HB_FRAME_BAD_AUTH] = HB_COUNT_RX_BADAUTH,
};

static void
hand_on(HbLink *link, const HbTyped *typed)
{
	HbEvent event = { .type = HB_EV_PACKET };

	event.u.packet.medium = link->index;
	event.u.packet.msg = typed;
	hb_loop_step(link->node, &event);
}

/* The ladder: length, framing, authentication, type and fields, trust; from there on the core. */
static void
climb(HbLink *link, gsize len)
{
	HbNode *node = link->node;
	HbFrameVerdict verdict = HB_FRAME_OVERSIZE;
	HbTypedVerdict fields;
	HbFrame frame = { 0 };
	g_autoptr(HbMsg) msg = NULL;
	HbTyped typed;

	if (len <= HB_MSG_MAX)
		verdict = hb_frame_open(packet, len, &node->keys, &frame);
	if (verdict != HB_FRAME_OK) {
		refuse(link, frame_counts[verdict]);
		return;
	}
	msg = frame.msg;
	fields = hb_typed_parse(msg, &typed);
	if (fields == HB_TYPED_BAD_ENVELOPE) {
		refuse(link, HB_COUNT_RX_BADFIELD);
		return;
	}
	if (is_lost_on_purpose(link, typed.src))
		return;
	if (!hb_trust_admits(&node->trust, node->config, &node->keys, &typed, frame.has_hmac)) {
		refuse(link, HB_COUNT_RX_BADAUTH);
		return;
	}
	hb_sender_learn(node->sender, &typed);
	if (fields == HB_TYPED_BAD_FIELD) {
		/* Its number counts, or the sender's stream would never be whole again: the core takes that alone. */
		refuse(link, HB_COUNT_RX_BADFIELD);
		hand_on(link, &typed);
		return;
	}
	link->n[HB_COUNT_RX_OK]++;
	hand_on(link, &typed);
	hb_known_add(node->heard, packet, len, &typed, g_steal_pointer(&msg));
}

/* Nothing is added to .heard inside a step. */
static void
take_packet(HbLink *link, gsize len)
{
	HbNode *node = link->node;
	const HbTyped *again = hb_known_find(node->heard, packet, len);

	if (!again) {
		climb(link, len);
		return;
	}
	if (is_lost_on_purpose(link, again->src))
		return;
	link->n[HB_COUNT_RX_OK]++;
	hand_on(link, again);
}

gboolean
hb_link_read(HbLink *link, guint n_max, guint *ret_n)
{
	*ret_n = 0;
	/* A step may end in shutting this very medium (it does not today): look each time. */
	while (*ret_n < n_max && link->state == HB_LINK_OPEN) {
		ssize_t len = link->ops->read(link->medium, packet, sizeof packet);

		if (len == -2)
			return FALSE;
		if (len < 0)
			break;
		(*ret_n)++;
		take_packet(link, (gsize)len);
	}
	return TRUE;
}

static void
write_failed(HbLink *link, int err)
{
	guint64 n_swallowed;

	link->n[HB_COUNT_TX_FAILED]++;
	if (link->write_errno == err)
		return;
	link->write_errno = err;
	g_snprintf(link->trouble, sizeof link->trouble, "cannot send: %s", g_strerror(err));
	if (hb_rate_allows(&link->write_failed, hb_loop_now_ms(link->node->loop), &n_swallowed))
		hb_log(HB_LOG_WARN, "%s %s: cannot send: %s", link->ops->name,
		       link->ops->link_name(link->medium), g_strerror(err));
}

static void
write_works(HbLink *link)
{
	link->n[HB_COUNT_TX_OK]++;
	if (link->write_errno == 0)
		return;
	link->write_errno = 0;
	link->trouble[0] = '\0';
	/* Said only when the failure was: otherwise a line that is now and then full fills the log. */
	if (link->write_failed.n_swallowed == 0)
		hb_log(HB_LOG_INFO, "%s %s: sends again", link->ops->name,
		       link->ops->link_name(link->medium));
}

static void
flush(HbLink *link)
{
	int wait_ms = link->ops->flush(link->medium);

	if (wait_ms < 0)
		write_failed(link, -wait_ms);
	hb_source_at_ms(link->flush,
	                wait_ms > 0 ? hb_loop_now_ms(link->node->loop) + wait_ms : G_MAXINT64);
}

static gboolean
on_flush(gpointer owner, GIOCondition cond)
{
	(void)cond;
	flush(owner);
	return G_SOURCE_CONTINUE;
}

void
hb_link_write(HbLink *link, const void *data, gsize len)
{
	int err;

	if (is_lost_on_purpose(link, NULL))
		return;
	err = link->ops->write(link->medium, data, len);
	if (err == 0)
		write_works(link);
	else
		write_failed(link, -err);
	if (!link->ops->flush)
		return;
	if (!link->flush)
		link->flush = hb_source_new(link->node, "medium that is slow", -1, 0, on_flush, link);
	flush(link);
}
