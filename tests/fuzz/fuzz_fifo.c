/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader finds the same messages however its input is cut, and after any input it reads the
 * next whole message.
 */
#include <string.h>

#include <glib.h>

#include "wire/fifo.h"
#include "wire/netstring.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

static const char good[] = "\n>>>\nt=good\n<<<\n";

/* The octets of all messages, one behind the other. */
static GByteArray *
drain(HbFifoReader *reader)
{
	GByteArray *all = g_byte_array_new();
	HbMsg *msg;

	while ((msg = hb_fifo_reader_next(reader)) != NULL) {
		g_autoptr(GByteArray) octets = hb_netstring_encode(msg);

		g_byte_array_append(all, octets->data, octets->len);
		hb_msg_free(msg);
	}
	return all;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	static const char last[] = "###\n9:(0)t=good,%%%\n";
	g_autoptr(HbFifoReader) whole = hb_fifo_reader_new();
	g_autoptr(HbFifoReader) pieces = hb_fifo_reader_new();
	g_autoptr(GByteArray) a = NULL;
	g_autoptr(GByteArray) b = NULL;
	gsize step = len > 0 ? 1 + data[0] % 23 : 1;

	hb_fifo_reader_feed(whole, data, len);
	hb_fifo_reader_feed(whole, (const guint8 *)good, strlen(good));
	for (gsize pos = 0; pos < len; pos += step)
		hb_fifo_reader_feed(pieces, data + pos, MIN(step, len - pos));
	hb_fifo_reader_feed(pieces, (const guint8 *)good, strlen(good));
	a = drain(whole);
	b = drain(pieces);
	g_assert_cmpmem(a->data, a->len, b->data, b->len);
	g_assert_cmpuint(hb_fifo_reader_n_bad(whole), ==, hb_fifo_reader_n_bad(pieces));
	g_assert_cmpuint(a->len, >=, strlen(last));
	g_assert_cmpmem(a->data + a->len - strlen(last), strlen(last), last, strlen(last));
	return 0;
}
