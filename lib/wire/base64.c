/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * base64.c - see base64.h.
 */
#include <glib.h>

#include "wire/base64.h"

#include "util/banned.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
hb_base64_put(GByteArray *out, const guint8 *data, gsize len)
{
	for (gsize i = 0; i < len; i += 3) {
		guint n = (guint)MIN(len - i, 3);
		guint32 bits = (guint32)data[i] << 16;
		guint8 four[4];

		if (n > 1)
			bits |= (guint32)data[i + 1] << 8;
		if (n > 2)
			bits |= data[i + 2];
		four[0] = (guint8)alphabet[bits >> 18];
		four[1] = (guint8)alphabet[(bits >> 12) & 63];
		four[2] = n > 1 ? (guint8)alphabet[(bits >> 6) & 63] : '=';
		four[3] = n > 2 ? (guint8)alphabet[bits & 63] : '=';
		g_byte_array_append(out, four, sizeof four);
	}
}

static int
value_of(guint8 c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

gboolean
hb_base64_get(GByteArray *out, const guint8 *text, gsize len)
{
	if (len % 4 != 0)
		return FALSE;
	for (gsize i = 0; i < len; i += 4) {
		gboolean is_last = i + 4 == len;
		guint n_pad = 0;
		guint32 bits = 0;
		guint8 three[3];

		if (is_last && text[i + 3] == '=')
			n_pad = text[i + 2] == '=' ? 2 : 1;
		for (guint k = 0; k < 4 - n_pad; k++) {
			int value = value_of(text[i + k]);

			if (value < 0)
				return FALSE;
			bits |= (guint32)value << (18 - 6 * k);
		}
		/* What the padding cuts off must be zero. */
		if ((bits & ((1u << (8 * n_pad)) - 1)) != 0)
			return FALSE;
		three[0] = (guint8)(bits >> 16);
		three[1] = (guint8)(bits >> 8);
		three[2] = (guint8)bits;
		g_byte_array_append(out, three, 3 - n_pad);
	}
	return TRUE;
}
