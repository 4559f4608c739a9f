/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * netstring.c - see netstring.h.
 */
#include <string.h>

#include <glib.h>

#include "wire/netscan.h"
#include "wire/netstring.h"

#include "util/banned.h"

void
hb_netstring_put(GByteArray *out, HbFieldType type, const char *name, const void *value, gsize len)
{
	gsize name_len = strlen(name);
	char head[32];
	int n = g_snprintf(head, sizeof head, "%" G_GSIZE_FORMAT ":(%d)", 3 + name_len + 1 + len, (int)type);

	g_byte_array_append(out, (const guint8 *)head, (guint)n);
	g_byte_array_append(out, (const guint8 *)name, (guint)name_len);
	g_byte_array_append(out, (const guint8 *)"=", 1);
	if (len > 0)
		g_byte_array_append(out, value, (guint)len);
	g_byte_array_append(out, (const guint8 *)",", 1);
}

GByteArray *
hb_netstring_encode(const HbMsg *msg)
{
	GByteArray *out = g_byte_array_sized_new((guint)hb_msg_netstring_len(msg));

	g_byte_array_append(out, (const guint8 *)HB_NETSCAN_HEAD, HB_NETSCAN_MARK_LEN);
	for (guint i = 0; i < hb_msg_n_fields(msg); i++) {
		HbField field = hb_msg_field(msg, i);

		hb_netstring_put(out, field.type, field.name, field.value, field.len);
	}
	g_byte_array_append(out, (const guint8 *)HB_NETSCAN_TAIL, HB_NETSCAN_MARK_LEN);
	return out;
}

HbMsg *
hb_netstring_decode(const guint8 *data, gsize len, gsize *ret_used)
{
	g_autoptr(HbMsg) msg = hb_msg_new();
	HbNetscan scan;
	HbRawField field;
	HbNetscanStep step;

	if (!hb_netscan_init(&scan, data, len))
		return NULL;
	while ((step = hb_netscan_next(&scan, &field)) == HB_NETSCAN_FIELD)
		if (!hb_msg_add_raw(msg, &field))
			return NULL;
	if (step != HB_NETSCAN_END)
		return NULL;
	if (ret_used != NULL)
		*ret_used = (gsize)(scan.pos - data);
	else if (scan.pos != scan.end)
		return NULL;
	return g_steal_pointer(&msg);
}
