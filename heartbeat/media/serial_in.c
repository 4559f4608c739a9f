/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* serial_in.c - finds messages in the octets of a serial line. doc/wire-protocol.md 1.3, 8.5 */
#include "media/serial_in.h"

#include <stdlib.h>
#include <string.h>

#include "util/banned.h"

#define BEGIN ">>>"
#define END   "<<<"
#define MARK  3

/* Room for ordinary messages; also what a line between messages may have before its end and still be looked at. */
#define SIZE_MIN 4096

static void
drop(hb_serial_in *in, size_t n)
{
	memmove(in->buf, in->buf + n, in->len - n);
	in->len -= n;
	in->looked = in->looked > n ? in->looked - n : 0;
	in->searched = in->searched > n ? in->searched - n : 0;
}

static void
give_up(hb_serial_in *in)
{
	in->len = 0;
	in->looked = 0;
	in->searched = 0;
	in->is_inside = 0;
}

char *
hb_serial_in_room(hb_serial_in *in)
{
	size_t want = in->len + HB_SERIAL_CHUNK_MAX;
	size_t size = in->size > 0 ? in->size : SIZE_MIN;
	char *buf;

	while (size < want)
		size *= 2;
	if (size == in->size)
		return in->buf + in->len;
	buf = realloc(in->buf, size);
	if (buf == NULL) {
		give_up(in);
		return in->buf;
	}
	in->buf = buf;
	in->size = size;
	return in->buf + in->len;
}

void
hb_serial_in_added(hb_serial_in *in, size_t len)
{
	in->len += len;
}

/* Outside: whatever ends in the mark begins a message, for noise or half a message may stand before it. Inside, a value may
 * end so: there it has to be the whole line. 0: not a beginning; else where the mark is, plus one. */
static size_t
find_begin(const hb_serial_in *in, size_t line, size_t end)
{
	size_t last = end;

	if (last > line && in->buf[last - 1] == '\r')
		last--;
	if (last - line < MARK || memcmp(in->buf + last - MARK, BEGIN, MARK) != 0)
		return 0;
	if (in->is_inside && last - line != MARK)
		return 0;
	return last - MARK + 1;
}

static ssize_t
take(hb_serial_in *in, size_t len, void *buf, size_t buf_len)
{
	size_t n = len < buf_len ? len : buf_len;

	memcpy(buf, in->buf, n);
	in->is_inside = 0;
	drop(in, len);
	return (ssize_t)n;
}

/* One line is complete: [@line, @end), without its end. TRUE: it ends a message. */
static int
look_at(hb_serial_in *in, size_t line, size_t end)
{
	size_t begin = find_begin(in, line, end);

	in->looked = end + 1;
	in->searched = in->looked;
	if (begin != 0) {
		drop(in, begin - 1);
		in->is_inside = 1;
		return 0;
	}
	if (!in->is_inside) {
		drop(in, end + 1);
		return 0;
	}
	return end - line >= MARK && memcmp(in->buf + line, END, MARK) == 0;
}

ssize_t
hb_serial_in_next(hb_serial_in *in, void *buf, size_t buf_len)
{
	while (in->looked < in->len) {
		const char *end = memchr(in->buf + in->searched, '\n', in->len - in->searched);

		in->searched = in->len;
		if (end == NULL)
			break;
		if (look_at(in, in->looked, (size_t)(end - in->buf)))
			return take(in, in->looked, buf, buf_len);
	}
	/* Without an end in sight: noise outside, or more than any message has. */
	if (!in->is_inside && in->len >= SIZE_MIN)
		drop(in, in->len - MARK);
	if (in->len > HB_SERIAL_MSG_MAX)
		give_up(in);
	if (in->len == 0 && in->size > SIZE_MIN)
		hb_serial_in_clear(in);
	return -1;
}

void
hb_serial_in_clear(hb_serial_in *in)
{
	free(in->buf);
	memset(in, 0, sizeof *in);
}
