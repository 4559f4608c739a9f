/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fifo.c - see fifo.h.
 *
 * The bytes of two writers may be mixed, and a writer may die in the middle: a head always starts a
 * new message, whatever was open is given up and counted.
 */
#include <string.h>

#include <glib.h>

#include "wire/fifo.h"
#include "wire/text.h"

#include "util/banned.h"

#define FIFO_LINE_MAX 5120
#define FIFO_MSG_MAX  65536
#define FIFO_READY_MAX 256      /* messages of one feed; a script writes one */

struct HbFifoReader {
	GByteArray *line;       /* the unfinished last line */
	GByteArray *text;       /* the open message, from its head on; empty: none is open */
	gboolean skip_line;     /* the rest of this line is too long */
	GQueue ready;           /* HbMsg */
	guint64 n_bad;
};

HbFifoReader *
hb_fifo_reader_new(void)
{
	HbFifoReader *reader = g_new0(HbFifoReader, 1);

	reader->line = g_byte_array_new();
	reader->text = g_byte_array_new();
	g_queue_init(&reader->ready);
	return reader;
}

static void
free_msg(gpointer msg)
{
	hb_msg_free(msg);
}

void
hb_fifo_reader_free(HbFifoReader *reader)
{
	if (reader == NULL)
		return;
	g_byte_array_unref(reader->line);
	g_byte_array_unref(reader->text);
	g_queue_clear_full(&reader->ready, free_msg);
	g_free(reader);
}

static void
give_up(HbFifoReader *reader)
{
	if (reader->text->len > 0)
		reader->n_bad++;
	g_byte_array_set_size(reader->text, 0);
}

static void
finish(HbFifoReader *reader)
{
	HbMsg *msg = hb_text_decode(reader->text->data, reader->text->len, NULL);

	if (msg == NULL || reader->ready.length == FIFO_READY_MAX) {
		hb_msg_free(msg);
		give_up(reader);
		return;
	}
	g_byte_array_set_size(reader->text, 0);
	g_queue_push_tail(&reader->ready, msg);
}

static void
keep_line(HbFifoReader *reader)
{
	if (reader->text->len + reader->line->len > FIFO_MSG_MAX)
		give_up(reader);
	else
		g_byte_array_append(reader->text, reader->line->data, reader->line->len);
}

/* A head may stand behind the half line of a writer that died. */
static gboolean
ends_with_head(const GByteArray *line)
{
	return line->len >= HB_TEXT_MARK_LEN &&
	       memcmp(line->data + line->len - HB_TEXT_MARK_LEN, HB_TEXT_HEAD, HB_TEXT_MARK_LEN) == 0;
}

static gboolean
is_tail(const GByteArray *line)
{
	return line->len == HB_TEXT_MARK_LEN &&
	       memcmp(line->data, HB_TEXT_TAIL, HB_TEXT_MARK_LEN) == 0;
}

/* .line is a whole line with its end. Outside of a message it is junk. */
static void
take_line(HbFifoReader *reader)
{
	if (ends_with_head(reader->line)) {
		give_up(reader);
		g_byte_array_append(reader->text, (const guint8 *)HB_TEXT_HEAD, HB_TEXT_MARK_LEN);
	} else if (reader->text->len > 0) {
		keep_line(reader);
		if (is_tail(reader->line) && reader->text->len > 0)
			finish(reader);
	}
}

static void
take_piece(HbFifoReader *reader, const guint8 *piece, gsize len)
{
	if (!reader->skip_line && reader->line->len + len <= FIFO_LINE_MAX) {
		g_byte_array_append(reader->line, piece, (guint)len);
		return;
	}
	if (!reader->skip_line)
		give_up(reader);
	reader->skip_line = TRUE;
	g_byte_array_set_size(reader->line, 0);
}

void
hb_fifo_reader_feed(HbFifoReader *reader, const guint8 *data, gsize len)
{
	const guint8 *end = data + len;

	while (data < end) {
		const guint8 *stop = memchr(data, '\n', (gsize)(end - data));
		gsize piece_len = (gsize)((stop != NULL ? stop + 1 : end) - data);

		/* Some writers end a message with a NUL. */
		if (reader->line->len == 0 && !reader->skip_line && *data == '\0') {
			data++;
			continue;
		}
		take_piece(reader, data, piece_len);
		data += piece_len;
		if (stop == NULL)
			return;
		if (!reader->skip_line)
			take_line(reader);
		reader->skip_line = FALSE;
		g_byte_array_set_size(reader->line, 0);
	}
}

HbMsg *
hb_fifo_reader_next(HbFifoReader *reader)
{
	return g_queue_pop_head(&reader->ready);
}

guint64
hb_fifo_reader_n_bad(const HbFifoReader *reader)
{
	return reader->n_bad;
}

GByteArray *
hb_fifo_encode(const HbMsg *msg)
{
	return hb_text_encode(msg);
}
