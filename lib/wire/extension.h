/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * extension.h - our extra fields of status (doc/hb4-extensions.md 1). Internal to lib/wire.
 */
#ifndef HB_WIRE_EXTENSION_H
#define HB_WIRE_EXTENSION_H

#include "wire/fields.h"
#include "wire/typed.h"

/* Fills @ret, whose octets were all zero. FALSE: one of the fields is malformed, or there without hb4. */
gboolean hb_extension_parse(const HbMsg *msg, HbExtension *ret);
/* Appends the fields; nothing when not @ext->present. */
void hb_extension_put(HbBuild *build, const HbExtension *ext);

/* "8 hex digits", not zero. */
gboolean hb_extension_parse_id(const char *text, gsize len, guint32 *ret_id);

#endif
