/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the netstring form decodes to is written in exactly the octets it was read from, and can be
 * said in the string form or is refused there.
 */
#include <glib.h>

#include "wire/netscan.h"
#include "wire/netstring.h"
#include "wire/text.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	gsize used = 0;
	gsize extent = hb_netscan_extent(data, len);
	g_autoptr(HbMsg) msg = hb_netstring_decode(data, len, &used);
	g_autoptr(HbMsg) back = NULL;
	g_autoptr(GByteArray) octets = NULL;
	g_autoptr(GByteArray) text = NULL;

	g_assert_cmpuint(extent, <=, len);
	if (msg == NULL)
		return 0;
	g_assert_cmpuint(used, ==, extent);
	octets = hb_netstring_encode(msg);
	g_assert_cmpmem(octets->data, octets->len, data, used);
	g_assert_cmpuint(hb_msg_netstring_len(msg), ==, used);
	text = hb_text_encode(msg);
	if (text != NULL) {
		back = hb_text_decode(text->data, text->len, NULL);
		g_assert_nonnull(back);
		g_assert_cmpuint(hb_msg_n_fields(back), ==, hb_msg_n_fields(msg));
	}
	return 0;
}
