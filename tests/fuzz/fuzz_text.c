/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the string form decodes to is written and read back the same.
 */
#include <glib.h>

#include "wire/netstring.h"
#include "wire/text.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	gsize used = 0;
	g_autoptr(HbMsg) msg = hb_text_decode(data, len, &used);
	g_autoptr(HbMsg) back = NULL;
	g_autoptr(GByteArray) text = NULL;
	g_autoptr(GByteArray) octets = NULL;
	g_autoptr(GByteArray) back_octets = NULL;

	if (msg == NULL)
		return 0;
	g_assert_cmpuint(used, <=, len);
	text = hb_text_encode(msg);
	if (text == NULL)       /* a nested text had one of the line ends escaped into it */
		return 0;
	back = hb_text_decode(text->data, text->len, NULL);
	g_assert_nonnull(back);
	octets = hb_netstring_encode(msg);
	back_octets = hb_netstring_encode(back);
	g_assert_cmpmem(octets->data, octets->len, back_octets->data, back_octets->len);
	return 0;
}
