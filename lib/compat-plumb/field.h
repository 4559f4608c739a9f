/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * field.h - the fields of a struct ha_msg, for the files of this folder.
 */
#ifndef HB_COMPAT_PLUMB_FIELD_H
#define HB_COMPAT_PLUMB_FIELD_H

#include <ha_msg.h>

#include "wire/msg.h"

/* Index of the first field of that name, or -1. */
int hb_field_index(const struct ha_msg *msg, const char *name);

/* Appends a field; @value (transfer full) is what the type says in ha_msg.h. */
void hb_field_append(struct ha_msg *msg, const char *name, gsize name_len, void *value, gsize len, int type);
/* Gives a field another value (transfer full). */
void hb_field_set(struct ha_msg *msg, int i, void *value, gsize len, int type);
void hb_field_free_value(void *value, int type);

/* Octets of a list in the wire form. */
gsize hb_field_list_len(GList *list);

/* (transfer full) NULL: it has a name, a value or a size that cannot travel. */
HbMsg *hb_field_to_wire(const struct ha_msg *msg, guint depth);
/* (transfer full) */
struct ha_msg *hb_field_from_wire(const HbMsg *wire, guint depth);

#endif
