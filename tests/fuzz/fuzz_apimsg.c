/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a client sends is a message or it is not; a message that was read is written so that it is read again as
 * the same.
 */
#include <string.h>

#include <glib.h>

#include "wire/apimsg.h"
#include "wire/netstring.h"
#include "wire/typedio.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	g_autoptr(HbMsg) msg = hb_apimsg_decode(data, len);
	g_autoptr(HbMsg) again = NULL;
	g_autoptr(GByteArray) payload = NULL;
	g_autoptr(GByteArray) a = NULL;
	g_autoptr(GByteArray) b = NULL;
	HbTyped typed;
	guint64 number;

	if (msg == NULL)
		return 0;
	(void)hb_typed_parse_fifo(msg, &typed);
	(void)hb_apimsg_get_dec(msg, "pid", G_MAXINT, &number);
	(void)hb_apimsg_get_hex(msg, "fmask", G_MAXUINT32, &number);
	payload = hb_apimsg_encode(msg);
	again = hb_apimsg_decode(payload->data, payload->len);
	/* A line end within a text is written as another octet. */
	if (again == NULL || memchr(payload->data, 0x13, payload->len) != NULL)
		return 0;
	a = hb_netstring_encode(msg);
	b = hb_netstring_encode(again);
	g_assert_cmpmem(a->data, a->len, b->data, b->len);
	return 0;
}
