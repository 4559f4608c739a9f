/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Octets of a serial line, in pieces cut by themselves: a whole message behind them is always found, in bounded memory.
 */
#include <string.h>

#include <glib.h>

#include "media/serial_in.h"

#include "util/banned.h"

#define LAST "\n>>>\nt=last\n<<<\n"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

static char buf[HB_SERIAL_MSG_MAX + 1];

static gboolean
feed(hb_serial_in *in, const void *data, size_t len)
{
	gboolean found = FALSE;
	ssize_t got;

	memcpy(hb_serial_in_room(in), data, len);
	hb_serial_in_added(in, len);
	while ((got = hb_serial_in_next(in, buf, sizeof buf)) >= 0) {
		g_assert_cmpint(got, >=, 8);
		g_assert_true(memcmp(buf, ">>>", 3) == 0);
		g_assert_cmpint(buf[got - 1], ==, '\n');
		found = got == (ssize_t)strlen(LAST) - 1 && memcmp(buf, &LAST[1], (size_t)got) == 0;
	}
	return found;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	hb_serial_in in = { 0 };

	for (size_t at = 0; at < len;) {
		size_t step = MIN(len - at, (size_t)data[at] * 4 + 1);

		feed(&in, data + at, MIN(step, HB_SERIAL_CHUNK_MAX));
		at += MIN(step, HB_SERIAL_CHUNK_MAX);
	}
	g_assert_true(feed(&in, LAST, strlen(LAST)));
	g_assert_cmpuint(in.size, <=, 2 * HB_SERIAL_MSG_MAX);
	hb_serial_in_clear(&in);
	return 0;
}
