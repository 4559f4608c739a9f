/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line on its way to hb-log: what is read is packed into the same octets, and is printable once it is clean. */
#include <string.h>

#include <glib.h>

#include "log/line.h"
#include "log/record.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

/* Mutations of a sound record; of other input nearly none would get past the head. */
static gsize
put_head(const guint8 *data, size_t len, guint8 *buf)
{
	HbLogRecord record = { .level = HB_LOG_INFO, .pid = 1, .entity = "fuzz" };
	gsize total;

	g_strlcpy(record.text, "text", sizeof record.text);
	total = hb_record_pack(&record, buf);
	for (gsize i = 0; i + 1 < len && i < 64; i += 2)
		buf[data[i] % total] = data[i + 1];
	return total;
}

static void
check(const guint8 *data, gsize len)
{
	static HbLogRecord record;
	guint8 buf[HB_RECORD_MAX];
	g_autofree char *text = NULL;

	if (!hb_record_parse(data, len, &record))
		return;
	g_assert_cmpuint(hb_record_pack(&record, buf), ==, len);
	text = hb_line_clean(record.text);
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p != '\0'; p++)
		g_assert_false(g_ascii_iscntrl(*p));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	guint8 buf[HB_RECORD_MAX];

	check(data, len);
	check(buf, put_head(data, len, buf));
	return 0;
}
