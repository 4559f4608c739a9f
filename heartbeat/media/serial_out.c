/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* serial_out.c - the packets that wait for a slow line. doc/wire-protocol.md 8.5 */
#define _GNU_SOURCE             /* memmem */
#include "media/serial_out.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/banned.h"

#define BITS_PER_OCTET 10       /* with start and stop bit */
#define AHEAD_MS       250      /* what the kernel may have of ours */
#define LIMIT_S        2
#define MS_PER_S       1000

struct hb_serial_packet {
	hb_serial_packet *next;
	size_t len;
	int is_status;
	int is_repeated;        /* said again anyhow, if it gets lost: a status, a question for what is missing */
	uint64_t seq;           /* of the sender's stream; 0 unknown */
	char data[];
};

void
hb_serial_out_init(hb_serial_out *out, uint32_t baud, int64_t now_ms)
{
	memset(out, 0, sizeof *out);
	out->per_s = baud / BITS_PER_OCTET;
	out->limit = (size_t)out->per_s * LIMIT_S;
	if (out->limit < HB_SERIAL_QUEUE_MIN)
		out->limit = HB_SERIAL_QUEUE_MIN;
	out->budget = (int64_t)out->per_s * AHEAD_MS;
	out->budget_ms = now_ms;
	/* What the other end heard last may be half of something. */
	out->needs_line_end = 1;
}

void
hb_serial_out_clear(hb_serial_out *out)
{
	while (out->first != NULL) {
		hb_serial_packet *packet = out->first;

		out->first = packet->next;
		free(packet);
	}
	out->n_waiting = 0;
	out->sent = 0;
}

static void
remove_at(hb_serial_out *out, hb_serial_packet **at)
{
	hb_serial_packet *packet = *at;

	*at = packet->next;
	out->n_waiting -= packet->len;
	free(packet);
}

/* The first that may go is what has not begun to be sent. */
static hb_serial_packet **
first_idle(hb_serial_out *out)
{
	return out->sent > 0 ? &out->first->next : &out->first;
}

/* Not the last in the queue: that may be an old one, sent again for who asked for it. */
static const hb_serial_packet *
newest_status(const hb_serial_out *out)
{
	const hb_serial_packet *newest = NULL;

	for (const hb_serial_packet *p = out->first; p != NULL; p = p->next)
		if (p->is_status && (newest == NULL || p->seq >= newest->seq))
			newest = p;
	return newest;
}

static void
insert_at(hb_serial_packet **at, hb_serial_packet *packet)
{
	packet->next = *at;
	*at = packet;
}

/* An older status leaves its place to the newest, which would otherwise be last for ever on a line that is always behind. */
static void
replace_status(hb_serial_out *out, hb_serial_packet **at, const hb_serial_packet *newest)
{
	hb_serial_packet **from = at;
	hb_serial_packet *packet;

	remove_at(out, at);
	while (*from != NULL && *from != newest)
		from = &(*from)->next;
	if (*from == NULL)
		return;
	packet = *from;
	*from = packet->next;
	insert_at(at, packet);
}

/* The oldest that will be said again, or the oldest of all; but not the newest status, nor @keep. */
static int
throw_one_away(hb_serial_out *out, int any, const hb_serial_packet *keep)
{
	const hb_serial_packet *newest = newest_status(out);

	for (hb_serial_packet **at = first_idle(out); *at != NULL; at = &(*at)->next) {
		if (*at == newest || *at == keep || !((*at)->is_repeated || any))
			continue;
		if ((*at)->is_status)
			replace_status(out, at, newest);
		else
			remove_at(out, at);
		return 1;
	}
	return 0;
}

/* On a line that is a second behind, what will be said again goes first: an old status says nothing that the newest does not
 * say better. */
static int
make_room(hb_serial_out *out, const hb_serial_packet *keep)
{
	int n = 0;

	while (out->n_waiting > out->per_s && throw_one_away(out, 0, NULL))
		n++;
	while (out->n_waiting > out->limit && throw_one_away(out, 1, keep))
		n++;
	return n;
}

static uint64_t
find_seq(const char *data, size_t len)
{
	static const char field[] = "\nseq=";
	const char *at = memmem(data, len, field, sizeof field - 1);

	/* There is always the end of the line, and of the message, behind it. */
	return at != NULL ? strtoull(at + sizeof field - 1, NULL, 16) : 0;
}

static hb_serial_packet *
new_packet(hb_serial_out *out, const char *data, size_t len)
{
	static const char status[] = "\nt=status\n";
	static const char question[] = "\nt=NS_rexmit\n";
	size_t extra = out->needs_line_end ? 1 : 0;
	hb_serial_packet *packet = malloc(sizeof *packet + extra + len);

	if (packet == NULL)
		return NULL;
	packet->next = NULL;
	packet->len = extra + len;
	packet->is_status = memmem(data, len, status, sizeof status - 1) != NULL;
	packet->is_repeated = packet->is_status || memmem(data, len, question, sizeof question - 1) != NULL;
	packet->seq = find_seq(data, len);
	packet->data[0] = '\n';
	memcpy(packet->data + extra, data, len);
	return packet;
}

int
hb_serial_out_add(hb_serial_out *out, const void *data, size_t len)
{
	hb_serial_packet *packet;
	hb_serial_packet **end = &out->first;

	if (len >= out->limit)
		return -EMSGSIZE;
	packet = new_packet(out, data, len);
	if (packet == NULL)
		return -ENOMEM;
	out->needs_line_end = 0;
	while (*end != NULL)
		end = &(*end)->next;
	*end = packet;
	out->n_waiting += packet->len;
	return make_room(out, packet) > 0 ? -ENOBUFS : 0;
}

static void
refill(hb_serial_out *out, int64_t now_ms)
{
	int64_t budget_max = (int64_t)out->per_s * AHEAD_MS;

	out->budget += (now_ms - out->budget_ms) * out->per_s;
	if (out->budget > budget_max)
		out->budget = budget_max;
	out->budget_ms = now_ms;
}

size_t
hb_serial_out_ready(hb_serial_out *out, int64_t now_ms, const void **ret_data)
{
	size_t allowed;
	size_t left;

	refill(out, now_ms);
	if (out->first == NULL)
		return 0;
	allowed = out->budget > 0 ? (size_t)(out->budget / MS_PER_S) : 0;
	left = out->first->len - out->sent;
	*ret_data = out->first->data + out->sent;
	return left < allowed ? left : allowed;
}

void
hb_serial_out_wrote(hb_serial_out *out, size_t len)
{
	out->budget -= (int64_t)len * MS_PER_S;
	out->sent += len;
	if (out->sent < out->first->len)
		return;
	out->sent = 0;
	remove_at(out, &out->first);
}

/* Half of what the kernel may have: the line never runs dry, and we are not called for each octet. */
int
hb_serial_out_wait_ms(const hb_serial_out *out)
{
	return out->first == NULL ? 0 : AHEAD_MS / 2;
}

void
hb_serial_out_stalled(hb_serial_out *out)
{
	const hb_serial_packet *newest = newest_status(out);

	if (out->sent > 0) {
		out->needs_line_end = 1;
		if (out->first == newest)
			newest = NULL;
		out->sent = 0;
		remove_at(out, &out->first);
	}
	for (hb_serial_packet **at = &out->first; *at != NULL;)
		if (*at == newest)
			at = &(*at)->next;
		else
			remove_at(out, at);
}
