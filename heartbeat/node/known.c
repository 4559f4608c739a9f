/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "node/known.h"

#include "util/banned.h"

typedef struct {
	gsize len;              /* 0: empty */
	guint8 data[HB_KNOWN_LEN_MAX];
	HbMsg *msg;
	HbTyped typed;
} Packet;

struct HbKnown {
	guint n_added;          /* the next one's place, modulo HB_KNOWN_MAX */
	Packet packet[HB_KNOWN_MAX];
};

HbKnown *
hb_known_new(void)
{
	return g_new0(HbKnown, 1);
}

void
hb_known_free(HbKnown *known)
{
	if (!known)
		return;
	hb_known_flush(known);
	g_free(known);
}

/* The newest first: that is nearly always the one. */
const HbTyped *
hb_known_find(const HbKnown *known, const void *data, gsize len)
{
	if (len == 0)
		return NULL;
	for (guint i = 1; i <= HB_KNOWN_MAX; i++) {
		const Packet *packet = &known->packet[(known->n_added - i) % HB_KNOWN_MAX];

		if (packet->len == len && memcmp(packet->data, data, len) == 0)
			return &packet->typed;
	}
	return NULL;
}

static void
packet_clear(Packet *packet)
{
	g_clear_pointer(&packet->msg, hb_msg_free);
	packet->len = 0;
}

void
hb_known_add(HbKnown *known, const void *data, gsize len, const HbTyped *typed, HbMsg *msg)
{
	Packet *packet = &known->packet[known->n_added % HB_KNOWN_MAX];

	if (len == 0 || len > HB_KNOWN_LEN_MAX) {
		hb_msg_free(msg);
		return;
	}
	known->n_added++;
	packet_clear(packet);
	packet->len = len;
	memcpy(packet->data, data, len);
	packet->typed = *typed;
	packet->typed.raw = msg;
	packet->typed.names = NULL;     /* a list of whoever sends it; nobody reads it back */
	packet->typed.n_names = 0;
	packet->msg = msg;
}

void
hb_known_flush(HbKnown *known)
{
	for (guint i = 0; i < HB_KNOWN_MAX; i++)
		packet_clear(&known->packet[i]);
}
