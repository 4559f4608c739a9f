/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * base64.h - RFC 4648 with padding, strict: exactly one text stands for some octets.
 *
 * GLib's decoder skips what it does not know, which would let two texts mean the same.
 */
#ifndef HB_WIRE_BASE64_H
#define HB_WIRE_BASE64_H

#include <glib.h>

/* Appends the text of @data. */
void hb_base64_put(GByteArray *out, const guint8 *data, gsize len);
/* Appends the octets of @text. FALSE: it is no base64; @out may have grown. */
gboolean hb_base64_get(GByteArray *out, const guint8 *text, gsize len);

#endif
