/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serial_out.h - the packets that wait for a slow line, and how fast they may go.
 *
 * Pure: the caller hands in the time. Part of the plugin serial; libc only. The kernel would take whole seconds' worth of
 * octets from us; what it has cannot be taken back, so it gets a quarter of a second in advance and no more. What waits here
 * is bounded: a node that is silent for long is dead to others, so what is thrown away is old news.
 */
#ifndef HB_MEDIA_SERIAL_OUT_H
#define HB_MEDIA_SERIAL_OUT_H

#include <stddef.h>
#include <stdint.h>

#define HB_SERIAL_QUEUE_MIN 4096        /* octets that may wait, or two seconds of the line if that is more */

typedef struct hb_serial_packet hb_serial_packet;

typedef struct {
	uint32_t per_s;         /* octets the line takes in a second */
	size_t limit;           /* octets that may wait */
	size_t n_waiting;       /* octets that do */
	hb_serial_packet *first;
	size_t sent;            /* of .first */
	int64_t budget;         /* octets that may go, in thousandths */
	int64_t budget_ms;      /* when it was so */
	int needs_line_end;     /* half a packet may stand before the next one */
} hb_serial_out;

/* @baud in bit/s, above 0. */
void hb_serial_out_init(hb_serial_out *out, uint32_t baud, int64_t now_ms);
void hb_serial_out_clear(hb_serial_out *out);

/* Copies. 0; -ENOBUFS: one was thrown away, this or an older one; -EMSGSIZE: longer than the line bears; -ENOMEM. */
int hb_serial_out_add(hb_serial_out *out, const void *data, size_t len);
/* How many octets may be written now, and which; 0 none. */
size_t hb_serial_out_ready(hb_serial_out *out, int64_t now_ms, const void **ret_data);
void hb_serial_out_wrote(hb_serial_out *out, size_t len);
/* After how many ms to look again; 0 nothing waits. */
int hb_serial_out_wait_ms(const hb_serial_out *out);
/* The line took nothing for long, or lost what it had: only the newest status is worth sending yet. */
void hb_serial_out_stalled(hb_serial_out *out);

#endif
